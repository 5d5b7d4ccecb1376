"""The network goes at every step of a visit: the same receipts in the end, each once, and one visit."""

import re
from collections.abc import Callable

from playwright.sync_api import expect

from devices import ROSAS_HOME
from people import Someone
from portal import Portal
from record import Record, is_known_by_its_key, keeps
from road import Road

Phone = Callable[..., Someone]


def test_a_visit_is_one_visit_wherever_the_network_goes(
    phone: Phone, portal: Portal, road: Road
) -> None:
    ana = phone("ana", base_url=road.url).signs_in(looking=False)
    is_known_by_its_key(ana)
    ana.looks = True
    record = Record(portal)

    for visit, cut in enumerate(CUTS):
        cut(ana, road, record)
        road.open()
        ana.goes_to("/")
        keeps(ana, rows=0)
        ana.has_nothing_waiting()
        if len(record.taps()) == 2 * visit + 1:
            ana.checks_out("Rosa")
            ana.sees_the_place_noted("Rosa")
            keeps(ana, rows=0)

    taps, places = record.taps(), record.places()
    assert [each["kind"] for each in taps] == ["check-in", "check-out"] * len(CUTS)
    assert [each["visit_id"] for each in taps[::2]] == [each["visit_id"] for each in taps[1::2]]
    assert len({each["visit_id"] for each in taps}) == len(CUTS)
    tapped = {each["submission_id"] for each in taps}
    assert sorted(each["about_submission_id"] for each in places) == sorted(tapped)
    numbers = sorted(each["chain_number"] for each in record.events())
    assert numbers == list(range(1, len(taps) + len(places) + 1))

    ana.opens_the_list()
    received = ana.page.locator('[data-item-state="received"]')
    expect(received).to_have_count(len(taps))
    ana.looks_around()
    told = [match[1] for each in received.all_inner_texts() if (match := RECEIPT.search(each))]
    assert sorted(told) == sorted(each["receipt"] for each in taps)


RECEIPT = re.compile(r"Receipt (\S+)\.")


def before_the_tap(ana: Someone, road: Road, record: Record) -> None:
    road.cut()
    ana.checks_in("Rosa")
    ana.sees("Saved on this phone")
    ana.sees_the_place_noted("Rosa")
    ana.looks_around()


def while_it_is_sent(ana: Someone, road: Road, record: Record) -> None:
    before = len(record.taps())
    road.hold()
    ana.checks_in("Rosa")
    ana.sees_the_place_noted("Rosa")
    expect(ana.page.locator("[data-outbox-line]")).to_have_attribute("data-state", "sending")
    ana.looks_around()
    road.cut()
    expect(ana.page.locator("[data-outbox-line]")).to_have_attribute("data-state", "waiting")
    assert len(record.taps()) == before


def before_the_answer(ana: Someone, road: Road, record: Record) -> None:
    before = len(record.taps())
    road.lose_answers()
    ana.checks_in("Rosa")
    ana.sees_the_place_noted("Rosa")
    record.has_taps(before + 1)
    ana.has_waiting()


def during_the_fix(ana: Someone, road: Road, record: Record) -> None:
    before = len(record.taps())
    ana.page.context.set_geolocation(ROSAS_HOME | {"accuracy": 90})
    ana.checks_in("Rosa")
    record.has_taps(before + 1)
    keeps(ana, rows=0)
    ana.sees("Looking for where you are")
    road.cut()
    ana.page.context.set_geolocation(ROSAS_HOME)
    ana.sees("Your place was noted")
    ana.has_waiting()


def before_the_check_out(ana: Someone, road: Road, record: Record) -> None:
    ana.checks_in("Rosa")
    ana.sees_the_place_noted("Rosa")
    keeps(ana, rows=0)
    road.cut()
    ana.checks_out("Rosa")
    ana.sees_the_place_noted("Rosa")
    ana.has_waiting()


CUTS = (before_the_tap, while_it_is_sent, before_the_answer, during_the_fix, before_the_check_out)
