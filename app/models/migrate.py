"""Is the database at the newest migration, and how does it get there?"""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError

MIGRATIONS = Path(__file__).resolve().parent.parent / "migrations"


def configuration(engine: Engine) -> Config:
    """Alembic's configuration for an engine that is already prepared."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    config.attributes["engine"] = engine
    return config


def upgrade(engine: Engine, revision: str = "head") -> None:
    command.upgrade(configuration(engine), revision)


def downgrade(engine: Engine, revision: str) -> None:
    command.downgrade(configuration(engine), revision)


def is_ready(engine: Engine) -> tuple[bool, str | None]:
    """Whether the tables are the newest and can be written to; if not, why."""
    newest = ScriptDirectory.from_config(configuration(engine)).get_current_head()
    try:
        with engine.connect() as connection:
            present = MigrationContext.configure(connection).get_current_revision()
            if present != newest:
                return False, f"database at {present or 'nothing'}, newest is {newest}"
            # A transaction that has read cannot write on SQLite once somebody else has written.
            connection.rollback()
            connection.execute(text("UPDATE county SET name = name WHERE id = 0"))
            connection.rollback()
    except SQLAlchemyError as error:
        return False, type(error).__name__
    return True, None
