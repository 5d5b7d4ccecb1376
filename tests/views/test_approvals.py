"""The recipient's screens: one sentence, what is different, yes, or what is wrong."""

from collections.abc import Callable, Iterator
from html import unescape

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.domain.visits import Place, Proposal
from app.models.accounts import Account
from app.models.timesheets import TimesheetVersion
from app.services import submission, timesheets
from app.services.day_log import DayValues
from factories import World
from forms_in_pages import find_form, post_form, send_form
from sheets import THE_SIXTEENTH, Statements, day, fill_in, sign

SignIn = Callable[[Account], FlaskClient]


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(THE_SIXTEENTH, tick=False) as moved:
        yield moved


@pytest.fixture
def rosa(world: World, signed_in: SignIn) -> FlaskClient:
    return signed_in(world.rosa)


@pytest.fixture
def version(session: Session, world: World) -> TimesheetVersion:
    """Ana checked in on the 5th and changed the hours after check-out; the 6th has no check-in."""
    sheet = fill_in(session, world.ana_for_rosa, {2: 8}, by=world.ana)
    visit = Proposal(day(5), world.ana_for_rosa.id, 482, 912, Place.HOME, 430)
    timesheets.take_proposal(session, world.ana_for_rosa, day(5), visit, at=THE_SIXTEENTH)
    session.commit()
    changed = DayValues(480, 482, 962, "home")
    timesheets.change_day(session, sheet, day(5), changed, base=1, by=world.ana, at=THE_SIXTEENTH)
    return sign(session, sheet, by=world.ana)


def url(version: TimesheetVersion, act: str = "") -> str:
    return f"/approvals/{version.timesheet_id}{act}"


def words(page: TestResponse) -> str:
    return " ".join(unescape(page.text).split())


def approve(client: FlaskClient, version: TimesheetVersion) -> TestResponse:
    return post_form(client, url(version), {"perjury": "yes"}, "Sign and approve")


def test_one_screen_says_who_worked_how_much_and_what_is_different(
    rosa: FlaskClient, version: TimesheetVersion
) -> None:
    page = rosa.get(url(version))

    said = words(page)
    assert "Ana Flores worked 16 hours for you, March 1 – 15" in said
    assert "Mar 1 – Mar 7" in said
    assert "Sunday, March 15" in said
    assert "Thursday, March 5: 8 hours, from 8:02 AM to 4:02 PM, at home." in said
    assert (
        "Thursday, March 5: Ana Flores changed 7 hours 10 minutes to 8 hours after check-out."
        in said
    )
    assert "Monday, March 2: Ana Flores entered the hours by hand. There was no check-in." in said
    assert "data-read-aloud" in page.text


def test_what_differs_from_the_half_month_before_is_said(
    session: Session, world: World, rosa: FlaskClient, version: TimesheetVersion
) -> None:
    sheet = fill_in(session, world.ana_for_rosa, {16: 2}, by=world.ana)

    page = rosa.get(url(sign(session, sheet, by=world.ana)))

    assert "14 hours less than the half month before." in words(page)


def test_from_the_list_to_yes_are_three_taps(
    rosa: FlaskClient, session: Session, version: TimesheetVersion
) -> None:
    home = rosa.get("/approvals")
    assert f'href="{url(version)}"' in home.text
    assert "Review" in home.text

    answer = approve(rosa, version)

    session.refresh(version)
    assert answer.status_code == 303
    assert version.approved_at == THE_SIXTEENTH
    after = rosa.get(url(version))
    assert "was approved on March 16" in words(after)
    assert "Sign and approve" not in after.text


def test_nothing_is_signed_without_the_declaration(
    rosa: FlaskClient, session: Session, version: TimesheetVersion
) -> None:
    answer = post_form(rosa, url(version), {}, "Sign and approve")

    session.refresh(version)
    assert answer.status_code == 422
    assert "Check the box to sign." in answer.text
    assert version.approved_at is None


def test_a_stale_page_shows_the_new_version_and_signs_nothing(
    rosa: FlaskClient, session: Session, world: World, version: TimesheetVersion
) -> None:
    stale = rosa.get(url(version))
    sheet = version.timesheet
    submission.take_back(session, sheet, by=world.ana, at=THE_SIXTEENTH)
    timesheets.change_day(
        session, sheet, day(2), DayValues(600), base=1, by=world.ana, at=THE_SIXTEENTH
    )
    newer = sign(session, sheet, by=world.ana)

    answer = send_form(rosa, stale, {"perjury": "yes"}, "Sign and approve")

    assert answer.status_code == 422
    assert "Nothing was signed." in answer.text
    assert "Ana Flores worked 18 hours for you" in words(answer)
    assert newer.approved_at is None
    assert send_form(rosa, answer, {"perjury": "yes"}, "Sign and approve").status_code == 303


