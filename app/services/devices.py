"""Which browser is this, has the account proved itself on it, and with which key does it sign?"""

import base64
import binascii
from datetime import datetime
from secrets import token_urlsafe
from typing import Any, cast

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_der_public_key,
)
from sqlalchemy import Table, bindparam, select, update
from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import joinedload

from app.domain import sign_in as rules
from app.domain.outcomes import Refused
from app.models.accounts import Account
from app.models.adding import add_at_once
from app.models.devices import Device, TrustedDevice
from app.models.prepared import Prepared, change_row, insert_row
from app.services import audit, sessions

# Built once, for every sign-in passes here.
_BY_TOKEN = select(Device).where(Device.token_hash == bindparam("token_hash"))
_TRUSTED = cast(Table, TrustedDevice.__table__)
_OF_THE_PAIR = (
    TrustedDevice.device_id == bindparam("device_id"),
    TrustedDevice.account_id == bindparam("account_id"),
)
_TRUST = select(TrustedDevice).where(*_OF_THE_PAIR).execution_options(populate_existing=True)
_STANDING = Prepared(
    select(TrustedDevice.id, TrustedDevice.proved_at, TrustedDevice.revoked_at).where(*_OF_THE_PAIR)
)


def find(database: Database, token: str | None) -> Device | None:
    """The device whose cookie holds this token."""
    if not token:
        return None
    return database.scalar(_BY_TOKEN, {"token_hash": sessions.hash_of(token)})


def remember(database: Database, *, name: str, at: datetime) -> tuple[Device, str]:
    """A device that is new to us, and the token for its cookie; never commits."""
    token = token_urlsafe(32)
    device = Device(token_hash=sessions.hash_of(token), name=name, created_at=at)
    add_at_once(database, device)
    return device, token


def has_proved(database: Database, device: Device | None, account: Account) -> bool:
    """Whether the account ever proved itself on this device and has not let it go."""
    known = device and _standing(database, device.id, account.id)
    return bool(known and known.revoked_at is None)


def somebody_proved(database: Database, device: Device) -> bool:
    """Whether any account proved itself on this device and has not let it go."""
    trusts = select(TrustedDevice.id).where(
        TrustedDevice.device_id == device.id, TrustedDevice.revoked_at.is_(None)
    )
    return database.scalar(trusts.limit(1)) is not None


def is_known(database: Database, device: Device | None, account: Account, *, at: datetime) -> bool:
    """Whether the account proved itself on this device, not too long ago."""
    known = device and _standing(database, device.id, account.id)
    if not known or known.revoked_at is not None:
        return False
    return not rules.needs_code(rules.device_trusted_until(known.proved_at), at)


def prove(database: Database, device: Device, account: Account, *, at: datetime) -> None:
    """Note that the account has just proved itself on this device; never commits."""
    known = _standing(database, device.id, account.id)
    if known is None:
        pair = {"device_id": device.id, "account_id": account.id}
        insert_row(database, _TRUSTED, **pair, proved_at=at)
    elif known.revoked_at is None:
        change_row(database, _TRUSTED, known.id, proved_at=at)
    else:  # taken back since: its old key stays worth nothing
        nothing = {"public_key": None, "enrolled_at": None, "revoked_at": None}
        change_row(database, _TRUSTED, known.id, proved_at=at, **nothing)


def enroll(
    database: Database, device_id: int | None, public_key: str, *, by: Account, at: datetime
) -> TrustedDevice:
    """Keep the key by which this device signs what is tapped on it without a session; commits.

    `public_key` is a P-256 key as SubjectPublicKeyInfo, in base64 or base64url. Refused with
    DEVICE_NOT_PROVED or DEVICE_KEY_UNUSABLE.
    """
    trust = None if device_id is None else _trust(database, device_id, by.id)
    if trust is None or trust.revoked_at is not None:
        raise Refused("DEVICE_NOT_PROVED")
    trust.public_key = _as_pem(public_key)
    trust.enrolled_at = at
    audit.record(database, "device:enroll", f"device:{trust.device_id}", by=by, at=at)
    database.commit()
    return trust


def devices_of(database: Database, account: Account) -> list[TrustedDevice]:
    """The devices that the account has proved itself on, the latest first."""
    return list(
        database.scalars(
            select(TrustedDevice)
            .where(TrustedDevice.account_id == account.id, TrustedDevice.revoked_at.is_(None))
            .options(joinedload(TrustedDevice.device, innerjoin=True))
            .order_by(TrustedDevice.proved_at.desc(), TrustedDevice.id.desc())
        )
    )


def forget(database: Database, trusted_device_id: int, *, by: Account, at: datetime) -> None:
    """The phone was lost or sold: it needs a code again, its key is worth nothing and whoever is
    signed in there is signed out; commits. NoResultFound for a device that is not this account's.
    """
    trust = database.scalars(
        select(TrustedDevice).where(
            TrustedDevice.id == trusted_device_id, TrustedDevice.account_id == by.id
        )
    ).one()
    _forget(database, trust, by, at)


def forget_here(database: Database, device_id: int | None, *, by: Account, at: datetime) -> None:
    """The same for the device that she uses now, if she ever proved herself on it; commits."""
    trust = None if device_id is None else _trust(database, device_id, by.id)
    if trust is not None:
        _forget(database, trust, by, at)


def _forget(database: Database, trust: TrustedDevice, by: Account, at: datetime) -> None:
    trust.revoked_at = at
    sessions.end_on_device(database, by, trust.device_id, at=at)
    audit.record(database, "device:forget", f"device:{trust.device_id}", by=by, at=at)
    database.commit()


def forget_all(database: Database, account: Account, *, at: datetime) -> None:
    """No device is known to the account any more, and no key of one signs for it; never commits."""
    database.execute(
        update(TrustedDevice)
        .where(TrustedDevice.account_id == account.id, TrustedDevice.revoked_at.is_(None))
        .values(revoked_at=at)
    )


def _trust(database: Database, device_id: int, account_id: int) -> TrustedDevice | None:
    return database.scalar(_TRUST, {"device_id": device_id, "account_id": account_id})


def _standing(database: Database, device_id: int, account_id: int) -> Any:
    """What of it decides whether a code is asked for, as it stands now; None where there is nothing."""
    database.flush()
    return _STANDING.first(database, device_id=device_id, account_id=account_id)


def _as_pem(public_key: str) -> str:
    try:
        der = base64.b64decode(_plain_base64(public_key), validate=True)
        key = load_der_public_key(der)
    except (ValueError, binascii.Error, UnsupportedAlgorithm) as error:
        raise Refused("DEVICE_KEY_UNUSABLE") from error
    if not isinstance(key, EllipticCurvePublicKey) or not isinstance(key.curve, SECP256R1):
        raise Refused("DEVICE_KEY_UNUSABLE")
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def _plain_base64(text: str) -> str:
    """base64url without its padding is how browsers write it; both forms are taken."""
    plain = text.replace("-", "+").replace("_", "/").rstrip("=")
    return plain + "=" * (-len(plain) % 4)
