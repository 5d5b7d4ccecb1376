"""The way back into an account for somebody who has lost her username, her password or her phone."""

from typing import Any

from flask import Blueprint, abort, flash, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from werkzeug.wrappers import Response as BaseResponse

from app import clock
from app.domain.outcomes import Refused
from app.domain.permissions import Permission
from app.domain.recovery import Lost, Proof
from app.extensions import db
from app.forms.account import NewPasswordForm
from app.forms.recovery import AnswerForm, AppForm, EmailForm, KitForm, WhoForm
from app.forms.sign_in import CodeForm, digits
from app.forms.step_up import PasswordAgainForm
from app.models.accounts import Account
from app.models.factors import Recovery
from app.services import passkeys, recovery, recovery_end, recovery_proofs
from app.web import recovering, sending_links, signing_in, visitors
from app.web.access import account, public, requires
from app.web.even_time import at_even_time
from app.web.wording import sentence

bp = Blueprint("recovery", __name__, url_prefix="/recover")

ABOUT_ANSWERS = frozenset({"ANSWER_WRONG", "QUESTION_CLOSED"})


@bp.get("")
@public
def index() -> ResponseReturnValue:
    """What is lost?"""
    return recovering.page("recovery/index.html", None)


@bp.route("/username", methods=["GET", "POST"])
@public
@at_even_time
def username() -> ResponseReturnValue:
    """The username goes to the address, if an account has it; the answer is the same if none has."""
    form = EmailForm()
    if request.method == "GET" or not form.validate():
        return recovering.page("recovery/username.html", form)
    try:
        visitors.count_try(visitors.RECOVERY)
        sending_links.send_username(form.email.data)
    except recovering.PROBLEMS as problem:
        return recovering.page("recovery/username.html", form, problem)
    return recovering.page("recovery/username_sent.html", None, email=form.email.data)


@bp.route("/<any(password, phone, everything):lost>", methods=["GET", "POST"])
@public
@at_even_time
def start(lost: str) -> ResponseReturnValue:
    """Whose account it is."""
    form = WhoForm()
    if request.method == "GET" or not form.validate():
        return recovering.page("recovery/start.html", form, lost=lost)
    try:
        visitors.count_try(visitors.RECOVERY)
        ticket = recovery.start(
            db.session,
            form.username.data,
            Lost(lost),
            secrets=signing_in.secrets(),
            at=clock.now(),
        )
    except Refused as refused:
        return recovering.page("recovery/start.html", form, refused, lost=lost)
    recovering.begin(ticket)
    return _on()


@bp.route("/link/<string:token>", methods=["GET", "POST"])
@public
def link(token: str) -> ResponseReturnValue:
    """The service desk's link. Only the button follows it: mail programs open links by themselves."""
    if request.method == "GET":
        return recovering.page("recovery/link.html", None, token=token)
    try:
        recovering.begin(recovery.follow_link(db.session, token, at=clock.now()))
    except Refused as refused:
        return recovering.page("recovery/link.html", None, refused, token=token)
    return _on()


@bp.get("/proofs")
@public
def proofs() -> ResponseReturnValue:
    """How far it has come, and what can be shown next."""
    way = recovering.way()
    if way is None:
        return _start_again()
    now = recovery.standing(db.session, way)
    if now.progress.suffices:
        return redirect(url_for("recovery.new_key"), code=303)
    return recovering.page("recovery/proofs.html", None, now=now)


@bp.route("/proofs/<any(email, text):kind>", methods=["GET", "POST"])
@public
@at_even_time
def ask_for_code(kind: str) -> ResponseReturnValue:
    """A code by e-mail or text, once the security question before it is answered."""
    way, proof = recovering.way(), Proof(kind)
    if way is None:
        return _start_again()
    asked = recovery.question_before(db.session, way, proof, secrets=signing_in.secrets())
    form = AnswerForm()
    shown: dict[str, Any] = {
        "kind": kind,
        "question": sentence(f"QUESTION_{asked}") if asked else None,
    }
    if request.method == "GET" or (asked and not form.validate()):
        return recovering.page("recovery/ask_for_code.html", form, **shown)
    try:
        if asked:
            recovery.answer_question(
                db.session, way, form.answer.data, secrets=signing_in.secrets(), at=clock.now()
            )
        recovering.send_code(way, proof)
    except recovering.PROBLEMS as problem:
        beside = form.answer if getattr(problem, "code", None) in ABOUT_ANSWERS else None
        return recovering.page("recovery/ask_for_code.html", form, problem, beside=beside, **shown)
    return redirect(url_for("recovery.code"), code=303)


@bp.route("/code", methods=["GET", "POST"])
@public
def code() -> ResponseReturnValue:
    """The six digits that were sent."""
    way = recovering.way()
    if way is None:
        return _start_again()
    if recovering.code_ticket() is None:
        return _on()
    form, kind = CodeForm(), recovering.code_kind()
    if request.method == "GET" or not form.validate():
        return recovering.page("recovery/code.html", form, kind=kind)
    try:
        recovery_proofs.take_code(
            db.session,
            way,
            recovering.code_ticket(),
            digits(form.code.data),
            secrets=signing_in.secrets(),
            at=clock.now(),
        )
    except Refused as refused:
        return recovering.page("recovery/code.html", form, refused, beside=form.code, kind=kind)
    return _on(told=True)


