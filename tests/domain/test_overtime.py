"""Overtime starts after forty hours in a workweek, whatever the order and whoever the recipient."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from app.domain import overtime
from app.domain.overtime import Split
from app.domain.periods import Workweek

WEEK, NEXT = Workweek(date(2026, 3, 1)), Workweek(date(2026, 3, 8))


def test_overtime_starts_after_forty_hours_in_a_workweek() -> None:
    assert overtime.split(2400, WEEK) == Split(2400, 0)
    assert overtime.split(2401, WEEK) == Split(2400, 1)
    assert overtime.split(0, WEEK) == Split(0, 0)


@given(st.lists(st.integers(0, 1440), max_size=14))
def test_a_split_loses_no_minute(days: list[int]) -> None:
    split = overtime.split(sum(days), WEEK)

    assert split.regular + split.overtime == sum(days)
    assert split.regular <= 2400
    assert split.overtime == 0 or split.regular == 2400


def test_overtime_of_a_month_is_counted_week_by_week() -> None:
    assert overtime.of_weeks({WEEK: 2500, NEXT: 2000}) == 100


def test_normal_overtime_is_what_the_limits_have_over_forty_hours() -> None:
    assert overtime.normal_in_month([(WEEK, 2925), (NEXT, 2300)]) == 525
