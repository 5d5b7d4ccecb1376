"""The second step after a password on a new device: by app, text, e-mail or a code of the kit."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from time_machine import Traveller
from werkzeug.test import TestResponse

from app import clock
from app.gateways import authenticator_apps, messaging
from app.models.devices import Session as SignedInSession
from app.services import disavowals, factors
from factories import World
from forms_in_pages import find_form, post_form
from sign_in_steps import (
    GOOD,
    ask_for_code,
    csrf_of,
    enter_code,
    is_signed_in,
    newest_code,
    press_sign_in,
    sign_out,
)
from smtp_server import free_port
from text_service import FROM, SID, TextService, text_service

PHONE = "+12135550142"


@pytest.fixture
def settings_of(app: Flask) -> Iterator[Flask]:
    """The application, whose settings are put back after the test."""
    usual = app.extensions["settings"]
    yield app
    app.extensions["settings"] = usual


def let(app: Flask, **settings: str) -> None:
    app.extensions["settings"] = replace(app.extensions["settings"], **settings)


@pytest.fixture
def phone(world: World, session: Session) -> str:
    """Ana's number, which she confirmed."""
    world.ana.phone, world.ana.phone_confirmed_at = PHONE, clock.now()
    session.commit()
    return PHONE


@pytest.fixture
def secret(world: World, session: Session, noon: Traveller) -> str:
    """What Ana's authenticator app knows."""
    noon.shift(timedelta(days=-1))
    secret = factors.begin_app(session, world.ana, at=clock.now()).secret
    shown = authenticator_apps.code_at(secret, clock.now())
    factors.confirm_app(session, world.ana, shown, by=world.ana, at=clock.now())
    noon.shift(timedelta(days=1))
    return secret


@pytest.fixture
def kit(world: World, session: Session) -> list[str]:
    """The codes that Ana printed."""
    return factors.make_kit(session, world.ana, by=world.ana, at=clock.now())


def enter_app_code(client: FlaskClient, code: str) -> TestResponse:
    return post_form(client, "/sign-in/second/app", {"code": code}, "Continue")


def enter_kit_code(client: FlaskClient, code: str) -> TestResponse:
    return post_form(client, "/sign-in/second/recovery-code", {"recovery_code": code}, "Continue")


class TestApp:
    def test_the_code_of_the_app_lets_her_in_and_the_device_is_known(
        self, world: World, client: FlaskClient, session: Session, secret: str
    ) -> None:
        asked = press_sign_in(client, GOOD | {"next": "/account"})
        assert (asked.status_code, asked.location) == (303, "/sign-in/second/app")
        assert not is_signed_in(client)

        entered = enter_app_code(client, authenticator_apps.code_at(secret, clock.now()))

        assert (entered.status_code, entered.location) == (303, "/account")
        assert is_signed_in(client)
        assert session.scalars(select(SignedInSession.method)).one() == "password"
        sign_out(client)
        assert press_sign_in(client, GOOD).location == "/"

    def test_no_mail_is_sent_where_an_app_will_do(
        self, app: Flask, client: FlaskClient, secret: str
    ) -> None:
        press_sign_in(client, GOOD)
        assert messaging.letters(app.extensions["settings"].mailbox) == []

    def test_a_code_works_once(self, client: FlaskClient, secret: str) -> None:
        code = authenticator_apps.code_at(secret, clock.now())
        press_sign_in(client, GOOD)
        enter_app_code(client, code)
        other = client.application.test_client()
        press_sign_in(other, GOOD)
        again = enter_app_code(other, code)
        assert again.status_code == 422
        assert "This code was used." in again.text

    def test_a_wrong_code_shows_the_field_again_and_five_lock_the_app(
        self, client: FlaskClient, secret: str
    ) -> None:
        press_sign_in(client, GOOD)
        wrong = [enter_app_code(client, "123") for _ in range(5)]
        assert [each.status_code for each in wrong] == [422] * 5
        assert "not the code that the app shows now" in wrong[0].text

        locked = enter_app_code(client, authenticator_apps.code_at(secret, clock.now()))
        assert (locked.status_code, locked.headers["Retry-After"]) == (429, "1800")
        assert "You can choose another way now." in locked.text

    def test_a_locked_app_leaves_the_code_by_mail(
        self, app: Flask, client: FlaskClient, secret: str
    ) -> None:
        press_sign_in(client, GOOD)
        for _ in range(6):
            enter_app_code(client, "123")
        sent = post_form(client, "/sign-in/second", button="E-mail a code to ana@example.com")
        assert sent.location == "/sign-in/code"
        assert enter_code(client, newest_code(app)).location == "/"

    def test_the_password_waits_ten_minutes(
        self, client: FlaskClient, secret: str, noon: Traveller
    ) -> None:
        press_sign_in(client, GOOD)
        noon.shift(timedelta(minutes=9, seconds=59))
        assert client.get("/sign-in/second/app").status_code == 200
        noon.shift(timedelta(seconds=1))
        for page in ("/sign-in/second", "/sign-in/second/app", "/sign-in/second/recovery-code"):
            assert client.get(page).location == "/sign-in"

    def test_a_new_password_voids_the_old_one_that_waits(
        self, client: FlaskClient, world: World, session: Session, secret: str, noon: Traveller
    ) -> None:
        press_sign_in(client, GOOD)
        noon.shift(timedelta(seconds=5))
        factors.set_password(session, world.ana, "seven quiet herons", by=world.ana, at=clock.now())
        assert client.get("/sign-in/second/app").location == "/sign-in"

    def test_nobody_takes_the_second_step_first(
        self, world: World, client: FlaskClient, secret: str, kit: list[str]
    ) -> None:
        token = csrf_of(client, "/sign-in")
        for page, typed in (
            ("send", {"way": "email"}),
            ("app", {"code": authenticator_apps.code_at(secret, clock.now())}),
            ("recovery-code", {"recovery_code": kit[0]}),
        ):
            sent = client.post(f"/sign-in/second/{page}", data=typed, headers=token)
            assert sent.location == "/sign-in"
        assert not is_signed_in(client)


