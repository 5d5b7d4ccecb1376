"""How one is reached: a new address counts once its code came back, and the old one hears of it."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from time_machine import Traveller
from werkzeug.test import TestResponse

from app.gateways import messaging, texting
from app.models.accounts import Account
from app.models.messages import Notice, QueuedEmail, QueuedText
from factories import World
from forms_in_pages import post_form
from sign_in_steps import is_signed_in, newest_code

NEW = "ana.flores@example.org"
NUMBER = "+12135550142"
SECOND = timedelta(seconds=1)  # letters lie in the order of their instants
MINUTE = timedelta(minutes=1)


@pytest.fixture
def ana(world: World, signed_in: Callable[[Account], FlaskClient], noon: Traveller) -> FlaskClient:
    return signed_in(world.ana)


def ask_email(client: FlaskClient, email: str = NEW) -> TestResponse:
    return post_form(client, "/account/email", {"email": email}, "Send me a code")


def ask_phone(client: FlaskClient, phone: str = "(213) 555-0142") -> TestResponse:
    return post_form(client, "/account/phone", {"phone": phone}, "Text me a code")


def give(client: FlaskClient, page: str, code: str) -> TestResponse:
    return post_form(client, page, {"code": code}, "Continue")


def wrong(code: str) -> str:
    return "000000" if code != "000000" else "000001"


def letters(app: Flask) -> list[messaging.Letter]:
    return messaging.letters(app.extensions["settings"].mailbox)


class TestEmail:
    def test_a_new_one_counts_after_its_code_and_the_old_one_is_told(
        self,
        app: Flask,
        ana: FlaskClient,
        world: World,
        session: Session,
        signed_in: Callable[[Account], FlaskClient],
    ) -> None:
        elsewhere = signed_in(world.ana)
        assert ask_email(ana, " Ana.Flores@Example.org ").location == "/account/email/code"
        assert letters(app)[0].to == NEW
        assert world.ana.email == "ana@example.com"

        done = give(ana, "/account/email/code", newest_code(app))

        assert done.location == "/account"
        session.refresh(world.ana)
        assert world.ana.email == NEW
        told = session.scalars(select(QueuedEmail)).all()
        assert [(letter.code, letter.address) for letter in told] == [
            ("EMAIL_CHANGED", None),
            ("EMAIL_CHANGED", "ana@example.com"),
        ]
        assert is_signed_in(ana)
        assert not is_signed_in(elsewhere)

    def test_a_wrong_code_changes_nothing_and_five_use_it_up(
        self, app: Flask, ana: FlaskClient, world: World
    ) -> None:
        ask_email(ana)
        code = newest_code(app)
        for _ in range(5):
            assert give(ana, "/account/email/code", wrong(code)).status_code == 422
        assert "too many wrong tries" in give(ana, "/account/email/code", code).text
        assert world.ana.email == "ana@example.com"

    def test_a_code_is_good_for_ten_minutes(
        self, app: Flask, ana: FlaskClient, noon: Traveller
    ) -> None:
        ask_email(ana)
        noon.shift(10 * MINUTE)
        late = give(ana, "/account/email/code", newest_code(app))
        assert late.status_code == 422
        assert "too old" in late.text

    def test_only_the_newest_code_works(
        self, app: Flask, ana: FlaskClient, noon: Traveller
    ) -> None:
        ask_email(ana)
        first = newest_code(app)
        noon.shift(SECOND)
        post_form(ana, "/account/email/code", button="Send a new code")
        second = newest_code(app)
        assert first == second or give(ana, "/account/email/code", first).status_code == 422
        assert give(ana, "/account/email/code", second).location == "/account"

    def test_a_code_of_somebody_else_is_no_good(
        self,
        app: Flask,
        ana: FlaskClient,
        world: World,
        signed_in: Callable[[Account], FlaskClient],
    ) -> None:
        rosa = signed_in(world.rosa)
        ask_email(ana)
        code = newest_code(app)
        assert rosa.get("/account/email/code").location == "/account/email"
        ask_email(rosa, "rosa@example.org")
        mine = {letter.to: letter.text for letter in letters(app)}["rosa@example.org"]
        assert code in mine or give(rosa, "/account/email/code", code).status_code == 422

    def test_one_that_is_taken_is_not_told_of_here_but_there(
        self, app: Flask, ana: FlaskClient, world: World
    ) -> None:
        free = ask_email(ana)
        taken = ask_email(ana, "rosa@example.com")
        assert (taken.status_code, taken.location) == (free.status_code, free.location)
        [letter] = [each for each in letters(app) if each.to == "rosa@example.com"]
        assert "code" not in letter.subject.lower()
        for guess in ("123456", "654321"):
            assert give(ana, "/account/email/code", guess).status_code == 422

    @pytest.mark.parametrize("typed", ["", "nonsense", "a@b", "a b@example.com", "ana@example.com"])
    def test_what_is_no_new_address_is_refused_with_what_was_typed(
        self, ana: FlaskClient, typed: str
    ) -> None:
        refused = ask_email(ana, typed)
        assert refused.status_code == 422
        assert f'value="{typed}"' in refused.text or not typed

    def test_codes_are_not_sent_without_end(self, ana: FlaskClient) -> None:
        answers = [ask_email(ana, f"ana{n}@example.org").status_code for n in range(5)]
        assert answers == [303, 303, 303, 303, 429]

    def test_when_mail_is_down_nothing_was_asked_for(
        self, app: Flask, ana: FlaskClient, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def fail(*_args: object) -> None:
            raise messaging.SendingFailed("down")

        with monkeypatch.context() as broken:
            broken.setattr(messaging.MailboxMailer, "send", fail)
            for _ in range(5):  # and none of these counts as a code
                told = ask_email(ana)
                assert told.status_code == 503
                assert NEW in told.text
        assert ana.get("/account/email/code").location == "/account/email"
        assert ask_email(ana).location == "/account/email/code"

    def test_two_who_ask_for_one_address_do_not_both_get_it(
        self,
        app: Flask,
        ana: FlaskClient,
        world: World,
        signed_in: Callable[[Account], FlaskClient],
        noon: Traveller,
    ) -> None:
        rosa = signed_in(world.rosa)
        ask_email(ana)
        hers = newest_code(app)
        noon.shift(SECOND)
        ask_email(rosa)
        assert give(rosa, "/account/email/code", newest_code(app)).location == "/account"
        late = give(ana, "/account/email/code", hers)
        assert late.status_code == 422
        assert world.ana.email == "ana@example.com"


class TestPhone:
    def test_a_number_counts_after_its_code_by_text(
        self, app: Flask, ana: FlaskClient, world: World, session: Session
    ) -> None:
        assert ask_phone(ana).location == "/account/phone/code"
        assert letters(app)[0].to == NUMBER
        assert give(ana, "/account/phone/code", newest_code(app)).location == "/account"
        session.refresh(world.ana)
        assert world.ana.phone == NUMBER
        assert "(213) 555-0142" in ana.get("/account").text
        assert [text.code for text in session.scalars(select(QueuedText))] == ["PHONE_CHANGED"]

    def test_it_is_removed_after_a_question_and_the_number_hears_of_it(
        self, ana: FlaskClient, world: World, session: Session
    ) -> None:
        world.ana.phone, world.ana.phone_confirmed_at = NUMBER, world.ana.created_at
        world.ana.tells_by_text, world.ana.tells_by_email = True, False
        session.commit()
        removed = post_form(ana, "/account/phone/remove", button="Remove the number")
        assert removed.location == "/account"
        session.refresh(world.ana)
        assert (world.ana.phone, world.ana.tells_by_email) == (None, True)
        [text] = session.scalars(select(QueuedText))
        assert (text.code, text.number) == ("PHONE_REMOVED", NUMBER)

    def test_where_there_is_none_there_is_nothing_to_remove(self, ana: FlaskClient) -> None:
        assert ana.get("/account/phone/remove").location == "/account"

    @pytest.mark.parametrize("typed", ["", "12", "213-555-01", "call me", "+44 20 7946 0958"])
    def test_what_is_no_number_here_is_refused(self, ana: FlaskClient, typed: str) -> None:
        assert ask_phone(ana, typed).status_code == 422

    def test_when_texts_are_down_she_is_told(
        self, ana: FlaskClient, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def fail(*_args: object) -> None:
            raise messaging.SendingFailed("down")

        monkeypatch.setattr(texting.MailboxTexter, "send", fail)
        told = ask_phone(ana)
        assert told.status_code == 503
        assert "nothing was changed" in told.text


class TestAddress:
    def test_a_provider_changes_hers(
        self, ana: FlaskClient, world: World, session: Session
    ) -> None:
        typed = "  12 Elm Street \r\n\r\nLos Angeles, CA 90004\r\n"
        changed = post_form(ana, "/account/address", {"address": typed}, "Save")
        assert changed.location == "/account"
        session.refresh(world.ana)
        assert world.ana.mailing_address == "12 Elm Street\nLos Angeles, CA 90004"
        assert "12 Elm Street" in ana.get("/account/address").text
        assert [each.code for each in session.scalars(select(QueuedEmail))] == ["ADDRESS_CHANGED"]

    @pytest.mark.parametrize("typed", [" ", "x" * 201, "a\nb\nc\nd\ne", "y" * 1001])
    def test_what_is_no_address_is_refused(self, ana: FlaskClient, typed: str) -> None:
        refused = post_form(ana, "/account/address", {"address": typed}, "Save")
        assert refused.status_code == 422

    def test_that_of_a_recipient_is_the_countys(
        self, world: World, signed_in: Callable[[Account], FlaskClient]
    ) -> None:
        rosa = signed_in(world.rosa)
        assert "/account/address" not in rosa.get("/account").text
        refused = post_form(rosa, "/account/address", {"address": "12 Elm Street"}, "Save")
        assert refused.status_code == 422
        assert "on file with your county" in refused.text


class TestTelling:
    def test_by_text_instead_of_mail(
        self, ana: FlaskClient, world: World, session: Session
    ) -> None:
        world.ana.phone, world.ana.phone_confirmed_at = NUMBER, world.ana.created_at
        session.commit()
        page = {"by_text": "y", "by_email": []}
        assert post_form(ana, "/account/notices", page, "Save").location == "/account"
        session.refresh(world.ana)
        assert (world.ana.tells_by_email, world.ana.tells_by_text) == (False, True)

    @pytest.mark.parametrize(
        ("chosen", "words"),
        [({"by_email": []}, "Choose one way or both"), ({"by_text": "y"}, "no phone number")],
    )
    def test_some_way_must_be_left_and_open(
        self, ana: FlaskClient, chosen: dict[str, str | list[str]], words: str
    ) -> None:
        refused = post_form(ana, "/account/notices", chosen, "Save")
        assert refused.status_code == 422
        assert words in refused.text

    def test_reminders_of_taps_are_turned_off_without_any_alarm(
        self, ana: FlaskClient, world: World, session: Session
    ) -> None:
        post_form(ana, "/account/notices", {"of_taps": []}, "Save")

        session.refresh(world.ana)
        assert not world.ana.reminds_of_taps
        assert world.ana.reminds_of_timesheets
        assert session.scalars(select(Notice.code)).all() == []

    def test_whoever_checks_in_nowhere_is_not_asked_about_reminders_of_taps(
        self, world: World, session: Session, signed_in: Callable[[Account], FlaskClient]
    ) -> None:
        page = signed_in(world.rosa).get("/account/notices").text
        assert "forgotten to check in" not in page

    def test_whoever_signs_can_turn_off_reminders_of_timesheets(
        self, world: World, session: Session, signed_in: Callable[[Account], FlaskClient]
    ) -> None:
        post_form(signed_in(world.rosa), "/account/notices", {"of_timesheets": []}, "Save")

        session.refresh(world.rosa)
        assert not world.rosa.reminds_of_timesheets
        assert world.rosa.reminds_of_taps
        assert session.scalars(select(Notice.code)).all() == []
