"""When is somebody reminded of a tap, and what end is suggested? What is usual is her own."""

from datetime import date, datetime, time, timedelta

import pytest

from app.domain.forgotten_taps import (
    PastVisit,
    by_day,
    check_in_reminder_at,
    check_out_reminder_at,
    suggested_end,
    usual_minutes,
)
from app.domain.periods import LOS_ANGELES

TUESDAY = date(2026, 11, 24)
A_WEEK, A_DAY = timedelta(days=7), timedelta(days=1)


def at(on: date, clock: str) -> datetime:
    return datetime.combine(on, time.fromisoformat(clock), LOS_ANGELES)


def visit(on: date, starts: str = "08:00", minutes: int = 180) -> PastVisit:
    began_at = at(on, starts)
    return PastVisit(began_at, began_at + timedelta(minutes=minutes))


def days_before(*lengths: int) -> list[PastVisit]:
    """A visit on each day before the Tuesday, the latest first."""
    return [visit(TUESDAY - number * A_DAY, minutes=m) for number, m in enumerate(lengths, 1)]


def test_the_usual_length_is_the_middle_of_the_last_ones() -> None:
    past = [visit(TUESDAY - A_WEEK * number, minutes=minutes) for number, minutes in
            enumerate((200, 190, 45, 180, 600), 1)]  # fmt: skip

    assert usual_minutes(past, at(TUESDAY, "08:00")) == 190


def test_a_weekend_is_another_kind_of_day() -> None:
    saturday = TUESDAY - 3 * A_DAY
    past = [visit(saturday - A_WEEK * number, minutes=60) for number in range(1, 4)]
    past += [visit(TUESDAY - A_WEEK * number, minutes=240) for number in range(1, 4)]

    assert usual_minutes(past, at(TUESDAY, "08:00")) == 240
    assert usual_minutes(past, at(saturday, "08:00")) == 60


def test_few_visits_of_a_kind_are_taken_with_all_others() -> None:
    past = [*days_before(100), visit(TUESDAY - 2 * A_DAY, minutes=60), visit(TUESDAY - 3 * A_DAY)]

    assert usual_minutes(past, at(TUESDAY, "08:00")) == 100


def test_nothing_is_usual_of_somebody_new() -> None:
    assert usual_minutes(days_before(60, 60), at(TUESDAY, "08:00")) == 240


def test_what_came_after_does_not_tell_what_was_usual() -> None:
    later = [visit(TUESDAY + A_DAY * number, minutes=30) for number in range(1, 9)]

    assert usual_minutes(later, at(TUESDAY, "08:00")) == 240


def test_the_suggested_end_is_like_her_own_days_and_never_to_come() -> None:
    past = [visit(TUESDAY - A_WEEK * number, minutes=185) for number in range(1, 4)]
    began_at = at(TUESDAY, "08:02") + timedelta(seconds=41)

    assert suggested_end(past, began_at, now=at(TUESDAY, "20:00")) == at(TUESDAY, "11:07")
    assert suggested_end(past, began_at, now=at(TUESDAY, "09:30")) == at(TUESDAY, "09:30")


def test_a_check_out_is_reminded_of_an_hour_after_the_usual_end() -> None:
    past = [visit(TUESDAY - A_WEEK * number) for number in range(1, 4)]

    assert check_out_reminder_at(past, at(TUESDAY, "08:00")) == at(TUESDAY, "12:00")


def test_nobody_is_woken() -> None:
    past = [visit(TUESDAY - A_WEEK * number, "19:00") for number in range(1, 4)]

    assert check_out_reminder_at(past, at(TUESDAY, "19:00")) == at(TUESDAY + A_DAY, "07:00")


@pytest.mark.parametrize(
    ("clock", "becomes"),
    [("21:59", "21:59"), ("06:59", "07:00"), ("07:00", "07:00"), ("00:00", "07:00")],
)
def test_the_night_lasts_from_ten_to_seven(clock: str, becomes: str) -> None:
    assert by_day(at(TUESDAY, clock)) == at(TUESDAY, becomes)
    assert by_day(at(TUESDAY, "22:00")) == at(TUESDAY + A_DAY, "07:00")


def test_the_morning_after_the_clocks_change_is_at_seven_too() -> None:
    assert by_day(at(date(2026, 10, 31), "23:30")) == at(date(2026, 11, 1), "07:00")


def test_a_check_in_is_reminded_of_two_hours_after_her_usual_start() -> None:
    past = [visit(TUESDAY - A_WEEK * number, f"08:{number:02}") for number in range(1, 4)]

    assert check_in_reminder_at(past, TUESDAY) == at(TUESDAY, "10:02")


def test_her_first_visit_of_a_day_tells_her_start() -> None:
    past = [visit(TUESDAY - A_WEEK * number, clock) for number in range(1, 4)
            for clock in ("08:00", "17:00")]  # fmt: skip

    assert check_in_reminder_at(past, TUESDAY) == at(TUESDAY, "10:00")


@pytest.mark.parametrize("weeks", [(1, 2), (1, 2, 5), ()])
def test_a_day_on_which_she_does_not_work_is_none_of_ours(weeks: tuple[int, ...]) -> None:
    past = [visit(TUESDAY - A_WEEK * number) for number in weeks]
    past += [visit(TUESDAY - A_DAY - A_WEEK * number) for number in range(1, 5)]

    assert check_in_reminder_at(past, TUESDAY) is None


def test_nobody_is_reminded_of_a_check_in_at_night() -> None:
    late = [visit(TUESDAY - A_WEEK * number, "20:30") for number in range(1, 5)]
    early = [visit(TUESDAY - A_WEEK * number, "04:00") for number in range(1, 5)]

    assert check_in_reminder_at(late, TUESDAY) is None
    assert check_in_reminder_at(early, TUESDAY) == at(TUESDAY, "07:00")
