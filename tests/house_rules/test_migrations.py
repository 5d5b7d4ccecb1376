"""The numbered migrations make exactly the tables of the models, and lead up and down with data."""

from collections.abc import Callable, Iterator
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import CheckConstraint, Engine, MetaData, create_engine, inspect, select, text
from sqlalchemy.orm import Session

from app.models import Base
from app.models.accounts import Account
from app.models.engine import begin_for_writing, prepare
from app.models.messages import QueuedEmail
from app.models.migrate import configuration, downgrade, upgrade
from app.models.people import Recipient
from app.services import contacts
from factories import build_world


@pytest.fixture
def engine(new_database: Callable[[], str]) -> Iterator[Engine]:
    begin_for_writing()
    engine = prepare(create_engine(new_database()))
    yield engine
    engine.dispose()


def revisions(engine: Engine) -> list[str]:
    """Every revision, the first one first."""
    script = ScriptDirectory.from_config(configuration(engine))
    return [revision.revision for revision in script.walk_revisions()][::-1]


def test_migrations_make_the_tables_of_the_models(engine: Engine) -> None:
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_migrations_make_the_named_constraints_of_the_models(engine: Engine) -> None:
    found = inspect(engine)
    for table in Base.metadata.sorted_tables:
        meant = {check.name for check in table.constraints if isinstance(check, CheckConstraint)}
        there = {check["name"] for check in found.get_check_constraints(table.name)}
        assert there == meant, table.name


def test_migrations_are_numbered_in_one_line(engine: Engine) -> None:
    numbers = revisions(engine)
    assert numbers == [f"{number:04}" for number in range(1, len(numbers) + 1)]


def test_each_migration_goes_down_and_up_again_with_data(engine: Engine) -> None:
    with Session(engine) as session:
        build_world(session)
    steps = ["base", *revisions(engine)]
    for lower, upper in reversed(list(pairwise(steps))):
        downgrade(engine, lower)
        upgrade(engine, upper)
        downgrade(engine, lower)
    assert _tables(engine) == {"alembic_version"}
    upgrade(engine)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM person")).scalar() == 0


def _tables(engine: Engine) -> set[str]:
    metadata = MetaData()
    metadata.reflect(engine)
    return set(metadata.tables)


@pytest.fixture
def before_sealing(engine: Engine) -> Engine:
    """A database of a version that sealed nothing yet, with Ana in it and a letter to her."""
    downgrade(engine, "0002")
    with engine.begin() as connection:
        for statement in PLAIN_ROWS:
            connection.execute(text(statement))
    return engine


PLAIN_ROWS = (
    "INSERT INTO county (id, name, phone) VALUES (1, 'Fresno', '(888) 555-0100')",
    "INSERT INTO person (id, first_name, last_name, language, date_of_birth)"
    " VALUES (1, 'Ana', 'Flores', 'en', '1974-05-01'), (2, 'Bo', 'Lee', 'en', NULL)",
    "INSERT INTO recipient (id, person_id, county_id, address) VALUES (1, 2, 1, '9 Plain Street')",
    "INSERT INTO account (id, person_id, role, username, email, failures_in_a_row, created_at)"
    " VALUES (1, 1, 'provider', 'ana', 'ana@example.com', 0, '2025-01-01 17:00:00+00:00')",
    "INSERT INTO queued_email (id, to_account_id, code, facts, queued_at, attempts)"
    """ VALUES (1, 1, 'X', '{"minutes": 90}', '2025-01-01 17:00:00+00:00', 0)""",
)
PLAIN = ("ana@example.com", "1974-05-01", "9 Plain Street")


def test_what_was_plain_is_read_through_the_models_and_lies_nowhere_any_more(
    before_sealing: Engine,
) -> None:
    upgrade(before_sealing)
    with Session(before_sealing) as session:
        ana = session.scalars(select(Account)).one()
        assert ana == contacts.account_by_email(session, "Ana@Example.com")
        home = session.scalars(select(Recipient)).one()
        assert (ana.email, ana.person.date_of_birth) == ("ana@example.com", date(1974, 5, 1))
        assert (home.address, home.person.date_of_birth) == ("9 Plain Street", None)
        assert session.scalars(select(QueuedEmail)).one().facts == {"minutes": 90}
    if before_sealing.dialect.name == "sqlite":
        assert before_sealing.url.database
        for path in Path(before_sealing.url.database).parent.iterdir():
            assert not [plain for plain in PLAIN if plain.encode() in path.read_bytes()], path


def test_a_step_back_brings_the_plain_values_back(before_sealing: Engine) -> None:
    kept = _plain_values(before_sealing)
    upgrade(before_sealing)
    downgrade(before_sealing, "0003")
    assert _plain_values(before_sealing) == kept
    downgrade(before_sealing, "0002")
    assert _plain_values(before_sealing) == kept


def test_what_an_old_version_writes_meanwhile_is_sealed_as_well(before_sealing: Engine) -> None:
    upgrade(before_sealing, "0003")
    with before_sealing.begin() as connection:
        connection.execute(text("UPDATE account SET email = 'new@example.com'"))
        connection.execute(text("UPDATE recipient SET address = '10 New Street'"))
    upgrade(before_sealing)
    with Session(before_sealing) as session:
        assert contacts.account_by_email(session, "new@example.com") is not None
        assert contacts.account_by_email(session, "ana@example.com") is None
        assert session.scalars(select(Recipient)).one().address == "10 New Street"


def _plain_values(engine: Engine) -> list[object]:
    with engine.connect() as connection:
        return [
            connection.execute(text(f"SELECT {column} FROM {table} ORDER BY id")).all()  # noqa: S608
            for table, column in (
                ("account", "email"),
                ("person", "date_of_birth"),
                ("recipient", "address"),
                ("queued_email", "facts"),
            )
        ]
