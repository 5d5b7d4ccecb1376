"""How does the link reach an e-mail address that two agents agreed on?

It goes out at once and is kept nowhere in the clear. The letter names nobody: the address is only
what somebody said on the phone, until its owner has opened the link.
"""

from flask import current_app, url_for

from app import clock
from app.extensions import db
from app.gateways.messaging import SendingFailed, mailer_for
from app.gateways.turns import TooBusy
from app.services import email_corrections
from app.services.email_corrections import AgreedLink
from app.web import emails


def send_link(agreed: AgreedLink) -> None:
    """Mail the link. Raises SendingFailed or TooBusy; then it waits for a second agent again."""
    settings = current_app.extensions["settings"]
    link = settings.public_url + url_for("service_desk.new_email", token=agreed.token)
    change = agreed.change
    letter = emails.letter(
        "EMAIL_CORRECTION",
        {"link": link},
        address=change.value,
        language=change.account.person.language,
    )
    try:
        mailer_for(settings).send(letter)
    except (SendingFailed, TooBusy):
        email_corrections.withdraw_link(db.session, agreed, at=clock.now())
        raise
