"""How Alembic reaches the database: by the engine that the application prepared."""

from collections.abc import Iterator
from contextlib import contextmanager

from alembic import context
from sqlalchemy import Connection, Engine

from app.models import Base
from app.models.engine import writing


def run() -> None:
    engine: Engine = context.config.attributes["engine"]
    with writing(), engine.connect() as connection, _tables_may_be_rebuilt(connection):
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            render_as_batch=engine.dialect.name == "sqlite",
            compare_type=True,
            transaction_per_migration=True,
        )
        before = context.get_context().get_current_heads()
        connection.rollback()  # asking for the heads began a transaction
        with context.begin_transaction():
            context.run_migrations()
        if context.get_context().get_current_heads() != before:
            _leave_nothing_behind(connection)


@contextmanager
def _tables_may_be_rebuilt(connection: Connection) -> Iterator[None]:
    """SQLite changes a table by making it anew, which its foreign keys would forbid meanwhile.

    The switch works only outside a transaction, so it is thrown before one begins; what the keys
    would have refused is looked for afterwards.
    """
    if connection.dialect.name != "sqlite":
        yield
        return
    database = connection.connection.driver_connection
    assert database is not None  # noqa: S101 - it is open
    database.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
        broken = database.execute("PRAGMA foreign_key_check").fetchall()
        if broken:
            raise RuntimeError(f"The migration left rows that point nowhere: {broken[:5]}")
    finally:
        database.execute("PRAGMA foreign_keys=ON")


def _leave_nothing_behind(connection: Connection) -> None:
    """SQLite leaves what was dropped in free pages and in the log until they are written over.

    On PostgreSQL the operator does the same by VACUUM FULL, which locks tables (docs/operating.md).
    """
    if connection.dialect.name != "sqlite":
        return
    connection.rollback()
    database = connection.connection.driver_connection
    assert database is not None  # noqa: S101 - it is open
    database.execute("VACUUM")
    database.execute("PRAGMA wal_checkpoint(TRUNCATE)")


run()
