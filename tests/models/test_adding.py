"""A row that is added at once is there, and its object is as one that was loaded."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import inspect, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.models.adding import add_at_once
from app.models.devices import Device, TrustedDevice
from factories import World

AT = datetime(2026, 3, 8, 9, 59, 59, 123456, tzinfo=UTC)


def phone(known_by: str = "a") -> Device:
    return Device(token_hash=known_by, name="Ana's phone", created_at=AT)


def test_it_is_there_and_held(session: Session) -> None:
    added = phone()
    add_at_once(session, added)
    assert session.get(Device, added.id) is added
    session.expunge(added)
    read = session.scalars(select(Device)).one()
    assert (read.id, read.name, read.created_at) == (added.id, "Ana's phone", AT)


def test_what_changes_later_is_kept(session: Session) -> None:
    added = phone()
    add_at_once(session, added)
    assert not inspect(added).modified
    added.name = "Kitchen tablet"
    session.commit()
    assert session.scalar(select(Device.name)) == "Kitchen tablet"


def test_what_was_not_given_is_read_when_somebody_asks(session: Session, world: World) -> None:
    device = phone()
    add_at_once(session, device)
    trust = TrustedDevice(device_id=device.id, account_id=world.ana.id, proved_at=AT)
    add_at_once(session, trust)
    assert (trust.revoked_at, trust.device) == (None, device)


def test_a_second_one_of_what_must_be_unique_is_refused(session: Session) -> None:
    add_at_once(session, phone())
    with pytest.raises(IntegrityError):
        add_at_once(session, phone())
