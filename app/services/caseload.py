"""What does a county look after: its wages, and what of its recipients' hours and pay waits for it?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session, aliased, contains_eager

from app.domain.identity import Last4
from app.domain.outcomes import Finding, Refused
from app.domain.timesheets import COUNTY_HOLDS, Hold
from app.models.accounts import Account
from app.models.cases import Assignment, Case
from app.models.people import County, Person, Provider, Recipient, WageRate
from app.models.timesheets import Timesheet, TimesheetHold, TimesheetVersion, UnauthorizedTime


class Order(StrEnum):
    """By what a list of held sheets is sorted."""

    SINCE = "since"
    PROVIDER = "provider"
    RECIPIENT = "recipient"
    PERIOD = "period"
    HOURS = "hours"


@dataclass(frozen=True, slots=True)
class HeldSheet:
    """A signed sheet that waits for the county, and why.

    `reasons` are the holds as codes EVIDENCE_…, each with the figures as they were when it was signed.
    """

    timesheet: Timesheet
    version: TimesheetVersion
    since: datetime
    reasons: tuple[Finding, ...]

    @property
    def is_approved(self) -> bool:
        """Whether the recipient has signed it too, so that only the county stands before the pay."""
        return self.version.approved_at is not None


@dataclass(frozen=True, slots=True)
class NotAuthorized:
    """What a provider worked beyond the authorization on one sheet, in minutes."""

    timesheet: Timesheet
    minutes: int
    last_on: date


def held(
    session: Session,
    county_id: int | None,
    *,
    order: Order = Order.SINCE,
    limit: int,
    offset: int = 0,
) -> list[HeldSheet]:
    """A page of a county's held sheets; first those that wait the longest, unless sorted otherwise."""
    rows = session.execute(
        _held_in(county_id).order_by(_COLUMNS[order], Timesheet.id).limit(limit).offset(offset)
    ).all()
    active = _active(session, [sheet.id for sheet, _version, _since in rows])
    return [
        HeldSheet(sheet, version, since, _reasons(version, active[sheet.id]))
        for sheet, version, since in rows
    ]


def held_one(session: Session, account: Account, timesheet_id: int) -> HeldSheet:
    """One held sheet of a county worker's own county; NoResultFound for any other."""
    row = session.execute(
        _held_in(account.county_id).where(Timesheet.id == timesheet_id)
    ).one_or_none()
    if row is None:
        raise NoResultFound
    sheet, version, since = row
    return HeldSheet(
        sheet, version, since, _reasons(version, _active(session, [sheet.id])[sheet.id])
    )


def any_timesheet(session: Session, timesheet_id: int) -> Timesheet:
    """Any sheet at all, for the operator's command line; NoResultFound for an unknown one."""
    return session.scalars(select(Timesheet).where(Timesheet.id == timesheet_id)).one()


def not_authorized(session: Session, county_id: int | None, *, limit: int) -> list[NotAuthorized]:
    """What was worked beyond the authorization in a county, the newest first (decision 4)."""
    beyond = (
        select(
            UnauthorizedTime.timesheet_id,
            func.sum(UnauthorizedTime.minutes).label("minutes"),
            func.max(UnauthorizedTime.on).label("last_on"),
        )
        .group_by(UnauthorizedTime.timesheet_id)
        .subquery()
    )
    rows = session.execute(
        select(Timesheet, beyond.c.minutes, beyond.c.last_on)
        .join(beyond, beyond.c.timesheet_id == Timesheet.id)
        .join(Timesheet.assignment)
        .join(Assignment.case)
        .join(Case.recipient)
        .where(Recipient.county_id == county_id)
        .order_by(beyond.c.last_on.desc(), Timesheet.id)
        .limit(limit)
    )
    return [NotAuthorized(sheet, int(minutes), last_on) for sheet, minutes, last_on in rows]


def load_counties(session: Session, table: Mapping[str, Any]) -> dict[str, County]:
    """Bring the counties of a table (see app/cli/counties.toml) in, and answer them by name.

    Loading it again changes nothing but a desk's phone and by which number its recipients register
    (`recipients_know`, "ssn" or "cin"), and adds rates that are new; never commits.
    Refuses with WAGE_RATE_DIFFERS when a rate of that day is already there with another amount: pay
    may rest on it, so a correction is a rate of another day.
    """
    known = {county.name: county for county in session.scalars(select(County))}
    for entry in table["counties"]:
        county = known.get(entry["name"])
        if county is None:
            county = known[entry["name"]] = County(name=entry["name"])
            session.add(county)
        county.phone = entry["phone"]
        county.recipients_know = Last4(entry.get("recipients_know", Last4.SSN)).value
        _add_rates(county, entry["rates"])
    session.flush()
    return known


