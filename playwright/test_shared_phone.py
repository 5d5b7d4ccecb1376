"""Two people and one phone: each sends under her own name alone, and sees nothing of the other's."""

from collections.abc import Callable

from playwright.sync_api import expect

from people import Someone, yesterday
from portal import Portal
from record import Record, is_known_by_its_key, keeps, rows_on
from road import Road

Phone = Callable[..., Someone]


def test_what_ana_tapped_waits_while_maria_uses_the_phone(
    phone: Phone, portal: Portal, road: Road
) -> None:
    ana = phone("ana", base_url=road.url).signs_in(looking=False)
    is_known_by_its_key(ana)
    record = Record(portal)
    road.shut_the_door_to_events()
    ana.checks_in("Rosa", "Community")
    ana.has_waiting()
    ana.signs_out()

    maria = Someone("maria", ana.page, portal).signs_in(looking=False)
    maria.is_ready_for_offline()
    maria.opens_timesheet("Nune")
    sheet = maria.page.url
    maria.writes_hours(yesterday(portal), "4:15")
    maria.has_waiting()
    maria.sees("1 thing of another person waits here until they sign in")
    maria.opens_the_list()
    expect(maria.page.locator("[data-item-state]")).to_have_count(1)
    maria.looks = True
    maria.looks_around()
    shows_nothing_of_anas(maria)

    road.open_the_door_to_events()
    maria.goes_to("/")
    keeps(maria, rows=1)
    maria.has_nothing_waiting()
    maria.sees("1 thing of another person waits here until they sign in")
    shows_nothing_of_anas(maria)
    assert rows_on(maria) == [{"account": record.account("ana"), "state": "waiting"}]
    assert record.taps() == []
    maria.goes_to(sheet)
    expect(maria.hours_field(yesterday(portal))).to_have_value("4:15")

    maria.signs_out()  # nobody is signed in now, so what her own key signed goes under Ana's name
    record.has_taps(1)
    maria.has_nothing_waiting()
    shows_nothing_of_anas(maria)
    assert (record.taps()[0]["username"], record.taps()[0]["signed"]) == ("ana", 1)
    ana.signs_in_again()
    expect(ana.card("Rosa").get_by_role("button", name="Check out")).to_be_visible()


def shows_nothing_of_anas(maria: Someone) -> None:
    shown = maria.page.content()
    assert not [name for name in ("Ana Flores", "Rosa", "Walter") if name in shown]
