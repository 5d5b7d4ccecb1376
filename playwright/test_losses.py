"""A browser may throw away what it kept: then somebody hears of it, and otherwise nobody does."""

from collections.abc import Callable

from playwright.sync_api import expect

from people import Someone
from record import is_known_by_its_key, until

Phone = Callable[..., Someone]

# As a slow phone whose page is left before it has made the first key.
FIRST_PAGE_MAKES_NO_KEY = """
if (location.protocol === "http:") {
  const page = crypto.randomUUID();
  const make = crypto.subtle.generateKey.bind(crypto.subtle);
  crypto.subtle.generateKey = (...asked) => {
    sessionStorage.firstPage ??= page;
    return sessionStorage.firstPage === page ? new Promise(() => {}) : make(...asked);
  };
}
"""
ASKED_FOR_A_KEY = "() => 'firstPage' in sessionStorage"
THROW_ALL_AWAY = """() => new Promise((resolve, reject) => {
  const asked = indexedDB.deleteDatabase("carehours");
  asked.onsuccess = () => resolve();
  asked.onerror = () => reject(asked.error);
})"""
LOST = "Your browser has deleted what was saved here"


def test_a_page_that_was_left_before_it_kept_anything_has_lost_nothing(phone: Phone) -> None:
    ana = phone("ana")
    ana.page.context.add_init_script(FIRST_PAGE_MAKES_NO_KEY)
    ana.signs_in(looking=False)
    until(lambda: bool(ana.page.evaluate(ASKED_FOR_A_KEY)))

    ana.goes_to("/")
    is_known_by_its_key(ana)  # by then the line at the foot says what there is to say
    expect(ana.page.get_by_text(LOST)).to_have_count(0)
    ana.has_nothing_waiting()


def test_what_the_browser_threw_away_is_said_until_somebody_has_looked(phone: Phone) -> None:
    ana = phone("ana").signs_in()
    is_known_by_its_key(ana)
    ana.goes_to("/livez")  # a page that holds nothing open
    ana.page.evaluate(THROW_ALL_AWAY)

    ana.goes_to("/")
    ana.sees(LOST)
    ana.looks_around()
    ana.goes_to("/timesheets")
    ana.sees(LOST)
    ana.presses("I have looked")
    ana.has_nothing_waiting()
