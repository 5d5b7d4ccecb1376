"""The provider's timesheets: fill in, check, sign, take back."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.exceptions import NotFound

from app import clock
from app.domain.corrections import within_reach
from app.domain.fills import Way
from app.domain.outcomes import Refused
from app.domain.periods import PayPeriod
from app.domain.permissions import Permission
from app.extensions import db
from app.forms.timesheets import SubmitForm, TypedSheet, read_fill, read_sheet
from app.models.timesheets import Timesheet
from app.services import (
    blank_days,
    reminders,
    sheet_cards,
    sheet_history,
    sheet_search,
    sheet_status,
    submission,
    timesheets,
)
from app.services.sheet_search import Search
from app.services.timesheets import ChangeResult, DayChange
from app.web import sheet_page
from app.web.access import account, requires
from app.web.htmx import go
from app.web.sheet_rows import Refilled
from app.web.wording import sentence

bp = Blueprint("timesheets", __name__)

LATEST = 24
UNDO_FILL = "undo-fill"
LAST_FILL = "last_fill"
"""What was filled in last, in the session's cookie: the days of one sheet and their revisions."""


@bp.get("/timesheets")
@requires(Permission.KEEP_TIMESHEET)
def index() -> ResponseReturnValue:
    """Half months to work on first, then the latest; all of them are a search away (views/history)."""
    provider = timesheets.provider_of(db.session, account())
    today = clock.today()
    theirs = sheet_search.assignments_of_provider(db.session, provider)
    latest = sheet_search.of_provider(db.session, theirs, Search(), limit=LATEST)
    return render_template(
        "timesheets/index.html",
        cards=sheet_cards.open_sheets(db.session, provider, today),
        assignments=timesheets.assignments_lately(db.session, provider, today),
        periods=within_reach(today),
        sheets=latest.sheets,
    )


@bp.post("/timesheets/open")
@requires(Permission.KEEP_TIMESHEET)
def open() -> ResponseReturnValue:
    """Begin, or find, the sheet of a half month."""
    assignment_id = request.form.get("assignment_id", type=int)
    try:
        day = date.fromisoformat(request.form.get("period", ""))
    except ValueError:
        raise NotFound from None
    if assignment_id is None:
        raise NotFound
    sheet = timesheets.open_for(db.session, assignment_id, day, by=account(), at=clock.now())
    return redirect(url_for("timesheets.show", timesheet_id=sheet.id), 303)


@bp.get("/timesheets/<int:timesheet_id>")
@requires(Permission.KEEP_TIMESHEET)
def show(timesheet_id: int) -> ResponseReturnValue:
    """The half month: its weeks and days, what the rules say, and how it stands."""
    return _page(_own(timesheet_id))


@bp.post("/timesheets/<int:timesheet_id>")
@requires(Permission.KEEP_TIMESHEET)
def save(timesheet_id: int) -> ResponseReturnValue:
    """Save the whole form: what is sound is kept, and the rest comes back as it was typed."""
    timesheet = _own(timesheet_id)
    typed = read_sheet(request.form, PayPeriod.starting(timesheet.period_starts_on))
    try:
        changes = timesheets.change_days(
            db.session, timesheet, typed.sound, by=account(), at=clock.now()
        )
    except Refused as refused:
        return _page(timesheet, typed=typed, refused=refused)
    conflicts = {on: c for on, c in changes.items() if c.result is ChangeResult.CONFLICT}
    if conflicts or typed.unsound or typed.strays:
        return _page(timesheet, typed=typed, conflicts=conflicts)
    return _go_on(timesheet, request.form.get("then"))


@bp.get("/timesheets/<int:timesheet_id>/findings")
@requires(Permission.KEEP_TIMESHEET)
def findings(timesheet_id: int) -> ResponseReturnValue:
    """The part of the page that the server reckons anew after each change."""
    context = sheet_page.context(db.session, _own(timesheet_id), at=clock.now())
    return render_template("timesheets/_findings.html", moves_bars=True, **context)


@bp.get("/timesheets/<int:timesheet_id>/submit")
@requires(Permission.KEEP_TIMESHEET)
def submit(timesheet_id: int) -> ResponseReturnValue:
    """What would be signed, and the declaration."""
    timesheet = _own(timesheet_id)
    if not sheet_status.is_editable(timesheet):
        return redirect(url_for("timesheets.show", timesheet_id=timesheet.id), 303)
    return _confirm_page(timesheet, SubmitForm(formdata=None), at=clock.now())


@bp.post("/timesheets/<int:timesheet_id>/submit")
@requires(Permission.KEEP_TIMESHEET)
def sign(timesheet_id: int) -> ResponseReturnValue:
    """Sign what was shown; whatever stands in the way is said on the same page."""
    timesheet, form, at = _own(timesheet_id), SubmitForm(), clock.now()
    is_valid = form.validate_on_submit()
    if not form.perjury.data:
        form.perjury.errors = [sentence("NOT_DECLARED")]
    if not is_valid or not form.perjury.data:
        return _confirm_page(timesheet, form, at=at)
    try:
        submission.submit(
            db.session,
            timesheet,
            shown=form.shown.data or "",
            reason=form.reason.data,
            by=account(),
            at=at,
        )
    except Refused as refused:
        db.session.rollback()
        return _refused_to_sign(_own(timesheet_id), form, refused, at=at)
    return redirect(url_for("timesheets.receipt", timesheet_id=timesheet.id), 303)


