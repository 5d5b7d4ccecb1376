"""How much paid sick leave has a provider, since when may she use it, and what may she claim of it?

WIC 12301.6, Labor Code 246 and ACL 18-01: the year's hours are hers at once after 100 hours paid, and
may be used after 200 more, or 60 days. They end with the fiscal year on June 30, and the next year's
come on July 1. A year without paid hours begins it all anew. Leave is no overtime and takes nothing of
a recipient's hours. Durations are minutes.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from app.domain import parameters
from app.domain.claims import ClaimedDay, ClaimFacts, check_every_claim
from app.domain.outcomes import Finding, block, warning
from app.domain.periods import ONE_DAY, Month

JULY = 7


class Notice(StrEnum):
    """When the provider told her recipient that she would not come."""

    PLANNED = "planned"  # known before, and told two days before
    URGENT = "urgent"  # not known before, and told two hours before
    LATE = "late"  # neither: hours of sickness are paid all the same


@dataclass(frozen=True, slots=True)
class FiscalYear:
    """The State's year from July 1 to June 30.

    >>> FiscalYear.of(date(2026, 6, 30)).starts_on
    datetime.date(2025, 7, 1)
    """

    starts_on: date

    @classmethod
    def of(cls, day: date) -> "FiscalYear":
        """The fiscal year that holds a day."""
        return cls(date(day.year if day.month >= JULY else day.year - 1, JULY, 1))

    @property
    def ends_on(self) -> date:
        """Its June 30."""
        return self.starts_on.replace(year=self.starts_on.year + 1) - ONE_DAY

    def __contains__(self, day: date) -> bool:
        return self.starts_on <= day <= self.ends_on


@dataclass(frozen=True, slots=True)
class DayMinutes:
    """Minutes of one day that were paid for care, or taken as leave."""

    on: date
    minutes: int


@dataclass(frozen=True, slots=True)
class Standing:
    """A provider's sick leave in one fiscal year.

    `amount` is the year's, nought before it is earned; `used` what is claimed of it. `earned_on` is
    the day on which the hours to earn it were worked, `usable_on` the first day on which it can be
    taken. `to_earn` and `to_use` are minutes of paid care that are still missing.
    """

    year: FiscalYear
    amount: int
    used: int
    earned_on: date | None
    usable_on: date | None
    to_earn: int
    to_use: int

    @property
    def left(self) -> int:
        """Minutes that can still be claimed in the year; never below nought."""
        return max(0, self.amount - self.used)

    def is_usable_on(self, day: date) -> bool:
        """Whether leave can be taken on a day."""
        return self.usable_on is not None and self.usable_on <= day


def standing(paid: Iterable[DayMinutes], used: Iterable[DayMinutes], on: date) -> Standing:
    """The sick leave of the fiscal year of a day, by the care that was paid up to it.

    `paid` are all the provider's paid hours of care, for anybody; `used` the leave that she claimed.

    >>> days = [DayMinutes(date(2026, 3, 1) + number * ONE_DAY, 600) for number in range(10)]
    >>> now = standing(days, [], date(2026, 4, 1))
    >>> now.left, now.earned_on, now.usable_on
    (2400, datetime.date(2026, 3, 10), datetime.date(2026, 5, 9))
    """
    year = FiscalYear.of(on)
    days = _without_a_break(paid, on)
    needed = parameters.value("sick_leave.earned_after", on)
    further = parameters.value("sick_leave.usable_after", on)
    earned_on = _day_of(days, needed)
    worked = sum(day.minutes for day in days)
    return Standing(
        year=year,
        amount=0 if earned_on is None else parameters.value("sick_leave.amount", year.starts_on),
        used=sum(day.minutes for day in used if day.on in year),
        earned_on=earned_on,
        usable_on=_usable_on(earned_on, _day_of(days, needed + further)),
        to_earn=max(0, needed - worked),
        to_use=max(0, needed + further - worked),
    )


@dataclass(frozen=True, slots=True)
class LeaveFacts:
    """What a sick leave claim is checked against."""

    claim: ClaimFacts
    standing: Standing
    notice: Notice | None


def check_leave(facts: LeaveFacts) -> list[Finding]:
    """All findings about a claim for sick leave: first what stops it, then what warns."""
    claim = facts.claim
    found = [*check_every_claim(claim)]
    found += [finding for day in claim.days for finding in _day(facts, day)]
    found += _balance(facts)
    found += _notice(facts)
    return found


def cut_to(left: int, days: Sequence[ClaimedDay]) -> dict[date, int]:
    """Minutes to be paid by day where so many are left: the last days are cut first.

    >>> monday, tuesday = ClaimedDay(date(2026, 3, 2), 480), ClaimedDay(date(2026, 3, 3), 480)
    >>> list(cut_to(600, [monday, tuesday]).values())
    [480, 120]
    """
    payable = {}
    for day in sorted(days, key=lambda day: day.on):
        payable[day.on] = min(day.minutes, left)
        left -= payable[day.on]
    return payable


def due_on(leave_on: date) -> date:
    """The last day on which leave of a day can be claimed: the end of the month after.

    Never later than the last day to claim for its fiscal year, July 31.

    >>> due_on(date(2026, 1, 31)), due_on(date(2026, 6, 30))
    (datetime.date(2026, 2, 28), datetime.date(2026, 7, 31))
    """
    end = Month.of(leave_on).ends_on
    for _ in range(parameters.value("sick_leave.months_to_claim", leave_on)):
        end = Month.of(end + ONE_DAY).ends_on
    grace = timedelta(days=parameters.value("sick_leave.days_after_the_year", leave_on))
    return min(end, FiscalYear.of(leave_on).ends_on + grace)


def _without_a_break(paid: Iterable[DayMinutes], on: date) -> list[DayMinutes]:
    """The paid days up to a day that no year without paid hours lies behind."""
    days = sorted((day for day in paid if day.minutes and day.on <= on), key=lambda day: day.on)
    longest = timedelta(days=parameters.value("sick_leave.reset_after", on))
    kept: list[DayMinutes] = []
    for day in days:
        if kept and day.on - kept[-1].on > longest:
            kept = []
        kept.append(day)
    return kept if kept and on - kept[-1].on <= longest else []


def _day_of(days: Iterable[DayMinutes], minutes: int) -> date | None:
    """The day on which so many minutes were reached."""
    so_far = 0
    for day in days:
        so_far += day.minutes
        if so_far >= minutes:
            return day.on
    return None


def _usable_on(earned_on: date | None, worked_on: date | None) -> date | None:
    """Some days after it was earned, or the day after the further hours were worked."""
    if earned_on is None:
        return None
    wait = timedelta(days=parameters.value("sick_leave.usable_days", earned_on))
    waited = earned_on + wait
    return waited if worked_on is None else min(waited, worked_on + ONE_DAY)


def _day(facts: LeaveFacts, day: ClaimedDay) -> Iterator[Finding]:
    shortest = parameters.value("sick_leave.shortest", day.on)
    step = parameters.value("sick_leave.step", day.on)
    if day.minutes < shortest:
        yield block("SICK_TOO_SHORT", on=day.on, limit=shortest)
    elif (day.minutes - shortest) % step:
        yield block("SICK_ODD_MINUTES", on=day.on, shortest_minutes=shortest, step_minutes=step)
    if due_on(day.on) < facts.claim.today:
        yield block("SICK_CLAIM_LATE", on=day.on, due_on=due_on(day.on))
    usable_on = facts.standing.usable_on
    if usable_on is not None and day.on < usable_on:
        yield block("SICK_NOT_USABLE_YET", on=day.on, usable_on=usable_on)


def _balance(facts: LeaveFacts) -> Iterator[Finding]:
    now, claimed = facts.standing, facts.claim.total
    if now.earned_on is None:
        yield block("SICK_NOT_EARNED", missing_minutes=now.to_earn)
    elif not now.left:
        yield block("SICK_NONE_LEFT", ends_on=now.year.ends_on)
    elif claimed > now.left:
        yield warning("SICK_CUT", claimed=claimed, left_minutes=now.left, by=claimed - now.left)


def _notice(facts: LeaveFacts) -> Iterator[Finding]:
    """How soon she told her recipient; too late is a remark, and the leave is paid all the same."""
    if facts.notice is None:
        yield block("SICK_NOTICE_MISSING")
    elif facts.notice is Notice.LATE:
        on = facts.claim.period.starts_on
        yield warning(
            "SICK_NOTICE_SHORT",
            planned_minutes=parameters.value("sick_leave.notice_planned", on),
            urgent_minutes=parameters.value("sick_leave.notice_urgent", on),
        )
