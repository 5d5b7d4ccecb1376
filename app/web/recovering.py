"""On which way back is this browser, and what is it told when a step fails?

Its signed cookie holds the ticket of the way back and of the code that was sent last; neither says
whose they are.
"""

from typing import Any

from flask import Response, current_app, make_response, render_template, session
from flask_babel import gettext
from flask_wtf import FlaskForm
from wtforms import Field

from app import clock
from app.domain.outcomes import Refused
from app.domain.recovery import Proof
from app.extensions import db
from app.gateways.messaging import SendingFailed
from app.gateways.turns import TooBusy
from app.models.factors import Recovery
from app.services import devices, recovery, recovery_proofs
from app.web import device_cookie, sending_codes, signing_in
from app.web.wording import sentence

COOKIE_KEY = "recovery"
SENDING_RETRY_AFTER = 60  # seconds
PROBLEMS = (Refused, SendingFailed, TooBusy)


def begin(ticket: str) -> None:
    """This browser is on a new way back; it forgets the one before."""
    session[COOKIE_KEY] = {"ticket": ticket}


def way() -> Recovery | None:
    """The way back that this browser is on."""
    return recovery.find(db.session, _kept().get("ticket"), at=clock.now())


def leave() -> None:
    """This browser is on no way back any more."""
    session.pop(COOKIE_KEY, None)


def code_ticket() -> str | None:
    """The ticket of the code that was sent last."""
    return _kept().get("code")


def code_kind() -> Proof:
    """Which way that code went."""
    return Proof(_kept().get("kind") or Proof.EMAIL)


def send_code(on: Recovery, kind: Proof) -> None:
    """Send a code; one of PROBLEMS says why that was not possible."""
    at = clock.now()
    issued = recovery_proofs.send_code(
        db.session,
        on,
        kind,
        device=devices.find(db.session, device_cookie.token()),
        secrets=signing_in.secrets(),
        at=at,
    )
    sending_codes.send(issued)
    session[COOKIE_KEY] = {**_kept(), "code": issued.ticket, "kind": str(kind)}


def page(
    template: str,
    form: FlaskForm | None,
    problem: Exception | None = None,
    *,
    beside: Field | None = None,
    **context: Any,
) -> Response:
    """A page, with what went wrong beside the field that it is about, else above the form."""
    status, retry_after = 200, None
    if problem is not None:
        words, status, retry_after = _explain(problem)
        if beside is not None and isinstance(problem, Refused):
            beside.errors = [words]
        elif form is not None:
            form.form_errors.append(words)
        else:
            context["problem"] = words
    elif form is not None and form.errors:
        status = 422
    response = make_response(render_template(template, form=form, **context), status)
    if retry_after is not None:
        response.headers["Retry-After"] = str(retry_after)
    return response


def _explain(problem: Exception) -> tuple[str, int, int | None]:
    """A problem as words, a status, and after how many seconds it is worth another try."""
    if isinstance(problem, Refused):
        wait = problem.facts.get("retry_after")
        words = sentence(problem.code, problem.facts)
        return words, 429 if wait else 422, int(str(wait)) if wait else None
    if isinstance(problem, TooBusy):
        words = gettext("Many people are here just now. Please try again in a moment.")
        return words, 503, problem.retry_after
    current_app.logger.warning("nothing could be sent: %s", problem)
    words = gettext(
        "We cannot send this just now, so nothing is on its way. "
        "Choose another way, or try again in a few minutes."
    )
    return words, 503, SENDING_RETRY_AFTER


def _kept() -> dict[str, str]:
    return session.get(COOKIE_KEY) or {}
