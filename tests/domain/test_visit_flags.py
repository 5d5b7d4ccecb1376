"""What is shown to a person about a visit, and what honest phones never show."""

import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.chains import Link
from app.domain.clocks import Told, accepted_time
from app.domain.positions import Fix, place_verdict
from app.domain.visit_flags import FlagCode, find, judge
from app.domain.visit_history import Enrolled, Event, History

ROSAS, WALTERS = (34.0622, -118.3090), (34.0935, -118.2910)
ANA, BEA = 1, 2
ROSA, WALTER = 11, 12
NOON = datetime(2026, 11, 10, 20, tzinfo=UTC)
NOW = NOON + timedelta(days=30)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
A_METRE = 1 / 111_195  # degrees of latitude


def event(number: int, made_at: datetime = NOON, **said: Any) -> Event:
    told = said.pop("told", None) or Told(made_at, said.pop("received_at", made_at))
    fix = said.get("fix")
    home = {ROSA: ROSAS, WALTER: WALTERS}[said.get("recipient", ROSA)]
    values = {
        "kind": "check-in", "provider": ANA, "recipient": ROSA,
        "place": place_verdict(home, fix, made_at.date()) if fix else None, **said,
    }  # fmt: skip
    return Event(number, told=told, counts_at=accepted_time(told), **values)


def history(*events: Event, **known: Any) -> History:
    return History(NOW, events, homes={ROSA: ROSAS, WALTER: WALTERS}, **known)


def codes(*events: Event, **known: Any) -> list[tuple[Any, str]]:
    return [(flagged.event, flagged.code.value) for flagged in judge(history(*events, **known))]


def near(home: tuple[float, float], metres: float, accuracy: float = 15) -> Fix:
    return Fix(home[0] + metres * A_METRE, home[1], accuracy)


def chained(number: int, minutes: float, wall: float, **said: Any) -> Event:
    """An event of one phone, `minutes` after the anchor in truth and `wall` by its clock."""
    told = Told(
        NOON + wall * MINUTE, NOON + 300 * MINUTE, NOON,
        timedelta(seconds=math.floor(minutes * 60)) if said.get("awake", True) else None,
    )  # fmt: skip
    link = Link("k", number, f"h{number - 1}" if number > 1 else "", f"h{number}", NOON, number)
    return event(number, told=told, link=link, signed=True)


def test_at_home_is_not_odd() -> None:
    assert codes(event(1, fix=near(ROSAS, 40))) == []


def test_plainly_away_is_told_with_its_distance_and_accuracy() -> None:
    (flagged,) = judge(history(event(1, fix=near(ROSAS, 4800, accuracy=12))))

    assert flagged.code is FlagCode.AWAY
    assert flagged.facts == {"distance_metres": 4800, "accuracy_metres": 12}
    assert flagged.is_question


@pytest.mark.parametrize(("metres", "asks"), [(150 + 3 * 40, False), (150 + 3 * 40 + 1, True)])
def test_nobody_is_asked_within_three_times_the_accuracy(metres: int, asks: bool) -> None:
    fix = near(ROSAS, metres, accuracy=40)

    assert bool(codes(event(1, fix=fix))) is asks


def test_a_vague_place_is_a_remark_and_never_away() -> None:
    (flagged,) = judge(history(event(1, fix=near(ROSAS, 9000, accuracy=2000))))

    assert flagged.code is FlagCode.VAGUE_POSITION
    assert not flagged.is_question


@pytest.mark.parametrize("accuracy", [0, 0.9])
def test_a_place_told_more_finely_than_phones_know_it_is_a_remark(accuracy: float) -> None:
    (flagged,) = judge(history(event(1, fix=near(ROSAS, 0, accuracy=accuracy))))

    assert flagged.code is FlagCode.EXACT_POSITION
    assert not flagged.is_question
    assert codes(event(1, fix=near(ROSAS, 0, accuracy=1))) == []


def test_what_was_withdrawn_is_not_looked_at() -> None:
    assert codes(event(1, fix=near(ROSAS, 4800), withdrawn=True)) == []


