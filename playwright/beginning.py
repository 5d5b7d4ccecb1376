"""How does a portal that goes on running get back the data that it began with?

Starting its processes costs more than most journeys, so one portal serves many of them, one after the
other. In between its tables are filled anew in one transaction: whatever was still under way commits
before, and is gone, or begins after, and knows nothing of the journey before.
"""

import shutil
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

DATABASE = "demo.db"
WITHIN_S = 30
TABLES = "SELECT name FROM beginning.sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite~_%' ESCAPE '~'"
BEING_SENT = (
    "SELECT EXISTS (SELECT 1 FROM {0} WHERE sent_at IS NULL AND leased_until IS NOT NULL"
    " AND last_error IS NULL)"
)
QUEUES = ("queued_email", "queued_text")
NOTHING_TO_JUDGE = "UPDATE visit_event SET judged_at = received_at WHERE judged_at IS NULL"
JUDGED_WITHIN_S = 0.5


class StillBusy(Exception):  # noqa: N818 - the portal does what it should, only too slowly
    """A letter is on its way and would arrive in the next journey."""


def bring_back(instance: Path, beginning: Path) -> None:
    """Fill a running portal's tables and folders as those of a stopped one; raises StillBusy."""
    deadline = time.monotonic() + WITHIN_S
    _let_judging_end(instance / DATABASE)
    while not _filled(instance / DATABASE, beginning / DATABASE):
        if time.monotonic() > deadline:
            raise StillBusy
        time.sleep(0.1)
    for folder in instance.iterdir():
        if folder.is_dir():
            shutil.rmtree(folder)
    shutil.copytree(
        beginning, instance, dirs_exist_ok=True, ignore=shutil.ignore_patterns(f"{DATABASE}*")
    )


def _let_judging_end(database: Path) -> None:
    """The job reads events and writes what it thinks of them a moment later: by then they must be there."""
    with closing(sqlite3.connect(database, isolation_level=None, timeout=WITHIN_S)) as connection:
        connection.execute(NOTHING_TO_JUDGE)
    time.sleep(JUDGED_WITHIN_S)


def _filled(database: Path, beginning: Path) -> bool:
    """Whether the tables could be filled: not while a letter is on its way."""
    with closing(sqlite3.connect(database, isolation_level=None, timeout=WITHIN_S)) as connection:
        connection.execute("ATTACH ? AS beginning", (str(beginning),))
        with _turn_to_write(connection):
            if any(connection.execute(BEING_SENT.format(queue)).fetchone()[0] for queue in QUEUES):
                return False
            for (table,) in connection.execute(TABLES).fetchall():
                connection.execute(f'DELETE FROM main."{table}"')  # noqa: S608 - a name of ours
                connection.execute(f'INSERT INTO main."{table}" SELECT * FROM beginning."{table}"')  # noqa: S608
    return True


@contextmanager
def _turn_to_write(connection: sqlite3.Connection) -> Iterator[None]:
    connection.execute("BEGIN IMMEDIATE")  # SQLite heeds foreign keys only when asked to
    with connection:
        yield
