"""What lies ahead of a sheet as it stands: its pay, what would follow, the smallest change, odd days?

And the same as plain facts for the phone, which reckons while hours are typed. All of it is read for a
provider's sheets together, in few statements, and is shown to nobody but her.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain import flexible_weeks, habits, violations
from app.domain.balances import DayHours, SubmissionFacts
from app.domain.fills import A_WEEK
from app.domain.flexible_weeks import MovedWeek
from app.domain.habits import Habit, Question
from app.domain.outcomes import Finding, Refused
from app.domain.periods import PayPeriod
from app.domain.phone_sheets import for_phone, pay_for_phone
from app.domain.smallest_change import DayCut, smallest_change
from app.domain.violations import Prospect
from app.models.timesheets import TimeEntry, Timesheet
from app.services import earnings, forecast
from app.services.earnings import PaidSoFar
from app.services.forecast import Forecast


@dataclass(frozen=True, slots=True)
class Outlook:
    """What would follow if a sheet were submitted as it stands, and the facts to reckon it anew."""

    pay: Forecast | None
    expected_on: date
    moved: tuple[MovedWeek, ...]
    prospects: tuple[Prospect, ...]
    change: tuple[DayCut, ...]
    questions: Sequence[Question]
    phone: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Past:
    """What a provider entered for a recipient lately, and what she was paid already."""

    minutes: Mapping[date, int]
    paid: PaidSoFar

    def habits(self, period: PayPeriod) -> dict[int, Habit]:
        worked = (DayHours(on, minutes) for on, minutes in self.minutes.items())
        return habits.learn(worked, period.starts_on)


def outlook(
    session: Session, timesheet: Timesheet, facts: SubmissionFacts, findings: Iterable[Finding]
) -> Outlook:
    """What a provider sees coming beside one of her sheets."""
    said = tuple(findings)
    past = _pasts(session, [timesheet])[timesheet.id]
    known = past.habits(facts.period)
    return Outlook(
        pay=forecast.of_sheet(timesheet, facts, past.paid),
        expected_on=forecast.expected_on(facts),
        moved=flexible_weeks.moved_weeks(said),
        prospects=violations.would_follow(said, (), facts.today),
        change=smallest_change(facts),
        questions=habits.questions(known, _open_days(timesheet, facts), facts.today),
        phone=_for_phone(timesheet, facts, past),
    )


def phone_facts(
    session: Session, sheets: Sequence[Timesheet], facts: Mapping[int, SubmissionFacts]
) -> dict[int, dict[str, Any]]:
    """What the phone reckons with, by the ids of one provider's sheets; see domain/phone_sheets."""
    pasts = _pasts(session, sheets)
    return {sheet.id: _for_phone(sheet, facts[sheet.id], pasts[sheet.id]) for sheet in sheets}


def _for_phone(sheet: Timesheet, facts: SubmissionFacts, past: _Past) -> dict[str, Any]:
    before = (facts.period.starts_on - timedelta(days=day) for day in range(A_WEEK.days, 0, -1))
    return for_phone(facts) | {
        "name": sheet.assignment.recipient.person.first_name,
        "live_in": sheet.assignment.live_in,
        "pay": _pay(sheet, facts, past.paid),
        "habits": {weekday: asdict(habit) for weekday, habit in past.habits(facts.period).items()},
        "week_before": {on.isoformat(): past.minutes[on] for on in before if on in past.minutes},
    }


def _pay(sheet: Timesheet, facts: SubmissionFacts, paid: PaidSoFar) -> dict[str, Any] | None:
    """None where nothing can be said of the pay: a day has no wage, or only a difference is paid."""
    if sheet.amends is not None:
        return None
    county = sheet.assignment.recipient.county_id
    try:
        rates = {on: paid.wages.on(county, on) for on in facts.period.days}
    except Refused:
        return None
    return pay_for_phone(facts.period, rates, paid.before, paid.premium)


def _pasts(session: Session, sheets: Sequence[Timesheet]) -> dict[int, _Past]:
    if not sheets:
        return {}
    periods = [PayPeriod.starting(sheet.period_starts_on) for sheet in sheets]
    minutes = _recent_minutes(session, sheets, periods)
    weeks = {week for period in periods for week in period.workweeks}
    counties = {sheet.assignment.recipient.county_id for sheet in sheets}
    paid = earnings.paid_so_far(session, sheets[0].assignment.provider_id, weeks, counties)
    return {sheet.id: _Past(minutes[sheet.assignment_id], paid) for sheet in sheets}


def _recent_minutes(
    session: Session, sheets: Sequence[Timesheet], periods: Sequence[PayPeriod]
) -> Mapping[int, Mapping[date, int]]:
    """The minutes that she entered lately, by assignment and day; on any sheet, sent or not."""
    rows = session.execute(
        select(Timesheet.assignment_id, TimeEntry.on, TimeEntry.minutes)
        .join(TimeEntry.timesheet)
        .where(
            Timesheet.assignment_id.in_({sheet.assignment_id for sheet in sheets}),
            Timesheet.period_starts_on
            >= min(periods).starts_on - habits.LOOKS_BACK - timedelta(days=16),
            TimeEntry.on >= min(periods).starts_on - habits.LOOKS_BACK,
            TimeEntry.on < max(periods).starts_on,
            TimeEntry.minutes > 0,
        )
    )
    minutes: dict[int, dict[date, int]] = defaultdict(dict)
    for assignment_id, on, worked in rows:
        minutes[assignment_id][on] = worked or 0
    return minutes


def _open_days(timesheet: Timesheet, facts: SubmissionFacts) -> dict[date, int | None]:
    """The days of a sheet that may hold hours, with their minutes."""
    minutes = {entry.on: entry.minutes for entry in timesheet.entries}
    return {on: minutes.get(on) for on in facts.period.days if timesheet.assignment.active_on(on)}
