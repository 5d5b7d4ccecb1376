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
from app.gateways.messaging import SendingFailed, mailer_for
from app.gateways.turns import TooBusy
from app.models.accounts import Account, OneTimeCode
from app.services import claimants, codes, devices, passkeys, sessions
from app.services import sign_in as use_case
from app.web import device_cookie, emails, kept_typing, next_page, signing_in, visitors
from app.web.access import account, is_public, public, requires
from app.web.wording import sentence

bp = Blueprint("sign_in", __name__)

TOO_MANY = frozenset({"LOCKED", "TOO_MANY_CODES", "TOO_MANY_TRIES"})
MAIL_RETRY_AFTER = 60  # seconds


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
        return _send_code(known, "device", form.next.data)
    except (Refused, SendingFailed, TooBusy) as problem:
        return _page_with(problem, form)


@bp.post("/sign-in/send-code")
@public
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
        return _send_code(claimed, "sign_in", form.next.data)
    except (Refused, SendingFailed, TooBusy) as problem:
        return _page_with(problem, _as_sign_in_form(form))


@bp.route("/sign-in/code", methods=["GET", "POST"])
@public
def code() -> ResponseReturnValue:
    """The six digits from the e-mail."""
    pending = _pending()
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
            _waiting().get("ticket"),
            digits(form.code.data),
            secrets=signing_in.secrets(),
            at=clock.now(),
        )
    except Refused as refused:
        words, status, retry_after = _explain(refused)
        form.code.errors = [words]
        return _code_page(form, pending, status, retry_after)
    visitors.give_try_back()
    return _enter(proof.account, proof.method, _waiting().get("next"), proves_device=True)


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
    except Refused as refused:
        return {"message": sentence(refused.code, refused.facts)}, 422
    response = make_response({"location": _target(str(sent.get("next") or ""))})
    signing_in.enter(response, owner, method="passkey", proves_device=True)
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
        return redirect(url_for("sign_in.sign_in"), code=303)
    kept = request.blueprint not in {bp.name, "step_up"} and kept_typing.keep()
    if current_user.is_authenticated:
        return redirect(url_for("sign_in.resume" if kept else "home.index"), code=303)
    if request.headers.get("HX-Request"):
        return Response("", 401, {"HX-Redirect": url_for("sign_in.sign_in")})
    form = SignInForm(formdata=None)
    return _page(form, 401, kept=kept)


def _first_page() -> ResponseReturnValue:
    wanted = request.args.get("next")
    if current_user.is_authenticated and "again" not in request.args:
        return redirect(_target(wanted), code=303)
    form = SignInForm(formdata=None)
    form.next.data = wanted
    return _page(form)


def _send_code(
    claimed: claimants.Claimant, purpose: str, wanted: str | None
) -> ResponseReturnValue:
    """Issue a code and send it, or do everything but, where there is nobody to send it to."""
    at = clock.now()
    device = devices.find(db.session, device_cookie.token())
    issued = codes.issue_code(
        db.session, claimed, purpose, device=device, secrets=signing_in.secrets(), at=at
    )
    mailer = mailer_for(current_app.extensions["settings"])
    try:
        if issued.to is None:
            mailer.rehearse()
        else:
            facts = {"code": issued.code, "expires_at": issued.expires_at}
            mailer.send(emails.compose("SIGN_IN_CODE", facts, issued.to))
    except (SendingFailed, TooBusy):
        codes.withdraw_code(db.session, issued.ticket)
        raise
    session["code"] = {"ticket": issued.ticket, "next": next_page.safe(wanted)}
    return redirect(url_for("sign_in.code"), code=303)


def _send_code_again() -> ResponseReturnValue:
    pending = _pending()
    if pending is None:
        return redirect(url_for("sign_in.sign_in"), code=303)
    try:
        answer = _send_code(codes.owner_of(pending), pending.purpose, _waiting().get("next"))
    except (Refused, SendingFailed, TooBusy) as problem:
        form = CodeForm(formdata=None)
        words, status, retry_after = _explain(problem)
        form.form_errors.append(words)
        return _code_page(form, pending, status, retry_after)
    flash(gettext("We sent a new code. Only the newest one works."), "info")
    return answer


def _enter(
    known: Account, method: str, wanted: str | None, *, proves_device: bool
) -> ResponseReturnValue:
    response = redirect(_target(wanted), code=303)
    signing_in.enter(response, known, method=method, proves_device=proves_device)
    return response


def _target(wanted: str | None) -> str:
    """Where to go after signing in: a form that waits comes before any page."""
    if session.get(kept_typing.COOKIE_KEY):
        return url_for("sign_in.resume")
    return next_page.safe(wanted)


def _waiting() -> dict[str, str | None]:
    """What this browser holds while it waits for a code: the code's ticket and the page wanted."""
    return session.get("code") or {}


def _pending() -> OneTimeCode | None:
    return codes.pending_code(db.session, _waiting().get("ticket"), at=clock.now())


def _explain(problem: Exception) -> tuple[str, int, int | None]:
    """A problem as words, a status, and after how many seconds it is worth another try."""
    if isinstance(problem, Refused):
        words = sentence(problem.code, problem.facts)
        if problem.code in TOO_MANY:
            return words, 429, int(str(problem.facts["retry_after"]))
        return words, 422, None
    if isinstance(problem, TooBusy):
        words = gettext("Many people are signing in just now. Please try again in a moment.")
        return words, 503, problem.retry_after
    current_app.logger.warning("mail is down: %s", problem)
    words = gettext(
        "We cannot send e-mail just now, so no code is on its way. "
        "Use a passkey, or your password on a device that you know, or try again in a few minutes."
    )
    return words, 503, MAIL_RETRY_AFTER


def _page_with(problem: Exception, form: FlaskForm) -> Response:
    if not isinstance(problem, Refused):  # it was our fault
        visitors.give_try_back()
        db.session.commit()
    words, status, retry_after = _explain(problem)
    form.form_errors.append(words)
    return _page(form, status, retry_after)


def _page(
    form: FlaskForm, status: int = 200, retry_after: int | None = None, *, kept: bool = False
) -> Response:
    kept = kept or kept_typing.COOKIE_KEY in session
    return _answer("sign_in/sign_in.html", status, retry_after, form=form, kept=kept)


def _code_page(
    form: FlaskForm, pending: OneTimeCode, status: int = 200, retry_after: int | None = None
) -> Response:
    """For a device check the password was right, so the page may say where the code went."""
    to = pending.account.email if pending.account and pending.purpose == "device" else None
    return _answer("sign_in/code.html", status, retry_after, form=form, sent_to=to)


def _answer(template: str, status: int, retry_after: int | None, **context: Any) -> Response:
    response = make_response(render_template(template, **context), status)
    if retry_after is not None:
        response.headers["Retry-After"] = str(retry_after)
    return response


def _as_sign_in_form(form: NameForm) -> SignInForm:
    """The same answers on the page that also asks for a password, which is not asked for here."""
    whole = SignInForm(formdata=None, data={"username": form.username.data, "next": form.next.data})
    whole.username.errors = form.username.errors
    return whole
