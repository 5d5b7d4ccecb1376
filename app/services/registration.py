"""How does somebody whom the county knows come to an account? Step by step, each kept for a day.

A registration begins when what was typed matched the records (decision 9). Its browser holds a
ticket; the link in the confirming letter hands the registration to another browser.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import randbelow, token_urlsafe
from typing import Any, cast

from sqlalchemy import CursorResult, Select, delete, exists, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session as Database

from app.domain import identity, sign_in
from app.domain import registration as rules
from app.domain.identity import Claim
from app.domain.outcomes import Refused
from app.domain.periods import local_day
from app.domain.permissions import Role
from app.gateways import common_passwords, passwords
from app.gateways.secrets import Secrets, same
from app.models.accounts import Account
from app.models.people import Person
from app.models.registrations import Registration
from app.services import (
    audit,
    case_records,
    contacts,
    counted_tries,
    notices,
    security_questions,
    sessions,
)

AN_HOUR = timedelta(hours=1)
MATCH, LETTER = "registration", "registration letter"


@dataclass(frozen=True, slots=True)
class ConfirmingLetter:
    """What is to be sent to an address: a code and a link, or, to whose it is already, that it is."""

    email: str
    code: str
    link: str
    owner: Account | None


@dataclass(frozen=True, slots=True)
class Contact:
    """How somebody wants to be told things."""

    language: str
    phone: str
    tells_by_text: bool


def begin(
    database: Database,
    role: Role,
    number: str,
    claim: Claim,
    *,
    address: str,
    secrets: Secrets,
    at: datetime,
) -> str:
    """A registration of the person on file under a number, and its ticket; commits.

    Refused with TOO_MANY_TRIES (retry_after), with NO_MATCH whatever differs, or with
    ALREADY_REGISTERED, which only somebody hears who knows everything that is on file. An unknown
    number is compared with, written down and answered just as a known one.
    """
    who = (f"{role}:{number}", f"address:{address}")
    most = rules.most_tries(at)
    counted_tries.count(database, MATCH, who, most=most, within=AN_HOUR, secrets=secrets, at=at)
    person_id = _matching(case_records.on_file(database, role, number, local_day(at)), claim)
    if person_id is None:
        audit.record(database, "registration:mismatch", "registration", by=None, at=at)
        database.commit()
        raise Refused("NO_MATCH")
    if _has_account(database, person_id, role):
        raise Refused("ALREADY_REGISTERED")
    ticket = token_urlsafe(32)
    person = database.scalars(select(Person).where(Person.id == person_id)).one()
    database.add(
        Registration(
            ticket_hash=sessions.hash_of(ticket),
            role=role,
            person_id=person_id,
            language=person.language,
            answers={},
            started_at=at,
            expires_at=rules.waits_until(at),
        )
    )
    database.commit()
    return ticket


def find(database: Database, ticket: str | None, *, at: datetime) -> Registration | None:
    """The registration that a browser is on, unless it is finished or a day has gone by."""
    return database.scalar(
        _unfinished(at).where(Registration.ticket_hash == sessions.hash_of(ticket or ""))
    )


def find_by_link(database: Database, token: str, *, at: datetime) -> Registration | None:
    """The registration that a link in a letter belongs to."""
    return database.scalar(_unfinished(at).where(Registration.link_hash == sessions.hash_of(token)))


def progress(registration: Registration) -> rules.Progress:
    """How far it has come."""
    return rules.Progress(
        has_email=registration.email is not None,
        is_email_confirmed=registration.email_confirmed_at is not None,
        has_username=registration.username is not None,
        has_chosen_key=registration.password_hash is not None or registration.wants_passkey,
        has_answers=bool(registration.answers),
    )


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
    digits = sign_in.code_digits(at)
    code, link = f"{randbelow(10**digits):0{digits}}", token_urlsafe(32)
    owner = contacts.account_by_email(database, email)
    _lock(database, registration)
    registration.email = email
    registration.email_confirmed_at = None
    # An account's owner is sent no code, so nobody can know the one that is kept here.
    registration.code_hash = _code_hash(secrets, registration, code)
    registration.link_hash = sessions.hash_of(link)
    registration.code_sent_at = at
    registration.codes_sent += 1
    registration.code_failures = 0
    _save(database, registration, at)
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
    _lock(database, registration)
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
    _save(database, registration, at)


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
    if ticket is None or sessions.hash_of(ticket) != registration.ticket_hash:
        who = (f"registration:{registration.id}", f"address:{address}")
        most = rules.most_tries(at)
        counted_tries.count(database, MATCH, who, most=most, within=AN_HOUR, secrets=secrets, at=at)
        if identity.digits(number or "") not in _numbers(database, registration, at):
            raise Refused("NUMBER_DIFFERS")
        ticket = token_urlsafe(32)
        registration.ticket_hash = sessions.hash_of(ticket)
        registration.code_hash = None  # it was made for the other browser
    registration.email_confirmed_at = registration.email_confirmed_at or at
    _save(database, registration, at)
    return ticket


def choose_username(
    database: Database, registration: Registration, typed: str, *, at: datetime
) -> None:
    """Keep a name to sign in by; commits. Refused as domain.registration says, or USERNAME_TAKEN."""
    username = rules.check_username(typed, at)
    if _is_taken(database, username):
        raise Refused("USERNAME_TAKEN", username=username)
    registration.username = username
    _save(database, registration, at)


def choose_password(
    database: Database, registration: Registration, password: str, *, at: datetime
) -> None:
    """Keep a password, hashed; commits. Refused as domain.sign_in.check_password; raises TooBusy."""
    is_common = common_passwords.is_common(password, _words_about(database, registration))
    sign_in.check_password(password, has_another_factor=False, is_common=is_common, at=at)
    registration.password_hash = passwords.hash_password(password)
    registration.wants_passkey = False
    _save(database, registration, at)


def choose_passkey(database: Database, registration: Registration, *, at: datetime) -> None:
    """A passkey in place of a password: it is made when the account is there; commits."""
    registration.password_hash = None
    registration.wants_passkey = True
    _save(database, registration, at)


def answer_questions(
    database: Database, registration: Registration, answers: Mapping[str, str], *, at: datetime
) -> None:
    """Keep the answers to security questions, hashed; commits. Refused and raises as they do."""
    registration.answers = security_questions.hashed(answers, at=at)
    _save(database, registration, at)


def finish(
    database: Database, registration: Registration, contact: Contact, *, at: datetime
) -> Account:
    """Make the account, and tell its owner; commits.

    Refused with PHONE_WRONG or PHONE_NEEDED; and with ALREADY_REGISTERED, USERNAME_TAKEN or
    EMAIL_TAKEN when somebody was faster: then that step is open again and everything else is kept.
    """
    _lock(database, registration)
    phone = rules.check_phone(contact.phone)
    if contact.tells_by_text and phone is None:
        raise Refused("PHONE_NEEDED")
    registration.phone = phone
    registration.language = contact.language
    registration.tells_by_text = contact.tells_by_text
    _save(database, registration, at)
    account = _account(database, registration, at)
    try:
        with database.begin_nested():
            database.add(account)
    except IntegrityError:
        refused = _who_was_faster(database, registration)
        database.commit()
        raise refused from None
    account.person.language = contact.language
    security_questions.put(database, account, registration.answers)
    audit.record(database, "account:register", f"account:{account.id}", by=account, at=at)
    notices.queue(database, [account], "WELCOME", {"username": account.username}, at=at)
    _forget(registration, at)
    database.commit()
    return account


def delete_old(database: Database, *, at: datetime) -> int:
    """Drop registrations that nobody went on with, and answer how many; commits."""
    old = delete(Registration).where(Registration.expires_at < at)
    gone = cast("CursorResult[Any]", database.execute(old)).rowcount
    database.commit()
    return gone


def _unfinished(at: datetime) -> Select[Registration]:
    return select(Registration).where(
        Registration.finished_at.is_(None), Registration.expires_at > at
    )


def _matching(on_file: list[tuple[int, identity.OnFile]], claim: Claim) -> int | None:
    """The person who is meant; where nobody is on file, somebody is compared with all the same."""
    compared = [
        (person_id, identity.matches(claim, record))
        for person_id, record in on_file or [(0, identity.NOBODY)]
    ]
    return next((person_id for person_id, is_same in compared if is_same), None)


def _has_account(database: Database, person_id: int | None, role: str) -> bool:
    found = exists().where(Account.person_id == person_id, Account.role == role)
    return bool(database.scalar(select(found)))


def _is_taken(database: Database, username: str) -> bool:
    return bool(database.scalar(select(exists().where(Account.username == username))))


def _numbers(database: Database, registration: Registration, at: datetime) -> set[str]:
    role, person_id = Role(registration.role), registration.person_id
    return case_records.numbers_of(database, role, person_id or 0, local_day(at))


def _words_about(database: Database, registration: Registration) -> list[str]:
    """What somebody who knows her would try first."""
    person = _person(database, registration)
    known = (person.first_name, person.last_name, registration.username, registration.email)
    return [word for word in known if word]


def _person(database: Database, registration: Registration) -> Person:
    return database.scalars(select(Person).where(Person.id == registration.person_id)).one()


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


def _save(database: Database, registration: Registration, at: datetime) -> None:
    registration.expires_at = rules.waits_until(at)
    database.commit()


def _lock(database: Database, registration: Registration) -> None:
    """Read it anew and let nobody else change it until the commit."""
    database.scalars(
        select(Registration)
        .where(Registration.id == registration.id)
        .with_for_update(of=Registration)
        .execution_options(populate_existing=True)
    ).one()
    if registration.finished_at is not None:  # by another press of the same button
        raise Refused("ALREADY_REGISTERED")


def _account(database: Database, registration: Registration, at: datetime) -> Account:
    return Account(
        person=_person(database, registration),
        role=registration.role,
        username=registration.username,
        email=registration.email,
        email_confirmed_at=registration.email_confirmed_at,
        password_hash=registration.password_hash,
        password_changed_at=at if registration.password_hash else None,
        phone=registration.phone,
        tells_by_email=True,
        tells_by_text=registration.tells_by_text,
        created_at=at,
    )


def _who_was_faster(database: Database, registration: Registration) -> Refused:
    """Which of what must be one person's alone is somebody's now; that step is open again."""
    if _has_account(database, registration.person_id, registration.role):
        return Refused("ALREADY_REGISTERED")
    if _is_taken(database, registration.username or ""):
        taken, registration.username = registration.username, None
        return Refused("USERNAME_TAKEN", username=taken)
    registration.email = registration.email_confirmed_at = None
    return Refused("EMAIL_TAKEN")


def _forget(registration: Registration, at: datetime) -> None:
    """The account holds it all now: nothing of it stays here."""
    registration.finished_at = at
    registration.email = registration.phone = registration.username = None
    registration.password_hash = registration.link_hash = registration.code_hash = None
    registration.answers = {}
