"""Whoever tries to deceive by a phone is refused, or shown to a person; nobody is silently believed.

The attacks of quality.md A6, each through the portal's own door and the judging behind it. What is
expected of each stands in the table at the end: answers ("refused ID_REUSED", "401"), and flags that a
county worker sees once events have been judged ("flag AWAY"). No check-in is refused for where or when it
was made (decision 1), so most of them are received, and told.
"""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.models.visits import RefusedItem, Visit, VisitEvent
from factories import ROSAS_HOME, WALTERS_HOME, add_provider, assign
from phone_stage import NOW, Stage
from phones import Phone, of_the_first_form, short

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
AT_ROSAS = (ROSAS_HOME[0] + 0.0001, ROSAS_HOME[1], 9.0)
SAN_FRANCISCO = (37.7749, -122.4194, 9.0)


def friend(stage: Stage, *, device: int | None = None) -> tuple[Phone, int]:
    """Bea, another provider of Rosa's, with a phone of her own or on that device; her assignment."""
    bea, provider = add_provider(stage.session, "Bea")
    assignment = assign(stage.session, provider, stage.world.ana_for_rosa.case, 6000)
    return Phone(stage.session, bea, NOW - 30 * DAY, device=device), assignment.id


# ── Whose hand was it ────────────────────────────────────────────────────────────────────────────


def a_friend_uses_the_password_on_another_phone(stage: Stage) -> None:
    tap = stage.phone.check_in(stage.rosa, NOW)
    stage.send(tap | {"device": None, "signature": None}, by_session=True)


def two_providers_check_in_on_one_phone(stage: Stage) -> None:
    bea, hers = friend(stage, device=stage.phone.device)
    stage.send(stage.phone.check_in(stage.rosa, NOW))
    stage.send(bea.check_in(hers, NOW))


def anothers_key_signs_for_her(stage: Stage) -> None:
    bea, _ = friend(stage)
    forged = bea.signed(stage.phone.check_in(stage.rosa, NOW))
    stage.send(forged)
    stage.send(forged, by_session=True)


def a_stolen_device_id_is_signed_with_a_new_key(stage: Stage) -> None:
    bea, _ = friend(stage)
    tap = stage.phone.check_in(stage.rosa, NOW)
    stage.send(bea.signed(tap) | {"device": stage.phone.device})


def a_signature_is_forged(stage: Stage) -> None:
    stage.send(stage.phone.check_in(stage.rosa, NOW) | {"signature": "A" * 86})


def a_phone_that_was_taken_away_goes_on(stage: Stage) -> None:
    stage.phone.trust.revoked_at = NOW - DAY
    stage.session.commit()
    stage.send(stage.phone.check_in(stage.rosa, NOW))


def another_accounts_item_rides_in_her_session(stage: Stage) -> None:
    bea, hers = friend(stage)
    stage.send(bea.check_in(hers, NOW), by_session=True)


def a_check_in_at_a_door_that_is_not_hers(stage: Stage) -> None:
    _, hers = friend(stage)
    stage.send(stage.phone.check_in(hers, NOW))


def a_fix_is_given_to_anothers_tap(stage: Stage) -> None:
    bea, hers = friend(stage)
    tap = bea.check_in(hers, NOW)
    stage.send(tap)
    stage.send(stage.phone.position(tap, NOW, AT_ROSAS))


# ── The same again, or another under its name ────────────────────────────────────────────────────


def an_event_is_replayed_for_days(stage: Stage) -> None:
    tap = stage.phone.check_in(stage.rosa, NOW)
    first = stage.send(tap)
    stage.later(3 * DAY)
    assert stage.send(tap) == first
    assert stage.events() == 1


def an_event_stands_twice_in_a_list(stage: Stage) -> None:
    tap = stage.phone.check_in(stage.rosa, NOW)
    one, other = stage.send(tap, tap)
    assert one == other
    assert stage.events() == 1


def an_id_is_used_for_another_day(stage: Stage) -> None:
    tap = stage.phone.check_in(stage.rosa, NOW)
    stage.send(tap)
    stage.later(DAY)
    again = stage.phone.check_in(stage.rosa, stage.now) | {"id": tap["id"]}
    stage.send(stage.phone.signed(again))


def an_id_is_used_twice_in_one_list(stage: Stage) -> None:
    tap = stage.phone.check_in(stage.rosa, NOW)
    other = stage.phone.check_in(stage.walter, NOW) | {"id": tap["id"]}
    stage.send(tap, stage.phone.signed(other))


# ── The queue is written anew ────────────────────────────────────────────────────────────────────


def an_event_is_taken_out_of_the_queue(stage: Stage) -> None:
    came, _left, again = (stage.phone.check_in(stage.rosa, NOW + n * MINUTE) for n in range(3))
    stage.send(came, again)


def a_copied_phone_goes_on_with_the_same_number(stage: Stage) -> None:
    first = stage.phone.check_in(stage.rosa, NOW)
    number, previous = stage.phone.number, stage.phone.previous
    second = stage.phone.check_out(stage.rosa, NOW + HOUR)
    stage.phone.number, stage.phone.previous = number, previous
    stage.later(HOUR)
    stage.send(first, second)
    stage.send(stage.phone.check_in(stage.walter, NOW + HOUR))


