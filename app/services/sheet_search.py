"""Which half months were there, of all years, with whom, and how do they stand?

However many timesheets the portal holds, only those of a person's own assignments are read: few, and
found by the index of assignment and period. A page begins after the last sheet of the one before.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, extract, func, or_, select, tuple_
from sqlalchemy.orm import Session

from app.domain.periods import Month, PayPeriod
from app.domain.timesheets import SheetStatus
from app.models.accounts import Account
from app.models.cases import Assignment, assignments_of
from app.models.people import Provider
from app.models.timesheets import STATUS_OF_THESE, TimeEntry, Timesheet, TimesheetVersion
from app.services import approvals
from app.services.approvals import SignedSheet
from app.services.sheet_cards import NOT_STARTED


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page of the history ends: the next one begins after it."""

    period_starts_on: date
    timesheet_id: int


@dataclass(frozen=True, slots=True)
class Search:
    """What is looked for; None asks for all.

    `who` is the case that a provider worked for, or the provider that a recipient asks about.
    `status` is the code of a timesheet's or of a payment's status.
    """

    who: int | None = None
    year: int | None = None
    month: int | None = None
    status: str | None = None
    after: Place | None = None


@dataclass(frozen=True, slots=True)
class FoundSheet:
    """One half month as a list shows it; `total_minutes` are those of what the reader would open."""

    timesheet: Timesheet
    status: str
    total_minutes: int

    @property
    def period(self) -> PayPeriod:
        return PayPeriod.starting(self.timesheet.period_starts_on)


@dataclass(frozen=True, slots=True)
class Found:
    """A page of what was found, and where the next one begins; None where nothing follows."""

    sheets: list[FoundSheet]
    next: Place | None


def assignments_of_provider(session: Session, provider: Provider) -> Sequence[Assignment]:
    """Everybody a provider ever worked for."""
    return session.scalars(assignments_of(provider.id)).all()


def assignments_of_signer(session: Session, account: Account, on: date) -> Sequence[Assignment]:
    """Everybody who ever worked for those whose timesheets this account may sign on a day."""
    cases = [case.id for case in approvals.cases_of(session, account, on)]
    return session.scalars(
        select(Assignment).where(Assignment.case_id.in_(cases)).order_by(Assignment.id)
    ).all()


def first_year(session: Session, assignments: Iterable[Assignment]) -> int | None:
    """The year of the oldest half month on record; None while there is none."""
    first = session.scalar(
        select(func.min(Timesheet.period_starts_on)).where(
            Timesheet.assignment_id.in_([each.id for each in assignments])
        )
    )
    return None if first is None else first.year


def of_provider(
    session: Session, assignments: Iterable[Assignment], search: Search, *, limit: int
) -> Found:
    """A page of a provider's half months, the newest first, with the minutes that stand on each."""
    asked = [each.id for each in assignments if search.who in (None, each.case_id)]
    total = (
        select(func.coalesce(func.sum(TimeEntry.minutes), 0))
        .where(TimeEntry.timesheet_id == Timesheet.id)
        .correlate(Timesheet)
        .scalar_subquery()
    )
    rows = session.execute(_matching(asked, search).add_columns(total).limit(limit + 1))
    return _page([FoundSheet(sheet, _shown(sheet, total), total) for sheet, total in rows], limit)


def of_signer(
    session: Session, assignments: Iterable[Assignment], search: Search, *, limit: int
) -> Found:
    """The same for whoever signs: only what a provider has signed, with the minutes of that."""
    asked = [each.id for each in assignments if search.who in (None, each.provider_id)]
    latest = (
        select(func.max(TimesheetVersion.number))
        .where(TimesheetVersion.timesheet_id == Timesheet.id)
        .correlate(Timesheet)
        .scalar_subquery()
    )
    rows = session.execute(
        _matching(asked, search)
        .join(TimesheetVersion, TimesheetVersion.timesheet_id == Timesheet.id)
        .where(TimesheetVersion.number == latest)
        .add_columns(TimesheetVersion)
        .limit(limit + 1)
    )
    found = [SignedSheet(sheet, version) for sheet, version in rows]
    return _page([_signed(each) for each in found], limit)


def _matching(assignment_ids: Sequence[int], search: Search) -> Select[Timesheet]:
    found = (
        select(Timesheet)
        .where(Timesheet.assignment_id.in_(assignment_ids))
        .order_by(Timesheet.period_starts_on.desc(), Timesheet.id.desc())
    )
    for condition in _conditions(search):
        found = found.where(condition)
    return found


def _conditions(search: Search) -> Iterator[ColumnElement[bool]]:
    if (days := _days(search)) is not None:
        yield Timesheet.period_starts_on.between(*days)
    elif search.month is not None:
        yield extract("month", Timesheet.period_starts_on) == search.month
    if search.status == NOT_STARTED:
        yield STATUS_OF_THESE == SheetStatus.DRAFT
        yield ~_has_hours()
    elif search.status == SheetStatus.DRAFT:
        yield STATUS_OF_THESE == SheetStatus.DRAFT
        yield _has_hours()
    elif search.status is not None:
        yield or_(STATUS_OF_THESE.in_([search.status]), Timesheet.payment_status == search.status)
    if search.after is not None:
        place = tuple_(Timesheet.period_starts_on, Timesheet.id)
        yield place < (search.after.period_starts_on, search.after.timesheet_id)


def _days(search: Search) -> tuple[date, date] | None:
    """The first and the last day on which a half month that is asked for may begin."""
    if search.year is None:
        return None
    if search.month is None:
        return date(search.year, 1, 1), date(search.year, 12, 31)
    month = Month(date(search.year, search.month, 1))
    return month.starts_on, month.ends_on


def _has_hours() -> ColumnElement[bool]:
    return (
        select(TimeEntry.id)
        .where(TimeEntry.timesheet_id == Timesheet.id, TimeEntry.minutes > 0)
        .correlate(Timesheet)
        .exists()
    )


def _shown(sheet: Timesheet, minutes: int) -> str:
    is_blank = sheet.status == SheetStatus.DRAFT and not minutes
    return NOT_STARTED if is_blank else sheet.status


def _signed(signed: SignedSheet) -> FoundSheet:
    """A sheet that was taken back is in its provider's hands again, whatever became of it there."""
    is_back = signed.version.withdrawn_at is not None
    status = SheetStatus.DRAFT.value if is_back else signed.timesheet.status
    return FoundSheet(signed.timesheet, status, signed.version.total_minutes)


def _page(found: list[FoundSheet], limit: int) -> Found:
    if len(found) <= limit:
        return Found(found, None)
    last = found[limit - 1].timesheet
    return Found(found[:limit], Place(last.period_starts_on, last.id))
