"""The pages of signing in, walked through as a person and her browser do."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from re import search

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.gateways import messaging, passwords
from app.models.accounts import Account
from app.models.devices import Session as SignedInSession
from app.models.devices import TrustedDevice
from factories import PASSWORD, World
from forms_in_pages import find_form, post_form, send_form
from smtp_server import Postbox, free_port, smtp_server
from soft_authenticator import SoftAuthenticator

NOON = datetime(2026, 11, 24, 20, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
GOOD = {"username": "ana", "password": PASSWORD}
SENT = "a code is on its way"
KEPT = "What you typed is still here. Sign in to send it."


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOON, tick=False) as moved:
        yield moved


@pytest.fixture
def mail_by(app: Flask) -> Iterator[Callable[[str], None]]:
    """Send this test's mail by another address than the demo's folder."""
    usual = app.extensions["settings"]

    def by(url: str) -> None:
        app.extensions["settings"] = replace(usual, smtp_url=url)

    yield by
    app.extensions["settings"] = usual


def newest_code(app: Flask) -> str:
    letter = messaging.letters(app.extensions["settings"].mailbox)[0]
    found = search(r"\b\d{6}\b", letter.text)
    assert found
    return found[0]


def press_sign_in(
    client: FlaskClient, typed: dict[str, str], page: str = "/sign-in"
) -> TestResponse:
    return post_form(client, page, typed, "Sign in")


def ask_for_code(client: FlaskClient, name: str) -> TestResponse:
    return post_form(client, "/sign-in", {"username": name, "password": ""}, "Send me a code")


def enter_code(client: FlaskClient, code: str) -> TestResponse:
    return post_form(client, "/sign-in/code", {"code": code}, "Continue")


def is_signed_in(client: FlaskClient) -> bool:
    return client.get("/account").status_code == 200


def sign_in_fully(app: Flask, client: FlaskClient) -> None:
    press_sign_in(client, GOOD)
    assert enter_code(client, newest_code(app)).status_code == 303
    assert is_signed_in(client)


def csrf_of(client: FlaskClient, page: str) -> dict[str, str]:
    found = search(r'<meta name="csrf-token" content="([^"]+)"', client.get(page).text)
    assert found
    return {"X-CSRFToken": found[1]}


class TestPassword:
    def test_a_new_device_is_asked_for_a_code_and_is_known_for_thirty_days(
        self, app: Flask, world: World, client: FlaskClient, clock: time_machine.Traveller
    ) -> None:
        asked = press_sign_in(client, GOOD)
        assert (asked.status_code, asked.location) == (303, "/sign-in/code")
        assert not is_signed_in(client)
        assert "ana@example.com" in client.get("/sign-in/code").text
        entered = enter_code(client, newest_code(app))
        assert (entered.status_code, entered.location) == (303, "/")
        assert is_signed_in(client)

        clock.shift(timedelta(days=29))
        assert press_sign_in(client, GOOD).location == "/"
        clock.shift(timedelta(days=1))
        assert press_sign_in(client, GOOD).location == "/sign-in/code"

    def test_a_known_device_of_ana_is_not_one_of_rosa(
        self, app: Flask, world: World, client: FlaskClient
    ) -> None:
        sign_in_fully(app, client)
        post_form(client, "/account", button="Sign out")
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
        self, world: World, client: FlaskClient, clock: time_machine.Traveller, name: str
    ) -> None:
        for _ in range(5):
            locked = press_sign_in(client, {"username": name, "password": "wrong"})
        assert (locked.status_code, locked.headers["Retry-After"]) == (429, str(30 * 60))
        assert "locked until 12:30" in locked.text
        assert "Send me a code" in locked.text
        assert "(888) 555-0142" in locked.text

    def test_every_answer_to_a_name_that_nobody_has_is_the_same_page(
        self, world: World, app: Flask, clock: time_machine.Traveller
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
            raise passwords.TooBusy

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
        self, app: Flask, world: World, client: FlaskClient, clock: time_machine.Traveller
    ) -> None:
        ask_for_code(client, "rosa")
        for _ in range(3):
            clock.shift(MINUTE)
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
        assert (postbox.visits, postbox.letters) == (1, [])


class TestPasskey:
    def enrolled(self, app: Flask, client: FlaskClient) -> SoftAuthenticator:
        phone = SoftAuthenticator()
        sign_in_fully(app, client)
        token = csrf_of(client, "/account")
        options = client.post("/account/passkeys/options", json={}, headers=token).json
        answer = {"credential": phone.register(options), "name": "My phone"}
        added = client.post("/account/passkeys", json=answer, headers=token)
        assert added.json == {"location": "/account"}
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

    @pytest.mark.parametrize("nonsense", ["[]", "7", '{"credential": 7}', '{"credential": []}'])
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
        self, app: Flask, world: World, client: FlaskClient, clock: time_machine.Traveller
    ) -> None:
        sign_in_fully(app, client)
        clock.shift(14 * MINUTE)
        assert is_signed_in(client)
        clock.shift(15 * MINUTE)
        assert not is_signed_in(client)

    def test_extending_tells_when_it_ends_now(
        self, app: Flask, world: World, client: FlaskClient, clock: time_machine.Traveller
    ) -> None:
        sign_in_fully(app, client)
        token = csrf_of(client, "/account")
        clock.shift(10 * MINUTE)
        extended = client.post("/session/extend", json={}, headers=token)
        assert extended.json == {
            "ends": (NOON + 25 * MINUTE).isoformat(),
            "now": (NOON + 10 * MINUTE).isoformat(),
        }
        clock.shift(14 * MINUTE)
        assert is_signed_in(client)

    def test_what_has_ended_is_not_extended(
        self, app: Flask, world: World, client: FlaskClient, clock: time_machine.Traveller
    ) -> None:
        sign_in_fully(app, client)
        token = csrf_of(client, "/account")
        clock.shift(15 * MINUTE)
        ended = client.post("/session/extend", json={}, headers=token)
        assert (ended.status_code, ended.json) == (401, {"error": "sign_in"})

    def test_signing_out_ends_it_here_and_spares_the_outbox_and_the_device(
        self, app: Flask, world: World, client: FlaskClient
    ) -> None:
        sign_in_fully(app, client)
        copied = app.test_client()
        with client.session_transaction() as cookie, copied.session_transaction() as stolen:
            stolen.update(cookie)

        left = post_form(client, "/account", button="Sign out")

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


class TestFormsThatCameTooLate:
    """Casey renames nothing: any form of a signed-in page will do, and this one is at hand."""

    LATE = "/account/devices/1/forget"

    def test_a_form_after_the_end_is_kept_and_sent_only_when_she_presses_again(
        self, app: Flask, world: World, client: FlaskClient, clock: time_machine.Traveller
    ) -> None:
        sign_in_fully(app, client)
        page = client.get("/account")
        clock.shift(16 * MINUTE)

        late = send_form(client, page, button="Sign out there")
        assert late.status_code == 401
        assert KEPT in late.text

        back = send_form(client, late, GOOD, "Sign in")
        assert back.location == "/sign-in/resume"
        shown = client.get("/sign-in/resume")
        assert "<h1>What you typed is still here</h1>" in shown.text
        sent = send_form(client, shown, button="Send it now")
        assert (sent.status_code, sent.location) == (303, "/account")

    def test_every_field_comes_back_as_it_was_but_secrets(
        self, app: Flask, world: World, client: FlaskClient, clock: time_machine.Traveller
    ) -> None:
        sign_in_fully(app, client)
        token = find_form(client.get("/account").text, button="Sign out").values[0][1]
        clock.shift(16 * MINUTE)
        typed = {
            "csrf_token": token,
            "note": '\nShe said "<b>no</b>"\n',
            "reason": ["late", "wrong-day"],
            "empty": "",
            "password": "secret words",
        }
        client.post(f"{self.LATE}?week=2", data=typed)
        press_sign_in(client, GOOD)

        form = find_form(client.get("/sign-in/resume").text, button="Send it now")

        assert form.action == f"{self.LATE}?week=2"
        assert [pair for pair in form.values if pair[0] != "csrf_token"] == [
            ("note", '\nShe said "<b>no</b>"\n'),
            ("reason", "late"),
            ("reason", "wrong-day"),
            ("empty", ""),
        ]

    def test_by_a_passkey_or_a_code_it_comes_back_as_well(
        self, app: Flask, world: World, client: FlaskClient, clock: time_machine.Traveller
    ) -> None:
        sign_in_fully(app, client)
        page = client.get("/account")
        clock.shift(16 * MINUTE)
        late = send_form(client, page, button="Sign out there")
        send_form(client, late, {"username": "ana"}, "Send me a code")
        assert enter_code(client, newest_code(app)).location == "/sign-in/resume"

    def test_somebody_else_who_signs_in_does_not_see_it(
        self, app: Flask, world: World, client: FlaskClient, clock: time_machine.Traveller
    ) -> None:
        sign_in_fully(app, client)
        page = client.get("/account")
        clock.shift(16 * MINUTE)
        send_form(client, page, button="Sign out there")
        ask_for_code(client, "rosa")
        enter_code(client, newest_code(app))
        assert client.get("/sign-in/resume").location == "/"

    def test_it_can_be_thrown_away(
        self, app: Flask, world: World, client: FlaskClient, clock: time_machine.Traveller
    ) -> None:
        sign_in_fully(app, client)
        page = client.get("/account")
        clock.shift(16 * MINUTE)
        send_form(client, page, button="Sign out there")
        press_sign_in(client, GOOD)
        assert post_form(client, "/sign-in/resume", button="Do not send it").location == "/"
        assert client.get("/sign-in/resume").location == "/"

    def test_after_an_hour_it_is_gone(
        self, app: Flask, world: World, client: FlaskClient, clock: time_machine.Traveller
    ) -> None:
        sign_in_fully(app, client)
        page = client.get("/account")
        clock.shift(16 * MINUTE)
        send_form(client, page, button="Sign out there")
        clock.shift(60 * MINUTE)
        press_sign_in(client, GOOD)
        assert client.get("/sign-in/resume").location == "/"

    def test_a_form_of_an_older_session_is_shown_again_at_once(
        self, app: Flask, world: World, client: FlaskClient
    ) -> None:
        sign_in_fully(app, client)
        page = client.get("/account")
        press_sign_in(client, GOOD, "/sign-in?again=1")
        assert send_form(client, page, button="Sign out there").location == "/sign-in/resume"

    def test_a_form_after_signing_out_comes_back_to_whoever_was_last_here(
        self, app: Flask, world: World, client: FlaskClient
    ) -> None:
        sign_in_fully(app, client)
        page = client.get("/account")
        post_form(client, "/account", button="Sign out")
        late = send_form(client, page, button="Sign out there")
        assert late.status_code == 401
        assert send_form(client, late, GOOD, "Sign in").location == "/sign-in/resume"

    def test_a_form_of_a_strange_page_is_not_kept(
        self, app: Flask, world: World, client: FlaskClient
    ) -> None:
        sign_in_fully(app, client)
        answer = client.post(
            self.LATE, data={"note": "planted"}, headers={"Sec-Fetch-Site": "cross-site"}
        )
        assert answer.location == "/"
        assert client.get("/sign-in/resume").location == "/"

    def test_a_form_of_nobody_we_know_leads_to_the_sign_in_page(
        self, world: World, client: FlaskClient
    ) -> None:
        answer = client.post(self.LATE, data={"note": "typed"})
        assert answer.status_code == 401
        assert KEPT not in answer.text

    def test_htmx_is_led_to_the_sign_in_page_and_the_form_is_kept(
        self, app: Flask, world: World, client: FlaskClient, clock: time_machine.Traveller
    ) -> None:
        sign_in_fully(app, client)
        page = client.get("/account")
        clock.shift(16 * MINUTE)
        late = send_form(client, page, button="Sign out there", headers={"HX-Request": "true"})
        assert (late.status_code, late.headers["HX-Redirect"]) == (401, "/sign-in")
        assert press_sign_in(client, GOOD).location == "/sign-in/resume"

    def test_a_sign_in_page_that_lay_open_for_long_says_so(
        self, app: Flask, world: World, client: FlaskClient
    ) -> None:
        page = client.get("/sign-in")
        client.delete_cookie("session")
        again = send_form(client, page, GOOD, "Sign in", follow_redirects=True)
        assert "This page had been open for too long." in again.text


def without_tokens(page: str) -> str:
    """A page without what differs each time it is made."""
    kept = [line for line in page.splitlines() if "csrf" not in line]
    return "\n".join(kept)
