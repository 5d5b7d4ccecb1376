"""Which blank days of a sheet does somebody let the portal fill in, and how does she take that back?"""

from collections.abc import Mapping
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain import fills
from app.domain.fills import A_WEEK, Way
from app.domain.periods import PayPeriod, local_day
from app.models.accounts import Account
from app.models.timesheets import TimeEntry, Timesheet
from app.services import sheet_facts, timesheets
from app.services.day_log import EMPTY, DayValues
from app.services.timesheets import ChangeResult

Filled = dict[date, int]
"""The days that were filled, each with the revision it has since; what an undo asks for."""


def fill(
    session: Session, timesheet: Timesheet, way: Way, minutes: int, *, by: Account, at: datetime
) -> Filled:
    """Fill in the blank days up to today; commits.

    Only days of the assignment are filled, never one to come, and none that holds hours. `minutes`
    and what is refused are those of domain/fills.
    """
    filled = fills.fill(way, _open_days(timesheet, at), _known(session, timesheet), minutes)
    entries = {entry.on: entry for entry in timesheet.entries}
    days = [
        (on, DayValues(each), entries[on].revision if on in entries else 0)
        for on, each in filled.items()
    ]
    changes = timesheets.change_days(session, timesheet, days, by=by, at=at)
    return {on: c.revision for on, c in changes.items() if c.result is ChangeResult.SAVED}


def undo(
    session: Session, timesheet: Timesheet, filled: Filled, *, by: Account, at: datetime
) -> int:
    """Leave blank again what a fill put in; commits, and answers how many days that were.

    A day that was changed since then keeps what it says.
    """
    days = [(on, EMPTY, revision) for on, revision in filled.items()]
    changes = timesheets.change_days(session, timesheet, days, by=by, at=at)
    return sum(change.result is ChangeResult.SAVED for change in changes.values())


def _open_days(timesheet: Timesheet, at: datetime) -> list[date]:
    return [
        on
        for on in PayPeriod.starting(timesheet.period_starts_on).days
        if on <= local_day(at)
        and timesheet.assignment.active_on(on)
        and not sheet_facts.is_locked(timesheet, on)
    ]


def _known(session: Session, timesheet: Timesheet) -> Mapping[date, int]:
    """The hours of this sheet, and of the week before it on the sheet of the half month before."""
    rows = session.execute(
        select(TimeEntry.on, TimeEntry.minutes)
        .join(TimeEntry.timesheet)
        .where(
            Timesheet.assignment_id == timesheet.assignment_id,
            TimeEntry.on >= timesheet.period_starts_on - A_WEEK,
            TimeEntry.on <= PayPeriod.starting(timesheet.period_starts_on).ends_on,
            TimeEntry.minutes > 0,
        )
    )
    return {row.on: row.minutes for row in rows}
