"""What must the rules know about a claim, read from the database in few statements?"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from app.domain import sick_leave, travel
from app.domain.claims import CLAIMED, ClaimedDay, ClaimFacts, ClaimKind
from app.domain.periods import PayPeriod, Workweek, local_day
from app.domain.sick_leave import DayMinutes, FiscalYear, LeaveFacts, Notice, Standing
from app.domain.timesheets import CLAIMED as CLAIMED_SHEETS
from app.domain.timesheets import SheetStatus
from app.domain.travel import TravelFacts, TravelWeek
from app.domain.weekly_maximum import AssignmentDates
from app.models.cases import Assignment, AuthorizedHours, Case, assignments_of
from app.models.claims import Claim, ClaimDay
from app.models.payments import Payment
from app.models.people import Recipient
from app.models.timesheets import TimeEntry, Timesheet, TimesheetVersion
from app.services import earnings


class ClaimedElsewhere(NamedTuple):
    """A day of another claim of the same provider that is submitted, ready or paid."""

    on: date
    minutes: int
    kind: str
    assignment_id: int


class Worked(NamedTuple):
    """A day with hours on a sheet of the provider's, whatever becomes of it."""

    on: date
    minutes: int
    assignment_id: int
    case_id: int
    status: str


@dataclass(frozen=True, slots=True)
class HalfMonth:
    """What a provider did in one half month, for the page of a claim and for the rules."""

    assignments: tuple[Assignment, ...]
    worked: tuple[Worked, ...]
    claimed: tuple[ClaimedElsewhere, ...]

    def hours_for(self, assignment_id: int) -> dict[date, int]:
        """Minutes of care by day on the sheet of one assignment."""
        return {day.on: day.minutes for day in self.worked if day.assignment_id == assignment_id}

    def is_signed(self, assignment_id: int) -> bool:
        """Whether that sheet is submitted, so that its days stand as they are."""
        statuses = {day.status for day in self.worked if day.assignment_id == assignment_id}
        return bool(statuses & CLAIMED_SHEETS)

    def busy(self) -> dict[date, int]:
        """Minutes of each day in hours of care, other travel and other leave."""
        minutes: dict[date, int] = defaultdict(int)
        for worked in self.worked:
            minutes[worked.on] += worked.minutes
        for claimed in self.claimed:
            minutes[claimed.on] += claimed.minutes
        return minutes


def half_month(session: Session, claim: Claim) -> HalfMonth:
    """All that the provider of a claim has in its half month; three statements."""
    provider_id = claim.assignment.provider_id
    period = PayPeriod.starting(claim.period_starts_on)
    return HalfMonth(
        assignments=tuple(session.scalars(assignments_of(provider_id))),
        worked=_worked(session, provider_id, period),
        claimed=_claimed(session, provider_id, period, but_not=claim.id),
    )


def travel_facts(
    session: Session, claim: Claim, days: Iterable[ClaimedDay], *, at: datetime
) -> TravelFacts:
    """What the rules look at for these days of travel, as of an instant; only reads."""
    half = half_month(session, claim)
    return TravelFacts(
        claim=_claim_facts(claim, half, days, at=at),
        same_place=_same_place(session, claim, half.assignments),
        other_travel=_travel_by_week(half.claimed),
        served=half.hours_for(claim.assignment_id),
        is_signed=half.is_signed(claim.assignment_id),
    )


def leave_facts(
    session: Session, claim: Claim, days: Iterable[ClaimedDay], *, at: datetime
) -> LeaveFacts:
    """What the rules look at for these days of sick leave, as of an instant; only reads."""
    half = half_month(session, claim)
    on = min(PayPeriod.starting(claim.period_starts_on).ends_on, local_day(at))
    provider_id = claim.assignment.provider_id
    return LeaveFacts(
        claim=_claim_facts(claim, half, days, at=at),
        standing=leave_standing(session, provider_id, on, but_not=claim.id),
        notice=Notice(claim.notice) if claim.notice else None,
    )


def leave_standing(
    session: Session, provider_id: int, on: date, *, but_not: int | None = None
) -> Standing:
    """A provider's sick leave on a day, one claim left out; by all care that was ever paid to her."""
    year = FiscalYear.of(on)
    used = session.execute(
        _days_of_claims(provider_id).where(
            Claim.kind == ClaimKind.SICK_LEAVE,
            ClaimDay.on.between(year.starts_on, year.ends_on),
            Claim.id != (but_not or 0),
        )
    )
    taken = [DayMinutes(row.on, row.minutes) for row in used]
    return sick_leave.standing(_paid_care(session, provider_id), taken, on)


