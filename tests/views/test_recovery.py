"""The pages of a way back: what a browser is led through, and what they say when something is wrong."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from re import search, sub

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app import clock
from app.gateways import messaging
from app.models.accounts import Account
from app.services import outgoing
from app.web import emails, sending_links
from factories import PASSWORD, World
from forms_in_pages import post_form
from sign_in_steps import csrf_of, is_signed_in, newest_code, press_sign_in
from smtp_server import Postbox, free_port, smtp_server
from soft_authenticator import SoftAuthenticator
from ways_back import ANSWERS, NEW_PASSWORD, add_passkey, equip

QUESTIONS = {
    "What was the name of your first pet?": "Bruno",
    "Where was your first job?": "The bakery",
    "What was the name of the first street that you lived on?": "Calle Ocho",
}


@pytest.fixture
def kit(session: Session, world: World) -> list[str]:
    """Ana's kit; she also has answers and a phone number."""
    assert set(QUESTIONS.values()) == set(ANSWERS.values())
    return equip(session, world.ana)


@pytest.fixture
def sent_by(app: Flask) -> Iterator[Callable[..., None]]:
    """Send this test's mail and texts by other addresses than the demo's folder."""
    usual = app.extensions["settings"]

    def by(**settings: str) -> None:
        app.extensions["settings"] = replace(usual, **settings)

    yield by
    app.extensions["settings"] = usual


def set_out(client: FlaskClient, name: str = "ana", lost: str = "everything") -> TestResponse:
    return post_form(client, f"/recover/{lost}", {"username": name}, "Continue")


def answer(client: FlaskClient, typed: str | None = None, kind: str = "email") -> TestResponse:
    """The right answer to the question on the page, or what is typed."""
    page = client.get(f"/recover/proofs/{kind}").text
    if typed is None:
        typed = next(right for question, right in QUESTIONS.items() if question in page)
    return post_form(client, f"/recover/proofs/{kind}", {"answer": typed}, "Send me the code")


def ask_for_code(client: FlaskClient, kind: str = "email") -> TestResponse:
    return post_form(client, f"/recover/proofs/{kind}", {}, "Send me the code")


def enter_code(client: FlaskClient, code: str) -> TestResponse:
    return post_form(client, "/recover/code", {"code": code}, "Continue")


def enter_kit_code(client: FlaskClient, code: str) -> TestResponse:
    return post_form(client, "/recover/proofs/kit", {"code": code}, "Continue")


def choose_password(client: FlaskClient, password: str = NEW_PASSWORD) -> TestResponse:
    return post_form(client, "/recover/new", {"new_password": password}, "Save and sign in")


def prove(app: Flask, client: FlaskClient, kit: list[str]) -> None:
    """Ana gives a code by e-mail and one of her kit."""
    set_out(client)
    answer(client)
    enter_code(client, newest_code(app))
    enter_kit_code(client, kit[0])


