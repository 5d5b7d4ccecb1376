"""What does the aggregator call our programs, and by which code is it told why a visit was changed?

The codes lie in `evv_codes.toml`, each with its authority: a State gives out its own.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

CODES_FILE = Path(__file__).with_name("evv_codes.toml")


class Why(StrEnum):
    """Why a visit says something else than its taps, or something else than it said before."""

    NO_TAPS = "NO_TAPS"
    NO_TAP_IN = "NO_TAP_IN"
    NO_TAP_OUT = "NO_TAP_OUT"
    TIMES_CHANGED = "TIMES_CHANGED"
    PLACE_CHANGED = "PLACE_CHANGED"
    OUTSIDE_THE_DAY = "OUTSIDE_THE_DAY"
    NOT_A_VISIT = "NOT_A_VISIT"
    LATE_TAP = "LATE_TAP"
    MERGED = "MERGED"
    WITHDRAWN = "WITHDRAWN"


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason as the aggregator knows it; `by_hand` where a person changed what was tapped."""

    code: str
    resolution: str
    by_hand: bool
    memo: str
    authority: str
    reference: str


@dataclass(frozen=True, slots=True)
class Service:
    """Who pays for a program's hours, and the type of service that they are."""

    payer_id: str
    payer_program: str
    procedure_code: str
    authority: str
    reference: str


@dataclass(frozen=True, slots=True)
class Codes:
    """All of the file: the zone that local times are meant in, services by program, reasons by why."""

    time_zone: str
    services: Mapping[str, Service]
    reasons: Mapping[Why, Reason]


@cache
def codes() -> Codes:
    """The codes of the project's file, read once."""
    return load(CODES_FILE)


def load(file: Path) -> Codes:
    """The codes of a file; ValueError where one is missing, unknown or without authority."""
    content = tomllib.loads(file.read_text(encoding="utf-8"))
    reasons = {Why(name): _entry(Reason, name, entry) for name, entry in content["reasons"].items()}
    if missing := set(Why) - set(reasons):
        raise ValueError(f"{file.name} has no code for {sorted(missing)}.")
    services = {name: _entry(Service, name, entry) for name, entry in content["programs"].items()}
    return Codes(content["time_zone"], services, reasons)


def _entry(kind: Any, name: str, entry: dict[str, Any]) -> Any:
    try:
        return kind(**entry)
    except TypeError as error:
        raise ValueError(f"{name}: {error}") from error
