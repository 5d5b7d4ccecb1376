"""Did a phone's clock go back between two taps, and is there an everyday cause?

A phone has two clocks: one that can be set, and one that nobody can set, which may stand still while the
phone sleeps. Where less passed on the first than on the second, the first was set back. Networks and
people also put clocks right, and some set theirs by hand for the season (quality.md B3, 13).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from app.domain import parameters
from app.domain.clocks import A_MINUTE, Told
from app.domain.periods import LOS_ANGELES, local_day

A_SECOND, AN_HOUR = timedelta(seconds=1), timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class StepBack:
    """By how many minutes a clock went back, and whether clocks do that in any honest hand."""

    minutes: int
    is_everyday: bool


def step_back(earlier: Told, later: Told) -> StepBack | None:
    """How a phone's clock went back between two moments that are known to be in this order.

    None where nothing shows it, and where a clock was put right by no more than is believed of any.
    """
    passed = _passed_at_least(earlier, later)
    drift = timedelta(seconds=_value("visit.clock_drift", later)) * (passed / timedelta(days=1))
    tolerance = timedelta(seconds=_value("visit.clock_step", later)) + drift
    back = passed - (later.made_at - earlier.made_at)
    near = timedelta(minutes=_value("visit.clock_ahead", later))
    if back <= tolerance or (back <= near and _is_not_behind(later, tolerance)):
        return None
    everyday = _is_right(later, near) or _is_season(back, later, near)
    return StepBack(max(1, round(back / A_MINUTE)), everyday)


def _passed_at_least(earlier: Told, later: Told) -> timedelta:
    """What must have passed, where their other clocks tell it from one anchor on; else nothing."""
    first, then = earlier.since_anchor, later.since_anchor
    if earlier.anchored_at != later.anchored_at or first is None or then is None:
        return timedelta()
    return max(then - first - A_SECOND, timedelta())  # both are whole seconds


def _is_not_behind(told: Told, tolerance: timedelta) -> bool:
    """Whether a phone's time is not behind what is proved: the clock was put right, not wrong."""
    earliest = told.earliest_at
    if earliest is None:
        return True
    return told.made_at + tolerance >= earliest + (told.since_anchor or timedelta())


def _is_right(told: Told, near: timedelta) -> bool:
    """Whether a phone shows the right time now, by ours at receipt or by what passed since the anchor."""
    if abs(told.received_at - told.made_at) <= near:
        return True
    if told.earliest_at is None or told.since_anchor is None:
        return False
    return abs(told.earliest_at + told.since_anchor - told.made_at) <= near


def _is_season(back: timedelta, told: Told, near: timedelta) -> bool:
    """Whether it was an hour, about when the clocks change."""
    around = timedelta(days=_value("visit.clock_season", told))
    changes = _offset(told.received_at - around) != _offset(told.received_at + around)
    return changes and abs(back - AN_HOUR) <= near


def _offset(instant: datetime) -> timedelta | None:
    return instant.astimezone(LOS_ANGELES).utcoffset()


def _value(name: str, told: Told) -> int:
    return parameters.value(name, local_day(told.received_at))
