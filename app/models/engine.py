"""How is a database connection opened, and how does a transaction begin on it?"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from threading import Lock
from time import monotonic, sleep
from typing import Any

from sqlalchemy import Connection, Engine, event
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import ConnectionPoolEntry

LONGEST_WAIT = 10  # seconds for a turn to write
SHORTEST_PAUSE, LONGEST_PAUSE = 0.000_2, 0.002  # seconds between two looks

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


@contextmanager
def reading() -> Iterator[None]:
    """One block that only reads, in a command whose other transactions write: it makes nobody wait."""
    token = _writes.set(False)
    try:
        yield
    finally:
        _writes.reset(token)


def prepare(engine: Engine) -> Engine:
    """Attach our pragmas and begin modes to an engine; PostgreSQL needs neither."""
    if engine.dialect.name == "sqlite":
        turns = _Turns()
        event.listen(engine, "connect", _open_sqlite)
        event.listen(engine, "begin", turns.begin)
        event.listen(engine, "checkin", turns.end)
    return engine


def _open_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # BEGIN is ours to say, see begin_for_writing
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")  # NORMAL may lose the last commits at power loss
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute(f"PRAGMA busy_timeout={LONGEST_WAIT * 1000}")
    cursor.close()


def _begin_immediate(connection: Connection) -> None:
    """Begin as the one writer, asking often while another process writes.

    SQLite's own waiting sleeps up to a tenth of a second, in which hundreds could have been served.
    """
    database: Any = connection.connection.driver_connection
    cursor = database.cursor()
    cursor.execute("PRAGMA busy_timeout=0")
    deadline, pause = monotonic() + LONGEST_WAIT, SHORTEST_PAUSE
    try:
        while True:
            try:
                cursor.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError as problem:
                if problem.sqlite_errorcode != sqlite3.SQLITE_BUSY or monotonic() > deadline:
                    raise OperationalError("BEGIN IMMEDIATE", None, problem) from problem
            else:
                return
            sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)
    finally:
        cursor.execute(f"PRAGMA busy_timeout={LONGEST_WAIT * 1000}")


class _Turns:
    """Lets the writers of this process queue, where SQLite would let them sleep and try again.

    Its busy handler sleeps up to a tenth of a second while the database may long be free. Writers of
    other processes are still waited for by it.
    """

    HAS_TURN = "has_turn"

    def __init__(self) -> None:
        self._turn = Lock()

    def begin(self, connection: Connection) -> None:
        if not _writes.get():
            connection.exec_driver_sql("BEGIN DEFERRED")
            return
        info = connection.connection.record_info
        if info is not None:  # a connection that was taken out of the pool would never give it back
            self._take(info)
        _begin_immediate(connection)

    def _take(self, info: dict[Any, Any]) -> None:
        if self.HAS_TURN not in info and self._turn.acquire(timeout=LONGEST_WAIT):
            info[self.HAS_TURN] = True

    def end(self, _dbapi_connection: Any, record: ConnectionPoolEntry) -> None:
        if record.record_info is not None and record.record_info.pop(self.HAS_TURN, False):
            self._turn.release()
