"""People are reminded seldom, by day, spread over it, and while there is still time."""

from datetime import UTC, date, datetime, timedelta

import pytest

from app.domain import reminders
from app.domain.periods import LOS_ANGELES, PayPeriod
from app.domain.reminders import Unsent, unsent_reminders

SIGNED = date(2026, 3, 16)
A_DAY = timedelta(days=1)


def at(hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 3, 16, hour, minute, tzinfo=LOS_ANGELES).astimezone(UTC)


@pytest.mark.parametrize(
    ("waited", "reminded", "due"),
    [
        (0, None, False),
        (1, None, True),
        (2, 1, False),
        (3, 1, True),
        (30, 28, True),
        (31, 28, False),
        (31, None, False),
    ],
)
def test_whoever_signs_is_reminded_after_a_day_and_then_every_other_day_for_a_month(
    waited: int, reminded: int | None, due: bool
) -> None:
    last = None if reminded is None else SIGNED + reminded * A_DAY
    assert reminders.is_due_to_signer(SIGNED, last, SIGNED + waited * A_DAY) is due


def starting(kind: Unsent, day: date) -> list[date]:
    return [each.period.starts_on for each in unsent_reminders(day) if each.kind is kind]


def test_the_end_of_a_half_month_is_told_from_the_day_before() -> None:
    assert starting(Unsent.PERIOD, date(2026, 3, 13)) == []
    assert starting(Unsent.PERIOD, date(2026, 3, 14)) == [date(2026, 3, 1)]
    assert starting(Unsent.PERIOD, date(2026, 3, 15)) == [date(2026, 3, 1)]
    assert starting(Unsent.PERIOD, date(2026, 3, 16)) == []
    assert starting(Unsent.PERIOD, date(2028, 2, 28)) == [date(2028, 2, 16)]


def test_a_half_month_that_is_soon_late_is_told_a_week_before_and_no_more_once_it_is() -> None:
    """The first half of February 2026 ends on the 15th; 30 days later is March 17th."""
    february = [date(2026, 2, 1)]
    assert starting(Unsent.LATE, date(2026, 3, 9)) == []
    assert starting(Unsent.LATE, date(2026, 3, 10)) == february
    assert starting(Unsent.LATE, date(2026, 3, 17)) == february
    assert starting(Unsent.LATE, date(2026, 3, 18)) == []


def test_a_reminder_says_until_when_there_is_time() -> None:
    ends, late = unsent_reminders(date(2026, 3, 15))
    assert (ends.starts_on, ends.last_on) == (date(2026, 3, 14), date(2026, 3, 15))
    assert (late.starts_on, late.last_on) == (date(2026, 3, 10), date(2026, 3, 17))


def test_every_half_month_is_told_once_of_each_in_any_year() -> None:
    seen: set[tuple[Unsent, PayPeriod]] = set()
    day = date(2026, 1, 1)
    while day.year < 2029:
        seen |= {(each.kind, each.period) for each in unsent_reminders(day)}
        day += A_DAY
    for kind in Unsent:
        assert sum(each.starts_on.year == 2027 for this, each in seen if this is kind) == 24


def test_turns_come_one_a_minute_by_day() -> None:
    assert reminders.turns_taken(at(8, 59)) == reminders.NOBODY
    assert reminders.turns_taken(at(9)) == 0
    assert reminders.turns_taken(at(10, 30)) == 90
    assert reminders.turns_taken(at(18, 59)) == 599
    assert reminders.turns_taken(at(20, 59)) == 599
    assert reminders.turns_taken(at(21)) == reminders.NOBODY


def test_every_number_has_a_turn_and_they_are_even() -> None:
    on = date(2026, 3, 16)
    counts = [0] * reminders.turns(on)
    for number in range(6000):
        counts[reminders.turn_of(number, on)] += 1
    assert set(counts) == {10}
