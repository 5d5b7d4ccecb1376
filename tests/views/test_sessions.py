"""A passkey opens a session, a session ends, and signing out ends it on the portal."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from time_machine import Traveller

from app.models.devices import TrustedDevice
from factories import World
from sign_in_steps import (
    GOOD,
    csrf_of,
    enter_code,
    is_signed_in,
    newest_code,
    press_sign_in,
    sign_in_fully,
    sign_out,
)
from soft_authenticator import SoftAuthenticator

MINUTE = timedelta(minutes=1)
NOON = datetime(2026, 11, 24, 20, tzinfo=UTC)


class TestPasskey:
    def enrolled(self, app: Flask, client: FlaskClient) -> SoftAuthenticator:
        phone = SoftAuthenticator()
        sign_in_fully(app, client)
        token = csrf_of(client, "/account")
        options = client.post("/account/passkeys/options", json={}, headers=token).json
        answer = {"credential": phone.register(options), "name": "My phone"}
        added = client.post("/account/passkeys", json=answer, headers=token)
        assert added.json == {"location": "/account/passkeys"}
        return phone

    def test_a_passkey_alone_opens_the_door_on_any_device(
        self, app: Flask, world: World, client: FlaskClient, session: Session
    ) -> None:
        phone = self.enrolled(app, client)
        elsewhere = app.test_client()
        token = csrf_of(elsewhere, "/sign-in")
        options = elsewhere.post("/sign-in/passkey/options", json={}, headers=token).json
        answer = {"credential": phone.sign_in(options), "next": "/account"}

        entered = elsewhere.post("/sign-in/passkey", json=answer, headers=token)

        assert entered.json == {"location": "/account"}
        assert is_signed_in(elsewhere)
        assert "device=" in str(entered.headers.getlist("Set-Cookie"))
        assert len(session.scalars(select(TrustedDevice)).all()) == 2

    def test_one_that_does_not_hold_is_told_so_without_a_reason(
        self, app: Flask, world: World, client: FlaskClient
    ) -> None:
        phone = self.enrolled(app, client)
        phone.origin = "https://evil.example"
        elsewhere = app.test_client()
        token = csrf_of(elsewhere, "/sign-in")
        options = elsewhere.post("/sign-in/passkey/options", json={}, headers=token).json
        refused = elsewhere.post(
            "/sign-in/passkey", json={"credential": phone.sign_in(options)}, headers=token
        )
        assert refused.status_code == 422
        assert refused.json == {
            "message": "This passkey did not work. Try again, or sign in another way."
        }
        assert not is_signed_in(elsewhere)

    @pytest.mark.parametrize(
        "nonsense", ["[]", "7", '{"credential": 7, "next": 7}', '{"credential": []}']
    )
    def test_nonsense_is_refused(self, world: World, client: FlaskClient, nonsense: str) -> None:
        headers = csrf_of(client, "/sign-in") | {"Content-Type": "application/json"}
        answer = client.post("/sign-in/passkey", data=nonsense, headers=headers)
        assert answer.status_code in {400, 422}

    def test_without_the_page_of_ours_there_is_no_token_and_no_answer(
        self, world: World, client: FlaskClient
    ) -> None:
        assert client.post("/sign-in/passkey/options", json={}).status_code == 400


class TestSession:
    def test_it_is_asked_for_again_after_fifteen_idle_minutes(
        self, app: Flask, world: World, client: FlaskClient, noon: Traveller
    ) -> None:
        sign_in_fully(app, client)
        noon.shift(14 * MINUTE)
        assert is_signed_in(client)
        noon.shift(15 * MINUTE)
        assert not is_signed_in(client)

    def test_extending_tells_when_it_ends_now(
        self, app: Flask, world: World, client: FlaskClient, noon: Traveller
    ) -> None:
        sign_in_fully(app, client)
        token = csrf_of(client, "/account")
        noon.shift(10 * MINUTE)
        extended = client.post("/session/extend", json={}, headers=token)
        assert extended.json == {
            "ends": (NOON + 25 * MINUTE).isoformat(),
            "now": (NOON + 10 * MINUTE).isoformat(),
        }
        noon.shift(14 * MINUTE)
        assert is_signed_in(client)

    def test_what_has_ended_is_not_extended(
        self, app: Flask, world: World, client: FlaskClient, noon: Traveller
    ) -> None:
        sign_in_fully(app, client)
        token = csrf_of(client, "/account")
        noon.shift(15 * MINUTE)
        ended = client.post("/session/extend", json={}, headers=token)
        assert (ended.status_code, ended.json) == (401, {"error": "sign_in"})

    def test_signing_out_ends_it_here_and_spares_the_outbox_and_the_device(
        self, app: Flask, world: World, client: FlaskClient
    ) -> None:
        sign_in_fully(app, client)
        copied = app.test_client()
        with client.session_transaction() as cookie, copied.session_transaction() as stolen:
            stolen.update(cookie)

        left = sign_out(client)

        assert (left.status_code, left.location) == (303, "/")
        assert left.headers["Clear-Site-Data"] == '"cache"'
        assert not is_signed_in(client)
        assert not is_signed_in(copied)
        assert press_sign_in(client, GOOD).location == "/"

    def test_cookies_are_out_of_the_reach_of_scripts_and_of_other_sites(
        self, app: Flask, world: World, client: FlaskClient
    ) -> None:
        press_sign_in(client, GOOD)
        entered = enter_code(client, newest_code(app))
        cookies = entered.headers.getlist("Set-Cookie")
        assert {cookie.split("=")[0] for cookie in cookies} == {"session", "device"}
        for cookie in cookies:
            assert "HttpOnly" in cookie
            assert "SameSite=Lax" in cookie
