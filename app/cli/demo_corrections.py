"""What does the demo's Ana put right? A day's hours of a paid half month, which now wait for Walter."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.models.accounts import Account
from app.models.timesheets import Timesheet
from app.services import corrections, submission, timesheets
from app.services.day_log import DayValues

MORE_MINUTES = 30


def correct(session: Session, timesheet: Timesheet, *, by: Account, now: datetime) -> None:
    """Half an hour more on the first day worked, signed by Ana and not yet by him; commits."""
    note = "I stayed longer that day and forgot to write it down."
    corrections.begin(session, timesheet, reason="WRONG_HOURS", note=note, by=by, at=now)
    session.refresh(timesheet, ["entries"])
    first = next(entry for entry in timesheet.entries if entry.minutes)
    values = DayValues(
        (first.minutes or 0) + MORE_MINUTES, first.starts, first.ends, first.location
    )
    timesheets.change_day(session, timesheet, first.on, values, base=first.revision, by=by, at=now)
    draft = submission.prepare(session, timesheet, at=now)
    submission.submit(session, timesheet, shown=draft.shown, reason=None, by=by, at=now)