def the_event_before_is_written_anew(stage: Stage) -> None:
    stage.send(stage.phone.check_in(stage.rosa, NOW))
    stage.phone.previous = "A" * 43
    stage.send(stage.phone.check_out(stage.rosa, NOW))


def an_event_is_put_in_before_a_signed_one(stage: Stage) -> None:
    taps = [stage.phone.check_in(stage.rosa, NOW), stage.phone.check_out(stage.rosa, NOW)]
    first, last = short(taps)
    stage.send(first | {"data": {"assignment": stage.walter, "location": "home"}}, last)


def numbers_are_changed_to_reorder_the_queue(stage: Stage) -> None:
    came, left = stage.phone.check_in(stage.rosa, NOW), stage.phone.check_out(stage.rosa, NOW)
    came["proof"]["number"], left["proof"]["number"] = 2, 1
    stage.send(left, came)


def the_proof_is_cut_off(stage: Stage) -> None:
    stage.send(of_the_first_form(stage.phone.check_in(stage.rosa, NOW)))


# ── The clock is moved ───────────────────────────────────────────────────────────────────────────


def a_whole_batch_is_dated_back_by_days(stage: Stage) -> None:
    stage.online()
    made = stage.later(5 * DAY) - 4 * DAY
    stage.send(
        stage.phone.check_in(stage.rosa, made), stage.phone.check_out(stage.rosa, made + 8 * HOUR)
    )


def an_event_is_dated_back_before_the_phone_heard_our_time(stage: Stage) -> None:
    stage.online()
    stage.send(stage.phone.check_in(stage.rosa, NOW - 6 * HOUR))
    assert stage.counted() == [NOW]


def an_event_is_400_days_old(stage: Stage) -> None:
    stage.send(stage.phone.check_in(stage.rosa, NOW - 400 * DAY))
    assert stage.counted() == [NOW]


def an_event_lies_in_the_future(stage: Stage) -> None:
    stage.send(stage.phone.check_out(stage.rosa, NOW + 8 * HOUR))
    assert stage.counted() == [NOW]


def the_clock_is_set_back_between_two_taps(stage: Stage) -> None:
    stage.online()
    first = stage.phone.check_in(stage.rosa, NOW + 10 * MINUTE, since=600)
    back = stage.phone.check_in(stage.walter, NOW + HOUR, since=4 * 3600)
    stage.later(5 * HOUR)
    stage.send(first, back)


def the_clock_is_set_back_and_the_page_loaded_anew(stage: Stage) -> None:
    stage.online()
    first = stage.phone.check_in(stage.rosa, NOW + 3 * HOUR, since=3 * 3600)
    back = stage.phone.check_in(stage.walter, NOW + HOUR)
    stage.later(5 * HOUR)
    stage.send(first, back)


def the_clock_is_set_ahead_offline_and_then_right(stage: Stage) -> None:
    stage.online()
    came = stage.phone.check_in(stage.rosa, NOW)
    left = stage.phone.check_out(stage.rosa, NOW + 5 * HOUR, since=600)
    stage.later(HOUR)
    next_one = stage.phone.check_in(stage.walter, NOW + HOUR, since=3600)
    stage.later(6 * HOUR)
    stage.send(came, left, next_one)


def an_anchor_is_forged(stage: Stage) -> None:
    """It would make a time of 40 days ago believable."""
    good = stage.app.extensions["time_anchors"].make(NOW - 41 * DAY)
    stage.phone.anchor = good.partition(".")[0] + "." + "A" * 22
    stage.send(stage.phone.check_in(stage.rosa, NOW - 40 * DAY))
    assert stage.session.scalars(select(VisitEvent.anchored_at)).one() is None
    assert stage.counted() == [NOW]


def an_anchor_is_newer_than_the_receipt(stage: Stage) -> None:
    stage.phone.anchor = stage.app.extensions["time_anchors"].make(NOW + 2 * DAY)
    stage.send(stage.phone.check_in(stage.rosa, NOW + DAY, since=60))
    assert stage.counted() == [NOW]


# ── The place is made up ─────────────────────────────────────────────────────────────────────────


def at(stage: Stage, where: tuple[float, float, float], assignment: int) -> None:
    tap = stage.phone.check_in(assignment, stage.now)
    stage.send(tap, stage.phone.position(tap, stage.now, where))


def she_is_far_away_and_very_sure_of_it(stage: Stage) -> None:
    at(stage, (34.2, -118.6, 1.0), stage.rosa)


def the_place_is_exact_to_nothing(stage: Stage) -> None:
    at(stage, (*ROSAS_HOME, 0.0), stage.rosa)


def the_place_is_as_vague_as_the_world(stage: Stage) -> None:
    at(stage, (*ROSAS_HOME, 4e7), stage.rosa)


