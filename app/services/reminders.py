"""How is a recipient reminded that a timesheet waits for her: by her provider's button, or by the job?

The job does so seldom and spread over the day (domain.reminders), and not to whoever wants none.
"""

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain import reminders as rules
from app.domain.outcomes import Refused
from app.domain.periods import local_day, midnight_before
from app.models.accounts import Account
from app.models.timesheets import Timesheet, TimesheetVersion
from app.services import approvals, audit, notices, sheet_status


def may_remind(timesheet: Timesheet, *, at: datetime) -> bool:
    """Whether nobody has reminded the recipient of this sheet today."""
    return timesheet.nudged_at is None or local_day(timesheet.nudged_at) < local_day(at)


def remind(session: Session, timesheet: Timesheet, *, by: Account | None, at: datetime) -> None:
    """Tell whoever may sign that a sheet still waits; commits. `by=None` is the job.

    A provider's reminder reaches everybody who may sign; the job's only who wants them.

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
    signers = approvals.signers_of(session, timesheet.assignment.case, local_day(at))
    if by is None:
        signers = [each for each in signers if each.reminds_of_timesheets]
        if not signers:  # so that the provider can still remind them today
            raise Refused("NOTHING_WAITS")
    timesheet.nudged_at = at
    facts = approvals.sheet_notice(timesheet, version.total_minutes)
    notices.queue(session, signers, "TIMESHEET_REMINDER", facts, at=at)
    audit.record(session, "timesheet:remind", f"timesheet:{timesheet.id}", by=by, at=at)
    session.commit()


def remind_due(session: Session, *, at: datetime) -> int:
    """Remind of every sheet that has waited for long enough, once its turn of the day has come.

    A commit each; answers how many reminders went out.
    """
    today = local_day(at)
    turns = rules.turns_taken(at)
    if turns == rules.NOBODY:
        return 0
    waiting = session.execute(
        select(Timesheet.id, TimesheetVersion.signed_at, Timesheet.nudged_at)
        .join(TimesheetVersion, TimesheetVersion.timesheet_id == Timesheet.id)
        .where(
            Timesheet.status.in_(approvals.WAITING),
            TimesheetVersion.withdrawn_at.is_(None),
            TimesheetVersion.approved_at.is_(None),
            TimesheetVersion.rejected_at.is_(None),
            TimesheetVersion.signed_at < midnight_before(today),
            Timesheet.id % rules.turns(today) <= turns,  # domain.reminders.turn_of
        )
        .order_by(Timesheet.id)
    ).all()
    session.rollback()
    return sum(
        _remind(session, timesheet_id, at=at)
        for timesheet_id, signed_at, nudged_at in waiting
        if rules.is_due_to_signer(local_day(signed_at), _day(nudged_at), today)
    )


def _day(at: datetime | None) -> date | None:
    return None if at is None else local_day(at)


def _remind(session: Session, timesheet_id: int, *, at: datetime) -> bool:
    timesheet = session.scalars(select(Timesheet).where(Timesheet.id == timesheet_id)).one()
    try:
        remind(session, timesheet, by=None, at=at)
    except Refused:  # signed, taken back or reminded of since we looked
        session.rollback()
        return False
    return True
