"""How a workweek divides into regular hours and overtime, and how much overtime a month is normal.

Overtime begins after 40:00 in a workweek, all recipients together (29 USC 207(a); WIC 12300.4).
There is no daily overtime. Monthly overtime is judged per recipient (ACL 16-01, 16-36; decision 5).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from app.domain import parameters
from app.domain.periods import Workweek


@dataclass(frozen=True, slots=True)
class Split:
    """Minutes of a workweek up to 40:00, and those beyond."""

    regular: int
    overtime: int


def threshold(week: Workweek) -> int:
    """Minutes of a workweek after which overtime begins."""
    return parameters.value("workweek.overtime_after", week.starts_on)


def split(minutes: int, week: Workweek) -> Split:
    """A workweek's minutes, all recipients together, as regular and overtime.

    >>> from datetime import date
    >>> split(49 * 60, Workweek(date(2026, 3, 15)))
    Split(regular=2400, overtime=540)
    """
    regular = min(minutes, threshold(week))
    return Split(regular, minutes - regular)


def of_weeks(minutes_by_week: Mapping[Workweek, int]) -> int:
    """The overtime in minutes of several workweeks."""
    return sum(split(minutes, week).overtime for week, minutes in minutes_by_week.items())


def normal_in_month(limits: Iterable[tuple[Workweek, int]]) -> int:
    """The overtime in minutes that is normal for a recipient in a month.

    `limits` are the workweeks whose Saturday lies in the month, each with the weekly maximum and
    its approved exception: the sum of what lies over 40:00.
    """
    return sum(max(0, limit - threshold(week)) for week, limit in limits)
