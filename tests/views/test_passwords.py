"""Help while a new password is typed: for everybody, without a word of it being kept."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.gateways import common_passwords
from app.gateways.turns import Turns
from app.models.accounts import Account
from factories import World
from sign_in_steps import csrf_of


def ask(client: FlaskClient, password: str, shortest: str = "15") -> TestResponse:
    return client.post(
        f"/password/strength?field=new_password&shortest={shortest}",
        data={"new_password": password},
        headers=csrf_of(client, "/sign-in?again=1"),
    )


@pytest.mark.parametrize(
    ("password", "said"),
    [
        ("", ""),
        ("fourteen chars", "1 more character is needed."),
        ("short", "10 more characters are needed."),
        ("passwordpassword", "Too easy to guess"),
        ("correct horse battery staple", "Strong."),
        ("é" * 14, "1 more character is needed."),
    ],
)
def test_the_help_says_what_is_missing_or_how_good_it_is(
    world: World, client: FlaskClient, password: str, said: str
) -> None:
    answer = ask(client, password)
    assert answer.status_code == 200
    assert said in answer.text
    assert not password or password not in answer.text


def test_her_own_name_is_easy_to_guess_for_who_is_signed_in(
    world: World, client: FlaskClient, signed_in: Callable[[Account], FlaskClient]
) -> None:
    password = "flores.example.ana"
    assert "Too easy to guess" in ask(signed_in(world.ana), password).text
    assert "Too easy to guess" not in ask(client, password).text


def test_beside_another_factor_eight_characters_are_judged(
    world: World, client: FlaskClient
) -> None:
    assert "Good enough." in ask(client, "x7#kQz9!pL", shortest="8").text


@pytest.mark.parametrize("query", ["", "?shortest=many&field=new_password"])
def test_a_question_that_no_page_asks_is_refused(
    world: World, client: FlaskClient, query: str
) -> None:
    token = csrf_of(client, "/sign-in")
    assert client.post(f"/password/strength{query}", headers=token).status_code == 400


def test_a_huge_password_is_turned_away_unread(world: World, client: FlaskClient) -> None:
    assert ask(client, "x" * 10_000_000).status_code == 413


def test_in_a_storm_there_is_no_help_and_nothing_breaks(
    world: World, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    full = Turns(1, may_wait=0)
    monkeypatch.setattr(common_passwords, "_turns", full)
    with full.one():
        answer = ask(client, "correct horse battery staple")
    assert (answer.status_code, answer.text) == (200, "")
