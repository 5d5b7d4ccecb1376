"""The provider's pay: every payment, what it is made of, and a way to say that it is wrong."""

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import clock
from app.domain.business_days import money_arrives_on
from app.domain.outcomes import Refused
from app.domain.permissions import Permission
from app.extensions import db
from app.forms.payments import REASONS, DisputeForm
from app.gateways.holidays import CALIFORNIA
from app.models.payments import Payment
from app.services import payments
from app.web.access import account, requires
from app.web.pay_history import CSV, history_csv
from app.web.pay_lines import has_premium, paid_lines
from app.web.wording import sentence

bp = Blueprint("payments", __name__)

PAGE_LENGTH = 24


@bp.get("/payments")
@requires(Permission.SEE_OWN_PAY)
def index() -> ResponseReturnValue:
    """All payments, a year at a time, the newest first."""
    page = max(1, request.args.get("page", 1, type=int))
    listed = payments.list_of(
        db.session, account(), limit=PAGE_LENGTH + 1, offset=(page - 1) * PAGE_LENGTH
    )
    return render_template(
        "payments/index.html",
        payments=listed[:PAGE_LENGTH],
        page=page,
        has_more=len(listed) > PAGE_LENGTH,
    )


@bp.get("/payments/<int:payment_id>")
@requires(Permission.SEE_OWN_PAY)
def show(payment_id: int) -> ResponseReturnValue:
    """One payment, line by line."""
    payment = _own(payment_id)
    return render_template(
        "payments/show.html",
        payment=payment,
        lines=paid_lines(payment),
        has_premium=has_premium(payment),
        arrives_on=money_arrives_on(payment.run.issue_on, CALIFORNIA),
        is_disputable=payments.is_disputable(payment),
    )


@bp.get("/payments/history.csv")
@requires(Permission.SEE_OWN_PAY)
def history() -> ResponseReturnValue:
    """Every line that was ever paid, to open in a spreadsheet."""
    content = history_csv(payments.history_of(db.session, account()))
    name = f"carehours-payments-{clock.today().isoformat()}.csv"
    return Response(
        content, mimetype=CSV, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


@bp.get("/payments/<int:payment_id>/dispute")
@requires(Permission.DISPUTE_PAYMENT)
def dispute(payment_id: int) -> ResponseReturnValue:
    """What is wrong with a payment: reasons to tap."""
    payment = _own(payment_id)
    if not payments.is_disputable(payment):
        return redirect(url_for("payments.show", payment_id=payment_id), 303)
    return _dispute_page(payment, DisputeForm(formdata=None))


@bp.post("/payments/<int:payment_id>/dispute")
@requires(Permission.DISPUTE_PAYMENT)
def say_it_is_wrong(payment_id: int) -> ResponseReturnValue:
    """Dispute a payment; the county is told."""
    payment, form = _own(payment_id), DisputeForm()
    form.validate_on_submit()
    try:
        payments.dispute(
            db.session,
            payment,
            reason=form.reason.data,
            note=form.note.data,
            by=account(),
            at=clock.now(),
        )
    except Refused as refused:
        db.session.rollback()
        field = form.note if refused.code.startswith("DISPUTE_NOTE") else form.reason
        field.errors = [sentence(refused.code, refused.facts)]
        return _dispute_page(_own(payment_id), form)
    flash(_("Your county is told, and will look at this payment."), "success")
    return redirect(url_for("payments.show", payment_id=payment_id), 303)


def _own(payment_id: int) -> Payment:
    return payments.own(db.session, account(), payment_id)


def _dispute_page(payment: Payment, form: DisputeForm) -> Response:
    page = render_template("payments/dispute.html", form=form, payment=payment, reasons=REASONS)
    return Response(page, 422 if form.errors else 200)
