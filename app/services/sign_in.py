"""How does somebody prove who she is, by password or by code, and what do wrong tries cost?

A name that nobody has is treated exactly like one that somebody has (see models.accounts.Stranger):
counted, locked, sent codes that nobody gets, so that no answer tells which names exist.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import randbelow, token_urlsafe
from typing import Any, NoReturn, TypeAlias, cast

from sqlalchemy import ColumnElement, CursorResult, delete, func, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session as Database

from app.domain import sign_in as rules
from app.domain.outcomes import Refused
from app.gateways import passwords
from app.gateways.secrets import Secrets, same
from app.gateways.turns import TooBusy
from app.models.accounts import Account, KeptForm, OneTimeCode, PasskeyChallenge, Stranger
from app.models.devices import Device
from app.services import audit, contacts, devices, notices, sessions

Claimant: TypeAlias = Account | Stranger

AN_HOUR = timedelta(hours=1)
STRANGERS_ARE_KEPT = timedelta(days=30)
CODES_ARE_KEPT = timedelta(days=1)


@dataclass(frozen=True)
class IssuedCode:
    """A code that is ready to be sent; `to` is None when there is nobody to send it to."""

    ticket: str
    code: str
    to: Account | None
    expires_at: datetime


@dataclass(frozen=True)
class Proof:
    """Who proved herself by a code, and whether a password came before it."""

    account: Account
    method: str  # password | code


def claimant(database: Database, name: str, *, secrets: Secrets, at: datetime) -> Claimant:
    """Who is meant by a username or an e-mail address; never commits, but may add a stranger."""
    found = contacts.account_by_name(database, name)
    return found or _stranger(
        database, secrets.fingerprint("sign-in name", contacts.folded(name)), at
    )


def check_password(
    database: Database, name: str, password: str, *, secrets: Secrets, at: datetime
) -> Account:
    """The account with this name and password. Refused with LOCKED or SIGN_IN_WRONG (tries_left).

    Each try is counted before it is looked at and given back when it was right, so tries made at
    the same moment cannot slip past the lock; nothing is held while the password is hashed. Commits
    each time. Raises TooBusy, which costs no try.
    """
    claimed = claimant(database, name, secrets=secrets, at=at)
    _take_try(database, claimed, at)
    kept = claimed.password_hash if isinstance(claimed, Account) else None
    try:
        matches = passwords.verify(kept, password)
    except TooBusy:
        _give_try_back(database, claimed)
        raise
    if not matches or isinstance(claimed, Stranger):
        _refuse(database, claimed, at)
    if passwords.needs_rehash(kept or ""):
        claimed.password_hash = passwords.hash_password(password)
    _forgive(claimed)
    database.commit()
    return claimed


def issue_code(
    database: Database,
    claimed: Claimant,
    purpose: str,
    *,
    device: Device | None,
    secrets: Secrets,
    at: datetime,
) -> IssuedCode:
    """A new code in place of the older ones, to be sent at once; commits. `purpose`: device, sign_in.

    Codes asked for on a device that the account knows are counted and replaced apart from those that
    anybody asks for: whoever knows Ana's name cannot keep her from her codes.
    Refused with TOO_MANY_CODES (retry_after, seconds), or after a right password with
    NO_CONFIRMED_EMAIL, where there is no address that a code could go to.
    """
    confirmed = isinstance(claimed, Account) and claimed.email_confirmed_at is not None
    if purpose == "device" and not confirmed:
        raise Refused("NO_CONFIRMED_EMAIL")
    known = isinstance(claimed, Account) and devices.has_proved(database, device, claimed)
    _lock(database, claimed)
    rules.check_may_send_code(_sent_at(database, claimed, known, at), at)
    database.execute(
        update(OneTimeCode)
        .where(_is_of(claimed), OneTimeCode.from_known_device == known)
        .where(OneTimeCode.used_at.is_(None), OneTimeCode.replaced_at.is_(None))
        .values(replaced_at=at)
    )
    digits = rules.code_digits(at)
    code, ticket = f"{randbelow(10**digits):0{digits}}", token_urlsafe(32)
    expires_at = rules.code_expires_at(at)
    database.add(
        OneTimeCode(
            account_id=claimed.id if isinstance(claimed, Account) else None,
            stranger_id=claimed.id if isinstance(claimed, Stranger) else None,
            purpose=purpose,
            from_known_device=known,
            ticket_hash=sessions.hash_of(ticket),
            code_hash=_code_hash(secrets, ticket, code),
            issued_at=at,
            expires_at=expires_at,
            attempts=0,
        )
    )
    database.commit()
    to = claimed if isinstance(claimed, Account) and confirmed else None
    return IssuedCode(ticket, code, to, expires_at)


def withdraw_code(database: Database, ticket: str) -> None:
    """The code could not be sent, so it never was: it does not count as one; commits."""
    database.execute(delete(OneTimeCode).where(OneTimeCode.ticket_hash == sessions.hash_of(ticket)))
    database.commit()


def pending_code(database: Database, ticket: str | None, *, at: datetime) -> OneTimeCode | None:
    """The code that the browser with this ticket waits for, or may ask to be sent anew.

    After an hour it must start again: the ticket also says that a password was right before.
    """
    if not ticket:
        return None
    return database.scalar(
        select(OneTimeCode).where(
            OneTimeCode.ticket_hash == sessions.hash_of(ticket),
            OneTimeCode.used_at.is_(None),
            OneTimeCode.issued_at > at - AN_HOUR,
        )
    )


def check_code(
    database: Database, ticket: str | None, typed: str, *, secrets: Secrets, at: datetime
) -> Proof:
    """Who proved herself by typing the code; it is used up and any lock is lifted. Commits.

    Refused with CODE_WRONG (tries_left), CODE_USED, CODE_EXPIRED or CODE_USED_UP; a wrong try
    counts although it is refused.
    """
    code = database.scalar(
        select(OneTimeCode)
        .where(OneTimeCode.ticket_hash == sessions.hash_of(ticket or ""))
        .with_for_update(of=OneTimeCode)
    )
    if code is None:
        raise Refused("CODE_EXPIRED")
    matches = same(_code_hash(secrets, ticket or "", typed), code.code_hash)
    account = None if code.account_id is None else _account(database, code.account_id)
    try:
        rules.check_code(
            matches=matches and account is not None,
            issued_at=code.issued_at,
            failures=code.attempts,
            used=code.used_at is not None or code.replaced_at is not None,
            at=at,
        )
        assert account is not None  # noqa: S101 - only an account's code can match
    except Refused as refused:
        if refused.code == "CODE_WRONG":
            code.attempts += 1
        database.commit()
        raise
    code.used_at = at
    _forgive(account)
    database.commit()
    return Proof(account, "password" if code.purpose == "device" else "code")


def start_session(
    database: Database,
    account: Account,
    *,
    method: str,
    device: Device,
    proves_device: bool,
    at: datetime,
) -> str:
    """Open a session for somebody who proved herself, and answer its token; commits.

    `proves_device` says that the proof was more than a password, so that the device is known now.
    """
    _lock(database, account)
    token = sessions.start(database, account, method=method, device_id=device.id, at=at)
    if proves_device:
        devices.prove(database, device, account, at=at)
    facts = {"device": device.id}
    audit.record(
        database, f"sign_in:{method}", f"account:{account.id}", by=account, at=at, facts=facts
    )
    database.commit()
    return token


def forgive(database: Database, account: Account) -> None:
    """A passkey ended the row of failures and lifts the lock; never commits."""
    _lock(database, account)
    _forgive(account)


def delete_leftovers(database: Database, *, at: datetime) -> int:
    """Drop codes, challenges, kept forms and strangers' names that no rule asks for any more; commits.

    Answers how many.
    """
    old = (
        delete(OneTimeCode).where(OneTimeCode.issued_at < at - CODES_ARE_KEPT),
        delete(PasskeyChallenge).where(PasskeyChallenge.expires_at < at),
        delete(KeptForm).where(KeptForm.expires_at < at),
        delete(Stranger).where(Stranger.seen_at < at - STRANGERS_ARE_KEPT),
    )
    gone = sum(cast("CursorResult[Any]", database.execute(each)).rowcount for each in old)
    database.commit()
    return gone


def _stranger(database: Database, name_hash: str, at: datetime) -> Stranger:
    known = select(Stranger).where(Stranger.name_hash == name_hash)
    if stranger := database.scalar(known):
        stranger.seen_at = at
        return stranger
    try:
        with database.begin_nested():
            stranger = Stranger(name_hash=name_hash, failures_in_a_row=0, seen_at=at)
            database.add(stranger)
    except IntegrityError:  # somebody typed the same name at the same moment
        return database.scalars(known).one()
    return stranger


def _lock(database: Database, claimed: Claimant) -> None:
    """Read it anew and let nobody else change it until the commit."""
    table = type(claimed)
    database.scalars(
        select(table)
        .where(table.id == claimed.id)
        .with_for_update(of=table)
        .execution_options(populate_existing=True)
    ).one()


def _take_try(database: Database, claimed: Claimant, at: datetime) -> None:
    _lock(database, claimed)
    rules.check_not_locked(claimed.failures_in_a_row, claimed.locked_at, at)
    claimed.failures_in_a_row += 1
    locks = rules.locked_until(claimed.failures_in_a_row, at) is not None
    claimed.locked_at = at if locks else None
    database.commit()


def _give_try_back(database: Database, claimed: Claimant) -> None:
    _lock(database, claimed)
    claimed.failures_in_a_row = max(0, claimed.failures_in_a_row - 1)
    claimed.locked_at = None
    database.commit()


def _refuse(database: Database, claimed: Claimant, at: datetime) -> NoReturn:
    """Say that the password was wrong; when that locked it, tell the owner, once for each row."""
    _lock(database, claimed)
    if claimed.locked_at == at:
        if isinstance(claimed, Account):
            subject = f"account:{claimed.id}"
            audit.record(database, "account:lock", subject, by=claimed, at=at)
            if claimed.failures_in_a_row == rules.tries_left(0, at):
                notices.queue(database, [claimed], "ACCOUNT_LOCKED", {}, at=at)
        database.commit()
        rules.check_not_locked(claimed.failures_in_a_row, claimed.locked_at, at)
    database.commit()
    raise Refused("SIGN_IN_WRONG", tries_left=rules.tries_left(claimed.failures_in_a_row, at))


def _forgive(account: Account) -> None:
    account.failures_in_a_row = 0
    account.locked_at = None


def _account(database: Database, account_id: int) -> Account:
    return database.scalars(select(Account).where(Account.id == account_id)).one()


def _code_hash(secrets: Secrets, ticket: str, code: str) -> str:
    return secrets.fingerprint("one-time code", f"{ticket}:{code}")


def _is_of(claimed: Claimant) -> ColumnElement[bool]:
    if isinstance(claimed, Account):
        return OneTimeCode.account_id == claimed.id
    return OneTimeCode.stranger_id == claimed.id


def _sent_at(database: Database, claimed: Claimant, known: bool, at: datetime) -> list[datetime]:
    """When the codes of the last hour were sent to such devices, since the last one that was used."""
    last_used = (
        select(func.max(OneTimeCode.issued_at))
        .where(_is_of(claimed), OneTimeCode.used_at.is_not(None))
        .scalar_subquery()
    )
    return list(
        database.scalars(
            select(OneTimeCode.issued_at).where(
                _is_of(claimed),
                OneTimeCode.from_known_device == known,
                OneTimeCode.issued_at > at - AN_HOUR,
                or_(last_used.is_(None), OneTimeCode.issued_at > last_used),
            )
        )
    )
