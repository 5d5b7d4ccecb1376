"""The door: check in, check out, and set a visit right afterwards."""

from collections.abc import Callable
from datetime import datetime
from uuid import NAMESPACE_URL, uuid4, uuid5

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from app import clock
from app.domain.outcomes import Refused
from app.domain.periods import local_day
from app.domain.permissions import Permission
from app.domain.visits import Location
from app.extensions import db
from app.forms.odd_visits import SayForm
from app.forms.visits import LOCATIONS, CloseForm, NotAVisitForm, TapForm
from app.models.visits import Visit, VisitFlag
from app.services import (
    doors,
    forgotten_taps,
    hand_edits,
    odd_visits,
    timesheets,
    visit_cards,
    visit_events,
    visit_page,
    visits,
)
from app.services.receipts import BY_HAND, FROM_PAGE, Submission, content_hash
from app.services.visit_events import VisitReceipt
from app.web import flag_words, provider_page, visit_words
from app.web.access import account, requires
from app.web.wording import sentence

bp = Blueprint("visits", __name__)

PAGE_LENGTH = 30
MOST_PAGES = 10_000


@bp.post("/visits/check-in")
@requires(Permission.RECORD_VISIT)
def check_in() -> ResponseReturnValue:
    """Begin a visit from the page; scripts send taps to /offline/events."""
    return _tapped("check-in", visits.check_in, visit_words.after_check_in)


@bp.post("/visits/check-out")
@requires(Permission.RECORD_VISIT)
def check_out() -> ResponseReturnValue:
    """End a visit from the page, and propose its hours."""
    return _tapped("check-out", visits.check_out, visit_words.after_check_out)


@bp.get("/visits")
@requires(Permission.RECORD_VISIT)
def index() -> ResponseReturnValue:
    """All visits, the latest first, a page at a time."""
    page = max(1, min(request.args.get("page", 1, type=int), MOST_PAGES))
    provider = timesheets.provider_of(db.session, account())
    found = visit_cards.latest_of(
        db.session, provider, limit=PAGE_LENGTH + 1, offset=(page - 1) * PAGE_LENGTH
    )
    return render_template(
        "visits/index.html",
        visits=found[:PAGE_LENGTH],
        page=page,
        has_more=len(found) > PAGE_LENGTH,
    )


@bp.get("/visits/check-ins")
@requires(Permission.RECORD_VISIT)
def check_ins() -> ResponseReturnValue:
    """Which of one's own visits count as edited by hand: shown to nobody else."""
    own = hand_edits.own_share(db.session, account(), at=clock.now())
    return render_template("visits/check_ins.html", own=own)


@bp.get("/visits/<int:visit_id>")
@requires(Permission.SEE_OWN_RECORDS)
def show(visit_id: int) -> ResponseReturnValue:
    """One visit: what was noticed and recorded, and for its provider what can be set right."""
    seen = visit_page.find(db.session, account(), visit_id, at=clock.now())
    return render_template(
        "visits/show.html",
        seen=seen,
        may_undo=visit_cards.may_undo(seen.visit, clock.now()),
        words=visit_words,
        flag_words=flag_words,
    )


@bp.get("/visits/<int:visit_id>/noticed/<int:flag_id>")
@requires(Permission.RECORD_VISIT)
def noticed(visit_id: int, flag_id: int) -> ResponseReturnValue:
    """Something that was noticed, and what she wants to say about it; nobody has to."""
    flag = _noticed(visit_id, flag_id)
    return _say_page(visit_id, flag, SayForm(formdata=None, data={"said": flag.said}))


@bp.post("/visits/<int:visit_id>/noticed/<int:flag_id>")
@requires(Permission.RECORD_VISIT)
def say(visit_id: int, flag_id: int) -> ResponseReturnValue:
    """Keep what she says."""
    flag, form, at = _noticed(visit_id, flag_id), SayForm(), clock.now()
    try:
        odd_visits.say(db.session, account(), flag.id, words=form.said.data or "", at=at)
    except Refused as refused:
        db.session.rollback()
        form.said.errors = [sentence(refused.code, refused.facts)]
        return _say_page(visit_id, _noticed(visit_id, flag_id), form), 422
    flash(_("Saved. The county can read it."), "success")
    return redirect(url_for("visits.show", visit_id=visit_id), 303)


@bp.post("/visits/<int:visit_id>/undo")
@requires(Permission.RECORD_VISIT)
def undo(visit_id: int) -> ResponseReturnValue:
    """Take a check-in back; too late, the page to say that it was not a visit opens instead."""
    visit, at = visits.visit_of(db.session, account(), visit_id), clock.now()
    check_in_id = visit_events.check_in_of(db.session, visit)
    submission = _said("undo", [check_in_id], str(uuid5(NAMESPACE_URL, f"undo:{check_in_id}")), at)
    try:
        visits.undo(db.session, about=check_in_id, submission=submission, by=account(), at=at)
    except Refused as refused:
        db.session.rollback()
        flash(sentence(refused.code, refused.facts), "warning")
        return redirect(url_for("visits.not_a_visit", visit_id=visit_id), 303)
    flash(_("Undone. You are not checked in."), "success")
    return redirect(url_for("home.index"), 303)


@bp.get("/visits/<int:visit_id>/not-a-visit")
@requires(Permission.RECORD_VISIT)
def not_a_visit(visit_id: int) -> ResponseReturnValue:
    """Why a visit was none: a few words."""
    visit = visits.visit_of(db.session, account(), visit_id)
    return _reason_page(visit, NotAVisitForm(formdata=None))


