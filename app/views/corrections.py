"""A provider opens a timesheet that both have signed, or keeps it as it was approved."""

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import clock
from app.domain.outcomes import Refused
from app.domain.permissions import Permission
from app.extensions import db
from app.forms.corrections import REASONS, CorrectionForm
from app.models.timesheets import Timesheet
from app.services import corrections, sheet_status, timesheets
from app.web.access import account, requires
from app.web.wording import sentence

bp = Blueprint("corrections", __name__)


@bp.get("/timesheets/<int:timesheet_id>/correction")
@requires(Permission.KEEP_TIMESHEET)
def show(timesheet_id: int) -> ResponseReturnValue:
    """What is wrong: reasons to tap, and what a correction means."""
    timesheet = _own(timesheet_id)
    if not corrections.may_correct(db.session, timesheet, at=clock.now()):
        return redirect(url_for("timesheets.show", timesheet_id=timesheet_id), 303)
    return _page(timesheet, CorrectionForm(formdata=None))


@bp.post("/timesheets/<int:timesheet_id>/correction")
@requires(Permission.KEEP_TIMESHEET)
def begin(timesheet_id: int) -> ResponseReturnValue:
    """Open it for a new version."""
    form, at = CorrectionForm(), clock.now()
    form.validate_on_submit()
    try:
        corrections.begin(
            db.session,
            _own(timesheet_id),
            reason=form.reason.data,
            note=form.note.data,
            by=account(),
            at=at,
        )
    except Refused as refused:
        db.session.rollback()
        field = form.note if "NOTE" in refused.code else form.reason
        field.errors = [sentence(refused.code, refused.facts)]
        return _page(_own(timesheet_id), form)
    flash(_("Change the days now. Then submit the timesheet again."), "success")
    return redirect(url_for("timesheets.show", timesheet_id=timesheet_id), 303)


@bp.post("/timesheets/<int:timesheet_id>/correction/drop")
@requires(Permission.KEEP_TIMESHEET)
def drop(timesheet_id: int) -> ResponseReturnValue:
    """Keep it as both have signed it."""
    timesheet = _own(timesheet_id)
    corrections.keep(db.session, timesheet, by=account(), at=clock.now())
    flash(_("The timesheet is again as it was approved."), "success")
    return redirect(url_for("timesheets.show", timesheet_id=timesheet_id), 303)


def _own(timesheet_id: int) -> Timesheet:
    return timesheets.own(db.session, account(), timesheet_id)


def _page(timesheet: Timesheet, form: CorrectionForm) -> Response:
    page = render_template(
        "corrections/show.html",
        form=form,
        reasons=REASONS,
        timesheet=timesheet,
        version=sheet_status.latest_version(db.session, timesheet),
    )
    return Response(page, 422 if form.errors else 200)
