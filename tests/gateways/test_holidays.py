"""Banks and the State's payroll rest on these days, and not on those that are only commemorated."""

from datetime import date

import pytest

from app.gateways.holidays import CALIFORNIA


@pytest.mark.parametrize(
    "day",
    [
        date(2026, 3, 31),  # Cesar Chavez Day, the State's
        date(2026, 10, 12),  # Columbus Day, the banks'
        date(2026, 11, 26),  # Thanksgiving
        date(2026, 11, 27),  # the day after, the State's
        date(2027, 12, 31),  # New Year's Day 2028, observed
    ],
)
def test_these_are_holidays(day: date) -> None:
    assert day in CALIFORNIA


@pytest.mark.parametrize(
    "day",
    [date(2027, 10, 29), date(2026, 11, 25), date(2026, 2, 15)],  # Diwali, a day before, a Sunday
)
def test_these_are_not(day: date) -> None:
    assert day not in CALIFORNIA


def test_what_is_no_day_is_no_holiday() -> None:
    assert "2026-11-26" not in CALIFORNIA
