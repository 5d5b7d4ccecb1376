"""Fourteen days without a network: everything arrives, and every visit is on its own day."""

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from playwright.sync_api import expect

from people import Someone
from portal import LOS_ANGELES, Portal
from record import Record, is_known_by_its_key, keeps

Phone = Callable[..., Someone]

DAYS = 14
THREE_HOURS = {
    "3:00",
    "3:01",
}  # between the taps a few real seconds pass, and with them a minute's end


def test_fourteen_days_without_a_network_arrive_whole_and_on_their_days(
    phone: Phone, portal: Portal
) -> None:
    ana = phone("ana").signs_in(looking=False)
    is_known_by_its_key(ana)
    record = Record(portal)
    first = portal.now
    days = [(first + timedelta(days=day)).date() for day in range(DAYS)]

    ana.loses_the_network()
    portal.stop()
    for _ in days:
        ana.goes_to("/")
        ana.checks_in("Rosa")
        ana.sees_the_place_noted("Rosa")
        portal.ahead += timedelta(hours=3)
        ana.checks_out("Rosa")
        ana.sees_the_place_noted("Rosa")
        portal.ahead += timedelta(hours=21)
    keeps(ana, rows=4 * DAYS)  # each tap and its place
    ana.looks = True
    ana.looks_around()

    portal.start()
    ana.finds_the_network()  # and with it the portal's own page
    expect(ana.page.get_by_role("link", name="Sign in", exact=True).first).to_be_visible()
    ana.signs_in_again()
    keeps(ana, rows=0)
    ana.has_nothing_waiting()

    taps = record.taps()
    assert Counter(local_day(each["checked_in_at"]) for each in taps) == dict.fromkeys(days, 2)
    assert all(each["counts_at"] == each["made_at"] for each in taps)  # no time of hers is doubted
    assert len(record.places()) == len(taps)
    of_these_days = {day for day, hours in hours_on_sheets(ana) if hours in THREE_HOURS}
    assert of_these_days >= {day.isoformat() for day in days}


def hours_on_sheets(ana: Someone) -> set[tuple[str, str]]:
    """The days of every open timesheet for Rosa, with their hours."""
    ana.goes_to("/timesheets")
    sheets = ana.page.get_by_role("article").filter(has_text="Rosa").get_by_role("link")
    found: set[tuple[str, str]] = set()
    for address in {each.get_attribute("href") for each in sheets.all()}:
        ana.goes_to(str(address))
        expect(ana.page.locator("main")).to_be_visible()
        for row in ana.page.locator("[data-day]").all():
            hours = row.locator('[data-field="minutes"]')
            if hours.count():
                found.add((str(row.get_attribute("data-on")), hours.input_value()))
    return found


def local_day(stored: str) -> object:
    return datetime.fromisoformat(stored).replace(tzinfo=UTC).astimezone(LOS_ANGELES).date()
