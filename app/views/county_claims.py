"""What was claimed for travel and sick leave in a county, and a way to refuse what is not right."""

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import clock
from app.domain.claims import ClaimAction, ClaimKind, ClaimStatus, actions_open
from app.domain.outcomes import Refused
from app.domain.permissions import Permission, Role
from app.extensions import db
from app.forms.claims import RefuseForm
from app.models.claims import Claim
from app.services import claim_pay, claims
from app.web import claim_page
from app.web.access import account, requires
from app.web.looks import note_look
from app.web.wording import sentence

bp = Blueprint("county_claims", __name__)

PAGE_LENGTH = 50


@bp.get("/county/claims")
@requires(Permission.REFUSE_CLAIM)
def index() -> ResponseReturnValue:
    """The county's claims, the newest first, with what was remarked about each."""
    county_id = account().county_id
    page = max(1, request.args.get("page", 1, type=int))
    listed = claim_pay.in_county(
        db.session, county_id, limit=PAGE_LENGTH + 1, offset=(page - 1) * PAGE_LENGTH
    )
    shown = listed[:PAGE_LENGTH]
    note_look("claims:look", f"county:{county_id}", {"claims": [claim.id for claim in shown]})
    return render_template(
        "county/claims.html",
        county=account().county,
        claims=shown,
        page=page,
        has_more=len(listed) > PAGE_LENGTH,
    )


@bp.get("/county/claims/<int:claim_id>")
@requires(Permission.REFUSE_CLAIM)
def show(claim_id: int) -> ResponseReturnValue:
    """One claim with its days and its reason."""
    return _page(_one(claim_id), RefuseForm(formdata=None))


@bp.post("/county/claims/<int:claim_id>")
@requires(Permission.REFUSE_CLAIM)
def refuse(claim_id: int) -> ResponseReturnValue:
    """Refuse it, for a reason that the provider is told."""
    claim, form = _one(claim_id), RefuseForm()
    form.validate_on_submit()
    try:
        claim_pay.refuse(db.session, claim, reason=form.reason.data, by=account(), at=clock.now())
    except Refused as refused:
        db.session.rollback()
        form.reason.errors = [sentence(refused.code, refused.facts)]
        return _page(_one(claim_id), form)
    flash(_("The claim is refused. The provider is told why."), "success")
    return redirect(url_for("county_claims.index"), 303)


def _one(claim_id: int) -> Claim:
    return claim_pay.one_in_county(db.session, account(), claim_id)


def _page(claim: Claim, form: RefuseForm) -> Response:
    note_look("claim:look", f"claim:{claim.id}")
    payment = claims.payment_of(db.session, claim)
    role, kind = Role.COUNTY_WORKER, ClaimKind(claim.kind)
    open_now = actions_open(kind, ClaimStatus(claim.status), role)
    page = render_template(
        "county/claim.html",
        claim=claim,
        form=form,
        lines=claim_page.day_sentences(claim),
        payment=payment,
        may_refuse=ClaimAction.REFUSE in open_now and payment is None,
    )
    return Response(page, 422 if form.errors else 200)
