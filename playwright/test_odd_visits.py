"""A check-in far from home: a fact for the county to weigh, and for Ana nothing to fear."""

import time
from collections.abc import Callable

from playwright.sync_api import expect

from devices import DESKTOP, PATIENCE_MS, ROSAS_HOME
from people import Someone
from portal import Portal
from record import keeps

Phone = Callable[..., Someone]

AT_THE_CLINIC = ROSAS_HOME | {"latitude": 34.1122}  # some three miles to the north


def test_the_county_weighs_a_fact_and_ana_is_accused_of_nothing(
    phone: Phone, portal: Portal
) -> None:
    ana = phone("ana", geolocation=AT_THE_CLINIC).signs_in(looking=False)
    ana.is_ready_for_offline()
    ana.looks = True
    ana.checks_in("Rosa")
    ana.sees("About 3 miles from home")
    keeps(ana, rows=0)
    ana.checks_out("Rosa")
    ana.sees("About 3 miles from home")
    keeps(ana, rows=0)
    is_judged(ana)
    ana.sees("The phone was about 3 miles from home")
    ana.sees("These are facts, not faults. The visit counts, and no pay depends on them.")
    ana.looks_around()
    ana.page.get_by_role("link", name="Say something about it").first.click()
    ana.looks_around()
    ana.page.get_by_role("textbox").fill("We waited for her at the clinic.")
    ana.presses("Save")
    ana.sees("You said: We waited for her at the clinic.")
    visit = ana.page.url

    casey = phone("casey", viewport=DESKTOP).signs_in(looking=False)
    casey.looks = True
    casey.goes_to("/county/visits")
    casey.sees("Every visit here counts, and no pay waits for it.")
    casey.looks_around()
    row = casey.page.get_by_role("row").filter(has_text="We waited for her at the clinic.")
    row.get_by_role("link").click()
    casey.sees("What the provider says")
    casey.looks_around()
    casey.page.get_by_role("textbox").fill("At the clinic with Rosa. Nothing to do.")
    casey.presses("Close with this note")
    casey.sees("Closed, with your note.")
    expect(row).to_have_count(0)
    casey.looks_around()

    ana.goes_to(visit)
    ana.sees("The county looked at it: At the clinic with Rosa. Nothing to do.")
    ana.looks_around()


def is_judged(ana: Someone) -> None:
    """Her newest visit, once the background work has looked at it, as it does every ten seconds."""
    deadline = time.monotonic() + PATIENCE_MS / 1000
    ana.goes_to("/visits")
    ana.page.locator('main a[href^="/visits/"]').first.click()
    ana.sees("What is on record")
    while not ana.page.get_by_text("What was noticed").count() and time.monotonic() < deadline:
        time.sleep(0.5)
        ana.page.reload()
