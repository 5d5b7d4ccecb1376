"""What does the list of places say of each: what it was for, what it told, who looked, when it goes?"""

from flask_babel import format_decimal, gettext

from app.domain.permissions import Role
from app.domain.positions import Fix
from app.services.locations import Look, StoredPlace
from app.web.formatting import clock_time, long_date
from app.web.places import distance
from app.web.wording import sentence

DIGITS = "0.00000"  # about a metre: no finer than any phone knows


def title(stored: StoredPlace, role: Role) -> str:
    """`Check-in for Rosa Delgado`, or for her: `Check-in of Ana Flores`."""
    own = role is Role.PROVIDER
    person = stored.assignment.provider.person if not own else stored.assignment.recipient.person
    code = f"LOCATION_{stored.kind}_{'FOR' if own else 'OF'}"
    return sentence(code.upper().replace("-", "_"), {"name": person.full_name})


def when(stored: StoredPlace) -> str:
    return str(gettext("%(day)s, %(time)s", day=long_date(stored.at), time=clock_time(stored.at)))


def point(fix: Fix) -> str:
    """The coordinates themselves, for whose they are."""
    return sentence(
        "LOCATION_POINT",
        {
            "latitude": format_decimal(fix.latitude, DIGITS),
            "longitude": format_decimal(fix.longitude, DIGITS),
            "within": distance(round(fix.accuracy)),
        },
    )


def look(one: Look) -> str:
    """`Casey Park, county worker, on March 2, 2026`."""
    facts = {"day": long_date(one.at)}
    if one.who is None:
        return sentence("LOCATION_SENT", facts)
    facts |= {"name": one.who.person.full_name, "role": sentence(f"ROLE_{one.who.role}".upper())}
    return sentence("LOCATION_LOOK", facts)


def goes(stored: StoredPlace) -> str:
    """When its coordinates are deleted, or were."""
    if stored.deleted_at is not None:
        return sentence("LOCATION_DELETED", {"day": long_date(stored.deleted_at)})
    return sentence("LOCATION_DELETES", {"day": long_date(stored.deletes_on)})
