"""How does a hold end: by itself at midnight, or by the county with a reason (decision 6)?"""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.outcomes import Refused
from app.domain.permissions import Role
from app.domain.timesheets import ANY_HOLD, Action, Hold, SheetStatus
from app.models.accounts import Account
from app.models.timesheets import Timesheet, TimesheetHold
from app.services import approvals, audit, notices, timesheets


def release(
    session: Session, timesheet: Timesheet, *, reason: str, by: Account | None, at: datetime
) -> None:
    """End every hold on a sheet, for a reason that the provider is told; commits.

    An EARLY hold would end by itself; the county may judge sooner that the day is over (ADR 0008).
    `by=None` is the operator's command. Refuses with RELEASE_REASON_MISSING, NOT_YOUR_COUNTY, and
    NOTHING_HELD.
    """
    reason = reason.strip()
    if not reason:
        raise Refused("RELEASE_REASON_MISSING")
    county_id = timesheet.assignment.recipient.county_id
    if by is not None and by.county_id != county_id:
        raise Refused("NOT_YOUR_COUNTY")
    audit.take_turns(session, by)
    timesheets.lock(session, timesheet)
    held = _active(session, timesheet, ANY_HOLD)
    if not held:
        raise Refused("NOTHING_HELD")
    for hold in held:
        hold.released_at, hold.reason = at, reason
        hold.released_by_id = None if by is None else by.id
    if timesheet.status == SheetStatus.ON_HOLD:  # an early sheet waits for its recipient meanwhile
        timesheets.move(session, timesheet, Action.RELEASE, by=by, at=at, reason=reason)
    codes = [hold.code for hold in held]
    audit.record(
        session,
        "timesheet:release",
        f"timesheet:{timesheet.id}",
        by=by,
        at=at,
        facts={"holds": codes, "reason": reason},
    )
    _tell_provider(session, timesheet, reason, at=at)
    session.commit()


def release_due(session: Session, *, at: datetime) -> int:
    """End the EARLY holds whose midnight has passed, a commit each; answers how many there were."""
    due = session.scalars(
        select(TimesheetHold.timesheet_id)
        .where(
            TimesheetHold.released_at.is_(None),
            TimesheetHold.releases_at <= at,
            TimesheetHold.code == Hold.EARLY,
        )
        .order_by(TimesheetHold.id)
    ).all()
    session.rollback()
    return sum(_release_early(session, timesheet_id, at=at) for timesheet_id in due)


def _release_early(session: Session, timesheet_id: int, *, at: datetime) -> bool:
    audit.take_turns(session, None)
    timesheet = session.scalars(select(Timesheet).where(Timesheet.id == timesheet_id)).one()
    timesheets.lock(session, timesheet)
    held = _active(session, timesheet, {Hold.EARLY})
    if not held:  # taken back, or released by another process, since we looked
        session.rollback()
        return False
    for hold in held:
        hold.released_at = at
    if timesheet.status == SheetStatus.ON_HOLD:
        timesheets.move(session, timesheet, Action.RELEASE, by=None, at=at)
    facts = {"holds": [Hold.EARLY]}
    audit.record(
        session, "timesheet:release", f"timesheet:{timesheet.id}", by=None, at=at, facts=facts
    )
    session.commit()
    return True


def _active(
    session: Session, timesheet: Timesheet, codes: frozenset[Hold] | set[Hold]
) -> list[TimesheetHold]:
    return list(
        session.scalars(
            select(TimesheetHold)
            .where(
                TimesheetHold.timesheet_id == timesheet.id,
                TimesheetHold.released_at.is_(None),
                TimesheetHold.code.in_(codes),
            )
            .execution_options(populate_existing=True)
        )
    )


def _tell_provider(session: Session, timesheet: Timesheet, reason: str, *, at: datetime) -> None:
    version = timesheets.latest_version(session, timesheet)
    minutes = 0 if version is None else version.total_minutes
    person_id = timesheet.assignment.provider.person_id
    accounts = notices.accounts_of_people(session, [person_id], Role.PROVIDER)
    facts = approvals.sheet_notice(timesheet, minutes) | {"reason": reason}
    notices.queue(session, accounts, "TIMESHEET_RELEASED", facts, at=at)
