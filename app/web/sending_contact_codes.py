"""How does the code for a new e-mail address or phone number get there? At once, kept nowhere in the clear."""

from dataclasses import replace

from flask import current_app

from app.gateways.messaging import mailer_for
from app.gateways.texting import texter_for
from app.models.accounts import Account
from app.services.contact_changes import AskedChange
from app.web import emails, texts


def send(asked: AskedChange, to: Account) -> None:
    """Send the code; or to whoever has the address already, that somebody wanted to use it.

    Raises SendingFailed or TooBusy.
    """
    settings, change = current_app.extensions["settings"], asked.change
    if change.kind == "phone":
        message = texts.one_time_code(asked.code, to)
        texter_for(settings).send(replace(message, to=change.value))
    elif asked.taken_by is not None:
        mailer_for(settings).send(emails.compose("EMAIL_IN_USE", {}, asked.taken_by))
    else:
        facts = {"code": asked.code, "expires_at": change.expires_at}
        language = to.person.language
        letter = emails.letter("CONTACT_CODE", facts, address=change.value, language=language)
        mailer_for(settings).send(letter)
