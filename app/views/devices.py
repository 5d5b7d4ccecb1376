"""Where one is signed in: the devices that are known, the sessions that are open, and leaving this phone."""

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user

from app import clock
from app.domain.outcomes import Refused
from app.domain.permissions import Permission
from app.extensions import db
from app.services import devices, sessions
from app.web import signing_in
from app.web.access import account, requires
from app.web.wording import sentence

bp = Blueprint("devices", __name__)


@bp.get("/account/devices")
@requires(Permission.MANAGE_OWN_ACCOUNT)
def index() -> ResponseReturnValue:
    """Known devices and open sessions."""
    return render_template(
        "account/devices.html",
        devices=devices.devices_of(db.session, account()),
        sessions=sessions.open_sessions_of(db.session, account(), at=clock.now()),
        here=current_user.session,
    )


@bp.post("/account/devices/<int:trusted_device_id>/forget")
@requires(Permission.MANAGE_OWN_ACCOUNT)
def forget(trusted_device_id: int) -> ResponseReturnValue:
    """A phone that was lost or sold."""
    devices.forget(db.session, trusted_device_id, by=account(), at=clock.now())
    flash(gettext("That device is signed out. It needs a code to sign in again."))
    return redirect(url_for("devices.index"), code=303)


@bp.post("/account/sessions/<int:session_id>/end")
@requires(Permission.MANAGE_OWN_ACCOUNT)
def end_session(session_id: int) -> ResponseReturnValue:
    """Somebody stayed signed in somewhere."""
    sessions.end_own(db.session, session_id, by=account(), at=clock.now())
    flash(gettext("That device is signed out."))
    return redirect(url_for("devices.index"), code=303)


@bp.post("/account/sessions/end-others")
@requires(Permission.MANAGE_OWN_ACCOUNT)
def end_others() -> ResponseReturnValue:
    """Signed in here and nowhere else."""
    sessions.end_others(db.session, but=current_user.session.id, by=account(), at=clock.now())
    flash(gettext("You are signed in on this device only."))
    return redirect(url_for("devices.index"), code=303)


@bp.post("/devices/enroll")
@requires(Permission.MANAGE_OWN_ACCOUNT)
def enroll() -> ResponseReturnValue:
    """The key by which this phone signs a check-in that was made without a session."""
    sent = request.get_json()
    key = str(sent.get("public_key") or "") if isinstance(sent, dict) else ""
    try:
        trust = devices.enroll(
            db.session, current_user.session.device_id, key, by=account(), at=clock.now()
        )
    except Refused as refused:
        return {"message": sentence(refused.code, refused.facts)}, 422
    return {"device": trust.device_id}


@bp.route("/account/leave-phone", methods=["GET", "POST"])
@requires(Permission.MANAGE_OWN_ACCOUNT)
def leave_phone() -> ResponseReturnValue:
    """This phone forgets her. Its script wipes what it kept once the portal has let the phone go."""
    if request.method == "GET":
        return render_template("account/leave_phone.html", account=account())
    devices.forget_here(db.session, current_user.session.device_id, by=account(), at=clock.now())
    home = url_for("home.index")
    asks_by_script = request.accept_mimetypes.best == "application/json"
    response = make_response({"location": home} if asks_by_script else redirect(home, code=303))
    signing_in.leave(response)
    flash(gettext("This phone does not know you any more."), "info")
    return response
