"""What a timesheet or a claim earns: straight pay at each recipient's rate, and the week's premium.

29 CFR 778.115 and decision 11: every hour is paid straight at its own recipient's county rate, and
the week's hours over 40:00 earn half the week's weighted average rate on top. A timesheet's premium
is the premium of the week so far, all recipients, less the premium already paid in it, so the week
pays the same whichever timesheet comes first. Travel time is work like any other (29 CFR 785.38), so
it counts in the week and is paid straight on a line of its own. Sick leave is no work: it is paid
straight and makes no overtime. Money is whole cents, rounded half up on each line.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from math import floor

from app.domain import overtime, parameters
from app.domain.periods import Workweek


class LineKind(StrEnum):
    """What a line of earnings pays."""

    STRAIGHT = "straight"
    TRAVEL = "travel"
    SICK_LEAVE = "sick_leave"
    OVERTIME_PREMIUM = "overtime_premium"


@dataclass(frozen=True, slots=True)
class RatedHours:
    """Minutes of one day at an hourly rate in cents, and what they are: care, travel or leave."""

    on: date
    minutes: int
    rate_cents: int
    kind: LineKind = LineKind.STRAIGHT


@dataclass(frozen=True, slots=True)
class Line:
    """One line of earnings.

    A line of care, travel or leave has the county's rate and no week. A premium line names its week, the overtime
    minutes this timesheet added to it, and the week's half rate, rounded to the cent for show only.
    """

    kind: LineKind
    rate_cents: int
    minutes: int
    cents: int
    week: Workweek | None = None


@dataclass(frozen=True, slots=True)
class Replaced:
    """What a corrected timesheet was paid so far: the hours as they were, and its straight lines."""

    hours: tuple[RatedHours, ...] = ()
    lines: tuple[Line, ...] = ()


_NOTHING = Replaced()


def sheet_earnings(
    worked: Iterable[RatedHours],
    *,
    paid_before: Iterable[RatedHours] = (),
    premium_paid: Mapping[Workweek, int] | None = None,
    replaces: Replaced = _NOTHING,
) -> tuple[Line, ...]:
    """The lines of one timesheet or claim: straight lines by kind and rate, then premium lines by week.

    `worked` are its hours. `paid_before` are the hours already paid to this provider by other
    timesheets and claims, all recipients, at least in the same workweeks; `premium_paid` the premium
    cents already paid by workweek. Sick leave among them makes no overtime. `replaces` is what was
    paid for the same timesheet before it was corrected: the lines are then the difference, below
    nought where it earns less, and none where nothing changes.

    >>> rosa = [RatedHours(date(2026, 3, 2 + day), 600, 1964) for day in range(3)]
    >>> other = [RatedHours(date(2026, 3, 5 + day), 600, 2300) for day in range(2)]
    >>> first, second = sheet_earnings(rosa), sheet_earnings(other, paid_before=rosa)
    >>> total_cents(first + second)
    115412
    """
    hours = tuple(worked)
    before = _work(paid_before)
    was = _work(replaces.hours)
    return (
        *_less(_straight(hours), replaces.lines),
        *_premiums(_work(hours), before, was, premium_paid or {}),
    )


def total_cents(lines: Iterable[Line]) -> int:
    """The sum of lines, in cents."""
    return sum(line.cents for line in lines)


def premium_cents(hours: Iterable[RatedHours], week: Workweek) -> int:
    """The premium in cents that a workweek's hours have earned so far, all recipients together."""
    return _half_up(_premium(tuple(hours), week))


def _work(hours: Iterable[RatedHours]) -> tuple[RatedHours, ...]:
    """What counts for overtime: all but leave."""
    return tuple(each for each in hours if each.kind is not LineKind.SICK_LEAVE)


def _straight(hours: tuple[RatedHours, ...]) -> list[Line]:
    minutes_at: dict[tuple[LineKind, int], int] = defaultdict(int)
    for worked in hours:
        minutes_at[worked.kind, worked.rate_cents] += worked.minutes
    return [
        Line(kind, rate, minutes, _half_up(Fraction(minutes * rate, 60)))
        for (kind, rate), minutes in sorted(minutes_at.items())
        if minutes
    ]


def _less(lines: list[Line], paid: tuple[Line, ...]) -> list[Line]:
    """Lines less what was paid of the same kind at the same rate."""
    if not paid:
        return lines
    minutes: dict[tuple[LineKind, int], int] = defaultdict(int)
    cents: dict[tuple[LineKind, int], int] = defaultdict(int)
    for sign, each in (*((1, line) for line in lines), *((-1, line) for line in paid)):
        minutes[each.kind, each.rate_cents] += sign * each.minutes
        cents[each.kind, each.rate_cents] += sign * each.cents
    return [
        Line(kind, rate, minutes[kind, rate], cents[kind, rate])
        for kind, rate in sorted(minutes)
        if minutes[kind, rate] or cents[kind, rate]
    ]


def _premiums(
    hours: tuple[RatedHours, ...],
    before: tuple[RatedHours, ...],
    was: tuple[RatedHours, ...],
    paid: Mapping[Workweek, int],
) -> list[Line]:
    weeks = sorted({Workweek.of(worked.on) for worked in (*hours, *was) if worked.minutes})
    lines = (_premium_line(week, hours, before, was, paid.get(week, 0)) for week in weeks)
    return [line for line in lines if line.cents]


def _premium_line(
    week: Workweek,
    hours: tuple[RatedHours, ...],
    before: tuple[RatedHours, ...],
    was: tuple[RatedHours, ...],
    paid: int,
) -> Line:
    others = tuple(worked for worked in before if worked.on in week)
    earlier = others + tuple(worked for worked in was if worked.on in week)
    so_far = others + tuple(worked for worked in hours if worked.on in week)
    added = _overtime_minutes(so_far, week) - _overtime_minutes(earlier, week)
    return Line(
        kind=LineKind.OVERTIME_PREMIUM,
        rate_cents=_half_up(_premium_rate(so_far, week)),
        minutes=added,
        cents=premium_cents(so_far, week) - paid,
        week=week,
    )


def _premium(hours: tuple[RatedHours, ...], week: Workweek) -> Fraction:
    return _premium_rate(hours, week) * _overtime_minutes(hours, week) / 60


def _premium_rate(hours: tuple[RatedHours, ...], week: Workweek) -> Fraction:
    """Cents an hour: half of straight pay over hours, exactly."""
    minutes = sum(worked.minutes for worked in hours)
    if not minutes:
        return Fraction(0)
    average = Fraction(sum(worked.minutes * worked.rate_cents for worked in hours), minutes)
    return average * parameters.value("pay.overtime_premium", week.starts_on) / 100


def _overtime_minutes(hours: tuple[RatedHours, ...], week: Workweek) -> int:
    return overtime.split(sum(worked.minutes for worked in hours), week).overtime


def _half_up(cents: Fraction) -> int:
    """Whole cents; a half counts as one more.

    >>> _half_up(Fraction(5, 2)), _half_up(Fraction(12, 5))
    (3, 2)
    """
    return floor(cents + Fraction(1, 2))
