"""Firefox, which has no Background Sync: what waits goes out when a page is opened, and nothing is lost until then."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from bidi import Firefox
from checks import is_fit_for_everybody
from devices import PHONE, ROSAS_HOME
from people import PASSWORD
from portal import Portal
from record import IS_ENROLLED, ROWS, Record
from tab import Node, Tab

AS_ON_A_PHONE = {"ui.useOverlayScrollbars": 1}
NO_WORKER = {"dom.serviceWorkers.enabled": False}
WORKER = """async () => {
  const registration = await navigator.serviceWorker.ready;
  return {state: registration.active.state, canSync: 'sync' in registration};
}"""
# What lies beside the outbox, by its kind, and whether a script could carry a key of it off.
KEYS = """() => new Promise((resolve, reject) => {
  const opening = indexedDB.open('carehours');
  opening.onerror = () => reject(opening.error);
  opening.onsuccess = () => {
    const store = opening.result.transaction('keys').objectStore('keys');
    const [names, keys] = [store.getAllKeys(), store.getAll()];
    keys.onsuccess = () => {
      opening.result.close();
      resolve(Object.fromEntries(names.result.map((name, index) => {
        const key = keys.result[index];
        return [name.split(':')[0], (key.privateKey ?? key).extractable ?? null];
      })));
    };
  };
})"""
ROSAS_CARD = "//*[@data-visit-card][.//*[@data-recipient][contains(., 'Rosa')]]"
STATUS, PLACE = "[data-visit-status]", "[data-place-status]"
LINE, LIST = "[data-outbox-text]", "[data-outbox-list]"

Phone = Callable[..., "Ana"]


class Ana:
    """Ana with a phone of her own, on which she uses Firefox."""

    def __init__(self, portal: Portal, folder: Path, **preferences: bool | int) -> None:
        self.portal = portal
        self.firefox = Firefox(folder, AS_ON_A_PHONE | preferences)
        self.went_wrong: list[str] = []
        self.was_packed: list[bool] = []  # each request with taps

    def starts_it(self) -> "Ana":
        """Firefox, which may be asked where it is, and a tab."""
        self.firefox.start()
        self.firefox.listen("log.entryAdded", self._hear)
        self.firefox.listen("network.beforeRequestSent", self._see)
        self.firefox.ask(
            "permissions.setPermission",
            descriptor={"name": "geolocation"}, state="granted", origin=self.portal.url,
        )  # fmt: skip
        return self.takes_a_tab()

    def takes_a_tab(self) -> "Ana":
        """A new one, at Rosa's door."""
        ahead_ms = round(self.portal.ahead.total_seconds() * 1000)
        self.tab = Tab(self.firefox, ahead_ms=ahead_ms, size=PHONE)
        self.tab.is_at(ROSAS_HOME)
        return self

    def signs_in(self) -> None:
        """By password and by the code that a new device is asked for, and waits until all is at hand."""
        mails = len(self.portal.mail_to("ana"))
        self.opens("/sign-in")
        self.tab.types(self.tab.finds("textbox", "Username or e-mail"), "ana")
        self.tab.types(self.tab.finds_at("//input[@name='password']"), PASSWORD)
        self.tab.taps(self.tab.finds("button", "Sign in"))
        code = self.tab.finds("textbox", "Code")
        self.tab.types(code, self.portal.newest_code_to("ana", after=mails))
        self.tab.taps(self.tab.finds("button", "Continue"))
        self.tab.finds_at(ROSAS_CARD)
        self.tab.waits_for(lambda: self.tab.evaluate(IS_ENROLLED), "the key of this phone")

    def opens(self, path: str) -> None:
        self.tab.goes_to(self.portal.url + path)

    def taps_at_rosas(self, name: str) -> None:
        self.tab.taps(self.finds_at_rosas(name))

    def finds_at_rosas(self, name: str) -> Node:
        return self.tab.finds("button", name, within=self.tab.finds_at(ROSAS_CARD))

    def has_nothing_waiting(self) -> None:
        self.tab.waits_for(lambda: self.tab.evaluate(ROWS) == [], "an empty outbox")

    def _hear(self, entry: dict[str, Any]) -> None:
        if entry["level"] == "error":
            self.went_wrong.append(entry["text"])

    def _see(self, event: dict[str, Any]) -> None:
        request = event["request"]
        if request["url"].endswith("/offline/events"):
            headers = {header["name"].lower() for header in request["headers"]}
            self.was_packed.append("content-encoding" in headers)


@pytest.fixture
def phone(portal: Portal, tmp_path: Path) -> Iterator[Phone]:
    """Answers Ana with Firefox open; no script of ours may have failed in it when all is over."""
    owners: list[Ana] = []

    def hand_over(**preferences: bool | int) -> Ana:
        owners.append(Ana(portal, tmp_path, **preferences).starts_it())
        return owners[-1]

    yield hand_over
    for ana in owners:
        ana.firefox.stop()
        assert ana.went_wrong == []


def test_what_waits_is_sent_when_a_page_is_opened(phone: Phone, portal: Portal) -> None:
    ana, record = phone(), Record(portal)
    ana.signs_in()
    assert ana.tab.evaluate(WORKER) == {"state": "activated", "canSync": False}
    assert ana.tab.evaluate(KEYS) == {"seal": False, "sign": False, "device": None}
    is_fit_for_everybody(ana.tab)

    portal.stop()  # Firefox has no switch for the network
    ana.taps_at_rosas("Check in")
    ana.tab.shows(STATUS, "^Saved on this phone")
    ana.tab.shows(PLACE, "^Your place was noted")
    ana.tab.close()
    ana.takes_a_tab().opens("/")
    ana.tab.shows(LINE, "^1 check-in is saved on this phone")
    ana.finds_at_rosas("Check out")
    is_fit_for_everybody(ana.tab)

    portal.start()
    ana.opens("/")
    ana.has_nothing_waiting()
    ana.tab.shows(LINE, "^Everything is saved and received")
    ana.tab.taps(ana.tab.finds_at("//summary[contains(@aria-label, 'Show what was saved')]"))
    ana.tab.shows(LIST, "R-")
    is_fit_for_everybody(ana.tab)
    ana.opens("/")
    ana.taps_at_rosas("Check out")
    ana.tab.shows(STATUS, "Received, receipt R-")
    ana.tab.shows(PLACE, "^At home")
    ana.has_nothing_waiting()

    taps, places = record.taps(), record.places()
    assert [each["kind"] for each in taps] == ["check-in", "check-out"]
    assert len({each["visit_id"] for each in taps}) == 1
    assert all(each["signed"] for each in (*taps, *places))
    assert [each["verdict"] for each in places] == ["at_home", "at_home"]
    assert any(ana.was_packed)
    ana.opens("/timesheets")
    is_fit_for_everybody(ana.tab)


def test_without_a_service_worker_the_page_keeps_and_sends(phone: Phone, portal: Portal) -> None:
    ana, record = phone(**NO_WORKER), Record(portal)
    ana.signs_in()
    assert ana.tab.evaluate("() => navigator.serviceWorker === undefined")
    ana.taps_at_rosas("Check in")
    ana.tab.shows(STATUS, "Received, receipt R-")

    portal.stop()
    ana.taps_at_rosas("Check out")
    ana.tab.shows(STATUS, "^Saved on this phone")
    ana.firefox.kill()
    portal.start()
    ana.starts_it().opens("/")  # signed out, for the session was open no longer than the browser
    record.has_taps(2)
    assert all(each["signed"] for each in record.taps())
    ana.has_nothing_waiting()
