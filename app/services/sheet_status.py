"""Where does a sheet stand, what of it is signed and counts, and what may become of it now?

`move` is the only writer of a sheet's status and of its payment's, and of the minutes that it claims;
all follow the one table in domain/timesheets.
"""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import Select, bindparam, exists, select, update
from sqlalchemy.orm import Session

from app.domain import timesheets as rules
from app.domain.outcomes import Refused
from app.domain.permissions import Role
from app.domain.timesheets import Action, Hold, PaymentStatus, SheetStatus
from app.models.accounts import Account
from app.models.payments import Payment
from app.models.timesheets import (
    TimeEntry,
    Timesheet,
    TimesheetHold,
    TimesheetStatus,
    TimesheetVersion,
)

PAYMENT_ACTIONS = frozenset(
    {
        Action.QUEUE_PAYMENT,
        Action.STOP_PAYMENT,
        Action.ISSUE_PAYMENT,
        Action.DISPUTE,
        Action.SETTLE,
    }
)
SIGNED_AND_THERE = frozenset({SheetStatus.SUBMITTED, SheetStatus.ON_HOLD, SheetStatus.APPROVED})
"""Statuses that speak of the latest version; in the others one from before it may stand."""


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

    `by=None` is the portal itself. Call it before a version is marked as approved or withdrawn, and
    after a hold is placed or marked as released: the table asks what was signed before the act and
    what holds after it. What has become payable waits for payment from then on. Refuses with
    NOT_ALLOWED_NOW.
    """
    lock(session, timesheet)
    if not rules.may_do(None if by is None else Role(by.role), action):
        raise Refused("NOT_ALLOWED_NOW", status=timesheet.status, action=action)
    versions = versions_of(session, timesheet)
    if action in PAYMENT_ACTIONS:
        _move_payment(session, timesheet, action, by=by, at=at, reason=reason)
    else:
        _move_sheet(session, timesheet, versions, action, by=by, at=at, reason=reason)
    _queue_what_is_due(session, timesheet, versions, action, at=at)


def lock(session: Session, timesheet: Timesheet) -> None:
    """Read where the sheet stands again, and let nobody else move it before we commit."""
    session.flush()
    session.refresh(
        timesheet,
        ["status", "payment_status", "changed_at", "nudged_at", "amends", "voided_at"],
        with_for_update={"key_share": True},
    )


def is_editable(timesheet: Timesheet) -> bool:
    """Whether its provider may change hours now."""
    return SheetStatus(timesheet.status) in rules.EDITABLE


def versions_of(session: Session, timesheet: Timesheet) -> Sequence[TimesheetVersion]:
    """Everything that was ever signed on a sheet, as it is now, the newest first."""
    return session.scalars(_signed_on(timesheet)).all()


def latest_version(session: Session, timesheet: Timesheet) -> TimesheetVersion | None:
    """What the provider signed last, taken back or not; None when she never signed."""
    return session.scalars(_signed_on(timesheet).limit(1)).first()


def standing_version(session: Session, timesheet: Timesheet) -> TimesheetVersion | None:
    """What both have signed and nobody has taken back: it counts until a newer one is approved."""
    return next(filter(stands, versions_of(session, timesheet)), None)


def stands(version: TimesheetVersion) -> bool:
    """Whether a version is approved and was neither withdrawn nor voided since."""
    return version.approved_at is not None and version.withdrawn_at is None


def is_in_a_batch(session: Session, version: TimesheetVersion) -> bool:
    """Whether payroll has taken a version up: from then on its payment never changes."""
    return bool(session.scalar(select(exists().where(Payment.version_id == version.id))))


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


def _signed_on(timesheet: Timesheet) -> Select[TimesheetVersion]:
    return (
        select(TimesheetVersion)
        .where(TimesheetVersion.timesheet_id == timesheet.id)
        .order_by(TimesheetVersion.number.desc())
        .execution_options(populate_existing=True)
    )


def _move_sheet(
    session: Session,
    timesheet: Timesheet,
    versions: Sequence[TimesheetVersion],
    action: Action,
    *,
    by: Account | None,
    at: datetime,
    reason: str | None,
) -> None:
    was = SheetStatus(timesheet.status)
    before = _from_before(versions, was)
    timesheet.status = rules.after(
        was,
        action,
        signed=bool(versions) and versions[0].approved_at is not None,
        before=before is not None,
        holds=active_holds(session, timesheet),
    )
    _step(session, timesheet, action, by=by, at=at, reason=reason)
    _claim(session, timesheet, action, before, was=was)
    stops = action in {Action.HOLD, Action.VOID} and (
        was is SheetStatus.APPROVED or timesheet.status == SheetStatus.CANCELLED
    )
    if stops and timesheet.payment_status == PaymentStatus.WAITING_FOR_PAYMENT:
        _move_payment(session, timesheet, Action.STOP_PAYMENT, by=None, at=at)


def _from_before(
    versions: Sequence[TimesheetVersion], status: SheetStatus
) -> TimesheetVersion | None:
    """The approved version that stands beside, or under, what the status speaks of."""
    older = versions[1:] if status in SIGNED_AND_THERE else versions
    return next(filter(stands, older), None)


def _claim(
    session: Session,
    timesheet: Timesheet,
    action: Action,
    before: TimesheetVersion | None,
    *,
    was: SheetStatus,
) -> None:
    """Let the days claim what is signed now: of other acts than these they claim what they did."""
    all_days = update(TimeEntry).where(TimeEntry.timesheet_id == timesheet.id)
    if action is Action.SUBMIT:
        session.execute(all_days.values(claimed_minutes=TimeEntry.minutes))
    elif action in {Action.TAKE_BACK, Action.REJECT, Action.VOID} or (
        action is Action.CORRECT and was is SheetStatus.ON_HOLD
    ):
        session.execute(all_days.values(claimed_minutes=None))
        if before is not None and timesheet.status != SheetStatus.CANCELLED:
            _claim_again(session, timesheet, before)
    session.expire(timesheet, ["entries"])


def _claim_again(session: Session, timesheet: Timesheet, version: TimesheetVersion) -> None:
    days = [
        {"day": date.fromisoformat(day["on"]), "claimed": day["minutes"]}
        for day in version.content["days"]
    ]
    if days:
        session.connection().execute(
            update(TimeEntry.__table__)  # type: ignore[arg-type]  # a table, typed as any FROM clause
            .where(TimeEntry.timesheet_id == timesheet.id, TimeEntry.on == bindparam("day"))
            .values(claimed_minutes=bindparam("claimed")),
            days,
        )


def _move_payment(
    session: Session,
    timesheet: Timesheet,
    action: Action,
    *,
    by: Account | None,
    at: datetime,
    reason: str | None = None,
) -> None:
    status = PaymentStatus(timesheet.payment_status) if timesheet.payment_status else None
    issued = exists().where(Payment.timesheet_id == timesheet.id, Payment.issued_at.is_not(None))
    before = action is Action.STOP_PAYMENT and bool(session.scalar(select(issued)))
    timesheet.payment_status = rules.payment_after(status, action, before=before)
    _step(session, timesheet, action, by=by, at=at, reason=reason)


def _queue_what_is_due(
    session: Session,
    timesheet: Timesheet,
    versions: Sequence[TimesheetVersion],
    action: Action,
    *,
    at: datetime,
) -> None:
    """Let the newest version that both signed and nothing holds wait for payment, if it is not paid."""
    if timesheet.payment_status not in {None, PaymentStatus.PAYMENT_ISSUED}:
        return
    if action not in {
        Action.APPROVE,
        Action.RELEASE,
        Action.VOID,
        Action.ISSUE_PAYMENT,
        Action.SETTLE,
    }:
        return
    due = _due(versions, action, SheetStatus(timesheet.status))
    if due is None:
        return
    paid = exists().where(Payment.version_id == due.id, Payment.issued_at.is_not(None))
    if not session.scalar(select(paid)):
        _move_payment(session, timesheet, Action.QUEUE_PAYMENT, by=None, at=at)


def _due(
    versions: Sequence[TimesheetVersion], action: Action, status: SheetStatus
) -> TimesheetVersion | None:
    if status is SheetStatus.APPROVED and action is Action.APPROVE:
        return versions[0]  # marked as approved only after the act
    is_latest_off = action is Action.VOID or status is SheetStatus.ON_HOLD
    older = versions[1:] if is_latest_off else versions
    return next(filter(stands, older), None) if status is not SheetStatus.CANCELLED else None


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
