"""A writer waits for another process's writer: shortly, and not for ever."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from threading import Timer

import pytest
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.exc import OperationalError

from app.models import engine as opening
from app.models.engine import prepare, writing


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "test.db"


@pytest.fixture
def engine(database: Path) -> Iterator[Engine]:
    engine = prepare(create_engine(f"sqlite:///{database}"))
    with writing(), engine.begin() as connection:
        connection.execute(text("CREATE TABLE thing (name TEXT)"))
    yield engine
    engine.dispose()


def add(engine: Engine, name: str) -> None:
    with writing(), engine.begin() as connection:
        connection.execute(text("INSERT INTO thing VALUES (:name)"), {"name": name})


def names(engine: Engine) -> list[str]:
    with engine.connect() as connection:
        return list(connection.scalars(text("SELECT name FROM thing")))


def test_it_waits_until_another_process_has_written(engine: Engine, database: Path) -> None:
    other = sqlite3.connect(database, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    release = Timer(0.1, lambda: other.execute("COMMIT"))
    release.start()
    add(engine, "after")
    release.join()
    other.close()
    assert names(engine) == ["after"]


def test_it_gives_up_where_another_process_never_ends(
    engine: Engine, database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "LONGEST_WAIT", 0.05)
    other = sqlite3.connect(database, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(OperationalError, match="locked"):
        add(engine, "never")
    other.execute("ROLLBACK")
    other.close()
    add(engine, "then")
    assert names(engine) == ["then"]
