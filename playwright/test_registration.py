"""Somebody whom the county knows comes to an account, from a letter to her own first page."""

from collections.abc import Callable

from playwright.sync_api import expect

import registering as she
from finger import Finger
from people import Someone
from portal import Portal
from registering import GEORGE, HELEN, LUCIA

Phone = Callable[..., Someone]


def test_a_provider_registers_and_has_her_card_at_once(phone: Phone, portal: Portal) -> None:
    lucia = phone("lucia")
    she.begins(lucia, LUCIA)
    she.says_who(lucia, LUCIA)
    she.gives_email(lucia)
    she.types_the_code(lucia)
    she.chooses_username(lucia, LUCIA.username)
    she.chooses_password(lucia)
    she.answers_questions(lucia)
    she.ends(lucia)

    lucia.follows("Go to my page")
    lucia.checks_in("George Baker")


def test_a_recipient_registers_with_a_passkey_and_signs_in_by_it(
    phone: Phone, portal: Portal
) -> None:
    george = phone("george")
    Finger(george.page, in_field=False)
    she.begins(george, GEORGE)
    she.says_who(george, GEORGE)
    she.gives_email(george)
    she.types_the_code(george)
    she.chooses_username(george, GEORGE.username)
    george.presses("Use a passkey instead")
    she.answers_questions(george)
    she.ends(george)

    george.presses("Add a passkey")
    george.sees("was added")
    george.looks_around()
    george.signs_out()
    george.goes_to("/sign-in")
    george.presses("Use a passkey")
    george.is_signed_in()
    george.sees("Nothing waits for you now")


def test_a_signatory_goes_on_by_the_link_on_another_phone(phone: Phone, portal: Portal) -> None:
    helen = phone("helen")
    she.begins(helen, HELEN)
    she.says_who(helen, HELEN)
    she.gives_email(helen)
    link = she.link_to(helen)

    other = phone("helen")
    other.goes_to(link)
    other.sees("You began on another phone")
    other.looks_around()
    other.page.get_by_label("Case number", exact=True).fill(HELEN.number)
    other.presses("Go on here")
    she.chooses_username(other, HELEN.username)
    she.chooses_password(other)
    she.answers_questions(other)
    she.ends(other)
    other.sees("You sign for George Baker")


def test_what_was_begun_is_gone_on_with_after_the_browser_was_closed(
    phone: Phone, portal: Portal
) -> None:
    lucia = phone("lucia")
    she.begins(lucia, LUCIA)
    she.says_who(lucia, LUCIA)
    she.gives_email(lucia)
    she.types_the_code(lucia)
    lucia.arrives_at("username")
    kept = [each for each in lucia.page.context.cookies() if each["name"] != "session"]

    again = phone("lucia")
    again.page.context.add_cookies(kept)  # type: ignore[arg-type]  # what cookies() gave
    again.goes_to("/register")
    she.chooses_username(again, LUCIA.username)


def test_whoever_does_not_match_asks_the_county_and_its_worker_answers(
    phone: Phone, portal: Portal
) -> None:
    lucia = phone("lucia")
    she.begins(lucia, LUCIA)
    she.says_who(lucia, LUCIA, last_name="Ramos")
    lucia.sees("This does not match our records")
    lucia.looks_around()
    lucia.presses("Ask the county to look")
    expect(lucia.page.get_by_label("Your name", exact=True)).to_have_value("Lucia Ramos")
    lucia.page.get_by_label("Phone or e-mail", exact=True).fill("213 555 0142")
    lucia.looks_around()
    lucia.presses("Send")
    lucia.sees("Your request is with Los Angeles County now")
    lucia.looks_around()

    casey = phone("casey").signs_in(looking=False)
    casey.looks = True
    casey.follows("Help requests")
    casey.sees("Lucia Ramos")
    casey.looks_around()
    casey.page.get_by_role("link", name="Answer the request of Lucia Ramos").click()
    casey.page.get_by_label("What came of it?", exact=True).fill(
        "Called her: her name is right now"
    )
    casey.looks_around()
    casey.presses("Close the request")
    casey.sees("Nobody waits for help")
