"""Blank days are filled as on the phone: both are held to the cases of service_worker/tests/cases."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import fills
from app.domain.fills import Way
from app.domain.outcomes import Refused

CASES = json.loads(
    (Path(__file__).parents[2] / "service_worker/tests/cases/fills.json").read_text()
)
MARCH = [date(2026, 3, day) for day in range(1, 16)]


def days(minutes: dict[str, int]) -> dict[date, int]:
    return {date.fromisoformat(on): each for on, each in minutes.items()}


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_blank_days_are_filled_as_on_the_phone(case: dict[str, Any]) -> None:
    asked = (
        Way(case["way"]),
        [date.fromisoformat(on) for on in case["days"]],
        days(case["known"]),
        case.get("minutes", 0),
    )

    if "refused" in case:
        with pytest.raises(Refused) as refused:
            fills.fill(*asked)
        assert refused.value.code == case["refused"]
    else:
        assert fills.fill(*asked) == days(case["expected"])


@given(st.integers(1, 15), st.integers(1, 15 * 1440))
def test_a_total_that_is_spread_loses_no_minute(count: int, total: int) -> None:
    blank = MARCH[:count]

    if total > count * 1440:
        with pytest.raises(Refused) as refused:
            fills.spread(total, blank)
        assert refused.value.facts == {"days": count, "limit": count * 1440}
    else:
        shares = fills.spread(total, blank)
        assert sum(shares.values()) == total
        assert max(shares.values(), default=0) - min(shares.values(), default=0) <= 1
