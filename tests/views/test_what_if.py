"""The what-if page: the rules' answer for anybody, without an account and without a trace."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from all_rows import changed, everything
from app.models.accounts import Account
from factories import World

pytestmark = pytest.mark.usefixtures("noon")
MARCH = {"from": "2026-03-01", "weeks": "1", "people": "1", "monthly-1": "195:00"}


def hours(text: str, days: int = 7, person: int = 1) -> dict[str, str]:
    first = date(2026, 3, 1)
    return {f"hours-{person}-{first + timedelta(days=day)}": text for day in range(days)}


def test_anybody_may_ask_and_the_start_page_and_help_lead_there(client: FlaskClient) -> None:
    page = client.get("/what-if")
    assert page.status_code == 200
    assert "Fill in some hours" in page.text
    assert "Set-Cookie" not in page.headers
    for leading in ("/", "/help"):
        assert 'href="/what-if"' in client.get(leading).text


def test_what_the_rules_say_stands_below_the_boxes(world: World, client: FlaskClient) -> None:
    county = {"county-1": str(world.los_angeles.id)}
    page = client.get("/what-if", query_string=MARCH | county | hours("8:00")).text
    for words in (
        "The week of Sunday, March 1 has 56 hours.",
        "WEEKLY_MAXIMUM_EXCEEDED",
        "So far it needs no approval by the county.",
        "7:15 over the limit of 48:45 this week.",
        "The smallest change so that nothing is too much",
        "Saturday, March 7, person 1: 45 minutes instead of 8 hours.",
        "$1,256.96",
    ):
        assert words in page, words
    assert 'value="8:00"' in page


def test_a_violation_that_would_follow_is_told_with_what_it_means(client: FlaskClient) -> None:
    page = client.get("/what-if", query_string=MARCH | hours("7:00") | {"monthly-1": "120"}).text
    assert "FORTY_HOURS_EXCEEDED" in page
    assert "this would be your first violation" in page


def test_what_is_asked_leaves_no_trace(session: Session, world: World, client: FlaskClient) -> None:
    before = everything(session)
    client.get("/what-if", query_string=MARCH | hours("8:00"))
    assert changed(before, everything(session)) == []


def test_a_box_that_is_not_understood_comes_back_with_its_reason(client: FlaskClient) -> None:
    page = client.get("/what-if", query_string=MARCH | hours("8.5", days=1))
    assert page.status_code == 422
    assert "Do you mean 8 hours and 30 minutes?" in page.text
    assert 'href="#hours-1-2026-03-01"' in page.text
    assert 'value="8.5"' in page.text


def test_htmx_gets_the_answer_alone(client: FlaskClient) -> None:
    part = client.get(
        "/what-if", query_string=MARCH | hours("5:00"), headers={"HX-Request": "true"}
    )
    assert "<html" not in part.text
    assert "The rules have nothing against these hours." in part.text
    assert "HX-Request" in part.headers["Vary"]


def test_a_week_and_a_person_are_added_by_buttons_without_scripts(client: FlaskClient) -> None:
    more = client.get("/what-if", query_string=MARCH | hours("5:00") | {"more": "week"}).text
    assert 'name="weeks" value="2"' in more
    assert 'name="hours-1-2026-03-14"' in more
    other = client.get("/what-if", query_string=MARCH | {"more": "person"}).text
    assert 'name="people" value="2"' in other
    assert 'name="monthly-2"' in other


def test_two_people_are_told_apart(client: FlaskClient) -> None:
    asked = MARCH | hours("7:00") | hours("3:00", person=2) | {"people": "2", "monthly-2": "120"}
    page = client.get("/what-if", query_string=asked).text
    assert "Timesheet for person 1, March 1 – 15" in page
    assert "Your limit for all of them" in page
    assert "PROVIDER_WEEKLY_LIMIT_EXCEEDED" in page


def test_a_county_whose_wage_is_not_known_then_says_so(world: World, client: FlaskClient) -> None:
    asked = {"from": "2020-03-01", "monthly-1": "195", "hours-1-2020-03-02": "4"}
    page = client.get("/what-if", query_string=asked | {"county-1": str(world.fresno.id)}).text
    assert "We do not know the pay of this county on March 2, 2020." in page


def test_everything_that_can_be_asked_is_answered(client: FlaskClient) -> None:
    first = date(2026, 3, 1)
    most = {"from": str(first), "weeks": "5", "people": "4", "exemption": "exemption-1"}
    for person in range(1, 5):
        most |= {f"monthly-{person}": "283:00", f"assigned-{person}": "100:00"}
        most |= {f"hours-{person}-{first + timedelta(days=day)}": "7:59" for day in range(35)}
    page = client.get("/what-if", query_string=most)
    assert page.status_code == 200
    assert "EXEMPTION_MONTH_EXCEEDED" in page.text


def test_signed_in_people_may_ask_too(
    world: World, signed_in: Callable[[Account], FlaskClient]
) -> None:
    for account in (world.ana, world.rosa, world.casey, world.dev):
        assert signed_in(account).get("/what-if").status_code == 200
