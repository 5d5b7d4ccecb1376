"""The provider's claims beside her hours: travel time and sick leave, with what is left of each."""

from datetime import date

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound

from app import clock
from app.domain import wait_time
from app.domain.claims import ClaimKind
from app.domain.outcomes import Refused
from app.domain.periods import PayPeriod
from app.domain.permissions import Permission
from app.extensions import db
from app.forms.claims import SignClaimForm, read_claim
from app.models.claims import Claim
from app.services import claim_facts, claims, timesheets
from app.web import claim_page
from app.web.access import account, requires
from app.web.claim_page import TypedClaim
from app.web.wording import sentence

bp = Blueprint("claims", __name__)

PAGE_LENGTH = 24
EARLIER_PERIODS = 6


@bp.get("/claims")
@requires(Permission.MAKE_CLAIM)
def index() -> ResponseReturnValue:
    """What is left of sick leave and of the week's travel, a new claim, and all claims so far."""
    page = max(1, request.args.get("page", 1, type=int))
    provider, today = timesheets.provider_of(db.session, account()), clock.today()
    listed = claims.list_of(
        db.session, provider, limit=PAGE_LENGTH + 1, offset=(page - 1) * PAGE_LENGTH
    )
    assignments = timesheets.assignments_lately(db.session, provider, today)
    case_ids = {each.case_id for each in assignments if each.active_on(today)}
    waits = claim_facts.waits_at_the_doctors(db.session, case_ids, today)
    return render_template(
        "claims/index.html",
        claims=listed[:PAGE_LENGTH],
        standing=claim_facts.leave_standing(db.session, provider.id, today),
        week=claim_facts.travel_week(db.session, provider.id, today),
        assignments=assignments,
        can_travel=len(case_ids) > 1,
        waiting={
            each.recipient.person.full_name: wait_time.where_to_claim(
                authorized=each.case_id in waits
            )
            for each in assignments
            if each.case_id in case_ids
        },
        periods=PayPeriod.of(today).last(EARLIER_PERIODS),
        page=page,
        has_more=len(listed) > PAGE_LENGTH,
    )


@bp.post("/claims/open")
@requires(Permission.MAKE_CLAIM)
def open() -> ResponseReturnValue:
    """Begin, or find, a claim for one recipient's half month."""
    assignment_id = request.form.get("assignment_id", type=int)
    kind, period = request.form.get("kind", ""), request.form.get("period", "")
    try:
        day = date.fromisoformat(period)
    except ValueError:
        raise NotFound from None
    if assignment_id is None or kind not in set(ClaimKind):
        raise NotFound
    claim = claims.open_for(
        db.session, ClaimKind(kind), assignment_id, day, by=account(), at=clock.now()
    )
    return redirect(url_for("claims.show", claim_id=claim.id), 303)


@bp.get("/claims/<int:claim_id>")
@requires(Permission.MAKE_CLAIM)
def show(claim_id: int) -> ResponseReturnValue:
    """A claim: its days to fill in, or how it stands once it is signed."""
    return _page(_own(claim_id))


@bp.post("/claims/<int:claim_id>")
@requires(Permission.MAKE_CLAIM)
def save(claim_id: int) -> ResponseReturnValue:
    """Keep what is sound, and show the rest as it was typed."""
    claim = _own(claim_id)
    cases = [int(key) for key, _name in claim_page.sources(db.session, claim)]
    is_travel = claim.kind == ClaimKind.TRAVEL
    period = PayPeriod.starting(claim.period_starts_on)
    typed = read_claim(request.form, period, cases if is_travel else ())
    try:
        claims.save(
            db.session, claim, typed.days, notice=typed.notice, by=account(), at=clock.now()
        )
    except Refused as refused:
        return _page(_again(claim_id), refused=refused)
    if typed.unsound:
        return _page(claim, typed=typed)
    if request.form.get("then") == "submit":
        return redirect(url_for("claims.submit", claim_id=claim.id), 303)
    return _back_to(claim, _("Saved."))


