"""The first page: what matters now, for whoever is looking; notices and help beside it."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app import clock
from app.domain.permissions import Permission, Role
from app.extensions import db
from app.models.engine import writing
from app.models.messages import notices_for
from app.services import approvals
from app.services.notices import mark_read
from app.web import access, notice_words, provider_page
from app.web.access import account, public, requires

bp = Blueprint("home", __name__)

MOST_NOTICES = 50


@bp.get("/")
@public
def index() -> ResponseReturnValue:
    """Signed out, what this is and a way in; signed in, what matters to that role."""
    match access.signed_in_role():
        case None:
            return render_template("home/landing.html", asks_no_session=True)
        case Role.PROVIDER:
            return provider_page.draw()
        case Role.RECIPIENT | Role.SIGNATORY:
            home = approvals.recipient_home(db.session, account(), clock.today())
            return render_template("home/recipient.html", home=home)
        case Role.COUNTY_WORKER:
            return redirect(url_for("county.index"), 303)
        case Role.SERVICE_DESK:
            return redirect(url_for("service_desk.index"), 303)


@bp.get("/notices")
@requires(Permission.MANAGE_OWN_ACCOUNT)
def notices() -> ResponseReturnValue:
    """What the portal has told this account; looking at it is reading it."""
    by, role = account(), access.signed_in_role()
    found = list(db.session.scalars(notices_for(by.id).limit(MOST_NOTICES)))
    page = render_template(
        "home/notices.html", notices=[notice_words.shown(notice, role) for notice in found]
    )
    if any(notice.read_at is None for notice in found):
        db.session.rollback()  # the page is drawn; the write is short and comes last
        with writing():
            mark_read(db.session, by=by, at=clock.now())
    return page


@bp.get("/help")
@public
def help() -> ResponseReturnValue:
    """How the portal works, in a few questions, and whom to call."""
    return render_template("home/help.html")
