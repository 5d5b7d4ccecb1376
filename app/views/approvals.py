"""The recipient's screens: what her providers say they worked, her yes, or what is wrong."""

from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import clock
from app.domain.outcomes import Refused
from app.domain.permissions import Permission
from app.extensions import db
from app.forms.approvals import REASONS, ApproveForm, RejectForm
from app.services import approvals, sheet_status
from app.services.approvals import RejectReason, SignedSheet
from app.web.access import account, requires
from app.web.htmx import go
from app.web.sheet_page import day_sentences
from app.web.wording import sentence
from app.web.wording.timesheets import differences

bp = Blueprint("approvals", __name__)

LATEST = 24


@bp.get("/approvals")
@requires(Permission.APPROVE_TIMESHEET)
def index() -> ResponseReturnValue:
    """What waits for a signature, and the latest that was signed; all is a search away (views/history)."""
    cases = approvals.cases_of(db.session, account(), clock.today())
    return render_template(
        "approvals/index.html",
        waiting=approvals.waiting_for(db.session, cases),
        past=approvals.past_of(db.session, cases, limit=LATEST),
    )


@bp.get("/approvals/<int:timesheet_id>")
@requires(Permission.APPROVE_TIMESHEET)
def show(timesheet_id: int) -> ResponseReturnValue:
    """One screen: who worked how much, what is different, and two buttons."""
    return _page(_find(timesheet_id), ApproveForm(formdata=None))


@bp.post("/approvals/<int:timesheet_id>/approve")
@requires(Permission.APPROVE_TIMESHEET)
def approve(timesheet_id: int) -> ResponseReturnValue:
    """Sign exactly what was shown."""
    signed, form = _find(timesheet_id), ApproveForm()
    if not form.validate_on_submit() or not form.perjury.data:
        form.perjury.errors = [sentence("NOT_DECLARED")]
        return _page(signed, form)
    try:
        approvals.approve(
            db.session,
            signed.timesheet,
            shown=form.shown.data or "",
            by=account(),
            at=clock.now(),
        )
    except Refused as refused:
        db.session.rollback()
        form.perjury.errors = [sentence(refused.code, refused.facts)]
        return _page(_find(timesheet_id), form)
    flash(_("You approved the timesheet. Thank you."), "success")
    return go(url_for("approvals.show", timesheet_id=timesheet_id))


@bp.get("/approvals/<int:timesheet_id>/reject")
@requires(Permission.APPROVE_TIMESHEET)
def reject(timesheet_id: int) -> ResponseReturnValue:
    """What is wrong: reasons to tap."""
    signed = _find(timesheet_id)
    if not signed.waits:
        return redirect(url_for("approvals.show", timesheet_id=timesheet_id), 303)
    return _reject_page(signed, RejectForm(formdata=None))


@bp.post("/approvals/<int:timesheet_id>/reject")
@requires(Permission.APPROVE_TIMESHEET)
def send_back(timesheet_id: int) -> ResponseReturnValue:
    """Send it back with the reasons."""
    signed, form = _find(timesheet_id), RejectForm()
    form.validate_on_submit()
    try:
        approvals.reject(
            db.session,
            signed.timesheet,
            shown=form.shown.data or "",
            reasons=[
                RejectReason(code) for code in form.reasons.data or [] if code in set(RejectReason)
            ],
            note=form.note.data,
            by=account(),
            at=clock.now(),
        )
    except Refused as refused:
        db.session.rollback()
        return _not_sent_back(_find(timesheet_id), form, refused)
    flash(_("You sent the timesheet back. The provider is told what is wrong."), "success")
    return go(url_for("approvals.show", timesheet_id=timesheet_id))


def _find(timesheet_id: int) -> SignedSheet:
    return approvals.find(db.session, account(), timesheet_id, clock.today())


def _page(signed: SignedSheet, form: ApproveForm) -> Response:
    is_refused = bool(form.errors)
    form.shown.data = signed.version.content_hash
    page = render_template("approvals/show.html", form=form, **_content(signed))
    return Response(page, 422 if is_refused else 200)


def _content(signed: SignedSheet) -> dict[str, Any]:
    """Everything that is shown comes from the signed content, so that its hash covers it."""
    content = signed.version.content
    return {
        "signed": signed,
        "content": content,
        "days": day_sentences(content),
        "differences": [sentence(*found) for found in differences(content)],
        "holds": sheet_status.active_holds(db.session, signed.timesheet),
        "is_own": signed.timesheet.assignment.recipient.person_id == account().person_id,
    }


def _reject_page(signed: SignedSheet, form: RejectForm) -> Response:
    is_refused = bool(form.errors)
    form.shown.data = signed.version.content_hash
    page = render_template(
        "approvals/reject.html",
        form=form,
        reasons=REASONS,
        signed=signed,
        content=signed.version.content,
    )
    return Response(page, 422 if is_refused else 200)


def _not_sent_back(signed: SignedSheet, form: RejectForm, refused: Refused) -> ResponseReturnValue:
    """Keep what she tapped and wrote, unless there is nothing left to send back."""
    if refused.code == "CHANGED_MEANWHILE" and not signed.waits:
        approve_form = ApproveForm(formdata=None)
        approve_form.perjury.errors = [sentence(refused.code)]
        return _page(signed, approve_form)
    field = form.note if refused.code == "NOTE_TOO_LONG" else form.reasons
    field.errors = [sentence(refused.code, refused.facts)]
    return _reject_page(signed, form)