@bp.post("/visits/<int:visit_id>/not-a-visit")
@requires(Permission.RECORD_VISIT)
def say_it_was_none(visit_id: int) -> ResponseReturnValue:
    """Mark a visit as none; its taps stay on record."""
    visit, form, at = visits.visit_of(db.session, account(), visit_id), NotAVisitForm(), clock.now()
    if not form.validate_on_submit():
        return _reason_page(visit, form), 422
    reason = form.reason.data
    submission = _said("not-a-visit", [visit_id, reason], form.event_id, at)
    try:
        visits.not_a_visit(
            db.session, visit, reason=reason, submission=submission, by=account(), at=at
        )
    except Refused as refused:
        db.session.rollback()
        form.reason.errors = [sentence(refused.code, refused.facts)]
        return _reason_page(visits.visit_of(db.session, account(), visit_id), form), 422
    flash(_("Marked as not a visit. Its hours were taken off your timesheet."), "success")
    return redirect(url_for("visits.show", visit_id=visit_id), 303)


@bp.get("/visits/<int:visit_id>/close")
@requires(Permission.RECORD_VISIT)
def close(visit_id: int) -> ResponseReturnValue:
    """When a visit ended whose check-out was forgotten."""
    visit = visits.visit_of(db.session, account(), visit_id)
    form = CloseForm(
        formdata=None,
        data={"ended_on": local_day(visit.began_at), "location": visit.location_in},
        submission_id=str(uuid4()),
    )
    if visit.checked_in_at is None or visit.checked_out_at is not None:
        return _close_page(visit, form)
    suggested = forgotten_taps.suggested_end(db.session, visit, now=clock.now())
    form.suggest(suggested)
    return _close_page(visit, form, suggested)


@bp.post("/visits/<int:visit_id>/close")
@requires(Permission.RECORD_VISIT)
def say_when_it_ended(visit_id: int) -> ResponseReturnValue:
    """Give a visit its end by hand, and propose its hours."""
    visit, form, at = visits.visit_of(db.session, account(), visit_id), CloseForm(), clock.now()
    ended_at = form.ended_at(visit.began_at) if form.validate_on_submit() else None
    if ended_at is None:
        return _close_page(visit, form), 422
    location = Location(form.location.data)
    submission = _said("close", [visit_id, ended_at.isoformat(), location], form.event_id, at)
    try:
        receipt = visits.close_by_hand(
            db.session, visit, ended_at=ended_at, location=location,
            submission=submission, by=account(), at=at,
        )  # fmt: skip
    except Refused as refused:
        db.session.rollback()
        form.ended_time.errors = [sentence(refused.code, refused.facts)]
        return _close_page(visits.visit_of(db.session, account(), visit_id), form), 422
    flash(visit_words.after_close(receipt, visit.assignment.recipient.person.first_name), "success")
    return redirect(url_for("visits.show", visit_id=visit_id), 303)


def _tapped(
    kind: str,
    verb: Callable[..., VisitReceipt],
    words: Callable[[VisitReceipt, str], str],
) -> ResponseReturnValue:
    form, at = TapForm(), clock.now()
    if not form.validate_on_submit():
        return provider_page.draw(_first_error(form)), 422
    door = doors.find(db.session, account(), form.assignment.data)
    location = Location(form.location.data)
    submission = _tap(kind, form, at)
    try:
        receipt = verb(
            db.session, door, location=location, submission=submission, by=account(), at=at
        )
    except Refused as refused:
        db.session.rollback()
        return provider_page.draw(sentence(refused.code, refused.facts)), 422
    flash(words(receipt, door.recipient), "success")
    return redirect(url_for("home.index"), 303)


def _tap(kind: str, form: TapForm, at: datetime) -> Submission:
    """A tap of the page: our own clock is its clock, so a double post is the same whenever it comes."""
    content = [kind, account().id, form.assignment.data, form.location.data]
    return _submission(content, form.event_id, at, FROM_PAGE)


def _said(what: str, about: list[object], event_id: str, at: datetime) -> Submission:
    source = BY_HAND if what == "close" else FROM_PAGE
    return _submission([what, account().id, *about], event_id, at, source)


def _submission(content: list[object], event_id: str, at: datetime, source: str) -> Submission:
    return Submission(
        id=event_id,
        made_at=at,
        content_hash=content_hash(content),
        source=source,
        device_id=current_user.session.device_id,
    )


def _first_error(form: TapForm) -> str:
    """Why a tap could not be read; without an assignment the page itself is odd."""
    errors = form.location.errors
    return str(errors[0]) if errors else sentence("ASSIGNMENT_UNKNOWN")


def _reason_page(visit: Visit, form: NotAVisitForm) -> str:
    return render_template("visits/not_a_visit.html", visit=visit, form=form)


def _close_page(visit: Visit, form: CloseForm, suggested: datetime | None = None) -> str:
    return render_template(
        "visits/close.html",
        visit=visit,
        form=form,
        locations=LOCATIONS,
        today=clock.today(),
        suggested=suggested,
    )


def _noticed(visit_id: int, flag_id: int) -> VisitFlag:
    """What was noticed about a visit of her own; NoResultFound for anything else."""
    return visit_page.noticed(db.session, account(), visit_id, flag_id, at=clock.now())


def _say_page(visit_id: int, flag: VisitFlag, form: SayForm) -> str:
    visit = visits.visit_of(db.session, account(), visit_id)
    return render_template("visits/say.html", visit=visit, flag=flag, form=form, words=flag_words)
