"""A recipient moves hours from week to week by herself while three conditions hold (ACL 16-01)."""

from datetime import date

import pytest

from app.domain.flexible_weeks import Condition, MovedWeek, moved_weeks
from app.domain.outcomes import Finding, warning
from app.domain.periods import Workweek

SUNDAY, NEXT = date(2026, 3, 1), date(2026, 3, 8)
OVER = warning("WEEKLY_MAXIMUM_EXCEEDED", week_starts_on=SUNDAY, by=75)
OVER_NEXT = warning("WEEKLY_MAXIMUM_EXCEEDED", week_starts_on=NEXT, by=30)
MARCH = date(2026, 3, 1)


def test_a_week_over_its_maximum_alone_needs_no_approval() -> None:
    (moved,) = moved_weeks([OVER])

    assert moved == MovedWeek(Workweek(SUNDAY), 75, ())
    assert (moved.needs_approval, moved.code) == (False, "APPROVAL_NOT_NEEDED")
    assert moved.facts == {"week_starts_on": SUNDAY, "by": 75}


@pytest.mark.parametrize(
    ("broken", "condition"),
    [
        (warning("FORTY_HOURS_EXCEEDED", week_starts_on=SUNDAY), Condition.FORTY_HOURS),
        (warning("MONTHLY_OVERTIME_EXCEEDED", month_starts_on=MARCH), Condition.MONTHLY_OVERTIME),
        (
            warning("PROVIDER_WEEKLY_LIMIT_EXCEEDED", week_starts_on=SUNDAY),
            Condition.PROVIDER_WEEKLY_LIMIT,
        ),
    ],
    ids=lambda value: value.code if isinstance(value, Finding) else "",
)
def test_each_condition_that_does_not_hold_asks_for_approval(
    broken: Finding, condition: Condition
) -> None:
    (moved,) = moved_weeks([OVER, broken])

    assert moved.broken == (condition,)
    assert (moved.needs_approval, moved.code) == (True, "APPROVAL_NEEDED")


def test_what_is_wrong_in_one_week_asks_nothing_of_another() -> None:
    forty = warning("FORTY_HOURS_EXCEEDED", week_starts_on=NEXT)

    assert [each.needs_approval for each in moved_weeks([OVER, OVER_NEXT, forty])] == [False, True]


def test_the_overtime_of_a_month_counts_for_the_weeks_that_end_in_it() -> None:
    straddling = warning("WEEKLY_MAXIMUM_EXCEEDED", week_starts_on=date(2026, 3, 29), by=10)
    april = warning("MONTHLY_OVERTIME_EXCEEDED", month_starts_on=date(2026, 4, 1))

    moved = moved_weeks([OVER, straddling, april])

    assert [each.needs_approval for each in moved] == [False, True]


def test_a_week_within_its_maximum_is_not_moved() -> None:
    assert moved_weeks([warning("FORTY_HOURS_EXCEEDED", week_starts_on=SUNDAY)]) == ()


def test_a_finding_without_its_week_is_a_fault_of_the_program() -> None:
    with pytest.raises(TypeError, match="WEEKLY_MAXIMUM_EXCEEDED names its week"):
        moved_weeks([warning("WEEKLY_MAXIMUM_EXCEEDED", week_starts_on=SUNDAY, by=None)])
    with pytest.raises(TypeError, match="names its week"):
        moved_weeks([warning("WEEKLY_MAXIMUM_EXCEEDED", week_starts_on=None, by=1)])
