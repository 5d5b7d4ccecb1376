"""The service desk: who is locked out is helped by one agent, and a wrong address by two."""

import re
from collections.abc import Callable

from playwright.sync_api import expect

from people import Someone
from portal import Portal

Phone = Callable[..., Someone]
DESK = {"viewport": {"width": 1280, "height": 800}}
TRIES = 5


def test_who_locked_herself_out_is_unlocked_and_reads_who_did_it(
    phone: Phone, portal: Portal
) -> None:
    ana = phone("ana")
    locks_herself_out(ana)

    dev = phone("dev", **DESK).signs_in()
    finds(dev, "flores, ana")
    dev.sees("Password locked")
    dev.sees("5 wrong passwords in a row")
    unlocks(dev, "She called from the number on file.")

    ana.signs_in()
    ana.goes_to("/account/looks")
    ana.sees("Dev Patel")
    ana.sees("Unlocked your password")
    ana.sees("She called from the number on file")
    ana.looks_around()


def test_a_wrong_address_is_put_right_by_two_agents_and_its_owner(
    phone: Phone, portal: Portal
) -> None:
    dev, noor = phone("dev", **DESK).signs_in(looking=False), phone("noor").signs_in()
    finds(dev, "100000001")
    asks_for_address(dev, "ana.flores@example.com", "Two letters were swapped.")

    noor.goes_to("/desk")
    noor.looks_around()
    agrees(noor, "Ana Flores", "I heard her too.")

    ana = phone("ana")
    ana.goes_to(link_in_newest_mail_to(portal, "ana.flores"))
    ana.looks_around()
    ana.presses("Yes, use this address")
    ana.sees("Your e-mail address is changed")
    ana.looks_around()


def test_namesakes_are_told_apart_by_keyboard_alone(phone: Phone, portal: Portal) -> None:
    dev = phone("dev", **DESK).signs_in(looking=False)
    dev.looks = True
    dev.goes_to("/desk")
    dev.page.keyboard.type("petrosyan")
    dev.page.keyboard.press("Enter")
    dev.sees("3 found")
    dev.looks_around()
    dev.page.keyboard.press("Enter")  # the first of them has the focus
    expect(dev.page.get_by_role("heading", name="Armen Petrosyan", level=1)).to_be_visible()


def locks_herself_out(someone: Someone) -> None:
    for number in range(TRIES):
        someone.goes_to("/sign-in")
        someone.page.get_by_label("Username or e-mail").fill(someone.username)
        someone.page.get_by_label("Password", exact=True).fill(f"not my password {number}")
        someone.presses("Sign in")
        someone.sees("do not match|locked")
    someone.sees("locked until")
    someone.looks_around()


def finds(agent: Someone, sought: str) -> None:
    agent.goes_to("/desk")
    box = agent.page.get_by_role("searchbox")
    box.fill(sought)
    box.press("Enter")
    expect(agent.page.get_by_role("heading", name="Ana Flores", level=1)).to_be_visible()
    agent.looks_around()


def unlocks(agent: Someone, reason: str) -> None:
    agent.page.get_by_label("Your reason, or a note").fill(reason)
    agent.presses("Unlock the password")
    agent.sees("The password is unlocked")
    agent.sees("Nothing stops this person from signing in")
    agent.looks_around()


def asks_for_address(agent: Someone, address: str, reason: str) -> None:
    agent.follows("The e-mail address is wrong")
    agent.arrives_at("email")
    agent.page.get_by_label("The right e-mail address").fill(address)
    agent.page.get_by_label("Why do you do this?").fill(reason)
    agent.presses("Ask a second agent")
    agent.sees("The new address waits for a second agent")


def agrees(agent: Someone, whose: str, reason: str) -> None:
    agent.follows(f"Review the new address of {whose}")
    agent.page.get_by_label("Why do you do this?").fill(reason)
    agent.looks_around()
    agent.presses("I agree")
    agent.sees("A link is on its way to the new address")
    agent.looks_around()


def link_in_newest_mail_to(portal: Portal, name: str) -> str:
    """The path of the link in a letter that went out at once."""
    found = re.search(r"/new-email/[\w-]+", portal.mail_to(name)[-1])
    assert found is not None
    return found[0]
