"""What somebody typed on the what-if page, however odd the address is."""

from collections.abc import Iterator
from datetime import date

import pytest
from flask import Flask

from app.domain.weekly_maximum import Exemption
from app.forms import what_if

TODAY = date(2026, 11, 24)
MONDAY = "2026-11-23"


@pytest.fixture(autouse=True)
def in_english(app: Flask) -> Iterator[None]:
    with app.test_request_context():
        yield


def test_a_blank_page_asks_nothing_about_this_week() -> None:
    typed = what_if.read({}, TODAY)
    assert typed.question is None
    assert typed.errors == []
    assert (typed.first.starts_on, typed.weeks, len(typed.people)) == (date(2026, 11, 22), 1, 1)


@pytest.mark.parametrize("monthly", ["195:00", "195", " 195:00 "])
def test_hours_a_month_are_read_with_and_without_minutes(monthly: str) -> None:
    question = what_if.read({"monthly-1": monthly, f"hours-1-{MONDAY}": "7:30"}, TODAY).question
    assert question is not None
    assert question.people[0].monthly == 195 * 60
    assert question.people[0].hours == {date(2026, 11, 23): 450}


def test_hours_without_a_month_ask_for_it() -> None:
    typed = what_if.read({f"hours-1-{MONDAY}": "7:30"}, TODAY)
    [(words, box)] = typed.errors
    assert (box, typed.question) == ("monthly-1", None)
    assert "Person 1: write the hours a month" in words


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("monthly-1", "lots", "“lots” is not a number of hours. Write it like 195:00."),
        ("monthly-1", "745", "A month has 744:00 hours at most."),
        ("assigned-1", "1:75", "“1:75” is not a number of hours. Write it like 195:00."),
        (f"hours-1-{MONDAY}", "25", "Mon 23: A day has 24 hours at most. You wrote 25:00."),
        (f"hours-1-{MONDAY}", "8.5", "Mon 23: Write hours and minutes with a colon"),
    ],
)
def test_what_means_nothing_is_said_beside_its_box(name: str, text: str, words: str) -> None:
    typed = what_if.read({"monthly-1": "195", f"hours-1-{MONDAY}": "1"} | {name: text}, TODAY)
    [(said, box)] = typed.errors
    assert said.startswith(words)
    assert box == name
    assert typed.question is None


def test_a_new_week_begins_with_the_hours_of_the_one_before() -> None:
    args = {"weeks": "1", "more": "week", "monthly-1": "195", f"hours-1-{MONDAY}": "7:30"}
    typed = what_if.read(args, TODAY)
    assert typed.weeks == 2
    assert typed.people[0].weeks[1].typed[date(2026, 11, 30)] == "7:30"


def test_a_new_week_that_has_hours_keeps_them() -> None:
    args = {"more": "week", f"hours-1-{MONDAY}": "7:30", "hours-1-2026-12-01": "2"}
    last = what_if.read(args, TODAY).people[0].weeks[1]
    assert last.typed[date(2026, 11, 30)] == ""
    assert last.typed[date(2026, 12, 1)] == "2"


def test_people_and_weeks_come_and_go_within_bounds() -> None:
    assert len(what_if.read({"people": "4", "more": "person"}, TODAY).people) == 4
    assert len(what_if.read({"people": "1", "less": "person"}, TODAY).people) == 1
    assert what_if.read({"weeks": "99"}, TODAY).weeks == 5
    assert what_if.read({"weeks": "2", "less": "week"}, TODAY).weeks == 1


@pytest.mark.parametrize(
    "odd",
    [
        {"from": "yesterday"}, {"from": "0001-01-01"}, {"from": "9999-12-31"}, {"from": "2010-01-01"},
        {"people": "-1"}, {"people": "²"}, {"weeks": "1e9"}, {"county-1": "٣"}, {"exemption": "all"},
    ],
)  # fmt: skip
def test_what_is_odd_is_as_if_it_were_not_there(odd: dict[str, str]) -> None:
    typed = what_if.read(odd, TODAY)
    assert (typed.first.starts_on, typed.weeks, len(typed.people)) == (date(2026, 11, 22), 1, 1)
    assert typed.exemption is Exemption.NONE
    assert typed.counties == {1: None}


def test_others_are_paid_as_the_first_where_nothing_is_chosen() -> None:
    args = {"people": "3", "county-1": "7", "county-3": "9"}
    assert what_if.read(args, TODAY).counties == {1: 7, 2: 7, 3: 9}


def test_the_week_that_was_asked_for_is_offered_whenever_it_was() -> None:
    first = what_if.read({"from": "2020-03-04"}, TODAY).first
    offered = what_if.weeks_offered(first, TODAY)
    assert offered[0].starts_on == date(2020, 3, 1)
    assert len(offered) == 18
