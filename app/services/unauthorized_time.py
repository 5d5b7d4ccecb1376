"""What was worked beyond the authorization, and is kept on record without being claimed (decision 4)?"""

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models.accounts import Account
from app.models.timesheets import Timesheet, UnauthorizedTime
from app.services import day_log
from app.services.day_log import DayValues

NOT_AUTHORIZED = "NOT_AUTHORIZED"


def on_record(session: Session, timesheet: Timesheet) -> dict[date, int]:
    """Minutes by day that were worked without authorization and are not claimed."""
    rows = session.execute(
        select(UnauthorizedTime.on, UnauthorizedTime.minutes)
        .where(UnauthorizedTime.timesheet_id == timesheet.id)
        .order_by(UnauthorizedTime.on)
    )
    return {row.on: row.minutes for row in rows}


def set_aside(
    session: Session, timesheet: Timesheet, on: date, minutes: int, *, by: Account, at: datetime
) -> None:
    """Take minutes off a day's claim, kept as worked, not authorized; never commits (decision 4)."""
    entry = day_log.entry_of(session, timesheet, on)
    claimed = DayValues((entry.minutes or 0) - minutes, entry.starts, entry.ends, entry.location)
    day_log.write(session, timesheet, entry, claimed, by=by, at=at, reason=NOT_AUTHORIZED)
    entry.by_hand = True
    kept = _find(session, timesheet, on)
    if kept is None:
        kept = UnauthorizedTime(timesheet_id=timesheet.id, on=on, minutes=0)
        session.add(kept)
    kept.minutes += minutes
    kept.recorded_at = at


def claim_again(
    session: Session, timesheet: Timesheet, on: date, before: int | None, after: int | None
) -> None:
    """Let hours that are put back on the claim, or a day that is blanked, leave the record.

    `before` and `after` are the day's minutes; never commits.
    """
    kept = _find(session, timesheet, on)
    if kept is None:
        return
    if after is not None:
        kept.minutes -= max(0, after - (before or 0))
    if after is None or kept.minutes <= 0:
        session.delete(kept)


def _find(session: Session, timesheet: Timesheet, on: date) -> UnauthorizedTime | None:
    return session.scalars(
        select(UnauthorizedTime).where(
            UnauthorizedTime.timesheet_id == timesheet.id, UnauthorizedTime.on == on
        )
    ).first()
