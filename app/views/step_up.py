"""Proving oneself once more before something that matters: by passkey, or by password and a code."""

from contextlib import suppress
from datetime import datetime
from typing import Any, TypeAlias

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

from app import clock
from app.domain import step_up as rules
from app.domain.outcomes import Refused
from app.domain.permissions import Permission
from app.domain.step_up import Proof
from app.extensions import db
from app.forms.sign_in import digits
from app.forms.step_up import CodeAgainForm, PasswordAgainForm
from app.gateways.messaging import SendingFailed
from app.gateways.turns import TooBusy
from app.services import codes, devices, factors, passkeys, sign_in, step_up
from app.web import device_cookie, next_page, sending_codes, signing_in
from app.web.access import account, requires
from app.web.step_up import is_fresh
from app.web.wording import sentence

bp = Blueprint("step_up", __name__, url_prefix="/step-up")

COOKIE_KEY = "step_up"
Problem: TypeAlias = Refused | SendingFailed | TooBusy


@bp.get("")
@requires(Permission.MANAGE_OWN_ACCOUNT)
def index() -> ResponseReturnValue:
    """A passkey, or the password; whoever has neither goes on to codes at once."""
    if "next" in request.args:
        _note(next=next_page.safe(request.args["next"]))
    if is_fresh():
        return redirect(_wanted(), code=303)
    if not _next_ways() & rules.STRONG:
        return redirect(url_for("step_up.code"), code=303)
    return _password_page(PasswordAgainForm(formdata=None))


@bp.post("")
@requires(Permission.MANAGE_OWN_ACCOUNT)
def password() -> ResponseReturnValue:
    """The password; a code follows."""
    form = PasswordAgainForm()
    if not form.validate():
        return _password_page(form, 422)
    try:
        sign_in.check_password_of(db.session, account(), form.password.data, at=clock.now())
    except (Refused, TooBusy) as problem:
        words, status, retry_after = _explain(problem)
        form.password.errors = [words]
        return _password_page(form, status, retry_after)
    return _after(Proof.PASSWORD)


@bp.post("/passkey/options")
@requires(Permission.MANAGE_OWN_ACCOUNT)
def passkey_options() -> ResponseReturnValue:
    """What the browser asks the account's passkeys."""
    return passkeys.begin_step_up(
        db.session, party=signing_in.party(), by=account(), at=clock.now()
    )


@bp.post("/passkey")
@requires(Permission.MANAGE_OWN_ACCOUNT)
def passkey() -> ResponseReturnValue:
    """What a passkey answered."""
    sent = request.get_json()
    if not isinstance(sent, dict):
        abort(400)
    try:
        passkeys.prove_with(
            db.session,
            sent.get("credential") or {},
            party=signing_in.party(),
            by=account(),
            at=clock.now(),
        )
    except Refused as refused:
        return {"message": sentence(refused.code, refused.facts)}, 422
    return {"location": _after(Proof.PASSKEY).location}


@bp.route("/code", methods=["GET", "POST"])
@requires(Permission.MANAGE_OWN_ACCOUNT)
def code() -> ResponseReturnValue:
    """The code that was sent, or that the app shows."""
    if is_fresh():
        return redirect(_wanted(), code=303)
    if _next_ways() & rules.STRONG:
        return redirect(url_for("step_up.index"), code=303)
    form = CodeAgainForm()
    if request.method == "GET":
        return _code_page(form)
    if not form.validate():
        return _code_page(form, 422)
    try:
        return _after(_check(digits(form.code.data)))
    except Refused as refused:
        words, status, retry_after = _explain(refused)
        form.code.errors = [words]
        return _code_page(form, status, retry_after)


@bp.post("/send-code")
@requires(Permission.MANAGE_OWN_ACCOUNT)
def send_code() -> ResponseReturnValue:
    """A code by the way that was chosen; the app needs none to be sent."""
    way = next((each for each in _next_ways() if each == request.form.get("way")), None)
    if way not in rules.CODES:
        return redirect(url_for("step_up.index"), code=303)
    try:
        _ask_for_code(way)
    except (Refused, SendingFailed, TooBusy) as problem:
        words, status, retry_after = _explain(problem, way)
        form = CodeAgainForm(formdata=None)
        form.form_errors.append(words)
        return _code_page(form, status, retry_after)
    return redirect(url_for("step_up.code"), code=303)


