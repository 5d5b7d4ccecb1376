"""A county worker finds a timesheet, holds it for review, or voids it."""

from collections.abc import Callable

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import clock
from app.domain.outcomes import Refused
from app.domain.permissions import Permission
from app.extensions import db
from app.forms.county_sheets import HOLD_REASONS, VOID_REASONS, FindForm, ReasonForm
from app.services import county_sheets, holds, sheet_history, voids
from app.services.county_sheets import CountySheet
from app.web.access import account, requires
from app.web.looks import note_look
from app.web.wording import sentence

bp = Blueprint("county_sheets", __name__)

MOST_FOUND = 24


@bp.get("/county/timesheets")
@requires(Permission.SEE_CASELOAD)
def index() -> ResponseReturnValue:
    """A box for a number."""
    return render_template(
        "county_sheets/index.html",
        county=account().county,
        form=FindForm(formdata=None),
        found=None,
    )


@bp.post("/county/timesheets")
@requires(Permission.SEE_CASELOAD)
def find() -> ResponseReturnValue:
    """What there is by this number; it is sent, so that it stands in no address."""
    form = FindForm()
    form.validate_on_submit()
    found = county_sheets.found(db.session, account(), form.number.data or "", limit=MOST_FOUND)
    note_look(
        "caseload:look",
        f"county:{account().county_id}",
        {"timesheets": [sheet.id for sheet in found]},
    )
    return render_template(
        "county_sheets/index.html", county=account().county, form=form, found=found
    )


@bp.get("/county/timesheets/<int:timesheet_id>")
@requires(Permission.SEE_CASELOAD)
def show(timesheet_id: int) -> ResponseReturnValue:
    """What was signed, how it stands, and what the county can do."""
    return _page(_one(timesheet_id))


@bp.post("/county/timesheets/<int:timesheet_id>/hold")
@requires(Permission.RELEASE_HOLD)
def hold(timesheet_id: int) -> ResponseReturnValue:
    """Let it wait for the county's review."""
    told = _("The timesheet waits for you now. The provider is told why.")
    return _judge(timesheet_id, holds.place, told, "hold_form")


@bp.post("/county/timesheets/<int:timesheet_id>/void")
@requires(Permission.VOID_TIMESHEET)
def void(timesheet_id: int) -> ResponseReturnValue:
    """Void what was signed on it."""
    told = _("The timesheet is void. The provider is told why.")
    return _judge(timesheet_id, voids.void, told, "void_form")


def _judge(
    timesheet_id: int, act: Callable[..., None], told: str, form_name: str
) -> ResponseReturnValue:
    """Do what a county worker gives a reason for, and say so; or show her form again."""
    sheet, form = _one(timesheet_id).timesheet, ReasonForm()
    form.validate_on_submit()
    reason, note = form.reason.data, form.note.data
    try:
        act(db.session, sheet, reason=reason, note=note, by=account(), at=clock.now())
    except Refused as refused:
        return _page(_again(timesheet_id), **{form_name: _told(form, refused)})
    flash(told, "success")
    return redirect(url_for("county_sheets.show", timesheet_id=timesheet_id), 303)


def _one(timesheet_id: int) -> CountySheet:
    return county_sheets.one(db.session, account(), timesheet_id)


def _again(timesheet_id: int) -> CountySheet:
    db.session.rollback()
    return _one(timesheet_id)


def _told(form: ReasonForm, refused: Refused) -> ReasonForm:
    field = form.note if "NOTE" in refused.code else form.reason
    field.errors = [sentence(refused.code, refused.facts)]
    return form


def _page(
    shown: CountySheet,
    *,
    hold_form: ReasonForm | None = None,
    void_form: ReasonForm | None = None,
) -> Response:
    note_look("timesheet:look", f"timesheet:{shown.timesheet.id}")
    page = render_template(
        "county_sheets/show.html",
        shown=shown,
        form=hold_form or void_form or ReasonForm(formdata=None),
        hold_form=hold_form or ReasonForm(formdata=None),
        void_form=void_form or ReasonForm(formdata=None),
        hold_reasons=HOLD_REASONS,
        void_reasons=VOID_REASONS,
        steps=sheet_history.steps_of(db.session, shown.timesheet),
    )
    return Response(page, 422 if hold_form or void_form else 200)