@pytest.mark.parametrize(
    ("off", "code"), [(HOUR, "CLOCK_AHEAD"), (-40 * DAY, "CLOCK_BEHIND"), (-4 * MINUTE, None)]
)
def test_a_clock_that_is_not_believed_is_told(off: timedelta, code: str | None) -> None:
    found = codes(event(1, NOON + off, received_at=NOON))

    assert found == ([(1, code)] if code else [])


def test_a_page_has_no_clock_of_its_own() -> None:
    assert codes(event(1, NOON + HOUR, received_at=NOON, source="page")) == []


def test_late_is_told_with_what_is_known_of_its_time() -> None:
    told = Told(NOON, NOON + 3 * DAY, NOON - HOUR)

    (flagged,) = judge(history(event(1, told=told)))

    assert flagged.code is FlagCode.LATE_ARRIVAL
    assert flagged.facts == {
        "late_minutes": 3 * 24 * 60,
        "made_at": NOON.isoformat(),
        "received_at": (NOON + 3 * DAY).isoformat(),
        "earliest_at": (NOON - HOUR).isoformat(),
    }
    assert not flagged.is_question


def test_a_day_without_a_network_is_not_late() -> None:
    assert codes(event(1, NOON, received_at=NOON + DAY)) == []


def test_a_clock_that_was_set_back_between_two_taps_shows() -> None:
    (flagged,) = judge(history(chained(1, 10, 10), chained(2, 190, 70)))

    assert (flagged.event, flagged.code) == (2, FlagCode.CLOCK_SET_BACK)
    assert flagged.facts == {"back_minutes": 120}


def test_a_later_number_with_an_earlier_time_shows_it_too() -> None:
    ahead, back = chained(1, 5, 250), chained(2, 240, 120)

    assert codes(ahead, back) == [(2, "CLOCK_SET_BACK")]


def test_a_clock_that_went_back_to_the_right_time_is_a_remark() -> None:
    """Set by hand to the wrong hour, and put right by the network."""
    ahead, right = chained(1, 5, 250), chained(2, 240, 240)

    (flagged,) = judge(history(ahead, right))

    assert (flagged.event, flagged.code) == (2, FlagCode.CLOCK_CHANGED)
    assert flagged.facts == {"back_minutes": 245}
    assert not flagged.is_question


@pytest.mark.parametrize(
    ("days", "code"), [(-8, "CLOCK_CHANGED"), (0, "CLOCK_SET_BACK"), (-60, "CLOCK_SET_BACK")]
)
def test_an_hour_back_by_hand_is_asked_about_only_out_of_season(days: int, code: str) -> None:
    moved = [
        replace(
            each,
            told=Told(
                each.told.made_at + days * DAY,
                each.told.received_at + days * DAY,
                NOON + days * DAY,
                each.told.since_anchor,
            ),
        )
        for each in (chained(1, 10, 10), chained(2, 190, 130))
    ]

    assert codes(*moved) == [(2, code)]


def test_a_phone_that_slept_lost_time_on_its_other_clock_only() -> None:
    assert codes(chained(1, 10, 10), chained(2, 12, 200)) == []


def test_a_clock_put_right_by_the_network_is_not_odd() -> None:
    """Four minutes ahead at first: within what is believed of any phone."""
    assert codes(chained(1, 60, 64), chained(2, 120, 120)) == []


def test_a_clock_that_drifts_is_not_odd() -> None:
    a_day_on = chained(2, 24 * 60 + 60, 24 * 60 + 60 - 0.3)
    a_day_on = replace(a_day_on, told=replace(a_day_on.told, received_at=NOON + 26 * HOUR))

    assert codes(chained(1, 60, 60), a_day_on) == []


def test_nobody_drives_from_one_home_to_another_across_the_state_in_an_hour() -> None:
    there = Fix(37.77, -122.42, 12)
    at_home = event(1, fix=near(ROSAS, 10))
    far = event(2, NOON + HOUR, fix=there, recipient=WALTER)

    (away, travel) = judge(history(at_home, far))

    assert away.code is FlagCode.AWAY
    assert travel.code is FlagCode.IMPOSSIBLE_TRAVEL
    assert travel.facts["apart_minutes"] == 60
    assert 550_000 < int(str(travel.facts["apart_metres"])) < 570_000


