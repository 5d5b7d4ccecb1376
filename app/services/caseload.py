"""What does a county look after: its wages, and what of its recipients' hours and pay waits for it?"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.outcomes import Refused
from app.models.people import County, WageRate


def load_counties(session: Session, table: Mapping[str, Any]) -> dict[str, County]:
    """Bring the counties of a table (see app/cli/counties.toml) in, and answer them by name.

    Loading it again changes nothing but a desk's phone and adds rates that are new; never commits.
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
        _add_rates(county, entry["rates"])
    session.flush()
    return known


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
