"""One's own account: passkeys are changed only just after signing in, and devices can be let go."""

import base64
from collections.abc import Callable
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from time_machine import Traveller

from app.models.accounts import Account, Passkey
from app.models.devices import TrustedDevice
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
    sign_in_fully,
)
from soft_authenticator import SoftAuthenticator

MINUTE = timedelta(minutes=1)


def add_passkey(client: FlaskClient, name: str = "My phone") -> None:
    token = csrf_of(client, "/account")
    options = client.post("/account/passkeys/options", json={}, headers=token).json
    answer = {"credential": SoftAuthenticator().register(options), "name": name}
    assert client.post("/account/passkeys", json=answer, headers=token).status_code == 200


def test_a_new_account_has_no_passkey_and_can_add_one(
    app: Flask, world: World, client: FlaskClient
) -> None:
    sign_in_fully(app, client)
    assert "You have no passkey yet." in client.get("/account").text
    add_passkey(client, "Ana\N{RIGHT SINGLE QUOTATION MARK}s <phone>")
    page = client.get("/account").text
    assert "Ana’s &lt;phone&gt;" in page
    assert "was added" in page


def test_a_passkey_is_removed_by_its_owner_only(
    app: Flask,
    world: World,
    client: FlaskClient,
    session: Session,
    signed_in: Callable[[Account], FlaskClient],
) -> None:
    sign_in_fully(app, client)
    add_passkey(client)
    (kept,) = session.scalars(select(Passkey)).all()
    rosa = signed_in(world.rosa)
    token = csrf_of(rosa, "/account")

    foreign = rosa.post(f"/account/passkeys/{kept.id}/remove", headers=token)
    assert foreign.status_code == 404

    assert post_form(client, "/account", button="Remove").location == "/account"
    assert "You have no passkey yet." in client.get("/account").text


def test_fifteen_minutes_after_signing_in_she_must_prove_herself_anew(
    app: Flask, world: World, client: FlaskClient, noon: Traveller
) -> None:
    sign_in_fully(app, client)
    add_passkey(client)
    noon.shift(10 * MINUTE)
    client.get("/account")
    noon.shift(5 * MINUTE)

    page = client.get("/account").text
    assert "To change your passkeys, first sign in again." in page
    assert "Add a passkey" not in page
    token = csrf_of(client, "/account")
    refused = client.post("/account/passkeys/options", json={}, headers=token)
    assert refused.json == {"message": "To change your passkeys, first sign in again."}
    assert client.post("/account/passkeys", json={}, headers=token).status_code == 422
    assert client.post("/account/passkeys/1/remove", headers=token).status_code == 422

    again = press_sign_in(client, GOOD, "/sign-in?again=1&next=/account")
    assert again.location == "/account"
    assert "Add a passkey" in client.get("/account").text


def test_whoever_reads_her_mail_does_not_get_a_passkey(
    app: Flask, world: World, client: FlaskClient, session: Session
) -> None:
    ask_for_code(client, "ana")
    enter_code(client, newest_code(app))
    assert "A code by e-mail is not enough for this." in client.get("/account").text

    world.ana.password_hash = None  # with no other way in, there is nothing stronger to ask for
    session.commit()
    assert "Add a passkey" in client.get("/account").text


def test_a_passkey_of_an_impossible_kind_is_refused_in_words(
    app: Flask, world: World, client: FlaskClient
) -> None:
    sign_in_fully(app, client)
    token = csrf_of(client, "/account")
    refused = client.post("/account/passkeys", json={"credential": {"id": 7}}, headers=token)
    assert refused.status_code == 422
    assert refused.json is not None
    assert "did not work" in refused.json["message"]
    assert client.post("/account/passkeys", json=[1], headers=token).status_code == 400


class TestDevices:
    KEY = base64.urlsafe_b64encode(
        ec.generate_private_key(ec.SECP256R1())
        .public_key()
        .public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    ).decode()

    def test_the_phone_that_she_signed_in_on_can_be_enrolled(
        self, app: Flask, world: World, client: FlaskClient, session: Session
    ) -> None:
        client.environ_base["HTTP_USER_AGENT"] = (
            "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/130.0 Mobile Safari/537.36"
        )
        sign_in_fully(app, client)
        token = csrf_of(client, "/account")
        enrolled = client.post("/devices/enroll", json={"public_key": self.KEY}, headers=token)

        trust = session.scalars(select(TrustedDevice)).one()
        assert enrolled.json == {"device": trust.device_id}
        page = client.get("/account").text
        assert "Chrome on Android" in page
        assert "This is the device that you use now." in page
        assert "Check-ins work here without signing in." in page

    @pytest.mark.parametrize("sent", [{}, {"public_key": None}, {"public_key": "nonsense"}])
    def test_what_is_no_key_is_refused(
        self, app: Flask, world: World, client: FlaskClient, sent: dict[str, str]
    ) -> None:
        sign_in_fully(app, client)
        token = csrf_of(client, "/account")
        refused = client.post("/devices/enroll", json=sent, headers=token)
        assert refused.status_code == 422
        assert refused.json is not None
        assert "cannot be used" in refused.json["message"]

    def test_without_a_session_it_is_refused_as_json(
        self, world: World, client: FlaskClient
    ) -> None:
        refused = client.post("/devices/enroll", json={"public_key": self.KEY})
        assert (refused.status_code, refused.json) == (401, {"error": "sign_in"})

    def test_a_device_that_is_let_go_is_signed_out_and_needs_a_code_again(
        self, app: Flask, world: World, client: FlaskClient
    ) -> None:
        sign_in_fully(app, client)
        elsewhere = app.test_client()
        press_sign_in(elsewhere, GOOD)
        enter_code(elsewhere, newest_code(app))
        action = find_form(client.get("/account").text, button="Forget this device").action
        letting_go = client.post(action, headers=csrf_of(client, "/account"))

        assert letting_go.location == "/account"
        assert is_signed_in(client)
        assert not is_signed_in(elsewhere)
        assert press_sign_in(elsewhere, GOOD).location == "/sign-in/code"

    def test_a_device_of_somebody_else_is_not_found(
        self,
        app: Flask,
        world: World,
        client: FlaskClient,
        signed_in: Callable[[Account], FlaskClient],
    ) -> None:
        sign_in_fully(app, client)
        action = find_form(client.get("/account").text, button="Forget this device").action
        rosa = signed_in(world.rosa)
        assert rosa.post(action, headers=csrf_of(rosa, "/account")).status_code == 404
