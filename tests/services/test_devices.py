"""A device is known by a cookie and a key; both are worth nothing once its owner says so."""

import base64
from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session

from app.domain.outcomes import Refused
from app.models.devices import Device
from app.services import devices, sessions
from factories import World

NOON = datetime(2026, 11, 24, 20, tzinfo=UTC)


@pytest.fixture
def phone(session: Session, world: World) -> Device:
    """Ana's phone, on which she proved herself."""
    device, _token = devices.remember(session, name="Chrome on Android", at=NOON)
    devices.prove(session, device, world.ana, at=NOON)
    session.commit()
    return device


def spki(key: PublicKeyTypes) -> bytes:
    return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def test_a_device_is_found_by_its_token_alone(session: Session) -> None:
    device, token = devices.remember(session, name="Chrome on Android", at=NOON)
    assert devices.find(session, token) is device
    assert devices.find(session, device.token_hash) is None
    assert devices.find(session, None) is None


@pytest.mark.parametrize("encode", [base64.b64encode, base64.urlsafe_b64encode])
@pytest.mark.parametrize("padded", [True, False])
def test_a_p256_key_is_kept_however_it_is_written(
    session: Session, world: World, phone: Device, encode: object, padded: bool
) -> None:
    key = ec.generate_private_key(ec.SECP256R1()).public_key()
    text = encode(spki(key)).decode()  # type: ignore[operator]

    trust = devices.enroll(
        session, phone.id, text if padded else text.rstrip("="), by=world.ana, at=NOON
    )

    pem = key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    assert (trust.public_key, trust.enrolled_at) == (pem, NOON)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "not base64 at all!",
        base64.b64encode(b"not a key").decode(),
        base64.b64encode(spki(ec.generate_private_key(ec.SECP384R1()).public_key())).decode(),
        base64.b64encode(spki(ed25519.Ed25519PrivateKey.generate().public_key())).decode(),
    ],
    ids=["nothing", "no base64", "no key", "another curve", "another kind"],
)
def test_any_other_key_is_refused(session: Session, world: World, phone: Device, text: str) -> None:
    with pytest.raises(Refused, match="DEVICE_KEY_UNUSABLE"):
        devices.enroll(session, phone.id, text, by=world.ana, at=NOON)


def test_nobody_enrolls_a_phone_that_she_never_proved_herself_on(
    session: Session, world: World, phone: Device
) -> None:
    key = base64.b64encode(spki(ec.generate_private_key(ec.SECP256R1()).public_key())).decode()
    for device_id in (phone.id, None):
        with pytest.raises(Refused, match="DEVICE_NOT_PROVED"):
            devices.enroll(session, device_id, key, by=world.rosa, at=NOON)


def test_a_lost_phone_is_signed_out_and_its_key_is_gone_when_it_comes_back(
    session: Session, world: World, phone: Device
) -> None:
    key = base64.b64encode(spki(ec.generate_private_key(ec.SECP256R1()).public_key())).decode()
    trust = devices.enroll(session, phone.id, key, by=world.ana, at=NOON)
    token = sessions.start(session, world.ana, method="code", device_id=phone.id, at=NOON)

    devices.forget(session, trust.id, by=world.ana, at=NOON)

    assert sessions.find(session, token, at=NOON) is None
    assert not devices.is_known(session, phone, world.ana, at=NOON)
    assert devices.devices_of(session, world.ana) == []
    devices.prove(session, phone, world.ana, at=NOON)
    session.refresh(trust)
    assert (trust.public_key, trust.revoked_at) == (None, None)


def test_a_device_of_somebody_else_is_not_found(
    session: Session, world: World, phone: Device
) -> None:
    (trust,) = devices.devices_of(session, world.ana)
    with pytest.raises(NoResultFound):
        devices.forget(session, trust.id, by=world.rosa, at=NOON)
