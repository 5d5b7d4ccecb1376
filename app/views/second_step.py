"""After the password, on a new device: the code of an app, one that we send, or one of the printed kit."""

from datetime import timedelta

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app import clock
from app.domain import sign_in as rules
from app.domain.outcomes import Refused
from app.extensions import db
from app.forms.sign_in import AppCodeForm, RecoveryCodeForm, digits
from app.services import counted_tries, factors
from app.services.codes import Purpose
from app.web import second_step, signing_in, visitors, waiting_code
from app.web.access import public
from app.web.second_step import Waiting, Way
from app.web.sign_in_problems import PROBLEMS, explain, page

bp = Blueprint("second_step", __name__, url_prefix="/sign-in/second")

SENT = frozenset({Way.TEXT, Way.EMAIL})
AN_HOUR = timedelta(hours=1)


@bp.get("")
@public
def choose() -> ResponseReturnValue:
    """Every second step that this account has."""
    waits = second_step.waiting()
    return _start_again() if waits is None else page("sign_in/second.html", waits=waits)


@bp.post("/send")
@public
def send() -> ResponseReturnValue:
    """A code by e-mail or text."""
    waits = second_step.waiting()
    if waits is None:
        return _start_again()
    way = request.form.get("way", "")
    if way not in SENT & set(waits.ways):
        return redirect(url_for("second_step.choose"), code=303)
    try:
        waiting_code.send(waits.account, Purpose.DEVICE, waits.wanted, channel=way)
    except PROBLEMS as problem:
        words, status, retry_after = explain(problem, way)
        return page("sign_in/second.html", status, retry_after, waits=waits, problem=words)
    return redirect(url_for("sign_in.code"), code=303)


@bp.route("/app", methods=["GET", "POST"])
@public
def app() -> ResponseReturnValue:
    """The six digits that the authenticator app shows."""
    waits = second_step.waiting()
    if waits is None:
        return _start_again()
    form = AppCodeForm()
    if request.method == "GET":
        return page("sign_in/app.html", form=form, waits=waits)
    if not form.validate():
        return page("sign_in/app.html", 422, form=form, waits=waits)
    try:
        visitors.count_try()
        factors.check_app(db.session, waits.account, digits(form.code.data), at=clock.now())
        return _enter(waits)
    except Refused as refused:
        words, status, retry_after = explain(refused)
        form.code.errors = [words]
        return page("sign_in/app.html", status, retry_after, form=form, waits=waits)


@bp.route("/recovery-code", methods=["GET", "POST"])
@public
def kit() -> ResponseReturnValue:
    """A code of the printed kit, which is used up by it."""
    waits = second_step.waiting()
    if waits is None:
        return _start_again()
    form = RecoveryCodeForm()
    if request.method == "GET":
        return page("sign_in/kit.html", form=form, waits=waits)
    if not form.validate():
        return page("sign_in/kit.html", 422, form=form, waits=waits)
    try:
        _count_kit_try(waits)
        factors.use_recovery_code(
            db.session, waits.account, form.recovery_code.data, at=clock.now()
        )
        return _enter(waits)
    except Refused as refused:
        words, status, retry_after = explain(refused)
        form.recovery_code.errors = [words]
        return page("sign_in/kit.html", status, retry_after, form=form, waits=waits)


def _count_kit_try(waits: Waiting) -> None:
    """As many an hour as there are passwords before the lock: nobody should be at it for longer."""
    at = clock.now()
    counted_tries.count(
        db.session,
        "recovery code",
        [f"account {waits.account.id}"],
        most=rules.tries_left(0, at),
        within=AN_HOUR,
        secrets=signing_in.secrets(),
        at=at,
    )


def _enter(waits: Waiting) -> ResponseReturnValue:
    visitors.give_try_back()
    response = redirect(signing_in.target(waits.wanted), code=303)
    signing_in.enter(response, waits.account, method="password", proves_device=True)
    return response


def _start_again() -> ResponseReturnValue:
    return redirect(url_for("sign_in.sign_in"), code=303)
