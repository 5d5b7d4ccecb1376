"""The numbered migrations make exactly the tables of the models, and lead up and down with data."""

from collections.abc import Callable, Iterator
from itertools import pairwise

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import CheckConstraint, Engine, MetaData, create_engine, inspect, text
from sqlalchemy.orm import Session

from app.models import Base
from app.models.engine import begin_for_writing, prepare
from app.models.migrate import configuration, downgrade, upgrade
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
