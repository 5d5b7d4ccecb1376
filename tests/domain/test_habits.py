"""What is usual is learned from a person's own sheets, and asked about as on the phone."""

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from app.domain import habits
from app.domain.balances import DayHours
from app.domain.habits import Habit

CASES = json.loads(
    (Path(__file__).parents[2] / "service_worker/tests/cases/habits.json").read_text()
)
THURSDAY = date(2026, 3, 5)
NOW = date(2026, 3, 27)


def weekly(first: date, *minutes: int) -> list[DayHours]:
    """Hours on the same weekday, week after week; 0 for a week without."""
    days = (first + timedelta(weeks=week) for week in range(len(minutes)))
    return [DayHours(on, each) for on, each in zip(days, minutes, strict=True)]


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_days_are_asked_about_as_on_the_phone(case: dict[str, Any]) -> None:
    known = {int(weekday): Habit(**habit) for weekday, habit in case["habits"].items()}
    days = {date.fromisoformat(on): minutes for on, minutes in case["days"]}

    asked = habits.questions(known, days, date.fromisoformat(case["today"]))

    assert [[each.code, each.on.isoformat()] for each in asked] == case["expected"]


def test_three_times_the_same_is_a_habit_and_twice_is_none() -> None:
    assert habits.learn(weekly(THURSDAY, 240, 240, 240), NOW) == {3: Habit(240, 3, 3)}
    assert habits.learn(weekly(THURSDAY, 240, 240), NOW) == {}


def test_usual_is_what_holds_in_more_than_half_of_the_weeks() -> None:
    mondays = weekly(date(2026, 2, 2), 60, 90, 120, 150, 180, 200)

    assert 3 not in habits.learn(mondays + weekly(THURSDAY, 240, 240, 240), NOW)
    assert habits.learn(mondays[2:] + weekly(THURSDAY, 240, 240, 240), NOW)[3].weeks == 5


def test_a_week_of_holidays_says_nothing() -> None:
    worked = weekly(date(2026, 2, 5), 240, 0, 0, 240, 0, 240)

    assert habits.learn(worked, NOW) == {3: Habit(240, 3, 3)}


def test_figures_of_check_outs_are_the_same_within_a_quarter_of_an_hour() -> None:
    assert habits.learn(weekly(THURSDAY, 307, 299, 301), NOW) == {3: Habit(300, 3, 3)}
    assert habits.learn(weekly(THURSDAY, 285, 300, 315), NOW) == {3: Habit(300, 3, 3)}
    assert habits.learn(weekly(THURSDAY, 284, 300, 315), NOW) == {}


def test_two_figures_as_frequent_are_no_habit() -> None:
    worked = weekly(date(2026, 2, 5), 240, 300, 240, 300, 240, 300) + weekly(THURSDAY, 0)

    assert habits.learn(worked, NOW) == {}
    assert habits.learn(weekly(date(2026, 2, 19), 240, 300, 300, 240, 300), NOW)[3].minutes == 300


def test_what_is_older_than_twelve_weeks_or_not_over_is_no_habit() -> None:
    long_ago = weekly(NOW - timedelta(weeks=15, days=1), 240, 240, 240)
    edge = weekly(NOW - timedelta(weeks=12), 240, 240, 240)

    assert habits.learn(long_ago, NOW) == {}
    assert habits.learn(edge, NOW) == {4: Habit(240, 3, 3)}
    assert habits.learn(weekly(NOW, 240, 240, 240), NOW) == {}


def test_the_question_says_why() -> None:
    (question,) = habits.questions(
        {3: Habit(240, 5, 6)}, {THURSDAY: None, THURSDAY - timedelta(days=1): 60}, NOW
    )

    assert question.facts == {"usual": 240, "weekday_on": THURSDAY, "times": 5, "weeks": 6}
