"""Which half months does a provider work on now, and how do they look in a list?"""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_
from sqlalchemy.orm import Session, selectinload

from app.domain.balances import SubmissionFacts, WeekBar, week_bar
from app.domain.periods import PayPeriod, Workweek, midnight_before
from app.domain.timesheets import EDITABLE, SheetStatus
from app.models.cases import Assignment, active_assignments_of
from app.models.people import Provider
from app.models.timesheets import STATUS_OF_THESE, Timesheet, timesheets_of
from app.services import sheet_facts

NOT_STARTED = "not_started"


@dataclass(frozen=True, slots=True)
class SheetCard:
    """One half month with one recipient as a list shows it; no sheet yet means not started.

    `status` is the sheet's own, or not_started while it has no hours; `week` holds the figures of the
    workweek of today, or of the sheet's last one.
    """

    assignment: Assignment
    period: PayPeriod
    timesheet: Timesheet | None
    status: str
    total_minutes: int
    week: WeekBar | None

    @classmethod
    def of(cls, sheet: Timesheet, facts: SubmissionFacts, today: date) -> "SheetCard":
        period = facts.period
        week = week_bar(facts, Workweek.of(min(max(today, period.starts_on), period.ends_on)))
        return cls(sheet.assignment, period, sheet, shown_status(sheet), facts.total, week)


def shown_status(timesheet: Timesheet) -> str:
    """The status that a person sees: a draft without hours is not started. Needs the entries."""
    is_begun = any(entry.minutes for entry in timesheet.entries)
    if timesheet.status == SheetStatus.DRAFT and not is_begun:
        return NOT_STARTED
    return timesheet.status


def open_sheets(session: Session, provider: Provider, today: date) -> list[SheetCard]:
    """A provider's half months to work on: this one with each recipient, and earlier unsigned ones.

    Sheets of this half month are here whatever became of them, earlier ones while they can be changed.
    """
    period = PayPeriod.of(today)
    assignments = list(session.scalars(active_assignments_of(provider.id, today)))
    sheets = list(
        session.scalars(
            timesheets_of(provider.id)
            .where(
                or_(
                    Timesheet.period_starts_on == period.starts_on,
                    STATUS_OF_THESE.in_(EDITABLE),
                )
            )
            .options(selectinload(Timesheet.entries))
        )
    )
    facts = sheet_facts.facts_of_all(session, sheets, at=midnight_before(today))
    cards = [SheetCard.of(sheet, facts[sheet.id], today) for sheet in sheets]
    begun = {sheet.assignment_id for sheet in sheets if sheet.period_starts_on == period.starts_on}
    cards += [
        SheetCard(assignment, period, None, NOT_STARTED, 0, None)
        for assignment in assignments
        if assignment.id not in begun
    ]
    return sorted(cards, key=lambda card: (card.period, card.assignment.id))
