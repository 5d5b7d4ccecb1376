"""What a person does with the portal, in her own words: the steps below the journeys."""

import re
from datetime import date, timedelta

from playwright.sync_api import Locator, Page, expect

from checks import is_fit_for_everybody
from portal import Portal

PASSWORD = "correct horse battery staple"


class Someone:
    """A person in front of a browser. Verbs do something; `sees…` says what must be there."""

    def __init__(self, username: str, page: Page, portal: Portal) -> None:
        self.username, self.page, self.portal = username, page, portal
        self.looks = True
        page.clock.set_system_time(portal.now)

    # Signing in and out

    def signs_in(self, *, looking: bool = True) -> "Someone":
        """By password, and by the code that a new device is asked for."""
        self.looks = looking
        mails = len(self.portal.mail_to(self.username))
        self.goes_to("/")
        self.page.get_by_role("link", name="Sign in", exact=True).first.click()
        self.page.get_by_label("Username or e-mail").fill(self.username)
        self.page.get_by_label("Password", exact=True).fill(PASSWORD)
        self.looks_around()
        self.presses("Sign in")
        code = self.page.get_by_label("Code", exact=True)
        expect(code).to_be_visible()
        self.looks_around()
        code.fill(self.portal.newest_code_to(self.username, after=mails))
        self.presses("Continue")
        expect(self.page.get_by_role("button", name="Sign out")).to_be_attached()
        self.looks_around()
        return self

    def signs_out(self) -> None:
        self.page.get_by_text("Menu", exact=True).click()
        self.presses("Sign out")
        expect(self.page.get_by_role("link", name="Sign in", exact=True).first).to_be_visible()

    # Going about

    def goes_to(self, address: str) -> None:
        self.page.clock.set_system_time(self.portal.now)
        self.page.goto(address)

    def looks_around(self) -> None:
        """The page as it stands must be fit for everybody."""
        if self.looks:
            is_fit_for_everybody(self.page)

    def presses(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).first.click()

    def follows(self, name: str) -> None:
        self.page.get_by_role("link", name=name, exact=True).first.click()

    def ticks(self, words: str) -> None:
        self.page.get_by_role("checkbox", name=re.compile(words)).check()

    def sees(self, words: str) -> None:
        expect(self.page.get_by_text(re.compile(words)).first).to_be_visible()

    # At the door

    def card(self, recipient: str) -> Locator:
        heading = self.page.get_by_role("heading", name=re.compile(recipient))
        return self.page.get_by_role("article").filter(has=heading)

    def checks_in(self, recipient: str, place: str = "Home") -> None:
        self._taps(recipient, "Check in", place)
        expect(self.card(recipient).get_by_role("button", name="Check out")).to_be_visible()

    def checks_out(self, recipient: str, place: str = "Home") -> None:
        self._taps(recipient, "Check out", place)
        expect(self.card(recipient).get_by_role("button", name="Check in")).to_be_visible()

    def _taps(self, recipient: str, button: str, place: str) -> None:
        card = self.card(recipient)
        # Each of the card's two states has its own radios; only those of this state can be seen.
        card.get_by_role("radio", name=place, exact=True).check()
        card.get_by_role("button", name=button, exact=True).click()

    # The timesheet

    def day(self, on: date) -> Locator:
        return self.page.locator(f'[data-day][data-on="{on.isoformat()}"]')

    def writes_hours(self, on: date, hours: str) -> None:
        field = self.day(on).locator('[data-field="minutes"]')
        field.fill(hours)
        field.blur()

    def signs_and_submits(self) -> None:
        self.presses_or_follows("Submit timesheet")
        self.ticks("perjury")
        self.looks_around()
        self.presses("Sign and submit")

    def presses_or_follows(self, name: str) -> None:
        button = self.page.get_by_role("button", name=name, exact=True)
        link = self.page.get_by_role("link", name=name, exact=True)
        button.or_(link).first.click()


def yesterday(portal: Portal) -> date:
    return portal.now.date() - timedelta(days=1)
