"""For which code does this browser wait while its owner signs in, and where does she want to go then?"""

from flask import session

from app import clock
from app.extensions import db
from app.models.accounts import OneTimeCode
from app.services import codes, devices
from app.services.claimants import Claimant
from app.services.codes import Channel
from app.web import device_cookie, next_page, sending_codes, signing_in

COOKIE_KEY = "code"


def send(
    claimed: Claimant, purpose: str, wanted: str | None, *, channel: str = Channel.EMAIL
) -> None:
    """Issue a code, send it, and let this browser wait for it.

    Refused as `codes.issue_code` is. Raises SendingFailed or TooBusy.
    """
    issued = codes.issue_code(
        db.session,
        claimed,
        purpose,
        channel=channel,
        device=devices.find(db.session, device_cookie.token()),
        secrets=signing_in.secrets(),
        at=clock.now(),
    )
    sending_codes.send(issued)
    session[COOKIE_KEY] = {"ticket": issued.ticket, "next": next_page.safe(wanted)}


def pending() -> OneTimeCode | None:
    """The code that this browser waits for, while it may still be asked for anew."""
    return codes.pending_code(db.session, ticket(), at=clock.now())


def ticket() -> str | None:
    return _kept().get("ticket")


def wanted() -> str | None:
    return _kept().get("next")


def _kept() -> dict[str, str | None]:
    return session.get(COOKIE_KEY) or {}
