"""A county worker flags a provider and a recipient, so that their timesheets wait for her."""

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import clock
from app.domain.outcomes import Refused
from app.domain.permissions import Permission
from app.extensions import db
from app.forms.county_sheets import HOLD_REASONS, FlagForm, LiftForm
from app.services import pair_flags
from app.web.access import account, requires
from app.web.looks import note_look
from app.web.wording import sentence

bp = Blueprint("pair_flags", __name__)

MOST_SHOWN = 100
FIELDS = {
    "NO_SUCH_PAIR": "provider_number",
    "FLAGGED_ALREADY": "provider_number",
    "FLAG_DATES_WRONG": "ends_on",
    "FLAG_TOO_LONG": "ends_on",
    "COUNTY_NOTE_MISSING": "note",
    "COUNTY_NOTE_TOO_LONG": "note",
    "COUNTY_REASON_MISSING": "reason",
}


@bp.get("/county/flags")
@requires(Permission.RELEASE_HOLD)
def index() -> ResponseReturnValue:
    """Who is flagged, until when, and a form for another."""
    return _page(FlagForm(formdata=None))


@bp.post("/county/flags")
@requires(Permission.RELEASE_HOLD)
def place() -> ResponseReturnValue:
    """Flag a pair."""
    form = FlagForm()
    form.validate_on_submit()
    for field in (form.starts_on, form.ends_on):
        if field.data is None:
            field.errors = [sentence("DAY_MISSING")]
    if form.starts_on.data is None or form.ends_on.data is None:
        return _page(form, status=422)
    try:
        pair_flags.place(
            db.session,
            provider_number=form.provider_number.data or "",
            case_number=form.case_number.data or "",
            starts_on=form.starts_on.data,
            ends_on=form.ends_on.data,
            reason=form.reason.data,
            note=form.note.data,
            by=account(),
            at=clock.now(),
        )
    except Refused as refused:
        db.session.rollback()
        form[FIELDS[refused.code]].errors = [sentence(refused.code, refused.facts)]
        return _page(form, status=422)
    flash(_("Their timesheets wait for you from now on."), "success")
    return redirect(url_for("pair_flags.index"), 303)


@bp.post("/county/flags/<int:pair_flag_id>/lift")
@requires(Permission.RELEASE_HOLD)
def lift(pair_flag_id: int) -> ResponseReturnValue:
    """End a flag before its time."""
    flag, form = pair_flags.one(db.session, account(), pair_flag_id), LiftForm()
    form.validate_on_submit()
    try:
        pair_flags.lift(db.session, flag, reason=form.why.data or "", by=account(), at=clock.now())
    except Refused as refused:
        db.session.rollback()
        words = sentence(refused.code, refused.facts)
        return _page(FlagForm(formdata=None), status=422, not_lifted={pair_flag_id: words})
    flash(_("The flag is gone. What already waits still waits for you."), "success")
    return redirect(url_for("pair_flags.index"), 303)


def _page(
    form: FlagForm, *, status: int = 200, not_lifted: dict[int, str] | None = None
) -> Response:
    county_id = account().county_id
    flags = pair_flags.of_county(db.session, county_id, limit=MOST_SHOWN)
    note_look("caseload:look", f"county:{county_id}", {"flags": [flag.id for flag in flags]})
    page = render_template(
        "county_sheets/flags.html",
        county=account().county,
        form=form,
        flags=flags,
        reasons=HOLD_REASONS,
        not_lifted=not_lifted or {},
    )
    return Response(page, status)
