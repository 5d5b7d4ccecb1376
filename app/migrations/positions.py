"""How do coordinates come from plain columns into sealed ones and back, and out of what was remembered?

Until now a position's content hash was made with its coordinates, and whoever knows a home and the
distance from it guesses such a hash. It is made anew, so that a repeat from a phone is still known.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from app.domain.positions import Fix
from app.models.base import Instant
from app.models.sealed import SealedFix, SealedPlace
from app.services.receipts import content_hash

AT_A_TIME = 1000
Row = dict[str, Any]

HOMES = sa.table(
    "recipient",
    sa.column("id", sa.Integer()),
    sa.column("latitude", sa.Double()),
    sa.column("longitude", sa.Double()),
    sa.column("home_sealed", SealedPlace("recipient.home")),
)
EVENTS = sa.table(
    "visit_event",
    sa.column("id", sa.Integer()),
    sa.column("kind", sa.String()),
    sa.column("account_id", sa.Integer()),
    sa.column("made_at", Instant()),
    sa.column("about_submission_id", sa.String()),
    sa.column("verdict", sa.String()),
    sa.column("distance_m", sa.Integer()),
    sa.column("latitude", sa.Double()),
    sa.column("longitude", sa.Double()),
    sa.column("accuracy_m", sa.Double()),
    sa.column("position_sealed", SealedFix("visit_event.position")),
    sa.column("content_hash", sa.String()),
)


def seal_all(connection: sa.Connection) -> None:
    """Fill the sealed columns from the plain ones, which count until they are gone."""
    _copy(connection, HOMES, ("latitude", "longitude"), "latitude", lambda row: {
        "home_sealed": (row.latitude, row.longitude) if row.longitude is not None else None,
    })  # fmt: skip
    _copy(connection, EVENTS, ("latitude", "longitude", "accuracy_m"), "latitude", lambda row: {
        "position_sealed": Fix(row.latitude, row.longitude, row.accuracy_m),
    })  # fmt: skip


def open_all(connection: sa.Connection) -> None:
    """Fill the plain columns from the sealed ones."""
    _copy(connection, HOMES, ("home_sealed",), "home_sealed", lambda row: {
        "latitude": row.home_sealed[0], "longitude": row.home_sealed[1],
    })  # fmt: skip
    _copy(connection, EVENTS, ("position_sealed",), "position_sealed", lambda row: {
        "latitude": row.position_sealed.latitude,
        "longitude": row.position_sealed.longitude,
        "accuracy_m": row.position_sealed.accuracy,
    })  # fmt: skip


def forget_in_hashes(connection: sa.Connection) -> None:
    """Remember that there was a position, and no more, as services.positions does from now on."""
    _rehash(connection, lambda row: ("position",))


def remember_in_hashes(connection: sa.Connection) -> None:
    """Remember positions with their coordinates, as it was before."""
    _rehash(
        connection,
        lambda row: (row.verdict, row.distance_m, row.latitude, row.longitude, row.accuracy_m),
    )


def _rehash(connection: sa.Connection, where: Callable[[Any], Sequence[object]]) -> None:
    read = ("kind", "account_id", "made_at", "about_submission_id", "verdict", "distance_m")
    plain = ("latitude", "longitude", "accuracy_m")

    def made_anew(row: Any) -> Row:
        if row.kind != "position":
            return {}
        said = (row.kind, row.account_id, _as_sent(row.made_at), row.about_submission_id)
        return {"content_hash": content_hash([content_hash(said), *map(str, where(row))])}

    _copy(connection, EVENTS, read + plain, "latitude", made_anew)


def _as_sent(made_at: datetime) -> str:
    """An instant as JavaScript's toISOString writes it, which is what a phone sent."""
    return f"{made_at.astimezone(UTC).isoformat(timespec='milliseconds')[:-6]}Z"


def _copy(
    connection: sa.Connection,
    table: sa.TableClause,
    read: Sequence[str],
    wanted: str,
    row_of: Callable[[Any], Row],
) -> None:
    fill = sa.update(table).where(table.c.id == sa.bindparam("row"))
    columns = [table.c[name] for name in read]
    for rows in _in_pieces(connection, table.c.id, columns, table.c[wanted]):
        changed = [{"row": row.id} | values for row in rows if (values := row_of(row))]
        if changed:
            connection.execute(fill, changed)


def _in_pieces(
    connection: sa.Connection,
    key: sa.ColumnClause[int],
    columns: Sequence[sa.ColumnClause[Any]],
    wanted: sa.ColumnClause[Any],
) -> Iterator[Sequence[Any]]:
    last = 0
    while rows := connection.execute(
        sa.select(key, *columns)
        .where(key > last, wanted.is_not(None))
        .order_by(key)
        .limit(AT_A_TIME)
    ).all():
        yield rows
        last = rows[-1].id