def test_a_sheet_taken_back_meanwhile_has_nothing_to_sign(
    rosa: FlaskClient, session: Session, world: World, version: TimesheetVersion
) -> None:
    stale = rosa.get(url(version))
    submission.take_back(session, version.timesheet, by=world.ana, at=THE_SIXTEENTH)

    answer = send_form(rosa, stale, {"perjury": "yes"}, "Sign and approve")

    assert answer.status_code == 422
    assert "Ana Flores took this timesheet back." in words(answer)


def test_something_is_wrong_is_tapped_not_typed(
    rosa: FlaskClient, session: Session, version: TimesheetVersion
) -> None:
    page = rosa.get(url(version))
    assert "Something is wrong" in page.text

    asked = rosa.get(url(version, "/reject"))
    nothing = send_form(rosa, asked, {}, "Send it back")
    assert nothing.status_code == 422
    assert "Tap at least one thing that is wrong." in nothing.text

    answer = send_form(rosa, nothing, {"reasons": ["hours", "place"]}, "Send it back")

    session.refresh(version)
    assert answer.status_code == 303
    assert version.reject_reasons == ["hours", "place"]
    assert "was sent back" in words(rosa.get(url(version)))


def test_a_note_that_is_too_long_comes_back_whole(
    rosa: FlaskClient, version: TimesheetVersion
) -> None:
    note = "<em>" + "x" * 1000
    answer = post_form(
        rosa, url(version, "/reject"), {"reasons": ["other"], "note": note}, "Send it back"
    )

    assert answer.status_code == 422
    assert "Please use 1000 at most." in answer.text
    assert dict(find_form(answer.text, button="Send it back").values)["note"] == note


def test_reasons_that_are_none_of_ours_are_no_reasons(
    rosa: FlaskClient, version: TimesheetVersion
) -> None:
    answer = post_form(
        rosa, url(version, "/reject"), {"reasons": ["because", "hours; --"]}, "Send it back"
    )

    assert answer.status_code == 422


def test_what_she_tapped_stays_when_the_sheet_changed_meanwhile(
    rosa: FlaskClient, session: Session, world: World, version: TimesheetVersion
) -> None:
    stale = rosa.get(url(version, "/reject"))
    submission.take_back(session, version.timesheet, by=world.ana, at=THE_SIXTEENTH)
    sign(session, version.timesheet, by=world.ana)

    answer = send_form(rosa, stale, {"reasons": ["hours"], "note": "Six."}, "Send it back")

    assert answer.status_code == 422
    again = find_form(answer.text, button="Send it back").values
    assert ("reasons", "hours") in again
    assert ("note", "Six.") in again


def test_a_signatory_is_told_for_whom_she_signs(
    session: Session, world: World, signed_in: SignIn
) -> None:
    sheet = fill_in(session, world.maria_for_nune, {3: 8}, by=world.maria)
    version = sign(session, sheet, by=world.maria)
    armen = signed_in(world.armen)

    page = armen.get(url(version))

    assert "Maria Petrosyan worked 8 hours for Nune Petrosyan, March 1 – 15" in words(page)
    assert "You sign for Nune Petrosyan." in words(page)
    assert "There was no check-in" not in page.text
    assert approve(armen, version).status_code == 303


@pytest.mark.parametrize("who", ["walter", "armen"])
@pytest.mark.parametrize("act", ["", "/reject"])
def test_a_strangers_sheet_is_not_found(
    world: World, signed_in: SignIn, version: TimesheetVersion, who: str, act: str
) -> None:
    assert signed_in(getattr(world, who)).get(url(version, act)).status_code == 404


def test_a_draft_is_not_found(session: Session, world: World, rosa: FlaskClient) -> None:
    sheet = fill_in(session, world.ana_for_rosa, {3: 8}, by=world.ana)

    assert rosa.get(f"/approvals/{sheet.id}").status_code == 404


def test_pages_need_no_more_statements_as_sheets_add_up(
    rosa: FlaskClient, session: Session, world: World, version: TimesheetVersion
) -> None:
    def statements(path: str) -> int:
        session.expire_all()
        with Statements(session) as counted:
            assert rosa.get(path).status_code == 200
        return len(counted.sent)

    paths = ("/approvals", url(version))
    before = [statements(path) for path in paths]
    sign(session, fill_in(session, world.ana_for_rosa, {16: 1}, by=world.ana), by=world.ana)

    assert [statements(path) for path in paths] == before


def test_the_home_says_first_what_waits(rosa: FlaskClient, version: TimesheetVersion) -> None:
    home = rosa.get("/")

    said = words(home)
    assert "One timesheet waits for you" in said
    assert f'href="{url(version)}"' in home.text
    assert "16:00 of 195:00 are used. 179:00 are left." in said
