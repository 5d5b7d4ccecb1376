"""From taps to visits to proposed hours: nothing is refused, and no minute is counted twice."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.periods import LOS_ANGELES
from app.domain.visits import (
    DayPart,
    EventKind,
    Flag,
    Location,
    PairedVisit,
    Place,
    VisitEvent,
    days_of,
    may_undo,
    pair,
    propose,
    split_by_day,
    with_overlaps,
)

ROSA, WALTER = 1, 2
MONDAY, TUESDAY = date(2026, 3, 16), date(2026, 3, 17)
HOME, COMMUNITY = Location.HOME, Location.COMMUNITY


def local(text: str, fold: int = 0) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LOS_ANGELES, fold=fold).astimezone(UTC)


def tap(
    kind: str, time: str, assignment: int = ROSA, location: Location = HOME, day: date = MONDAY
) -> VisitEvent:
    at = local(f"{day}T{time}")
    return VisitEvent(f"{kind} {time} {assignment}", assignment, EventKind(kind), at, location)


def visit(start: str, end: str, assignment: int = ROSA, day: date = MONDAY) -> list[VisitEvent]:
    return [tap("check-in", start, assignment, day=day), tap("check-out", end, assignment, day=day)]


def flags(visits: list[PairedVisit]) -> list[set[Flag]]:
    return [set(visit.flags) for visit in visits]


def test_a_check_out_closes_the_check_in_of_its_assignment() -> None:
    rosa, walter = pair([*visit("08:00", "10:00"), *visit("11:00", "12:30", WALTER)])

    assert (rosa.assignment, rosa.minutes) == (ROSA, 120)
    assert (walter.assignment, walter.minutes) == (WALTER, 90)
    assert flags([rosa, walter]) == [set(), set()]


def test_the_order_in_which_taps_arrive_does_not_matter() -> None:
    taps = [*visit("08:00", "10:00"), *visit("11:00", "12:00")]

    assert pair(reversed(taps)) == pair(taps)


def test_a_second_check_in_is_accepted_and_flags_the_first() -> None:
    first, second = pair([tap("check-in", "08:00"), *visit("10:00", "12:00")])

    assert flags([first, second]) == [{Flag.NO_CHECK_OUT}, set()]
    assert not first.is_open
    assert second.minutes == 120


def test_a_check_in_without_a_check_out_yet_is_open_and_not_odd() -> None:
    (open_visit,) = pair([tap("check-in", "08:00")])

    assert open_visit.is_open
    assert open_visit.minutes is None
    assert open_visit.flags == frozenset()


def test_a_check_out_without_a_check_in_stands_alone() -> None:
    (alone,) = pair([tap("check-out", "10:00")])

    assert flags([alone]) == [{Flag.OUT_WITHOUT_IN}]
    assert not alone.is_open


def test_overlapping_visits_of_two_recipients_are_both_flagged() -> None:
    visits = pair([*visit("08:00", "10:00"), *visit("09:00", "11:00", WALTER)])

    assert flags(visits) == [{Flag.OVERLAP}, {Flag.OVERLAP}]


def test_visits_that_only_touch_do_not_overlap() -> None:
    visits = pair([*visit("08:00", "10:00"), *visit("10:00", "11:00", WALTER)])

    assert flags(visits) == [set(), set()]


def test_a_visit_over_a_day_is_kept_flagged_and_proposes_no_hours() -> None:
    forgotten = pair([tap("check-in", "08:00"), tap("check-out", "08:01", day=TUESDAY)])

    assert flags(forgotten) == [{Flag.OVER_A_DAY}]
    assert [(row.on, row.minutes) for row in propose(forgotten)] == [(MONDAY, 0), (TUESDAY, 0)]


def test_seconds_are_dropped_so_that_the_minutes_are_those_shown() -> None:
    (part,) = split_by_day(local("2026-03-16T08:02:59"), local("2026-03-16T08:03:01"))

    assert part == DayPart(MONDAY, 482, 483, 1)


def test_a_visit_over_midnight_is_split_between_its_days() -> None:
    assert split_by_day(local("2026-03-16T22:30"), local("2026-03-17T01:15")) == [
        DayPart(MONDAY, 1350, 1440, 90),
        DayPart(TUESDAY, 0, 75, 75),
    ]


def test_a_visit_that_ends_at_midnight_stays_on_its_day() -> None:
    assert split_by_day(local("2026-03-16T22:00"), local("2026-03-17T00:00")) == [
        DayPart(MONDAY, 1320, 1440, 120)
    ]


def test_the_night_the_clocks_go_forward_is_an_hour_shorter() -> None:
    assert split_by_day(local("2026-03-07T23:00"), local("2026-03-08T04:00")) == [
        DayPart(date(2026, 3, 7), 1380, 1440, 60),
        DayPart(date(2026, 3, 8), 0, 240, 180),
    ]


def test_the_night_the_clocks_go_back_is_an_hour_longer() -> None:
    assert split_by_day(local("2026-10-31T23:00"), local("2026-11-01T04:00")) == [
        DayPart(date(2026, 10, 31), 1380, 1440, 60),
        DayPart(date(2026, 11, 1), 0, 240, 300),
    ]


def test_within_the_hour_that_comes_twice_real_minutes_count() -> None:
    parts = split_by_day(local("2026-11-01T01:30"), local("2026-11-01T01:10", fold=1))

    assert parts == [DayPart(date(2026, 11, 1), 90, 70, 40)]


def test_a_visit_cannot_end_before_it_begins() -> None:
    with pytest.raises(ValueError, match="end before"):
        split_by_day(local("2026-03-16T10:00"), local("2026-03-16T09:59"))


INSTANTS = st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1)).map(  # noqa: DTZ001
    lambda naive: naive.replace(tzinfo=UTC)
)


@given(INSTANTS, st.timedeltas(timedelta(0), timedelta(days=4)))
def test_the_parts_of_a_visit_are_all_of_its_time(start: datetime, lasting: timedelta) -> None:
    whole = [instant.replace(second=0, microsecond=0) for instant in (start, start + lasting)]
    parts = split_by_day(start, start + lasting)

    assert sum(part.minutes for part in parts) == (whole[1] - whole[0]) // timedelta(minutes=1)
    assert [part.on for part in parts] == sorted({part.on for part in parts})


def test_a_day_shows_its_first_in_its_last_out_and_the_time_between_pairs() -> None:
    (row,) = propose(pair([*visit("08:00", "10:00"), *visit("15:00", "17:30")]))

    assert (row.on, row.assignment) == (MONDAY, ROSA)
    assert (row.first_in, row.last_out, row.minutes) == (480, 1050, 270)


@pytest.mark.parametrize(
    ("at_in", "at_out", "place"),
    [
        (HOME, HOME, Place.HOME),
        (COMMUNITY, COMMUNITY, Place.COMMUNITY),
        (HOME, COMMUNITY, Place.BOTH),
    ],
)
def test_a_day_of_two_locations_shows_both(at_in: Location, at_out: Location, place: Place) -> None:
    taps = [
        tap("check-in", "08:00", location=at_in),
        tap("check-out", "09:00", location=at_out),
    ]

    assert [row.place for row in propose(pair(taps))] == [place]


def test_a_minute_shared_by_two_recipients_goes_to_the_visit_begun_first() -> None:
    rosa, walter = propose(pair([*visit("08:00", "10:00"), *visit("09:00", "11:00", WALTER)]))

    assert (rosa.minutes, walter.minutes) == (120, 60)
    assert (walter.first_in, walter.last_out) == (540, 660)


def test_a_visit_inside_another_proposes_nothing() -> None:
    rosa, walter = propose(pair([*visit("08:00", "12:00"), *visit("09:00", "10:00", WALTER)]))

    assert (rosa.minutes, walter.minutes) == (240, 0)


def test_a_tap_without_its_pair_shows_and_proposes_no_hours() -> None:
    (row,) = propose(pair([tap("check-in", "08:00"), *visit("10:00", "11:00")]))

    assert (row.first_in, row.last_out, row.minutes) == (480, 660, 60)


MINUTES = st.integers(0, 2 * 24 * 60)
VISITS = st.lists(
    st.tuples(st.sampled_from([ROSA, WALTER, 3]), MINUTES, MINUTES), min_size=1, max_size=8
)


@given(VISITS)
def test_all_proposals_together_are_the_time_covered_by_any_visit(
    drawn: list[tuple[int, int, int]],
) -> None:
    midnight = local("2026-03-16T00:00")
    taps = []
    for assignment, start, length in drawn:
        for kind, minute in (("check-in", start), ("check-out", start + length // 4)):
            at = midnight + timedelta(minutes=minute)
            taps.append(VisitEvent(len(taps), assignment, EventKind(kind), at, HOME))
    visits = pair(taps)
    covered = set()
    for each in visits:
        if each.check_in and each.check_out and Flag.OVER_A_DAY not in each.flags:
            first = (each.check_in.at - midnight) // timedelta(minutes=1)
            covered |= set(range(first, first + (each.minutes or 0)))

    assert sum(row.minutes for row in propose(visits)) == len(covered)


def test_undo_is_open_for_two_minutes() -> None:
    made = local("2026-03-16T08:00")

    assert may_undo(made, made + timedelta(minutes=2))
    assert not may_undo(made, made + timedelta(minutes=2, seconds=1))


ONE_HOME = {ROSA: "412 Example Street", WALTER: "412 Example Street"}


def test_visits_of_two_people_in_one_home_share_time_and_nothing_is_odd_about_it() -> None:
    taps = [*visit("08:00", "10:00"), *visit("08:01", "10:02", WALTER)]
    visits = with_overlaps(pair(taps), ONE_HOME)
    apart = with_overlaps(_without_flags(visits), {ROSA: "here", WALTER: "there"})
    unknown = with_overlaps(_without_flags(visits), {ROSA: "here"})

    assert flags(with_overlaps(_without_flags(visits), ONE_HOME)) == [set(), set()]
    assert flags(apart) == flags(unknown) == [{Flag.OVERLAP}, {Flag.OVERLAP}]
    assert [row.minutes for row in propose(visits)] == [120, 2]


def _without_flags(visits: list[PairedVisit]) -> list[PairedVisit]:
    return [replace(visit, flags=frozenset()) for visit in visits]


def test_a_day_out_that_starts_and_ends_at_home_is_both() -> None:
    """To the doctor and back: the morning begins at home, the middle is elsewhere, the end at home."""
    taps = [
        tap("check-in", "08:00"),
        tap("check-out", "09:30", location=COMMUNITY),
        tap("check-in", "11:00", location=COMMUNITY),
        tap("check-out", "13:00"),
    ]
    (row,) = propose(pair(taps))

    assert (row.first_in, row.last_out, row.minutes, row.place) == (480, 780, 210, Place.BOTH)


def test_an_overlap_over_midnight_is_counted_once_on_each_day() -> None:
    taps = [
        *[tap("check-in", "22:00"), tap("check-out", "02:00", day=TUESDAY)],
        *[tap("check-in", "23:00", WALTER), tap("check-out", "03:00", WALTER, day=TUESDAY)],
    ]
    rows = {(row.on, row.assignment): row.minutes for row in propose(pair(taps))}

    assert rows == {
        (MONDAY, ROSA): 120,
        (TUESDAY, ROSA): 120,
        (MONDAY, WALTER): 0,
        (TUESDAY, WALTER): 60,
    }


@pytest.mark.parametrize(
    ("in_at", "out_at", "minutes"),
    [
        (local("2026-10-31T23:30"), local("2026-11-01T01:30"), [30, 90]),
        (local("2026-10-31T23:30"), local("2026-11-01T01:30", fold=1), [30, 150]),
        (local("2026-03-07T23:30"), local("2026-03-08T03:30"), [30, 150]),
    ],
)
def test_a_night_on_which_the_clocks_change_is_split_at_its_midnight(
    in_at: datetime, out_at: datetime, minutes: list[int]
) -> None:
    taps = [
        VisitEvent("in", ROSA, EventKind.CHECK_IN, in_at, HOME),
        VisitEvent("out", ROSA, EventKind.CHECK_OUT, out_at, HOME),
    ]
    assert [row.minutes for row in propose(pair(taps))] == minutes


@pytest.mark.parametrize(
    ("ended_at", "days"),
    [
        (None, [16]),
        ("2026-03-16T23:59", [16]),
        ("2026-03-17T00:00", [16, 17]),
        ("2026-03-18T22:00", [16, 17, 18]),
        ("2026-03-18T22:01", [16, 18]),
        ("2026-03-30T08:00", [16, 30]),
    ],
)
def test_hours_of_a_visit_lie_on_its_days_and_of_a_forgotten_one_on_its_ends(
    ended_at: str | None, days: list[int]
) -> None:
    began_at = local("2026-03-16T22:00")
    found = days_of(began_at, None if ended_at is None else local(ended_at))
    assert found == [date(2026, 3, day) for day in days]
