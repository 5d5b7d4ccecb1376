"""Somebody without an account tries hours, and sees what would follow while she types."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from people import Someone

Phone = Callable[..., Someone]

LIGHT = 100 * 1024  # bytes, for a first look over a thin network
WEIGHT = """() => performance.getEntriesByType("resource")
  .concat(performance.getEntriesByType("navigation"))
  .reduce((sum, entry) => sum + entry.transferSize, 0)"""
DAYS = ("Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat")


def writes_a_week(page: Page, hours: str) -> None:
    boxes = page.locator(".hours-field__box")
    for day in range(len(DAYS)):
        boxes.nth(day).fill(hours)


def test_the_answer_moves_as_hours_are_typed(phone: Phone) -> None:
    somebody = phone("ana")
    somebody.goes_to("/")
    somebody.page.get_by_role("link", name="What if I work these hours?").click()
    somebody.sees("Fill in some hours")
    somebody.looks_around()
    somebody.page.wait_for_load_state("networkidle")
    assert somebody.page.evaluate(WEIGHT) < LIGHT

    somebody.page.get_by_label("Hours a month for this person").fill("120")
    writes_a_week(somebody.page, "6:00")

    somebody.sees("FORTY_HOURS_EXCEEDED")
    somebody.sees("this would be your first violation")
    somebody.sees("The smallest change")
    somebody.looks_around()

    writes_a_week(somebody.page, "4:00")
    somebody.sees("The rules have nothing against these hours.")


@pytest.mark.parametrize("with_scripts", [True, False])
def test_weeks_and_people_are_added_and_what_was_typed_stays(
    phone: Phone, with_scripts: bool
) -> None:
    somebody = phone("ana", java_script_enabled=with_scripts)
    somebody.goes_to("/what-if")
    somebody.page.get_by_label("Hours a month for this person").fill("195")
    writes_a_week(somebody.page, "7:00")
    somebody.presses("Add a week")
    expect(somebody.page.locator(".hours-field__box")).to_have_count(14)
    expect(somebody.page.locator(".hours-field__box").nth(13)).to_have_value("7:00")
    somebody.presses("Add a person")
    expect(somebody.page.get_by_role("heading", name="Person 2", exact=True)).to_be_visible()
    somebody.presses("Show what follows")
    somebody.sees("The week of Sunday")
    if with_scripts:  # to look around takes scripts of its own
        somebody.looks_around()
