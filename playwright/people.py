"""What a person does with the portal, in her own words: the steps below the journeys."""

import re
from datetime import date, timedelta

from playwright.sync_api import Locator, Page, Response, expect

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
        self._gives_password()
        code = self.page.get_by_label("Code", exact=True)
        expect(code).to_be_visible()
        self.looks_around()
        code.fill(self.portal.newest_code_to(self.username, after=mails))
        self.presses("Continue")
        self.is_signed_in()
        self.looks_around()
        return self

    def signs_in_again(self) -> None:
        """On a device that is known by now, where the password is enough."""
        self._gives_password()
        self.is_signed_in()

    def gives_password(self) -> "Someone":
        """On a device that is not known yet: the second step is still to come."""
        self._gives_password()
        return self

    def types_code(self, code: str) -> None:
        """Any code of six digits, at once: it may not work for long."""
        self.page.get_by_label("Code", exact=True).fill(code)
        self.presses("Continue")

    def is_signed_in(self) -> None:
        expect(self.page.locator("form[data-sign-out]")).to_be_attached()

    def signs_out(self) -> None:
        self.page.get_by_text("Menu", exact=True).click()
        self.presses("Sign out")
        expect(self.page.get_by_role("link", name="Sign in", exact=True).first).to_be_visible()

    def _gives_password(self) -> None:
        self.goes_to("/")
        self.looks_around()
        self.follows("Sign in")
        self.page.get_by_label("Username or e-mail").fill(self.username)
        self.page.get_by_label("Password", exact=True).fill(PASSWORD)
        self.looks_around()
        self.presses("Sign in")

    # Going about

    def goes_to(self, address: str) -> Response | None:
        # A page that learns here that its session is over would go elsewhere at the same moment.
        self.page.goto("about:blank")
        self.page.clock.set_system_time(self.portal.now)
        return self.page.goto(address)

    def arrives_at(self, last_part: str) -> None:
        """Wait for a page by the last part of its address, and look around on it."""
        self.page.wait_for_url(re.compile(rf"/{last_part}\??$"))
        self.looks_around()

    def looks_around(self) -> None:
        """The page as it stands must be fit for everybody."""
        if self.looks:
            self.page.wait_for_load_state()  # the one that was asked for may have just begun
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

    def sees_the_place_noted(self, recipient: str) -> None:
        """After a tap at home: a phone that turns away before has no place to tell."""
        place = self.card(recipient).locator("[data-place-status]")
        expect(place).to_contain_text(re.compile("Your place was noted|At home"))

    def _taps(self, recipient: str, button: str, place: str) -> None:
        self.page.clock.set_system_time(self.portal.now)
        card = self.card(recipient)
        # Each of the card's two states has its own radios; only those of this state can be seen.
        card.get_by_role("radio", name=place, exact=True).check()
        card.get_by_role("button", name=button, exact=True).click()

    # Without a network

    def is_ready_for_offline(self) -> None:
        """The service worker stands, and the phone holds what it needs to go on alone."""
        self.page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
        self.page.wait_for_load_state("networkidle")

    def loses_the_network(self) -> None:
        self.page.context.set_offline(True)

    def finds_the_network(self) -> None:
        self.page.context.set_offline(False)

    def has_waiting(self) -> None:
        expect(self._outbox).not_to_have_attribute("data-state", "clear")

    def has_nothing_waiting(self) -> None:
        expect(self._outbox).to_have_attribute("data-state", "clear")

    def opens_the_list(self) -> None:
        """Of what was saved and sent, behind the line at the foot of every page."""
        self._outbox.locator("summary").click()

    @property
    def _outbox(self) -> Locator:
        return self.page.locator("[data-outbox-line]")

    # The timesheet

    def opens_timesheet(self, recipient: str) -> None:
        """This half month's."""
        self.goes_to("/")
        self.follows("Timesheets")
        self.looks_around()
        sheet = self.page.get_by_role("article").filter(has_text=recipient).first
        sheet.get_by_role("link").first.click()
        expect(self.page.locator("[data-timesheet]")).to_be_visible()
        self.looks_around()

    def day(self, on: date) -> Locator:
        return self.page.locator(f'[data-day][data-on="{on.isoformat()}"]')

    def hours_field(self, on: date) -> Locator:
        return self.day(on).locator('[data-field="minutes"]')

    def writes_hours(self, on: date, hours: str) -> None:
        field = self.hours_field(on)
        field.fill(hours)
        field.blur()

    def waits_until_saved(self, on: date) -> None:
        """Until the portal has it, not only the phone."""
        self.has_nothing_waiting()
        expect(self.day(on).locator("[data-day-status]")).to_contain_text("Saved")

    def signs_and_submits(self) -> None:
        """Through the page with the declaration, to the receipt."""
        self.presses("Submit timesheet")
        self.arrives_at("submit")
        self.ticks("perjury")
        self.presses("Sign and submit")
        self.arrives_at("receipt")

    # The one screen to sign

    def reviews_newest(self) -> None:
        """Open what was signed last, of all that waits."""
        self.goes_to("/")
        self.looks_around()
        self.page.get_by_role("link", name="Review").last.click()
        expect(self.page.get_by_role("button", name="Sign and approve")).to_be_visible()
        self.looks_around()

    def approves(self) -> None:
        self.ticks("perjury")
        self.presses("Sign and approve")
        self.sees("approved")
        self.looks_around()

    def sends_back(self, reason: str) -> None:
        self.presses("Something is wrong")
        self.arrives_at("reject")
        self.ticks(reason)
        self.presses("Send it back")
        self.sees("sent back")
        self.looks_around()

    # Pay

    def opens_newest_payment(self) -> None:
        self.page.locator('main a[href^="/payments/"]:not([href$=".csv"])').first.click()
        self.sees("paid|Paid|Payment")


def yesterday(portal: Portal) -> date:
    return portal.now.date() - timedelta(days=1)
