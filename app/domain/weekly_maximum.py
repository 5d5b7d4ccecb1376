"""How many hours a week a recipient's grant allows, and how many a provider may work in all.

WIC 12300.4, MPP 30-757 and ACL 16-01. Going over is never refused: what was worked must be paid. It
warns, and the county may look at it (decision 5).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.domain import parameters
from app.domain.periods import PayPeriod, Workweek

IHSS, WPCS = "ihss", "wpcs"
"""The program of most hours, and the waiver program whose hours are granted and counted beside them."""

Key = int | str
"""Whatever the caller tells one recipient from another by."""


class Exemption(StrEnum):
    """An overtime exemption of a provider with two or more recipients (ACL 16-07, SOC 2305)."""

    NONE = "none"
    EXEMPTION_1 = "exemption-1"
    EXEMPTION_2 = "exemption-2"


@dataclass(frozen=True, slots=True)
class Grant:
    """Minutes a month that a recipient is authorized, and the days it is in force (inclusive)."""

    minutes: int
    starts_on: date
    ends_on: date | None = None

    def covers(self, day: date) -> bool:
        """Whether it is in force on a day."""
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)


@dataclass(frozen=True, slots=True)
class AssignmentDates:
    """The days (inclusive) on which the provider is assigned to a recipient under a program."""

    recipient: Key
    starts_on: date
    ends_on: date | None = None
    program: str = IHSS
    monthly_minutes: int | None = None
    """Her share of the recipient's month under the program, where it is known."""

    def covers(self, day: date) -> bool:
        """Whether the assignment is active on a day."""
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)


def of_grant(minutes_a_month: int, on: date) -> int:
    """The weekly maximum in minutes: a quarter of the month's, rounded down to the minute.

    >>> of_grant(283 * 60, date(2026, 3, 1)) == 70 * 60 + 45
    True
    """
    return minutes_a_month // parameters.value("workweek.weeks_in_a_month", on)


def of_week(grants: Sequence[Grant], week: Workweek, period: PayPeriod | None = None) -> int:
    """The recipient's weekly maximum in minutes, before any approved exception; 0 without a grant.

    It goes by the grant in force on the week's first day, inside the timesheet's period where one
    is given, or by the first grant of those days (decision 5).
    """
    for day in week.days:
        if period is None or day in period:
            grant = next((grant for grant in grants if grant.covers(day)), None)
            if grant:
                return of_grant(grant.minutes, day)
    return 0


def with_wpcs(
    grants: Sequence[Grant],
    wpcs: Iterable[AssignmentDates],
    week: Workweek,
    period: PayPeriod | None = None,
) -> int:
    """The weekly maximum in minutes where WPCS hours come on top of a recipient's IHSS hours.

    A week holds the hours of both (ACL 17-76). Of WPCS only what the county assigned to this provider
    is on file; a quarter of that is added, up to 70:45 for both, and takes nothing from the IHSS hours.
    """
    ihss = of_week(grants, week, period)
    shares = [Grant(each.monthly_minutes or 0, each.starts_on, each.ends_on) for each in wpcs]
    ceiling = parameters.value("workweek.ceiling_with_wpcs", week.starts_on)
    return max(ihss, min(ihss + of_week(shares, week, period), ceiling))


def provider_limit(
    assignments: Iterable[AssignmentDates], exemption: Exemption, week: Workweek
) -> int | None:
    """The most minutes a provider may work in a week for all recipients together.

    66:00, or 90:00 with an exemption, where two or more recipients are assigned on any day of it.
    With one recipient None: her weekly maximum is the limit, and nobody is warned twice.
    """
    assigned = tuple(assignments)
    at_once = max(
        len({assignment.recipient for assignment in assigned if assignment.covers(day)})
        for day in week.days
    )
    if at_once < 2:
        return None
    name = "limit_two_recipients" if exemption is Exemption.NONE else "limit_exemption"
    return parameters.value(f"workweek.{name}", week.starts_on)
