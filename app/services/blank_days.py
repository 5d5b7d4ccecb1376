"""Which days would be like others, for somebody who lives with her recipient and works every day?"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.periods import PayPeriod, local_day
from app.models.accounts import Account
from app.models.timesheets import TimeEntry, Timesheet
from app.services import timesheets
from app.services.day_log import DayValues
from app.services.timesheets import ChangeResult

SAME_EVERY_DAY = "same-every-day"
LIKE_LAST_WEEK = "like-last-week"
WAYS = frozenset({SAME_EVERY_DAY, LIKE_LAST_WEEK})
A_WEEK = timedelta(days=7)


def fill(session: Session, timesheet: Timesheet, way: str, *, by: Account, at: datetime) -> int:
    """Fill in the blank days up to today; commits, and answers how many there were.

    Like the first day that has hours, or each like the same weekday one week before. Only days of
    the assignment are filled, and never a day to come.
    """
    known = _minutes_by_day(session, timesheet)
    entries = {entry.on: entry for entry in timesheet.entries}
    period = PayPeriod.starting(timesheet.period_starts_on)
    filled = []
    for on in period.days:
        is_open = on <= local_day(at) and timesheet.assignment.active_on(on)
        if on in known or not is_open:
            continue
        minutes = _first(known, period) if way == SAME_EVERY_DAY else known.get(on - A_WEEK)
        if minutes:
            known[on] = minutes
            base = entries[on].revision if on in entries else 0
            filled.append((on, DayValues(minutes), base))
    changes = timesheets.change_days(session, timesheet, filled, by=by, at=at)
    return sum(change.result is ChangeResult.SAVED for change in changes.values())


def _first(known: Mapping[date, int], period: PayPeriod) -> int | None:
    return next((known[on] for on in period.days if on in known), None)


def _minutes_by_day(session: Session, timesheet: Timesheet) -> dict[date, int]:
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