@bp.post("/timesheets/<int:timesheet_id>/claim-authorized")
@requires(Permission.KEEP_TIMESHEET)
def claim_authorized(timesheet_id: int) -> ResponseReturnValue:
    """Claim what is authorized; the rest stays on record as worked."""
    timesheet, at = _own(timesheet_id), clock.now()
    shown = request.form.get("shown", "")
    try:
        submission.claim_authorized(db.session, timesheet, shown=shown, by=account(), at=at)
    except Refused as refused:
        db.session.rollback()
        return _refused_to_sign(_own(timesheet_id), SubmitForm(formdata=None), refused, at=at)
    return redirect(url_for("timesheets.submit", timesheet_id=timesheet.id), 303)


@bp.get("/timesheets/<int:timesheet_id>/receipt")
@requires(Permission.KEEP_TIMESHEET)
def receipt(timesheet_id: int) -> ResponseReturnValue:
    """Proof of the signature."""
    timesheet = _own(timesheet_id)
    version = submission.receipt_of(db.session, timesheet)
    if version is None:
        return redirect(url_for("timesheets.show", timesheet_id=timesheet.id), 303)
    return render_template(
        "timesheets/receipt.html",
        timesheet=timesheet,
        version=version,
        days=sheet_page.day_sentences(version.content),
        holds=sheet_status.active_holds(db.session, timesheet),
    )


@bp.post("/timesheets/<int:timesheet_id>/take-back")
@requires(Permission.KEEP_TIMESHEET)
def take_back(timesheet_id: int) -> ResponseReturnValue:
    """Take a sheet back before the recipient has signed."""
    timesheet = _own(timesheet_id)
    try:
        submission.take_back(db.session, timesheet, by=account(), at=clock.now())
    except Refused as refused:
        return _page(_again(timesheet_id), refused=refused)
    return _back_to(timesheet, _("You took the timesheet back. Change it and submit it again."))


@bp.post("/timesheets/<int:timesheet_id>/correct")
@requires(Permission.KEEP_TIMESHEET)
def correct(timesheet_id: int) -> ResponseReturnValue:
    """Go on with a sheet that was sent back or cancelled."""
    timesheet = _own(timesheet_id)
    try:
        submission.correct(db.session, timesheet, by=account(), at=clock.now())
    except Refused as refused:
        return _page(_again(timesheet_id), refused=refused)
    return _back_to(timesheet, _("You can change the timesheet now."))


@bp.post("/timesheets/<int:timesheet_id>/cancel")
@requires(Permission.KEEP_TIMESHEET)
def cancel(timesheet_id: int) -> ResponseReturnValue:
    """Claim nothing on this sheet."""
    timesheet = _own(timesheet_id)
    try:
        submission.cancel(db.session, timesheet, by=account(), at=clock.now())
    except Refused as refused:
        return _page(_again(timesheet_id), refused=refused)
    return _back_to(timesheet, _("The timesheet is cancelled. Its hours are kept."))


@bp.post("/timesheets/<int:timesheet_id>/remind")
@requires(Permission.KEEP_TIMESHEET)
def remind(timesheet_id: int) -> ResponseReturnValue:
    """Remind whoever is to sign, once a day."""
    timesheet = _own(timesheet_id)
    try:
        reminders.remind(db.session, timesheet, by=account(), at=clock.now())
    except Refused as refused:
        return _page(_again(timesheet_id), refused=refused)
    return _back_to(timesheet, _("The reminder is on its way."))


def _go_on(timesheet: Timesheet, then: str | None) -> ResponseReturnValue:
    """What the pressed button does once all is saved."""
    if then == "submit":
        return go(url_for("timesheets.submit", timesheet_id=timesheet.id))
    if then in set(Way):
        return _fill(timesheet, Way(then))
    if then == UNDO_FILL:
        return _undo_fill(timesheet)
    return _back_to(timesheet, _("Saved."))


def _fill(timesheet: Timesheet, way: Way) -> ResponseReturnValue:
    """Fill in the blank days, and remember which they were, for an undo."""
    try:
        filled = blank_days.fill(
            db.session, timesheet, way, read_fill(request.form, way), by=account(), at=clock.now()
        )
    except Refused as refused:
        return _page(_again(timesheet.id), refused=refused)
    days = {on.isoformat(): revision for on, revision in filled.items()}
    session[LAST_FILL] = {"timesheet": timesheet.id, "days": days}
    told = ngettext(
        "%(num)d day was filled in. You can change it.",
        "%(num)d days were filled in. You can change each of them.",
        len(filled),
    )
    return _back_to(timesheet, told)


