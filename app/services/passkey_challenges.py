"""Which challenge does a passkey answer, did we issue it, and has it been answered before?

Each is good once, for one ceremony, for a quarter of an hour, and is used up before the answer to it is
looked at. One for an account is a row. One for whoever comes to the sign-in page is signed instead, and
becomes a row only when a passkey that we know answers it: anybody may ask for as many as he likes, and
the database hears nothing of it.
"""

from datetime import datetime, timedelta
from secrets import token_bytes
from typing import cast

from sqlalchemy import Table, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session as Database

from app.gateways.passkeys import Reason, Rejected
from app.gateways.secrets import same
from app.models import sealed
from app.models.accounts import Account, PasskeyChallenge
from app.models.prepared import insert_row

LENGTH = 32
LASTS = timedelta(minutes=15)  # the username field offers passkeys as long as the page is open
EXPIRY_LENGTH = 8  # bytes, of the seconds since 1970 at which a signed one expires
SIGNED_PART = EXPIRY_LENGTH + LENGTH
_CHALLENGE = cast(Table, PasskeyChallenge.__table__)


def issue(database: Database, ceremony: str, account: Account | None, *, at: datetime) -> bytes:
    """A new challenge, for an account or for whoever comes; commits where it is a row."""
    if account is None:
        return _signed(ceremony, at + LASTS)
    challenge = token_bytes(LENGTH)
    database.add(
        PasskeyChallenge(
            challenge=challenge, ceremony=ceremony, account_id=account.id, expires_at=at + LASTS
        )
    )
    database.commit()
    return challenge


def use_up(
    database: Database,
    challenge: bytes,
    ceremony: str,
    account: Account | None,
    *,
    at: datetime,
) -> None:
    """Take a challenge out of play. Rejected where it is not ours, expired, or used.

    Never commits: the caller does, whatever becomes of the answer. Until then nobody else can use it
    up, for its row is locked.
    """
    if account is None:
        _use_up_signed(database, challenge, ceremony, at)
    else:
        _use_up_row(database, challenge, ceremony, account, at)


def _use_up_row(
    database: Database, challenge: bytes, ceremony: str, account: Account, at: datetime
) -> None:
    used = database.execute(
        update(PasskeyChallenge)
        .where(
            PasskeyChallenge.challenge == challenge,
            PasskeyChallenge.ceremony == ceremony,
            PasskeyChallenge.account_id == account.id,
            PasskeyChallenge.used_at.is_(None),
            PasskeyChallenge.expires_at > at,
        )
        .values(used_at=at)
        .returning(PasskeyChallenge.id)
    ).scalar()
    if used is None:
        raise Rejected(Reason.CHALLENGE)


def _use_up_signed(database: Database, challenge: bytes, ceremony: str, at: datetime) -> None:
    signed = challenge[:SIGNED_PART]
    if not same(challenge.hex(), (signed + _signature(ceremony, signed)).hex()):
        raise Rejected(Reason.CHALLENGE)
    expires_at = datetime.fromtimestamp(int.from_bytes(signed[:EXPIRY_LENGTH], "big"), at.tzinfo)
    if at >= expires_at:
        raise Rejected(Reason.CHALLENGE)
    used = {
        "challenge": challenge, "ceremony": ceremony, "expires_at": expires_at, "used_at": at,
    }  # fmt: skip
    try:
        insert_row(database, _CHALLENGE, **used)
    except IntegrityError as error:  # it was answered before, or is at this moment
        database.rollback()
        raise Rejected(Reason.CHALLENGE) from error


def _signed(ceremony: str, expires_at: datetime) -> bytes:
    expiry = int(expires_at.timestamp()).to_bytes(EXPIRY_LENGTH, "big")
    signed = expiry + token_bytes(LENGTH)
    return signed + _signature(ceremony, signed)


def _signature(ceremony: str, signed: bytes) -> bytes:
    return bytes.fromhex(sealed.fingerprint(signed.hex(), kind=f"passkey challenge, {ceremony}"))
