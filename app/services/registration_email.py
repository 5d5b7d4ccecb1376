"""Is the e-mail address of a registration hers? A letter with a code and a link, one of which comes back.

The code is good in the browser that holds the ticket. The link is good for as long as the registration
waits, and hands it to another browser.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import token_urlsafe

from sqlalchemy.orm import Session as Database

from app.domain import identity, sign_in
from app.domain import registration as rules
from app.domain.outcomes import Refused
from app.domain.periods import local_day
from app.domain.permissions import Role
from app.gateways.secrets import Secrets, same
from app.models.accounts import Account
from app.models.registrations import Registration
from app.services import case_records, codes, contacts, counted_tries, sessions
from app.services.registration import MATCH, keep, lock

AN_HOUR = timedelta(hours=1)
LETTER = "registration letter"


@dataclass(frozen=True, slots=True)
class ConfirmingLetter:
    """What is to be sent to an address: a code and a link, or, to whose it is already, that it is."""

    email: str
    code: str
    link: str
    owner: Account | None


def give_email(
    database: Database,
    registration: Registration,
    typed: str,
    *,
    secrets: Secrets,
    at: datetime,
) -> ConfirmingLetter:
    """Keep an e-mail address and make the letter that confirms it, to be sent at once; commits.

    Where the address is an account's already, the letter tells its owner; nothing here differs.
    Refused with EMAIL_WRONG or TOO_MANY_LETTERS (retry_after).
    """
    email = rules.check_email(contacts.folded(typed))
    _count_letter(database, registration, email, secrets=secrets, at=at)
    code, link = codes.new_code(at), token_urlsafe(32)
    owner = contacts.account_by_email(database, email)
    lock(database, registration)
    registration.email = email
    registration.email_confirmed_at = None
    # An account's owner is sent no code, so nobody can know the one that is kept here.
    registration.code_hash = _code_hash(secrets, registration, code)
    registration.link_hash = sessions.hash_of(link)
    registration.code_sent_at = at
    registration.codes_sent += 1
    registration.code_failures = 0
    keep(database, registration, at)
    return ConfirmingLetter(email, code, link, owner)


def withdraw_letter(database: Database, registration: Registration, *, secrets: Secrets) -> None:
    """The letter could not be sent, so its code is nobody's and it does not count; commits."""
    who, sent_at = _getters(registration, registration.email), registration.code_sent_at
    registration.code_hash = registration.link_hash = registration.code_sent_at = None
    if sent_at is not None:
        counted_tries.give_back(database, LETTER, who, secrets=secrets, at=sent_at)
    database.commit()


def confirm_by_code(
    database: Database, registration: Registration, typed: str, *, secrets: Secrets, at: datetime
) -> None:
    """The address is hers: she typed the code from the letter. Commits, wrong tries too.

    Refused with CODE_WRONG (tries_left), CODE_EXPIRED or CODE_USED_UP.
    """
    lock(database, registration)
    kept = registration.code_hash
    try:
        sign_in.check_code(
            matches=same(_code_hash(secrets, registration, typed), kept or ""),
            issued_at=registration.code_sent_at or registration.started_at,
            failures=registration.code_failures,
            used=False,
            at=at,
        )
    except Refused as refused:
        if refused.code == "CODE_WRONG":
            registration.code_failures += 1
        database.commit()
        raise
    registration.email_confirmed_at = at
    registration.code_hash = None
    keep(database, registration, at)


def confirm_by_link(
    database: Database,
    registration: Registration,
    number: str | None,
    *,
    ticket: str | None,
    address: str,
    secrets: Secrets,
    at: datetime,
) -> str:
    """The address is hers: she opened the link. Answers the ticket of her browser; commits.

    A browser that does not hold the ticket must say the number once more: a letter may have gone to
    a mistyped address, and whoever reads it must not get the registration. Refused with
    TOO_MANY_TRIES (retry_after) or NUMBER_DIFFERS.
    """
    link = registration.link_hash
    is_here = ticket is not None and sessions.hash_of(ticket) == registration.ticket_hash
    if not is_here:
        who = (f"registration:{registration.id}", f"address:{address}")
        most = rules.most_tries(at)
        counted_tries.count(database, MATCH, who, most=most, within=AN_HOUR, secrets=secrets, at=at)
        if identity.digits(number or "") not in _numbers(database, registration, at):
            raise Refused("NUMBER_DIFFERS")
    lock(database, registration)
    if registration.link_hash != link:  # another address was given at the same moment
        raise Refused("CODE_USED")
    if ticket is None or not is_here:
        ticket = token_urlsafe(32)
        registration.ticket_hash = sessions.hash_of(ticket)
        registration.code_hash = None  # it was made for the other browser
    registration.email_confirmed_at = registration.email_confirmed_at or at
    keep(database, registration, at)
    return ticket


def _numbers(database: Database, registration: Registration, at: datetime) -> set[str]:
    role, person_id = Role(registration.role), registration.person_id
    return case_records.numbers_of(database, role, person_id or 0, local_day(at))


def _getters(registration: Registration, email: str | None) -> tuple[str, str]:
    """Against whom a letter counts: who asks for it, and who gets it."""
    return (f"registration:{registration.id}", f"email:{email}")


def _count_letter(
    database: Database,
    registration: Registration,
    email: str,
    *,
    secrets: Secrets,
    at: datetime,
) -> None:
    who, most = _getters(registration, email), rules.most_letters(at)
    try:
        counted_tries.count(
            database, LETTER, who, most=most, within=AN_HOUR, secrets=secrets, at=at
        )
    except Refused as refused:
        raise Refused("TOO_MANY_LETTERS", retry_after=refused.facts["retry_after"]) from None


def _code_hash(secrets: Secrets, registration: Registration, code: str) -> str:
    return secrets.fingerprint("registration code", f"{registration.ticket_hash}:{code}")
