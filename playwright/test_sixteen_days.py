"""Sixteen days of somebody who lives in, by keyboard and by thumb: few presses, and under a minute."""

import time
from collections.abc import Callable
from datetime import datetime

import pytest
from playwright.sync_api import Locator, expect

from people import Someone
from portal import LOS_ANGELES, Portal

Phone = Callable[..., Someone]

A_PRESS = 280  # milliseconds: a slow typist's, who looks for each key
COUNT_PRESSES = """() => {
  window.presses = 0;
  for (const kind of ["keydown", "pointerdown"]) addEventListener(kind, () => (window.presses += 1), true);
}"""


@pytest.fixture
def maria(phone: Phone, portal: Portal) -> Someone:
    """Maria before the empty sheet of a half month of sixteen days that is just over."""
    portal.go_on_at(datetime(portal.now.year + 1, 1, 4, 10, tzinfo=LOS_ANGELES))
    maria = phone("maria").signs_in(looking=False)
    maria.goes_to("/timesheets")
    maria.page.get_by_text("Another half month").click()
    maria.page.get_by_label("Half month", exact=True).select_option(f"{portal.now.year - 1}-12-16")
    maria.presses("Open the timesheet")
    expect(days(maria)).to_have_count(16)
    maria.page.wait_for_load_state("networkidle")
    maria.page.evaluate(COUNT_PRESSES)
    return maria


def days(maria: Someone) -> Locator:
    return maria.page.locator('[data-day] [data-field="minutes"]:enabled')


def all_say(maria: Someone, hours: str) -> None:
    for field in days(maria).all():
        expect(field).to_have_value(hours)
    maria.has_nothing_waiting()


def presses(maria: Someone) -> int:
    return int(maria.page.evaluate("() => window.presses"))


def test_by_the_thumb_it_is_one_figure_and_one_button(maria: Someone) -> None:
    begun = time.monotonic()

    maria.page.get_by_label("Hours", exact=True).click()
    maria.page.keyboard.type("7:30", delay=A_PRESS)
    maria.presses("Same every day")
    all_say(maria, "7:30")

    assert presses(maria) <= 6
    assert time.monotonic() - begun < 60
    maria.looks_around()

    # It was too much; and all of it was one tap away from being blank again.
    maria.presses("Undo")
    all_say(maria, "")


def test_by_the_keyboard_the_mouse_is_not_needed(maria: Someone) -> None:
    begun = time.monotonic()

    maria.page.get_by_role("heading", level=1).click()  # where a reader stands after the page came
    for _ in range(20):
        maria.page.keyboard.press("Tab", delay=A_PRESS)
        if maria.page.evaluate("() => document.activeElement.matches('[data-fill-hours]')"):
            break
    maria.page.keyboard.type("7:30", delay=A_PRESS)
    maria.page.keyboard.press("Tab", delay=A_PRESS)
    maria.page.keyboard.press("Enter", delay=A_PRESS)
    all_say(maria, "7:30")

    assert presses(maria) <= 12
    assert time.monotonic() - begun < 60


def test_different_days_go_down_the_column_with_enter(maria: Someone) -> None:
    begun = time.monotonic()

    days(maria).first.focus()
    for number in range(16):
        maria.page.keyboard.type(f"{4 + number % 3}", delay=A_PRESS)
        maria.page.keyboard.press("Enter", delay=A_PRESS)
    expect(days(maria).nth(15)).to_have_value("4:00")
    maria.has_nothing_waiting()

    assert presses(maria) == 32
    assert time.monotonic() - begun < 60


def test_a_total_is_spread_without_a_network(maria: Someone) -> None:
    maria.is_ready_for_offline()
    maria.loses_the_network()

    maria.page.get_by_label("Hours", exact=True).fill("120:00")
    maria.presses("Spread over the days")
    for field in days(maria).all():
        expect(field).to_have_value("7:30")
    maria.has_waiting()

    maria.finds_the_network()
    maria.has_nothing_waiting()
    maria.page.reload()
    all_say(maria, "7:30")
