"""The command that changes keys, as an operator goes through it step by step."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from os import urandom
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import select

from app import create_app
from app.extensions import db
from app.models.accounts import Account
from app.models.engine import begin_for_writing
from conftest import settings_for
from factories import build_world

KEYS = {1: urandom(32), 2: urandom(32)}


@contextmanager
def portal(url: str, folder: Path, *versions: int) -> Iterator[Flask]:
    """A portal with these keys, the first of which seals."""
    keys = {each: KEYS[each] for each in versions}
    app = create_app(replace(settings_for(url, folder), sealing_keys=keys))
    yield app
    with app.app_context():
        db.engine.dispose()


def say(app: Flask, command: str) -> Result:
    return app.test_cli_runner().invoke(args=["secrets", command])


@pytest.fixture
def url(new_database: Callable[[], str], tmp_path: Path) -> str:
    """A database in which everybody is sealed by key 1."""
    url = new_database()
    begin_for_writing()
    with portal(url, tmp_path, 1) as app, app.app_context():
        build_world(db.session)
    return url


def test_keys_are_changed_without_a_moment_in_which_something_cannot_be_read(
    url: str, tmp_path: Path
) -> None:
    with portal(url, tmp_path, 1, 2) as app:  # everywhere first: it is known, and seals nothing
        told = say(app, "status").output
        assert re.search(r"account\.email: \d+ by key 1\n", told)
        assert "account.phone: nothing\n" in told
        assert told.endswith("Key 1: seals what is written now\nKey 2: not needed any more\n")
    with portal(url, tmp_path, 2, 1) as app:
        assert say(app, "rotate").output.endswith("sealed anew by key 2.\n")
        told = say(app, "status").output
        assert re.search(r"account\.email: \d+ by key 2\n", told)
        assert "Key 1: not needed any more\n" in told
    with portal(url, tmp_path, 2) as app, app.app_context():
        assert "ana@example.com" in db.session.scalars(select(Account.email)).all()


def test_a_key_that_is_gone_is_told_of_and_nothing_is_changed(url: str, tmp_path: Path) -> None:
    with portal(url, tmp_path, 2) as app:
        status, rotated = say(app, "status"), say(app, "rotate")
        assert status.exit_code == rotated.exit_code == 1
        assert re.search(r"account\.email: \d+ by no key that is here\n", status.output)
        assert "account.email: row 1 cannot be read and was left as it is" in rotated.output
        assert "0 sealed anew by key 2." in rotated.output
    with portal(url, tmp_path, 1) as app, app.app_context():
        assert "ana@example.com" in db.session.scalars(select(Account.email)).all()
