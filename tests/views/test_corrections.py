"""Ana corrects what both signed, Rosa sees both versions, Casey holds, voids and flags."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models.accounts import Account
from app.models.audit import AuditEvent
from app.models.pair_flags import PairFlag
from app.models.timesheets import Timesheet
from app.services import approvals, sheet_status
from factories import World
from forms_in_pages import post_form
from sheets import day, fill_in, sign
from sign_in_steps import csrf_of

SignIn = Callable[[Account], FlaskClient]
NOW = datetime(2026, 3, 18, 17, tzinfo=UTC)


@pytest.fixture(autouse=True)
def in_march() -> object:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def sheet(session: Session, world: World) -> Timesheet:
    made = fill_in(session, world.ana_for_rosa, {3: 8, 4: 8}, by=world.ana)
    version = sign(session, made, by=world.ana)
    shown = version.content_hash
    approvals.approve(session, made, shown=shown, by=world.rosa, at=NOW)
    return made


def begin(client: FlaskClient, sheet: Timesheet, reason: str) -> None:
    url = f"/timesheets/{sheet.id}/correction"
    answer = post_form(client, url, {"reason": reason, "note": "Sorry."}, "Correct it")
    assert answer.status_code == 303


def test_ana_corrects_and_rosa_sees_both_versions_side_by_side(
    world: World, sheet: Timesheet, signed_in: SignIn
) -> None:
    ana, rosa = signed_in(world.ana), signed_in(world.rosa)
    url = f"/timesheets/{sheet.id}"
    assert "Correct this timesheet" in ana.get(url).text
    begin(ana, sheet, "WRONG_HOURS")

    page = ana.get(url).text
    assert "Keep it as approved" in page
    assert "Cancel this timesheet" not in page
    post_form(ana, url, {f"minutes-{day(4)}": "6:00"}, "Save")
    confirm = ana.get(f"{url}/submit").text
    assert "What was approved, and what is new" in confirm
    post_form(ana, f"{url}/submit", {"perjury": "y"}, "Sign and submit")

    shown = rosa.get(f"/approvals/{sheet.id}").text
    for words in ("Approved", "8:00", "6:00", "16:00", "14:00", "“Sorry.”", "The hours of a day"):
        assert words in shown
    assert "If you do not sign, what was approved before stays." in shown
    post_form(rosa, f"/approvals/{sheet.id}", {"perjury": "y"}, "Sign and approve")
    assert "approved on" in rosa.get(f"/approvals/{sheet.id}").text


def test_ana_keeps_it_as_it_was(world: World, sheet: Timesheet, signed_in: SignIn) -> None:
    ana = signed_in(world.ana)
    begin(ana, sheet, "WRONG_HOURS")
    url = f"/timesheets/{sheet.id}"
    post_form(ana, url, {f"minutes-{day(4)}": "6:00"}, "Save")
    post_form(ana, url, button="Keep it as approved")
    page = ana.get(url).text
    assert "16:00" in page
    assert "The timesheet is again as it was approved." in page


def test_a_day_that_is_approved_cannot_be_changed_where_days_are_added(
    world: World, sheet: Timesheet, signed_in: SignIn
) -> None:
    ana = signed_in(world.ana)
    begin(ana, sheet, "DAY_LEFT_OUT")
    url = f"/timesheets/{sheet.id}"
    page = ana.get(url).text
    assert "This day is approved. Here you can only add days." in page
    values = {f"minutes-{day(4)}": "9:00", f"revision-{day(4)}": "1"}
    answer = ana.post(url, data=values, headers=csrf_of(ana, url))
    assert answer.status_code == 422
    assert "is approved already with 8 hours" in answer.text


def test_without_a_reason_the_page_comes_back_with_what_was_written(
    world: World, sheet: Timesheet, signed_in: SignIn
) -> None:
    url = f"/timesheets/{sheet.id}/correction"
    answer = post_form(signed_in(world.ana), url, {"note": "On the fourth."}, "Correct it")
    assert answer.status_code == 422
    assert "Choose what is wrong." in answer.text
    assert "On the fourth." in answer.text


def test_where_nothing_can_be_corrected_the_sheet_itself_is_shown(
    session: Session, world: World, signed_in: SignIn
) -> None:
    made = fill_in(session, world.ana_for_rosa, {17: 8}, by=world.ana, at=NOW)
    answer = signed_in(world.ana).get(f"/timesheets/{made.id}/correction")
    assert answer.location == f"/timesheets/{made.id}"


def test_casey_finds_a_sheet_and_holds_it_and_ana_reads_why(
    session: Session, world: World, sheet: Timesheet, signed_in: SignIn
) -> None:
    casey, ana = signed_in(world.casey), signed_in(world.ana)
    found = post_form(casey, "/county/timesheets", {"number": "1000001"}, "Find").text
    url = f"/county/timesheets/{sheet.id}"
    assert url in found
    refused = post_form(casey, url, {"note": "Hm."}, "Hold it")
    assert refused.status_code == 422
    assert "Choose a reason." in refused.text
    values = {"reason": "RECIPIENT_AWAY", "note": "She was in hospital until the 4th."}
    assert post_form(casey, url, values, "Hold it").status_code == 303
    page = ana.get(f"/timesheets/{sheet.id}").text
    assert "The recipient may have been away, in a hospital for example." in page
    assert "She was in hospital until the 4th." in page
    assert "Casey Morgan put it on hold." in page
    assert "may have been away" in casey.get("/county").text
    looks = session.scalars(select(AuditEvent.action).where(AuditEvent.action.contains("look")))
    assert {"caseload:look", "timesheet:look"} <= set(looks)


def test_casey_voids_a_sheet_and_ana_reads_what_she_can_do(
    world: World, sheet: Timesheet, signed_in: SignIn
) -> None:
    casey, ana = signed_in(world.casey), signed_in(world.ana)
    values = {"reason": "NOT_WORKED", "note": ""}
    assert post_form(casey, f"/county/timesheets/{sheet.id}", values, "Void it").status_code == 303
    assert "There is no" in post_form(casey, "/county/timesheets", {"number": "7"}, "Find").text
    page = ana.get(f"/timesheets/{sheet.id}").text
    assert "The county voided this timesheet." in page
    assert "The hours were not worked." in page
    post_form(ana, f"/timesheets/{sheet.id}", button="Open it again")
    assert "The county voided this timesheet before." in ana.get(f"/timesheets/{sheet.id}").text


def test_casey_flags_a_pair_and_ends_the_flag(
    session: Session, world: World, signed_in: SignIn
) -> None:
    casey = signed_in(world.casey)
    url = "/county/flags"
    wrong = {
        "provider_number": "1", "case_number": "1000001", "starts_on": "2026-03-18",
        "ends_on": "2026-04-18", "reason": "OTHER", "note": "",
    }  # fmt: skip
    answer = post_form(casey, url, wrong | {"ends_on": ""}, "Flag them")
    assert (answer.status_code, "Give a day." in answer.text) == (422, True)
    answer = post_form(casey, url, wrong, "Flag them")
    assert "Say in a few words what the reason is." in answer.text
    answer = post_form(casey, url, wrong | {"note": "We look."}, "Flag them")
    assert "No provider with this number" in answer.text
    right = wrong | {"note": "We look.", "provider_number": world.ana_for_rosa.provider.number}
    assert post_form(casey, url, right, "Flag them").status_code == 303

    placed = session.scalars(select(PairFlag)).one()
    assert "Ana Flores" in casey.get(url).text
    assert post_form(casey, url, {"why": " "}, "End it").status_code == 422
    assert post_form(casey, url, {"why": "All is well."}, "End it").status_code == 303
    session.refresh(placed)
    assert placed.lifted_at is not None
    assert "Nobody is flagged." in casey.get(url).text


def test_nobody_of_another_county_sees_it(
    session: Session, world: World, sheet: Timesheet, signed_in: SignIn
) -> None:
    world.casey.county_id = world.fresno.id
    session.commit()
    casey = signed_in(world.casey)
    assert casey.get(f"/county/timesheets/{sheet.id}").status_code == 404
    assert sheet_status.latest_version(session, sheet) is not None
