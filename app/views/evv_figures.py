"""How a county's visits do: how many are as they were tapped, how many the State took, and what is stuck."""

from datetime import date

from flask import Blueprint, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import clock
from app.domain.permissions import Permission
from app.extensions import db
from app.services import evv_figures
from app.web.access import account, requires
from app.web.looks import note_look

bp = Blueprint("evv_figures", __name__)

MOST_STUCK = 100


@bp.get("/county/visits/figures")
@requires(Permission.SEE_CASELOAD)
def index() -> ResponseReturnValue:
    """A year of figures, the newest month first, and what the collector does not have as it should."""
    county_id = account().county_id
    figures = evv_figures.by_month(db.session, county_id, since=_a_year_before(clock.today()))
    stuck = evv_figures.stuck(db.session, county_id, limit=MOST_STUCK + 1)
    shown = stuck[:MOST_STUCK]
    note_look(
        "visits:figures", f"county:{county_id}", {"records": [each.record.id for each in shown]}
    )
    return render_template(
        "county/visit_figures.html",
        county=account().county,
        figures=figures,
        stuck=shown,
        has_more=len(stuck) > MOST_STUCK,
        is_told=current_app.extensions["settings"].tells_aggregator,
    )


@bp.post("/county/visits/figures/<int:record_id>/send-again")
@requires(Permission.SEE_CASELOAD)
def send_again(record_id: int) -> ResponseReturnValue:
    """Have one record sent once more, now that what was wrong is set right."""
    evv_figures.send_again(db.session, record_id, by=account(), at=clock.now())
    flash(_("It will be sent again in a moment."), "success")
    return redirect(url_for("evv_figures.index"), 303)


def _a_year_before(day: date) -> date:
    return day.replace(year=day.year - 1, day=1)
