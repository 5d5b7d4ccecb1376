"""After the password, on a phone that the portal does not know: every kind of code, and “not me”."""

import re
from collections.abc import Callable
from datetime import timedelta

import pyotp
from playwright.sync_api import expect

from people import Someone
from portal import Portal

Phone = Callable[..., Someone]
NOT_ME = re.compile(r"http\S+/not-me/\S+")
NUMBER = "+12135550142"
NEW_PASSWORD = "seven quiet herons by the canal"


def test_the_code_of_an_authenticator_app_opens_the_door(phone: Phone, portal: Portal) -> None:
    secret = adds_an_app(phone("ana").signs_in(), portal)

    elsewhere = phone("ana").gives_password()
    elsewhere.sees("Enter the code from your app")
    elsewhere.types_code("000000")
    elsewhere.sees("not the code that the app shows now")
    elsewhere.looks_around()
    elsewhere.types_code(shown_by_app(secret, portal, later=30))
    elsewhere.is_signed_in()


def test_a_code_by_text_opens_the_door(phone: Phone, portal: Portal) -> None:
    adds_a_number(phone("rosa").signs_in(), portal)
    texts = len(portal.texts_to(NUMBER))

    elsewhere = phone("rosa").gives_password()
    elsewhere.sees("How do you want to show that it is you")
    elsewhere.looks_around()
    elsewhere.presses("Text a code to the number that ends in 0142")
    elsewhere.sees("We sent a code to the number that ends in 0142")
    elsewhere.looks_around()
    elsewhere.types_code(portal.newest_code_by_text_to(NUMBER, after=texts))
    elsewhere.is_signed_in()


def test_a_code_of_the_kit_opens_the_door_once(phone: Phone, portal: Portal) -> None:
    kit = prints_a_kit(phone("ana").signs_in())

    elsewhere = phone("ana").gives_password()
    gives_kit_code(elsewhere, kit[0])
    elsewhere.is_signed_in()

    again = phone("ana").gives_password()
    gives_kit_code(again, kit[0])
    again.sees("This is no recovery code of yours, or it was used")
    again.looks_around()


def test_a_letter_about_a_change_closes_the_account(phone: Phone, portal: Portal) -> None:
    thief = phone("ana").signs_in(looking=False)
    changes_the_password(thief)

    ana = phone("ana")
    ana.goes_to(link_in_the_newest_letter(portal))
    ana.looks_around()
    ana.presses("Close my account for now")
    ana.sees("Your account is closed for now")
    ana.looks_around()

    thief.goes_to("/account")
    expect(thief.page.get_by_role("heading", name="Sign in")).to_be_visible()


def adds_an_app(someone: Someone, portal: Portal) -> str:
    someone.goes_to("/account/app")
    someone.looks_around()
    someone.page.get_by_text("I cannot scan it").click()
    secret = re.sub(r"[^A-Z2-7]", "", someone.page.locator(".long-key").inner_text())
    someone.types_code(shown_by_app(secret, portal))
    someone.sees("authenticator app counts from now on")
    return secret


def shown_by_app(secret: str, portal: Portal, *, later: int = 0) -> str:
    """What the app shows now, or some seconds later: no code works twice."""
    return pyotp.TOTP(secret).at(portal.now + timedelta(seconds=later))


def adds_a_number(someone: Someone, portal: Portal) -> None:
    someone.goes_to("/account/phone")
    someone.looks_around()
    someone.page.get_by_label("New phone number").fill("(213) 555-0142")
    someone.presses("Text me a code")
    someone.sees("We sent a text with a code")
    someone.types_code(portal.newest_code_by_text_to(NUMBER))


def prints_a_kit(someone: Someone) -> list[str]:
    someone.goes_to("/account/recovery-kit")
    someone.looks_around()
    someone.presses("Make a kit")
    someone.sees("You see these codes only now")
    someone.looks_around()
    shown = someone.page.locator("main").inner_text()
    kit = re.findall(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}\b", shown)
    assert len(kit) == 10
    return kit


def gives_kit_code(someone: Someone, code: str) -> None:
    someone.follows("Choose another way")
    someone.follows("Use a recovery code")
    someone.looks_around()
    someone.page.get_by_label("Recovery code").fill(code.lower())
    someone.presses("Continue")


def changes_the_password(someone: Someone) -> None:
    someone.goes_to("/account/password")
    someone.page.get_by_label("New password").press_sequentially("seven quiet")
    someone.sees("4 more characters are needed")
    someone.page.get_by_label("New password").fill(NEW_PASSWORD)
    someone.sees("Strong")
    someone.presses("Save")
    someone.sees("Your account")


def link_in_the_newest_letter(portal: Portal) -> str:
    return portal.newest_to("ana", NOT_ME)
