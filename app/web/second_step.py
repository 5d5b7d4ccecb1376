"""Whose password was right in this browser just now, and by which second step may she go on?

The cookie that says so is signed by us and works for some minutes only, for the second step and for
nothing else.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from flask import current_app, session, url_for
from sqlalchemy import select

from app import clock
from app.domain import sign_in as rules
from app.extensions import db
from app.models.accounts import Account
from app.services import factors
from app.web import next_page

COOKIE_KEY = "second_step"


class Way(StrEnum):
    """A second step, in the order in which they are offered."""

    APP = "app"
    TEXT = "text"
    EMAIL = "email"
    KIT = "kit"


@dataclass(frozen=True, slots=True)
class Waiting:
    """Somebody who gave the right password, the ways that she has, and the page that she wants."""

    account: Account
    ways: tuple[Way, ...]
    wanted: str


def begin(known: Account, wanted: str | None) -> Waiting:
    """The password was right: this browser may take the second step, for some minutes."""
    target = next_page.safe(wanted)
    session[COOKIE_KEY] = {"account": known.id, "at": clock.now().isoformat(), "next": target}
    return Waiting(known, _ways_of(known), target)


def waiting() -> Waiting | None:
    """Who waits for her second step here; None when it took too long or the password changed since."""
    kept = session.get(COOKIE_KEY)
    if not kept:
        return None
    proved_at = datetime.fromisoformat(kept["at"])
    if clock.now() >= rules.second_step_ends_at(proved_at):
        return None
    account = db.session.scalars(select(Account).where(Account.id == kept["account"])).one()
    if account.password_changed_at is not None and account.password_changed_at >= proved_at:
        return None
    return Waiting(account, _ways_of(account), kept["next"])


def first_page(waits: Waiting) -> str:
    """Where she goes on: to the app, which needs nothing sent, else to a choice."""
    return url_for("second_step.app" if Way.APP in waits.ways else "second_step.choose")


def _ways_of(account: Account) -> tuple[Way, ...]:
    ways = factors.ways_of(db.session, account)
    sends_texts = current_app.extensions["settings"].sends_texts
    has = {
        Way.APP: ways.has_app,
        Way.TEXT: ways.phone is not None and sends_texts,
        Way.EMAIL: ways.email is not None,
        Way.KIT: ways.kit_codes > 0,
    }
    return tuple(way for way, is_there in has.items() if is_there)
