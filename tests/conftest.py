"""The application under test, on SQLite or PostgreSQL, with a session that is rolled back."""

import os
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
import time_machine
from argon2 import PasswordHasher
from flask import Flask, g, has_app_context
from flask.testing import FlaskClient
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app import clock, config, create_app
from app.extensions import db
from app.gateways import passwords
from app.gateways.secrets import KeyRing
from app.models import sealed
from app.models.accounts import Account
from app.models.engine import begin_for_writing
from app.models.migrate import upgrade
from app.services import sessions
from factories import World, build_world, find_world
from postgres_server import PostgresServer

POSTGRES_URL = "CAREHOURS_TEST_POSTGRES"
BACKEND = os.environ.get("TEST_DATABASE", "sqlite")
# Hundreds of tests sign somebody in, and ask nothing of how strong her hash is.
WEAK_HASHER = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)

# How long an example takes says how busy the machine is, not whether the rule is right.
# The rules were tried with many examples on SQLite; on PostgreSQL a few show that it agrees.
hypothesis_settings.register_profile(
    "busy machine",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    max_examples=100 if BACKEND == "sqlite" else 20,
)
hypothesis_settings.load_profile("busy machine")


def pytest_configure(config: pytest.Config) -> None:
    """Start one PostgreSQL for all workers, in the process that starts them."""
    if BACKEND == "postgresql" and POSTGRES_URL not in os.environ:
        server = PostgresServer().start()
        config.stash[SERVER] = server
        os.environ[POSTGRES_URL] = server.url("{}")


def pytest_unconfigure(config: pytest.Config) -> None:
    if server := config.stash.get(SERVER, None):
        server.stop()
        del os.environ[POSTGRES_URL]


SERVER = pytest.StashKey[PostgresServer]()


def pytest_report_header() -> str:
    return f"database: {BACKEND}"


@pytest.fixture(scope="session")
def migrated_template(tmp_path_factory: pytest.TempPathFactory) -> str | Path:
    """A database at the newest migration, to be copied: a file, or a PostgreSQL name."""
    if BACKEND == "sqlite":
        path = tmp_path_factory.mktemp("template") / "template.db"
        _migrate(f"sqlite:///{path}", path.parent)
        return path
    name = f"template_{uuid4().hex[:8]}"
    _sql(f'CREATE DATABASE "{name}"')
    _migrate(os.environ[POSTGRES_URL].format(name), tmp_path_factory.mktemp("template"))
    return name


@pytest.fixture(scope="session")
def new_database(
    migrated_template: str | Path, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[], str]:
    """Answers the URL of a fresh copy of the migrated database at each call."""

    def copy() -> str:
        if isinstance(migrated_template, Path):
            path = tmp_path_factory.mktemp("database") / "test.db"
            shutil.copyfile(migrated_template, path)
            return f"sqlite:///{path}"
        name = f"test_{uuid4().hex[:8]}"
        _sql(f'CREATE DATABASE "{name}" TEMPLATE "{migrated_template}" STRATEGY FILE_COPY')
        return os.environ[POSTGRES_URL].format(name)

    return copy


def settings_for(database_url: str, folder: Path) -> config.Settings:
    """Test settings on a database; mail lands in a folder unless a test names a server."""
    return config.from_environment(
        {
            "PORTAL_ENV": "test",
            "PORTAL_DATABASE_URL": database_url,
            "PORTAL_INSTANCE": str(folder),
            "PORTAL_SMTP_URL": "mailbox:",
            "PORTAL_TEXT_URL": "mailbox:",
            "PORTAL_PUBLIC_URL": "http://localhost",
            "PORTAL_COMPRESS": "0",
        }
    )


class Browser(FlaskClient):
    """A browser, each request of which is one of its own.

    The test's own session holds the application context open, and Flask would keep in it who is
    signed in and which form token was found good, from one request to the next.
    """

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        if has_app_context():
            for name in list(g):
                if name != "_sqlalchemy_sessions":
                    g.pop(name)
        kwargs.setdefault("buffered", True)  # what is done after an answer is done when it is there
        return super().open(*args, **kwargs)


