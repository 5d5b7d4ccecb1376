"""Prepared statements read, write and fail exactly as SQLAlchemy's own executions do."""

from datetime import UTC, datetime
from typing import Any, cast

import pytest
from sqlalchemy import Table, bindparam, select
from sqlalchemy.exc import IntegrityError, ProgrammingError
from sqlalchemy.orm import Session

from app.models.audit import AuditEvent
from app.models.devices import Device
from app.models.prepared import (
    Among,
    Prepared,
    change_row,
    insert_for_keys,
    insert_row,
    insert_rows,
)
from app.models.visits import VisitEvent
from factories import World

DEVICE = cast(Table, Device.__table__)
EVENT = cast(Table, VisitEvent.__table__)
AUDIT = cast(Table, AuditEvent.__table__)
AT = datetime(2026, 3, 8, 9, 59, 59, 123456, tzinfo=UTC)


def device(session: Session, known_by: str = "a") -> int:
    return insert_row(session, DEVICE, token_hash=known_by, name="Ana's phone", created_at=AT)


def an_event(session: Session, world: World, **more: Any) -> int:
    said = {
        "submission_id": "1", "content_hash": "h", "kind": "check-in", "account_id": world.ana.id,
        "source": "phone", "made_at": AT, "received_at": AT, "counts_at": AT, "receipt": "R-1",
    }  # fmt: skip
    return insert_row(session, EVENT, **said, **more)


def test_a_row_is_read_as_sqlalchemy_reads_it(session: Session) -> None:
    facts = {"words": "Ñuñe’s “home”", "minutes": 178, "none": None}
    key = insert_row(
        session, AUDIT, chain="portal", sequence=1, at=AT, action="a:b", subject="c:1", facts=facts,
        previous_hash="p", hash="h",
    )  # fmt: skip
    statement = select(AUDIT).where(AUDIT.c.id == bindparam("key"))
    ours = Prepared(statement).first(session, key=key)
    theirs = session.execute(statement, {"key": key}).one()
    assert ours._asdict() == theirs._asdict()
    assert (ours.at, ours.facts) == (AT, facts)


def test_none_and_the_columns_own_defaults_are_written(session: Session, world: World) -> None:
    key = an_event(session, world, position=None, distance_m=12)
    event = session.get_one(VisitEvent, key)
    assert (event.signed, event.position, event.distance_m) == (False, None, 12)


def test_a_column_is_changed_and_the_others_stay(session: Session) -> None:
    key = device(session)
    change_row(session, DEVICE, key, name="Kitchen tablet")
    held = session.get_one(Device, key)
    assert (held.name, held.created_at) == ("Kitchen tablet", AT)


def test_a_label_names_a_column_of_the_row(session: Session) -> None:
    key = device(session)
    row = Prepared(select(DEVICE.c.name.label("whose")).where(DEVICE.c.id == key)).first(session)
    assert row.whose == "Ana's phone"


def test_nothing_found_is_none(session: Session) -> None:
    assert (
        Prepared(select(DEVICE).where(DEVICE.c.id == bindparam("key"))).first(session, key=-1)
        is None
    )


def test_it_fails_with_sqlalchemys_errors(session: Session) -> None:
    device(session)
    with pytest.raises(IntegrityError), session.begin_nested():
        device(session)
    assert device(session, "b")


def test_it_goes_on_after_a_commit_and_a_rollback(session: Session) -> None:
    first = device(session)
    session.commit()
    device(session, "b")
    session.rollback()
    found = Prepared(select(DEVICE.c.id).order_by(DEVICE.c.id)).all(session)
    assert [row.id for row in found] == [first]


def test_a_missing_parameter_is_an_error(session: Session) -> None:
    with pytest.raises((KeyError, ProgrammingError)):
        Prepared(select(DEVICE).where(DEVICE.c.id == bindparam("key"))).first(session)


def test_many_rows_are_added_at_once(session: Session) -> None:
    names = ["Ana's phone", "Kitchen tablet", "Library"]
    insert_rows(
        session, DEVICE, [{"token_hash": name, "name": name, "created_at": AT} for name in names]
    )
    assert list(session.scalars(select(DEVICE.c.name).order_by(DEVICE.c.id))) == names
    assert session.scalars(select(DEVICE.c.created_at).distinct()).one() == AT


def test_no_rows_are_added_without_a_word(session: Session) -> None:
    insert_rows(session, DEVICE, [])
    assert session.scalars(select(DEVICE.c.id)).all() == []


def test_many_rows_fail_with_sqlalchemys_errors(session: Session) -> None:
    row = {"token_hash": "a", "name": "Ana's phone", "created_at": AT}
    with pytest.raises(IntegrityError), session.begin_nested():
        insert_rows(session, DEVICE, [row, row])


@pytest.mark.parametrize("count", [0, 1, 2, 3, 5, 8, 9])
def test_a_list_of_any_length_is_looked_for_at_once(session: Session, count: int) -> None:
    keys = [device(session, str(number)) for number in range(10)]
    among = Among(lambda wanted: select(DEVICE.c.id).where(DEVICE.c.id.in_(wanted)))
    assert sorted(row.id for row in among.all(session, keys[:count])) == keys[:count]


def test_the_keys_of_many_rows_come_in_their_order(session: Session) -> None:
    rows = [{"token_hash": str(n), "name": f"phone {n}", "created_at": AT} for n in range(20)]
    keys = insert_for_keys(session, DEVICE, rows)
    named = {row.id: row.name for row in session.execute(select(DEVICE.c.id, DEVICE.c.name))}
    assert [named[key] for key in keys] == [row["name"] for row in rows]
