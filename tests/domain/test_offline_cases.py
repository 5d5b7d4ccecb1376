"""The server reads hours as the phone does: both are held to the cases of service_worker/tests/cases."""

import json
from pathlib import Path
from typing import Any

import pytest

from app.domain.hours import parse_duration
from app.domain.outcomes import Refused

CASES = json.loads(
    (Path(__file__).parents[2] / "service_worker/tests/cases/hours.json").read_text()
)


@pytest.mark.parametrize("case", CASES, ids=[repr(case["typed"]) for case in CASES])
def test_hours_are_read_as_on_the_phone(case: dict[str, Any]) -> None:
    try:
        read: int | None = parse_duration(case["typed"], "")
        code = None
    except Refused as refused:
        read, code = None, refused.code

    assert (read, None if code == "HOURS_MISSING" else code) == (
        case.get("minutes"),
        case.get("refused"),
    )
