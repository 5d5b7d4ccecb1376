"""How does a half month's sheet come to be, and how do its days change?

Days change here and nowhere else; where a sheet stands is services/sheet_status.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, selectinload

from app.domain.corrections import Amends, check_reach
from app.domain.hours import A_DAY
from app.domain.outcomes import Refused
from app.domain.periods import PayPeriod, local_day
from app.domain.timesheets import SheetStatus
from app.domain.visits import Place, Proposal
from app.models.accounts import Account
from app.models.cases import Assignment, assignments_of
from app.models.people import Provider
from app.models.timesheets import Timesheet, timesheets_of
from app.services import audit, day_log, proposals, sheet_status, unauthorized_time
from app.services.day_log import DayValues
from app.services.receipts import Submission


class ChangeResult(StrEnum):
    """What became of a change."""

    SAVED = "saved"
    UNCHANGED = "unchanged"
    CONFLICT = "conflict"


@dataclass(frozen=True, slots=True)
class DayChange:
    """What became of a change, and the day as the portal has it now.

    In a conflict nothing was saved: `now` is what somebody else put there meanwhile.
    """

    result: ChangeResult
    revision: int
    now: DayValues
    receipt: str | None = None


def provider_of(session: Session, account: Account) -> Provider:
    """The provider behind an account; NoResultFound when there is none."""
    return session.scalars(select(Provider).where(Provider.person_id == account.person_id)).one()


def own(session: Session, account: Account, timesheet_id: int) -> Timesheet:
    """One of a provider's own sheets with its days; NoResultFound for a stranger's or unknown one."""
    provider = provider_of(session, account)
    return session.scalars(
        timesheets_of(provider.id)
        .where(Timesheet.id == timesheet_id)
        .options(selectinload(Timesheet.entries))
    ).one()


def assignments_lately(session: Session, provider: Provider, today: date) -> list[Assignment]:
    """The assignments for which a provider may open a sheet: now, or ended within the last year."""
    year_ago = today - timedelta(days=365)
    return [
        assignment
        for assignment in session.scalars(assignments_of(provider.id))
        if assignment.ends_on is None or assignment.ends_on >= year_ago
    ]


def find_or_open(
    session: Session, assignment: Assignment, period: PayPeriod, *, at: datetime
) -> Timesheet:
    """The one sheet of an assignment for a half month, opened when it is not there; never commits."""
    found = _find(session, assignment, period)
    if found is not None:
        return found
    sheet = Timesheet(
        assignment=assignment,
        period_starts_on=period.starts_on,
        status=SheetStatus.DRAFT,
        created_at=at,
        changed_at=at,
    )
    try:
        with session.begin_nested():
            session.add(sheet)
    except IntegrityError:  # somebody opened it between our look and our insert
        found = _find(session, assignment, period)
        if found is None:
            raise
        return found
    return sheet


def open_for(
    session: Session, assignment_id: int, day: date, *, by: Account, at: datetime
) -> Timesheet:
    """Open, or find, a provider's own sheet for the half month of a day; commits.

    NoResultFound for a stranger's assignment. Refuses with PERIOD_AHEAD when the half month has not
    begun, with PERIOD_TOO_OLD when arrears do not reach back so far, and with NO_ASSIGNMENT_THEN when
    she did not work for the recipient in it at all.
    """
    period = PayPeriod.of(day)
    provider = provider_of(session, by)
    assignment = session.scalars(
        select(Assignment).where(
            Assignment.id == assignment_id, Assignment.provider_id == provider.id
        )
    ).one()
    if period.starts_on > local_day(at):
        raise Refused("PERIOD_AHEAD", half_period=period.starts_on)
    check_reach(period, local_day(at))
    if not any(assignment.active_on(each) for each in period.days):
        raise Refused("NO_ASSIGNMENT_THEN", half_period=period.starts_on)
    sheet = find_or_open(session, assignment, period, at=at)
    session.commit()
    return sheet


def change_day(
    session: Session,
    timesheet: Timesheet,
    on: date,
    values: DayValues,
    *,
    base: int,
    by: Account,
    at: datetime,
    submission: Submission | None = None,
) -> DayChange:
    """Save what a provider typed for one day; commits. Findings never stand in the way of saving.

    `base` is the revision that she began from, 0 for a day without an entry. If the day was changed
    since, and to something else, nothing is saved and the answer holds what it says now. A day that
    still says what its base said was not touched and changes nothing. `submission` makes a repeat
    safe: it finds the first receipt.

    Refuses with SHEET_CLOSED, OUTSIDE_PERIOD, DAY_VALUES_WRONG, DAY_ALREADY_CLAIMED where only days
    that were left out can be added, and with ID_REUSED for a known id with other content.
    """
    audit.take_turns(session, by)
    sheet_status.lock(session, timesheet)
    logged = day_log.find_submission(session, submission)
    if logged is not None:
        revision, now = logged.after["revision"], DayValues.logged(logged.after)
        return DayChange(ChangeResult.SAVED, revision, now, logged.receipt)
    change = _change(session, timesheet, on, values, base=base, by=by, at=at, submission=submission)
    session.commit()
    session.expire(timesheet, ["entries"])
    return change


def change_days(
    session: Session,
    timesheet: Timesheet,
    days: Iterable[tuple[date, DayValues, int]],
    *,
    by: Account,
    at: datetime,
) -> dict[date, DayChange]:
    """Save a whole form of (day, values, base revision) as one; commits. See change_day."""
    audit.take_turns(session, by)
    sheet_status.lock(session, timesheet)
    changes = {
        on: _change(session, timesheet, on, values, base=base, by=by, at=at)
        for on, values, base in days
    }
    session.commit()
    session.expire(timesheet, ["entries"])
    return changes


def take_proposal(
    session: Session,
    assignment: Assignment,
    day: date,
    proposal: Proposal | None,
    *,
    at: datetime,
) -> None:
    """Put what the visits of a day say onto its sheet; never commits (decisions 2 and 12).

    A day that nobody changed by hand takes the proposal over. A day changed by hand, and a sheet
    that is signed, keep what they have, and the proposal stands beside it.
    """
    proposals.take(session, assignment.id, day, proposal, at=at)


def _find(session: Session, assignment: Assignment, period: PayPeriod) -> Timesheet | None:
    return session.scalars(
        select(Timesheet).where(
            Timesheet.assignment_id == assignment.id,
            Timesheet.period_starts_on == period.starts_on,
        )
    ).first()


def _change(
    session: Session,
    timesheet: Timesheet,
    on: date,
    values: DayValues,
    *,
    base: int,
    by: Account,
    at: datetime,
    submission: Submission | None = None,
) -> DayChange:
    if not sheet_status.is_editable(timesheet):
        raise Refused("SHEET_CLOSED", status=timesheet.status)
    _check_day(timesheet, on, values)
    entry = day_log.entry_of(session, timesheet, on)
    before = DayValues.of(entry)
    if timesheet.amends == Amends.SUPPLEMENT and entry.claimed_minutes and values != before:
        raise Refused("DAY_ALREADY_CLAIMED", on=on, already=entry.claimed_minutes)
    is_stale = base != entry.revision
    if values == before or (is_stale and values == day_log.as_of(session, entry, base)):
        receipt = day_log.acknowledge(session, entry, by=by, at=at, submission=submission)
        return DayChange(ChangeResult.UNCHANGED, entry.revision, before, receipt)
    if is_stale:
        return DayChange(ChangeResult.CONFLICT, entry.revision, before)
    logged = day_log.write(session, timesheet, entry, values, by=by, at=at, submission=submission)
    entry.by_hand = values != DayValues.proposed_in(entry)
    unauthorized_time.claim_again(session, timesheet, on, before.minutes, values.minutes)
    return DayChange(ChangeResult.SAVED, entry.revision, values, logged.receipt)


def _check_day(timesheet: Timesheet, on: date, values: DayValues) -> None:
    """Refuses a day or values that no sheet can hold; the forms say the same more helpfully."""
    period = PayPeriod.starting(timesheet.period_starts_on)
    if on not in period:
        raise Refused("OUTSIDE_PERIOD", on=on, starts_on=period.starts_on, ends_on=period.ends_on)
    numbers = (values.minutes, values.starts, values.ends)
    sound = all(number is None or 0 <= number <= A_DAY for number in numbers)
    if not sound or (values.location is not None and values.location not in set(Place)):
        raise Refused("DAY_VALUES_WRONG", on=on)
