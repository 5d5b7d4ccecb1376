"""What became of a sheet so far: who did what, when, and why?"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models.accounts import Account
from app.models.people import Person
from app.models.timesheets import Timesheet, TimesheetStatus, TimesheetVersion


@dataclass(frozen=True, slots=True)
class Step:
    """One line of a sheet's history; `who` is None where the portal itself acted."""

    action: str
    at: datetime
    who: str | None
    reason: str | None


def steps_of(session: Session, timesheet: Timesheet) -> list[Step]:
    """The whole history of a sheet, the newest first."""
    rows = session.execute(
        select(TimesheetStatus, Person)
        .outerjoin(Account, Account.id == TimesheetStatus.account_id)
        .outerjoin(Person, Person.id == Account.person_id)
        .where(TimesheetStatus.timesheet_id == timesheet.id)
        .order_by(TimesheetStatus.id.desc())
    )
    return [
        Step(row.action, row.at, None if person is None else person.full_name, row.reason)
        for row, person in rows
    ]


def versions_of(session: Session, timesheet: Timesheet) -> Sequence[TimesheetVersion]:
    """Everything that was ever signed on a sheet, the newest first."""
    return session.scalars(
        select(TimesheetVersion)
        .where(TimesheetVersion.timesheet_id == timesheet.id)
        .order_by(TimesheetVersion.number.desc())
    ).all()
