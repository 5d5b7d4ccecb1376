"""What a typed timesheet means, day by day."""

from datetime import date

import pytest
from flask import Flask

from app.domain.periods import PayPeriod
from app.forms.timesheets import read_sheet
from app.services.day_log import DayValues

MARCH = PayPeriod(date(2026, 3, 1))
THE_THIRD = date(2026, 3, 3)


@pytest.mark.parametrize(
    ("hours", "minutes"), [("8", 480), ("8:05", 485), (" 0:00 ", 0), ("", None), ("24:00", 1440)]
)
def test_hours_as_people_write_them(app: Flask, hours: str, minutes: int | None) -> None:
    with app.test_request_context():
        typed = read_sheet({"minutes-2026-03-03": hours, "revision-2026-03-03": "4"}, MARCH)

    assert typed.sound == [(THE_THIRD, DayValues(minutes), 4)]


@pytest.mark.parametrize("revision", ["", "-1", "1e9", "٣", "9" * 30])
def test_a_revision_that_is_none_is_the_first(app: Flask, revision: str) -> None:
    with app.test_request_context():
        typed = read_sheet({"minutes-2026-03-03": "8", "revision-2026-03-03": revision}, MARCH)

    assert typed.days[THE_THIRD].base == 0


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("minutes", "24:01"),
        ("minutes", "eight"),
        ("starts", "25:00"),
        ("ends", "noon"),
        ("location", "moon"),
    ],
)
def test_what_means_nothing_is_kept_as_typed_with_a_sentence(
    app: Flask, name: str, text: str
) -> None:
    with app.test_request_context():
        typed = read_sheet({"minutes-2026-03-03": "8", f"{name}-2026-03-03": text}, MARCH)

    day = typed.days[THE_THIRD]
    assert day.typed[name] == text
    assert day.errors[name]
    assert typed.sound == []


def test_days_whose_fields_were_off_are_left_alone(app: Flask) -> None:
    with app.test_request_context():
        assert read_sheet({"revision-2026-03-03": "1"}, MARCH).days == {}


def test_hours_for_days_that_the_half_month_does_not_have_are_named(app: Flask) -> None:
    sent = {"minutes-2026-03-16": "8", "minutes-soon": "2", "minutes-2026-03-17": " "}

    with app.test_request_context():
        strays = read_sheet(sent, MARCH).strays

    assert len(strays) == 2
    assert "Monday, March 16" in strays[0]
