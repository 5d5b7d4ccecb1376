"""Before something that matters she proves herself once more, and finds what she had typed."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from urllib.parse import unquote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from time_machine import Traveller
from werkzeug.test import TestResponse

from app import clock
from app.gateways import authenticator_apps, messaging
from app.models.accounts import Account
from app.models.audit import AuditEvent
from app.models.factors import AuthenticatorApp
from factories import PASSWORD, World
from forms_in_pages import find_form, post_form, send_form
from sign_in_steps import (
    ask_for_code,
    csrf_of,
    enter_code,
    newest_code,
    press_sign_in,
    sign_in_fully,
    sign_out,
)
from soft_authenticator import SoftAuthenticator

MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)  # letters lie in the order of their instants
NEW = "ana.flores@example.org"


@pytest.fixture
def ana(app: Flask, world: World, client: FlaskClient, noon: Traveller) -> FlaskClient:
    """Ana's browser, two minutes after she signed in by password and code."""
    sign_in_fully(app, client)
    noon.shift(2 * MINUTE)
    return client


def add_passkey(client: FlaskClient) -> SoftAuthenticator:
    phone = SoftAuthenticator()
    token = csrf_of(client, "/account")
    options = client.post("/account/passkeys/options", json={}, headers=token).json
    answer = {"credential": phone.register(options), "name": "My phone"}
    assert client.post("/account/passkeys", json=answer, headers=token).status_code == 200
    return phone


def use_passkey(client: FlaskClient, phone: SoftAuthenticator) -> TestResponse:
    token = csrf_of(client, "/account")
    options = client.post("/step-up/passkey/options", json={}, headers=token).json
    answer = {"credential": phone.sign_in(options)}
    return client.post("/step-up/passkey", json=answer, headers=token)


def type_new_email(client: FlaskClient) -> TestResponse:
    return post_form(client, "/account/email", {"email": NEW}, "Send me a code")


def give_password(client: FlaskClient, page: str, password: str = PASSWORD) -> TestResponse:
    return post_form(client, page, {"password": password}, "Continue")


def give_code(client: FlaskClient, code: str) -> TestResponse:
    return post_form(client, "/step-up/code", {"code": code}, "Continue")


def value_of(page: TestResponse, name: str) -> str:
    return dict(find_form(page.text, {name: ""}).values)[name]


class TestTheWayThereAndBack:
    def test_password_and_code_lead_back_to_the_form_with_what_was_typed(
        self, app: Flask, ana: FlaskClient, session: Session, world: World
    ) -> None:
        asked = type_new_email(ana)
        assert (asked.status_code, asked.location) == (303, "/step-up?next=/account/email")

        assert give_password(ana, asked.location).location == "/step-up/code"
        back = give_code(ana, newest_code(app))

        assert back.location == "/account/email"
        page = ana.get("/account/email")
        assert value_of(page, "email") == NEW
        assert messaging.letters(app.extensions["settings"].mailbox)[0].to != NEW  # not sent yet
        sent = send_form(ana, page, {}, "Send me a code")
        assert sent.location == "/account/email/code"
        [passed] = session.scalars(select(AuditEvent).where(AuditEvent.action == "step_up:pass"))
        assert passed.facts == {"proofs": ["email", "password"]}

    def test_once_sent_the_form_is_empty_again(self, app: Flask, ana: FlaskClient) -> None:
        asked = type_new_email(ana)
        give_password(ana, asked.location)
        give_code(ana, newest_code(app))
        send_form(ana, ana.get("/account/email"), {}, "Send me a code")
        assert NEW not in ana.get("/account/email").text

    def test_a_refused_form_still_holds_what_was_typed(self, app: Flask, ana: FlaskClient) -> None:
        asked = post_form(ana, "/account/email", {"email": "nonsense"}, "Send me a code")
        give_password(ana, asked.location)
        give_code(ana, newest_code(app))
        refused = send_form(ana, ana.get("/account/email"), {}, "Send me a code")
        assert refused.status_code == 422
        assert value_of(refused, "email") == "nonsense"

    def test_a_page_that_was_only_opened_comes_back_as_well(
        self, app: Flask, ana: FlaskClient
    ) -> None:
        asked = ana.get("/account/password")
        assert asked.location == "/step-up?next=/account/password"
        give_password(ana, asked.location)
        assert give_code(ana, newest_code(app)).location == "/account/password"
        assert ana.get("/account/password").status_code == 200

    def test_a_new_password_is_not_kept_anywhere(self, app: Flask, ana: FlaskClient) -> None:
        token = csrf_of(ana, "/account")
        ana.post("/account/password", data={"new_password": "a secret of mine"}, headers=token)
        give_password(ana, "/step-up?next=/account/password")
        give_code(ana, newest_code(app))
        assert "a secret of mine" not in ana.get("/account/password").text

    def test_a_passkey_alone_is_enough(
        self, app: Flask, world: World, client: FlaskClient, noon: Traveller
    ) -> None:
        sign_in_fully(app, client)
        phone = add_passkey(client)
        noon.shift(2 * MINUTE)
        assert client.get(type_new_email(client).location).status_code == 200
        assert use_passkey(client, phone).json == {"location": "/account/email"}
        assert value_of(client.get("/account/email"), "email") == NEW

    def test_htmx_is_led_there_too(self, ana: FlaskClient) -> None:
        token = csrf_of(ana, "/account") | {"HX-Request": "true"}
        asked = ana.post("/account/email", data={"email": NEW}, headers=token)
        assert asked.status_code == 204
        assert asked.headers["HX-Redirect"] == "/step-up?next=/account/email"

    @pytest.mark.parametrize("wanted", ["https://evil.example/", "//evil.example", "/\\evil"])
    def test_it_leads_to_no_other_site(self, app: Flask, ana: FlaskClient, wanted: str) -> None:
        give_password(ana, f"/step-up?next={wanted}")
        assert give_code(ana, newest_code(app)).location == "/"

    def test_what_another_account_typed_here_is_not_shown(
        self, app: Flask, ana: FlaskClient, noon: Traveller
    ) -> None:
        type_new_email(ana)
        sign_out(ana)
        noon.shift(SECOND)
        press_sign_in(ana, {"username": "rosa", "password": PASSWORD})
        enter_code(ana, newest_code(app))
        assert NEW not in ana.get("/account/email").text

    def test_an_ended_session_does_not_cost_what_was_typed(
        self, app: Flask, ana: FlaskClient, noon: Traveller
    ) -> None:
        asked = type_new_email(ana)
        page = ana.get(unquote(asked.location))
        noon.shift(16 * MINUTE)
        late = send_form(ana, page, {"password": PASSWORD}, "Continue")
        assert late.status_code == 401
        back = send_form(ana, late, {"username": "ana", "password": PASSWORD}, "Sign in")
        assert back.location == "/sign-in/resume"
        assert NEW in ana.get("/sign-in/resume").text


