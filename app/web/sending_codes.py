"""How does a code that was issued go out, and what is a person told when it cannot?"""

from functools import partial

from flask import current_app
from flask_babel import gettext

from app.extensions import db
from app.gateways.messaging import SendingFailed, mailer_for
from app.gateways.texting import texter_for
from app.gateways.turns import TooBusy
from app.models.accounts import Account
from app.models.engine import begin_for_writing
from app.services import codes
from app.services.codes import Channel, IssuedCode
from app.web import after_answer, emails, texts

RETRY_AFTER = 60  # seconds


def send(issued: IssuedCode) -> None:
    """Send the code. Raises SendingFailed or TooBusy; then it was never issued, and counts as none.

    Where we do not know yet who asks, it is only seen whether a code could go out now, and a code that
    has somebody to go to is sent once the answer is on its way. So the answer takes as long and is as
    true for a name that nobody has (ADR 0015).
    """
    try:
        if issued.purpose in codes.OF_A_KNOWN_PERSON and issued.to is not None:
            _deliver(issued, issued.to)
        else:
            _rehearse(issued)
    except (SendingFailed, TooBusy):
        codes.withdraw_code(db.session, issued.ticket)
        raise
    if issued.purpose not in codes.OF_A_KNOWN_PERSON and issued.to is not None:
        after_answer.do(partial(_deliver_or_withdraw, issued, issued.to))


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


def _deliver(issued: IssuedCode, to: Account) -> None:
    settings = current_app.extensions["settings"]
    if issued.channel is Channel.TEXT:
        texter_for(settings).send(texts.one_time_code(issued.code, to))
        return
    facts = {"code": issued.code, "expires_at": issued.expires_at, "purpose": issued.purpose}
    mailer_for(settings).send(emails.compose("SIGN_IN_CODE", facts, to))


def _deliver_or_withdraw(issued: IssuedCode, to: Account) -> None:
    """The answer has said that the code is on its way. Should it fail now, it can be asked for again."""
    try:
        _deliver(issued, to)
    except (SendingFailed, TooBusy) as problem:
        current_app.logger.warning("a code did not go out by %s: %s", issued.channel, problem)
        begin_for_writing()
        codes.withdraw_code(db.session, issued.ticket)
