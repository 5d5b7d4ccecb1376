"""A passkey: made on the account page, and then the only thing needed to sign in."""

from collections.abc import Callable

from playwright.sync_api import expect

from finger import Finger
from people import Someone
from portal import Portal

Phone = Callable[..., Someone]


def test_a_passkey_signs_in_without_password_or_code(phone: Phone, portal: Portal) -> None:
    ana = phone("ana").signs_in()
    Finger(ana.page, in_field=False)
    adds_a_passkey(ana)
    ana.signs_out()

    ana.goes_to("/sign-in")
    ana.presses("Use a passkey")
    ana.is_signed_in()
    ana.sees("Rosa")


def test_a_passkey_taken_from_the_username_field_signs_in(phone: Phone, portal: Portal) -> None:
    ana = phone("ana").signs_in(looking=False)
    Finger(ana.page)
    adds_a_passkey(ana)
    ana.signs_out()

    # What the browser offers beside the field is taken at once; no button is pressed.
    ana.goes_to("/sign-in")
    ana.is_signed_in()
    ana.sees("Rosa")


def test_a_passkey_of_nobody_is_refused_in_words(phone: Phone, portal: Portal) -> None:
    ana = phone("ana")
    Finger(ana.page, in_field=False)
    ana.goes_to("/sign-in")
    ana.presses("Use a passkey")
    expect(ana.page.locator("[data-passkey-status]")).not_to_be_empty()
    ana.looks_around()


def adds_a_passkey(someone: Someone) -> None:
    someone.goes_to("/account")
    someone.looks_around()
    someone.presses("Add a passkey")
    expect(someone.page.get_by_role("listitem").filter(has_text="My phone")).to_be_visible()
    someone.looks_around()
