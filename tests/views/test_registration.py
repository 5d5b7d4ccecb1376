"""The pages of registering: each step, what goes wrong in it, and going on elsewhere."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app import clock
from app.gateways import messaging, passwords
from app.gateways.turns import TooBusy
from app.models.accounts import Account
from app.models.registrations import HelpRequest, Registration
from factories import World
from forms_in_pages import post_form, send_form
from newcomers import (
    ANSWERS,
    GEORGE,
    GEORGES_CIN,
    HELEN,
    LONG_PASSWORD,
    LUCIA,
    Newcomer,
    add_newcomers,
    goes_by_cin,
)
from sign_in_steps import csrf_of

CODE = re.compile(r"Your code is (\d{6})")
LINK = re.compile(r"(/register/continue/\S+)")
NO_MATCH = "This does not match our records."


@pytest.fixture(autouse=True)
def newcomers(session: Session, world: World) -> None:
    add_newcomers(session, world)


@pytest.fixture
def letters(app: Flask) -> Callable[[], list[messaging.Letter]]:
    """The letters that went out so far, the newest first."""
    return lambda: messaging.letters(app.extensions["settings"].mailbox)


@pytest.fixture
def mail_is_down(app: Flask) -> None:
    """A mailbox that cannot be written to."""
    folder: Path = app.extensions["settings"].mailbox
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.write_text("a file stands where the folder should be")


def identity_url(world: World, who: Newcomer) -> str:
    return f"/register/identity?role={who.role}&county={world.los_angeles.id}"


def say_who(client: FlaskClient, world: World, who: Newcomer, **other: str) -> TestResponse:
    return post_form(client, identity_url(world, who), who.typed(**other))


def give_email(client: FlaskClient, email: str) -> TestResponse:
    return post_form(client, "/register/email", {"email": email})


def come_to_username(
    client: FlaskClient,
    world: World,
    letters: Callable[[], list[messaging.Letter]],
    who: Newcomer = LUCIA,
    email: str = "lucia@example.com",
) -> None:
    say_who(client, world, who)
    give_email(client, email)
    found = CODE.search(letters()[0].subject)
    assert found
    answer = post_form(client, "/register/code", {"code": found[1]})
    assert answer.location == "/register/username"


def come_to_contact(client: FlaskClient, username: str = "lucia_ramos") -> None:
    post_form(client, "/register/username", {"username": username})
    post_form(client, "/register/password", {"password": LONG_PASSWORD})
    answer = post_form(client, "/register/questions", three_answers())
    assert answer.location == "/register/contact"


def three_answers(**other: str) -> dict[str, str]:
    typed = {}
    for number, (question, answer) in enumerate(ANSWERS.items(), 1):
        typed |= {f"question_{number}": question, f"answer_{number}": answer}
    return typed | other


@pytest.mark.parametrize(
    ("who", "home"),
    [(LUCIA, "Home"), (GEORGE, "Nothing waits for you now"), (HELEN, "George Baker")],
    ids=lambda value: getattr(value, "role", None),
)
def test_somebody_whom_the_county_knows_comes_to_an_account_and_is_signed_in(
    client: FlaskClient,
    world: World,
    session: Session,
    letters: Callable[[], list[messaging.Letter]],
    who: Newcomer,
    home: str,
) -> None:
    start = post_form(
        client, "/register", {"role": str(who.role), "county": str(world.los_angeles.id)}
    )
    assert start.location == identity_url(world, who)

    come_to_username(client, world, letters, who)
    come_to_contact(client)
    answer = post_form(
        client, "/register/contact", {"language": "es", "phone": "213-555-0142"},
        "Create my account", follow_redirects=True,
    )  # fmt: skip

    assert answer.request.path == "/register/done"
    assert f"Welcome, {who.first_name}. You are signed in." in answer.text
    assert ("You sign for George Baker." in answer.text) is (who is HELEN)
    account = session.scalars(select(Account).where(Account.username == "lucia_ramos")).one()
    assert account.role == who.role
    assert home in client.get("/").text
    assert "Welcome to CareHours" in client.get("/notices").text


def test_the_first_page_and_the_sign_in_page_lead_to_it(client: FlaskClient) -> None:
    assert 'href="/register"' in client.get("/").text
    assert 'href="/register"' in client.get("/sign-in").text


@pytest.mark.parametrize("path", ["email", "code", "username", "password", "questions", "contact"])
def test_no_step_opens_before_somebody_matched(client: FlaskClient, path: str) -> None:
    answer = client.get(f"/register/{path}")

    assert (answer.status_code, answer.location) == (303, "/register")


def test_no_step_can_be_skipped(client: FlaskClient, world: World) -> None:
    say_who(client, world, LUCIA)

    for path in ("code", "username", "password", "questions", "contact"):
        assert client.get(f"/register/{path}").location == "/register/email"


def test_known_and_unknown_numbers_get_the_same_answer(client: FlaskClient, world: World) -> None:
    pages = {
        re.sub(r'(csrf[^>]*(value|content)=")[^"]*|(value=")[^"]*', "", answer.text)
        for number in (LUCIA.number, "100000001", "777777777")
        if (answer := say_who(client, world, LUCIA, number=number, last4="0000")).status_code == 422
    }

    assert len(pages) == 1
    assert NO_MATCH in pages.pop()


def test_a_mismatch_keeps_what_was_typed_and_offers_the_countys_phone(
    client: FlaskClient, world: World
) -> None:
    answer = say_who(client, world, LUCIA, last_name="Ramos")

    assert answer.status_code == 422
    assert 'value="Lucía"' in answer.text
    assert world.los_angeles.phone in answer.text
    assert "aria-invalid" not in answer.text  # no field is pointed at


def test_nobody_is_shown_the_menu_of_a_role_before_she_has_an_account(
    client: FlaskClient, world: World
) -> None:
    for page in (
        client.get(identity_url(world, LUCIA)),
        say_who(client, world, LUCIA, last4="0000"),
    ):
        assert "data-sign-out" not in page.text
        assert 'href="/timesheets"' not in page.text


def test_what_has_not_the_right_shape_is_said_beside_its_field(
    client: FlaskClient, world: World
) -> None:
    typed = {"number": "12345", "born_on": "31/05/1950", "last4": "44171979"}

    answer = say_who(client, world, LUCIA, **typed)

    assert answer.status_code == 422
    for words in ("has nine digits", "This is no date", "Type four digits"):
        assert words in answer.text


def test_the_eleventh_try_of_an_hour_is_answered_alike_for_every_number(
    client: FlaskClient, world: World
) -> None:
    for _ in range(10):
        say_who(client, world, LUCIA, last4="0000")

    for number in (LUCIA.number, "777777777"):
        answer = say_who(client, world, LUCIA, number=number)
        assert answer.status_code == 429
        assert int(answer.headers["Retry-After"]) > 3000
        assert "There were too many tries." in answer.text


def test_a_recipient_of_a_county_that_goes_by_cin_is_asked_for_it(
    client: FlaskClient, world: World, session: Session
) -> None:
    goes_by_cin(world.los_angeles)
    session.commit()

    page = client.get(identity_url(world, GEORGE))
    answer = say_who(client, world, GEORGE, last4=GEORGES_CIN.lower())

    assert "Last four of your CIN" in page.text
    assert answer.location == "/register/email"


def test_whoever_has_an_account_is_shown_the_way_to_sign_in(
    client: FlaskClient, world: World, session: Session
) -> None:
    world.ana.person.ssn_last4 = "1111"
    session.commit()
    ana = replace(LUCIA, number="100000001", first_name="Ana", last_name="Flores", last4="1111",
                  born_on=LUCIA.born_on.replace(1974, 5, 1))  # fmt: skip

    answer = say_who(client, world, ana)

    assert answer.status_code == 422
    assert "You have an account already" in answer.text


def test_an_address_of_an_account_gets_the_same_answer_and_a_letter_that_says_so(
    client: FlaskClient, world: World, letters: Callable[[], list[messaging.Letter]]
) -> None:
    say_who(client, world, LUCIA)

    answer = give_email(client, "Rosa@example.com")
    page = client.get("/register/code")

    assert answer.location == "/register/code"
    assert "We wrote to rosa@example.com." in page.text
    assert letters()[0].to == "rosa@example.com"
    assert letters()[0].subject == "You have an account already"
    assert not CODE.search(letters()[0].text)


def test_the_letter_tells_no_name_to_a_mistyped_address(
    client: FlaskClient, world: World, letters: Callable[[], list[messaging.Letter]]
) -> None:
    say_who(client, world, LUCIA)
    give_email(client, "stranger@example.com")

    assert "Luc" not in letters()[0].text
    assert LUCIA.number not in letters()[0].text


def test_the_link_goes_on_on_another_phone_after_the_number(
    app: Flask, client: FlaskClient, world: World, letters: Callable[[], list[messaging.Letter]]
) -> None:
    say_who(client, world, LUCIA)
    give_email(client, "lucia@example.com")
    found = LINK.search(letters()[0].text)
    assert found
    other = app.test_client()

    assert post_form(other, found[1], {"number": "999999999"}).status_code == 422
    answer = post_form(other, found[1], {"number": LUCIA.number})

    assert answer.location == "/register/username"
    assert other.get("/register").location == "/register/username"
    assert client.get("/register/code").location == "/register"


def test_opening_a_link_does_nothing_before_the_button_is_pressed(
    app: Flask,
    client: FlaskClient,
    world: World,
    session: Session,
    letters: Callable[[], list[messaging.Letter]],
) -> None:
    say_who(client, world, LUCIA)
    give_email(client, "lucia@example.com")
    found = LINK.search(letters()[0].text)
    assert found

    assert app.test_client().get(found[1]).status_code == 200
    assert session.scalars(select(Registration.email_confirmed_at)).one() is None
    assert post_form(client, found[1]).location == "/register/username"


def test_a_made_up_link_is_told_in_plain_words(client: FlaskClient) -> None:
    assert "This link does not work any more" in client.get("/register/continue/nonsense").text


@pytest.mark.usefixtures("mail_is_down")
def test_while_mail_is_down_the_truth_is_told_and_all_is_kept(
    app: Flask, client: FlaskClient, world: World, letters: Callable[[], list[messaging.Letter]]
) -> None:
    say_who(client, world, LUCIA)

    for _ in range(6):  # and failed letters are not counted
        answer = give_email(client, "lucia@example.com")
        assert answer.status_code == 503
        assert answer.headers["Retry-After"]
        assert "We cannot send e-mail just now." in answer.text
        assert 'value="lucia@example.com"' in answer.text

    app.extensions["settings"].mailbox.unlink()
    post_form(client, "/register/code", button="Send a new e-mail")
    assert CODE.search(letters()[0].subject)


def test_a_wrong_code_says_how_many_tries_are_left(
    client: FlaskClient, world: World, letters: Callable[[], list[messaging.Letter]]
) -> None:
    say_who(client, world, LUCIA)
    give_email(client, "lucia@example.com")
    found = CODE.search(letters()[0].subject)
    assert found

    answer = post_form(
        client, "/register/code", {"code": f"{(int(found[1]) + 1) % 10**6:06d}"}, "Continue"
    )

    assert answer.status_code == 422
    assert "Tries left for this code: 4." in answer.text


def test_a_username_in_two_scripts_is_refused_by_naming_the_strange_letter(
    client: FlaskClient, world: World, letters: Callable[[], list[messaging.Letter]]
) -> None:
    come_to_username(client, world, letters)

    answer = post_form(client, "/register/username", {"username": "luci\u0430_ramos"})

    assert answer.status_code == 422
    assert "These signs cannot stand in a username: \u0430." in answer.text
    assert 'value="luci\u0430_ramos"' in answer.text


def test_a_taken_username_is_told(
    client: FlaskClient,
    world: World,
    session: Session,
    letters: Callable[[], list[messaging.Letter]],
) -> None:
    world.ana.username = "lucia_ramos"
    session.commit()
    come_to_username(client, world, letters)

    answer = post_form(client, "/register/username", {"username": "Lucia_Ramos"})

    assert "Somebody else has the username “lucia_ramos”." in answer.text


def test_a_password_of_ten_megabytes_is_too_large_and_one_of_300_kilobytes_too_long(
    client: FlaskClient, world: World, letters: Callable[[], list[messaging.Letter]]
) -> None:
    come_to_username(client, world, letters)
    post_form(client, "/register/username", {"username": "lucia_ramos"})

    huge = post_form(client, "/register/password", {"password": "x" * 10_000_000})
    long = post_form(client, "/register/password", {"password": "x" * 300_000})

    assert huge.status_code == 413
    assert long.status_code == 422
    assert "too long for a password" in long.text
    assert "x" * 100 not in long.text


def test_a_short_password_is_explained_and_never_shown_again(
    client: FlaskClient, world: World, letters: Callable[[], list[messaging.Letter]]
) -> None:
    come_to_username(client, world, letters)
    post_form(client, "/register/username", {"username": "lucia_ramos"})

    answer = post_form(client, "/register/password", {"password": "quiet lemons"}, "Continue")

    assert answer.status_code == 422
    assert "It needs 15 or more." in answer.text
    assert "quiet lemons" not in answer.text


def test_while_too_many_hash_passwords_somebody_is_asked_to_try_again(
    client: FlaskClient,
    world: World,
    letters: Callable[[], list[messaging.Letter]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def busy(_text: str) -> str:
        raise TooBusy

    come_to_username(client, world, letters)
    post_form(client, "/register/username", {"username": "lucia_ramos"})
    monkeypatch.setattr(passwords, "hash_password", busy)

    answer = post_form(client, "/register/password", {"password": LONG_PASSWORD}, "Continue")

    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "2"


def test_a_passkey_can_take_the_place_of_a_password(
    client: FlaskClient,
    world: World,
    session: Session,
    letters: Callable[[], list[messaging.Letter]],
) -> None:
    come_to_username(client, world, letters)
    post_form(client, "/register/username", {"username": "lucia_ramos"})

    answer = post_form(client, "/register/password", button="Use a passkey instead")
    assert answer.location == "/register/questions"
    post_form(client, "/register/questions", three_answers())
    done = post_form(client, "/register/contact", button="Create my account", follow_redirects=True)

    assert "You have no password. Make a passkey now" in done.text
    assert "data-passkey-enroll" in done.text
    account = session.scalars(select(Account).where(Account.username == "lucia_ramos")).one()
    assert account.password_hash is None
    token = csrf_of(client, "/register/done")
    assert client.post("/account/passkeys/options", headers=token).status_code == 200


@pytest.mark.parametrize(
    ("other", "words"),
    [
        ({"question_2": "FIRST_PET"}, "Choose 3 different questions"),
        ({"answer_2": "bruno"}, "Two of your answers are the same."),
        ({"answer_3": "C"}, "This answer is too short."),
    ],
)
def test_three_different_questions_need_three_different_answers(
    client: FlaskClient,
    world: World,
    letters: Callable[[], list[messaging.Letter]],
    other: dict[str, str],
    words: str,
) -> None:
    come_to_username(client, world, letters)
    post_form(client, "/register/username", {"username": "lucia_ramos"})
    post_form(client, "/register/password", {"password": LONG_PASSWORD})

    answer = post_form(client, "/register/questions", three_answers(**other))

    assert answer.status_code == 422
    assert words in answer.text
    assert 'value="Bruno"' in answer.text


def test_text_messages_without_a_number_are_explained_beside_the_field(
    client: FlaskClient, world: World, letters: Callable[[], list[messaging.Letter]]
) -> None:
    come_to_username(client, world, letters)
    come_to_contact(client)

    answer = post_form(client, "/register/contact", {"tells_by_text": "yes"})

    assert answer.status_code == 422
    assert "To get text messages, enter your phone number." in answer.text


def test_the_username_that_went_meanwhile_is_asked_for_again_and_all_else_is_kept(
    client: FlaskClient,
    world: World,
    session: Session,
    letters: Callable[[], list[messaging.Letter]],
) -> None:
    come_to_username(client, world, letters)
    come_to_contact(client)
    world.ana.username = "lucia_ramos"
    session.commit()

    answer = post_form(
        client, "/register/contact", {"language": "hy"}, "Create my account", follow_redirects=True
    )
    assert answer.request.path == "/register/username"
    assert "Somebody else has the username" in answer.text

    again = post_form(client, "/register/username", {"username": "lucia_two"})
    assert again.location == "/register/contact"
    assert client.get("/register/contact").text.count('value="hy" checked') == 1


def test_it_can_be_gone_on_with_the_next_day_in_a_browser_that_was_closed(
    client: FlaskClient,
    world: World,
    letters: Callable[[], list[messaging.Letter]],
    noon: time_machine.Traveller,
) -> None:
    come_to_username(client, world, letters)
    cookie = client.get_cookie("registration")
    assert cookie
    assert cookie.max_age == 24 * 60 * 60
    client.delete_cookie("session")
    noon.shift(timedelta(hours=23))

    assert client.get("/register").location == "/register/username"
    noon.shift(timedelta(hours=2))
    assert client.get("/register/username").location == "/register"


def test_a_form_of_a_browser_that_was_closed_meanwhile_leads_back_to_its_step(
    client: FlaskClient, world: World, letters: Callable[[], list[messaging.Letter]]
) -> None:
    come_to_username(client, world, letters)
    page = client.get("/register/username")
    client.delete_cookie("session")

    answer = send_form(client, page, {"username": "lucia_ramos"}, follow_redirects=True)

    assert answer.request.path == "/register/username"


def test_starting_over_forgets_it_in_this_browser(
    client: FlaskClient, world: World, letters: Callable[[], list[messaging.Letter]]
) -> None:
    come_to_username(client, world, letters)

    post_form(client, "/register/username", button="Start over")

    assert client.get("/register").status_code == 200


def test_whoever_did_not_match_asks_her_county_and_its_worker_answers(
    client: FlaskClient,
    world: World,
    session: Session,
    signed_in: Callable[[Account], FlaskClient],
) -> None:
    mismatch = say_who(client, world, LUCIA, last_name="Ramos")

    asking = send_form(client, mismatch, button="Ask the county to look")
    assert 'value="Lucía Ramos"' in asking.text
    assert LUCIA.last4 not in asking.text
    answer = send_form(client, asking, {"reach": "213 555 0142"}, follow_redirects=True)
    assert "Your request is with Los Angeles County now." in answer.text

    desk = signed_in(world.casey)
    listed = desk.get("/county/help-requests")
    assert "Lucía Ramos" in listed.text
    assert "213 555 0142" in listed.text
    request = session.scalars(select(HelpRequest)).one()
    page = f"/county/help-requests/{request.id}"
    assert post_form(desk, page, {"outcome": ""}).status_code == 422
    closed = post_form(desk, page, {"outcome": "Name corrected"}, follow_redirects=True)
    assert "The request is closed." in closed.text
    assert "Name corrected" in closed.text
    assert session.scalars(select(HelpRequest.done_by)).one() == world.casey.id


def test_a_request_says_how_to_reach_somebody(
    client: FlaskClient, world: World, session: Session
) -> None:
    mismatch = say_who(client, world, LUCIA, last_name="Ramos")
    asking = send_form(client, mismatch, button="Ask the county to look")

    assert send_form(client, asking, {"reach": ""}).status_code == 422
    assert session.scalars(select(HelpRequest)).all() == []


def test_other_counties_and_other_roles_do_not_see_a_request(
    world: World, session: Session, signed_in: Callable[[Account], FlaskClient]
) -> None:
    request = HelpRequest(county_id=world.fresno.id, role="provider", name="Lucía", number="",
                          reach="213 555 0142", made_at=clock.now())  # fmt: skip
    session.add(request)
    session.commit()

    assert signed_in(world.casey).get(f"/county/help-requests/{request.id}").status_code == 404
    for account in (world.ana, world.rosa, world.dev):
        assert signed_in(account).get("/county/help-requests").status_code == 403


def test_no_address_of_a_page_holds_anything_personal(
    client: FlaskClient, world: World, letters: Callable[[], list[messaging.Letter]]
) -> None:
    mismatch = say_who(client, world, LUCIA, last_name="Ramos")
    say_who(client, world, LUCIA)
    give_email(client, "lucia@example.com")

    found = LINK.search(letters()[0].text)
    assert found
    for address in (mismatch.request.full_path, found[1]):
        for told in (LUCIA.number, LUCIA.last4, "Luc", "example.com"):
            assert told not in address