def _undo_fill(timesheet: Timesheet) -> ResponseReturnValue:
    """Leave the days of the last fill blank again, but for those that were changed since."""
    filled = {
        date.fromisoformat(on): int(revision) for on, revision in _last_fill(timesheet).items()
    }
    session.pop(LAST_FILL, None)
    undone = blank_days.undo(db.session, timesheet, filled, by=account(), at=clock.now())
    told = ngettext("%(num)d day is blank again.", "%(num)d days are blank again.", undone)
    return _back_to(timesheet, told)


def _last_fill(timesheet: Timesheet) -> dict[str, int]:
    """The days that this browser had filled in last on this sheet, with their revisions."""
    last: dict[str, Any] = session.get(LAST_FILL, {})
    days: dict[str, int] = last.get("days", {}) if last.get("timesheet") == timesheet.id else {}
    return days


def _own(timesheet_id: int) -> Timesheet:
    return timesheets.own(db.session, account(), timesheet_id)


def _again(timesheet_id: int) -> Timesheet:
    """The sheet as it stands, after an act that came to nothing."""
    db.session.rollback()
    return _own(timesheet_id)


def _back_to(timesheet: Timesheet, told: str) -> ResponseReturnValue:
    flash(told, "success")
    return go(url_for("timesheets.show", timesheet_id=timesheet.id))


def _page(
    timesheet: Timesheet,
    *,
    typed: TypedSheet | None = None,
    conflicts: Mapping[date, DayChange] | None = None,
    refused: Refused | None = None,
) -> Response:
    """The sheet's page, with what could not be saved still in its fields."""
    conflicts = conflicts or {}
    context = sheet_page.context(
        db.session,
        timesheet,
        at=clock.now(),
        refilled=_refilled(typed, conflicts, everything=refused is not None),
    )
    standing = sheet_page.standing(db.session, timesheet, at=clock.now())
    page = render_template(
        "timesheets/show.html",
        errors=_errors(typed, conflicts, refused),
        conflicts=_conflicts(typed, conflicts),
        may_undo_fill=bool(_last_fill(timesheet)),
        steps=sheet_history.steps_of(db.session, timesheet),
        standing=standing,
        content=standing.content,
        days=sheet_page.day_sentences(standing.content) if standing.content else [],
        **context,
    )
    return Response(page, 200 if typed is None and refused is None else 422)


def _confirm_page(timesheet: Timesheet, form: SubmitForm, *, at: datetime) -> Response:
    draft = submission.prepare(db.session, timesheet, at=at)
    is_refused = bool(form.errors)
    form.shown.data = draft.shown
    page = render_template(
        "timesheets/submit.html",
        timesheet=timesheet,
        form=form,
        draft=draft,
        content=draft.content,
        days=sheet_page.day_sentences(draft.content),
        open_visit=sheet_page.open_visit(db.session, timesheet),
    )
    return Response(page, 422 if is_refused else 200)


def _refused_to_sign(
    timesheet: Timesheet, form: SubmitForm, refused: Refused, *, at: datetime
) -> ResponseReturnValue:
    """Show what there is to sign now; nothing was signed."""
    if not sheet_status.is_editable(timesheet):
        return _page(timesheet, refused=refused)
    named = "reason" if refused.code == "WARNING_REASON_MISSING" else "perjury"
    form[named].errors = [sentence(refused.code, refused.facts)]
    return _confirm_page(timesheet, form, at=at)


def _refilled(
    typed: TypedSheet | None, conflicts: Mapping[date, DayChange], *, everything: bool
) -> dict[date, Refilled]:
    """The days that go back to the person as she typed them."""
    if typed is None:
        return {}
    return {
        day.on: Refilled(day.base, day.typed, day.errors)
        for day in typed.days.values()
        if everything or day.errors or day.on in conflicts
    }


def _errors(
    typed: TypedSheet | None, conflicts: Mapping[date, DayChange], refused: Refused | None
) -> list[tuple[str, str | None]]:
    """The lines of the error summary, each with the field it leads to."""
    errors: list[tuple[str, str | None]] = []
    if refused is not None:
        errors.append((sentence(refused.code, refused.facts), None))
    if typed is None:
        return errors
    errors += [(stray, None) for stray in typed.strays]
    for day in typed.unsound:
        for name, words in day.errors.items():
            line = _("%(day)s: %(problem)s", day=sheet_page.day_name(day.on), problem=words)
            errors.append((line, f"{name}-{day.on.isoformat()}"))
    errors += [
        (sentence("DAY_IN_CONFLICT", {"on": on}), f"keep-{on.isoformat()}") for on in conflicts
    ]
    return errors


def _conflicts(
    typed: TypedSheet | None, conflicts: Mapping[date, DayChange]
) -> list[dict[str, Any]]:
    """Both versions of each day that was changed in two places."""
    if typed is None:
        return []
    return [
        sheet_page.conflict(on, mine, conflicts[on])
        for on, mine, _base in typed.sound
        if on in conflicts
    ]
