"""Signing in by password or by a code alone, page by page."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from time_machine import Traveller

from app.gateways import messaging, passwords
from app.gateways.turns import TooBusy
from app.models.accounts import Account
from app.models.devices import Session as SignedInSession
from factories import World
from forms_in_pages import find_form, post_form
from sign_in_steps import (
    GOOD,
    ask_for_code,
    enter_code,
    is_signed_in,
    newest_code,
    press_sign_in,
    sign_in_fully,
    sign_out,
)

MINUTE = timedelta(minutes=1)
SENT = "a code is on its way"


class TestPassword:
    def test_a_new_device_is_asked_for_a_code_and_is_known_for_thirty_days(
        self, app: Flask, world: World, client: FlaskClient, noon: Traveller
    ) -> None:
        asked = press_sign_in(client, GOOD)
        assert (asked.status_code, asked.location) == (303, "/sign-in/code")
        assert not is_signed_in(client)
        assert "ana@example.com" in client.get("/sign-in/code").text
        entered = enter_code(client, newest_code(app))
        assert (entered.status_code, entered.location) == (303, "/")
        assert is_signed_in(client)

        noon.shift(timedelta(days=29))
        assert press_sign_in(client, GOOD).location == "/"
        noon.shift(timedelta(days=1))
        assert press_sign_in(client, GOOD).location == "/sign-in/code"

    def test_a_known_device_of_ana_is_not_one_of_rosa(
        self, app: Flask, world: World, client: FlaskClient
    ) -> None:
        sign_in_fully(app, client)
        sign_out(client)
        assert press_sign_in(client, GOOD | {"username": "rosa"}).location == "/sign-in/code"

    def test_a_wrong_password_shows_the_form_again_with_the_name_in_it(
        self, world: World, client: FlaskClient
    ) -> None:
        refused = press_sign_in(client, {"username": "ana", "password": "wrong"})
        assert refused.status_code == 422
        assert "do not match" in refused.text
        form = find_form(refused.text, button="Sign in")
        assert ("username", "ana") in form.values
        assert "wrong" not in [value for _name, value in form.values]

    def test_an_empty_form_says_what_is_missing(self, world: World, client: FlaskClient) -> None:
        refused = press_sign_in(client, {"username": "", "password": ""})
        assert refused.status_code == 422
        assert "Enter your username or your e-mail address." in refused.text

    @pytest.mark.parametrize("name", ["ana", "nobody"])
    def test_the_lock_names_every_way_on_and_looks_the_same_for_everybody(
        self, world: World, client: FlaskClient, noon: Traveller, name: str
    ) -> None:
        for _ in range(5):
            locked = press_sign_in(client, {"username": name, "password": "wrong"})
        assert (locked.status_code, locked.headers["Retry-After"]) == (429, str(30 * 60))
        assert "locked until 12:30" in locked.text
        assert "Send me a code" in locked.text
        assert "(888) 555-0142" in locked.text

    def test_every_answer_to_a_name_that_nobody_has_is_the_same_page(
        self, world: World, app: Flask, noon: Traveller
    ) -> None:
        def pages(name: str) -> list[str]:
            client = app.test_client()
            typed = {"username": name, "password": "wrong"}
            told = [press_sign_in(client, typed).text for _ in range(6)]
            told.append(ask_for_code(client, name).text)
            told.append(client.get("/sign-in/code").text)
            told += [enter_code(client, "000000").text for _ in range(6)]
            return [without_tokens(page).replace(name, "NAME") for page in told]

        assert pages("rosa") == pages("nobody")

    def test_a_locked_owner_gets_in_by_a_code_and_the_lock_is_gone(
        self, app: Flask, world: World, client: FlaskClient
    ) -> None:
        for _ in range(5):
            press_sign_in(client, {"username": "ana", "password": "wrong"})
        ask_for_code(client, "ana")
        assert enter_code(client, newest_code(app)).location == "/"
        assert world.ana.locked_at is None
        assert press_sign_in(client, GOOD, "/sign-in?again=1").location == "/"

    def test_a_storm_is_told_to_come_back(
        self, world: World, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def busy(_kept: str | None, _text: str) -> bool:
            raise TooBusy

        monkeypatch.setattr(passwords, "verify", busy)
        turned_away = press_sign_in(client, GOOD)
        assert (turned_away.status_code, turned_away.headers["Retry-After"]) == (503, "2")
        assert "Please try again in a moment." in turned_away.text

    def test_the_cookie_starts_afresh_at_sign_in(
        self, app: Flask, world: World, client: FlaskClient
    ) -> None:
        client.get("/sign-in")
        with client.session_transaction() as cookie:
            before = cookie["csrf_token"]
            cookie["planted"] = "by somebody"
        sign_in_fully(app, client)
        with client.session_transaction() as cookie:
            assert "planted" not in cookie
            assert cookie.get("csrf_token") != before

    def test_signing_in_again_ends_the_session_before(
        self, app: Flask, world: World, client: FlaskClient, session: Session
    ) -> None:
        sign_in_fully(app, client)
        press_sign_in(client, GOOD, "/sign-in?again=1")
        open_ones = select(SignedInSession).where(SignedInSession.ended_at.is_(None))
        assert len(session.scalars(open_ones).all()) == 1


class TestNextPage:
    def test_she_lands_on_the_page_that_she_wanted(
        self, app: Flask, world: World, client: FlaskClient
    ) -> None:
        wanted = client.get("/account")
        assert wanted.location == "/sign-in?next=/account"
        press_sign_in(client, GOOD, wanted.location)
        assert enter_code(client, newest_code(app)).location == "/account"

    @pytest.mark.parametrize(
        "elsewhere",
        ["https://evil.example", "//evil.example", "/\\evil.example", "/\t/evil.example"],
    )
    def test_she_never_lands_elsewhere(
        self, app: Flask, world: World, client: FlaskClient, elsewhere: str
    ) -> None:
        press_sign_in(client, GOOD | {"next": elsewhere})
        assert enter_code(client, newest_code(app)).location == "/"

    def test_who_is_signed_in_need_not_sign_in(
        self, world: World, signed_in: Callable[[Account], FlaskClient]
    ) -> None:
        assert signed_in(world.ana).get("/sign-in?next=/account").location == "/account"


class TestCodeAlone:
    def test_the_name_and_the_code_are_enough(
        self, app: Flask, world: World, client: FlaskClient, session: Session
    ) -> None:
        assert ask_for_code(client, "Rosa@Example.com").location == "/sign-in/code"
        assert SENT in client.get("/sign-in/code").text
        enter_code(client, newest_code(app))
        assert is_signed_in(client)
        assert session.scalars(select(SignedInSession.method)).one() == "code"
        assert (
            press_sign_in(client, GOOD | {"username": "rosa"}, "/sign-in?again=1").location == "/"
        )

    def test_spaces_and_other_digits_are_understood(
        self, app: Flask, world: World, client: FlaskClient
    ) -> None:
        ask_for_code(client, "rosa")
        code = newest_code(app).translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
        assert enter_code(client, f" {code[:3]} {code[3:]} ").location == "/"

    def test_a_wrong_code_shows_the_field_again(
        self, app: Flask, world: World, client: FlaskClient
    ) -> None:
        ask_for_code(client, "rosa")
        wrong = "000000" if newest_code(app) != "000000" else "000001"
        refused = enter_code(client, wrong)
        assert refused.status_code == 422
        assert "Tries left for this code: 4." in refused.text
        assert 'autocomplete="one-time-code"' in refused.text
        assert 'inputmode="numeric"' in refused.text

    def test_a_new_code_can_be_sent_four_times_an_hour(
        self, app: Flask, world: World, client: FlaskClient, noon: Traveller
    ) -> None:
        ask_for_code(client, "rosa")
        for _ in range(3):
            noon.shift(MINUTE)
            again = post_form(client, "/sign-in/code", button="Send a new code")
            assert again.location == "/sign-in/code"
        refused = post_form(client, "/sign-in/code", button="Send a new code")
        assert (refused.status_code, refused.headers["Retry-After"]) == (429, str(57 * 60))
        assert "Use the newest one" in refused.text
        assert enter_code(client, newest_code(app)).location == "/"

    def test_without_a_name_nothing_is_sent(
        self, app: Flask, world: World, client: FlaskClient
    ) -> None:
        refused = ask_for_code(client, "")
        assert refused.status_code == 422
        assert "Enter your username or your e-mail address." in refused.text
        assert "Enter your password" not in refused.text
        assert messaging.letters(app.extensions["settings"].mailbox) == []

    def test_nobody_waits_for_a_code_that_was_never_sent(
        self, world: World, client: FlaskClient
    ) -> None:
        assert client.get("/sign-in/code").location == "/sign-in"


def without_tokens(page: str) -> str:
    """A page without what differs each time it is made."""
    kept = [line for line in page.splitlines() if "csrf" not in line]
    return "\n".join(kept)
