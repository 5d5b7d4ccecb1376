"""Workweeks, pay periods and months; days are those of Los Angeles."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.periods import (
    Month,
    PayPeriod,
    Workweek,
    local_day,
    midnight_after,
    midnight_before,
)

DAYS = st.dates(date(2016, 2, 1), date(2100, 12, 31))


@given(DAYS)
def test_a_workweek_is_the_seven_days_from_sunday_that_hold_the_day(day: date) -> None:
    week = Workweek.of(day)

    assert day in week
    assert week.days[0].strftime("%a") == "Sun"
    assert len(week.days) == 7
    assert week.ends_on == week.days[-1]


@given(DAYS)
def test_pay_periods_follow_one_another_without_gap_or_overlap(day: date) -> None:
    period = PayPeriod.of(day)

    assert day in period
    assert period.next.starts_on - period.ends_on == timedelta(days=1)
    assert period.next.previous == period
    assert period.days[0] == period.starts_on
    assert period.days[-1] == period.ends_on
    assert PayPeriod.starting(period.starts_on) == period


@given(DAYS)
def test_the_workweeks_of_a_pay_period_hold_all_its_days(day: date) -> None:
    period = PayPeriod.of(day)

    assert all(any(day in week for week in period.workweeks) for day in period.days)
    assert all(any(day in period for day in week.days) for week in period.workweeks)


def test_a_pay_period_starts_on_the_first_or_the_sixteenth() -> None:
    with pytest.raises(ValueError, match="1st or the 16th"):
        PayPeriod.starting(date(2026, 3, 2))


def test_a_workweek_starts_on_a_sunday() -> None:
    with pytest.raises(ValueError, match="Sunday"):
        Workweek(date(2026, 3, 2))


def test_february_ends_on_the_twenty_ninth_in_a_leap_year() -> None:
    assert PayPeriod(date(2028, 2, 16)).ends_on == date(2028, 2, 29)
    assert PayPeriod(date(2026, 2, 16)).ends_on == date(2026, 2, 28)
    assert Month.of(date(2028, 2, 29)).ends_on == date(2028, 2, 29)


def test_a_workweek_over_the_end_of_a_month_ends_in_the_next() -> None:
    straddling = Workweek(date(2026, 3, 29))

    assert straddling not in Month(date(2026, 3, 1)).workweeks_ending
    assert straddling in Month(date(2026, 4, 1)).workweeks_ending


def test_the_local_day_ends_at_midnight_in_los_angeles_in_winter_and_summer() -> None:
    assert local_day(datetime(2026, 1, 2, 7, 59, tzinfo=UTC)) == date(2026, 1, 1)
    assert local_day(datetime(2026, 7, 2, 6, 59, tzinfo=UTC)) == date(2026, 7, 1)
    assert local_day(datetime(2026, 7, 2, 7, 0, tzinfo=UTC)) == date(2026, 7, 2)


def test_the_nights_the_clocks_change_make_days_of_23_and_25_hours() -> None:
    spring, autumn = date(2026, 3, 8), date(2026, 11, 1)

    assert midnight_after(spring) - midnight_before(spring) == timedelta(hours=23)
    assert midnight_after(autumn) - midnight_before(autumn) == timedelta(hours=25)


def test_a_month_and_a_half_month_hold_their_first_and_their_last_day() -> None:
    march = Month(date(2026, 3, 1))

    assert march.days[0] in march
    assert march.days[-1] in march
    assert len(march.days) == 31
    assert date(2026, 4, 1) not in march
    assert [PayPeriod.of(date(2026, 3, day)).starts_on.day for day in (1, 15, 16, 31)] == [
        1, 1, 16, 16,
    ]  # fmt: skip


def test_a_local_midnight_is_told_in_utc() -> None:
    assert midnight_before(date(2026, 3, 16)).tzinfo is UTC
