"""What opens an account again at the end of a way back, and what of the past ends with it?

All at once: whoever was signed in is signed out, no device is known any more, what was lost opens
nothing, the lock and the ice are off, and every address of the account is told.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import delete, update
from sqlalchemy.orm import Session as Database

from app.domain import sign_in
from app.domain.outcomes import Refused
from app.domain.recovery import Lost, Proof
from app.gateways.passkeys import RelyingParty
from app.gateways.secrets import Secrets
from app.models.accounts import Account, OneTimeCode, Passkey
from app.models.factors import AuthenticatorApp, Recovery, RecoveryCode
from app.services import (
    alarms,
    audit,
    claimants,
    devices,
    disavowals,
    factors,
    passkeys,
    recovery,
    sessions,
)

ON_A_PHONE = frozenset({Lost.PHONE, Lost.EVERYTHING})
NO_PASSWORD = frozenset({Lost.PASSWORD, Lost.EVERYTHING})


def set_password(database: Database, way: Recovery, password: str, *, at: datetime) -> Account:
    """Give the account a new password, and end the way back with all that was before; commits.

    Refused with PROOFS_MISSING, or as `factors.set_password` is. Raises TooBusy.
    """
    owner = _owner(database, way)
    has_another = _keeps_another_factor(database, way)
    kept = factors.hash_new_password(owner, password, has_another_factor=has_another, at=at)
    _finish(database, way, at)
    factors.keep_password(owner, password, kept, at=at)
    database.commit()
    return owner


def shortest_password(database: Database, way: Recovery, *, at: datetime) -> int:
    """How many characters the new password needs."""
    return sign_in.shortest_password(has_another_factor=_keeps_another_factor(database, way), at=at)


def begin_passkey(
    database: Database, way: Recovery, *, party: RelyingParty, secrets: Secrets, at: datetime
) -> dict[str, Any]:
    """What the browser needs to make a passkey; commits. Refused with PROOFS_MISSING."""
    owner = _owner(database, way)
    return passkeys.begin_enrolment(database, party=party, secrets=secrets, by=owner, at=at)


def add_passkey(
    database: Database,
    way: Recovery,
    credential: Mapping[str, Any],
    name: str,
    *,
    party: RelyingParty,
    secrets: Secrets,
    at: datetime,
) -> Account:
    """Keep a new passkey, and end the way back with all that was before; commits.

    A password that was lost is switched off. Refused with PROOFS_MISSING, or as `passkeys.enrol` is.
    """
    owner = _owner(database, way)
    # Committed before the way back ends: cut short in between, she makes it again or signs in with it.
    made = passkeys.enrol(
        database, credential, name, party=party, secrets=secrets, session_id=0, by=owner, at=at
    )
    _finish(database, way, at, keeps=made.id)
    if way.lost in NO_PASSWORD:
        owner.password_hash = None
        owner.password_changed_at = at
    database.commit()
    return owner


def _owner(database: Database, way: Recovery) -> Account:
    """Whose account it is, once enough is proved."""
    if not recovery.standing(database, way).progress.suffices:
        raise Refused("PROOFS_MISSING")
    return recovery.account_of(way)


def _keeps_another_factor(database: Database, way: Recovery) -> bool:
    """Whether something stands beside the new password: a lost app does not."""
    ways = factors.ways_of(database, recovery.account_of(way))
    return ways.passkeys > 0 or (ways.has_app and way.lost not in ON_A_PHONE)


def _finish(database: Database, way: Recovery, at: datetime, *, keeps: int = 0) -> None:
    """Everything but the new password or passkey (`keeps`); never commits."""
    owner = recovery.account_of(way)
    recovery.lock(database, way)
    if way.finished_at is not None:
        raise Refused("PROOFS_MISSING")  # its other tab was quicker
    proofs = recovery.standing(database, way).counted
    thaw(database, owner, keeps=keeps)
    claimants.forgive(database, owner)
    _drop_what_was_lost(database, owner, Lost(way.lost), proofs)
    sessions.end_all_of(database, owner, at=at)
    devices.forget_all(database, owner, at=at)
    _close_other_ways(database, owner, at)
    way.finished_at = at
    facts = {"lost": way.lost, "proofs": sorted(proofs)}
    subject = f"account:{owner.id}"
    audit.record(database, "recovery:finish", subject, by=owner, at=at, facts=facts)
    alarms.tell_of_change(database, owner, "ACCOUNT_RECOVERED", {}, at=at)


def thaw(database: Database, owner: Account, *, keeps: int = 0) -> None:
    """Open a frozen account again, to what it was before the disputed change; never commits.

    Whatever was added with that change or since may be somebody else's, and goes, but for the new
    passkey (`keeps`). An address that was confirmed since counts no more: no code and no letter may go
    to whoever put it there.
    """
    disputed_at = recovery.disputed_at(owner)
    if disputed_at is None:
        return
    for added, since in (
        (Passkey, Passkey.created_at),
        (AuthenticatorApp, AuthenticatorApp.created_at),
        (RecoveryCode, RecoveryCode.made_at),
    ):
        database.execute(
            delete(added).where(
                added.account_id == owner.id,
                since >= disputed_at,
                *([Passkey.id != keeps] if added is Passkey else []),
            )
        )
    if (owner.password_changed_at or owner.created_at) >= disputed_at:
        owner.password_hash = None
    if owner.email_confirmed_at is not None and owner.email_confirmed_at >= disputed_at:
        owner.email_confirmed_at = None
    if owner.phone_confirmed_at is not None and owner.phone_confirmed_at >= disputed_at:
        owner.phone_confirmed_at = None
    disavowals.thaw(database, owner)


def _drop_what_was_lost(
    database: Database, owner: Account, lost: Lost, proofs: frozenset[Proof]
) -> None:
    """A lost phone's authenticator app opens nothing any more, and no code goes to it by text.

    But where a text just arrived, the number is in her hands. Passkeys stay: the phone's own lock
    guards them, and which of them were on it only she can tell.
    """
    if lost not in ON_A_PHONE:
        return
    database.execute(delete(AuthenticatorApp).where(AuthenticatorApp.account_id == owner.id))
    if Proof.TEXT not in proofs:
        owner.phone_confirmed_at = None


def _close_other_ways(database: Database, owner: Account, at: datetime) -> None:
    """What else was begun leads nowhere, nor does any code that is still out."""
    database.execute(
        update(Recovery)
        .where(Recovery.account_id == owner.id, Recovery.finished_at.is_(None))
        .where(Recovery.expires_at > at)
        .values(expires_at=at)
    )
    database.execute(
        update(OneTimeCode)
        .where(OneTimeCode.account_id == owner.id, OneTimeCode.used_at.is_(None))
        .where(OneTimeCode.replaced_at.is_(None))
        .values(replaced_at=at)
    )
