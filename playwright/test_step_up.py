"""In the middle of a form she shows once more that it is she, and finds what she had typed."""

from collections.abc import Callable

from playwright.sync_api import expect

from finger import Finger
from people import PASSWORD, Someone
from portal import Portal

Phone = Callable[..., Someone]
NEW = "ana.flores@example.com"
ADDRESS = "12 Elm Street\nLos Angeles, CA 90004"


def test_password_and_code_in_the_middle_of_a_form(phone: Phone, portal: Portal) -> None:
    ana = phone("ana")
    comes_back_by_password_alone(ana)
    ana.looks = True
    opens_from_her_account(ana, "Mailing address")
    ana.page.get_by_label("Mailing address").fill(ADDRESS)
    ana.presses("Save")

    shows_that_it_is_she(ana)

    expect(ana.page.get_by_label("Mailing address")).to_have_value(ADDRESS)
    ana.looks_around()
    ana.presses("Save")
    ana.sees("Your mailing address was changed.")
    ana.sees("12 Elm Street")


def test_a_touch_in_the_middle_of_a_form(phone: Phone, portal: Portal) -> None:
    ana = phone("ana").signs_in(looking=False)
    Finger(ana.page, in_field=False)
    ana.goes_to("/account")
    ana.presses("Add a passkey")
    ana.sees("My phone")
    ana.signs_out()
    ana.signs_in_again()

    opens_from_her_account(ana, "E-mail")
    ana.page.get_by_label("New e-mail address").fill(NEW)
    ana.presses("Send me a code")
    ana.looks = True
    ana.looks_around()
    ana.presses("Use a passkey")

    expect(ana.page.get_by_label("New e-mail address")).to_have_value(NEW)
    ana.presses("Send me a code")
    code = portal.newest_code_to("ana.flores")
    ana.page.get_by_label("Code", exact=True).fill(code)
    ana.looks_around()
    ana.presses("Continue")
    ana.sees("Your new e-mail address counts from now on.")
    ana.sees(NEW)


def test_a_passkey_is_added_after_the_question(phone: Phone, portal: Portal) -> None:
    ana = phone("ana")
    Finger(ana.page, in_field=False)
    comes_back_by_password_alone(ana)
    ana.goes_to("/account")
    ana.presses("Add a passkey")

    shows_that_it_is_she(ana)

    expect(ana.page.get_by_label("Name of the passkey")).to_have_value("My phone")
    ana.page.get_by_label("Name of the passkey").fill("Kitchen tablet")
    ana.presses("Add a passkey")
    ana.sees("Kitchen tablet")


def test_it_works_without_javascript(phone: Phone, portal: Portal) -> None:
    ana = phone("ana", java_script_enabled=False)
    comes_back_by_password_alone(ana)
    opens_from_her_account(ana, "Mailing address")
    ana.page.get_by_label("Mailing address").fill(ADDRESS)
    ana.presses("Save")
    shows_that_it_is_she(ana)
    expect(ana.page.get_by_label("Mailing address")).to_have_value(ADDRESS)
    ana.presses("Save")
    ana.sees("Your mailing address was changed.")


def comes_back_by_password_alone(someone: Someone) -> None:
    """On a phone that is known by now a password is enough to sign in, and it proves too little."""
    someone.signs_in(looking=False)
    someone.signs_out()
    someone.signs_in_again()


def opens_from_her_account(someone: Someone, what: str) -> None:
    someone.goes_to("/account")
    someone.looks_around()
    someone.page.get_by_role("link", name=f": {what}").click()
    someone.looks_around()


def shows_that_it_is_she(someone: Someone) -> None:
    """By password, and by the code that is mailed then."""
    mails = len(someone.portal.mail_to(someone.username))
    someone.page.get_by_label("Password", exact=True).fill(PASSWORD)
    someone.looks_around()
    someone.presses("Continue")
    code = someone.page.get_by_label("Code", exact=True)
    expect(code).to_be_visible()
    someone.looks_around()
    code.fill(someone.portal.newest_code_to(someone.username, after=mails))
    someone.presses("Continue")
