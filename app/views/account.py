"""One's own account: the passkeys that open it, and the phones and computers that it is used on."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user

from app import clock
from app.domain import sign_in as rules
from app.domain.outcomes import Refused
from app.domain.permissions import Permission
from app.extensions import db
from app.models.accounts import Account
from app.services import devices, passkeys
from app.web import signing_in
from app.web.access import account, requires
from app.web.wording import sentence

bp = Blueprint("account", __name__)


@bp.get("/account")
@requires(Permission.MANAGE_OWN_ACCOUNT)
def index() -> ResponseReturnValue:
    """Passkeys and devices."""
    refusal = _may_not_change_passkeys(account())
    return render_template(
        "account/index.html",
        account=account(),
        passkeys=passkeys.passkeys_of(db.session, account()),
        devices=devices.devices_of(db.session, account()),
        this_device=current_user.session.device_id,
        may_not_change=sentence(refusal.code) if refusal else None,
    )


@bp.post("/account/passkeys/options")
@requires(Permission.MANAGE_OWN_ACCOUNT)
def passkey_options() -> ResponseReturnValue:
    """What the browser needs to make a passkey."""
    if refusal := _may_not_change_passkeys(account()):
        return _no(refusal)
    return passkeys.begin_enrolment(
        db.session,
        party=signing_in.party(),
        secrets=signing_in.secrets(),
        by=account(),
        at=clock.now(),
    )


@bp.post("/account/passkeys")
@requires(Permission.MANAGE_OWN_ACCOUNT)
def add_passkey() -> ResponseReturnValue:
    """The passkey that was made."""
    if refusal := _may_not_change_passkeys(account()):
        return _no(refusal)
    sent = _json()
    try:
        added = passkeys.enrol(
            db.session,
            sent.get("credential") or {},
            str(sent.get("name") or gettext("My passkey")),
            party=signing_in.party(),
            secrets=signing_in.secrets(),
            session_id=current_user.session.id,
            by=account(),
            at=clock.now(),
        )
    except Refused as refused:
        return _no(refused)
    flash(gettext("The passkey “%(name)s” was added.", name=added.name))
    return {"location": url_for("account.index")}


@bp.post("/account/passkeys/<int:passkey_id>/remove")
@requires(Permission.MANAGE_OWN_ACCOUNT)
def remove_passkey(passkey_id: int) -> ResponseReturnValue:
    """A passkey that shall open nothing any more."""
    if refusal := _may_not_change_passkeys(account()):
        raise refusal
    passkeys.remove(
        db.session,
        passkey_id,
        session_id=current_user.session.id,
        by=account(),
        at=clock.now(),
    )
    flash(gettext("The passkey was removed."))
    return redirect(url_for("account.index"), code=303)


@bp.post("/account/devices/<int:trusted_device_id>/forget")
@requires(Permission.MANAGE_OWN_ACCOUNT)
def forget_device(trusted_device_id: int) -> ResponseReturnValue:
    """A phone that was lost or sold."""
    devices.forget(db.session, trusted_device_id, by=account(), at=clock.now())
    flash(gettext("That device is signed out. It needs a code to sign in again."))
    return redirect(url_for("account.index"), code=303)


@bp.post("/devices/enroll")
@requires(Permission.MANAGE_OWN_ACCOUNT)
def enroll_device() -> ResponseReturnValue:
    """The key by which this phone signs a check-in that was made without a session."""
    try:
        trust = devices.enroll(
            db.session,
            current_user.session.device_id,
            str(_json().get("public_key") or ""),
            by=account(),
            at=clock.now(),
        )
    except Refused as refused:
        return _no(refused)
    return {"device": trust.device_id}


def _may_not_change_passkeys(owner: Account) -> Refused | None:
    """Why passkeys cannot be added or removed in this session; None when they can."""
    has_another_way = owner.password_hash is not None or bool(
        passkeys.passkeys_of(db.session, owner)
    )
    try:
        rules.check_may_change_factors(
            by_code_alone=current_user.session.method == "code",
            has_another_way=has_another_way,
            started_at=current_user.session.created_at,
            at=clock.now(),
        )
    except Refused as refused:
        return refused
    return None


def _json() -> dict[str, Any]:
    sent = request.get_json()
    return sent if isinstance(sent, dict) else abort(400)


def _no(refused: Refused) -> ResponseReturnValue:
    return {"message": sentence(refused.code, refused.facts)}, 422
