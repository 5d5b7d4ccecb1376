"""How is a database connection opened, and how does a transaction begin on it?"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from sqlalchemy import Connection, Engine, event

_writes: ContextVar[bool] = ContextVar("transaction_writes", default=False)


def begin_for_writing(writes: bool = True) -> None:
    """Say, before the first statement, that this request's or command's transactions will write.

    SQLite cannot turn a read transaction into a writing one once somebody else has written: it
    fails at once, whatever the busy timeout. So whoever will write begins IMMEDIATE, and whoever
    only reads never queues behind a writer.
    """
    _writes.set(writes)


@contextmanager
def writing() -> Iterator[None]:
    """The same for one block: what a page writes after it was rendered, say."""
    token = _writes.set(True)
    try:
        yield
    finally:
        _writes.reset(token)


def prepare(engine: Engine) -> Engine:
    """Attach our pragmas and begin modes to an engine; PostgreSQL needs neither."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _open_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


def _open_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # BEGIN is ours to say, see begin_for_writing
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")  # NORMAL may lose the last commits at power loss
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute("PRAGMA busy_timeout=10000")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE" if _writes.get() else "BEGIN DEFERRED")
