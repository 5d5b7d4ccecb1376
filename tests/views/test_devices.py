"""Where one is signed in: devices can be let go, sessions ended, and a phone left for good."""

import base64
from collections.abc import Callable

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models.accounts import Account
from app.models.devices import Session as OpenSession
from app.models.devices import TrustedDevice
from factories import World
from forms_in_pages import find_form, post_form
from sign_in_steps import (
    GOOD,
    csrf_of,
    enter_code,
    is_signed_in,
    newest_code,
    press_sign_in,
    sign_in_fully,
)

PAGE = "/account/devices"


class TestKnownDevices:
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
        token = csrf_of(client, PAGE)
        enrolled = client.post("/devices/enroll", json={"public_key": self.KEY}, headers=token)

        trust = session.scalars(select(TrustedDevice)).one()
        assert enrolled.json == {"device": trust.device_id}
        page = client.get(PAGE).text
        assert "Chrome on Android" in page
        assert "This is the device that you use now." in page
        assert "Check-ins work here without signing in." in page

    @pytest.mark.parametrize("sent", [{}, {"public_key": None}, {"public_key": "nonsense"}, [7]])
    def test_what_is_no_key_is_refused(
        self, app: Flask, world: World, client: FlaskClient, sent: object
    ) -> None:
        sign_in_fully(app, client)
        refused = client.post("/devices/enroll", json=sent, headers=csrf_of(client, PAGE))
        assert refused.status_code == 422
        assert refused.json is not None
        assert "cannot be used" in refused.json["message"]

    def test_without_a_session_it_is_refused_as_json(
        self, world: World, client: FlaskClient
    ) -> None:
        refused = client.post("/devices/enroll", json={"public_key": self.KEY})
        assert (refused.status_code, refused.json) == (401, {"error": "sign_in"})

    def test_one_that_is_let_go_is_signed_out_and_needs_a_code_again(
        self, app: Flask, world: World, client: FlaskClient
    ) -> None:
        sign_in_fully(app, client)
        elsewhere = app.test_client()
        press_sign_in(elsewhere, GOOD)
        enter_code(elsewhere, newest_code(app))
        action = find_form(client.get(PAGE).text, button="Forget this device").action
        letting_go = client.post(action, headers=csrf_of(client, PAGE))

        assert letting_go.location == PAGE
        assert is_signed_in(client)
        assert not is_signed_in(elsewhere)
        assert press_sign_in(elsewhere, GOOD).location == "/sign-in/code"

    def test_one_of_somebody_else_is_not_found(
        self,
        app: Flask,
        world: World,
        client: FlaskClient,
        signed_in: Callable[[Account], FlaskClient],
    ) -> None:
        sign_in_fully(app, client)
        action = find_form(client.get(PAGE).text, button="Forget this device").action
        rosa = signed_in(world.rosa)
        assert rosa.post(action, headers=csrf_of(rosa, PAGE)).status_code == 404


class TestSessions:
    def test_each_is_listed_and_one_elsewhere_can_be_ended(
        self, world: World, signed_in: Callable[[Account], FlaskClient]
    ) -> None:
        elsewhere, here = signed_in(world.ana), signed_in(world.ana)
        page = here.get(PAGE).text
        assert page.count("Since ") == 2
        assert page.count("This is where you are now.") == 1

        ended = post_form(here, PAGE, button="Sign it out")

        assert ended.location == PAGE
        assert is_signed_in(here)
        assert not is_signed_in(elsewhere)

    def test_all_others_can_be_ended_at_once(
        self, world: World, signed_in: Callable[[Account], FlaskClient]
    ) -> None:
        others = [signed_in(world.ana), signed_in(world.ana)]
        rosa, here = signed_in(world.rosa), signed_in(world.ana)
        post_form(here, PAGE, button="Sign out everywhere else")
        assert [is_signed_in(each) for each in (*others, here, rosa)] == [False, False, True, True]
        assert "Sign out everywhere else" not in here.get(PAGE).text

    def test_that_of_somebody_else_is_not_found(
        self,
        world: World,
        session: Session,
        signed_in: Callable[[Account], FlaskClient],
    ) -> None:
        rosa, ana = signed_in(world.rosa), signed_in(world.ana)
        [hers] = session.scalars(select(OpenSession).where(OpenSession.account_id == world.rosa.id))
        token = csrf_of(ana, PAGE)
        assert ana.post(f"/account/sessions/{hers.id}/end", headers=token).status_code == 404
        assert is_signed_in(rosa)


class TestLeavingThisPhone:
    def test_she_is_signed_out_and_the_phone_needs_a_code_again(
        self, app: Flask, world: World, client: FlaskClient, session: Session
    ) -> None:
        sign_in_fully(app, client)
        left = post_form(client, "/account/leave-phone", button="Remove me from this phone")
        assert left.location == "/"
        assert left.headers["Clear-Site-Data"] == '"cache"'
        assert not is_signed_in(client)
        trust = session.scalars(select(TrustedDevice)).one()
        session.refresh(trust)
        assert trust.revoked_at is not None
        assert press_sign_in(client, GOOD).location == "/sign-in/code"

    def test_a_browser_that_never_proved_itself_is_simply_signed_out(
        self, world: World, signed_in: Callable[[Account], FlaskClient]
    ) -> None:
        ana = signed_in(world.ana)
        left = post_form(ana, "/account/leave-phone", button="Remove me from this phone")
        assert left.location == "/"
        assert not is_signed_in(ana)

    def test_its_script_is_told_where_to_go_on(
        self, world: World, signed_in: Callable[[Account], FlaskClient]
    ) -> None:
        ana = signed_in(world.ana)
        asking = csrf_of(ana, PAGE) | {"Accept": "application/json"}
        left = ana.post("/account/leave-phone", headers=asking)
        assert left.json == {"location": "/"}
        assert "This phone does not know you any more." in ana.get("/").text