class TestComingBack:
    def test_ana_comes_back_by_mail_and_kit(
        self, app: Flask, client: FlaskClient, kit: list[str]
    ) -> None:
        assert "Forgot your username or password?" in client.get("/sign-in").text
        assert set_out(client).location == "/recover/proofs"
        assert "0 of 2 proofs" in client.get("/recover/proofs").text
        assert answer(client).location == "/recover/code"
        assert enter_code(client, newest_code(app)).location == "/recover/proofs"
        page = client.get("/recover/proofs").text
        assert "1 of 2 proofs" in page
        assert "You have given: Code by e-mail." in page
        enter_kit_code(client, kit[0])
        assert client.get("/recover/proofs").location == "/recover/new"
        assert choose_password(client).location == "/recover/done"

        assert is_signed_in(client)
        assert "You are signed out on all other devices." in client.get("/recover/done").text
        other = app.test_client()
        assert press_sign_in(other, {"username": "ana", "password": PASSWORD}).status_code == 422

    def test_ana_comes_back_by_text_and_passkey_and_makes_a_new_one(
        self, app: Flask, session: Session, world: World, client: FlaskClient, kit: list[str]
    ) -> None:
        phone, _ = add_passkey(session, world.ana)
        set_out(client, lost="password")
        answer(client, kind="text")
        enter_code(client, newest_code(app))
        assert post_json(client, "/recover/proofs/passkey", phone.sign_in).json == {
            "location": "/recover/proofs"
        }
        new = SoftAuthenticator()
        made = post_json(client, "/recover/new/passkey", new.register, page="/recover/new")

        assert made.json == {"location": "/recover/done"}
        assert is_signed_in(client)

    def test_whoever_is_signed_in_elsewhere_is_signed_out(
        self,
        app: Flask,
        client: FlaskClient,
        world: World,
        signed_in: Callable[[Account], FlaskClient],
        kit: list[str],
    ) -> None:
        elsewhere = signed_in(world.ana)
        assert is_signed_in(elsewhere)
        prove(app, client, kit)
        choose_password(client)
        assert not is_signed_in(elsewhere)

    def test_every_address_is_told_and_may_say_that_it_was_somebody_else(
        self, app: Flask, session: Session, client: FlaskClient, kit: list[str]
    ) -> None:
        prove(app, client, kit)
        choose_password(client)
        with app.test_request_context():
            mailer = messaging.mailer_for(app.extensions["settings"])
            outgoing.send_due(session, emails.compose, mailer, at=clock.now())
        letter = next(each for each in letters(app) if "got back into" in each.subject)
        assert letter.to == "ana@example.com"
        assert "/not-me/" in letter.text

    def test_a_bad_password_is_refused_beside_its_field_and_can_be_mended(
        self, app: Flask, client: FlaskClient, kit: list[str]
    ) -> None:
        prove(app, client, kit)
        refused = choose_password(client, "too short")
        assert refused.status_code == 422
        assert "The password has 9 characters. It needs 15 or more." in refused.text
        assert "too short" not in refused.text
        assert choose_password(client).location == "/recover/done"

    def test_a_step_cannot_be_left_out(self, client: FlaskClient, kit: list[str]) -> None:
        for page in ("/recover/proofs", "/recover/code", "/recover/new", "/recover/proofs/kit"):
            assert client.get(page).location == "/recover"
        set_out(client)
        assert client.get("/recover/new").location == "/recover/proofs"
        assert client.get("/recover/code").location == "/recover/proofs"
        token = csrf_of(client, "/recover/proofs")
        posted = client.post("/recover/new/passkey/options", headers=token)
        assert posted.status_code == 422


class TestUsername:
    def test_it_is_mailed_to_the_address(
        self, app: Flask, client: FlaskClient, world: World
    ) -> None:
        page = ask_for_username(client, " Ana@Example.com")
        assert page.status_code == 200
        (letter,) = letters(app)
        assert letter.to == "ana@example.com"
        assert "It is: ana" in letter.text

    def test_an_address_that_nobody_has_gets_the_same_answer_and_no_letter(
        self, app: Flask, client: FlaskClient, world: World
    ) -> None:
        known, unknown = (
            bare(ask_for_username(client, name).text, name)
            for name in ("ana@example.com", "nobody@example.com")
        )
        assert known == unknown
        assert len(letters(app)) == 1

    def test_an_address_that_is_not_confirmed_gets_none(
        self, app: Flask, session: Session, client: FlaskClient, world: World
    ) -> None:
        world.ana.email_confirmed_at = None
        session.commit()
        ask_for_username(client, "ana@example.com")
        assert letters(app) == []

    @pytest.mark.parametrize("name", ["ana@example.com", "nobody@example.com"])
    def test_while_mail_is_down_everybody_is_told(
        self, client: FlaskClient, world: World, sent_by: Callable[..., None], name: str
    ) -> None:
        sent_by(smtp_url=f"smtp://localhost:{free_port()}")
        page = ask_for_username(client, name)
        assert page.status_code == 503
        assert page.headers["Retry-After"]
        assert "nothing is on its way" in page.text


