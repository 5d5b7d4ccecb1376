"""Which timesheets of her county can a worker look at, and how does one stand?"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session, contains_eager

from app.domain.timesheets import SheetStatus
from app.models.accounts import Account
from app.models.cases import Assignment, Case
from app.models.people import Provider, Recipient
from app.models.timesheets import Timesheet, TimesheetHold, TimesheetVersion
from app.services import sheet_status, voids


@dataclass(frozen=True, slots=True)
class CountySheet:
    """A sheet with all that was signed on it, the newest first, and what the county can do now."""

    timesheet: Timesheet
    versions: Sequence[TimesheetVersion]
    holds: Sequence[TimesheetHold]
    may_hold: bool
    may_void: bool

    @property
    def version(self) -> TimesheetVersion | None:
        return self.versions[0] if self.versions else None


def found(session: Session, account: Account, number: str, *, limit: int) -> Sequence[Timesheet]:
    """The newest sheets of a provider or a case by exactly this number, of her own county; no drafts."""
    number = number.strip()
    if not number:
        return []
    return session.scalars(
        _of_county(account)
        .join(Assignment.provider)
        .where(
            or_(Case.number == number, Provider.number == number),
            Timesheet.status != SheetStatus.DRAFT,
        )
        .order_by(Timesheet.period_starts_on.desc(), Timesheet.id)
        .limit(limit)
    ).all()


def one(session: Session, account: Account, timesheet_id: int) -> CountySheet:
    """One sheet of a county worker's own county; NoResultFound for any other."""
    timesheet = session.scalars(_of_county(account).where(Timesheet.id == timesheet_id)).one()
    about = voids.signed_now(session, timesheet)
    is_open = about is not None and not sheet_status.is_in_a_batch(session, about)
    return CountySheet(
        timesheet,
        sheet_status.versions_of(session, timesheet),
        _active_holds(session, timesheet),
        may_hold=is_open and timesheet.status in sheet_status.SIGNED_AND_THERE,
        may_void=is_open,
    )


def _of_county(account: Account) -> Select[Timesheet]:
    return (
        select(Timesheet)
        .join(Timesheet.assignment)
        .join(Assignment.case)
        .join(Case.recipient)
        .where(Recipient.county_id == account.county_id)
        .options(contains_eager(Timesheet.assignment))
    )


def _active_holds(session: Session, timesheet: Timesheet) -> Sequence[TimesheetHold]:
    return session.scalars(
        select(TimesheetHold)
        .where(TimesheetHold.timesheet_id == timesheet.id, TimesheetHold.released_at.is_(None))
        .order_by(TimesheetHold.id)
    ).all()
