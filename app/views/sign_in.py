"""Signing in by password, code or passkey, staying signed in, and signing out."""

from typing import Any

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    flash,
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
from flask_wtf import FlaskForm

from app import clock
from app.domain.outcomes import Refused
from app.domain.permissions import Permission
from app.extensions import db
from app.forms.sign_in import CodeForm, NameForm, SignInForm, digits
from app.models.accounts import Account, OneTimeCode
from app.services import claimants, codes, devices, passkeys, sessions
from app.services import sign_in as use_case
from app.services.codes import Channel, Purpose
from app.web import device_cookie, kept_typing, second_step, signing_in, visitors, waiting_code
from app.web.access import account, is_public, public, requires
from app.web.even_time import at_even_time
from app.web.second_step import Way
from app.web.sign_in_problems import PROBLEMS, Problem, explain, page
from app.web.wording import sentence

bp = Blueprint("sign_in", __name__)


@bp.record_once
def _register(state: Any) -> None:
    state.app.extensions["keep_typed"] = keep_typed


@bp.route("/sign-in", methods=["GET", "POST"])
@public
def sign_in() -> ResponseReturnValue:
    """A name and a password; a device that we do not know is asked for a code as well."""
    if request.method == "GET":
        return _first_page()
    form = SignInForm()
    if not form.validate():
        return _page(form, 422)
    try:
        visitors.count_try()
        known = use_case.check_password(
            db.session,
            form.username.data,
            form.password.data,
            secrets=signing_in.secrets(),
            at=clock.now(),
        )
        visitors.give_try_back()
        device = devices.find(db.session, device_cookie.token())
        if devices.is_known(db.session, device, known, at=clock.now()):
            return _enter(known, "password", form.next.data, proves_device=False)
        return _second_step(known, form.next.data)
    except PROBLEMS as problem:
        return _page_with(problem, form)


@bp.post("/sign-in/send-code")
@public
@at_even_time
def send_code() -> ResponseReturnValue:
    """A code to whoever has this name; the answer is the same when nobody has."""
    if "username" not in request.form:
        return _send_code_again()
    form = NameForm()
    if not form.validate():
        return _page(_as_sign_in_form(form), 422)
    try:
        visitors.count_try(visitors.SEND_CODE)
        claimed = claimants.claimant(
            db.session, form.username.data, secrets=signing_in.secrets(), at=clock.now()
        )
        return _send_code(claimed, Purpose.SIGN_IN, form.next.data)
    except PROBLEMS as problem:
        return _page_with(problem, _as_sign_in_form(form))


@bp.route("/sign-in/code", methods=["GET", "POST"])
@public
def code() -> ResponseReturnValue:
    """The six digits that we sent."""
    pending = waiting_code.pending()
    if pending is None:
        return redirect(url_for("sign_in.sign_in"), code=303)
    form = CodeForm()
    if request.method == "GET":
        return _code_page(form, pending)
    if not form.validate():
        return _code_page(form, pending, 422)
    try:
        visitors.count_try()
        proof = codes.check_code(
            db.session,
            waiting_code.ticket(),
            digits(form.code.data),
            secrets=signing_in.secrets(),
            at=clock.now(),
        )
        visitors.give_try_back()
        return _enter(proof.account, proof.method, waiting_code.wanted(), proves_device=True)
    except Refused as refused:
        words, status, retry_after = explain(refused)
        form.code.errors = [words]
        return _code_page(form, pending, status, retry_after)


@bp.post("/sign-in/passkey/options")
@public
def passkey_options() -> ResponseReturnValue:
    """What the browser asks its passkeys."""
    return passkeys.begin_sign_in(db.session, party=signing_in.party(), at=clock.now())


@bp.post("/sign-in/passkey")
@public
def passkey() -> ResponseReturnValue:
    """What a passkey answered."""
    sent = request.get_json()
    if not isinstance(sent, dict):
        abort(400)
    try:
        owner = passkeys.sign_in_with(
            db.session, sent.get("credential") or {}, party=signing_in.party(), at=clock.now()
        )
        response = make_response({"location": signing_in.target(str(sent.get("next") or ""))})
        signing_in.enter(response, owner, method="passkey", proves_device=True)
    except Refused as refused:
        return {"message": sentence(refused.code, refused.facts)}, 422
    return response


@bp.route("/sign-in/resume", methods=["GET", "POST"])
@requires(Permission.MANAGE_OWN_ACCOUNT)
def resume() -> ResponseReturnValue:
    """A form that came after the session had ended, to be sent again or thrown away."""
    if request.method == "POST":
        kept_typing.drop(account())
        flash(gettext("It was not sent."), "info")
        return redirect(url_for("home.index"), code=303)
    kept = kept_typing.find(account())
    if kept is None:
        return redirect(url_for("home.index"), code=303)
    return render_template("sign_in/resume.html", kept=kept)


@bp.post("/sign-out")
@public
def sign_out() -> ResponseReturnValue:
    """End the session here; what waits on the phone stays there."""
    response = redirect(url_for("home.index"), code=303)
    signing_in.leave(response)
    flash(gettext("You are signed out."), "info")
    return response