@bp.get("/claims/<int:claim_id>/submit")
@requires(Permission.MAKE_CLAIM)
def submit(claim_id: int) -> ResponseReturnValue:
    """What would be signed, and what the rules say to it."""
    claim = _own(claim_id)
    if not claims.is_changeable(claim):
        return redirect(url_for("claims.show", claim_id=claim_id), 303)
    return _confirm_page(claim, SignClaimForm(formdata=None))


@bp.post("/claims/<int:claim_id>/submit")
@requires(Permission.MAKE_CLAIM)
def sign(claim_id: int) -> ResponseReturnValue:
    """Sign it."""
    claim, form = _own(claim_id), SignClaimForm()
    form.validate_on_submit()
    if not form.perjury.data:
        form.perjury.errors = [sentence("CLAIM_NOT_SIGNED")]
        return _confirm_page(claim, form)
    try:
        claims.submit(
            db.session,
            claim,
            shown=form.shown.data or "",
            reason=form.reason.data,
            by=account(),
            at=clock.now(),
        )
    except Refused as refused:
        claim = _again(claim_id)
        if not claims.is_changeable(claim):
            return _page(claim, refused=refused)
        named = "reason" if refused.code.startswith("CLAIM_REASON") else "perjury"
        form[named].errors = [sentence(refused.code, refused.facts)]
        return _confirm_page(claim, form)
    return _back_to(claim, _("Your claim is submitted."))


@bp.post("/claims/<int:claim_id>/take-back")
@requires(Permission.MAKE_CLAIM)
def take_back(claim_id: int) -> ResponseReturnValue:
    """Change a claim that is not yet being paid."""
    claim = _own(claim_id)
    try:
        claims.take_back(db.session, claim, by=account(), at=clock.now())
    except Refused as refused:
        return _page(_again(claim_id), refused=refused)
    return _back_to(claim, _("You took the claim back. Change it and submit it again."))


@bp.post("/claims/<int:claim_id>/discard")
@requires(Permission.MAKE_CLAIM)
def discard(claim_id: int) -> ResponseReturnValue:
    """Drop a claim that was never signed."""
    try:
        claims.discard(db.session, _own(claim_id), by=account())
    except Refused as refused:
        return _page(_again(claim_id), refused=refused)
    flash(_("The claim is gone."), "success")
    return redirect(url_for("claims.index"), 303)


def _own(claim_id: int) -> Claim:
    return claims.own(db.session, account(), claim_id)


def _again(claim_id: int) -> Claim:
    """The claim as it stands, after an act that came to nothing."""
    db.session.rollback()
    return _own(claim_id)


def _back_to(claim: Claim, told: str) -> ResponseReturnValue:
    flash(told, "success")
    return redirect(url_for("claims.show", claim_id=claim.id), 303)


def _page(
    claim: Claim, *, typed: TypedClaim | None = None, refused: Refused | None = None
) -> Response:
    told = [(sentence(refused.code, refused.facts), None)] if refused else []
    if claims.is_changeable(claim):
        context = claim_page.form_context(db.session, claim, at=clock.now(), typed=typed)
        errors = [*told, *context.pop("errors")]
        notices = claim_page.notice_choices()
        page = render_template("claims/edit.html", errors=errors, notices=notices, **context)
    else:
        context = claim_page.told_context(db.session, claim)
        page = render_template("claims/show.html", errors=told, **context)
    return Response(page, 422 if typed or refused else 200)


def _confirm_page(claim: Claim, form: SignClaimForm) -> Response:
    draft = claims.prepare(db.session, claim, at=clock.now())
    is_refused = bool(form.errors)
    form.shown.data = draft.shown
    page = render_template(
        "claims/submit.html",
        claim=claim,
        form=form,
        draft=draft,
        lines=claim_page.day_sentences(claim),
    )
    return Response(page, 422 if is_refused else 200)
