"""A day that was changed by hand moves the visits that were tapped on it, and never beyond their taps."""

from datetime import UTC, date, datetime, timedelta

from app.domain.evv_codes import Why
from app.domain.evv_days import Adjusted, DayByHand, Stay, adjust, instant_of
from app.domain.visits import Place

ON = date(2026, 11, 23)
SIGNED = datetime(2026, 11, 24, 2, tzinfo=UTC)


def at(minute: int, on: date = ON) -> datetime:
    return instant_of(on, minute)


def by_hand(
    starts: int | None, ends: int | None, minutes: int = 60, *, on: date = ON, moved: bool = False
) -> DayByHand:
    return DayByHand(on, minutes, starts, ends, Place.HOME, moved, SIGNED)


MORNING = Stay(1, at(480), at(600))
AFTERNOON = Stay(2, at(840), at(960))


def test_the_first_begin_and_the_last_end_move() -> None:
    adjusted, without = adjust([MORNING, AFTERNOON], [by_hand(470, 970)])
    assert without == []
    assert (adjusted[1].begins_at, adjusted[1].ends_at) == (at(470), None)
    assert (adjusted[2].begins_at, adjusted[2].ends_at) == (None, at(970))
    assert adjusted[1].reasons == [(Why.TIMES_CHANGED, SIGNED)]


def test_the_same_times_change_nothing() -> None:
    assert adjust([MORNING, AFTERNOON], [by_hand(480, 960)]) == ({}, [])


def test_a_visit_outside_the_hours_is_not_claimed() -> None:
    adjusted, _ = adjust([MORNING, AFTERNOON], [by_hand(480, 600)])
    assert set(adjusted) == {2}
    assert not adjusted[2].is_claimed
    assert adjusted[2].reasons == [(Why.OUTSIDE_THE_DAY, SIGNED)]


def test_hours_apart_from_every_visit_stand_by_themselves() -> None:
    day = by_hand(1100, 1200)
    adjusted, without = adjust([MORNING], [day])
    assert without == [day]
    assert not adjusted[1].is_claimed


def test_a_day_without_hours_claims_nothing() -> None:
    adjusted, without = adjust([MORNING], [by_hand(None, None, minutes=0)])
    assert without == []
    assert not adjusted[1].is_claimed


def test_a_day_without_taps_stands_by_itself() -> None:
    day = by_hand(480, 600)
    assert adjust([], [day]) == ({}, [day])


def test_hours_without_times_leave_the_taps_as_they_are() -> None:
    assert adjust([MORNING], [by_hand(None, None)]) == ({}, [])


def test_a_forgotten_tap_is_given_by_the_day() -> None:
    no_out = Stay(1, at(480), None)
    no_in = Stay(2, None, at(960))
    adjusted, _ = adjust([no_out], [by_hand(480, 600)])
    assert adjusted[1] == Adjusted(ends_at=at(600), reasons=[(Why.NO_TAP_OUT, SIGNED)])
    adjusted, _ = adjust([no_in], [by_hand(900, 960)])
    assert adjusted[2] == Adjusted(begins_at=at(900), reasons=[(Why.NO_TAP_IN, SIGNED)])


def test_a_visit_over_midnight_is_moved_by_each_day_at_its_own_end() -> None:
    night = Stay(1, at(1320), at(360, ON + timedelta(days=1)))
    adjusted, _ = adjust(
        [night],
        [by_hand(1310, 1440), by_hand(0, 370, on=ON + timedelta(days=1))],
    )
    assert adjusted[1].begins_at == at(1310)
    assert adjusted[1].ends_at == at(370, ON + timedelta(days=1))


def test_another_place_is_a_change_of_the_first_visit() -> None:
    adjusted, _ = adjust([MORNING], [by_hand(480, 600, moved=True)])
    assert adjusted[1].reasons == [(Why.PLACE_CHANGED, SIGNED)]
    assert adjusted[1].is_claimed


def test_minutes_of_the_day_are_those_of_the_clock_face_when_the_clocks_change() -> None:
    spring, autumn = date(2026, 3, 8), date(2026, 11, 1)
    assert instant_of(spring, 240) == datetime(2026, 3, 8, 11, tzinfo=UTC)
    assert instant_of(autumn, 240) == datetime(2026, 11, 1, 12, tzinfo=UTC)
    assert instant_of(spring, 1440) == datetime(2026, 3, 9, 7, tzinfo=UTC)
