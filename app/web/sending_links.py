"""How does a username, or the link of the service desk, reach somebody by mail?

Both go out at once and are kept nowhere in the clear. To an address that no account has confirmed,
everything is done but the letter (ADR 0011).
"""

from functools import partial

from flask import current_app, url_for

from app import clock
from app.extensions import db
from app.gateways.messaging import SendingFailed, mailer_for
from app.gateways.turns import TooBusy
from app.models.accounts import Account
from app.services import contacts, recovery
from app.services.codes import Channel, can_reach
from app.web import after_answer, emails


def send_username(address: str) -> None:
    """Mail the username to the address, if it is the confirmed one of an account.

    Raises SendingFailed or TooBusy, whether there is an account or not; the letter itself leaves
    after the answer (ADR 0015).
    """
    mailer = mailer_for(current_app.extensions["settings"])
    owner = contacts.account_by_email(db.session, address)
    mailer.rehearse()
    if owner is not None and can_reach(owner, Channel.EMAIL):
        letter = emails.compose("YOUR_USERNAME", {"username": owner.username}, owner)
        after_answer.do(partial(mailer.send, letter))
    else:
        letter = emails.to_nobody("YOUR_USERNAME", {"username": ""})
        after_answer.do(partial(mailer.rehearse, letter))


def send_reset(account: Account, *, reason: str, by: Account) -> None:
    """Mail the service desk's link to the confirmed address of an account it has made sure of.

    Refused as `recovery.desk_reset` is. Raises SendingFailed or TooBusy; then no link was made.
    """
    at = clock.now()
    issued = recovery.desk_reset(db.session, account, reason=reason, by=by, at=at)
    settings = current_app.extensions["settings"]
    link = settings.public_url + url_for("recovery.link", token=issued.token)
    facts = {"link": link, "expires_at": issued.expires_at}
    try:
        mailer_for(settings).send(emails.compose("RECOVERY_LINK", facts, issued.to))
    except (SendingFailed, TooBusy):
        recovery.withdraw_link(db.session, issued.token, at=at)
        raise
