"""What a county does for people who could not register: a list, and an answer to each."""

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import clock
from app.domain.outcomes import Refused
from app.domain.permissions import Permission
from app.extensions import db
from app.forms.registration import OutcomeForm
from app.models.registrations import HelpRequest
from app.services import help_requests
from app.web.access import account, requires
from app.web.looks import note_look
from app.web.wording import sentence

bp = Blueprint("help_requests", __name__)

MOST_SHOWN = 100
MOST_ANSWERED = 20


@bp.get("/county/help-requests")
@requires(Permission.ANSWER_HELP_REQUEST)
def index() -> ResponseReturnValue:
    """Who waits for help with registering, and who was helped lately."""
    waiting = help_requests.waiting(db.session, account(), limit=MOST_SHOWN)
    answered = help_requests.answered(db.session, account(), limit=MOST_ANSWERED)
    facts = {"help_requests": [each.id for each in [*waiting, *answered]]}
    note_look("help:look", f"county:{account().county_id}", facts)
    return render_template(
        "county/help_requests.html",
        county=account().county,
        waiting=waiting,
        answered=answered,
    )


@bp.get("/county/help-requests/<int:request_id>")
@requires(Permission.ANSWER_HELP_REQUEST)
def show(request_id: int) -> ResponseReturnValue:
    """One request, and what came of it."""
    asked = help_requests.one(db.session, account(), request_id)
    return _page(asked, OutcomeForm(formdata=None))


@bp.post("/county/help-requests/<int:request_id>")
@requires(Permission.ANSWER_HELP_REQUEST)
def close(request_id: int) -> ResponseReturnValue:
    """Close it with what came of it."""
    asked, form = help_requests.one(db.session, account(), request_id), OutcomeForm()
    try:
        help_requests.close(
            db.session, asked, outcome=form.outcome.data or "", by=account(), at=clock.now()
        )
    except Refused as refused:
        db.session.rollback()
        form.outcome.errors = [sentence(refused.code, refused.facts)]
        return _page(help_requests.one(db.session, account(), request_id), form)
    flash(_("The request is closed."), "success")
    return redirect(url_for("help_requests.index"), 303)


def _page(asked: HelpRequest, form: OutcomeForm) -> Response:
    note_look("help:look", f"help_request:{asked.id}")
    drawn = render_template("county/help_request.html", asked=asked, form=form)
    return Response(drawn, 422 if form.errors else 200)
