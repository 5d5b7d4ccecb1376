"""How does a half month's sheet come to be, how do its days change, and where does it stand?

Days change here and nowhere else. `move` is the only writer of a sheet's status and of its payment's;
both follow the one table in domain/timesheets.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy import or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, selectinload

from app.domain import timesheets as rules
from app.domain.balances import SubmissionFacts, WeekBar, week_bar
from app.domain.hours import A_DAY
from app.domain.outcomes import Refused
from app.domain.periods import PayPeriod, Workweek, local_day, midnight_before
from app.domain.permissions import Role
from app.domain.timesheets import Action, Hold, PaymentStatus, SheetStatus
from app.domain.visits import Place, Proposal
from app.models.accounts import Account
from app.models.cases import Assignment, active_assignments_of, assignments_of
from app.models.people import Provider
from app.models.timesheets import (
    STATUS_OF_THESE,
    Timesheet,
    TimesheetHold,
    TimesheetStatus,
    TimesheetVersion,
    timesheets_of,
)
from app.services import audit, day_log, proposals, sheet_facts, unauthorized_time
from app.services.day_log import DayValues
from app.services.receipts import Submission

PAYMENT_ACTIONS = frozenset(
    {Action.QUEUE_PAYMENT, Action.ISSUE_PAYMENT, Action.DISPUTE, Action.SETTLE}
)
NOT_STARTED = "not_started"


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


@dataclass(frozen=True, slots=True)
class SheetCard:
    """One half month with one recipient as a list shows it; no sheet yet means not started.

    `status` is the sheet's own, or not_started while it has no hours; `week` holds the figures of the
    workweek of today, or of the sheet's last one.
    """

    assignment: Assignment
    period: PayPeriod
    timesheet: Timesheet | None
    status: str
    total_minutes: int
    week: WeekBar | None

    @classmethod
    def of(cls, sheet: Timesheet, facts: SubmissionFacts, today: date) -> "SheetCard":
        period = facts.period
        week = week_bar(facts, Workweek.of(min(max(today, period.starts_on), period.ends_on)))
        return cls(sheet.assignment, period, sheet, shown_status(sheet), facts.total, week)


def shown_status(timesheet: Timesheet) -> str:
    """The status that a person sees: a draft without hours is not started. Needs the entries."""
    is_begun = any(entry.minutes for entry in timesheet.entries)
    if timesheet.status == SheetStatus.DRAFT and not is_begun:
        return NOT_STARTED
    return timesheet.status


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
    begun, and with NO_ASSIGNMENT_THEN when she did not work for the recipient in it at all.
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
    if not any(assignment.active_on(each) for each in period.days):
        raise Refused("NO_ASSIGNMENT_THEN", half_period=period.starts_on)
    sheet = find_or_open(session, assignment, period, at=at)
    session.commit()
    return sheet


def open_sheets(session: Session, provider: Provider, today: date) -> list[SheetCard]:
    """A provider's half months to work on: this one with each recipient, and earlier unsigned ones.

    Sheets of this half month are here whatever became of them, earlier ones while they can be changed.
    """
    period = PayPeriod.of(today)
    assignments = list(session.scalars(active_assignments_of(provider.id, today)))
    sheets = list(
        session.scalars(
            timesheets_of(provider.id)
            .where(
                or_(
                    Timesheet.period_starts_on == period.starts_on,
                    STATUS_OF_THESE.in_(rules.EDITABLE),
                )
            )
            .options(selectinload(Timesheet.entries))
        )
    )
    facts = sheet_facts.facts_of_all(session, sheets, at=midnight_before(today))
    cards = [SheetCard.of(sheet, facts[sheet.id], today) for sheet in sheets]
    begun = {sheet.assignment_id for sheet in sheets if sheet.period_starts_on == period.starts_on}
    cards += [
        SheetCard(assignment, period, None, NOT_STARTED, 0, None)
        for assignment in assignments
        if assignment.id not in begun
    ]
    return sorted(cards, key=lambda card: (card.period, card.assignment.id))


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

    Refuses with SHEET_CLOSED, OUTSIDE_PERIOD, DAY_VALUES_WRONG, and with ID_REUSED for a known id
    with other content.
    """
    audit.take_turns(session, by)
    lock(session, timesheet)
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
    lock(session, timesheet)
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