def _after(proof: Proof) -> BaseResponse:
    """Where to go on once something was proved: back, or to what is still to be proved."""
    at, given = clock.now(), _given() | {proof}
    if rules.is_enough(given, _held()):
        wanted = _wanted()
        step_up.note_proof(db.session, current_user.session, given, by=account(), at=at)
        session.pop(COOKIE_KEY, None)
        return redirect(wanted, code=303)
    stamps = {**_state().get("given", {}), proof: at.isoformat()}
    _note(given=stamps, way=None, ticket=None)
    _ask_for_first_code()
    return redirect(url_for("step_up.code"), code=303)


def _ask_for_first_code() -> None:
    """Where there is one way to a code, it is gone at once; a choice is left to the person."""
    ways = _next_ways()
    first = Proof.APP if Proof.APP in ways else next(iter(ways)) if len(ways) == 1 else None
    if first is not None:
        with suppress(Refused, SendingFailed, TooBusy):  # the page has a button to try again
            _ask_for_code(first)


def _ask_for_code(way: Proof) -> None:
    ticket = None
    if way is not Proof.APP:
        issued = codes.issue_code(
            db.session,
            account(),
            codes.Purpose.STEP_UP,
            channel=way,
            device=devices.find(db.session, device_cookie.token()),
            secrets=signing_in.secrets(),
            at=clock.now(),
        )
        sending_codes.send(issued)
        ticket = issued.ticket
    _note(way=way, ticket=ticket)


def _explain(problem: Problem, way: str = "") -> tuple[str, int, int | None]:
    """A problem as words, a status, and after how many seconds it is worth another try."""
    if isinstance(problem, Refused):
        wait = problem.facts.get("retry_after")
        words = sentence(problem.code, problem.facts)
        return words, 429 if wait else 422, int(str(wait)) if wait else None
    if isinstance(problem, TooBusy):
        words = gettext("Many people are signing in just now. Please try again in a moment.")
        return words, 503, problem.retry_after
    return sending_codes.failure(problem, way), 503, sending_codes.RETRY_AFTER


def _check(typed: str) -> Proof:
    """Which proof the typed code is; Refused where it is none."""
    way, ticket = _state().get("way"), _state().get("ticket")
    if way == Proof.APP:
        factors.check_app(db.session, account(), typed, at=clock.now())
        return Proof.APP
    proof = codes.check_code(
        db.session,
        ticket,
        typed,
        secrets=signing_in.secrets(),
        at=clock.now(),
        purposes=(codes.Purpose.STEP_UP,),
    )
    if proof.account.id != account().id:
        raise Refused("CODE_EXPIRED")
    return Proof(proof.channel)


def _password_page(
    form: PasswordAgainForm, status: int = 200, retry_after: int | None = None
) -> Response:
    return _answer(
        "step_up/password.html",
        status,
        retry_after,
        form=form,
        ways=_next_ways(),
        username=account().username,
    )


def _code_page(form: CodeAgainForm, status: int = 200, retry_after: int | None = None) -> Response:
    way = _state().get("way")
    return _answer(
        "step_up/code.html",
        status,
        retry_after,
        form=form,
        way=way if way in _next_ways() else None,
        ways=sorted(_next_ways(), key=list(Proof).index),
        needs_two=len(_held()) > 1 and not _held() & rules.STRONG,
        account=account(),
    )


def _answer(template: str, status: int, retry_after: int | None, **context: Any) -> Response:
    response = make_response(render_template(template, **context), status)
    if retry_after is not None:
        response.headers["Retry-After"] = str(retry_after)
    return response


def _held() -> frozenset[Proof]:
    """By what she can prove herself here: by no text where the operator sends none."""
    held = step_up.held(db.session, account())
    return held if current_app.extensions["settings"].sends_texts else held - {Proof.TEXT}


def _next_ways() -> frozenset[Proof]:
    return rules.next_ways(_given(), _held())


def _given() -> frozenset[Proof]:
    """What was proved in this session already, and still counts."""
    stamps = _state().get("given", {})
    given = {Proof(name): datetime.fromisoformat(at) for name, at in stamps.items()}
    return frozenset(rules.still_given(given, clock.now()))


def _wanted() -> str:
    return next_page.safe(_state().get("next") or url_for("account.index"))


def _state() -> dict[str, Any]:
    """An unfinished step-up, in the signed cookie of the session that it is for."""
    state = session.get(COOKIE_KEY) or {}
    return state if state.get("session") == current_user.session.id else {}


def _note(**changes: Any) -> None:
    session[COOKIE_KEY] = {**_state(), "session": current_user.session.id, **changes}
