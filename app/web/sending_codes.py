"""How does a code that was issued go out, and what is a person told when it cannot?"""

from collections.abc import Callable
from functools import partial

from flask import current_app
from flask_babel import gettext

from app.extensions import db
from app.gateways.messaging import SendingFailed, mailer_for
from app.gateways.texting import texter_for
from app.gateways.turns import TooBusy
from app.models.engine import begin_for_writing
from app.services import codes
from app.services.codes import Channel, IssuedCode
from app.web import after_answer, emails, texts

RETRY_AFTER = 60  # seconds


def send(issued: IssuedCode) -> None:
    """Send the code. Raises SendingFailed or TooBusy; then it was never issued, and counts as none.

    Where we do not know yet who asks, it is only seen whether a code could go out now, and the letter
    leaves once the answer is on its way. For a name that nobody has all is done but its leaving: so
    neither the answer nor what follows it tells whether anybody has the name (ADR 0015).
    """
    at_once = issued.purpose in codes.OF_A_KNOWN_PERSON and issued.to is not None
    try:
        deliver = _ready(issued)
        if at_once:
            deliver()
        else:
            _rehearse(issued)
    except (SendingFailed, TooBusy):
        codes.withdraw_code(db.session, issued.ticket)
        raise
    if not at_once:
        after_answer.do(partial(_deliver_or_withdraw, issued, deliver))


def failure(problem: SendingFailed, channel: str) -> str:
    """What happened, in plain words: nothing is on its way, and which ways are left."""
    current_app.logger.warning("%s is down: %s", channel, problem)
    if channel == Channel.TEXT:
        return str(
            gettext(
                "We cannot send text messages just now, so no code is on its way. "
                "Choose e-mail or another way, or try again in a few minutes."
            )
        )
    return str(
        gettext(
            "We cannot send e-mail just now, so no code is on its way. "
            "Use a passkey, or choose another way, or try again in a few minutes."
        )
    )


def _rehearse(issued: IssuedCode) -> None:
    settings = current_app.extensions["settings"]
    sender = texter_for if issued.channel is Channel.TEXT else mailer_for
    sender(settings).rehearse()


def _ready(issued: IssuedCode) -> Callable[[], None]:
    """What sends the code, its words composed by now; or what only seems to, where it goes to nobody."""
    settings = current_app.extensions["settings"]
    if issued.channel is Channel.TEXT:
        texter = texter_for(settings)
        if issued.to is None:
            return texter.rehearse
        return partial(texter.send, texts.one_time_code(issued.code, issued.to))
    mailer = mailer_for(settings)
    facts = {"code": issued.code, "expires_at": issued.expires_at, "purpose": issued.purpose}
    if issued.to is None:
        return partial(mailer.rehearse, emails.to_nobody("SIGN_IN_CODE", facts))
    return partial(mailer.send, emails.compose("SIGN_IN_CODE", facts, issued.to))


def _deliver_or_withdraw(issued: IssuedCode, deliver: Callable[[], None]) -> None:
    """The answer has said that the code is on its way. Should it fail now, it can be asked for again."""
    try:
        deliver()
    except (SendingFailed, TooBusy) as problem:
        current_app.logger.warning("a code did not go out by %s: %s", issued.channel, problem)
        begin_for_writing()
        codes.withdraw_code(db.session, issued.ticket)
