"""What if: hours and weeks in, the rules' answer out, for anybody and without keeping anything."""

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from app import clock
from app.domain.earnings import total_cents
from app.extensions import db
from app.forms import what_if as form
from app.services import help_requests, what_if
from app.web import access, htmx, what_if_words
from app.web.access import public
from app.web.sheet_page import remarks_on

bp = Blueprint("what_if", __name__)


@bp.get("/what-if")
@public
def index() -> ResponseReturnValue:
    """The boxes as they were typed, and what would follow."""
    today = clock.today()
    typed = form.read(request.args, today)
    question = typed.question
    reply = what_if.reply(db.session, question, typed.counties, on=today) if question else None
    return htmx.render(
        "what_if/show.html",
        "what_if/_answer.html",
        422 if typed.errors else 200,
        typed=typed,
        reply=reply,
        counties=help_requests.counties(db.session),
        form=form,
        offered=form.weeks_offered(typed.first, today),
        remarks_on=remarks_on,
        total_cents=total_cents,
        words=what_if_words,
        asks_no_session=access.signed_in_role() is None,
    )
