"""How is a recipient reminded that a timesheet waits for her: once a day, by button or by job?"""

from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.domain.outcomes import Refused
from app.domain.periods import local_day, midnight_before
from app.models.accounts import Account
from app.models.timesheets import Timesheet, TimesheetVersion
from app.services import approvals, audit, notices, sheet_status


def may_remind(timesheet: Timesheet, *, at: datetime) -> bool:
    """Whether nobody has reminded the recipient of this sheet today."""
    return timesheet.nudged_at is None or local_day(timesheet.nudged_at) < local_day(at)


def remind(session: Session, timesheet: Timesheet, *, by: Account | None, at: datetime) -> None:
    """Tell whoever may sign that a sheet still waits; commits. `by=None` is the daily job.

    Refuses with NOTHING_WAITS and, for a second time on one day, with REMINDED_TODAY.
    """
    audit.take_turns(session, by)
    sheet_status.lock(session, timesheet)
    version = sheet_status.latest_version(session, timesheet)
    waits = timesheet.status in approvals.WAITING
    if version is None or not waits or version.approved_at is not None:
        raise Refused("NOTHING_WAITS")
    if not may_remind(timesheet, at=at):
        raise Refused("REMINDED_TODAY")
    timesheet.nudged_at = at
    signers = approvals.signers_of(session, timesheet.assignment.case, local_day(at))
    facts = approvals.sheet_notice(timesheet, version.total_minutes)
    notices.queue(session, signers, "TIMESHEET_REMINDER", facts, at=at)
    audit.record(session, "timesheet:remind", f"timesheet:{timesheet.id}", by=by, at=at)
    session.commit()


def remind_due(session: Session, *, at: datetime) -> int:
    """Remind of every sheet that was signed before today and was not reminded of today.

    A commit each; answers how many reminders went out.
    """
    today = midnight_before(local_day(at))
    due = session.scalars(
        select(Timesheet.id)
        .join(TimesheetVersion, TimesheetVersion.timesheet_id == Timesheet.id)
        .where(
            Timesheet.status.in_(approvals.WAITING),
            TimesheetVersion.withdrawn_at.is_(None),
            TimesheetVersion.approved_at.is_(None),
            TimesheetVersion.rejected_at.is_(None),
            TimesheetVersion.signed_at < today,
            or_(Timesheet.nudged_at.is_(None), Timesheet.nudged_at < today),
        )
        .order_by(Timesheet.id)
    ).all()
    session.rollback()
    return sum(_remind(session, timesheet_id, at=at) for timesheet_id in due)


def _remind(session: Session, timesheet_id: int, *, at: datetime) -> bool:
    timesheet = session.scalars(select(Timesheet).where(Timesheet.id == timesheet_id)).one()
    try:
        remind(session, timesheet, by=None, at=at)
    except Refused:  # signed, taken back or reminded of since we looked
        session.rollback()
        return False
    return True
