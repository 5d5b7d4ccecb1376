"""Ana claims her ways and her sick leave, sees what is left, and Casey sees and refuses claims."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models.accounts import Account
from app.models.claims import Claim
from app.services import claim_pay, payroll
from claim_steps import MONDAY, WEDNESDAY, days, leave, paid_long_ago, sign, travel
from factories import World, assign
from forms_in_pages import post_form
from signed_sheets import approved, signed

SignIn = Callable[[Account], FlaskClient]
NOW = datetime(2026, 3, 16, 17, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _the_sixteenth() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def monday_for_both(session: Session, world: World) -> None:
    signed(session, world.ana_for_rosa, {MONDAY: 5, WEDNESDAY: 5}, by=world.ana)
    signed(session, world.ana_for_walter, {MONDAY: 3}, by=world.ana)


@pytest.fixture
def earned(session: Session, world: World) -> None:
    sheet = approved(
        session, world.ana_for_rosa, days(date(2025, 10, 1), 15), by=world.ana, signer=world.rosa
    )
    paid_long_ago(session, sheet)


@pytest.fixture
def claim(session: Session, world: World, monday_for_both: None) -> Claim:
    return travel(
        session, world.ana_for_walter, world.ana_for_rosa.case, {MONDAY: 40}, by=world.ana
    )


def only(session: Session) -> Claim:
    return session.scalars(select(Claim)).one()


def test_the_page_says_what_is_missing_or_left_and_that_there_are_no_claims(
    world: World, signed_in: SignIn
) -> None:
    page = signed_in(world.ana).get("/claims").text
    assert "100 hours to go" in page
    assert "Your travel this week" in page
    assert "There are none yet." in page
    assert "Your county has not allowed it." in page


@pytest.mark.usefixtures("earned")
def test_what_is_left_is_there_once_it_is_earned(world: World, signed_in: SignIn) -> None:
    page = signed_in(world.ana).get("/claims").text
    assert "Left until June 30, 2026" in page
    assert "40:00" in page


def test_waiting_at_the_doctors_is_said_to_go_on_the_timesheet(
    session: Session, world: World, signed_in: SignIn
) -> None:
    for grant in world.ana_for_rosa.case.grants:
        grant.wait_time = True
    session.commit()
    assert "Your county allows it." in signed_in(world.ana).get("/claims").text


def test_a_provider_of_one_recipient_is_not_asked_about_travel(
    world: World, signed_in: SignIn
) -> None:
    page = signed_in(world.maria).get("/claims").text
    assert "Your travel this week" not in page
    assert 'name="kind" value="sick_leave"' in page


@pytest.mark.usefixtures("monday_for_both")
def test_travel_is_claimed_in_three_steps(
    session: Session, world: World, signed_in: SignIn
) -> None:
    client = signed_in(world.ana)
    start = {
        "kind": "travel", "assignment_id": str(world.ana_for_walter.id), "period": "2026-03-01",
    }  # fmt: skip
    opened = post_form(client, "/claims", start, "Enter the days")
    page = client.get(opened.location).text
    assert "You came from Rosa Delgado." in page
    assert "Rosa Delgado 5:00 · Walter Kim 3:00" in page

    typed = {"minutes-2026-03-02": "0:40"}
    saved = post_form(client, opened.location, typed, "Submit claim")
    check = client.get(saved.location).text
    assert "You travelled 40 minutes to Walter Kim" in check
    assert "Monday, March 2: 0:40, from Rosa Delgado" in check
    done = post_form(client, saved.location, {"perjury": "yes"}, "Sign and submit")

    shown = client.get(done.location).text
    assert "Waiting for its timesheet" in shown
    assert only(session).receipt in shown
    assert "Waiting for its timesheet" in client.get("/claims").text


def test_hours_that_are_not_sound_come_back_as_typed_and_the_sound_are_kept(
    session: Session, world: World, claim: Claim, signed_in: SignIn
) -> None:
    typed = {"minutes-2026-03-02": "0:50", "minutes-2026-03-03": "half"}
    answer = post_form(signed_in(world.ana), f"/claims/{claim.id}", typed, "Save")
    assert answer.status_code == 422
    assert 'value="half"' in answer.text
    assert "Tuesday, March 3:" in answer.text
    session.refresh(claim)
    assert [day.minutes for day in claim.days] == [50]


def test_of_several_recipients_the_one_she_came_from_is_chosen(
    session: Session, world: World, claim: Claim, signed_in: SignIn
) -> None:
    assign(session, world.ana_for_rosa.provider, world.maria_for_nune.case, 600)
    session.commit()
    client = signed_in(world.ana)
    page = client.get(f"/claims/{claim.id}").text
    assert "You came from" in page
    typed = {"minutes-2026-03-04": "0:20", "from-2026-03-04": ""}
    answer = post_form(client, f"/claims/{claim.id}", typed, "Save")
    assert (answer.status_code, "Choose from whom you came." in answer.text) == (422, True)
    typed["from-2026-03-04"] = str(world.maria_for_nune.case_id)
    assert post_form(client, f"/claims/{claim.id}", typed, "Save").status_code == 303
    session.refresh(claim)
    assert [day.came_from_id for day in claim.days] == [
        world.ana_for_rosa.case_id, world.maria_for_nune.case_id,
    ]  # fmt: skip


def test_a_case_that_is_not_hers_is_no_place_to_come_from(
    session: Session, world: World, claim: Claim, signed_in: SignIn
) -> None:
    assign(session, world.ana_for_rosa.provider, world.maria_for_nune.case, 600)
    session.commit()
    typed = {"minutes-2026-03-04": "0:20", "from-2026-03-04": "999999"}
    answer = post_form(signed_in(world.ana), f"/claims/{claim.id}", typed, "Save")
    assert answer.status_code == 422


def test_what_stands_in_the_way_is_said_and_nothing_can_be_signed(
    world: World, claim: Claim, signed_in: SignIn
) -> None:
    client = signed_in(world.ana)
    post_form(client, f"/claims/{claim.id}", {"minutes-2026-03-04": "0:20"}, "Save")
    page = client.get(f"/claims/{claim.id}/submit").text
    assert "Travel to a day without care is not paid." in page
    assert "TRAVEL_DAY_WITHOUT_CARE" in page
    assert "Sign and submit" not in page


def test_signing_needs_the_box(world: World, claim: Claim, signed_in: SignIn) -> None:
    answer = post_form(signed_in(world.ana), f"/claims/{claim.id}/submit", {}, "Sign and submit")
    assert answer.status_code == 422
    assert "Tick the box to sign." in answer.text


def test_more_than_usual_needs_a_reason_which_comes_back_as_typed(
    session: Session, world: World, claim: Claim, signed_in: SignIn
) -> None:
    client = signed_in(world.ana)
    post_form(client, f"/claims/{claim.id}", {"minutes-2026-03-02": "2:10"}, "Save")
    url = f"/claims/{claim.id}/submit"
    answer = post_form(client, url, {"perjury": "yes", "reason": " "}, "Sign and submit")
    assert (answer.status_code, "Say in a few words" in answer.text) == (422, True)
    answer = post_form(client, url, {"perjury": "yes", "reason": "Snow."}, "Sign and submit")
    assert answer.status_code == 303
    assert "Your reason: Snow." in client.get(answer.location).text


@pytest.mark.usefixtures("earned")
def test_sick_leave_says_what_is_left_and_asks_when_it_was_told(
    session: Session, world: World, signed_in: SignIn
) -> None:
    client = signed_in(world.ana)
    start = {
        "kind": "sick_leave", "assignment_id": str(world.ana_for_rosa.id), "period": "2026-03-01",
    }  # fmt: skip
    opened = post_form(client, "/claims", start, "Enter the days")
    assert "You have 40 hours of sick leave left." in client.get(opened.location).text
    typed = {"minutes-2026-03-03": "8:00"}
    saved = post_form(client, opened.location, typed, "Submit claim")
    assert "Say when you told your recipient." in client.get(saved.location).text
    saved = post_form(client, opened.location, typed | {"notice": "urgent"}, "Submit claim")
    done = post_form(client, saved.location, {"perjury": "yes"}, "Sign and submit")
    assert "Ready for pay" in client.get(done.location).text
    told = signed_in(world.rosa).get("/notices").text
    assert "Ana Flores claimed 8 hours of sick leave" in told


def test_a_claim_can_be_taken_back_and_a_new_one_dropped(
    session: Session, world: World, claim: Claim, signed_in: SignIn
) -> None:
    sign(session, claim, by=world.ana, at=NOW)
    client = signed_in(world.ana)
    assert post_form(client, f"/claims/{claim.id}", {}, "Take it back").status_code == 303
    session.refresh(claim)
    assert claim.status == "saved"
    assert "Drop this claim" not in client.get(f"/claims/{claim.id}").text
    new = travel(session, world.ana_for_rosa, world.ana_for_walter.case, {MONDAY: 40}, by=world.ana)
    assert post_form(client, f"/claims/{new.id}", {}, "Drop this claim").status_code == 303
    assert only(session).id == claim.id


def test_nobody_else_sees_a_claim(
    session: Session, world: World, claim: Claim, signed_in: SignIn
) -> None:
    assert signed_in(world.maria).get(f"/claims/{claim.id}").status_code == 404
    assert signed_in(world.rosa).get(f"/claims/{claim.id}").status_code == 403
    assert signed_in(world.casey).get(f"/county/claims/{claim.id}").status_code == 404


def test_the_county_sees_a_signed_claim_and_refuses_it_with_a_reason(
    session: Session, world: World, claim: Claim, signed_in: SignIn
) -> None:
    sign(session, claim, by=world.ana, at=NOW)
    client = signed_in(world.casey)
    assert "Travel time" in client.get("/county/claims").text
    url = f"/county/claims/{claim.id}"
    answer = post_form(client, url, {"reason": " "}, "Refuse the claim")
    assert (answer.status_code, "Write why" in answer.text) == (422, True)
    reason = {"reason": "There is no form on file."}
    assert post_form(client, url, reason, "Refuse the claim").status_code == 303
    assert "There is no form on file." in signed_in(world.ana).get(f"/claims/{claim.id}").text
    assert "Refuse the claim" not in client.get(url).text


def test_the_county_of_another_place_sees_nothing(
    session: Session, world: World, claim: Claim, signed_in: SignIn
) -> None:
    sign(session, claim, by=world.ana, at=NOW)
    world.casey.county_id = world.fresno.id
    session.commit()
    client = signed_in(world.casey)
    assert "Nobody has claimed" in client.get("/county/claims").text
    assert client.get(f"/county/claims/{claim.id}").status_code == 404


@pytest.mark.usefixtures("earned")
def test_a_paid_claim_is_among_the_payments_with_its_kind(
    session: Session, world: World, signed_in: SignIn, tmp_path: Path
) -> None:
    claim = sign(
        session, leave(session, world.ana_for_rosa, {MONDAY: 480}, by=world.ana), by=world.ana
    )
    payroll.run(session, date(2026, 3, 16), at=NOW, folder=tmp_path)
    assert claim_pay.go_on_due(session, at=NOW) == 0
    client = signed_in(world.ana)
    listed = client.get("/payments").text
    assert "Sick leave" in listed
    assert "$157.12" in listed
    shown = client.get(f"/claims/{claim.id}").text
    assert "See the payment" in shown
    rows = client.get("/payments/history.csv").text
    assert "Sick leave,8:00,19.64,157.12" in rows


def test_a_kind_or_a_half_month_that_is_none_is_not_found(world: World, signed_in: SignIn) -> None:
    client = signed_in(world.ana)
    for typed in ({"kind": "lunch"}, {"period": "soon"}):
        start = {"assignment_id": str(world.ana_for_walter.id), "period": "2026-03-01",
                 "kind": "travel"} | typed  # fmt: skip
        assert post_form(client, "/claims", start, "Enter the days").status_code == 404
