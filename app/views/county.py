"""The county worker's list: what waits for her, why, and how it goes on."""

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import clock
from app.domain.outcomes import Refused
from app.domain.permissions import Permission
from app.extensions import db
from app.forms.county import ReleaseForm, SettleForm
from app.models.payments import Payment
from app.services import caseload, holds, payments
from app.services.caseload import HeldSheet, Order
from app.web.access import account, requires
from app.web.looks import note_look
from app.web.pay_lines import has_premium, paid_lines
from app.web.wording import sentence

bp = Blueprint("county", __name__)

PAGE_LENGTH = 50


@bp.get("/county")
@requires(Permission.SEE_CASELOAD)
def index() -> ResponseReturnValue:
    """Holds, disputes, and what was worked beyond the authorization, of her own county."""
    county_id = account().county_id
    order = _order()
    page = max(1, request.args.get("page", 1, type=int))
    held = caseload.held(
        db.session,
        county_id,
        order=order,
        limit=PAGE_LENGTH + 1,
        offset=(page - 1) * PAGE_LENGTH,
    )
    disputes = payments.disputed_in(db.session, county_id, limit=PAGE_LENGTH)
    beyond = caseload.not_authorized(db.session, county_id, limit=PAGE_LENGTH)
    shown = [each.timesheet.id for each in held[:PAGE_LENGTH]]
    note_look(
        "caseload:look",
        f"county:{county_id}",
        {
            "held": shown,
            "payments": [payment.id for payment in disputes],
            "not_authorized": [each.timesheet.id for each in beyond],
        },
    )
    return render_template(
        "county/index.html",
        county=account().county,
        held=held[:PAGE_LENGTH],
        disputes=disputes,
        beyond=beyond,
        order=order,
        page=page,
        has_more=len(held) > PAGE_LENGTH,
    )


@bp.get("/county/holds/<int:timesheet_id>/release")
@requires(Permission.RELEASE_HOLD)
def release(timesheet_id: int) -> ResponseReturnValue:
    """A held timesheet with its evidence, and the reason to let it go on."""
    return _release_page(_held(timesheet_id), ReleaseForm(formdata=None))


@bp.post("/county/holds/<int:timesheet_id>/release")
@requires(Permission.RELEASE_HOLD)
def let_go_on(timesheet_id: int) -> ResponseReturnValue:
    """End the county's holds on it, for a reason."""
    held, form = _held(timesheet_id), ReleaseForm()
    form.validate_on_submit()
    try:
        holds.release(
            db.session,
            held.timesheet,
            reason=form.reason.data or "",
            by=account(),
            at=clock.now(),
        )
    except Refused as refused:
        db.session.rollback()
        form.reason.errors = [sentence(refused.code, refused.facts)]
        return _release_page(_held(timesheet_id), form)
    flash(_("The timesheet goes on. The provider is told why."), "success")
    return redirect(url_for("county.index"), 303)


@bp.get("/county/disputes/<int:payment_id>/settle")
@requires(Permission.SETTLE_DISPUTE)
def settle(payment_id: int) -> ResponseReturnValue:
    """A disputed payment with what the provider says, and the answer."""
    return _settle_page(_disputed(payment_id), SettleForm(formdata=None))


@bp.post("/county/disputes/<int:payment_id>/settle")
@requires(Permission.SETTLE_DISPUTE)
def answer(payment_id: int) -> ResponseReturnValue:
    """Answer a dispute."""
    payment, form = _disputed(payment_id), SettleForm()
    form.validate_on_submit()
    try:
        payments.settle(db.session, payment, answer=form.answer.data, by=account(), at=clock.now())
    except Refused as refused:
        db.session.rollback()
        form.answer.errors = [sentence(refused.code, refused.facts)]
        return _settle_page(_disputed(payment_id), form)
    flash(_("Your answer is sent. The dispute is closed."), "success")
    return redirect(url_for("county.index"), 303)


def _order() -> Order:
    asked = request.args.get("sort", Order.SINCE)
    return Order(asked) if asked in set(Order) else Order.SINCE


def _held(timesheet_id: int) -> HeldSheet:
    return caseload.held_one(db.session, account(), timesheet_id)


def _disputed(payment_id: int) -> Payment:
    return payments.disputed_one(db.session, account(), payment_id)


def _release_page(held: HeldSheet, form: ReleaseForm) -> Response:
    note_look("timesheet:look", f"timesheet:{held.timesheet.id}")
    page = render_template("county/release.html", form=form, held=held)
    return Response(page, 422 if form.errors else 200)


def _settle_page(payment: Payment, form: SettleForm) -> Response:
    note_look("payment:look", f"payment:{payment.id}")
    page = render_template(
        "county/settle.html",
        form=form,
        payment=payment,
        lines=paid_lines(payment),
        has_premium=has_premium(payment),
    )
    return Response(page, 422 if form.errors else 200)
