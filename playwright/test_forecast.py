"""The forecast while hours are typed: what the browser warns of is what the portal says, to the figure."""

from collections.abc import Callable
from datetime import date, timedelta

from playwright.sync_api import expect

from people import Someone
from portal import Portal

Phone = Callable[..., Someone]


def remarks(somebody: Someone) -> dict[str, str]:
    """What the sheet's page says now, by the county's code."""
    found = somebody.page.locator("[data-remark]")
    return {
        str(each.get_attribute("data-remark")): " ".join(
            each.locator("p").first.inner_text().split()
        )
        for each in found.all()
    }


def first_days(portal: Portal, count: int) -> list[date]:
    """The first days of the half month: their weeks are over, or nearly so."""
    start = portal.now.date().replace(day=1 if portal.now.day < 16 else 16)
    return [start + timedelta(days=number) for number in range(count)]


def test_the_warning_in_the_browser_is_the_refusal_of_the_portal(
    phone: Phone, portal: Portal
) -> None:
    ana = phone("ana").signs_in(looking=False)
    ana.opens_timesheet("Rosa")
    ana.is_ready_for_offline()
    tomorrow = portal.now.date() + timedelta(days=1)

    # Without a network, the phone reckons by itself.
    ana.loses_the_network()
    for on in first_days(portal, 5):
        ana.writes_hours(on, "14:00")
    ana.writes_hours(tomorrow, "3:00")
    expect(ana.page.locator("[data-remark=FUTURE_HOURS]")).to_be_visible()
    typed = remarks(ana)
    change = ana.page.locator("[data-changes-list]").inner_text()
    consequences = ana.page.locator("[data-consequences-list]").inner_text()
    assert {"FUTURE_HOURS", "WEEKLY_MAXIMUM_EXCEEDED"} <= set(typed)
    assert "0:00 instead of 3:00" in change
    assert "violation" in consequences

    # With it, the portal says the same of the same hours, here and where she would sign.
    ana.finds_the_network()
    ana.has_nothing_waiting()
    ana.page.reload()
    assert remarks(ana) == typed
    assert ana.page.locator("[data-changes-list]").inner_text() == change
    assert ana.page.locator("[data-consequences-list]").inner_text() == consequences
    ana.presses("Submit timesheet")
    ana.arrives_at("submit")
    ana.sees(typed["FUTURE_HOURS"])
    ana.sees("FUTURE_HOURS")
    expect(ana.page.get_by_role("button", name="Sign and submit")).to_have_count(0)
