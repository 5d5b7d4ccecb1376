"""Somebody sent a form after her session had ended: how is what she typed kept until she is back?

The fields are sealed under the portal's key and kept for an hour in a table; the browser holds a
token in its signed cookie. Only the account whose session it was gets them back, on a page where she
presses the button herself: nothing is ever sent on its own.
"""

import json
from dataclasses import dataclass

from flask import current_app, request, session
from flask_login import current_user

from app import clock
from app.extensions import db
from app.gateways.secrets import Secrets, Unreadable
from app.models.accounts import Account
from app.services import devices, kept_forms, sessions
from app.web import device_cookie
from app.web.headers import is_same_origin

COOKIE_KEY = "kept_form"
PURPOSE = "kept form"
NEVER_KEPT = frozenset({"csrf_token", "password", "new_password", "code"})
LONGEST = 200_000  # bytes; the largest form of ours, a half month, has about 5,000


@dataclass(frozen=True)
class KeptTyping:
    """A form as it was sent: where to, and each field with its value in order."""

    path: str
    fields: list[tuple[str, str]]


def keep() -> bool:
    """Keep the form of this request; False when there is nobody whose it could be.

    Only a form of our own pages is kept. One that a strange page sends must not come back looking
    like something that the person typed herself.
    """
    settings = current_app.extensions["settings"]
    if not is_same_origin(settings.public_url) or (request.content_length or 0) > LONGEST:
        return False
    owner = _owner()
    if owner is None:
        return False
    typed = [pair for pair in request.form.items(multi=True) if pair[0] not in NEVER_KEPT]
    path = request.full_path.rstrip("?")
    sealed = _secrets().seal(PURPOSE, json.dumps([path, typed]), bound_to=str(owner))
    session[COOKIE_KEY] = kept_forms.keep(db.session, owner, sealed, at=clock.now())
    return True


def find(account: Account) -> KeptTyping | None:
    """What the account has typed and not sent, in this browser."""
    sealed = kept_forms.find(db.session, session.get(COOKIE_KEY), account, at=clock.now())
    if sealed is None:
        return None
    try:
        path, typed = json.loads(_secrets().open(PURPOSE, sealed, bound_to=str(account.id)))
    except Unreadable:  # the portal's key was changed meanwhile
        return None
    return KeptTyping(path, [(name, value) for name, value in typed])


def drop(account: Account) -> None:
    """It is not wanted any more."""
    if token := session.pop(COOKIE_KEY, None):
        kept_forms.drop(db.session, token, account)


def _owner() -> int | None:
    if current_user.is_authenticated:
        return int(current_user.account.id)
    device = devices.find(db.session, device_cookie.token())
    return sessions.last_account_of(
        db.session, token=session.get("_user_id"), device_id=device.id if device else None
    )


def _secrets() -> Secrets:
    return Secrets(current_app.extensions["settings"].secret_key)
