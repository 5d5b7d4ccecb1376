"""A phone that cannot keep anything never says that it saved something (quality.md B3, fault 12)."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from people import Someone, yesterday
from portal import Portal

Phone = Callable[..., Someone]

FAULTS = {
    "the database is blocked": (
        "indexedDB.open = () => { throw new DOMException('blocked', 'SecurityError') }"
    ),
    "the disk is full": (
        "for (const verb of ['add', 'put']) IDBObjectStore.prototype[verb] = "
        "() => { throw new DOMException('full', 'QuotaExceededError') }"
    ),
}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS.keys())
def test_what_cannot_be_kept_is_sent_at_once_or_said_not_to_be_saved(
    phone: Phone, portal: Portal, fault: str
) -> None:
    ana = phone("ana").signs_in(looking=False)
    ana.is_ready_for_offline()
    ana.page.add_init_script(fault)

    ana.goes_to("/")
    ana.checks_in("Rosa")
    status = ana.card("Rosa").locator("[data-visit-status]")
    expect(status).to_contain_text("Received")

    ana.loses_the_network()
    ana.card("Rosa").get_by_role("button", name="Check out", exact=True).click()
    expect(status).to_contain_text("Not saved")
    expect(ana.card("Rosa").get_by_role("button", name="Check out", exact=True)).to_be_visible()

    ana.finds_the_network()
    ana.opens_timesheet("Rosa")
    ana.loses_the_network()
    ana.writes_hours(yesterday(portal), "4:15")
    expect(ana.day(yesterday(portal)).locator("[data-day-status]")).to_contain_text("Not saved")
    expect(ana.hours_field(yesterday(portal))).to_have_value("4:15")
