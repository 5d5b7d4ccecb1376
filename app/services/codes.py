"""How does a six-digit code get to somebody, and whom does typing it prove?

A code goes by e-mail or text to what was confirmed, works once, for ten minutes, in the browser that
asked for it, and is kept only as a keyed hash. It is sent at once: see web/sending_codes.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from secrets import randbelow, token_urlsafe

from sqlalchemy import ColumnElement, delete, func, or_, select, update
from sqlalchemy.orm import Session as Database

from app.domain import sign_in as rules
from app.domain.outcomes import Refused
from app.gateways.secrets import Secrets, same
from app.models.accounts import Account, OneTimeCode, Stranger
from app.models.devices import Device
from app.services import claimants, devices, sessions
from app.services.claimants import Claimant

AN_HOUR = timedelta(hours=1)


class Purpose(StrEnum):
    """What a code is for; one for one purpose is no good for another."""

    DEVICE = "device"  # the second step after a password
    SIGN_IN = "sign_in"  # alone
    STEP_UP = "step_up"
    RECOVER = "recover"


class Channel(StrEnum):
    """Which way a code goes."""

    EMAIL = "email"
    TEXT = "text"


TO_SIGN_IN = frozenset({Purpose.DEVICE, Purpose.SIGN_IN})
OF_A_KNOWN_PERSON = frozenset({Purpose.DEVICE, Purpose.STEP_UP})
NOTHING_CONFIRMED = {Channel.EMAIL: "NO_CONFIRMED_EMAIL", Channel.TEXT: "NO_CONFIRMED_PHONE"}


@dataclass(frozen=True)
class IssuedCode:
    """A code that is ready to be sent; `to` is None when there is nobody to send it to."""

    ticket: str
    code: str
    purpose: Purpose
    channel: Channel
    to: Account | None
    expires_at: datetime


@dataclass(frozen=True)
class Proof:
    """Who proved herself by a code, which way it had gone, and what it was for."""

    account: Account
    purpose: Purpose
    channel: Channel

    @property
    def method(self) -> str:
        """How somebody signs in by it: a device check follows a password."""
        return "password" if self.purpose is Purpose.DEVICE else "code"


def issue_code(
    database: Database,
    claimed: Claimant,
    purpose: str,
    *,
    channel: str = Channel.EMAIL,
    device: Device | None,
    secrets: Secrets,
    at: datetime,
) -> IssuedCode:
    """A new code in place of the older ones of its purpose and way, to be sent at once; commits.

    Codes asked for on a device that the account knows are counted and replaced apart from those that
    anybody asks for: whoever knows Ana's name cannot keep her from her codes.
    Refused with TOO_MANY_CODES (retry_after, seconds); or, where we know who asks, with
    NO_CONFIRMED_EMAIL or NO_CONFIRMED_PHONE when the code could go nowhere.
    """
    purpose, channel = Purpose(purpose), Channel(channel)
    to = claimed if isinstance(claimed, Account) and can_reach(claimed, channel) else None
    if to is None and purpose in OF_A_KNOWN_PERSON:
        raise Refused(NOTHING_CONFIRMED[channel])
    known = isinstance(claimed, Account) and devices.has_proved(database, device, claimed)
    claimants.lock(database, claimed)
    rules.check_may_send_code(_sent_at(database, claimed, purpose, known, at), at)
    _replace_older(database, claimed, purpose, channel, known, at)
    code, ticket = new_code(at), token_urlsafe(32)
    expires_at = rules.code_expires_at(at)
    database.add(
        OneTimeCode(
            account_id=claimed.id if isinstance(claimed, Account) else None,
            stranger_id=claimed.id if isinstance(claimed, Stranger) else None,
            purpose=purpose,
            channel=channel,
            from_known_device=known,
            ticket_hash=sessions.hash_of(ticket),
            code_hash=_code_hash(secrets, ticket, code),
            issued_at=at,
            expires_at=expires_at,
            attempts=0,
        )
    )
    database.commit()
    return IssuedCode(ticket, code, purpose, channel, to, expires_at)


def new_code(at: datetime) -> str:
    """Digits that nobody can foresee, as many as a code has."""
    digits = rules.code_digits(at)
    return f"{randbelow(10**digits):0{digits}}"


def can_reach(account: Account, channel: str) -> bool:
    """Whether a code can go this way: the address or number is confirmed."""
    if channel == Channel.TEXT:
        return account.phone is not None and account.phone_confirmed_at is not None
    return account.email_confirmed_at is not None


def withdraw_code(database: Database, ticket: str) -> None:
    """The code could not be sent, so it never was: it does not count as one; commits."""
    database.execute(delete(OneTimeCode).where(OneTimeCode.ticket_hash == sessions.hash_of(ticket)))
    database.commit()


def pending_code(
    database: Database,
    ticket: str | None,
    *,
    at: datetime,
    purposes: Collection[str] = TO_SIGN_IN,
) -> OneTimeCode | None:
    """The code that the browser with this ticket waits for, or may ask to be sent anew.

    After an hour it must start again: the ticket also says that a password was right before.
    """
    if not ticket:
        return None
    return database.scalar(
        select(OneTimeCode).where(
            OneTimeCode.ticket_hash == sessions.hash_of(ticket),
            OneTimeCode.purpose.in_(purposes),
            OneTimeCode.used_at.is_(None),
            OneTimeCode.issued_at > at - AN_HOUR,
        )
    )


def owner_of(code: OneTimeCode) -> Claimant:
    """Whose code it is: an account's, or a name's that nobody has."""
    owner = code.account or code.stranger
    assert owner is not None  # noqa: S101 - a code has one owner, the table sees to it
    return owner


def check_code(
    database: Database,
    ticket: str | None,
    typed: str,
    *,
    secrets: Secrets,
    at: datetime,
    purposes: Collection[str] = TO_SIGN_IN,
) -> Proof:
    """Who proved herself by typing the code; it is used up and any lock is lifted. Commits.

    Refused with CODE_WRONG (tries_left), CODE_USED, CODE_EXPIRED or CODE_USED_UP; a wrong try
    counts although it is refused. `purposes` are those that the page at hand is for.
    """
    code = database.scalar(
        select(OneTimeCode).where(
            OneTimeCode.ticket_hash == sessions.hash_of(ticket or ""),
            OneTimeCode.purpose.in_(purposes),
        )
    )
    if code is None:
        raise Refused("CODE_EXPIRED")
    claimants.lock(database, owner_of(code))  # its tries take turns, as its sending does
    database.refresh(code)
    matches = same(_code_hash(secrets, ticket or "", typed), code.code_hash)
    account = code.account
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
    claimants.forgive(database, account)
    database.commit()
    return Proof(account, Purpose(code.purpose), Channel(code.channel))


def _replace_older(
    database: Database,
    claimed: Claimant,
    purpose: Purpose,
    channel: Channel,
    known: bool,
    at: datetime,
) -> None:
    database.execute(
        update(OneTimeCode)
        .where(_is_of(claimed), OneTimeCode.from_known_device == known)
        .where(OneTimeCode.purpose.in_(_group(purpose)), OneTimeCode.channel == channel)
        .where(OneTimeCode.used_at.is_(None), OneTimeCode.replaced_at.is_(None))
        .values(replaced_at=at)
    )


def _code_hash(secrets: Secrets, ticket: str, code: str) -> str:
    return secrets.fingerprint("one-time code", f"{ticket}:{code}")


def _group(purpose: Purpose) -> Collection[Purpose]:
    """The purposes that are counted and replaced together: both ways to sign in are one."""
    return TO_SIGN_IN if purpose in TO_SIGN_IN else {purpose}


def _is_of(claimed: Claimant) -> ColumnElement[bool]:
    if isinstance(claimed, Account):
        return OneTimeCode.account_id == claimed.id
    return OneTimeCode.stranger_id == claimed.id


def _sent_at(
    database: Database, claimed: Claimant, purpose: Purpose, known: bool, at: datetime
) -> list[datetime]:
    """When the codes of the last hour were sent to such devices, since the last one that was used."""
    last_used = (
        select(func.max(OneTimeCode.issued_at))
        .where(
            _is_of(claimed),
            OneTimeCode.purpose.in_(_group(purpose)),
            OneTimeCode.used_at.is_not(None),
        )
        .scalar_subquery()
    )
    return list(
        database.scalars(
            select(OneTimeCode.issued_at).where(
                _is_of(claimed),
                OneTimeCode.purpose.in_(_group(purpose)),
                OneTimeCode.from_known_device == known,
                OneTimeCode.issued_at > at - AN_HOUR,
                or_(last_used.is_(None), OneTimeCode.issued_at > last_used),
            )
        )
    )