def the_same_point_is_given_day_after_day(stage: Stage) -> None:
    for _ in range(4):
        at(stage, AT_ROSAS, stage.rosa)
        stage.later(DAY)


def one_point_is_given_for_two_homes(stage: Stage) -> None:
    at(stage, (*WALTERS_HOME, 9.0), stage.walter)
    stage.later(2 * HOUR)
    at(stage, (*WALTERS_HOME, 9.0), stage.rosa)


def she_is_in_two_cities_within_the_hour(stage: Stage) -> None:
    at(stage, AT_ROSAS, stage.rosa)
    stage.later(HOUR)
    at(stage, SAN_FRANCISCO, stage.walter)


Attack = Callable[[Stage], None]

ATTACKS: dict[Attack, set[str]] = {
    a_friend_uses_the_password_on_another_phone: {"flag NOT_SIGNED"},
    two_providers_check_in_on_one_phone: {"flag DEVICE_OF_SEVERAL"},
    anothers_key_signs_for_her: {"401", "flag NOT_SIGNED"},
    a_stolen_device_id_is_signed_with_a_new_key: {"401"},
    a_signature_is_forged: {"401"},
    a_phone_that_was_taken_away_goes_on: {"401"},
    another_accounts_item_rides_in_her_session: {"refused OTHER_ACCOUNT"},
    a_check_in_at_a_door_that_is_not_hers: {"refused ASSIGNMENT_UNKNOWN"},
    a_fix_is_given_to_anothers_tap: {"refused TAP_UNKNOWN"},
    an_event_is_replayed_for_days: set(),
    an_event_stands_twice_in_a_list: set(),
    an_id_is_used_for_another_day: {"refused ID_REUSED", "flag ID_REUSED"},
    an_id_is_used_twice_in_one_list: {"refused ID_REUSED", "flag ID_REUSED"},
    an_event_is_taken_out_of_the_queue: {"flag CHAIN_GAP"},
    a_copied_phone_goes_on_with_the_same_number: {"flag CHAIN_FORK"},
    the_event_before_is_written_anew: {"flag CHAIN_BROKEN"},
    an_event_is_put_in_before_a_signed_one: {"401"},
    numbers_are_changed_to_reorder_the_queue: {"401"},
    the_proof_is_cut_off: {"401"},
    a_whole_batch_is_dated_back_by_days: {"flag LATE_ARRIVAL"},
    an_event_is_dated_back_before_the_phone_heard_our_time: {"flag CLOCK_BEHIND"},
    an_event_is_400_days_old: {"flag CLOCK_BEHIND"},
    an_event_lies_in_the_future: {"flag CLOCK_AHEAD"},
    the_clock_is_set_back_between_two_taps: {"flag CLOCK_SET_BACK"},
    the_clock_is_set_back_and_the_page_loaded_anew: {"flag CLOCK_SET_BACK"},
    the_clock_is_set_ahead_offline_and_then_right: {"flag CLOCK_CHANGED"},
    an_anchor_is_forged: {"flag CLOCK_BEHIND"},
    an_anchor_is_newer_than_the_receipt: {"flag CLOCK_AHEAD"},
    she_is_far_away_and_very_sure_of_it: {"flag AWAY"},
    the_place_is_exact_to_nothing: {"flag EXACT_POSITION"},
    the_place_is_as_vague_as_the_world: {"flag VAGUE_POSITION"},
    the_same_point_is_given_day_after_day: {"flag SAME_FIX"},
    one_point_is_given_for_two_homes: {"flag SAME_FIX_TWO_HOMES"},
    she_is_in_two_cities_within_the_hour: {"flag IMPOSSIBLE_TRAVEL"},
}


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.__name__)
def test_nobody_is_silently_believed(stage: Stage, attack: Attack) -> None:
    attack(stage)
    stage.judge()

    assert stage.seen >= ATTACKS[attack]
    turned_away = {"401"} & stage.seen and "received" not in stage.seen
    assert not turned_away or stage.events() == 0


def test_what_is_refused_lies_before_the_county_with_its_reason(stage: Stage) -> None:
    for attack, code in (
        (an_id_is_used_for_another_day, "ID_REUSED"),
        (a_check_in_at_a_door_that_is_not_hers, "ASSIGNMENT_UNKNOWN"),
    ):
        attack(stage)
        kept = stage.session.scalars(
            select(RefusedItem).order_by(RefusedItem.id.desc()).limit(1)
        ).one()
        assert (kept.code, kept.account_id, kept.signed) == (code, stage.world.ana.id, True)


def test_a_day_as_it_should_be_leaves_no_flag(stage: Stage) -> None:
    stage.online()
    came = stage.phone.check_in(stage.rosa, NOW, since=0)
    place = stage.phone.position(came, NOW, AT_ROSAS)
    stage.later(3 * HOUR)
    left = stage.phone.check_out(stage.rosa, stage.now, since=3 * 3600)
    stage.send(*short([came, place, left]))
    stage.judge()

    assert stage.seen == {"received"}
    assert stage.session.scalars(select(Visit.checked_out_at)).one() == NOW + 3 * HOUR
