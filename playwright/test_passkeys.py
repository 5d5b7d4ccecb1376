"""A passkey: made on the account page, and then the only thing needed to sign in."""

from collections.abc import Callable

from playwright.sync_api import CDPSession, Page, expect

from people import Someone
from portal import Portal

Phone = Callable[..., Someone]


def test_a_passkey_signs_in_without_password_or_code(phone: Phone, portal: Portal) -> None:
    ana = phone("ana").signs_in()
    put_passkeys_into(ana.page)
    ana.goes_to("/account")
    ana.looks_around()
    ana.presses("Add a passkey")
    expect(ana.page.get_by_role("listitem").filter(has_text="My phone")).to_be_visible()
    ana.looks_around()
    ana.signs_out()

    ana.goes_to("/sign-in")
    ana.presses("Use a passkey")
    ana.is_signed_in()
    ana.sees("Rosa")


def test_a_passkey_of_nobody_is_refused_in_words(phone: Phone, portal: Portal) -> None:
    ana = phone("ana")
    put_passkeys_into(ana.page)
    ana.goes_to("/sign-in")
    ana.presses("Use a passkey")
    expect(ana.page.locator("[data-passkey-status]")).not_to_be_empty()
    ana.looks_around()


def put_passkeys_into(page: Page) -> CDPSession:
    """A virtual authenticator that keeps passkeys and asks for nothing, as a fingerprint would."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    devtools.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    return devtools
