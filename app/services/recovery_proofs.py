"""Is what somebody shows on the way back a proof, and how many wrong ones are taken?

A try is counted before it is looked at and given back when it was right. Codes and passwords have
limits of their own beside it, which hold over all ways back together.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.orm import Session as Database

from app.domain import recovery as rules
from app.domain.outcomes import Refused
from app.domain.recovery import Given, Proof
from app.gateways.passkeys import RelyingParty
from app.gateways.secrets import Secrets
from app.models.accounts import Account
from app.models.devices import Device
from app.models.factors import AuthenticatorApp, Recovery, RecoveryCode
from app.services import audit, codes, factors, passkeys, recovery, sign_in
from app.services.codes import Channel, IssuedCode, Purpose

CHANNELS = {Proof.EMAIL: Channel.EMAIL, Proof.TEXT: Channel.TEXT}
FOR_THIS = frozenset({Purpose.RECOVER})


def send_code(
    database: Database,
    way: Recovery,
    kind: Proof,
    *,
    device: Device | None,
    secrets: Secrets,
    at: datetime,
) -> IssuedCode:
    """A code by e-mail or text, to be sent at once; commits.

    Refused with QUESTION_FIRST, RECOVERY_CLOSED or TOO_MANY_CODES (retry_after, seconds).
    """
    rules.check_may_try(way.failures, at)
    if recovery.question_before(database, way, kind, secrets=secrets) is not None:
        raise Refused("QUESTION_FIRST")
    return codes.issue_code(
        database,
        recovery.owner_of(way),
        Purpose.RECOVER,
        channel=CHANNELS[kind],
        device=device,
        secrets=secrets,
        at=at,
    )


def take_code(
    database: Database,
    way: Recovery,
    code_ticket: str | None,
    typed: str,
    *,
    secrets: Secrets,
    at: datetime,
) -> None:
    """Take the code that was sent on this way back; commits. Refused as `codes.check_code` is."""
    pending = codes.pending_code(database, code_ticket, at=at, purposes=FOR_THIS)
    if pending is None or codes.owner_of(pending) is not recovery.owner_of(way):
        raise Refused("CODE_EXPIRED")
    _take_try(database, way, at)
    proof = codes.check_code(
        database, code_ticket, typed, secrets=secrets, at=at, purposes=FOR_THIS
    )
    owner = proof.account
    if proof.channel is Channel.TEXT:
        _keep(database, way, Given(Proof.TEXT, owner.phone_confirmed_at), at)
    else:
        _keep(database, way, Given(Proof.EMAIL, owner.email_confirmed_at), at)


def take_kit_code(database: Database, way: Recovery, typed: str, *, at: datetime) -> None:
    """Take a code of the printed kit, which is used up by it; commits.

    Refused with RECOVERY_CODE_WRONG.
    """
    _take_try(database, way, at)
    factors.use_recovery_code(database, recovery.owner_of(way), typed, at=at)
    _keep(database, way, Given(Proof.KIT, _since(database, way, RecoveryCode.made_at)), at)


def take_password(database: Database, way: Recovery, typed: str, *, at: datetime) -> None:
    """Take the password that she still knows; commits. Refused as at sign-in; raises TooBusy."""
    _take_try(database, way, at)
    owner = sign_in.check_password_of(database, recovery.owner_of(way), typed, at=at)
    since = owner.password_changed_at or owner.created_at
    _keep(database, way, Given(Proof.PASSWORD, since), at)


def take_app_code(database: Database, way: Recovery, typed: str, *, at: datetime) -> None:
    """Take a code of the authenticator app; commits.

    Refused with CODE_FIRST, or as `factors.check_app` is.
    """
    if not rules.may_follow(Proof.APP, recovery.standing(database, way).counted):
        raise Refused("CODE_FIRST")
    _take_try(database, way, at)
    factors.check_app(database, recovery.account_of(way), typed, at=at)
    _keep(database, way, Given(Proof.APP, _since(database, way, AuthenticatorApp.confirmed_at)), at)


def take_passkey(
    database: Database,
    way: Recovery,
    credential: Mapping[str, Any],
    *,
    party: RelyingParty,
    at: datetime,
) -> None:
    """Take a passkey, of this account and no other; commits. Refused with PASSKEY_REJECTED."""
    _take_try(database, way, at)
    used = passkeys.recover_with(database, credential, party=party, at=at)
    if used.owner.id != way.account_id:
        raise Refused("PASSKEY_REJECTED")
    _keep(database, way, Given(Proof.PASSKEY, used.made_at), at)


def _take_try(database: Database, way: Recovery, at: datetime) -> None:
    recovery.lock(database, way)
    rules.check_may_try(way.failures, at)
    way.failures += 1
    database.commit()


def _keep(database: Database, way: Recovery, given: Given, at: datetime) -> None:
    recovery.lock(database, way)
    way.failures -= 1
    others = [each for each in recovery.given_proofs(way) if each.kind is not given.kind]
    way.proofs = recovery.as_kept([*others, given])
    way.expires_at = rules.expires_at(at)
    owner: Account = recovery.account_of(way)
    facts = {"proof": given.kind}
    subject = f"account:{owner.id}"
    audit.record(database, "recovery:prove", subject, by=owner, at=at, facts=facts)
    database.commit()


def _since(
    database: Database, way: Recovery, column: InstrumentedAttribute[Any]
) -> datetime | None:
    """Since when the account's kit or app is as it is."""
    owner_id = column.class_.account_id
    since: datetime | None = database.scalar(
        select(func.max(column)).where(owner_id == way.account_id)
    )
    return since
