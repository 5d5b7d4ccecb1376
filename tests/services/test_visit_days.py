"""Programs, places and homes: each visit on its own sheet, and no minute on two of them."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from app.models.cases import Assignment
from app.models.timesheets import Timesheet
from app.services import visit_cards
from factories import World, assign, share_home
from taps import COMMUNITY, HOME, Taps

EIGHT = datetime(2026, 11, 23, 16, 0, tzinfo=UTC)  # 8 AM in Los Angeles
MONDAY = date(2026, 11, 23)


def hours(number: float) -> timedelta:
    return timedelta(hours=number)


@pytest.fixture
def ana(session, world: World) -> Taps:
    return Taps(session, world.ana)


@pytest.fixture
def wpcs(session, world: World) -> Assignment:
    """Ana works for Rosa under both programs."""
    ihss = world.ana_for_rosa
    return assign(session, ihss.provider, ihss.case, 30 * 60, program="wpcs")


def test_each_program_of_one_recipient_has_its_card_its_visits_and_its_sheet(
    session, world, ana, wpcs
) -> None:
    ihss = world.ana_for_rosa
    ana.check_in(ihss, EIGHT)
    ana.check_out(ihss, EIGHT + hours(3))
    ana.check_in(wpcs, EIGHT + hours(3))
    cards = visit_cards.cards(session, ihss.provider, at=EIGHT + hours(4))
    assert [(card.assignment.program, card.is_in) for card in cards[:2]] == [
        ("wpcs", True),
        ("ihss", False),
    ]
    ana.check_out(wpcs, EIGHT + hours(5))

    assert ana.row(ihss, MONDAY) == (180, 480, 660, "home")
    assert ana.row(wpcs, MONDAY) == (120, 660, 780, "home")
    assert ana.flags() == [None, None]
    assert set(session.scalars(select(Timesheet.assignment_id))) == {ihss.id, wpcs.id}


def test_two_programs_open_at_once_share_no_minute_and_cast_no_doubt(world, ana, wpcs) -> None:
    ana.check_in(world.ana_for_rosa, EIGHT)
    ana.check_in(wpcs, EIGHT + hours(1))
    ana.check_out(wpcs, EIGHT + hours(2))
    ana.check_out(world.ana_for_rosa, EIGHT + hours(3))

    assert ana.row(world.ana_for_rosa, MONDAY) == (180, 480, 660, "home")
    assert ana.row(wpcs, MONDAY) == (None, 540, 600, "home")
    assert ana.flags() == [None, None]


def test_several_visits_a_day_are_one_row_from_the_first_to_the_last(world, ana) -> None:
    for start, end in ((0, 1.5), (4, 5), (9, 11)):
        ana.check_in(world.ana_for_rosa, EIGHT + hours(start))
        ana.check_out(world.ana_for_rosa, EIGHT + hours(end))

    assert ana.row(world.ana_for_rosa, MONDAY) == (270, 480, 1140, "home")


@pytest.mark.parametrize("first_out", ["rosa", "walter"])
def test_two_recipients_in_one_home_count_no_minute_twice_and_cast_no_doubt(
    session, world, ana, first_out
) -> None:
    share_home(session, world)
    rosa, walter = world.ana_for_rosa, world.ana_for_walter
    ana.check_in(rosa, EIGHT)
    ana.check_in(walter, EIGHT + timedelta(minutes=1))
    cards = visit_cards.cards(session, rosa.provider, at=EIGHT + hours(1))
    assert [card.is_in for card in cards] == [True, True]
    outs = [(rosa, EIGHT + hours(3)), (walter, EIGHT + hours(4))]
    for assignment, at in outs if first_out == "rosa" else reversed(outs):
        ana.check_out(assignment, at)

    assert ana.row(rosa, MONDAY) == (180, 480, 660, "home")
    assert ana.row(walter, MONDAY) == (60, 481, 720, "home")
    assert ana.flags() == [None, None]


def test_when_one_of_two_visits_in_one_home_was_none_its_minutes_go_to_the_other(
    session, world, ana
) -> None:
    share_home(session, world)
    rosa, walter = world.ana_for_rosa, world.ana_for_walter
    ana.check_in(rosa, EIGHT)
    ana.check_in(walter, EIGHT + hours(1))
    ana.check_out(walter, EIGHT + hours(2))
    by_mistake = ana.check_out(rosa, EIGHT + hours(3))
    assert ana.row(walter, MONDAY) == (None, 540, 600, "home")

    ana.withdraw(by_mistake, EIGHT + hours(4))

    assert ana.row(walter, MONDAY) == (60, 540, 600, "home")
    assert ana.row(rosa, MONDAY) == (None, None, None, None)


def test_a_visit_that_moves_out_of_an_overlap_in_one_home_gives_its_minutes_back(
    session, world, ana
) -> None:
    """The check-out of half past eight comes from another phone, after that of ten."""
    share_home(session, world)
    rosa, walter = world.ana_for_rosa, world.ana_for_walter
    ana.check_in(rosa, EIGHT)
    ana.check_out(rosa, EIGHT + hours(2))
    ana.check_in(walter, EIGHT + hours(1))
    ana.check_out(walter, EIGHT + hours(2))
    assert ana.row(walter, MONDAY) == (None, 540, 600, "home")

    ana.check_out(rosa, EIGHT + hours(0.5))

    assert ana.row(rosa, MONDAY) == (30, 480, 600, "home")
    assert ana.row(walter, MONDAY) == (60, 540, 600, "home")


def test_two_homes_apart_keep_the_remark(world, ana) -> None:
    ana.check_in(world.ana_for_rosa, EIGHT)
    ana.check_in(world.ana_for_walter, EIGHT + hours(1))
    ana.check_out(world.ana_for_walter, EIGHT + hours(2))
    ana.check_out(world.ana_for_rosa, EIGHT + hours(3))

    assert ana.flags() == ["OVERLAP", "OVERLAP"]


@pytest.mark.parametrize(("came", "went"), [(HOME, COMMUNITY), (COMMUNITY, HOME)])
def test_a_day_out_that_starts_or_ends_at_home_is_both(world, ana, came, went) -> None:
    ana.check_in(world.ana_for_rosa, EIGHT, came)
    ana.check_out(world.ana_for_rosa, EIGHT + hours(2), went)

    assert ana.row(world.ana_for_rosa, MONDAY) == (120, 480, 600, "both")


@pytest.mark.parametrize(
    ("came", "rows"),
    [
        # 10 PM on the Saturday before the clocks go forward, and before they go back; six hours
        (datetime(2026, 3, 8, 6, tzinfo=UTC), [(120, 1320, 1440), (240, 0, 300)]),
        (datetime(2026, 11, 1, 5, tzinfo=UTC), [(120, 1320, 1440), (240, 0, 180)]),
        (datetime(2026, 11, 23, 6, tzinfo=UTC), [(120, 1320, 1440), (240, 0, 240)]),
    ],
)
def test_nights_on_both_programs_and_in_one_home_are_split_at_midnight(
    session, world, ana, wpcs, came, rows
) -> None:
    share_home(session, world)
    for assignment in (world.ana_for_rosa, world.ana_for_walter, wpcs):
        ana.check_in(assignment, came)
    for assignment in (wpcs, world.ana_for_walter, world.ana_for_rosa):
        ana.check_out(assignment, came + hours(6))

    first = came.date() - timedelta(days=1)
    days = (first, first + timedelta(days=1))
    told = [ana.row(world.ana_for_rosa, day) for day in days]
    assert [row[:3] for row in told] == rows
    others = [ana.row(each, day) for each in (world.ana_for_walter, wpcs) for day in days]
    assert [row[0] for row in others] == [None] * 4
