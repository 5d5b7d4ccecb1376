"""When does a tap count, and when is a phone's clock doubted?"""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.clocks import Told, accepted_time, clock_doubt

NOW = datetime(2026, 3, 16, 15, 0, tzinfo=UTC)
YEAR = timedelta(days=365)
MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(("off_by", "code"), [(YEAR, "CLOCK_AHEAD"), (-YEAR, "CLOCK_BEHIND")])
def test_a_clock_a_year_off_is_doubted_and_the_time_of_receipt_stands(
    off_by: timedelta, code: str
) -> None:
    told = Told(NOW + off_by, NOW)

    doubt = clock_doubt(told)

    assert doubt
    assert doubt.code == code
    assert accepted_time(told) == NOW


def test_two_weeks_without_a_network_are_believed() -> None:
    told = Told(NOW - timedelta(days=14), NOW)

    assert clock_doubt(told) is None
    assert accepted_time(told) == NOW - timedelta(days=14)


def test_a_clock_a_little_ahead_is_believed_up_to_the_receipt() -> None:
    told = Told(NOW + 5 * MINUTE, NOW)

    assert clock_doubt(told) is None
    assert accepted_time(told) == NOW


@pytest.mark.parametrize("off_by", [YEAR, -YEAR])
def test_with_an_anchor_the_clock_that_nobody_can_set_stands_in_for_a_wrong_one(
    off_by: timedelta,
) -> None:
    anchored_at = NOW - timedelta(days=14)
    told = Told(anchored_at + 30 * MINUTE + off_by, NOW, anchored_at, 30 * MINUTE)

    assert clock_doubt(told)
    assert accepted_time(told) == anchored_at + 30 * MINUTE


def test_a_clock_a_little_behind_the_anchor_counts_at_the_anchor() -> None:
    told = Told(NOW - 10 * MINUTE, NOW, NOW - 7 * MINUTE)

    assert clock_doubt(told) is None
    assert accepted_time(told) == NOW - 7 * MINUTE


def test_an_anchored_time_is_believed_however_old_it_is() -> None:
    made_at = NOW - timedelta(days=400)
    told = Told(made_at, NOW, made_at - 5 * MINUTE)

    assert clock_doubt(told) is None
    assert accepted_time(told) == made_at


def test_an_anchor_from_after_the_receipt_proves_nothing() -> None:
    assert Told(NOW, NOW, NOW + MINUTE).earliest_at is None


spans = st.timedeltas(-2 * YEAR, 2 * YEAR)
passed = st.none() | st.timedeltas(timedelta(), YEAR)


@given(spans, st.none() | spans, passed)
def test_what_counts_lies_within_what_can_be_proved(
    made: timedelta, anchored: timedelta | None, since: timedelta | None
) -> None:
    told = Told(NOW + made, NOW, None if anchored is None else NOW + anchored, since)

    counts_at = accepted_time(told)

    assert counts_at <= NOW
    assert told.earliest_at is None or counts_at >= told.earliest_at
