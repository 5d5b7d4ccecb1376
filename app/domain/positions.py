"""What a position taken at a tap says about its place: at home, away, or nothing for certain.

WIC 10836 wants the least intrusive capture and no penalties from EVV: a position is taken only at
the tap and only for "Home", is never a reason to refuse, and its verdict has words for not knowing.
"""

import math
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from geopy.distance import great_circle

from app.domain import parameters


class NoFix(StrEnum):
    """Why there is no position to a tap: as the phone said, or because what it sent is no position."""

    DENIED = "denied"
    UNAVAILABLE = "unavailable"
    TIMEOUT = "timeout"
    MISSING = "missing"
    NOT_A_NUMBER = "not_a_number"
    OUT_OF_RANGE = "out_of_range"
    UNREADABLE = "unreadable"  # sealed by the phone, and no key of ours opens it


@dataclass(frozen=True, slots=True)
class Fix:
    """A position in degrees with its accuracy in metres, as the phone gave it."""

    latitude: float
    longitude: float
    accuracy: float


def check_fix(latitude: object, longitude: object, accuracy: object) -> Fix | NoFix:
    """The position a phone sent, as numbers or text, or why it is none; never a refusal.

    >>> check_fix("34.0622", "-118.3090", 12)
    Fix(latitude=34.0622, longitude=-118.309, accuracy=12.0)
    >>> check_fix("NaN", "-118.3", "12")
    <NoFix.NOT_A_NUMBER: 'not_a_number'>
    """
    typed = (latitude, longitude, accuracy)
    if any(part is None or part == "" for part in typed):
        return NoFix.MISSING
    numbers = [_number(part) for part in typed]
    if any(math.isnan(number) for number in numbers):
        return NoFix.NOT_A_NUMBER
    fix = Fix(*numbers)
    if abs(fix.latitude) > 90 or abs(fix.longitude) > 180 or not 0 <= fix.accuracy < math.inf:
        return NoFix.OUT_OF_RANGE
    return fix


class PlaceValue(StrEnum):
    """What a position says about a check-in for "Home"."""

    AT_HOME = "at_home"
    AWAY = "away"
    TOO_VAGUE = "too_vague"
    NO_POSITION = "no_position"  # the phone gave none, or the home's is not known


@dataclass(frozen=True, slots=True)
class Verdict:
    """A word on the place with the whole metres behind it, so that people can see and explain it."""

    value: PlaceValue
    distance_m: int | None = None
    accuracy_m: int | None = None


def place_verdict(home: tuple[float, float] | None, fix: Fix | NoFix | None, on: date) -> Verdict:
    """Whether a tap was at the recipient's home (latitude, longitude), by the thresholds of a day.

    An accuracy over 500 m is too vague to tell; a distance within 150 m plus the accuracy is at
    home; all else is away (decision 1). For the county it is a fact to weigh; nothing is refused.
    """
    if not isinstance(fix, Fix):
        return Verdict(PlaceValue.NO_POSITION)
    if home is None:
        return Verdict(PlaceValue.NO_POSITION, accuracy_m=round(fix.accuracy))
    metres = metres_between(home, (fix.latitude, fix.longitude))
    if fix.accuracy > parameters.value("visit.vague_accuracy", on):
        found = PlaceValue.TOO_VAGUE
    elif metres <= parameters.value("visit.home_radius", on) + fix.accuracy:
        found = PlaceValue.AT_HOME
    else:
        found = PlaceValue.AWAY
    return Verdict(found, distance_m=round(metres), accuracy_m=round(fix.accuracy))


def metres_between(one: tuple[float, float], other: tuple[float, float]) -> float:
    """The distance of two points, each a latitude and a longitude in degrees, as the crow flies."""
    return float(great_circle(one, other).meters)


def deleted_on(tapped_on: date, today: date) -> date:
    """On which day the coordinates of a tap are deleted, as of today; what they said stays.

    The time in force today holds for old taps as well: when it becomes shorter, they go earlier.
    """
    return tapped_on + timedelta(days=parameters.value("visit.position_kept_for", today))


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return math.nan
    try:
        return float(value)
    except (ValueError, OverflowError):
        return math.nan
