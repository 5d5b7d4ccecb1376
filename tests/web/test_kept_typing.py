"""A form that comes after its session had ended is not lost, and never sent on its own."""

from datetime import timedelta

from flask import Flask
from flask.testing import FlaskClient
from time_machine import Traveller

from factories import World
from forms_in_pages import find_form, post_form, send_form
from sign_in_steps import (
    GOOD,
    ask_for_code,
    enter_code,
    newest_code,
    press_sign_in,
    sign_in_fully,
    sign_out,
)

MINUTE = timedelta(minutes=1)
KEPT = "What you typed is still here. Sign in to send it."
LATE = "/account/devices/1/forget"
DEVICES = "/account/devices"


class TestFormsThatCameTooLate:
    def test_a_form_after_the_end_is_kept_and_sent_only_when_she_presses_again(
        self, app: Flask, world: World, client: FlaskClient, noon: Traveller
    ) -> None:
        sign_in_fully(app, client)
        page = client.get(DEVICES)
        noon.shift(16 * MINUTE)

        late = send_form(client, page, button="Forget this device")
        assert late.status_code == 401
        assert KEPT in late.text

        back = send_form(client, late, GOOD, "Sign in")
        assert back.location == "/sign-in/resume"
        shown = client.get("/sign-in/resume")
        assert "<h1>What you typed is still here</h1>" in shown.text
        sent = send_form(client, shown, button="Send it now")
        assert (sent.status_code, sent.location) == (303, DEVICES)

    def test_every_field_comes_back_as_it_was_but_secrets(
        self, app: Flask, world: World, client: FlaskClient, noon: Traveller
    ) -> None:
        sign_in_fully(app, client)
        token = find_form(client.get(DEVICES).text, button="Sign out").values[0][1]
        noon.shift(16 * MINUTE)
        typed = {
            "csrf_token": token,
            "note": '\nShe said "<b>no</b>"\n',
            "reason": ["late", "wrong-day"],
            "empty": "",
            "password": "secret words",
        }
        client.post(f"{LATE}?week=2", data=typed)
        press_sign_in(client, GOOD)

        form = find_form(client.get("/sign-in/resume").text, button="Send it now")

        assert form.action == f"{LATE}?week=2"
        assert [pair for pair in form.values if pair[0] != "csrf_token"] == [
            ("note", '\nShe said "<b>no</b>"\n'),
            ("reason", "late"),
            ("reason", "wrong-day"),
            ("empty", ""),
        ]

    def test_by_a_passkey_or_a_code_it_comes_back_as_well(
        self, app: Flask, world: World, client: FlaskClient, noon: Traveller
    ) -> None:
        sign_in_fully(app, client)
        page = client.get(DEVICES)
        noon.shift(16 * MINUTE)
        late = send_form(client, page, button="Forget this device")
        send_form(client, late, {"username": "ana"}, "Send me a code")
        assert enter_code(client, newest_code(app)).location == "/sign-in/resume"

    def test_somebody_else_who_signs_in_does_not_see_it(
        self, app: Flask, world: World, client: FlaskClient, noon: Traveller
    ) -> None:
        sign_in_fully(app, client)
        page = client.get(DEVICES)
        noon.shift(16 * MINUTE)
        send_form(client, page, button="Forget this device")
        ask_for_code(client, "rosa")
        enter_code(client, newest_code(app))
        assert client.get("/sign-in/resume").location == "/"

    def test_it_can_be_thrown_away(
        self, app: Flask, world: World, client: FlaskClient, noon: Traveller
    ) -> None:
        sign_in_fully(app, client)
        page = client.get(DEVICES)
        noon.shift(16 * MINUTE)
        send_form(client, page, button="Forget this device")
        press_sign_in(client, GOOD)
        assert post_form(client, "/sign-in/resume", button="Do not send it").location == "/"
        assert client.get("/sign-in/resume").location == "/"

    def test_after_an_hour_it_is_gone(
        self, app: Flask, world: World, client: FlaskClient, noon: Traveller
    ) -> None:
        sign_in_fully(app, client)
        page = client.get(DEVICES)
        noon.shift(16 * MINUTE)
        send_form(client, page, button="Forget this device")
        noon.shift(60 * MINUTE)
        press_sign_in(client, GOOD)
        assert client.get("/sign-in/resume").location == "/"

    def test_a_form_of_an_older_session_is_shown_again_at_once(
        self, app: Flask, world: World, client: FlaskClient
    ) -> None:
        sign_in_fully(app, client)
        page = client.get(DEVICES)
        press_sign_in(client, GOOD, "/sign-in?again=1")
        assert send_form(client, page, button="Forget this device").location == "/sign-in/resume"

    def test_a_form_after_signing_out_comes_back_to_whoever_was_last_here(
        self, app: Flask, world: World, client: FlaskClient
    ) -> None:
        sign_in_fully(app, client)
        page = client.get(DEVICES)
        sign_out(client)
        late = send_form(client, page, button="Forget this device")
        assert late.status_code == 401
        assert send_form(client, late, GOOD, "Sign in").location == "/sign-in/resume"

    def test_a_form_of_a_strange_page_is_not_kept(
        self, app: Flask, world: World, client: FlaskClient
    ) -> None:
        sign_in_fully(app, client)
        answer = client.post(
            LATE, data={"note": "planted"}, headers={"Sec-Fetch-Site": "cross-site"}
        )
        assert answer.location == "/"
        assert client.get("/sign-in/resume").location == "/"

    def test_a_form_of_nobody_we_know_leads_to_the_sign_in_page(
        self, world: World, client: FlaskClient
    ) -> None:
        answer = client.post(LATE, data={"note": "typed"})
        assert answer.status_code == 401
        assert KEPT not in answer.text

    def test_htmx_is_led_to_the_sign_in_page_and_the_form_is_kept(
        self, app: Flask, world: World, client: FlaskClient, noon: Traveller
    ) -> None:
        sign_in_fully(app, client)
        page = client.get(DEVICES)
        noon.shift(16 * MINUTE)
        late = send_form(client, page, button="Forget this device", headers={"HX-Request": "true"})
        assert (late.status_code, late.headers["HX-Redirect"]) == (401, "/sign-in")
        assert press_sign_in(client, GOOD).location == "/sign-in/resume"

    def test_a_sign_in_page_that_lay_open_for_long_says_so(
        self, app: Flask, world: World, client: FlaskClient
    ) -> None:
        page = client.get("/sign-in")
        client.delete_cookie("session")
        again = send_form(client, page, GOOD, "Sign in", follow_redirects=True)
        assert "This page had been open for too long." in again.text
