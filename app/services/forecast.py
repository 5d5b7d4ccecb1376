"""What will a sheet probably pay, and when, if it is submitted and approved today?"""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from app.domain.balances import SubmissionFacts
from app.domain.business_days import expected_pay_on
from app.domain.earnings import LineKind, total_cents
from app.domain.outcomes import Refused
from app.gateways.holidays import CALIFORNIA
from app.models.timesheets import Timesheet
from app.services import earnings


@dataclass(frozen=True, slots=True)
class Forecast:
    """Cents before deductions, the minutes they are for, and the day the money should arrive."""

    cents: int
    regular_minutes: int
    overtime_minutes: int
    expected_on: date


def of_sheet(session: Session, timesheet: Timesheet, facts: SubmissionFacts) -> Forecast | None:
    """The forecast for a sheet's present hours; None without hours or without a known wage."""
    if not facts.total or timesheet.amends is not None:  # a difference
        return None
    minutes = {entry.on: entry.minutes for entry in facts.worked_entries}
    try:
        lines = earnings.lines_for(session, timesheet.assignment, minutes)
    except Refused:
        return None
    overtime = sum(line.minutes for line in lines if line.kind is LineKind.OVERTIME_PREMIUM)
    return Forecast(
        cents=total_cents(lines),
        regular_minutes=facts.total - overtime,
        overtime_minutes=overtime,
        expected_on=expected_pay_on(facts.today, CALIFORNIA),
    )
