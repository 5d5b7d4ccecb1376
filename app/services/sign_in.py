"""How does somebody get in by her password, what do wrong tries cost, and how does a session begin?"""

from datetime import datetime, timedelta
from typing import Any, NoReturn, cast

from sqlalchemy import CursorResult, delete
from sqlalchemy.orm import Session as Database

from app.domain import sign_in as rules
from app.domain.outcomes import Refused
from app.gateways import passwords
from app.gateways.secrets import Secrets
from app.gateways.turns import TooBusy
from app.models.accounts import Account, KeptForm, OneTimeCode, PasskeyChallenge, Stranger
from app.models.devices import Device
from app.models.factors import Recovery
from app.services import audit, claimants, devices, notices, sessions
from app.services.claimants import Claimant

STRANGERS_ARE_KEPT = timedelta(days=30)
CODES_ARE_KEPT = timedelta(days=1)
WAYS_BACK_ARE_KEPT = timedelta(days=1)


def check_password(
    database: Database, name: str, password: str, *, secrets: Secrets, at: datetime
) -> Account:
    """The account with this name and password. Refused with LOCKED or SIGN_IN_WRONG (tries_left).

    Whoever had it right of an account that its owner froze is refused with FROZEN.

    Each try is counted before it is looked at and given back when it was right, so tries made at
    the same moment cannot slip past the lock; nothing is held while the password is hashed. Commits
    each time. Raises TooBusy, which costs no try.
    """
    claimed = claimants.claimant(database, name, secrets=secrets, at=at)
    account = check_password_of(database, claimed, password, at=at)
    rules.check_not_frozen(account.frozen_at)
    return account


def check_password_of(
    database: Database, claimed: Claimant, password: str, *, at: datetime
) -> Account:
    """The same where it is known already who is meant, and of a frozen account too."""
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
    claimants.forgive(database, claimed)
    database.commit()
    return claimed


def start_session(
    database: Database,
    account: Account,
    *,
    method: str,
    device: Device,
    proves_device: bool,
    at: datetime,
) -> sessions.Begun:
    """Open a session for somebody who proved herself; commits, with what proved her if that is open yet.

    `proves_device` says that the proof was more than a password, so that the device is known now.
    Whoever has just registered proved more than she will ever be asked for again: she can make her
    first passkey at once.
    Refused with FROZEN, however good the proof was, which is used up all the same.
    """
    claimants.lock(database, account)
    try:
        rules.check_not_frozen(account.frozen_at)
    except Refused:
        database.commit()
        raise
    begun = sessions.begin(
        database,
        account,
        method=method,
        device_id=device.id,
        at=at,
        is_proof=method == "registration" or (method == "password" and proves_device),
    )
    if proves_device:
        devices.prove(database, device, account, at=at)
    facts = {"device": device.id}
    audit.record(
        database, f"sign_in:{method}", f"account:{account.id}", by=account, at=at, facts=facts
    )
    database.commit()
    return begun


def delete_leftovers(database: Database, *, at: datetime) -> int:
    """Drop codes, challenges, kept forms and strangers' names that no rule asks for any more; commits.

    Answers how many.
    """
    old = (
        delete(OneTimeCode).where(OneTimeCode.issued_at < at - CODES_ARE_KEPT),
        delete(PasskeyChallenge).where(PasskeyChallenge.expires_at < at),
        delete(KeptForm).where(KeptForm.expires_at < at),
        delete(Recovery).where(Recovery.expires_at < at - WAYS_BACK_ARE_KEPT),
        delete(Stranger).where(Stranger.seen_at < at - STRANGERS_ARE_KEPT),
    )
    gone = sum(cast("CursorResult[Any]", database.execute(each)).rowcount for each in old)
    database.commit()
    return gone


def _take_try(database: Database, claimed: Claimant, at: datetime) -> None:
    claimants.lock(database, claimed)
    rules.check_not_locked(claimed.failures_in_a_row, claimed.locked_at, at)
    claimed.failures_in_a_row += 1
    locks = rules.locked_until(claimed.failures_in_a_row, at) is not None
    claimed.locked_at = at if locks else None
    database.commit()


def _give_try_back(database: Database, claimed: Claimant) -> None:
    claimants.lock(database, claimed)
    claimed.failures_in_a_row = max(0, claimed.failures_in_a_row - 1)
    claimed.locked_at = None
    database.commit()


def _refuse(database: Database, claimed: Claimant, at: datetime) -> NoReturn:
    """Say that the password was wrong; when that locked it, tell the owner, once for each row."""
    claimants.lock(database, claimed)
    if claimed.locked_at == at:
        if isinstance(claimed, Account):
            subject = f"account:{claimed.id}"
            audit.record(database, "account:lock", subject, by=claimed, at=at)
            if rules.is_first_lock(claimed.failures_in_a_row, at):
                notices.queue(database, [claimed], "ACCOUNT_LOCKED", {}, at=at)
        database.commit()
        rules.check_not_locked(claimed.failures_in_a_row, claimed.locked_at, at)
    database.commit()
    raise Refused("SIGN_IN_WRONG", tries_left=rules.tries_left(claimed.failures_in_a_row, at))
