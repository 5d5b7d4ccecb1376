"""How does somebody whom the county knows come to an account? Step by step, each kept for a day.

A registration begins when what was typed matched the records (decision 9). Its browser holds a
ticket. How its e-mail address is confirmed, services.registration_email tells.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import token_urlsafe
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
from app.gateways.secrets import Secrets
from app.models.accounts import Account
from app.models.people import Person
from app.models.registrations import Registration
from app.services import (
    audit,
    case_records,
    counted_tries,
    notices,
    security_questions,
    sessions,
)

AN_HOUR = timedelta(hours=1)
MATCH = "registration"


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


def choose_username(
    database: Database, registration: Registration, typed: str, *, at: datetime
) -> None:
    """Keep a name to sign in by; commits. Refused as domain.registration says, or USERNAME_TAKEN."""
    username = rules.check_username(typed, at)
    if _is_taken(database, username):
        raise Refused("USERNAME_TAKEN", username=username)
    registration.username = username
    keep(database, registration, at)


def choose_password(
    database: Database, registration: Registration, password: str, *, at: datetime
) -> None:
    """Keep a password, hashed; commits. Refused as domain.sign_in.check_password; raises TooBusy."""
    is_common = common_passwords.is_common(password, _words_about(database, registration))
    sign_in.check_password(password, has_another_factor=False, is_common=is_common, at=at)
    registration.password_hash = passwords.hash_password(password)
    registration.wants_passkey = False
    keep(database, registration, at)


def choose_passkey(database: Database, registration: Registration, *, at: datetime) -> None:
    """A passkey in place of a password: it is made when the account is there; commits."""
    registration.password_hash = None
    registration.wants_passkey = True
    keep(database, registration, at)


def answer_questions(
    database: Database, registration: Registration, answers: Mapping[str, str], *, at: datetime
) -> None:
    """Keep the answers to security questions, hashed; commits. Refused and raises as they do."""
    registration.answers = security_questions.hashed(answers, at=at)
    keep(database, registration, at)


def finish(
    database: Database, registration: Registration, contact: Contact, *, at: datetime
) -> Account:
    """Make the account, and tell its owner; commits.

    Refused with PHONE_WRONG or PHONE_NEEDED; and with ALREADY_REGISTERED, USERNAME_TAKEN or
    EMAIL_TAKEN when somebody was faster: then that step is open again and everything else is kept.
    """
    lock(database, registration)
    phone = rules.check_phone(contact.phone)
    if contact.tells_by_text and phone is None:
        raise Refused("PHONE_NEEDED")
    registration.phone = phone
    registration.language = contact.language
    registration.tells_by_text = contact.tells_by_text
    keep(database, registration, at)
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


def keep(database: Database, registration: Registration, at: datetime) -> None:
    """What was done waits for a day from now on; commits."""
    registration.expires_at = rules.waits_until(at)
    database.commit()


def lock(database: Database, registration: Registration) -> None:
    """Read it anew and let nobody else change it until the commit.

    Refused with ALREADY_REGISTERED when it was finished meanwhile.
    """
    database.scalars(
        select(Registration)
        .where(Registration.id == registration.id)
        .with_for_update(of=Registration)
        .execution_options(populate_existing=True)
    ).one()
    if registration.finished_at is not None:  # by another press of the same button
        raise Refused("ALREADY_REGISTERED")


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


def _words_about(database: Database, registration: Registration) -> list[str]:
    """What somebody who knows her would try first."""
    person = _person(database, registration)
    known = (person.first_name, person.last_name, registration.username, registration.email)
    return [word for word in known if word]


def _person(database: Database, registration: Registration) -> Person:
    return database.scalars(select(Person).where(Person.id == registration.person_id)).one()


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