def test_a_drive_of_ten_minutes_is_possible() -> None:
    here, there = event(1, fix=near(ROSAS, 5)), near(WALTERS, 5)

    assert codes(here, event(2, NOON + 10 * MINUTE, fix=there, recipient=WALTER)) == []


def test_two_vague_fixes_in_one_home_are_no_travel() -> None:
    one = event(1, fix=near(ROSAS, 700, accuracy=400))
    other = event(2, NOON + MINUTE, fix=near(ROSAS, -700, accuracy=400))

    assert codes(one, other) == []


def test_two_homes_at_one_time_on_two_phones_may_be_two_clocks() -> None:
    here = event(1, fix=near(ROSAS, 5), device=1)
    there = event(2, NOON, fix=near(WALTERS, 5), recipient=WALTER, device=2)

    assert codes(here, there) == []
    assert codes(here, replace(there, device=1)) == [(2, "IMPOSSIBLE_TRAVEL")]


def test_a_time_that_is_not_believed_proves_no_speed() -> None:
    here = event(1, fix=near(ROSAS, 5))
    doubted = Told(NOON + 365 * DAY, NOON + MINUTE)
    there = event(2, told=doubted, fix=Fix(34.2, -118.3, 9), recipient=WALTER, place=None)

    assert codes(here, there) == [(2, "CLOCK_AHEAD")]


def test_two_providers_are_not_one() -> None:
    here = event(1, fix=near(ROSAS, 5))
    there = event(2, fix=near(WALTERS, 5), recipient=WALTER, provider=BEA)

    assert codes(here, there) == []


def test_the_very_same_fix_on_three_days_shows_on_the_third() -> None:
    fix = near(ROSAS, 12)
    days = [event(number, NOON + number * DAY, fix=fix) for number in range(5)]

    (flagged,) = judge(history(*days))

    assert (flagged.event, flagged.code) == (2, FlagCode.SAME_FIX)
    assert flagged.facts == {"days": 3, "since_on": "2026-11-10"}


def test_the_middle_of_a_network_may_repeat() -> None:
    fix = near(ROSAS, 12, accuracy=120)

    assert codes(*(event(number, NOON + number * DAY, fix=fix) for number in range(5))) == []


def test_twice_on_one_day_is_one_day() -> None:
    fix = near(ROSAS, 12)

    assert codes(*(event(number, NOON + number * MINUTE, fix=fix) for number in range(5))) == []


def test_one_fix_for_two_homes_far_apart_shows() -> None:
    fix = near(ROSAS, 12)
    here, there = event(1, fix=fix), event(2, NOON + HOUR, fix=fix, recipient=WALTER)

    assert codes(here, there) == [(2, "AWAY"), (2, "SAME_FIX_TWO_HOMES")]


def test_one_fix_for_two_people_in_one_home_is_not_odd() -> None:
    fix = near(ROSAS, 12)
    both = [event(1, fix=fix), replace(event(2, fix=fix), recipient=WALTER)]

    assert judge(History(NOW, tuple(both), homes={ROSA: ROSAS, WALTER: ROSAS})) == []


def test_what_comes_unsigned_where_a_phone_signs_is_a_remark() -> None:
    enrolled = (Enrolled(ANA, NOON - DAY),)

    assert codes(event(1), enrolled=enrolled) == [(1, "NOT_SIGNED")]
    assert codes(event(1, signed=True), enrolled=enrolled) == []
    assert codes(event(1, source="page"), enrolled=enrolled) == []
    assert codes(event(1, provider=BEA), enrolled=enrolled) == []


def test_what_was_made_before_the_phone_signed_need_not_be_signed() -> None:
    waited = event(1, NOON - 2 * HOUR, received_at=NOON)

    assert codes(waited, enrolled=(Enrolled(ANA, NOON - HOUR),)) == []


