"""The passkeys of one's own account: seen, added, named and removed."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user

from app import clock
from app.domain.outcomes import Refused
from app.domain.permissions import Permission
from app.extensions import db
from app.forms.account import PasskeyNameForm
from app.services import passkeys
from app.web import signing_in
from app.web.access import account, requires
from app.web.step_up import step_up, typed
from app.web.wording import sentence

bp = Blueprint("passkeys", __name__, url_prefix="/account/passkeys")


@bp.get("")
@requires(Permission.MANAGE_OWN_ACCOUNT)
def index() -> ResponseReturnValue:
    """All of them, and since when and when last they were used."""
    return render_template(
        "account/passkeys.html", passkeys=passkeys.passkeys_of(db.session, account())
    )


@bp.route("/new", methods=["GET", "POST"])
@requires(Permission.MANAGE_OWN_ACCOUNT)
@step_up
def new() -> ResponseReturnValue:
    """A name for it, and the button by which the browser makes it; the script does the rest."""
    return render_template("account/new_passkey.html", form=PasskeyNameForm(formdata=typed()))


@bp.post("/options")
@requires(Permission.MANAGE_OWN_ACCOUNT)
@step_up
def options() -> ResponseReturnValue:
    """What the browser needs to make a passkey."""
    return passkeys.begin_enrolment(
        db.session,
        party=signing_in.party(),
        secrets=signing_in.secrets(),
        by=account(),
        at=clock.now(),
    )


@bp.post("")
@requires(Permission.MANAGE_OWN_ACCOUNT)
@step_up
def add() -> ResponseReturnValue:
    """The passkey that was made."""
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
        return {"message": sentence(refused.code, refused.facts)}, 422
    flash(gettext("The passkey “%(name)s” was added.", name=added.name))
    return {"location": url_for("passkeys.index")}


@bp.route("/<int:passkey_id>/name", methods=["GET", "POST"])
@requires(Permission.MANAGE_OWN_ACCOUNT)
def rename(passkey_id: int) -> ResponseReturnValue:
    """Another name for it, which opens and closes nothing."""
    passkey = passkeys.find_own(db.session, passkey_id, account())
    form = PasskeyNameForm(data={"name": passkey.name})
    if request.method == "GET" or not form.validate():
        page = render_template("account/rename_passkey.html", form=form, passkey=passkey)
        return page, 422 if form.errors else 200
    passkeys.rename(db.session, passkey, form.name.data, by=account(), at=clock.now())
    flash(gettext("The passkey has a new name."))
    return redirect(url_for("passkeys.index"), code=303)


@bp.route("/<int:passkey_id>/remove", methods=["GET", "POST"])
@requires(Permission.MANAGE_OWN_ACCOUNT)
@step_up
def remove(passkey_id: int) -> ResponseReturnValue:
    """A passkey that shall open nothing any more; asked once."""
    passkey = passkeys.find_own(db.session, passkey_id, account())
    if request.method == "GET":
        return render_template("account/remove_passkey.html", passkey=passkey)
    passkeys.remove(
        db.session, passkey_id, session_id=current_user.session.id, by=account(), at=clock.now()
    )
    flash(gettext("The passkey was removed."))
    return redirect(url_for("passkeys.index"), code=303)


def _json() -> dict[str, Any]:
    sent = request.get_json()
    return sent if isinstance(sent, dict) else abort(400)