class TestNobody:
    def test_every_page_for_a_name_that_nobody_has_is_the_same(
        self, app: Flask, client: FlaskClient, kit: list[str]
    ) -> None:
        ana, nobody = app.test_client(), app.test_client()
        for step in (
            lambda each, name: set_out(each, name),
            lambda each, name: each.get("/recover/proofs"),
            lambda each, name: answer(each, "no idea"),
            lambda each, name: enter_kit_code(each, "AAAA-BBBB-CCCC-DDDD"),
            lambda each, name: post_form(
                each, "/recover/proofs/password", {"password": "no"}, "Continue"
            ),
            lambda each, name: post_form(each, "/recover/proofs/app", {"code": "1"}, "Continue"),
            lambda each, name: each.get("/recover/new"),
            lambda each, name: answer(each, "no idea"),
            lambda each, name: answer(each, "no idea"),
            lambda each, name: answer(each, "no idea"),
            lambda each, name: answer(each, "no idea", "text"),
        ):
            one, other = step(ana, "ana"), step(nobody, "nobody")
            assert one.status_code == other.status_code
            assert one.location == other.location
            assert bare(one.text, "ana") == bare(other.text, "nobody")

    @pytest.mark.parametrize("kind", ["email", "text"])
    def test_after_the_question_it_still_is(
        self,
        app: Flask,
        session: Session,
        client: FlaskClient,
        kit: list[str],
        kind: str,
    ) -> None:
        """An account that no code can reach, too, is told that one is on its way, if…"""
        set_out(client)
        answered = answer(client, kind=kind)
        assert answered.location == "/recover/code"
        assert "If we know that name" in client.get("/recover/code").text


class TestTrouble:
    @pytest.mark.parametrize("trouble", ["down", "answers 500"])
    def test_mail_in_trouble_is_told_and_another_way_is_there(
        self,
        app: Flask,
        client: FlaskClient,
        kit: list[str],
        sent_by: Callable[..., None],
        trouble: str,
    ) -> None:
        set_out(client)
        with smtp_server(Postbox("554 No service")) as url:
            sent_by(smtp_url=url if trouble != "down" else f"smtp://localhost:{free_port()}")
            page = answer(client)

        assert page.status_code == 503
        assert page.headers["Retry-After"] == "60"
        assert "Choose another way" in page.text
        answer_stays = ask_for_code(client, "text")  # it need not be answered again
        assert answer_stays.location == "/recover/code"

    def test_a_code_that_could_not_be_sent_does_not_count(
        self, client: FlaskClient, kit: list[str], sent_by: Callable[..., None]
    ) -> None:
        set_out(client)
        sent_by(smtp_url=f"smtp://localhost:{free_port()}")
        answer(client)
        for _ in range(5):
            assert ask_for_code(client).status_code == 503

    def test_texts_in_trouble_are_told(
        self, client: FlaskClient, kit: list[str], sent_by: Callable[..., None]
    ) -> None:
        set_out(client)
        sent_by(text_url=f"http://sid:token@localhost:{free_port()}")
        assert answer(client, kind="text").status_code == 503

    def test_without_a_service_for_texts_none_is_offered(
        self, client: FlaskClient, kit: list[str], sent_by: Callable[..., None]
    ) -> None:
        set_out(client)
        assert "Code by text message" in client.get("/recover/proofs").text
        sent_by(text_url="")
        assert "Code by text message" not in client.get("/recover/proofs").text
        assert answer(client, kind="text").status_code == 503

    def test_wrong_codes_are_refused_in_words(
        self, app: Flask, client: FlaskClient, kit: list[str]
    ) -> None:
        set_out(client)
        answer(client)
        wrong = "111111" if newest_code(app) == "000000" else "000000"
        page = enter_code(client, wrong)
        assert page.status_code == 422
        assert "Tries left for this code: 4." in page.text

    def test_the_fifth_code_of_an_hour_must_wait(self, client: FlaskClient, kit: list[str]) -> None:
        set_out(client)
        answer(client)
        for _ in range(3):
            ask_for_code(client)
        page = ask_for_code(client)
        assert page.status_code == 429
        assert page.headers["Retry-After"]

    def test_many_beginnings_from_one_address_must_wait(
        self, client: FlaskClient, world: World
    ) -> None:
        answers = [set_out(client, f"name{number}").status_code for number in range(31)]
        assert answers == [303] * 30 + [429]

    def test_after_an_hour_it_starts_again(self, client: FlaskClient, kit: list[str]) -> None:
        set_out(client)
        with time_machine.travel(clock.now() + timedelta(hours=1)):
            page = client.get("/recover/proofs", follow_redirects=True)
        assert "please start again" in page.text

    def test_a_passkey_of_somebody_else_is_refused(
        self, session: Session, world: World, client: FlaskClient
    ) -> None:
        phone, _ = add_passkey(session, world.rosa)
        set_out(client, lost="password")
        answered = post_json(client, "/recover/proofs/passkey", phone.sign_in)
        assert answered.status_code == 422
        assert answered.json["message"].startswith("This passkey did not work.")

    @pytest.mark.parametrize("sent", [[], {}, {"credential": "no"}])
    def test_nonsense_for_a_passkey_is_a_bad_request(
        self, client: FlaskClient, world: World, sent: object
    ) -> None:
        set_out(client)
        token = csrf_of(client, "/recover/proofs/passkey")
        answered = client.post("/recover/proofs/passkey", json=sent, headers=token)
        assert answered.status_code == 400


