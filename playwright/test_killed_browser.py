"""A phone that dies the moment it has said “Saved”, again and again: nothing is lost, nothing counts twice.

It dies twenty times, or as often as PHONES_THAT_DIE says.
"""

import os
import re
import signal
from pathlib import Path

from playwright.sync_api import Playwright, expect

from checks import Watch
from devices import open_phone
from people import Someone
from portal import Portal
from record import Record, is_known_by_its_key, keeps, rows_on

TIMES = int(os.environ.get("PHONES_THAT_DIE", "20"))  # an even number: each visit has two taps
# A tap, and the answer in the very task in which the word stands on the page: its id.
TAP = """(kind) => new Promise((resolve) => {
  const form = document.querySelector(`[data-visit-card] form[data-kind="${kind}"]`);
  const card = form.closest('[data-visit-card]');
  const status = card.querySelector('[data-visit-status]');
  new MutationObserver(() => {
    if (status.textContent.startsWith('Saved on this phone')) resolve(card.dataset.event);
  }).observe(status, { childList: true, characterData: true, subtree: true });
  form.querySelector('[value="community"]').checked = true;
  form.querySelector('button').click();
})"""


def test_phones_that_die_at_the_word_saved_lose_nothing(
    playwright: Playwright, portal: Portal, watch: Watch, tmp_path: Path
) -> None:
    ana = picks_up(playwright, portal, tmp_path)
    ana.signs_in(looking=False)
    is_known_by_its_key(ana)
    record = Record(portal)
    portal.stop()  # so that nothing is on its way before the end; the phone does not know, and tries

    saved = []
    for time in range(TIMES):
        kind = "check-out" if time % 2 else "check-in"
        ana.goes_to("/")
        shows_all(ana, saved)
        browser = browser_of(ana)
        saved.append(ana.page.evaluate(TAP, kind))
        kill(ana, browser)
        ana = picks_up(playwright, portal, tmp_path)

    ana.goes_to("/")
    shows_all(ana, saved)
    assert len(rows_on(ana)) == TIMES
    portal.start()
    ana.goes_to("/")
    keeps(ana, rows=0)
    ana.has_nothing_waiting()
    received = record.taps()
    assert [each["submission_id"] for each in received] == saved
    assert [each["chain_number"] for each in received] == list(range(1, TIMES + 1))
    assert all(each["signed"] for each in received)
    assert len({each["visit_id"] for each in received}) == TIMES / 2
    ana.page.context.close()


def picks_up(playwright: Playwright, portal: Portal, folder: Path) -> Someone:
    """The same phone, started anew."""
    return Someone("ana", open_phone(playwright.chromium, portal, folder).pages[0], portal)


def shows_all(ana: Someone, saved: list[str]) -> None:
    """Everything so far is on the phone, and the card stands as she left it."""
    button = "Check out" if len(saved) % 2 else "Check in"
    expect(ana.card("Rosa").get_by_role("button", name=button, exact=True)).to_be_visible()
    if saved:
        told = ana.page.locator("[data-outbox-text]")
        expect(told).to_have_text(re.compile(rf"^{len(saved)} (check-in|things?) "))


def browser_of(someone: Someone) -> int:
    """The process of the browser, which leads the group of all its processes."""
    devtools = someone.page.context.browser.new_browser_cdp_session()  # type: ignore[union-attr]
    processes = devtools.send("SystemInfo.getProcessInfo")["processInfo"]
    found: int = next(process["id"] for process in processes if process["type"] == "browser")
    assert os.getpgid(found) == found
    return found


def kill(someone: Someone, browser: int) -> None:
    """As when the battery is taken out: no process of it may tidy up."""
    with someone.page.context.expect_event("close"):
        os.killpg(browser, signal.SIGKILL)
