"""What is private is written by every path that there is, and then found nowhere that it must not be."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote_plus

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from time_machine import Traveller
from werkzeug.wrappers import Request

from app.extensions import db
from app.models import Base
from canaries import PATHS, PERSONAL, SHORT, USERNAME, Walk, account_id, signed_in
from factories import build_world

MOST_PAGES = 60
CODE_LENGTH = 6
LINK = re.compile(r'href="(/[^"#?]*)')
NEVER_OPENED = ("/demo/", "/static/", "/sign-out", "/sw")


@dataclass
class Walked:
    """The portal after everybody has gone every path, and what was seen from outside meanwhile."""

    app: Flask
    walk: Walk
    logged: str
    addresses: list[str]


class Addresses:
    """Notes every address that is asked for or led to, as a proxy's log would."""

    def __init__(self, app: Flask) -> None:
        self.seen: list[str] = []
        self._inner, app.wsgi_app = app.wsgi_app, self  # type: ignore[method-assign]

    def __call__(self, environ, start_response):  # type: ignore[no-untyped-def]
        self.seen.append(Request(environ).url)

        def note(status, headers, *rest):  # type: ignore[no-untyped-def]
            self.seen.extend(value for name, value in headers if name == "Location")
            return start_response(status, headers, *rest)

        return self._inner(environ, note)


@pytest.fixture
def walked(
    real_app: Flask,
    noon: Traveller,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> Walked:
    addresses = Addresses(real_app)
    with real_app.app_context():
        build_world(db.session)
    walk = Walk(real_app, real_app.test_client(), noon, tmp_path)
    with caplog.at_level("DEBUG"):
        for path in PATHS:
            path(walk)
    printed = capfd.readouterr()
    logged = "\n".join((caplog.text, printed.out, printed.err))
    assert len(walk.secrets) == 12
    assert len(walk.sent()) > 6
    return Walked(real_app, walk, logged, addresses.seen)


@dataclass(frozen=True)
class Canaries:
    """What to look for, in lower case: the short as words, for they stand by chance in any hash."""

    long: tuple[str, ...]
    short: tuple[str, ...]

    def in_(self, text: str) -> list[str]:
        """Which of them stand in a text."""
        return self.anywhere_in(text) + [
            each
            for each in self.short
            if each in text.casefold()
            and re.search(rf"(?<![\w.-]){re.escape(each)}(?![\w-])", text.casefold())
        ]

    def anywhere_in(self, text: str) -> list[str]:
        """Which of the long ones do."""
        return [each for each in self.long if each in text.casefold()]


def what_is_known(walk: Walk, *, tickets: bool = True) -> Canaries:
    """Everything private that was written; without tickets where they may be, as in an address."""
    sent = walk.sent()
    known = [each for values in PERSONAL.values() for each in values] + walk.secrets
    known += [each for each in sent if tickets and len(each) > CODE_LENGTH]
    short = [each for values in SHORT.values() for each in values]
    short += [each for each in sent if len(each) == CODE_LENGTH]
    return Canaries(
        tuple(each.casefold() for each in known), tuple(each.casefold() for each in short)
    )


def cells(app: Flask) -> Iterator[tuple[str, str]]:
    """Every value of every table as text, with its table and column."""
    with app.app_context(), db.engine.connect() as connection:
        for table in Base.metadata.sorted_tables:
            for row in connection.execute(text(f'SELECT * FROM "{table.name}"')).mappings():  # noqa: S608
                for column, value in row.items():
                    yield f"{table.name}.{column}", _as_text(value)


def test_what_was_written_lies_nowhere_in_the_clear(walked: Walked) -> None:
    known = what_is_known(walked.walk)
    without_tickets = what_is_known(walked.walk, tickets=False)

    for place, value in cells(walked.app):
        assert not known.in_(value), place
    for path in database_files(walked.app):
        assert not known.anywhere_in(path.read_bytes().decode("latin-1")), path.name

    assert walked.logged.count("jobs: mail did") > 2, "the log was not seen"
    assert not known.in_(walked.logged)
    assert len(walked.addresses) > 100
    assert not without_tickets.in_(unquote_plus("\n".join(walked.addresses)))
    assert not without_tickets.in_(cookie_of(walked.walk.client))


def test_nobody_else_is_shown_any_of_it(walked: Walked) -> None:
    known = what_is_known(walked.walk)
    for name in ("rosa", "maria", "armen", "casey", "dev"):
        seen: dict[str, list[str]] = {}
        for address, page in crawl(
            signed_in(walked.app, name), starts_of(walked.app, name)
        ).items():
            for each in known.in_(page):
                seen.setdefault(each, []).append(address)
        assert set(seen) == MAY_SEE.get(name, set()), (name, seen)


# A county's desk is told how to reach whoever asks for its help.
MAY_SEE = {"casey": {"canary.three@"}}


def starts_of(app: Flask, name: str) -> list[str]:
    """Where somebody begins to look: the first page, and for an agent the page of the account."""
    if name != "dev":
        return ["/"]
    with app.app_context():
        page = f"/desk/accounts/{account_id(USERNAME)}"
    return ["/", page, f"{page}/email"]


def crawl(client: FlaskClient, first: list[str]) -> dict[str, str]:
    """The pages that can be reached from some, by links."""
    pages: dict[str, str] = {}
    waiting = list(first)
    while waiting and len(pages) < MOST_PAGES:
        address = waiting.pop(0)
        if address in pages or address.startswith(NEVER_OPENED):
            continue
        answer = client.get(address, follow_redirects=True)
        assert answer.status_code == 200 or address not in first, address
        pages[address] = answer.text
        waiting += LINK.findall(answer.text)
    return pages


def database_files(app: Flask) -> list[Path]:
    """What lies on the disk; nothing where the database is a server's."""
    with app.app_context():
        name = db.engine.url.database if db.engine.dialect.name == "sqlite" else None
    files = [Path(f"{name}{ending}") for ending in ("", "-wal")] if name else []
    return [each for each in files if each.exists()]


def cookie_of(client: FlaskClient) -> str:
    with client.session_transaction() as cookie:
        return json.dumps(dict(cookie), default=str).casefold()


def _as_text(value: object) -> str:
    if isinstance(value, bytes | memoryview):
        return bytes(value).decode("latin-1")
    return value if isinstance(value, str) else json.dumps(value, default=str)