class TestWhatProves:
    def test_a_wrong_password_is_counted_as_at_the_door(
        self, ana: FlaskClient, world: World, session: Session
    ) -> None:
        wrong = give_password(ana, "/step-up", PASSWORD[1:])
        assert wrong.status_code == 422
        session.refresh(world.ana)
        assert world.ana.failures_in_a_row == 1
        assert ana.get("/account/password").status_code == 303

    def test_after_five_of_them_it_is_locked_here_too(self, ana: FlaskClient) -> None:
        answers = [give_password(ana, "/step-up", PASSWORD[1:]) for _ in range(6)]
        assert answers[-1].status_code == 429
        assert "Retry-After" in answers[-1].headers

    def test_a_password_without_a_code_is_not_enough(self, ana: FlaskClient) -> None:
        give_password(ana, "/step-up?next=/account/password")
        assert ana.get("/account/password").status_code == 303

    def test_a_code_without_the_password_is_not_asked_for(self, ana: FlaskClient) -> None:
        assert ana.get("/step-up/code").location == "/step-up"
        token = csrf_of(ana, "/account")
        sent = ana.post("/step-up/send-code", data={"way": "email"}, headers=token)
        assert sent.location == "/step-up"

    def test_whoever_only_reads_her_mail_is_asked_for_the_password(
        self, app: Flask, world: World, client: FlaskClient, noon: Traveller
    ) -> None:
        ask_for_code(client, "ana")
        enter_code(client, newest_code(app))
        assert client.get("/account/password").location == "/step-up?next=/account/password"
        assert client.get("/step-up/code").location == "/step-up"

    def test_a_wrong_code_and_a_code_for_another_purpose_are_refused(
        self, app: Flask, ana: FlaskClient, noon: Traveller
    ) -> None:
        elsewhere = app.test_client()
        press_sign_in(elsewhere, {"username": "ana", "password": PASSWORD})
        to_sign_in = newest_code(app)
        noon.shift(SECOND)
        give_password(ana, "/step-up?next=/account/password")
        to_step_up = newest_code(app)
        wrong = "000000" if to_step_up != "000000" else "000001"
        assert give_code(ana, wrong).status_code == 422
        if to_sign_in != to_step_up:
            assert give_code(ana, to_sign_in).status_code == 422
        assert enter_code(elsewhere, to_step_up).status_code == 422 or to_sign_in == to_step_up
        assert give_code(ana, to_step_up).location == "/account/password"

    def test_a_code_works_once(self, app: Flask, ana: FlaskClient, noon: Traveller) -> None:
        give_password(ana, "/step-up?next=/account/password")
        code = newest_code(app)
        give_code(ana, code)
        noon.shift(2 * MINUTE)
        give_password(ana, "/step-up?next=/account/password")
        newer = newest_code(app)
        assert newer == code or give_code(ana, code).status_code == 422

    def test_a_password_waits_ten_minutes_for_its_code(
        self, app: Flask, ana: FlaskClient, noon: Traveller
    ) -> None:
        give_password(ana, "/step-up?next=/account/password")
        noon.shift(10 * MINUTE)
        assert ana.get("/step-up/code").location == "/step-up"

    def test_the_authenticator_app_stands_in_for_mail(
        self, ana: FlaskClient, world: World, session: Session, noon: Traveller
    ) -> None:
        secret = authenticator_apps.new_secret()
        at = world.ana.created_at
        session.add(
            AuthenticatorApp(
                account_id=world.ana.id,
                secret=secret,
                created_at=at,
                confirmed_at=at,
                failures_in_a_row=0,
            )
        )
        session.commit()
        give_password(ana, "/step-up?next=/account/password")
        assert "authenticator app" in ana.get("/step-up/code").text
        code = authenticator_apps.code_at(secret, clock.now())
        assert give_code(ana, code).location == "/account/password"

    def test_a_passkey_of_somebody_else_proves_nothing(
        self,
        app: Flask,
        world: World,
        ana: FlaskClient,
        signed_in: Callable[[Account], FlaskClient],
    ) -> None:
        rosas = add_passkey(signed_in(world.rosa))
        refused = use_passkey(ana, rosas)
        assert refused.status_code == 422
        assert ana.get("/account/password").status_code == 303

    def test_an_answer_to_the_sign_in_page_proves_nothing_here(
        self, app: Flask, world: World, client: FlaskClient, noon: Traveller
    ) -> None:
        sign_in_fully(app, client)
        phone = add_passkey(client)
        noon.shift(2 * MINUTE)
        token = csrf_of(client, "/account")
        options = client.post("/sign-in/passkey/options", json={}, headers=token).json
        answer = {"credential": phone.sign_in(options)}
        assert client.post("/step-up/passkey", json=answer, headers=token).status_code == 422

    @pytest.mark.parametrize("sent", [[], 7, {"credential": 7}, {"credential": []}])
    def test_nonsense_proves_nothing(self, ana: FlaskClient, sent: object) -> None:
        token = csrf_of(ana, "/account")
        assert ana.post("/step-up/passkey", json=sent, headers=token).status_code in {400, 422}


