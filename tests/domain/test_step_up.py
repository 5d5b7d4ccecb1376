"""What proves somebody once more, and for how long."""

from datetime import UTC, datetime, timedelta

import pytest

from app.domain.step_up import Proof, is_enough, is_fresh, next_ways, still_given

NOON = datetime(2026, 11, 24, 20, tzinfo=UTC)
PASSKEY, PASSWORD, APP, EMAIL, TEXT = Proof


def test_a_proof_holds_for_two_minutes() -> None:
    assert is_fresh(NOON, NOON + timedelta(seconds=119))
    assert not is_fresh(NOON, NOON + timedelta(seconds=120))
    assert not is_fresh(None, NOON)


@pytest.mark.parametrize(
    ("given", "held", "enough"),
    [
        ({PASSKEY}, {PASSKEY, PASSWORD, EMAIL}, True),
        ({PASSWORD}, {PASSWORD, EMAIL}, False),
        ({PASSWORD}, {PASSWORD}, False),  # with no way to a code, the desk must help
        ({PASSWORD, APP}, {PASSWORD, APP, EMAIL}, True),
        ({PASSWORD, TEXT}, {PASSWORD, TEXT}, True),
        ({EMAIL}, {PASSWORD, EMAIL}, False),
        ({EMAIL, TEXT}, {PASSWORD, EMAIL, TEXT}, False),  # codes alone never stand for a password
        ({EMAIL, TEXT}, {PASSKEY, EMAIL, TEXT}, False),
        ({EMAIL}, {EMAIL, TEXT}, False),
        ({EMAIL, TEXT}, {EMAIL, TEXT}, True),
        ({EMAIL}, {EMAIL}, True),
        (set(), {EMAIL}, False),
        (set(), set(), False),
    ],
)
def test_what_is_enough(given: set[Proof], held: set[Proof], enough: bool) -> None:
    assert is_enough(given, held) is enough


@pytest.mark.parametrize(
    ("given", "held", "following"),
    [
        (set(), {PASSKEY, PASSWORD, EMAIL}, {PASSKEY, PASSWORD}),
        ({PASSWORD}, {PASSKEY, PASSWORD, EMAIL, APP}, {EMAIL, APP}),
        (set(), {EMAIL, TEXT}, {EMAIL, TEXT}),
        ({EMAIL}, {EMAIL, TEXT}, {TEXT}),
    ],
)
def test_what_can_be_given_next(given: set[Proof], held: set[Proof], following: set[Proof]) -> None:
    assert next_ways(given, held) == following


def test_a_password_waits_for_its_code_no_longer_than_a_code_holds() -> None:
    given = {PASSWORD: NOON}
    assert still_given(given, NOON + timedelta(minutes=9)) == given
    assert still_given(given, NOON + timedelta(minutes=10)) == {}
