"""The list of every place on record, for whoever made the tap and for whom it was made."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app import clock
from app.domain import parameters
from app.domain.permissions import Permission
from app.extensions import db
from app.services import locations
from app.web import location_words, places
from app.web.access import account, requires

bp = Blueprint("locations", __name__)

PAGE_LENGTH = 10
MOST_PAGES = 10_000


@bp.get("/locations")
@requires(Permission.SEE_OWN_RECORDS)
def index() -> ResponseReturnValue:
    """Every stored place, the latest first, a page at a time."""
    page = max(1, min(request.args.get("page", 1, type=int), MOST_PAGES))
    found = locations.ledger(
        db.session,
        account(),
        at=clock.now(),
        limit=PAGE_LENGTH + 1,
        offset=(page - 1) * PAGE_LENGTH,
    )
    return render_template(
        "locations/index.html",
        places=found[:PAGE_LENGTH],
        page=page,
        has_more=len(found) > PAGE_LENGTH,
        kept_for=parameters.value("visit.position_kept_for", clock.today()),
        words=location_words,
        said=places.what_it_said,
        reader=current_user.role,
    )
