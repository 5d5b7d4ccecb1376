"""A phone that slept through a release: its full queue arrives, and its worker makes way."""

from collections.abc import Callable
from datetime import UTC, timedelta

from playwright.sync_api import expect

import former_release
from people import Someone
from portal import Portal
from record import Record, is_known_by_its_key, keeps, rows_on, until
from road import Road

Phone = Callable[..., Someone]

VISITS = 60
CACHES = "() => caches.keys()"
ENTRIES = "**/js/{app,visitor}.js"  # what starts today's pages
ANA_FOR_ROSA = """
select assignment.id from assignment join care_case on care_case.id = assignment.case_id
where care_case.number = '1000001'
"""


def test_a_full_queue_of_the_former_release_arrives(
    phone: Phone, portal: Portal, road: Road
) -> None:
    record = Record(portal)
    account, assignment = record.account("ana"), record.ask(ANA_FOR_ROSA)[0]["id"]
    # The phone as it was: the former worker, its database, and a queue of two hundred and more.
    ana = phone("ana", base_url=road.url)
    road.serve_instead("/sw.js", former_release.WORKER)
    ana.page.route(ENTRIES, lambda route: route.abort())
    ana.goes_to("/")
    began = portal.now.astimezone(UTC) - timedelta(days=3)
    queue = [
        each
        for visit in range(VISITS)
        for each in former_release.visit(
            assignment, began + timedelta(hours=visit), timedelta(minutes=20)
        )
    ]
    former_release.leave_behind(ana.page, account, "Ana Flores", queue)
    assert ana.page.evaluate(CACHES) == ["carehours-first"]

    # Today's release.
    ana.page.unroute(ENTRIES)
    road.serve_as_it_is("/sw.js")
    ana.goes_to("/")
    ana.sees(f"{2 * VISITS} things are saved on this phone")
    expect(ana.page.locator("[data-outbox-sign-in]")).to_be_visible()
    ana.looks_around()
    assert len(rows_on(ana)) == len(queue)
    until(lambda: "carehours-first" not in ana.page.evaluate(CACHES))  # its worker has made way
    ana.signs_in(looking=False)
    keeps(ana, rows=0)
    ana.has_nothing_waiting()
    is_known_by_its_key(ana)

    received = {each["submission_id"]: each for each in record.events()}
    assert received.keys() == {each["id"] for each in queue}
    assert all(each["visit_id"] for each in record.taps())
    assert {each["verdict"] for each in record.places()} == {"at_home"}

    # Its key goes on, and proves from now on what it signs; a page of the former release that is still
    # open is understood, too.
    ana.checks_in("Rosa", "Community")
    keeps(ana, rows=0)
    (tap,) = (each for each in record.taps() if each["submission_id"] not in received)
    assert (tap["signed"], tap["chain_number"]) == (1, 1)
    late = former_release.visit(assignment, began - timedelta(hours=2), timedelta(minutes=30))
    answers = former_release.send(ana.page, account, late)
    assert [each["result"] for each in answers] == ["received"] * len(late)
    again = former_release.send(ana.page, account, late)
    assert [each["receipt"] for each in again] == [each["receipt"] for each in answers]