def move(
    session: Session,
    timesheet: Timesheet,
    action: Action,
    *,
    by: Account | None,
    at: datetime,
    reason: str | None = None,
) -> None:
    """Do an act on a sheet or its payment, by the table of domain/timesheets; never commits.

    `by=None` is the portal itself. Call it before a version is marked as approved, and after a hold
    is marked as released: the table asks what was signed before the act and what holds after it. A
    sheet that has become payable waits for payment from then on. Refuses with NOT_ALLOWED_NOW.
    """
    lock(session, timesheet)
    if not rules.may_do(None if by is None else Role(by.role), action):
        raise Refused("NOT_ALLOWED_NOW", status=timesheet.status, action=action)
    if action in PAYMENT_ACTIONS:
        paid = PaymentStatus(timesheet.payment_status) if timesheet.payment_status else None
        timesheet.payment_status = rules.payment_after(paid, action)
        _step(session, timesheet, action, by=by, at=at, reason=reason)
        return
    version = latest_version(session, timesheet)
    signed = version is not None and version.approved_at is not None
    holds = active_holds(session, timesheet)
    timesheet.status = rules.after(
        SheetStatus(timesheet.status), action, signed=signed, holds=holds
    )
    _step(session, timesheet, action, by=by, at=at, reason=reason)
    if rules.is_payable(SheetStatus(timesheet.status), holds) and timesheet.payment_status is None:
        move(session, timesheet, Action.QUEUE_PAYMENT, by=None, at=at)


def lock(session: Session, timesheet: Timesheet) -> None:
    """Read where the sheet stands again, and let nobody else move it before we commit."""
    session.flush()
    session.refresh(
        timesheet,
        ["status", "payment_status", "changed_at", "nudged_at"],
        with_for_update={"key_share": True},
    )


def is_editable(timesheet: Timesheet) -> bool:
    """Whether its provider may change hours now."""
    return SheetStatus(timesheet.status) in rules.EDITABLE


def latest_version(session: Session, timesheet: Timesheet) -> TimesheetVersion | None:
    """What the provider signed last, taken back or not; None when she never signed."""
    return session.scalars(
        select(TimesheetVersion)
        .where(TimesheetVersion.timesheet_id == timesheet.id)
        .order_by(TimesheetVersion.number.desc())
        .limit(1)
        .execution_options(populate_existing=True)
    ).first()


def active_holds(session: Session, timesheet: Timesheet) -> frozenset[Hold]:
    """Why the sheet waits now, signatures apart."""
    session.flush()
    return frozenset(
        Hold(code)
        for code in session.scalars(
            select(TimesheetHold.code).where(
                TimesheetHold.timesheet_id == timesheet.id, TimesheetHold.released_at.is_(None)
            )
        )
    )


def end_holds(session: Session, timesheet: Timesheet, *, at: datetime) -> None:
    """Let the holds of a version that was sent or taken back end with it; never commits."""
    session.execute(
        update(TimesheetHold)
        .where(TimesheetHold.timesheet_id == timesheet.id, TimesheetHold.released_at.is_(None))
        .values(released_at=at)
    )


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
    if not is_editable(timesheet):
        raise Refused("SHEET_CLOSED", status=timesheet.status)
    _check_day(timesheet, on, values)
    entry = day_log.entry_of(session, timesheet, on)
    before = DayValues.of(entry)
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


def _step(
    session: Session,
    timesheet: Timesheet,
    action: Action,
    *,
    by: Account | None,
    at: datetime,
    reason: str | None,
) -> None:
    timesheet.changed_at = at
    session.add(
        TimesheetStatus(
            timesheet_id=timesheet.id,
            action=action,
            status=timesheet.status,
            payment_status=timesheet.payment_status,
            at=at,
            account_id=None if by is None else by.id,
            reason=reason,
        )
    )
