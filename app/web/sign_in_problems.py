"""What is somebody told whose step of signing in failed, and when is another try worth it?"""

from typing import Any, NamedTuple, TypeAlias

from flask import Response, make_response, render_template
from flask_babel import gettext

from app.domain.outcomes import Refused
from app.gateways.messaging import SendingFailed
from app.gateways.turns import TooBusy
from app.services.codes import Channel
from app.web import sending_codes
from app.web.wording import sentence

Problem: TypeAlias = Refused | SendingFailed | TooBusy
PROBLEMS = (Refused, SendingFailed, TooBusy)


class Told(NamedTuple):
    """Words, a status, and after how many seconds another try may go better."""

    words: str
    status: int
    retry_after: int | None


def explain(problem: Problem, channel: str = Channel.EMAIL) -> Told:
    """A problem as a person is told of it; `channel` is the way that a code was to go."""
    if isinstance(problem, Refused):
        wait = problem.facts.get("retry_after")
        words = sentence(problem.code, problem.facts)
        return Told(words, 429 if wait else 422, int(str(wait)) if wait else None)
    if isinstance(problem, TooBusy):
        words = gettext("Many people are signing in just now. Please try again in a moment.")
        return Told(str(words), 503, problem.retry_after)
    return Told(sending_codes.failure(problem, channel), 503, sending_codes.RETRY_AFTER)


def page(
    template: str, status: int = 200, retry_after: int | None = None, **context: Any
) -> Response:
    """A page with a status, and Retry-After where that helps."""
    response = make_response(render_template(template, **context), status)
    if retry_after is not None:
        response.headers["Retry-After"] = str(retry_after)
    return response
