"""What will a sheet probably pay, and when, if it is submitted and approved today?"""

from dataclasses import dataclass
from datetime import date

from app.domain.balances import SubmissionFacts
from app.domain.business_days import expected_pay_on
from app.domain.earnings import LineKind, total_cents
from app.domain.outcomes import Refused
from app.gateways.holidays import CALIFORNIA
from app.models.timesheets import Timesheet
from app.services.earnings import PaidSoFar


@dataclass(frozen=True, slots=True)
class Forecast:
    """Cents before deductions, and the minutes they are for."""

    cents: int
    regular_minutes: int
    overtime_minutes: int


def of_sheet(timesheet: Timesheet, facts: SubmissionFacts, paid: PaidSoFar) -> Forecast | None:
    """The forecast for a sheet's present hours; None without hours or without a known wage.

    None, too, for a correction: what it pays is a difference, which payroll reckons.
    """
    if not facts.total or timesheet.amends is not None:
        return None
    minutes = {entry.on: entry.minutes for entry in facts.worked_entries}
    try:
        lines = paid.lines(timesheet.assignment.recipient.county_id, minutes)
    except Refused:
        return None
    overtime = sum(line.minutes for line in lines if line.kind is LineKind.OVERTIME_PREMIUM)
    return Forecast(
        cents=total_cents(lines),
        regular_minutes=facts.total - overtime,
        overtime_minutes=overtime,
    )


def expected_on(facts: SubmissionFacts) -> date:
    """The day on which the money should arrive."""
    return expected_pay_on(facts.today, CALIFORNIA)