def test_a_phone_that_signs_for_two_providers_is_told_once_for_each() -> None:
    mine = [event(number, signed=True, device=7) for number in (1, 2)]
    hers = event(3, signed=True, device=7, provider=BEA)

    assert codes(*mine, hers) == [(1, "DEVICE_OF_SEVERAL"), (3, "DEVICE_OF_SEVERAL")]
    assert codes(*mine) == []
    assert codes(*mine, signers={7: frozenset({ANA, BEA})}) == [(1, "DEVICE_OF_SEVERAL")]


def test_an_id_that_came_again_with_other_content_shows() -> None:
    assert codes(event(1), event(2), reused=frozenset({2})) == [(2, "ID_REUSED")]


def test_what_is_missing_is_asked_about_only_after_a_week() -> None:
    first, third = chained(1, 1, 1), chained(3, 3, 3)
    soon = replace(history(first, third), at=NOON + 6 * DAY)

    assert judge(soon) == []
    assert [flagged.code for flagged in find(soon)] == [FlagCode.CHAIN_GAP]
    assert [flagged.facts for flagged in judge(history(first, third))] == [{"missing": 1}]


def test_what_was_refused_fills_its_place_in_the_chain() -> None:
    refused = Link("k", 2, "h1", "h2", NOON)

    assert codes(chained(1, 1, 1), chained(3, 3, 3), links=(refused,)) == []


def test_a_fork_and_a_break_show_at_once() -> None:
    first, second = chained(1, 1, 1), chained(2, 2, 2)
    other = replace(
        chained(3, 3, 3), link=Link("k", 2, "rewritten", "h9", NOON, 3)
    )  # another event with the number of the second

    assert codes(first, second, other) == [
        (2, "CHAIN_FORK"),
        (3, "CHAIN_BROKEN"),
        (3, "CHAIN_FORK"),
    ]


def honest_days(random: Random, days: int) -> Sequence[Event]:
    """Two visits a day: fixes about the home, a phone a little off, at times a day without signal."""
    events: list[Event] = []
    off = timedelta(seconds=random.uniform(-240, 240))
    for day in range(days):
        for hour, recipient, home in ((0, ROSA, ROSAS), (3, WALTER, WALTERS)):
            for minutes in (0, 150):
                truth = NOON + day * DAY + hour * HOUR + minutes * MINUTE
                accuracy = random.choice((8, 15, 30, 65, 180, 450))
                spread = accuracy / 1.51 * A_METRE  # two in three within the accuracy
                fix = Fix(
                    home[0] + random.gauss(0, spread),
                    home[1] + random.gauss(0, spread) * 1.2,
                    accuracy,
                )
                late = random.choice((timedelta(), timedelta(), HOUR, 2 * DAY))
                told = Told(truth + off, truth + late, truth - random.choice((MINUTE, HOUR)))
                number = len(events) + 1
                link = Link(
                    "k", number, f"h{number - 1}" if number > 1 else "", f"h{number}", truth, number
                )
                events.append(
                    event(
                        number,
                        told=told,
                        recipient=recipient,
                        fix=fix,
                        device=1,
                        signed=True,
                        link=link,
                    )
                )
    return events


@given(st.integers(min_value=0, max_value=10_000))
def test_honest_days_raise_no_question(seed: int) -> None:
    noise = Random(seed)  # noqa: S311 - it is noise, not a secret
    flagged = judge(history(*honest_days(noise, 5), enrolled=(Enrolled(ANA, NOON - DAY),)))

    assert [each for each in flagged if each.is_question] == []


@given(st.randoms(use_true_random=False))
def test_the_order_of_arrival_does_not_change_what_is_shown(random: Random) -> None:
    fix = near(ROSAS, 12)
    events = [
        *(event(number, NOON + number * DAY, fix=fix) for number in range(10, 15)),
        event(20, NOON + HOUR, fix=Fix(37.77, -122.42, 12), recipient=WALTER),
        chained(1, 10, 10), chained(2, 190, 70), chained(4, 191, 71),
    ]  # fmt: skip
    straight = find(history(*events))
    random.shuffle(events)

    assert find(history(*events)) == straight
    assert straight
