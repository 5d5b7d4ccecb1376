"""By which key is each sealed value sealed, and how do all of them come under the present one?

Works on every sealed column of every table, so that a new one cannot be forgotten. What is sealed is
read here as the text that lies in the database; nothing is opened but to be sealed again at once.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Text,
    bindparam,
    case,
    func,
    select,
    type_coerce,
    update,
)
from sqlalchemy.orm import Session

from app.gateways.secrets import KeyRing, Unreadable
from app.models import Base
from app.models.sealed import Sealed

AT_A_TIME = 500  # rows a transaction: nobody else waits for longer than a few milliseconds


@dataclass(frozen=True, slots=True)
class ColumnStatus:
    """How many values of a column each key of the ring has sealed, and how many none of them has."""

    place: str
    by_version: dict[int, int]
    unreadable: int


@dataclass(slots=True)
class Rotated:
    """How many values of a column were sealed anew; `unreadable` are the rows left as they are."""

    place: str
    resealed: int = 0
    unreadable: list[int] = field(default_factory=list)


def columns() -> list[Column[Any]]:
    """Every sealed column there is, by table and name."""
    return [
        column
        for table in sorted(Base.metadata.tables.values(), key=lambda table: table.name)
        for column in table.columns
        if isinstance(column.type, Sealed)
    ]


def status(session: Session, ring: KeyRing) -> list[ColumnStatus]:
    """Which keys are still needed, column by column; opens nothing."""
    return [_status(session, ring, column) for column in columns()]


def rotate(session: Session, ring: KeyRing) -> list[Rotated]:
    """Seal anew whatever the key that seals now has not sealed; commits every AT_A_TIME rows.

    Killed at any moment, it has only done less, and the next run goes on. A value that somebody
    changes meanwhile keeps the change. What cannot be read is left as it is, and told of.
    """
    return [_rotate(session, ring, column) for column in columns()]


def _status(session: Session, ring: KeyRing, column: Column[Any]) -> ColumnStatus:
    text = type_coerce(column, Text)
    versions = sorted(ring.versions)
    counts = [func.count(case((text.like(_by(version)), 1))) for version in versions]
    total, *of_versions = session.execute(select(func.count(text), *counts)).one()
    known = dict(zip(versions, of_versions, strict=True))
    return ColumnStatus(_place(column), known, total - sum(of_versions))


def _rotate(session: Session, ring: KeyRing, column: Column[Any]) -> Rotated:
    result = Rotated(_place(column))
    key: Column[int] = column.table.c.id
    text = type_coerce(column, Text)
    reseal = (
        update(column.table)
        .where(key == bindparam("row"), text == bindparam("before", type_=Text))
        .values({column: bindparam("after", type_=Text)})
    )
    last = 0
    while rows := _not_yet(session, key, text, ring, last):
        fresh = _fresh(rows, ring, result)
        if fresh:
            session.connection().execute(reseal, fresh)
        session.commit()
        result.resealed += len(fresh)
        last = rows[-1][0]
    session.rollback()
    return result


def _not_yet(
    session: Session, key: Column[int], text: ColumnElement[str], ring: KeyRing, last: int
) -> Sequence[tuple[int, str]]:
    rows = session.execute(
        select(key, text)
        .where(key > last, text.not_like(_by(ring.seals_by)))
        .order_by(key)
        .limit(AT_A_TIME)
    )
    return [(row, sealed) for row, sealed in rows]


def _fresh(rows: Sequence[tuple[int, str]], ring: KeyRing, result: Rotated) -> list[dict[str, Any]]:
    fresh = []
    for row, sealed in rows:
        try:
            text = ring.open(sealed, place=result.place)
        except Unreadable:
            result.unreadable.append(row)
            continue
        fresh.append({"row": row, "before": sealed, "after": ring.seal(text, place=result.place)})
    return fresh


def _by(version: int) -> str:
    """The pattern of what a key has sealed."""
    return f"v{version}.%"


def _place(column: Column[Any]) -> str:
    return f"{column.table.name}.{column.key}"