_waiting = (
    select(
        TimesheetHold.timesheet_id,
        func.max(TimesheetHold.version_id).label("version_id"),
        func.min(TimesheetHold.placed_at).label("since"),
    )
    .where(TimesheetHold.released_at.is_(None), TimesheetHold.code.in_(COUNTY_HOLDS))
    .group_by(TimesheetHold.timesheet_id)
    .subquery()
)
_provider_person = aliased(Person)
_recipient_person = aliased(Person)
_COLUMNS = {
    Order.SINCE: _waiting.c.since,
    Order.PROVIDER: _provider_person.last_name,
    Order.RECIPIENT: _recipient_person.last_name,
    Order.PERIOD: Timesheet.period_starts_on,
    Order.HOURS: TimesheetVersion.total_minutes.desc(),
}


def _held_in(county_id: int | None) -> Select[Timesheet, TimesheetVersion, datetime]:
    return (
        select(Timesheet, TimesheetVersion, _waiting.c.since)
        .join(_waiting, _waiting.c.timesheet_id == Timesheet.id)
        .join(TimesheetVersion, TimesheetVersion.id == _waiting.c.version_id)
        .join(Timesheet.assignment)
        .join(Assignment.provider)
        .join(_provider_person, _provider_person.id == Provider.person_id)
        .join(Assignment.case)
        .join(Case.recipient)
        .join(_recipient_person, _recipient_person.id == Recipient.person_id)
        .where(Recipient.county_id == county_id)
        .options(contains_eager(Timesheet.assignment))
    )


def _active(session: Session, timesheet_ids: Sequence[int]) -> dict[int, list[TimesheetHold]]:
    """The county's active holds of each sheet, in the order in which they were placed."""
    found: dict[int, list[TimesheetHold]] = {sheet_id: [] for sheet_id in timesheet_ids}
    holds = session.scalars(
        select(TimesheetHold)
        .where(
            TimesheetHold.timesheet_id.in_(timesheet_ids),
            TimesheetHold.released_at.is_(None),
            TimesheetHold.code.in_(COUNTY_HOLDS),
        )
        .order_by(TimesheetHold.id)
    )
    for hold in holds:
        found[hold.timesheet_id].append(hold)
    return found


def _reasons(version: TimesheetVersion, holds: Sequence[TimesheetHold]) -> tuple[Finding, ...]:
    """Each hold with the figures that were found when the version was signed."""
    figures = {said["code"]: said["facts"] for said in version.content["holds"]}
    return tuple(_reason(hold, figures.get(hold.code)) for hold in holds)


def _reason(hold: TimesheetHold, figures: Mapping[str, Any] | None) -> Finding:
    if hold.why is not None:
        return Finding(f"WHY_{hold.why}")
    if figures is None:
        return Finding(f"HELD_{hold.code}")
    if hold.code == Hold.OVER_70_PERCENT:
        facts = {
            "claimed_minutes": figures["claimed"],
            "authorized_minutes": figures["authorized"],
            "percent": figures["percent"],
        }
        return Finding("EVIDENCE_OVER_70_PERCENT", facts)
    if hold.code == Hold.LATE:
        return Finding("EVIDENCE_LATE", {"days": figures["days"]})
    return Finding(f"EVIDENCE_{hold.code}")


def _add_rates(county: County, rates: list[dict[str, Any]]) -> None:
    known = {rate.starts_on: rate.cents for rate in county.wage_rates}
    for rate in rates:
        cents = int(Decimal(rate["wage"]) * 100)
        if known.setdefault(rate["from"], cents) != cents:
            raise Refused("WAGE_RATE_DIFFERS", county=county.name, starts_on=rate["from"])
        if all(rate["from"] != there.starts_on for there in county.wage_rates):
            county.wage_rates.append(
                WageRate(starts_on=rate["from"], cents=cents, authority=rate["authority"])
            )
