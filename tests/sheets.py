"""Half months as the tests know them: filled in through the services, as people fill them in."""

from collections.abc import Mapping
from datetime import UTC, date, datetime

from sqlalchemy import event
from sqlalchemy.orm import Session

from app.domain.periods import PayPeriod
from app.models.accounts import Account
from app.models.cases import Assignment
from app.models.timesheets import Timesheet, TimesheetVersion
from app.services import submission, timesheets
from app.services.day_log import DayValues

FIRST_HALF = date(2026, 3, 1)
"""A Sunday, so that this half month begins with a whole workweek."""
THE_SIXTEENTH = datetime(2026, 3, 16, 17, tzinfo=UTC)
"""The morning after the half month."""


def day(number: int) -> date:
    """A day of March 2026."""
    return date(2026, 3, number)


def fill_in(
    session: Session,
    assignment: Assignment,
    hours: Mapping[int, int],
    *,
    by: Account,
    at: datetime = THE_SIXTEENTH,
) -> Timesheet:
    """A sheet of March 2026 with whole hours on days of the month; commits."""
    sheet = timesheets.find_or_open(session, assignment, PayPeriod.of(day(min(hours))), at=at)
    session.commit()
    days = [(day(number), DayValues(minutes=each * 60), 0) for number, each in hours.items()]
    timesheets.change_days(session, sheet, days, by=by, at=at)
    return sheet


def sign(
    session: Session,
    sheet: Timesheet,
    *,
    by: Account,
    at: datetime = THE_SIXTEENTH,
    reason: str | None = None,
) -> TimesheetVersion:
    """The provider submits what the page would show her."""
    shown = submission.prepare(session, sheet, at=at).shown
    return submission.submit(session, sheet, shown=shown, reason=reason, by=by, at=at)


class Statements:
    """Counts the statements sent to the database while it is entered."""

    def __init__(self, session: Session) -> None:
        self._connection = session.connection()
        self.sent: list[str] = []

    def __enter__(self) -> "Statements":
        event.listen(self._connection, "before_cursor_execute", self._note)
        return self

    def __exit__(self, *_: object) -> None:
        event.remove(self._connection, "before_cursor_execute", self._note)

    def _note(self, _connection: object, _cursor: object, statement: str, *_: object) -> None:
        self.sent.append(statement)
