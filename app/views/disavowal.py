"""“This was not me”: the link in a letter about a change, which freezes the account."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import clock
from app.extensions import db
from app.services import disavowals
from app.web.access import public

bp = Blueprint("disavowal", __name__)


@bp.route("/not-me/<string:token>", methods=["GET", "POST"])
@public
def not_me(token: str) -> ResponseReturnValue:
    """What the link does, and a button that does it: mail programs open links by themselves."""
    link = disavowals.find(db.session, token, at=clock.now())
    if request.method == "GET":
        return render_template("not_me/show.html", is_done=link.used_at is not None)
    disavowals.disavow(db.session, token, at=clock.now())
    return redirect(url_for("disavowal.not_me", token=token), code=303)
