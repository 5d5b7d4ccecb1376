"""Which proofs lead back into an account: AAL2's rule, case by case."""

from datetime import UTC, datetime, timedelta
from itertools import combinations

import pytest

from app.domain import recovery
from app.domain.outcomes import Refused
from app.domain.recovery import CODES, FACTORS, SENT, Given, Lost, Proof

NOON = datetime(2026, 11, 24, 20, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def suffices(*proofs: Proof) -> bool:
    return recovery.progress(proofs).suffices


@pytest.mark.parametrize("kind", Proof)
def test_one_proof_is_never_enough(kind: Proof) -> None:
    assert recovery.progress({kind}).given == 1
    assert not suffices(kind)
    assert not suffices(kind, kind)


@pytest.mark.parametrize("pair", list(combinations(sorted(CODES), 2)))
def test_two_codes_that_came_by_different_ways_are_enough(pair: tuple[Proof, Proof]) -> None:
    assert suffices(*pair)


@pytest.mark.parametrize("code", sorted(CODES))
@pytest.mark.parametrize("beside", [*sorted(FACTORS), Proof.DESK])
def test_a_code_and_a_factor_or_the_desk_are_enough(code: Proof, beside: Proof) -> None:
    assert suffices(code, beside)


@pytest.mark.parametrize("some", range(1, 5))
def test_without_any_code_nothing_is_enough(some: int) -> None:
    for proofs in combinations([*sorted(FACTORS), Proof.DESK], some):
        assert recovery.progress(proofs).given == 1


def test_nothing_is_nothing_and_all_is_no_more_than_enough() -> None:
    assert recovery.progress(()).given == 0
    assert recovery.progress(tuple(Proof)).given == recovery.NEEDED


def test_what_was_changed_with_the_disputed_change_or_since_does_not_count() -> None:
    given = [
        Given(Proof.EMAIL, NOON),
        Given(Proof.TEXT, NOON - SECOND),
        Given(Proof.KIT, NOON + SECOND),
        Given(Proof.PASSWORD, None),
        Given(Proof.DESK),
    ]
    assert recovery.counted(given, NOON) == {Proof.TEXT, Proof.DESK}
    assert recovery.counted(given, None) == {each.kind for each in given}


def test_a_thing_that_is_lost_is_not_asked_for() -> None:
    assert Proof.PASSWORD not in recovery.offered(Lost.PASSWORD, ())
    assert Proof.APP not in recovery.offered(Lost.PHONE, ())
    assert not FACTORS & set(recovery.offered(Lost.EVERYTHING, ()))


@pytest.mark.parametrize("lost", Lost)
def test_what_is_offered_can_always_be_enough(lost: Lost) -> None:
    assert suffices(*recovery.offered(lost, ()))
    for first in recovery.offered(lost, ()):
        rest = recovery.offered(lost, {first})
        assert first not in rest
        assert suffices(first, *rest)


def test_the_app_is_asked_only_after_a_code() -> None:
    assert Proof.APP not in recovery.offered(Lost.PASSWORD, ())
    assert Proof.APP in recovery.offered(Lost.PASSWORD, {Proof.EMAIL})
    assert not recovery.may_follow(Proof.APP, {Proof.DESK, Proof.PASSKEY})


def test_after_a_factor_or_the_desk_only_codes_are_offered() -> None:
    assert set(recovery.offered(Lost.PHONE, {Proof.PASSWORD})) == CODES
    assert set(recovery.offered(Lost.PASSWORD, {Proof.DESK})) == CODES


@pytest.mark.parametrize("kind", Proof)
def test_a_question_stands_before_the_first_code_that_is_sent_and_nowhere_else(
    kind: Proof,
) -> None:
    assert recovery.asks_question(kind, ()) == (kind in SENT)
    assert not recovery.asks_question(kind, {Proof.KIT})
    assert not recovery.asks_question(kind, {Proof.DESK})


def test_three_wrong_answers_and_ten_wrong_proofs_are_the_last() -> None:
    recovery.check_may_answer(2, 3)
    recovery.check_may_try(9, NOON)
    with pytest.raises(Refused, match="QUESTION_CLOSED"):
        recovery.check_may_answer(3, 3)
    with pytest.raises(Refused, match="RECOVERY_CLOSED"):
        recovery.check_may_try(10, NOON)


def test_proofs_hold_for_an_hour_and_the_desks_link_for_a_day() -> None:
    assert recovery.expires_at(NOON) == NOON + timedelta(hours=1)
    assert recovery.link_expires_at(NOON) == NOON + timedelta(days=1)
