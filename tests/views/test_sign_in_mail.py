"""Codes come by a real mail server, and when they cannot, the page says so, whoever asks."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from re import search

import pytest
from flask import Flask
from flask.testing import FlaskClient

from factories import World
from sign_in_steps import (
    GOOD,
    ask_for_code,
    enter_code,
    press_sign_in,
)
from smtp_server import Postbox, free_port, smtp_server

MINUTE = timedelta(minutes=1)


@pytest.fixture
def mail_by(app: Flask) -> Iterator[Callable[[str], None]]:
    """Send this test's mail by another address than the demo's folder."""
    usual = app.extensions["settings"]

    def by(url: str) -> None:
        app.extensions["settings"] = replace(usual, smtp_url=url)

    yield by
    app.extensions["settings"] = usual


class TestMail:
    def test_the_code_comes_by_a_real_mail_server(
        self, world: World, client: FlaskClient, mail_by: Callable[[str], None]
    ) -> None:
        postbox = Postbox()
        with smtp_server(postbox) as url:
            mail_by(url)
            press_sign_in(client, GOOD)

        (letter,) = postbox.letters
        assert letter["To"] == "ana@example.com"
        body = letter.get_body(("plain",))
        assert body is not None
        found = search(r"\b\d{6}\b", body.get_content())
        assert found
        assert enter_code(client, found[0]).location == "/"

    @pytest.mark.parametrize("name", ["ana", "nobody"])
    @pytest.mark.parametrize("trouble", ["down", "answers 500"])
    def test_mail_in_trouble_is_told_as_it_is_whoever_asks(
        self,
        world: World,
        client: FlaskClient,
        mail_by: Callable[[str], None],
        name: str,
        trouble: str,
    ) -> None:
        if trouble == "down":
            mail_by(f"smtp://127.0.0.1:{free_port()}")
            told = [ask_for_code(client, name) for _ in range(6)]
        else:
            with smtp_server(Postbox(refusal="500 No thank you")) as url:
                mail_by(url)
                told = [ask_for_code(client, name) for _ in range(6)]
        for answer in told:  # a code that was never sent does not count as one
            assert answer.status_code == 503
            assert "We cannot send e-mail just now, so no code is on its way." in answer.text
            assert "Use a passkey" in answer.text

    def test_after_a_right_password_too(
        self, world: World, client: FlaskClient, mail_by: Callable[[str], None]
    ) -> None:
        mail_by(f"smtp://127.0.0.1:{free_port()}")
        told = press_sign_in(client, GOOD)
        assert told.status_code == 503
        assert told.headers["Retry-After"] == "60"
        assert client.get("/sign-in/code").location == "/sign-in"

    def test_nobody_gets_a_letter_for_a_name_that_nobody_has(
        self, world: World, client: FlaskClient, mail_by: Callable[[str], None]
    ) -> None:
        postbox = Postbox()
        with smtp_server(postbox) as url:
            mail_by(url)
            assert ask_for_code(client, "nobody").location == "/sign-in/code"
        assert (postbox.visits, postbox.letters) == (
            2,
            [],
        )  # as for Ana, before and after the answer
