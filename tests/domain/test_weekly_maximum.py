"""The weekly maximum by grant and day, and the provider's limit by recipients and exemption."""

from datetime import date

import pytest

from app.domain.periods import PayPeriod, Workweek
from app.domain.weekly_maximum import (
    IHSS,
    WPCS,
    AssignmentDates,
    Exemption,
    Grant,
    of_grant,
    of_week,
    provider_limit,
    with_wpcs,
)

OLD = Grant(195 * 60, date(2025, 1, 1), date(2026, 3, 31))
NEW = Grant(283 * 60, date(2026, 4, 1))
STRADDLING = Workweek(date(2026, 3, 29))


def test_a_quarter_is_rounded_down_to_the_minute() -> None:
    assert of_grant(195 * 60, date(2026, 3, 1)) == 48 * 60 + 45
    assert of_grant(4 * 60 + 3, date(2026, 3, 1)) == 60


def test_a_straddling_week_goes_by_the_first_day_inside_the_timesheet() -> None:
    grants = (OLD, NEW)

    assert of_week(grants, STRADDLING, PayPeriod(date(2026, 3, 16))) == of_grant(
        OLD.minutes, date(2026, 3, 29)
    )
    assert of_week(grants, STRADDLING, PayPeriod(date(2026, 4, 1))) == of_grant(
        NEW.minutes, date(2026, 4, 1)
    )


def test_a_grant_that_begins_within_the_week_counts_for_it() -> None:
    assert of_week((NEW,), STRADDLING) == of_grant(NEW.minutes, date(2026, 4, 1))
    assert of_week((), STRADDLING) == 0


@pytest.mark.parametrize(
    ("exemption", "hours"),
    [(Exemption.NONE, 66), (Exemption.EXEMPTION_1, 90), (Exemption.EXEMPTION_2, 90)],
)
def test_two_recipients_set_the_providers_limit(exemption: Exemption, hours: int) -> None:
    both = [AssignmentDates(name, date(2025, 1, 1)) for name in ("rosa", "walter")]

    assert provider_limit(both, exemption, STRADDLING) == hours * 60


def test_one_day_with_two_recipients_is_enough() -> None:
    rosa = AssignmentDates("rosa", date(2025, 1, 1), date(2026, 4, 1))
    walter = AssignmentDates("walter", date(2026, 4, 1))

    assert provider_limit([rosa, walter], Exemption.NONE, STRADDLING) == 66 * 60


def test_two_programs_of_one_recipient_are_one_recipient() -> None:
    programs = [
        AssignmentDates("rosa", date(2025, 1, 1)),
        AssignmentDates("rosa", date(2025, 1, 1)),
    ]

    assert provider_limit(programs, Exemption.NONE, STRADDLING) is None
    assert provider_limit([], Exemption.EXEMPTION_1, STRADDLING) is None


MARCH_WEEK = Workweek(date(2026, 3, 1))


def wpcs(hours: int | None, starts_on: date = date(2025, 1, 1)) -> AssignmentDates:
    minutes = None if hours is None else hours * 60
    return AssignmentDates("rosa", starts_on, program=WPCS, monthly_minutes=minutes)


def test_wpcs_hours_come_on_top_of_ihss_hours_in_a_week() -> None:
    grants = (Grant(160 * 60, date(2025, 1, 1)),)

    assert with_wpcs(grants, (), MARCH_WEEK) == 40 * 60
    assert with_wpcs(grants, [wpcs(40)], MARCH_WEEK) == 50 * 60
    assert with_wpcs((), [wpcs(40)], MARCH_WEEK) == 10 * 60
    assert with_wpcs(grants, [wpcs(None)], MARCH_WEEK) == 40 * 60
    assert with_wpcs(grants, [wpcs(40, date(2026, 3, 8))], MARCH_WEEK) == 40 * 60


def test_both_programs_together_are_seventy_hours_forty_five_at_most() -> None:
    assert with_wpcs((Grant(283 * 60, date(2025, 1, 1)),), [wpcs(40)], MARCH_WEEK) == 70 * 60 + 45
    assert with_wpcs((Grant(282 * 60, date(2025, 1, 1)),), [wpcs(1)], MARCH_WEEK) == 70 * 60 + 45
    assert with_wpcs((Grant(240 * 60, date(2025, 1, 1)),), [wpcs(40)], MARCH_WEEK) == 70 * 60


def test_wpcs_hours_never_lower_what_ihss_alone_grants() -> None:
    assert with_wpcs((Grant(300 * 60, date(2025, 1, 1)),), [wpcs(40)], MARCH_WEEK) == 75 * 60


def test_the_wpcs_hours_of_a_straddling_week_go_by_the_first_day_inside_the_timesheet() -> None:
    until_march = AssignmentDates("rosa", date(2025, 1, 1), date(2026, 3, 31), WPCS, 40 * 60)

    first = with_wpcs((OLD, NEW), [until_march], STRADDLING, PayPeriod(date(2026, 3, 16)))
    second = with_wpcs((OLD, NEW), [until_march], STRADDLING, PayPeriod(date(2026, 4, 1)))

    assert first == of_grant(OLD.minutes, date(2026, 3, 29)) + 10 * 60
    assert second == of_grant(NEW.minutes, date(2026, 4, 1))


def test_an_assignment_is_of_ihss_unless_it_says_otherwise() -> None:
    assert AssignmentDates("rosa", date(2025, 1, 1)).program == IHSS
