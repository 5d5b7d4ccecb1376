"""Takes the pictures in docs/pictures from the running product, at phone and at desktop size.

`make screenshots` runs it. It starts a portal of its own with the demo's people on a weekday morning,
walks through the main screens, and writes a picture of each.
"""

import sys
import tempfile
from datetime import datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "playwright")]

from playwright.sync_api import Browser, sync_playwright  # noqa: E402

from devices import DESKTOP, PHONE, context_settings, launch_settings  # noqa: E402
from people import Someone, yesterday  # noqa: E402
from portal import LOS_ANGELES, Portal, a_weekday_morning  # noqa: E402

PICTURES = ROOT / "docs" / "pictures"
SIZES = {"phone": PHONE, "desktop": DESKTOP}


class Camera:
    """Walks through the screens at one size."""

    def __init__(self, browser: Browser, portal: Portal, size: str) -> None:
        self.browser, self.portal, self.size = browser, portal, size

    def somebody(self, username: str) -> Someone:
        look = {
            "viewport": SIZES[self.size],
            "device_scale_factor": 2 if self.size == "phone" else 1,
        }
        context = self.browser.new_context(**context_settings(self.portal, **look))
        someone = Someone(username, context.new_page(), self.portal)
        someone.looks = False
        return someone

    def take(self, name: str, someone: Someone) -> None:
        """A picture of what somebody sees at the top of the page."""
        someone.page.evaluate("() => scrollTo(0, 0)")
        someone.page.wait_for_timeout(200)
        someone.page.screenshot(path=PICTURES / f"{self.size}-{name}.png")
        print(f"{self.size}-{name}.png", flush=True)

    def walk(self) -> None:
        ana = self.somebody("ana")
        self._pages(ana, ("landing", "/"), ("sign-in", "/sign-in"), ("what-if", "/what-if"))
        ana.signs_in(looking=False)
        self.take("provider-home", ana)
        ana.opens_timesheet("Rosa")
        self.take("timesheet", ana)
        ana.goes_to(f"{ana.page.url}/submit")
        self.take("sign", ana)
        self._pages(ana, ("history", "/timesheets/history"), ("claims", "/claims"))
        self._pages(ana, ("payments", "/payments"))
        ana.opens_newest_payment()
        self.take("payment", ana)
        self._others()
        self._visit(ana)

    def _pages(self, someone: Someone, *named: tuple[str, str]) -> None:
        for name, address in named:
            someone.goes_to(address)
            self.take(name, someone)

    def _visit(self, ana: Someone) -> None:
        ana.goes_to("/")
        ana.is_ready_for_offline()
        ana.checks_in("Rosa")
        ana.sees("At home")
        self.take("checked-in", ana)
        ana.loses_the_network()
        ana.checks_out("Rosa")
        self.take("offline", ana)
        ana.finds_the_network()

    def _others(self) -> None:
        rosa = self.somebody("rosa").signs_in(looking=False)
        self.take("recipient-home", rosa)
        rosa.reviews_newest()
        self.take("approval", rosa)
        walter = self.somebody("walter").signs_in(looking=False)
        walter.reviews_newest()
        self.take("correction", walter)
        maria = self.somebody("maria").signs_in(looking=False)
        maria.opens_timesheet("Nune")
        maria.writes_hours(yesterday(self.portal), "9:00")
        maria.waits_until_saved(yesterday(self.portal))
        self.take("live-in-timesheet", maria)
        casey = self.somebody("casey").signs_in(looking=False)
        self._pages(casey, ("county", "/county"), ("county-visits", "/county/visits"))
        self._pages(casey, ("mailbox", "/demo/mailbox"))


def main() -> int:
    PICTURES.mkdir(parents=True, exist_ok=True)
    morning = a_weekday_morning(datetime.now(LOS_ANGELES))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**launch_settings(playwright.chromium))
        for size in SIZES:
            with tempfile.TemporaryDirectory(prefix="pictures") as folder:
                portal = Portal(Path(folder) / "instance", morning)
                try:
                    Camera(browser, portal.start(), size).walk()
                finally:
                    portal.stop()
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
