"""What is done for a typed name does not tell whether somebody has it: not before the answer, nor after."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event
from werkzeug.test import TestResponse

from app.extensions import db
from app.gateways import messaging
from app.models.prepared import _Form
from app.web import even_time
from factories import build_world
from forms_in_pages import post_form
from sign_in_steps import ask_for_code, press_sign_in

Question = Callable[[FlaskClient, str], TestResponse]
ANSWERED = "ANSWERED"


def _wrong_password(client: FlaskClient, name: str) -> TestResponse:
    return press_sign_in(client, {"username": name, "password": "not the right one"})


def _forgot_username(client: FlaskClient, name: str) -> TestResponse:
    return post_form(client, "/recover/username", {"email": f"{name}@example.com"})


def _forgot_password(client: FlaskClient, name: str) -> TestResponse:
    return post_form(client, "/recover/password", {"username": name})


def _forgot_password_and_wants_a_code(client: FlaskClient, name: str) -> TestResponse:
    _forgot_password(client, name)
    return post_form(client, "/recover/proofs/email")


ON_THE_BEAT = [
    ask_for_code,
    _forgot_username,
    _forgot_password,
    _forgot_password_and_wants_a_code,
]


@pytest.fixture
def portal(real_app: Flask) -> Flask:
    with real_app.app_context():
        build_world(db.session)
        db.session.commit()
    return real_app


@pytest.fixture
def doings(portal: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """What the database and the mailbox are asked to do, and where an answer leaves on the beat."""
    done: list[str] = []

    def note_statement(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        done.append(statement.split()[0])

    def note_prepared(form: _Form, cursor: Any, values: Any) -> None:
        done.append(form.text.split()[0])
        run(form, cursor, values)

    def note_commit(_connection: object) -> None:
        done.append("COMMIT")

    def note_letter(folder: Path, *rest: Any) -> None:
        done.append("LETTER")
        write(folder, *rest)

    run, write = _Form.run, messaging._write
    monkeypatch.setattr(_Form, "run", note_prepared)
    monkeypatch.setattr(messaging, "_write", note_letter)
    monkeypatch.setattr(even_time.time, "sleep", lambda _seconds: done.append(ANSWERED))
    with portal.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note_statement)
    event.listen(engine, "commit", note_commit)
    yield done
    event.remove(engine, "before_cursor_execute", note_statement)
    event.remove(engine, "commit", note_commit)


@pytest.mark.parametrize("asked_before", [0, 1])
@pytest.mark.parametrize("ask", [_wrong_password, *ON_THE_BEAT])
def test_the_very_same_is_done_for_a_name_that_nobody_has(
    portal: Flask, doings: list[str], ask: Question, asked_before: int
) -> None:
    def seen(name: str) -> list[str]:
        for _ in range(asked_before):
            ask(portal.test_client(), name)
        doings.clear()
        ask(portal.test_client(), name)
        return list(doings)

    assert seen("ana") == seen("nobody")


@pytest.mark.parametrize("ask", [ask_for_code, _forgot_username])
def test_the_letter_leaves_behind_the_answer(
    portal: Flask, doings: list[str], ask: Question
) -> None:
    ask(portal.test_client(), "ana")
    assert doings[-2:] == [ANSWERED, "LETTER"]
