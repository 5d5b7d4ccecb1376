"""What a county may want to look at about visits: facts to weigh, with what the person says."""

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import clock
from app.domain.outcomes import Refused
from app.domain.permissions import Permission
from app.extensions import db
from app.forms.odd_visits import WeighForm
from app.services import odd_visits
from app.services.odd_visits import OddVisit
from app.web import flag_words
from app.web.access import account, requires
from app.web.looks import note_look
from app.web.wording import sentence

bp = Blueprint("odd_visits", __name__)

PAGE_LENGTH = 50
MOST_REMARKS = 50
MOST_PAGES = 10_000


@bp.get("/county/visits")
@requires(Permission.WEIGH_VISIT)
def index() -> ResponseReturnValue:
    """What somebody should look at, what could not be taken, and what has an everyday cause."""
    at, page = clock.now(), max(1, min(request.args.get("page", 1, type=int), MOST_PAGES))
    found = odd_visits.questions(
        db.session,
        account(),
        at=at,
        limit=PAGE_LENGTH + 1,
        offset=(page - 1) * PAGE_LENGTH,
    )
    questions = found[:PAGE_LENGTH]
    refused = odd_visits.not_taken(db.session, account(), limit=PAGE_LENGTH)
    remarks = odd_visits.remarks(db.session, account(), at=at, limit=MOST_REMARKS)
    note_look(
        "visits:look",
        f"county:{account().county_id}",
        {
            "flags": [odd.flag.id for odd in [*questions, *remarks]],
            "refused": [each.item.id for each in refused],
        },
    )
    return render_template(
        "county/odd_visits.html",
        county=account().county,
        questions=questions,
        refused=refused,
        remarks=remarks,
        words=flag_words,
        page=page,
        has_more=len(found) > PAGE_LENGTH,
    )


@bp.get("/county/visits/<int:flag_id>")
@requires(Permission.WEIGH_VISIT)
def show(flag_id: int) -> ResponseReturnValue:
    """One of them with its facts, and a note to close it with."""
    return _page(_one(flag_id), WeighForm(formdata=None))


@bp.post("/county/visits/<int:flag_id>")
@requires(Permission.WEIGH_VISIT)
def settle(flag_id: int) -> ResponseReturnValue:
    """Close it with what was found."""
    odd, form = _one(flag_id), WeighForm()
    try:
        odd_visits.settle(db.session, odd, note=form.note.data or "", by=account(), at=clock.now())
    except Refused as refused:
        db.session.rollback()
        form.note.errors = [sentence(refused.code, refused.facts)]
        return _page(_one(flag_id), form)
    flash(_("Closed, with your note."), "success")
    return redirect(url_for("odd_visits.index"), 303)


@bp.post("/county/visits/refused/<int:item_id>")
@requires(Permission.WEIGH_VISIT)
def take_note(item_id: int) -> ResponseReturnValue:
    """It was seen, and leaves the list."""
    found = odd_visits.one_not_taken(db.session, account(), item_id)
    odd_visits.take_note(db.session, found.item, by=account(), at=clock.now())
    flash(_("Taken off the list. It stays on record."), "success")
    return redirect(url_for("odd_visits.index"), 303)


def _one(flag_id: int) -> OddVisit:
    return odd_visits.one(db.session, account(), flag_id, at=clock.now())


def _page(odd: OddVisit, form: WeighForm) -> Response:
    """The page; its provider can read who looked (“Who looked at my account”)."""
    note_look("visit:look", f"account:{odd.provider.id}", {"flag": odd.flag.id})
    drawn = render_template("county/odd_visit.html", odd=odd, form=form, words=flag_words)
    return Response(drawn, 422 if form.errors else 200)
