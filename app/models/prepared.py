"""How is a statement run, over and over, without passing through all that could be done with it?

SQLAlchemy compiles a statement once, but an execution costs ten times what SQLite needs for a small
one. What a check-in waits for is therefore compiled here for the database in use and given straight to
its driver, with the columns' own types read and written as everywhere else. No event of SQLAlchemy's
sees it, so it is for the few statements at the door and for no others (ADR 0013).
"""

from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any, cast

from sqlalchemy import BindParameter, Dialect, Table, bindparam, insert, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from sqlalchemy.sql.compiler import SQLCompiler

CURSOR = "prepared_cursor"  # in Session.info: one for each transaction

Statement = Any  # of SQLAlchemy: a select, insert, update or delete


class Prepared:
    """A statement whose parameters are given by name: its `bindparam`s, and the columns it sets."""

    def __init__(self, statement: Statement, sets: Sequence[str] = ()) -> None:
        self._statement = statement
        self._sets = sets
        self._forms: dict[str, _Form] = {}

    def first(self, session: Session, **values: Any) -> Any:
        """The first row, its columns as attributes; None where there is none."""
        rows = self.all(session, **values)
        return rows[0] if rows else None

    def all(self, session: Session, **values: Any) -> list[Any]:
        """Every row."""
        form, cursor = self._at_hand(session)
        form.run(cursor, values)
        return form.rows(cursor)

    def run(self, session: Session, **values: Any) -> None:
        """Do it, where nothing is answered."""
        form, cursor = self._at_hand(session)
        form.run(cursor, values)

    def run_many(self, session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
        """Do it once for each of these values by name, at one call of the driver."""
        form, cursor = self._at_hand(session)
        form.run_many(cursor, rows)

    def _at_hand(self, session: Session) -> tuple["_Form", Any]:
        """The statement as the session's database takes it, and the cursor of its transaction."""
        transaction = _innermost(session)
        known = session.info.get(CURSOR)
        if known is None or known[0] is not transaction or transaction is None:
            connection = session.connection()  # begins what is not begun yet, a savepoint too
            cursor = connection.connection.cursor()
            known = session.info[CURSOR] = (_innermost(session), connection.dialect, cursor)
        _, dialect, cursor = known
        form = self._forms.get(dialect.name)
        if form is None:
            form = self._forms[dialect.name] = _Form(self._statement, self._sets, dialect)
        return form, cursor


class Among:
    """A select with an `IN` list whose length changes from time to time.

    `make(names)` builds it for parameters of these names. Lists are filled up to a power of two by
    repeating their last value, so that few forms serve every length.
    """

    def __init__(self, make: Callable[[Sequence[BindParameter[Any]]], Statement]) -> None:
        self._make = make
        self._of_length: dict[int, tuple[Prepared, tuple[str, ...]]] = {}

    def all(self, session: Session, keys: Sequence[Any]) -> list[Any]:
        """Every row of any of the keys; none where there are no keys."""
        if not keys:
            return []
        length = 1 << (len(keys) - 1).bit_length()
        if length not in self._of_length:
            names = tuple(f"key_{number}" for number in range(length))
            statement = self._make([bindparam(name) for name in names])
            self._of_length[length] = Prepared(statement), names
        statement, names = self._of_length[length]
        filled = [*keys, *[keys[-1]] * (length - len(keys))]
        return statement.all(session, **dict(zip(names, filled, strict=True)))


class _Form:
    """A statement as one kind of database takes it."""

    def __init__(self, statement: Statement, sets: Sequence[str], dialect: Dialect) -> None:
        compiled: SQLCompiler = statement.compile(dialect=dialect, column_keys=list(sets) or None)
        self.text = str(compiled)
        self._positions = compiled.positiontup
        self._dialect = dialect
        self._given: dict[str, Any] = {
            name: bind.effective_value for name, bind in compiled.binds.items() if not bind.required
        }
        for column in compiled.insert_prefetch:
            self._given[column.key] = cast(Any, column.default).arg
        self._writers = {
            name: write
            for name, bind in compiled.binds.items()
            if (write := bind.type.dialect_impl(dialect).bind_processor(dialect))
        }
        columns = list(statement.exported_columns)
        row: Any = namedtuple("Row", [column.key for column in columns])  # type: ignore[misc]
        self._make = row._make
        self._types = [column.type.dialect_impl(dialect) for column in columns]
        self._readers: list[tuple[int, Callable[[Any], Any]]] | None = None

    def run(self, cursor: Any, values: Mapping[str, Any]) -> None:
        """Raises what SQLAlchemy raises for it: IntegrityError, OperationalError and the like."""
        try:
            cursor.execute(self.text, self._written(values))
        except self._dialect.loaded_dbapi.Error as problem:
            raise self._said(problem) from problem

    def run_many(self, cursor: Any, rows: Sequence[Mapping[str, Any]]) -> None:
        """Raises as `run` does."""
        try:
            cursor.executemany(self.text, [self._written(values) for values in rows])
        except self._dialect.loaded_dbapi.Error as problem:
            raise self._said(problem) from problem

    def _written(self, values: Mapping[str, Any]) -> Any:
        """The values as the driver takes them, in its order or by name."""
        known = {**self._given, **values}
        for name, write in self._writers.items():
            known[name] = write(known[name])
        if self._positions is None:
            return known
        return [known[name] for name in self._positions]

    def _said(self, problem: Exception) -> BaseException:
        database = self._dialect.loaded_dbapi
        return DBAPIError.instance(self.text, None, problem, database.Error, dialect=self._dialect)

    def rows(self, cursor: Any) -> list[Any]:
        """All that was found, as the columns' types read it."""
        if self._readers is None:  # the driver says only now what it answers with
            self._readers = [
                (at, reader)
                for at, (its_type, told) in enumerate(
                    zip(self._types, cursor.description, strict=True)
                )
                if (reader := its_type.result_processor(self._dialect, told[1]))
            ]
        make, readers = self._make, self._readers
        if not readers:
            return [make(values) for values in cursor.fetchall()]
        rows = []
        for values in cursor.fetchall():
            read = list(values)
            for at, reader in readers:
                read[at] = reader(read[at])
            rows.append(make(read))
        return rows


def _innermost(session: Session) -> Any:
    return session.get_nested_transaction() or session.get_transaction()


def insert_row(session: Session, table: Table, **values: Any) -> int:
    """Add a row of these columns and answer its key."""
    return int(_insert(table, tuple(values)).first(session, **values).id)


def insert_rows(session: Session, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Add rows that all give the same columns."""
    if rows:
        _add(table, tuple(rows[0])).run_many(session, rows)


def insert_for_keys(
    session: Session, table: Table, rows: Sequence[Mapping[str, Any]]
) -> Sequence[int]:
    """Add rows that all give the same columns, and answer their keys in that order.

    In one round trip on PostgreSQL; SQLite has none to save, and takes them one by one.
    """
    if len(rows) > 1 and session.get_bind().dialect.name == "postgresql":
        adding = insert(table).returning(table.c.id, sort_by_parameter_order=True)
        return session.execute(adding, rows).scalars().all()
    return [insert_row(session, table, **row) for row in rows]


def change_row(session: Session, table: Table, row_id: int, **values: Any) -> None:
    """Set these columns of the row with a key."""
    _update(table, tuple(values)).run(session, row_id=row_id, **values)


@cache
def _insert(table: Table, names: tuple[str, ...]) -> Prepared:
    return Prepared(insert(table).returning(table.c.id), names)


@cache
def _add(table: Table, names: tuple[str, ...]) -> Prepared:
    return Prepared(insert(table).inline(), names)  # no driver answers many rows at once


@cache
def _update(table: Table, names: tuple[str, ...]) -> Prepared:
    return Prepared(update(table).where(table.c.id == bindparam("row_id")), (*names, "row_id"))
