"""How do values come from a plain column into a sealed one, and back, a thousand rows at a time?"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from app.models.sealed import Sealed, SealedDate, SealedFacts, SealedText, fingerprint

AT_A_TIME = 1000


@dataclass(frozen=True)
class Column:
    """A column that was plain, and the sealed one that takes its place.

    The new one has a name of its own: an old version of the portal that still runs must fail, and
    neither read sealed text as an address nor write a plain one beside it.
    """

    table: str
    plain: str
    plain_type: sa.types.TypeEngine[Any]
    sealing: type[Sealed[Any]]
    may_be_missing: bool = False

    @property
    def sealed(self) -> str:
        return f"{self.plain}_sealed"


COLUMNS = (
    Column("account", "email", sa.String(), SealedText),
    Column("person", "date_of_birth", sa.Date(), SealedDate, may_be_missing=True),
    Column("recipient", "address", sa.String(), SealedText),
    Column("queued_email", "facts", sa.JSON(), SealedFacts),
)


def seal_all(connection: sa.Connection) -> None:
    """Fill every sealed column from its plain one, which is the one that counts until it is gone."""
    for column in COLUMNS:
        _copy(connection, column, column.plain, _sealed_row)


def open_all(connection: sa.Connection) -> None:
    """Fill every plain column from its sealed one."""
    for column in COLUMNS:
        _copy(connection, column, column.sealed, _plain_row)


def _sealed_row(column: Column, value: Any) -> dict[str, Any]:
    row = {column.sealed: value}
    if column.plain == "email":
        row["email_fingerprint"] = fingerprint(value, kind="account.email")
    return row


def _plain_row(column: Column, value: Any) -> dict[str, Any]:
    return {column.plain: value}


def _copy(
    connection: sa.Connection,
    column: Column,
    source: str,
    row_of: Callable[[Column, Any], dict[str, Any]],
) -> None:
    table = sa.table(
        column.table,
        sa.column("id", sa.Integer()),
        sa.column(column.plain, column.plain_type),
        sa.column(column.sealed, column.sealing(f"{column.table}.{column.plain}")),
        sa.column("email_fingerprint", sa.String()),
    )
    fill = sa.update(table).where(table.c.id == sa.bindparam("row"))
    for rows in _in_pieces(connection, table.c.id, table.c[source]):
        connection.execute(fill, [{"row": key} | row_of(column, value) for key, value in rows])


def _in_pieces(
    connection: sa.Connection, key: sa.ColumnClause[int], source: sa.ColumnClause[Any]
) -> Iterator[list[tuple[int, Any]]]:
    last = 0
    while rows := connection.execute(
        sa.select(key, source).where(key > last, source.is_not(None)).order_by(key).limit(AT_A_TIME)
    ).all():
        yield [(each[0], each[1]) for each in rows]
        last = rows[-1][0]
