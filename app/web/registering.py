"""Which registration is this browser on, and what is it told when a step fails?

Its ticket lies in a cookie of its own, for a day: the session cookie would go when the browser is
closed, and nobody should have to begin again because of that.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import (
    Response,
    current_app,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response as BaseResponse
from wtforms import Field

from app import clock
from app.domain import registration as rules
from app.domain.outcomes import Refused
from app.domain.registration import Step
from app.extensions import db
from app.gateways.messaging import Email, SendingFailed, mailer_for
from app.gateways.turns import TooBusy
from app.models.registrations import Registration
from app.services import registration as use_case
from app.services import registration_email
from app.services.registration_email import ConfirmingLetter
from app.web import emails, signing_in
from app.web.wording import sentence

PROBLEMS = (Refused, SendingFailed, TooBusy)
MAIL_RETRY_AFTER = 60  # seconds
STEPS = (
    Step.IDENTITY,
    Step.EMAIL,
    Step.USERNAME,
    Step.PASSWORD,
    Step.QUESTIONS,
    Step.CONTACT,
)

StepView = Callable[[Registration], ResponseReturnValue]


def on_step(step: Step) -> Callable[[StepView], Callable[[], ResponseReturnValue]]:
    """Hand the view this browser's registration; from a step that is not open lead to the one that is."""

    def decorate(view: StepView) -> Callable[[], ResponseReturnValue]:
        @wraps(view)
        def guarded() -> ResponseReturnValue:
            registration = find()
            if registration is None:
                return begin_again()
            if not rules.may_open(step, use_case.progress(registration)):
                return redirect(next_url(registration), code=303)
            return view(registration)

        return guarded

    return decorate


def find() -> Registration | None:
    """The registration that this browser is on."""
    return use_case.find(db.session, ticket(), at=clock.now())


def begin_again() -> ResponseReturnValue:
    """There is none, or a day went by, or it went on elsewhere: say so, and let her begin."""
    flash(gettext("Let us begin. If you began before, that was too long ago or on another phone."))
    return redirect(url_for("registration.start"), code=303)


def next_url(registration: Registration) -> str:
    """Where the registration goes on."""
    step = rules.next_step(use_case.progress(registration))
    return url_for(f"registration.{step.value}")


def ticket() -> str | None:
    """The ticket that this browser holds."""
    return request.cookies.get(_name())


def hold(response: Response | BaseResponse, ticket: str) -> None:
    """Let the browser hold a ticket for as long as the registration can wait."""
    at = clock.now()
    response.set_cookie(
        _name(),
        ticket,
        max_age=rules.waits_until(at) - at,
        path="/",
        secure=current_app.extensions["settings"].has_https,
        httponly=True,
        samesite="Lax",
    )


def let_go(response: Response | BaseResponse) -> None:
    """The browser is on no registration any more."""
    secure = current_app.extensions["settings"].has_https
    response.delete_cookie(_name(), path="/", secure=secure, httponly=True, samesite="Lax")


def send(registration: Registration, typed: str) -> None:
    """Keep an address and send the letter that confirms it; one of PROBLEMS says why not.

    Where the letter cannot go out, the address is kept all the same and the letter does not count.
    """
    made = registration_email.give_email(
        db.session, registration, typed, secrets=signing_in.secrets(), at=clock.now()
    )
    try:
        mailer_for(current_app.extensions["settings"]).send(_letter(registration, made))
    except (SendingFailed, TooBusy):
        registration_email.withdraw_letter(db.session, registration, secrets=signing_in.secrets())
        raise


def page(
    template: str,
    step: Step,
    form: FlaskForm | None,
    registration: Registration | None = None,
    problem: Exception | None = None,
    field: Field | None = None,
    **context: Any,
) -> Response:
    """A step's page; a problem stands beside the field that it is about, or above the form."""
    status, retry_after = (422 if form is not None and form.errors else 200), None
    if problem is not None:
        words, status, retry_after = explain(problem)
        if field is not None and status == 422:
            field.errors = [words]
        elif form is not None:
            form.form_errors.append(words)
    number = STEPS.index(Step.EMAIL if step is Step.CODE else step) + 1
    drawn = render_template(
        f"registration/{template}.html",
        form=form,
        registration=registration,
        number=number,
        steps=len(STEPS),
        **context,
    )
    response = make_response(drawn, status)
    if retry_after is not None:
        response.headers["Retry-After"] = str(retry_after)
    return response


def explain(problem: Exception) -> tuple[str, int, int | None]:
    """A problem as words, a status, and after how many seconds it is worth another try."""
    if isinstance(problem, Refused):
        wait = problem.facts.get("retry_after")
        words = sentence(problem.code, problem.facts)
        return (words, 422, None) if wait is None else (words, 429, int(str(wait)))
    if isinstance(problem, TooBusy):
        words = gettext("Many people use the portal just now. Please try again in a moment.")
        return words, 503, problem.retry_after
    current_app.logger.warning("mail is down: %s", problem)
    words = gettext(
        "We cannot send e-mail just now. What you did is kept. Please try again in a few minutes."
    )
    return words, 503, MAIL_RETRY_AFTER


def _letter(registration: Registration, made: ConfirmingLetter) -> Email:
    """A code and a link; to an address that is an account's already, that it is."""
    if made.owner is not None:
        return emails.compose("EMAIL_IN_USE", {}, made.owner)
    link = url_for("registration.link", token=made.link)
    facts = {"code": made.code, "path": link, "expires_at": registration.expires_at}
    return emails.letter("CONFIRM_EMAIL", facts, address=made.email, language=registration.language)


def _name() -> str:
    secure = current_app.extensions["settings"].has_https
    return "__Host-registration" if secure else "registration"