@pytest.fixture(autouse=True)
def keys() -> Iterator[None]:
    """Keys belong to the process: a test with keys of its own must not leave the next one without."""
    yield
    sealed.unlock(KeyRing(config.DEMO_SEALING_KEYS, config.DEMO_FINGERPRINT_KEY))


@pytest.fixture(scope="session", autouse=True)
def weak_hashing() -> Iterator[PasswordHasher]:
    """Let passwords be hashed at little cost; answers the product's own hasher."""
    with pytest.MonkeyPatch.context() as patch:
        strong = passwords._hasher
        patch.setattr(passwords, "_hasher", WEAK_HASHER)
        yield strong


@pytest.fixture
def strong_hashing(weak_hashing: PasswordHasher, monkeypatch: pytest.MonkeyPatch) -> None:
    """Hash passwords as the product does, for tests of just that."""
    monkeypatch.setattr(passwords, "_hasher", weak_hashing)


@pytest.fixture(scope="session")
def shared_app(
    new_database: Callable[[], str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Flask]:
    """One whose database is empty before each test."""
    yield from _serving(new_database(), tmp_path_factory)


@pytest.fixture(scope="session")
def shared_world(
    new_database: Callable[[], str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Flask]:
    """One in whose database everybody lives before each test: adding them takes longer than most."""
    for app in _serving(new_database(), tmp_path_factory):
        begin_for_writing()
        with app.app_context():
            build_world(db.session)
        yield app


@pytest.fixture
def app(request: pytest.FixtureRequest) -> Iterator[Flask]:
    """The application, every write of which is rolled back after the test."""
    has_world = "world" in request.fixturenames
    shared_app = request.getfixturevalue("shared_world" if has_world else "shared_app")
    begin_for_writing()
    with shared_app.app_context():
        connection = db.engine.connect()
        transaction = connection.begin()
        db.sessionmaker.configure(bind=connection, join_transaction_mode="create_savepoint")
    yield shared_app
    with shared_app.app_context():
        db.sessionmaker.configure(bind=db.engine, join_transaction_mode="conditional_savepoint")
        transaction.rollback()
        connection.close()
    shutil.rmtree(shared_app.extensions["settings"].mailbox, ignore_errors=True)


@pytest.fixture
def real_app(new_database: Callable[[], str], tmp_path: Path) -> Iterator[Flask]:
    """An application on a database of its own that really commits: for races and crashes."""
    begin_for_writing()
    app = create_app(settings_for(new_database(), tmp_path))
    app.test_client_class = Browser
    yield app
    _let_go(app)


@pytest.fixture
def session(app: Flask) -> Iterator[Session]:
    with app.app_context():
        yield db.session


@pytest.fixture
def world(session: Session) -> World:
    """Ana, Rosa, Walter and the others, with their cases and accounts."""
    return find_world(session)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def noon() -> Iterator[time_machine.Traveller]:
    """Tuesday, November 24, 2026, noon in Los Angeles; time stands still until it is shifted."""
    with time_machine.travel(datetime(2026, 11, 24, 20, tzinfo=UTC), tick=False) as clock:
        yield clock


@pytest.fixture
def signed_in(app: Flask, session: Session) -> Callable[[Account], FlaskClient]:
    """A browser that is signed in as somebody, without walking through the sign-in pages."""

    def sign_in(account: Account) -> FlaskClient:
        token = sessions.start(session, account, method="passkey", device_id=None, at=clock.now())
        session.commit()
        client = app.test_client()
        with client.session_transaction() as cookie:
            cookie["_user_id"] = token
            cookie["_fresh"] = True
        return client

    return sign_in


def _serving(database: str, folders: pytest.TempPathFactory) -> Iterator[Flask]:
    app = create_app(settings_for(database, folders.mktemp("instance")))
    app.test_client_class = Browser
    yield app
    _let_go(app)


def _let_go(app: Flask) -> None:
    """Close the connections that an application's pool still holds."""
    with app.app_context():
        db.engine.dispose()


def _migrate(url: str, folder: Path) -> None:
    app = create_app(settings_for(url, folder))
    with app.app_context():
        upgrade(db.engine)
        db.engine.dispose()


def _sql(statement: str) -> None:
    url = os.environ[POSTGRES_URL].format("postgres").replace("+psycopg", "")
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement)
