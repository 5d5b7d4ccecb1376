"""A place that cannot be told: the tap is saved at once all the same, and said for what it is."""

from collections.abc import Callable

from playwright.sync_api import expect

from devices import PERMISSIONS, ROSAS_HOME
from people import Someone
from portal import Portal
from record import Record, keeps

Phone = Callable[..., Someone]

VAGUE = ROSAS_HOME | {"accuracy": 2_000}


def test_a_tap_counts_whatever_the_phone_knows_of_its_place(phone: Phone, portal: Portal) -> None:
    ana = phone("ana", permissions=["background-sync"]).signs_in(looking=False)
    ana.is_ready_for_offline()
    ana.looks = True
    record = Record(portal)
    place = ana.card("Rosa").locator("[data-place-status]")

    ana.loses_the_network()
    ana.checks_in("Rosa")
    ana.sees("Saved on this phone")
    expect(place).to_contain_text("does not share its place. Your tap counts all the same")
    ana.looks_around()
    ana.finds_the_network()
    keeps(ana, rows=0)

    ana.page.context.grant_permissions(PERMISSIONS)
    devtools = ana.page.context.new_cdp_session(ana.page)
    devtools.send("Emulation.setGeolocationOverride", {})  # no place can be found here
    ana.checks_out("Rosa")
    expect(place).to_contain_text("counts all the same")
    keeps(ana, rows=0)
    ana.looks_around()

    ana.page.context.set_geolocation(VAGUE)
    ana.checks_in("Rosa")
    ana.sees("Received, receipt")
    expect(place).to_contain_text("Looking for where you are. You need not wait.")
    ana.looks_around()
    ana.page.clock.fast_forward(21_000)  # it looks no longer than twenty seconds
    expect(place).to_contain_text("Too vague to tell")
    keeps(ana, rows=0)
    ana.looks_around()

    assert [each["kind"] for each in record.taps()] == ["check-in", "check-out", "check-in"]
    told = [(each["verdict"], each["position_problem"]) for each in record.places()]
    assert told == [("no_position", "denied"), ("no_position", "unavailable"), ("too_vague", None)]