class TestText:
    def test_who_has_a_confirmed_number_chooses_and_the_code_comes_by_text(
        self, app: Flask, client: FlaskClient, phone: str
    ) -> None:
        asked = press_sign_in(client, GOOD)
        assert asked.location == "/sign-in/second"
        assert "the number that ends in 0142" in client.get("/sign-in/second").text

        button = "Text a code to the number that ends in 0142"
        post_form(client, "/sign-in/second", button=button)

        (text,) = messaging.letters(app.extensions["settings"].mailbox)
        assert (text.to, text.subject) == (phone, "Text message")
        code = newest_code(app)
        assert text.text.splitlines()[-1] == f"@localhost #{code}"
        assert "the number that ends in 0142" in client.get("/sign-in/code").text
        assert enter_code(client, code).location == "/"

    def test_a_way_that_she_does_not_have_is_not_taken(
        self, app: Flask, client: FlaskClient, world: World, secret: str
    ) -> None:
        press_sign_in(client, GOOD)
        page = client.get("/sign-in/second")
        assert "Text a code" not in page.text
        form = find_form(page.text, button="E-mail a code to ana@example.com")
        sent = client.post(form.action, data=form.filled_in({}) | {"way": "text"})
        assert sent.location == "/sign-in/second"
        assert messaging.letters(app.extensions["settings"].mailbox) == []

    def test_where_the_operator_sends_no_texts_none_is_offered(
        self, settings_of: Flask, client: FlaskClient, phone: str
    ) -> None:
        let(settings_of, text_url="")
        assert press_sign_in(client, GOOD).location == "/sign-in/code"
        ask_for_code(client, "rosa")
        assert "by text" not in client.get("/sign-in/code").text

    @pytest.mark.parametrize("trouble", ["down", "answers 500"])
    def test_a_text_service_in_trouble_is_told_as_it_is_and_mail_is_offered(
        self, settings_of: Flask, client: FlaskClient, phone: str, trouble: str
    ) -> None:
        press_sign_in(client, GOOD)
        button = "Text a code to the number that ends in 0142"
        if trouble == "down":
            let(settings_of, text_url=f"http://{SID}:x@127.0.0.1:{free_port()}")
            told = [post_form(client, "/sign-in/second", button=button) for _ in range(6)]
        else:
            with text_service(TextService(refusal=500)) as url:
                let(settings_of, text_url=url, text_from=FROM)
                told = [post_form(client, "/sign-in/second", button=button) for _ in range(6)]
        for answer in told:  # a code that was never sent does not count as one
            assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")
            assert "We cannot send text messages just now" in answer.text

        post_form(client, "/sign-in/second", button="E-mail a code to ana@example.com")
        assert enter_code(client, newest_code(settings_of)).location == "/"

    def test_mail_in_trouble_leaves_the_text(
        self, settings_of: Flask, client: FlaskClient, phone: str
    ) -> None:
        let(settings_of, smtp_url=f"smtp://127.0.0.1:{free_port()}")
        press_sign_in(client, GOOD)
        told = post_form(client, "/sign-in/second", button="E-mail a code to ana@example.com")
        assert told.status_code == 503
        assert "We cannot send e-mail just now" in told.text
        find_form(told.text, button="Text a code to the number that ends in 0142")


