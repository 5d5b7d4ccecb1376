"""How does a code that was issued go out, and what is a person told when it cannot?"""

from flask import current_app
from flask_babel import gettext

from app.extensions import db
from app.gateways.messaging import SendingFailed, mailer_for
from app.gateways.texting import texter_for
from app.gateways.turns import TooBusy
from app.services import codes
from app.services.codes import Channel, IssuedCode
from app.web import emails, texts

RETRY_AFTER = 60  # seconds


def send(issued: IssuedCode) -> None:
    """Send the code, or do everything but, where there is nobody to send it to (ADR 0011).

    Raises SendingFailed or TooBusy; then the code was never issued and does not count as one.
    """
    try:
        if issued.channel is Channel.TEXT:
            _text(issued)
        else:
            _mail(issued)
    except (SendingFailed, TooBusy):
        codes.withdraw_code(db.session, issued.ticket)
        raise


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


def _mail(issued: IssuedCode) -> None:
    mailer = mailer_for(current_app.extensions["settings"])
    if issued.to is None:
        mailer.rehearse()
        return
    facts = {"code": issued.code, "expires_at": issued.expires_at, "purpose": issued.purpose}
    mailer.send(emails.compose("SIGN_IN_CODE", facts, issued.to))


def _text(issued: IssuedCode) -> None:
    texter = texter_for(current_app.extensions["settings"])
    if issued.to is None:
        texter.rehearse()
        return
    texter.send(texts.one_time_code(issued.code, issued.to))