@bp.post("/session/extend")
@requires(Permission.MANAGE_OWN_ACCOUNT)
def extend() -> ResponseReturnValue:
    """The person is still there: until when the session lasts now."""
    at = clock.now()
    ends_at = sessions.extend(db.session, current_user.session, at=at)
    return {"ends": ends_at.isoformat(), "now": at.isoformat()}


def keep_typed() -> ResponseReturnValue:
    """Answer a form that came without a session, or with the token of another one.

    Told apart by whether somebody is signed in now: then the form can be shown again at once.
    """
    if is_public(request.endpoint):
        flash(gettext("This page had been open for too long. Please try again."), "warning")
        return redirect(_page_of_form() or url_for("sign_in.sign_in"), code=303)
    kept = request.blueprint not in {bp.name, "step_up"} and kept_typing.keep()
    if current_user.is_authenticated:
        return redirect(url_for("sign_in.resume" if kept else "home.index"), code=303)
    if request.headers.get("HX-Request"):
        return Response("", 401, {"HX-Redirect": url_for("sign_in.sign_in")})
    form = SignInForm(formdata=None)
    return _page(form, 401, kept=kept)


def _page_of_form() -> str | None:
    """The page that shows the form which was sent just now, where it has the same address."""
    adapter = current_app.create_url_adapter(request)
    has_page = adapter is not None and "GET" in adapter.allowed_methods(request.path)
    return request.full_path.rstrip("?") if has_page else None


def _first_page() -> ResponseReturnValue:
    wanted = request.args.get("next")
    if current_user.is_authenticated and "again" not in request.args:
        return redirect(signing_in.target(wanted), code=303)
    form = SignInForm(formdata=None)
    form.next.data = wanted
    return _page(form)


def _second_step(known: Account, wanted: str | None) -> ResponseReturnValue:
    """The code by e-mail goes out at once unless there is something better; else she chooses."""
    waits = second_step.begin(known, wanted)
    if {Way.APP, Way.TEXT} & set(waits.ways):
        return redirect(second_step.first_page(waits), code=303)
    try:
        return _send_code(known, Purpose.DEVICE, wanted)
    except PROBLEMS as problem:
        if Way.KIT not in waits.ways:
            raise
        words, status, retry_after = explain(problem)
        return page("sign_in/second.html", status, retry_after, waits=waits, problem=words)


def _send_code(
    claimed: claimants.Claimant, purpose: str, wanted: str | None, channel: str = Channel.EMAIL
) -> ResponseReturnValue:
    waiting_code.send(claimed, purpose, wanted, channel=channel)
    return redirect(url_for("sign_in.code"), code=303)


def _send_code_again() -> ResponseReturnValue:
    pending = waiting_code.pending()
    if pending is None:
        return redirect(url_for("sign_in.sign_in"), code=303)
    channel = request.form.get("channel") or pending.channel
    if channel not in set(Channel):
        abort(400)
    try:
        answer = _send_code(
            codes.owner_of(pending), pending.purpose, waiting_code.wanted(), channel
        )
    except PROBLEMS as problem:
        form = CodeForm(formdata=None)
        words, status, retry_after = explain(problem, channel)
        form.form_errors.append(words)
        return _code_page(form, pending, status, retry_after)
    flash(gettext("We sent a new code. Only the newest one works."), "info")
    return answer


def _enter(
    known: Account, method: str, wanted: str | None, *, proves_device: bool
) -> ResponseReturnValue:
    response = redirect(signing_in.target(wanted), code=303)
    signing_in.enter(response, known, method=method, proves_device=proves_device)
    return response


def _page_with(problem: Problem, form: FlaskForm) -> Response:
    if not isinstance(problem, Refused):  # it was our fault
        visitors.give_try_back()
        db.session.commit()
    words, status, retry_after = explain(problem)
    form.form_errors.append(words)
    return _page(form, status, retry_after)


def _page(
    form: FlaskForm, status: int = 200, retry_after: int | None = None, *, kept: bool = False
) -> Response:
    kept = kept or kept_typing.COOKIE_KEY in session
    return page("sign_in/sign_in.html", status, retry_after, form=form, kept=kept)


def _code_page(
    form: FlaskForm, pending: OneTimeCode, status: int = 200, retry_after: int | None = None
) -> Response:
    """After a right password the page may say where the code went."""
    is_second = pending.purpose == Purpose.DEVICE
    return page(
        "sign_in/code.html",
        status,
        retry_after,
        form=form,
        channel=pending.channel,
        sent_to=pending.account if is_second else None,
        waits=second_step.waiting() if is_second else None,
    )


def _as_sign_in_form(form: NameForm) -> SignInForm:
    """The same answers on the page that also asks for a password, which is not asked for here."""
    whole = SignInForm(formdata=None, data={"username": form.username.data, "next": form.next.data})
    whole.username.errors = form.username.errors
    return whole
