"""The weekly maximum by grant and day, and the provider's limit by recipients and exemption."""

from datetime import date

import pytest

from app.domain.periods import PayPeriod, Workweek
from app.domain.weekly_maximum import (
    AssignmentDates,
    Exemption,
    Grant,
    of_grant,
    of_week,
    provider_limit,
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
