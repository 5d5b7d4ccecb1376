"""Which hours are paid at which county's wage, and what has the week been paid already?

Gathers the facts for domain/earnings. The wage is that of the recipient's county on the day worked:
counties change it on the 1st of a month, which may lie inside a workweek.
"""

from collections.abc import Iterable, Mapping
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.claims import ClaimKind
from app.domain.earnings import Line, LineKind, RatedHours, sheet_earnings
from app.domain.outcomes import Refused
from app.domain.periods import PayPeriod, Workweek
from app.models.cases import Assignment, Case
from app.models.claims import Claim, ClaimDay
from app.models.payments import EarningsLine, Payment
from app.models.people import Recipient, WageRate
from app.models.timesheets import Timesheet, TimesheetVersion

Minutes = Mapping[date, int]


def lines_for(
    session: Session,
    assignment: Assignment,
    minutes_by_day: Minutes,
    kind: LineKind = LineKind.STRAIGHT,
) -> tuple[Line, ...]:
    """The lines that these hours of an assignment earn after all that is paid so far; only reads.

    For payroll, and for the forecast beside an open sheet; `kind` says whether they are care, travel
    to the recipient, or sick leave. Refuses with NO_WAGE_RATE (day_on) when the recipient's county
    has no wage on a day of them.
    """
    weeks = {Workweek.of(on) for on in minutes_by_day}
    paid = _versions_paid(session, assignment.provider_id, weeks)
    travelled = _travel_paid(session, assignment.provider_id, weeks)
    here = assignment.case.recipient.county_id
    wages = Wages(session, {here, *(county for county, _ in paid), *travelled})
    before = [
        hours for county, content in paid for hours in wages.rated(county, signed_minutes(content))
    ]
    before += [
        hours
        for county, days in travelled.items()
        for hours in wages.rated(county, days, LineKind.TRAVEL)
    ]
    return sheet_earnings(
        wages.rated(here, minutes_by_day, kind),
        paid_before=before,
        premium_paid=_premium_paid(session, assignment.provider_id, weeks),
    )


def signed_minutes(content: Mapping[str, object]) -> dict[date, int]:
    """The hours worked by day, in minutes, of a signed version's content: what is paid."""
    days = content["days"]
    if not isinstance(days, list):
        raise TypeError("A signed version lists its days.")
    return {date.fromisoformat(day["on"]): day["minutes"] for day in days if day["minutes"]}


def row(line: Line) -> EarningsLine:
    """A line as a payment keeps it."""
    return EarningsLine(
        kind=line.kind,
        week_of=None if line.week is None else line.week.starts_on,
        rate_cents=line.rate_cents,
        minutes=line.minutes,
        cents=line.cents,
    )


class Wages:
    """The dated wages of some counties, read once."""

    def __init__(self, session: Session, county_ids: Iterable[int]) -> None:
        self._rates: dict[int, list[WageRate]] = {}
        found = select(WageRate).where(WageRate.county_id.in_(county_ids))
        for rate in session.scalars(found.order_by(WageRate.starts_on)):
            self._rates.setdefault(rate.county_id, []).append(rate)

    def on(self, county_id: int, day: date) -> int:
        """Cents an hour in force on a day; Refused NO_WAGE_RATE when there is none."""
        in_force = [rate for rate in self._rates.get(county_id, ()) if rate.starts_on <= day]
        if not in_force:
            raise Refused("NO_WAGE_RATE", day_on=day)
        return in_force[-1].cents

    def rated(
        self, county_id: int, minutes_by_day: Minutes, kind: LineKind = LineKind.STRAIGHT
    ) -> list[RatedHours]:
        """Hours for recipients of one county, each day at its wage."""
        return [
            RatedHours(on, minutes, self.on(county_id, on), kind)
            for on, minutes in sorted(minutes_by_day.items())
        ]


def _versions_paid(
    session: Session, provider_id: int, weeks: Iterable[Workweek]
) -> list[tuple[int, Mapping[str, object]]]:
    """County and content of every version paid to the provider in the periods of these weeks."""
    periods = {PayPeriod.of(day).starts_on for week in weeks for day in week.days}
    paid = session.execute(
        select(Recipient.county_id, TimesheetVersion.content)
        .join(Payment, Payment.version_id == TimesheetVersion.id)
        .join(Timesheet, Payment.timesheet_id == Timesheet.id)
        .join(Assignment, Timesheet.assignment_id == Assignment.id)
        .join(Case, Assignment.case_id == Case.id)
        .join(Recipient, Case.recipient_id == Recipient.id)
        .where(Payment.provider_id == provider_id, Timesheet.period_starts_on.in_(periods))
    )
    return [(county_id, content) for county_id, content in paid]


def _travel_paid(
    session: Session, provider_id: int, weeks: Iterable[Workweek]
) -> dict[int, dict[date, int]]:
    """Minutes of travel paid to the provider in these weeks, by county and day."""
    days = [day for week in weeks for day in week.days]
    rows = session.execute(
        select(Recipient.county_id, ClaimDay.on, func.sum(ClaimDay.payable_minutes))
        .join(Claim, ClaimDay.claim_id == Claim.id)
        .join(Payment, Payment.claim_id == Claim.id)
        .join(Assignment, Claim.assignment_id == Assignment.id)
        .join(Case, Assignment.case_id == Case.id)
        .join(Recipient, Case.recipient_id == Recipient.id)
        .where(
            Payment.provider_id == provider_id,
            Claim.kind == ClaimKind.TRAVEL,
            ClaimDay.on.in_(days),
        )
        .group_by(Recipient.county_id, ClaimDay.on)
    )
    paid: dict[int, dict[date, int]] = {}
    for county_id, on, minutes in rows:
        paid.setdefault(county_id, {})[on] = int(minutes or 0)
    return paid


def _premium_paid(
    session: Session, provider_id: int, weeks: Iterable[Workweek]
) -> dict[Workweek, int]:
    rows = session.execute(
        select(EarningsLine.week_of, func.sum(EarningsLine.cents))
        .join(EarningsLine.payment)
        .where(
            Payment.provider_id == provider_id,
            EarningsLine.kind == LineKind.OVERTIME_PREMIUM,
            EarningsLine.week_of.in_([week.starts_on for week in weeks]),
        )
        .group_by(EarningsLine.week_of)
    )
    return {Workweek(week_of): int(cents) for week_of, cents in rows if week_of is not None}
