"""What became of a sheet so far: who did what, when, and why? And which half months are there to see?"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.periods import PayPeriod
from app.models.accounts import Account
from app.models.people import Person, Provider
from app.models.timesheets import (
    TimeEntry,
    Timesheet,
    TimesheetStatus,
    TimesheetVersion,
    timesheets_of,
)
from app.services.sheet_cards import NOT_STARTED


@dataclass(frozen=True, slots=True)
class Step:
    """One line of a sheet's history; `who` is None where the portal itself acted."""

    action: str
    at: datetime
    who: str | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class ListedSheet:
    """One half month in a provider's list."""

    timesheet: Timesheet
    total_minutes: int

    @property
    def period(self) -> PayPeriod:
        return PayPeriod.starting(self.timesheet.period_starts_on)

    @property
    def status(self) -> str:
        is_blank = self.timesheet.status == "draft" and not self.total_minutes
        return NOT_STARTED if is_blank else self.timesheet.status


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


def sheets_of(
    session: Session, provider: Provider, *, limit: int, offset: int = 0
) -> list[ListedSheet]:
    """A page of a provider's half months, the newest first, with the minutes on each."""
    total = (
        select(func.coalesce(func.sum(TimeEntry.minutes), 0))
        .where(TimeEntry.timesheet_id == Timesheet.id)
        .correlate(Timesheet)
        .scalar_subquery()
    )
    rows = session.execute(
        timesheets_of(provider.id).add_columns(total).limit(limit).offset(offset)
    )
    return [ListedSheet(sheet, minutes) for sheet, minutes in rows]
