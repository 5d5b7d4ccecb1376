"""Payroll runs every business day; weekends and holidays wait."""

from datetime import date

import pytest

from app.domain.business_days import (
    add_business_days,
    expected_pay_on,
    is_business_day,
    money_arrives_on,
    next_run_on,
)

THANKSGIVING = {date(2026, 11, 26), date(2026, 11, 27)}
TUESDAY, WEDNESDAY = date(2026, 11, 24), date(2026, 11, 25)
MONDAY = date(2026, 11, 30)


def test_weekends_and_holidays_are_no_business_days() -> None:
    assert is_business_day(WEDNESDAY, THANKSGIVING)
    assert not is_business_day(date(2026, 11, 26), THANKSGIVING)
    assert not is_business_day(date(2026, 11, 28), THANKSGIVING)


@pytest.mark.parametrize(
    ("n", "expected"), [(0, TUESDAY), (1, WEDNESDAY), (2, MONDAY), (3, date(2026, 12, 1))]
)
def test_business_days_are_counted_past_weekend_and_holidays(n: int, expected: date) -> None:
    assert add_business_days(TUESDAY, n, THANKSGIVING) == expected


def test_the_next_run_is_on_the_next_business_day() -> None:
    assert next_run_on(WEDNESDAY, THANKSGIVING) == MONDAY
    assert next_run_on(date(2026, 11, 28), THANKSGIVING) == MONDAY


def test_pay_is_expected_two_business_days_after_the_next_run() -> None:
    assert expected_pay_on(TUESDAY, THANKSGIVING) == date(2026, 12, 1)
    assert money_arrives_on(WEDNESDAY, THANKSGIVING) == date(2026, 12, 1)