class TestWithoutPasswordAndPasskey:
    def test_two_codes_by_two_ways(
        self,
        app: Flask,
        world: World,
        session: Session,
        signed_in: Callable[[Account], FlaskClient],
        noon: Traveller,
    ) -> None:
        world.ana.password_hash = None
        world.ana.phone, world.ana.phone_confirmed_at = "+12135550142", world.ana.created_at
        session.commit()
        ana = signed_in(world.ana)
        noon.shift(2 * MINUTE)
        assert ana.get("/step-up?next=/account/password").location == "/step-up/code"

        post_form(ana, "/step-up/code", button="Send a code by e-mail")
        noon.shift(SECOND)
        first = give_code(ana, newest_code(app))
        assert first.location == "/step-up/code"
        assert ana.get("/account/password").status_code == 303
        assert give_code(ana, newest_code(app)).location == "/account/password"

    def test_no_text_is_waited_for_where_the_operator_sends_none(
        self,
        app: Flask,
        world: World,
        session: Session,
        signed_in: Callable[[Account], FlaskClient],
        noon: Traveller,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        no_texts = replace(app.extensions["settings"], text_url="")
        monkeypatch.setitem(app.extensions, "settings", no_texts)
        world.ana.password_hash = None
        world.ana.phone, world.ana.phone_confirmed_at = "+12135550142", world.ana.created_at
        session.commit()
        ana = signed_in(world.ana)
        noon.shift(2 * MINUTE)
        assert "Send a code by text" not in ana.get("/step-up/code").text
        post_form(ana, "/step-up/code", button="Send a code by e-mail")
        give_code(ana, newest_code(app))
        assert ana.get("/account/password").status_code == 200

    def test_the_one_code_that_there_is(
        self,
        app: Flask,
        world: World,
        session: Session,
        signed_in: Callable[[Account], FlaskClient],
        noon: Traveller,
    ) -> None:
        world.ana.password_hash = None
        session.commit()
        ana = signed_in(world.ana)
        noon.shift(2 * MINUTE)
        post_form(ana, "/step-up/code", button="Send a code by e-mail")
        assert give_code(ana, newest_code(app)).status_code == 303
        assert ana.get("/account/password").status_code == 200


class TestWhenMailIsDown:
    def test_she_is_told_the_truth_and_can_try_again(
        self, app: Flask, ana: FlaskClient, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def fail(*_args: object) -> None:
            raise messaging.SendingFailed("down")

        with monkeypatch.context() as broken:
            broken.setattr(messaging.MailboxMailer, "send", fail)
            give_password(ana, "/step-up?next=/account/password")
            told = post_form(ana, "/step-up/code", button="Send a code by e-mail")
            assert told.status_code == 503
            assert "We cannot send e-mail just now" in told.text
        post_form(ana, "/step-up/code", button="Send a code by e-mail")
        assert give_code(ana, newest_code(app)).location == "/account/password"