class TestDeskLink:
    def test_the_link_and_a_code_lead_back(
        self, app: Flask, client: FlaskClient, world: World
    ) -> None:
        link = mailed_link(app, world)
        page = client.get(link)
        assert "This link came from the service desk." in page.text
        assert post_form(client, link, {}, "Go on").location == "/recover/proofs"
        assert "1 of 2 proofs" in client.get("/recover/proofs").text
        ask_for_code(client)
        enter_code(client, newest_code(app))
        assert choose_password(client).location == "/recover/done"

    def test_looking_at_it_does_not_use_it_up(
        self, app: Flask, client: FlaskClient, world: World
    ) -> None:
        link = mailed_link(app, world)
        for _ in range(3):
            assert client.get(link).status_code == 200
        assert post_form(client, link, {}, "Go on").location == "/recover/proofs"

    def test_a_used_or_invented_one_says_so(
        self, app: Flask, client: FlaskClient, world: World
    ) -> None:
        link = mailed_link(app, world)
        post_form(client, link, {}, "Go on")
        for wrong in (link, "/recover/link/invented"):
            page = post_form(client, wrong, {}, "Go on")
            assert page.status_code == 422
            assert "This link does not work any more." in page.text

    def test_one_that_could_not_be_mailed_was_never_made(
        self, app: Flask, world: World, sent_by: Callable[..., None]
    ) -> None:
        sent_by(smtp_url=f"smtp://localhost:{free_port()}")
        with app.test_request_context(), pytest.raises(messaging.SendingFailed):
            sending_links.send_reset(world.ana, reason="Called", by=world.dev)
        assert letters(app) == []


def post_json(
    client: FlaskClient,
    address: str,
    answer_with: Callable[[dict[str, object]], dict[str, object]],
    page: str = "/recover/proofs/passkey",
) -> TestResponse:
    """What the page's script does: ask for options, let the authenticator answer, send it."""
    token = csrf_of(client, page)
    options = client.post(f"{address}/options", headers=token).json
    return client.post(address, json={"credential": answer_with(options)}, headers=token)


def ask_for_username(client: FlaskClient, address: str) -> TestResponse:
    return post_form(client, "/recover/username", {"email": address}, "Send me my username")


def letters(app: Flask) -> list[messaging.Letter]:
    return messaging.letters(app.extensions["settings"].mailbox)


def mailed_link(app: Flask, world: World) -> str:
    with app.test_request_context():
        sending_links.send_reset(world.ana, reason="Called, lost her phone", by=world.dev)
    found = search(r"http://localhost(/recover/link/\S+)", letters(app)[0].text)
    assert found
    return found[1]


def bare(page: str, name: str) -> str:
    """A page without what differs between any two: tokens, the name typed, the question's words."""
    page = sub(r'(name="csrf_token"[^>]*value=|csrf-token" content=)"[^"]+"', "", page)
    page = sub(r'<label[^>]*for="answer".*?</label>', "", page)
    return page.replace(name, "…")