class TestTextAlone:
    def test_a_code_alone_may_come_by_text_instead(
        self, app: Flask, client: FlaskClient, phone: str
    ) -> None:
        ask_for_code(client, "ana")
        post_form(client, "/sign-in/code", button="Send it by text instead")
        newest = messaging.letters(app.extensions["settings"].mailbox)[0]
        assert newest.to == phone
        assert enter_code(client, newest_code(app)).location == "/"

    def test_the_page_is_the_same_for_who_has_no_number_and_for_nobody(
        self, app: Flask, world: World, phone: str
    ) -> None:
        def page(name: str) -> tuple[str, str]:
            client = app.test_client()
            ask_for_code(client, name)
            sent = post_form(client, "/sign-in/code", button="Send it by text instead")
            lines = client.get("/sign-in/code").text.splitlines()
            return sent.location, "\n".join(line for line in lines if "csrf" not in line)

        assert page("ana") == page("rosa") == page("nobody")
        texts = messaging.letters(app.extensions["settings"].mailbox)
        assert [each.to for each in texts if each.subject == "Text message"] == [PHONE]

    @pytest.mark.parametrize("name", ["ana", "rosa", "nobody"])
    def test_a_text_service_in_trouble_is_told_as_it_is_whoever_asks(
        self, settings_of: Flask, client: FlaskClient, world: World, phone: str, name: str
    ) -> None:
        ask_for_code(client, name)
        let(settings_of, text_url=f"http://{SID}:x@127.0.0.1:{free_port()}")
        told = post_form(client, "/sign-in/code", button="Send it by text instead")
        assert told.status_code == 503
        assert "We cannot send text messages just now" in told.text

    def test_an_unknown_way_is_refused(self, client: FlaskClient, world: World) -> None:
        ask_for_code(client, "ana")
        page = client.get("/sign-in/code")
        form = find_form(page.text, button="Continue")
        sent = client.post("/sign-in/send-code", data=form.filled_in({}) | {"channel": "pigeon"})
        assert sent.status_code == 400


class TestKit:
    def test_a_code_of_the_kit_is_a_second_step_and_is_used_up(
        self, app: Flask, client: FlaskClient, kit: list[str]
    ) -> None:
        assert press_sign_in(client, GOOD).location == "/sign-in/code"
        assert "/sign-in/second" in client.get("/sign-in/code").text
        assert enter_kit_code(client, kit[4].lower()).location == "/"
        assert is_signed_in(client)

        other = app.test_client()
        press_sign_in(other, GOOD)
        again = enter_kit_code(other, kit[4])
        assert again.status_code == 422
        assert "This is no recovery code of yours, or it was used." in again.text

    def test_mail_in_trouble_leaves_the_kit(
        self, settings_of: Flask, client: FlaskClient, kit: list[str]
    ) -> None:
        let(settings_of, smtp_url=f"smtp://127.0.0.1:{free_port()}")
        told = press_sign_in(client, GOOD)
        assert told.status_code == 503
        assert "We cannot send e-mail just now" in told.text
        assert "Use a recovery code" in told.text
        assert enter_kit_code(client, kit[0]).location == "/"

    def test_guessing_is_over_after_five_tries(self, client: FlaskClient, kit: list[str]) -> None:
        press_sign_in(client, GOOD)
        for _ in range(5):
            assert enter_kit_code(client, "AAAA-AAAA-AAAA-AAAA").status_code == 422
        assert enter_kit_code(client, kit[0]).status_code == 429


class TestFrozen:
    FROZEN = "This account is closed for now"

    @pytest.fixture(autouse=True)
    def frozen(self, world: World, session: Session) -> None:
        world.ana.frozen_at = clock.now()
        session.commit()

    def test_a_right_password_is_told_so_and_a_wrong_one_is_not(self, client: FlaskClient) -> None:
        right = press_sign_in(client, GOOD)
        assert right.status_code == 422
        assert self.FROZEN in right.text
        assert "(888) 555-0142" in right.text
        assert self.FROZEN not in press_sign_in(client, GOOD | {"password": "wrong"}).text

    def test_a_right_code_is_told_so(self, app: Flask, client: FlaskClient) -> None:
        ask_for_code(client, "ana")
        refused = enter_code(client, newest_code(app))
        assert refused.status_code == 422
        assert self.FROZEN in refused.text
        assert not is_signed_in(client)

    def test_after_thawing_she_gets_in(
        self, app: Flask, client: FlaskClient, world: World, session: Session
    ) -> None:
        disavowals.thaw(session, world.ana)
        session.commit()
        press_sign_in(client, GOOD)
        assert enter_code(client, newest_code(app)).location == "/"


def test_a_password_of_ten_million_characters_costs_nothing(
    world: World, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.gateways.passwords.verify", pytest.fail)
    assert press_sign_in(client, GOOD | {"password": "x" * 10_000_000}).status_code == 413
    assert press_sign_in(client, GOOD | {"password": "x" * 900_000}).status_code == 422
