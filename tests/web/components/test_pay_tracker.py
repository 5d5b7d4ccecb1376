"""The pay tracker: one step is now, those before it are done."""

import re
from collections.abc import Callable
from datetime import date

import pytest


def states(tracker: str) -> list[str]:
    return re.findall(r"pay-tracker__step--(\w+)", tracker)


@pytest.mark.parametrize(
    ("current", "expected"),
    [
        (None, ["ahead", "ahead", "ahead", "ahead"]),
        ("submitted", ["done", "now", "ahead", "ahead"]),
        ("approved", ["done", "done", "now", "ahead"]),
        ("waiting_for_payment", ["done", "done", "now", "ahead"]),
        ("payment_issued", ["done", "done", "done", "done"]),
    ],
)
def test_each_status_has_its_place_on_the_way(
    draw: Callable[..., str], current: str | None, expected: list[str]
) -> None:
    assert states(draw("pay_tracker", "pay_tracker", current)) == expected


def test_a_reached_step_shows_its_day(draw: Callable[..., str]) -> None:
    tracker = draw("pay_tracker", "pay_tracker", "submitted", {"submitted": date(2026, 11, 16)})
    assert "Nov 16" in tracker


def test_the_step_that_waits_can_say_for_whom(draw: Callable[..., str]) -> None:
    tracker = draw("pay_tracker", "pay_tracker", "submitted", now_words="Waits for Rosa")
    assert re.search(r'aria-current="step">\s*<span[^>]*>Waits for Rosa', tracker)
