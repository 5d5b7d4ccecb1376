"""Everything is lost, or only something: the ways back into an account, to the end."""

import re
from collections.abc import Callable

from playwright.sync_api import expect

from finger import Finger
from people import PASSWORD, Someone
from portal import Portal

Phone = Callable[..., Someone]
KIT_CODE = re.compile(r"\b[0-9A-Z]{4}(?:-[0-9A-Z]{4}){3}\b")
NEW_PASSWORD = "violet lantern over the harbour"


def test_ana_loses_everything_and_comes_back_through_her_kit(phone: Phone, portal: Portal) -> None:
    old = phone("ana").signs_in(looking=False)
    kit = prints_a_kit(old)

    ana = phone("ana")
    says_what_is_lost(ana, "Everything")
    sees_progress(ana, "0 of 2 proofs")
    gives_a_code_by_mail(ana)
    sees_progress(ana, "1 of 2 proofs")
    gives_a_kit_code(ana, kit[0])
    chooses_a_password(ana)
    ana.sees("You are back")
    ana.follows("Go to the home page")
    ana.sees("Rosa")

    # The lost phone is signed out, and the old password opens nothing.
    old.goes_to("/account")
    expect(old.page.get_by_label("Password", exact=True)).to_be_visible()
    old.page.get_by_label("Username or e-mail").fill("ana")
    old.page.get_by_label("Password", exact=True).fill(PASSWORD)
    old.presses("Sign in")
    old.sees("do not match")


def test_a_code_of_the_kit_leads_back_once(phone: Phone, portal: Portal) -> None:
    kit = prints_a_kit(phone("ana").signs_in(looking=False))
    first = phone("ana")
    says_what_is_lost(first, "Everything", looking=False)
    gives_a_kit_code(first, kit[0])
    sees_progress(first, "1 of 2 proofs")

    second = phone("ana")
    says_what_is_lost(second, "Everything", looking=False)
    gives_a_kit_code(second, kit[0])
    second.sees("This is no recovery code of yours, or it was used")
    second.looks_around()


def test_rosa_loses_her_phone_and_makes_a_passkey_on_the_new_one(
    phone: Phone, portal: Portal
) -> None:
    rosa = phone("rosa")
    Finger(rosa.page, in_field=False)
    says_what_is_lost(rosa, "My phone", looking=False)
    rosa.follows("Your password")
    rosa.looks_around()
    rosa.page.get_by_label("Password", exact=True).fill(PASSWORD)
    rosa.presses("Continue")
    gives_a_code_by_mail(rosa)
    rosa.arrives_at("new")
    rosa.presses("Make a passkey and sign in")
    rosa.sees("You are back")
    rosa.signs_out()

    rosa.goes_to("/sign-in")
    rosa.presses("Use a passkey")
    rosa.is_signed_in()


def test_a_forgotten_username_comes_by_mail(phone: Phone, portal: Portal) -> None:
    walter = phone("walter")
    walter.goes_to("/sign-in")
    walter.follows("Forgot your username or password?")
    walter.follows("My username")
    walter.looks_around()
    walter.page.get_by_label("E-mail").fill("walter@example.com")
    walter.presses("Send me my username")
    walter.sees("Look into your mail")
    walter.looks_around()
    assert "It is: walter" in portal.mail_to("walter")[-1]


def test_the_way_back_works_without_javascript(phone: Phone, portal: Portal) -> None:
    kit = prints_a_kit(phone("ana").signs_in(looking=False))
    ana = phone("ana", java_script_enabled=False)
    says_what_is_lost(ana, "My password", looking=False)
    gives_a_kit_code(ana, kit[0])
    gives_a_code_by_mail(ana, asked=False)
    chooses_a_password(ana)
    ana.sees("You are back")


def prints_a_kit(someone: Someone) -> list[str]:
    someone.goes_to("/account/recovery-kit")
    someone.presses("Make a kit")
    someone.sees("You see these codes only now")
    kit = KIT_CODE.findall(someone.page.inner_text("main"))
    assert len(kit) == 10
    return kit


def says_what_is_lost(someone: Someone, what: str, *, looking: bool = True) -> None:
    someone.looks = looking
    someone.goes_to("/sign-in")
    someone.follows("Forgot your username or password?")
    someone.looks_around()
    someone.follows(what)
    someone.page.get_by_label("Username or e-mail").fill(someone.username)
    someone.looks_around()
    someone.presses("Continue")
    someone.arrives_at("proofs")


def sees_progress(someone: Someone, words: str) -> None:
    someone.sees(words)
    someone.looks_around()


def gives_a_code_by_mail(someone: Someone, *, asked: bool = True) -> None:
    """Before a first code stands a question; the demo's people answer with its last word."""
    mails = len(someone.portal.mail_to(someone.username))
    someone.follows("Code by e-mail")
    if someone.page.locator("#answer").count():
        assert asked
        question = someone.page.locator("label[for=answer]").inner_text()
        someone.page.locator("#answer").fill(question.rstrip("?").split()[-1].upper())
    someone.looks_around()
    someone.presses("Send me the code")
    code = someone.page.get_by_label("Code", exact=True)
    expect(code).to_be_visible()
    someone.looks_around()
    code.fill(someone.portal.newest_code_to(someone.username, after=mails))
    someone.presses("Continue")


def gives_a_kit_code(someone: Someone, code: str) -> None:
    someone.follows("Code from your recovery kit")
    someone.page.get_by_label("Code from your recovery kit").fill(code.lower())
    someone.looks_around()
    someone.presses("Continue")


def chooses_a_password(someone: Someone) -> None:
    someone.arrives_at("new")
    someone.page.get_by_label("New password").fill(NEW_PASSWORD)
    someone.presses("Save and sign in")
    someone.arrives_at("done")
