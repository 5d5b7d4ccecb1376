"""The door as a page: one post a tap, without scripts."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select

from app.models.accounts import Account
from app.models.timesheets import TimeEntry, Timesheet
from app.models.visits import Visit, VisitEvent
from factories import World, assign, share_home
from forms_in_pages import forms_in, post_form, send_form

EIGHT = datetime(2026, 11, 23, 16, 2, tzinfo=UTC)  # 8:02 AM in Los Angeles


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(EIGHT, tick=False) as traveller:
        yield traveller


@pytest.fixture
def ana(clock, world: World, signed_in: Callable[[Account], FlaskClient]) -> FlaskClient:
    return signed_in(world.ana)


def card_form(page: str, kind: str, assignment_id: int) -> dict[str, str]:
    """What the form of one card would send."""
    for form in forms_in(page):
        values = dict(form.values)
        if form.action == f"/visits/{kind}" and values.get("assignment") == str(assignment_id):
            return values
    raise AssertionError(f"no {kind} form for {assignment_id}")


def tap(client: FlaskClient, kind: str, assignment_id: int, **typed: str):
    values = card_form(client.get("/").text, kind, assignment_id) | typed
    return client.post(f"/visits/{kind}", data=values, follow_redirects=True)


def test_home_has_a_card_for_each_recipient_and_no_other_heading_with_the_name(ana) -> None:
    page = ana.get("/").text
    headings = [line for line in page.split("<h")[1:] if line[0] in "123456"]
    assert sum("Rosa Delgado" in line.split("</h")[0] for line in headings) == 1
    assert sum("Walter Kim" in line.split("</h")[0] for line in headings) == 1
    assert "Good morning, Ana" in page
    assert "Monday, November 23" in page


def test_two_programs_of_one_recipient_are_two_cards_side_by_side(ana, session, world) -> None:
    ihss = world.ana_for_rosa
    wpcs = assign(session, ihss.provider, ihss.case, 600, program="wpcs")
    session.commit()

    page = ana.get("/").text

    names = re.findall(r'<h2 id="visit-(\d+)" data-recipient>([^<]+)</h2>', page)
    cards = ana.get("/offline/facts").json["cards"]
    assert [str(card["assignment"]) for card in cards] == [number for number, _ in names]
    assert names == [
        (str(ihss.id), "Rosa Delgado"),
        (str(wpcs.id), "Rosa Delgado"),
        (str(world.ana_for_walter.id), "Walter Kim"),
    ]
    programs = dict(re.findall(r'id="program-(\d+)" data-program>(\w+)<', page))
    assert (programs[str(ihss.id)], programs[str(wpcs.id)]) == ("IHSS", "WPCS")
    assert f'aria-labelledby="visit-{wpcs.id} program-{wpcs.id}"' in page
    assert page.count("Rosa Delgado (WPCS), November 16 – 30") == 1
    assert page.count("Rosa Delgado, November 16 – 30") == 1


def test_each_program_is_checked_in_and_out_by_itself_and_has_its_sheet(
    ana, clock, session, world, signed_in
) -> None:
    ihss = world.ana_for_rosa
    wpcs = assign(session, ihss.provider, ihss.case, 600, program="wpcs")
    session.commit()
    tap(ana, "check-in", ihss.id)
    clock.shift(timedelta(hours=2))
    ana = signed_in(world.ana)
    tap(ana, "check-out", ihss.id)
    page = tap(ana, "check-in", wpcs.id).text
    assert "You are checked in for Rosa Delgado (WPCS) since 10:02 AM." in page
    clock.shift(timedelta(hours=1))
    ana = signed_in(world.ana)
    tap(ana, "check-out", wpcs.id)

    worked = session.execute(
        select(Timesheet.assignment_id, TimeEntry.minutes).join(Timesheet.entries)
    ).all()
    assert {tuple(row) for row in worked} == {(ihss.id, 120), (wpcs.id, 60)}
    page = ana.get("/timesheets").text
    assert "Rosa Delgado (WPCS), November 16 – 30" in page
    facts = ana.get("/offline/facts").json["cards"]
    assert [card["program"] for card in facts if card["recipient"] == "Rosa Delgado"] == [
        "ihss",
        "wpcs",
    ]


def test_two_people_in_one_home_are_checked_in_together_and_nothing_is_odd_about_it(
    ana, clock, session, world, signed_in
) -> None:
    share_home(session, world)
    rosa, walter = world.ana_for_rosa.id, world.ana_for_walter.id
    tap(ana, "check-in", rosa)
    page = tap(ana, "check-in", walter).text
    assert "You are checked in for Rosa since 8:02 AM." in page
    assert "You are checked in for Walter since 8:02 AM." in page

    clock.shift(timedelta(hours=2))
    ana = signed_in(world.ana)
    for assignment in (walter, rosa):
        tap(ana, "check-out", assignment)

    minutes = session.scalars(select(TimeEntry.minutes)).all()
    assert sum(each or 0 for each in minutes) == 120
    page = ana.get("/visits").text
    assert "Rosa Delgado" in page
    assert "Walter Kim" in page
    assert "two people at once" not in page


def test_live_in_providers_see_no_check_in(clock, world, signed_in) -> None:
    page = signed_in(world.maria).get("/").text
    assert "data-visit-card" not in page
    assert "Nune Petrosyan" in page


def test_a_check_in_and_a_check_out_end_in_hours_on_the_sheet(
    ana, clock, session, world, signed_in
) -> None:
    page = tap(ana, "check-in", world.ana_for_rosa.id).text
    assert "You are checked in for Rosa since 8:02 AM." in page

    clock.shift(timedelta(hours=2, minutes=58))
    ana = signed_in(world.ana)
    page = tap(ana, "check-out", world.ana_for_rosa.id, location="community").text

    assert "2 hours 58 minutes today for Rosa. Added to your timesheet." in page
    assert "Change" in page
    entry = session.scalars(select(TimeEntry)).one()
    assert f'href="/timesheets/{entry.timesheet_id}"' in page
    assert (entry.minutes, entry.location) == (178, "both")


def test_where_she_is_checked_in_comes_first_and_the_place_is_chosen_already(ana, world) -> None:
    page = tap(ana, "check-in", world.ana_for_walter.id, location="community").text
    assert page.index("Walter Kim</h2>") < page.index("Rosa Delgado</h2>")
    assert card_form(page, "check-out", world.ana_for_walter.id)["location"] == "community"


def test_a_form_sent_twice_is_one_event(ana, session, world) -> None:
    values = card_form(ana.get("/").text, "check-in", world.ana_for_rosa.id)
    for _ in range(2):
        assert ana.post("/visits/check-in", data=values).status_code == 303
    assert len(session.scalars(select(VisitEvent)).all()) == 1


@pytest.mark.parametrize(
    ("typed", "status"),
    [
        ({"location": "moon"}, 422),
        ({"assignment": "٣"}, 404),
        ({"assignment": "99999999999999999999"}, 422),
        ({"assignment": "x"}, 422),
        ({"submission_id": "no uuid"}, 200),
    ],
)
def test_odd_taps_get_a_sentence_and_break_nothing(ana, world, typed, status) -> None:
    assert tap(ana, "check-in", world.ana_for_rosa.id, **typed).status_code == status


def test_a_strangers_assignment_and_visit_are_not_found(ana, session, world, signed_in) -> None:
    assert tap(ana, "check-in", world.ana_for_rosa.id, assignment="999").status_code == 404
    other = world.maria_for_nune.id
    assert tap(ana, "check-in", world.ana_for_rosa.id, assignment=str(other)).status_code == 404
    tap(ana, "check-in", world.ana_for_rosa.id)
    visit = session.scalars(select(Visit)).one()
    assert signed_in(world.maria).get(f"/visits/{visit.id}").status_code == 404


def test_undo_works_for_two_minutes_and_then_leads_to_a_reason(ana, clock, session, world) -> None:
    tap(ana, "check-in", world.ana_for_rosa.id)
    page = post_form(ana, "/", button="Undo check-in", follow_redirects=True).text
    assert "Undone. You are not checked in." in page

    tap(ana, "check-in", world.ana_for_rosa.id)
    page = ana.get("/")
    clock.shift(timedelta(minutes=3))
    page = send_form(ana, page, button="Undo check-in", follow_redirects=True)
    assert "More than two minutes have passed." in page.text
    page = send_form(
        ana, page, {"reason": "I was still in the car"}, "It was not a visit",
        follow_redirects=True,
    )  # fmt: skip
    assert "I was still in the car" in page.text
    assert all(visit.undone_at for visit in session.scalars(select(Visit)))
    assert "You are checked in" not in ana.get("/").text.split('class="cards"')[0]


def test_a_reason_is_asked_for(ana, session, world) -> None:
    tap(ana, "check-in", world.ana_for_rosa.id)
    visit = session.scalars(select(Visit)).one()
    page = post_form(ana, f"/visits/{visit.id}/not-a-visit", {"reason": "  "})
    assert page.status_code == 422
    assert "Please say in a few words why." in page.text


def test_a_forgotten_check_out_is_written_by_hand(ana, clock, session, world, signed_in) -> None:
    tap(ana, "check-in", world.ana_for_rosa.id)
    visit = session.scalars(select(Visit)).one()
    clock.shift(timedelta(days=1))
    ana = signed_in(world.ana)
    assert "You are checked in for Rosa since November 23, 8:02 AM." in ana.get("/").text
    address = f"/visits/{visit.id}/close"
    for ended_time, words in (
        ("7:00", "The end must be later."),
        ("noon", "is not a time of day"),
        ("", "Write the time"),
    ):
        page = post_form(ana, address, {"ended_on": "2026-11-23", "ended_time": ended_time})
        assert (page.status_code, words in page.text) == (422, True), ended_time
        if ended_time:
            assert ended_time in page.text
    page = post_form(
        ana, address, {"ended_on": "2026-11-23", "ended_time": "4:02 PM"}, follow_redirects=True
    )
    assert "8 hours on Monday, November 23 for Rosa." in page.text
    assert "by hand" in page.text
    entry = session.scalars(select(TimeEntry)).one()
    assert (entry.on, entry.minutes) == (date(2026, 11, 23), 480)


def test_an_end_in_the_hour_that_comes_twice_is_later_than_the_beginning(
    clock, session, world, signed_in
) -> None:
    second_half_past_one = datetime(2026, 11, 1, 9, 30, tzinfo=UTC)
    clock.move_to(second_half_past_one)
    ana = signed_in(world.ana)
    tap(ana, "check-in", world.ana_for_rosa.id)
    visit = session.scalars(select(Visit)).one()
    clock.shift(timedelta(hours=5))
    ana = signed_in(world.ana)
    post_form(ana, f"/visits/{visit.id}/close", {"ended_on": "2026-11-01", "ended_time": "1:45"})
    assert session.scalars(select(TimeEntry)).one().minutes == 15


def test_all_visits_are_listed_a_page_at_a_time_and_only_ones_own(
    ana, clock, session, world, signed_in
) -> None:
    tap(ana, "check-in", world.ana_for_rosa.id)
    assert 'href="/visits"' in ana.get("/").text
    page = ana.get("/visits").text
    assert "Rosa Delgado, November 23, 8:02 AM" in page
    assert "You are checked in" in page
    assert "Rosa Delgado" not in ana.get("/visits?page=2").text
    assert ana.get("/visits?page=99999999999999999999").status_code == 200
    assert "There are no visits yet." in signed_in(world.maria).get("/visits").text


@pytest.fixture
def usual(ana, session, world) -> FlaskClient:
    """Ana, who for four Mondays was with Rosa from 8:02 to 11:02."""
    for number in range(1, 5):
        began_at = EIGHT - number * timedelta(weeks=1)
        session.add(
            Visit(
                assignment=world.ana_for_rosa, began_at=began_at, checked_in_at=began_at,
                checked_out_at=began_at + timedelta(hours=3), location_in="home",
                location_out="home", is_open=False,
            )
        )  # fmt: skip
    session.commit()
    return ana


def test_the_home_asks_whether_a_long_visit_is_over(usual, clock, world, signed_in) -> None:
    page = tap(usual, "check-in", world.ana_for_rosa.id).text
    assert "Is your visit for Rosa over?" not in page

    clock.shift(timedelta(hours=4, minutes=1))

    page = signed_in(world.ana).get("/").text
    assert "Is your visit for Rosa over?" in page
    assert "This one would have ended at 11:02 AM." in page


def test_an_end_like_ones_own_visits_is_filled_in_and_marked_by_hand(
    usual, clock, session, world, signed_in
) -> None:
    tap(usual, "check-in", world.ana_for_rosa.id)
    visit_id = session.scalars(select(Visit.id).where(Visit.is_open)).one()
    clock.shift(timedelta(hours=9))
    later = signed_in(world.ana)

    page = later.get(f"/visits/{visit_id}/close").text
    assert "We filled in 11:02 AM, because your visits often last as long." in page
    post_form(later, f"/visits/{visit_id}/close", {}, button="Save the end")

    session.expire_all()
    assert session.get_one(Visit, visit_id).checked_out_at == EIGHT + timedelta(hours=3)
    kinds = select(VisitEvent.source).where(VisitEvent.kind == "check-out")
    assert session.scalars(kinds).all() == ["hand"]


def test_ones_own_check_ins_say_which_were_changed_by_hand(
    usual, clock, session, world, signed_in
) -> None:
    tap(usual, "check-in", world.ana_for_rosa.id)
    visit_id = session.scalars(select(Visit.id).where(Visit.is_open)).one()
    clock.shift(timedelta(hours=9))
    later = signed_in(world.ana)
    post_form(later, f"/visits/{visit_id}/close", {}, button="Save the end")

    page = later.get("/visits/check-ins").text

    assert "Only you can see this page." in page
    assert "You wrote the end by hand." in page


def test_without_visits_ones_own_check_ins_say_so(ana) -> None:
    assert "There were no visits in this time." in ana.get("/visits/check-ins").text
