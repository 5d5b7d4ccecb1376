"""One day written on two devices without a network: both versions side by side, and she chooses."""

from collections.abc import Callable
from datetime import timedelta

from playwright.sync_api import expect

from devices import DESKTOP
from people import Someone, yesterday
from portal import Portal

Phone = Callable[..., Someone]


def test_both_versions_stand_side_by_side_and_she_chooses(phone: Phone, portal: Portal) -> None:
    ana, at_the_desk = phone("ana").signs_in(looking=False), phone("ana", viewport=DESKTOP)
    at_the_desk.signs_in(looking=False)
    one, other = yesterday(portal), yesterday(portal) - timedelta(days=1)
    for each in (ana, at_the_desk):
        each.opens_timesheet("Rosa")
        each.is_ready_for_offline()
        each.loses_the_network()
    sheet = ana.page.url
    for each, hours in ((at_the_desk, "4:15"), (ana, "5:30")):
        each.writes_hours(one, hours)
        each.writes_hours(other, hours)
    at_the_desk.finds_the_network()
    at_the_desk.waits_until_saved(one)
    ana.finds_the_network()

    # On the timesheet, where she takes the other one.
    choice = ana.day(one).get_by_role("group", name="This day was changed in two places")
    expect(choice).to_contain_text("Mine: 5:30 hours")
    expect(choice).to_contain_text("The other: 4:15 hours")
    expect(ana.page.get_by_text("2 changes need you.")).to_be_visible()
    ana.looks = True
    ana.looks_around()
    choice.get_by_role("button", name="Use the other").click()
    expect(ana.hours_field(one)).to_have_value("4:15")
    ana.sees("1 change needs you.")

    # In the line at the foot of another page, where she keeps her own.
    ana.goes_to("/")
    ana.opens_the_list()
    choice = ana.page.locator('[data-item-state="conflict"]')
    expect(choice).to_contain_text("Mine: 5:30 hours")
    expect(choice).to_contain_text("The other: 4:15 hours")
    ana.looks_around()
    choice.get_by_role("button", name="Keep mine").click()
    ana.has_nothing_waiting()

    at_the_desk.goes_to(sheet)
    expect(at_the_desk.hours_field(one)).to_have_value("4:15")
    expect(at_the_desk.hours_field(other)).to_have_value("5:30")
