"""Which hours are paid at which county's wage, and what has the week been paid already?

Gathers the facts for domain/earnings. The wage is that of the recipient's county on the day worked:
counties change it on the 1st of a month, which may lie inside a workweek.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.claims import ClaimKind
from app.domain.earnings import Line, LineKind, RatedHours, Replaced, sheet_earnings
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

    Where the half month of care was paid before, they are the difference to it (decision 11).
    For payroll, and for the forecast beside an open sheet; `kind` says whether they are care, travel
    to the recipient, or sick leave. Refuses with NO_WAGE_RATE (day_on) when the recipient's county
    has no wage on a day of them.
    """
    here = assignment.case.recipient.county_id
    halves = {PayPeriod.of(on) for on in minutes_by_day}
    weeks = {week for half in halves for week in half.workweeks}
    care = [(assignment.id, half.starts_on) for half in halves if kind is LineKind.STRAIGHT]
    paid = paid_so_far(session, assignment.provider_id, weeks, {here}, replacing=care)
    return paid.lines(here, minutes_by_day, kind)


def paid_so_far(
    session: Session,
    provider_id: int,
    weeks: Collection[Workweek],
    counties: Iterable[int],
    *,
    replacing: Collection[tuple[int, date]] = (),
) -> "PaidSoFar":
    """What a provider was paid in some workweeks; `counties` are those whose wages are asked for.

    `replacing` names half months, by assignment and first day, of which a correction is asked for:
    their weeks must be among the workweeks.
    """
    versions = _versions_paid(session, provider_id, weeks)
    own = [each for each in versions if (each.assignment_id, each.period_starts_on) in replacing]
    travelled = _travel_paid(session, provider_id, weeks)
    wages = Wages(session, {*counties, *(each.county_id for each in versions), *travelled})
    before = [
        hours
        for each in versions
        if each not in own
        for hours in wages.rated(each.county_id, signed_minutes(each.content))
    ]
    before += [
        hours
        for county, days in travelled.items()
        for hours in wages.rated(county, days, LineKind.TRAVEL)
    ]
    premium = _premium_paid(session, provider_id, weeks)
    return PaidSoFar(wages, before, premium, _replaced(session, wages, own))


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


@dataclass(frozen=True, slots=True)
class PaidSoFar:
    """The hours that a provider was paid for in some workweeks, their premium, and the wages."""

    wages: Wages
    before: Sequence[RatedHours]
    premium: Mapping[Workweek, int]
    replaces: Replaced

    def lines(
        self, county_id: int, minutes_by_day: Minutes, kind: LineKind = LineKind.STRAIGHT
    ) -> tuple[Line, ...]:
        """What further hours for a recipient of this county would earn."""
        return sheet_earnings(
            self.wages.rated(county_id, minutes_by_day, kind),
            paid_before=self.before,
            premium_paid=self.premium,
            replaces=self.replaces if kind is LineKind.STRAIGHT else Replaced(),
        )


class _PaidSheet(NamedTuple):
    """What was paid last of a sheet."""

    timesheet_id: int
    assignment_id: int
    period_starts_on: date
    county_id: int
    content: Mapping[str, object]


def _versions_paid(
    session: Session, provider_id: int, weeks: Iterable[Workweek]
) -> list[_PaidSheet]:
    """Of each sheet in the periods of these weeks, the newest version that was paid."""
    periods = {PayPeriod.of(day).starts_on for week in weeks for day in week.days}
    paid = session.execute(
        select(
            Timesheet.id,
            Assignment.id,
            Timesheet.period_starts_on,
            Recipient.county_id,
            TimesheetVersion.content,
        )
        .join(TimesheetVersion, TimesheetVersion.timesheet_id == Timesheet.id)
        .join(Payment, Payment.version_id == TimesheetVersion.id)
        .join(Assignment, Timesheet.assignment_id == Assignment.id)
        .join(Case, Assignment.case_id == Case.id)
        .join(Recipient, Case.recipient_id == Recipient.id)
        .where(Payment.provider_id == provider_id, Timesheet.period_starts_on.in_(periods))
        .order_by(TimesheetVersion.number)
    )
    return list({row[0]: _PaidSheet(*row) for row in paid}.values())


def _replaced(session: Session, wages: Wages, own: Sequence[_PaidSheet]) -> Replaced:
    """The hours of a sheet as paid before, and what they were paid: the wage may have changed since."""
    if not own:
        return Replaced()
    lines = session.execute(
        select(
            EarningsLine.rate_cents, func.sum(EarningsLine.minutes), func.sum(EarningsLine.cents)
        )
        .join(EarningsLine.payment)
        .where(
            Payment.timesheet_id.in_([each.timesheet_id for each in own]),
            EarningsLine.kind == LineKind.STRAIGHT,
        )
        .group_by(EarningsLine.rate_cents)
    )
    return Replaced(
        hours=tuple(
            hours
            for each in own
            for hours in wages.rated(each.county_id, signed_minutes(each.content))
        ),
        lines=tuple(
            Line(LineKind.STRAIGHT, rate, int(minutes), int(cents))
            for rate, minutes, cents in lines
        ),
    )


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