def travel_week(session: Session, provider_id: int, on: date) -> TravelWeek:
    """The travel that a provider has claimed in the workweek of a day, to anybody."""
    week = Workweek.of(on)
    claimed = _days_of_claims(provider_id).where(
        Claim.kind == ClaimKind.TRAVEL, ClaimDay.on.between(week.starts_on, week.ends_on)
    )
    return TravelWeek(week, sum(row.minutes for row in session.execute(claimed)), 0)


def waits_at_the_doctors(session: Session, case_ids: Iterable[int], on: date) -> set[int]:
    """The cases in which waiting with the recipient is authorized on a day."""
    grants = session.execute(
        select(AuthorizedHours.case_id, AuthorizedHours.wait_time)
        .where(AuthorizedHours.case_id.in_(case_ids), AuthorizedHours.starts_on <= on)
        .order_by(AuthorizedHours.starts_on)
    )
    latest = {row.case_id: row.wait_time for row in grants}
    return {case_id for case_id, authorized in latest.items() if authorized}


def _claim_facts(
    claim: Claim, half: HalfMonth, days: Iterable[ClaimedDay], *, at: datetime
) -> ClaimFacts:
    same = [
        day.on
        for day in half.claimed
        if (day.kind, day.assignment_id) == (claim.kind, claim.assignment_id)
    ]
    return ClaimFacts(
        today=local_day(at),
        period=PayPeriod.starting(claim.period_starts_on),
        recipient=claim.assignment.case_id,
        days=tuple(days),
        assignments=tuple(
            AssignmentDates(each.case_id, each.starts_on, each.ends_on) for each in half.assignments
        ),
        claimed_days=frozenset(same),
        busy=half.busy(),
    )


def _worked(session: Session, provider_id: int, period: PayPeriod) -> tuple[Worked, ...]:
    rows = session.execute(
        select(
            TimeEntry.on,
            func.coalesce(TimeEntry.minutes, 0).label("minutes"),
            Timesheet.assignment_id,
            Assignment.case_id,
            Timesheet.status,
        )
        .join(TimeEntry.timesheet)
        .join(Timesheet.assignment)
        .where(
            Assignment.provider_id == provider_id,
            Timesheet.period_starts_on == period.starts_on,
            Timesheet.status != SheetStatus.CANCELLED,
            TimeEntry.minutes > 0,
        )
    )
    return tuple(Worked(*row) for row in rows)


def _days_of_claims(provider_id: int) -> Select[date, int, str, int]:
    """Days of a provider's claims that count, with what is left of each once it was cut."""
    return (
        select(
            ClaimDay.on,
            func.coalesce(ClaimDay.payable_minutes, ClaimDay.minutes).label("minutes"),
            Claim.kind,
            Claim.assignment_id,
        )
        .join(ClaimDay.claim)
        .join(Claim.assignment)
        .where(Assignment.provider_id == provider_id, Claim.status.concat("").in_(CLAIMED))
    )


def _claimed(
    session: Session, provider_id: int, period: PayPeriod, *, but_not: int
) -> tuple[ClaimedElsewhere, ...]:
    """Of all workweeks that touch the half month, for travel is judged by the week."""
    weeks = period.workweeks
    rows = session.execute(
        _days_of_claims(provider_id).where(
            Claim.id != but_not, ClaimDay.on.between(weeks[0].starts_on, weeks[-1].ends_on)
        )
    )
    return tuple(ClaimedElsewhere(*row) for row in rows)


def _travel_by_week(claimed: Iterable[ClaimedElsewhere]) -> Mapping[Workweek, int]:
    minutes: dict[Workweek, int] = defaultdict(int)
    for day in claimed:
        if day.kind == ClaimKind.TRAVEL:
            minutes[Workweek.of(day.on)] += day.minutes
    return minutes


def _same_place(
    session: Session, claim: Claim, assignments: Iterable[Assignment]
) -> frozenset[int]:
    """The other recipients of the provider who live where the recipient of the claim lives."""
    case_ids = {each.case_id for each in assignments}
    rows = session.execute(
        select(Case.id, Recipient.home, Recipient.address)
        .join(Case.recipient)
        .where(Case.id.in_(case_ids))
    )
    homes = {case_id: (home, address) for case_id, home, address in rows}
    here = homes.pop(claim.assignment.case_id)
    return frozenset(each for each, home in homes.items() if travel.is_same_place(here, home))


def _paid_care(session: Session, provider_id: int) -> list[DayMinutes]:
    """Every day of care that was paid, by the newest version of each sheet that was."""
    paid = session.execute(
        select(TimesheetVersion.timesheet_id, TimesheetVersion.content)
        .join(Payment, Payment.version_id == TimesheetVersion.id)
        .where(Payment.provider_id == provider_id)
        .order_by(TimesheetVersion.number)
    )
    contents = {row.timesheet_id: row.content for row in paid}
    return [
        DayMinutes(on, minutes)
        for content in contents.values()
        for on, minutes in earnings.signed_minutes(content).items()
    ]
