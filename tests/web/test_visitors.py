"""Guessing at many doors from one place, and who is left alone by what others there do."""

from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask, request
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from time_machine import Traveller
from werkzeug.test import TestResponse

from app import create_app
from app.gateways import passwords
from app.gateways.turns import TooBusy
from app.models.factors import Try
from app.web import visitors
from factories import PASSWORD, World
from sign_in_steps import (
    GOOD,
    ask_for_code,
    csrf_of,
    enter_code,
    is_signed_in,
    newest_code,
    press_sign_in,
    sign_in_fully,
    sign_out,
)

MOST, MOST_CODES = 100, 60
OFFICE = {"REMOTE_ADDR": "203.0.113.7"}
ELSEWHERE = {"REMOTE_ADDR": "203.0.113.8"}


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch, noon: Traveller) -> None:
    """Hashing that costs nothing, for it is counted here and not timed."""
    monkeypatch.setattr(passwords, "verify", lambda kept, text: bool(kept) and text == PASSWORD)


@pytest.fixture
def office(app: Flask) -> FlaskClient:
    """Somebody's browser in a large office, which nobody knows."""
    return browser(app, OFFICE)


def browser(app: Flask, place: dict[str, str]) -> FlaskClient:
    client = app.test_client()
    client.environ_base |= place
    return client


def guess(client: FlaskClient, times: int, first: int = 0) -> list[TestResponse]:
    """Try so many names, each with a password that is wrong."""
    token = csrf_of(client, "/sign-in")
    return [
        client.post(
            "/sign-in",
            data={"username": f"name{number}", "password": "stolen"},
            headers=token,
        )
        for number in range(first, first + times)
    ]


def tries(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Try)) or 0


def test_of_a_list_of_stolen_passwords_a_hundred_are_tried(
    app: Flask, world: World, office: FlaskClient, session: Session
) -> None:
    statuses = [answer.status_code for answer in guess(office, 2 * MOST)]
    assert statuses == [422] * MOST + [429] * MOST
    refused = press_sign_in(office, GOOD)
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, str(15 * 60))
    assert "too many tries" in refused.text
    assert tries(session) == MOST


def test_elsewhere_nobody_notices(app: Flask, world: World, office: FlaskClient) -> None:
    guess(office, MOST)
    assert press_sign_in(browser(app, ELSEWHERE), GOOD).location == "/sign-in/code"


def test_a_known_browser_at_the_same_address_is_let_in(
    app: Flask, world: World, office: FlaskClient
) -> None:
    anas = browser(app, OFFICE)
    sign_in_fully(app, anas)
    sign_out(anas)
    guess(office, MOST)
    assert press_sign_in(anas, GOOD).location == "/"


def test_a_known_browser_that_guesses_is_counted_by_itself(
    app: Flask, world: World, office: FlaskClient
) -> None:
    anas = browser(app, OFFICE)
    sign_in_fully(app, anas)
    sign_out(anas)
    assert guess(anas, MOST + 1)[-1].status_code == 429
    assert press_sign_in(office, GOOD).location == "/sign-in/code"


def test_right_tries_are_given_back(
    app: Flask, world: World, office: FlaskClient, session: Session
) -> None:
    for _ in range(3):
        press_sign_in(office, GOOD, "/sign-in?again=1")
    assert tries(session) == 0


def test_a_quarter_of_an_hour_later_it_is_open_again(
    app: Flask, world: World, office: FlaskClient, noon: Traveller
) -> None:
    guess(office, MOST)
    noon.shift(timedelta(minutes=15))
    assert press_sign_in(office, GOOD).location == "/sign-in/code"


def test_what_is_our_fault_costs_no_try(
    app: Flask, world: World, office: FlaskClient, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(_kept: str | None, _text: str) -> bool:
        raise TooBusy

    monkeypatch.setattr(passwords, "verify", busy)
    assert press_sign_in(office, GOOD).status_code == 503
    assert tries(session) == 0


def test_wrong_codes_count_as_wrong_passwords_do(
    app: Flask, world: World, office: FlaskClient
) -> None:
    press_sign_in(office, GOOD)
    code = newest_code(app)
    guess(browser(app, OFFICE), MOST)
    refused = enter_code(office, code)
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, str(15 * 60))
    assert not is_signed_in(office)


def test_letters_with_codes_are_counted_apart(
    app: Flask, world: World, office: FlaskClient
) -> None:
    statuses = [ask_for_code(office, f"name{n}").status_code for n in range(MOST_CODES + 1)]
    assert statuses == [303] * MOST_CODES + [429]
    assert press_sign_in(office, GOOD).location == "/sign-in/code"


@pytest.mark.parametrize(
    ("said", "counted"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::"),
        ("", "unknown"),
        ("a socket", "unknown"),
    ],
)
def test_an_address_is_counted_by_household(app: Flask, said: str, counted: str) -> None:
    with app.test_request_context(environ_base={"REMOTE_ADDR": said}):
        assert visitors.address() == counted


@pytest.mark.parametrize(
    ("proxies", "told"),
    [(0, "203.0.113.8 http"), (1, "203.0.113.7 https"), (2, "198.51.100.1 https")],
)
def test_only_what_the_portals_own_proxies_say_is_believed(
    app: Flask, proxies: int, told: str
) -> None:
    """A client said that it was 198.51.100.1, and our proxy added where that really came from."""
    portal = create_app(replace(app.extensions["settings"], proxies=proxies))
    portal.add_url_rule("/who", "who", lambda: f"{visitors.address()} {request.scheme}")
    headers = {"X-Forwarded-For": "198.51.100.1, 203.0.113.7", "X-Forwarded-Proto": "https, https"}
    assert portal.test_client().get("/who", headers=headers, environ_base=ELSEWHERE).text == told