@bp.route("/proofs/kit", methods=["GET", "POST"])
@public
def kit() -> ResponseReturnValue:
    """A code of the printed recovery kit."""
    return _take(KitForm(), "recovery/kit.html", recovery_proofs.take_kit_code)


@bp.route("/proofs/app", methods=["GET", "POST"])
@public
def app_code() -> ResponseReturnValue:
    """A code of the authenticator app."""
    return _take(AppForm(), "recovery/app.html", recovery_proofs.take_app_code)


@bp.route("/proofs/password", methods=["GET", "POST"])
@public
def password() -> ResponseReturnValue:
    """The password that she still knows."""
    return _take(PasswordAgainForm(), "recovery/password.html", recovery_proofs.take_password)


@bp.get("/proofs/passkey")
@public
def passkey() -> ResponseReturnValue:
    """A passkey that she still holds."""
    if recovering.way() is None:
        return _start_again()
    return recovering.page("recovery/passkey.html", None)


@bp.post("/proofs/passkey/options")
@public
def passkey_options() -> ResponseReturnValue:
    """What the browser asks its passkeys."""
    _way()
    return passkeys.begin_recovery(db.session, party=signing_in.party(), at=clock.now())


@bp.post("/proofs/passkey")
@public
def take_passkey() -> ResponseReturnValue:
    """What a passkey answered."""
    try:
        recovery_proofs.take_passkey(
            db.session, _way(), _credential(), party=signing_in.party(), at=clock.now()
        )
    except Refused as refused:
        return _no(refused)
    return {"location": _on(told=True).location}


@bp.route("/new", methods=["GET", "POST"])
@public
def new_key() -> ResponseReturnValue:
    """What opens the account from now on: a new password, or a passkey."""
    way = recovering.way()
    if way is None:
        return _start_again()
    if not recovery.standing(db.session, way).progress.suffices:
        return _on()
    form = NewPasswordForm()
    shown: dict[str, Any] = {
        "owner": recovery.account_of(way),
        "shortest": recovery_end.shortest_password(db.session, way, at=clock.now()),
    }
    if request.method == "GET" or not form.validate():
        return recovering.page("recovery/new.html", form, **shown)
    try:
        back = recovery_end.set_password(db.session, way, form.new_password.data, at=clock.now())
    except recovering.PROBLEMS as problem:
        return recovering.page(
            "recovery/new.html", form, problem, beside=form.new_password, **shown
        )
    return _enter(back, redirect(url_for("recovery.done"), code=303))


@bp.post("/new/passkey/options")
@public
def new_passkey_options() -> ResponseReturnValue:
    """What the browser needs to make a passkey."""
    try:
        return recovery_end.begin_passkey(
            db.session,
            _way(),
            party=signing_in.party(),
            secrets=signing_in.secrets(),
            at=clock.now(),
        )
    except Refused as refused:
        return _no(refused)


@bp.post("/new/passkey")
@public
def new_passkey() -> ResponseReturnValue:
    """The passkey that was made."""
    try:
        back = recovery_end.add_passkey(
            db.session,
            _way(),
            _credential(),
            gettext("My passkey"),
            party=signing_in.party(),
            secrets=signing_in.secrets(),
            at=clock.now(),
        )
    except Refused as refused:
        return _no(refused)
    return _enter(back, make_response({"location": url_for("recovery.done")}))


@bp.get("/done")
@requires(Permission.MANAGE_OWN_ACCOUNT)
def done() -> ResponseReturnValue:
    """She is back: what was changed, and what to look after now."""
    return recovering.page("recovery/done.html", None, account=account())


def _take(form: Any, template: str, take: Any) -> ResponseReturnValue:
    """One proof that is typed: take it, or say what is wrong with it."""
    way = recovering.way()
    if way is None:
        return _start_again()
    if request.method == "GET" or not form.validate():
        return recovering.page(template, form)
    field = form.password if "password" in form else form.code
    try:
        take(db.session, way, field.data, at=clock.now())
    except recovering.PROBLEMS as problem:
        return recovering.page(template, form, problem, beside=field)
    return _on(told=True)


def _on(*, told: bool = False) -> BaseResponse:
    """On to the page that says how far it has come."""
    if told:
        flash(gettext("Thank you. That was right."), "success")
    return redirect(url_for("recovery.proofs"), code=303)


def _start_again() -> BaseResponse:
    flash(gettext("You were away for a while, so please start again."), "info")
    return redirect(url_for("recovery.index"), code=303)


def _enter(back: Account, response: BaseResponse) -> BaseResponse:
    recovering.leave()
    signing_in.enter(response, back, method="recovery", proves_device=True)
    return response


def _way() -> Recovery:
    return recovering.way() or abort(409)


def _credential() -> dict[str, Any]:
    sent = request.get_json()
    found = sent.get("credential") if isinstance(sent, dict) else None
    return found if isinstance(found, dict) else abort(400)


def _no(refused: Refused) -> ResponseReturnValue:
    return {"message": sentence(refused.code, refused.facts)}, 422
