"""Casey weighs what was noticed about visits of her county: plain facts, what the person says, a note."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.positions import Fix
from app.domain.visits import Location
from app.models.accounts import Account
from app.models.audit import AuditEvent
from app.models.visits import RefusedItem, Visit, VisitEvent, VisitFlag
from app.services import judging, visits
from app.services.receipts import FROM_PHONE, Submission, content_hash
from factories import ROSAS_HOME, World
from forms_in_pages import post_form

EIGHT = datetime(2026, 11, 23, 16, 2, tzinfo=UTC)  # 8:02 AM in Los Angeles
THREE_DAYS = timedelta(days=3)
SignIn = Callable[[Account], FlaskClient]


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(EIGHT + THREE_DAYS, tick=False) as traveller:
        yield traveller


def tapped(session: Session, world: World, position: Fix | None, made_at: datetime = EIGHT) -> None:
    """Ana checked in for Rosa, and it came three days later."""
    event_id = str(uuid4())
    visits.check_in(
        session, world.ana_for_rosa, location=Location.HOME, by=world.ana, at=EIGHT + THREE_DAYS,
        position=position,
        submission=Submission(event_id, made_at, content_hash([event_id]), FROM_PHONE),
    )  # fmt: skip
    judging.judge_due(session, at=EIGHT + THREE_DAYS)


@pytest.fixture
def away(session: Session, world: World) -> VisitFlag:
    """Three miles from Rosa's home."""
    tapped(session, world, Fix(ROSAS_HOME[0] + 0.0434, ROSAS_HOME[1], 12.0))
    return session.scalars(select(VisitFlag).where(VisitFlag.code == "AWAY")).one()


def refused(session: Session, world: World, **said: Any) -> RefusedItem:
    columns = {
        "account_id": world.ana.id, "submission_id": str(uuid4()), "content_hash": "a",
        "kind": "check-in", "assignment_id": world.ana_for_rosa.id, "made_at": EIGHT,
        "received_at": EIGHT, "code": "NOT_ASSIGNED_THEN", "signed": True,
        "facts": {"recipient": "Rosa", "worked_on": "2024-11-23"}, **said,
    }  # fmt: skip
    item = RefusedItem(**columns)
    session.add(item)
    session.commit()
    return item


def acts(session: Session, account: Account) -> list[tuple[str, str]]:
    rows = session.execute(
        select(AuditEvent.action, AuditEvent.subject)
        .where(AuditEvent.chain == f"account:{account.id}")
        .order_by(AuditEvent.sequence)
    )
    return [(action, subject) for action, subject in rows]


def test_with_nothing_noticed_each_list_says_so(world, signed_in: SignIn) -> None:
    page = signed_in(world.casey).get("/county/visits").text

    assert "There is nothing to look at." in page
    assert "Everything could be taken." in page
    assert "There is none." in page


def test_the_list_tells_plain_facts_and_who_looked_is_on_record(
    session, world, away, signed_in
) -> None:
    page = signed_in(world.casey).get("/county/visits").text

    assert "Ana Flores" in page
    assert "The phone was about 3 miles from home. It knew the place to within 40 feet." in page
    assert "This came 3 days later." in page
    assert page.index("about 3 miles") < page.index("Good to know") < page.index("3 days later")
    assert ("visits:look", f"county:{world.los_angeles.id}") in acts(session, world.casey)


def test_no_page_shows_a_coordinate(world, away, signed_in) -> None:
    casey, ana = signed_in(world.casey), signed_in(world.ana)
    for page in (
        casey.get("/county/visits"),
        casey.get(f"/county/visits/{away.id}"),
        ana.get("/visits/1"),
    ):
        assert "34.1" not in page.text
        assert "118.30" not in page.text


def test_one_flag_is_closed_with_a_note_that_stays(session, world, away, signed_in) -> None:
    casey = signed_in(world.casey)
    address = f"/county/visits/{away.id}"

    assert "Please say in a few words" in post_form(casey, address, {"note": " "}).text
    done = post_form(casey, address, {"note": "She was at the pharmacy with Rosa."})

    assert done.status_code == 303
    assert "There is nothing to look at." in casey.get("/county/visits").text
    assert "She was at the pharmacy with Rosa." in casey.get(address).text
    session.expire_all()
    assert (away.settled_by_id, away.settled_note) == (
        world.casey.id, "She was at the pharmacy with Rosa.",
    )  # fmt: skip
    assert ("visit:settle", f"visit_flag:{away.id}") in acts(session, world.casey)


def test_a_closed_flag_is_not_closed_again(session, world, away, signed_in) -> None:
    casey, address = signed_in(world.casey), f"/county/visits/{away.id}"
    page = casey.get(address).text
    post_form(casey, address, {"note": "Once."})
    token = page.split('name="csrf_token" type="hidden" value="')[1].split('"')[0]

    again = casey.post(address, data={"note": "Twice.", "csrf_token": token})

    assert again.status_code == 422
    session.expire_all()
    assert away.settled_note == "Once."


def test_another_county_sees_nothing_of_it(session, world, away, signed_in) -> None:
    world.casey.county = world.fresno
    session.commit()
    casey = signed_in(world.casey)

    assert "There is nothing to look at." in casey.get("/county/visits").text
    assert casey.get(f"/county/visits/{away.id}").status_code == 404


def test_its_provider_reads_who_looked(world, away, signed_in) -> None:
    signed_in(world.casey).get(f"/county/visits/{away.id}")

    page = signed_in(world.ana).get("/account/looks").text

    assert "Looked at one of your visits." in page
    assert "Casey Morgan" in page


def test_what_could_not_be_taken_is_shown_until_it_was_seen(session, world, signed_in) -> None:
    item, casey = refused(session, world), signed_in(world.casey)
    page = casey.get("/county/visits").text
    assert "The county has no work for you with Rosa on" in page

    done = post_form(casey, "/county/visits", {}, button="I have seen it")

    assert done.status_code == 303
    assert "Everything could be taken." in casey.get("/county/visits").text
    session.expire_all()
    assert item.seen_at is not None


def test_what_names_no_case_is_shown_where_its_provider_works(session, world, signed_in) -> None:
    refused(session, world, assignment_id=999_999, code="ASSIGNMENT_UNKNOWN", facts={})
    refused(session, world, account_id=world.maria.id, assignment_id=None, kind="undo")

    page = signed_in(world.casey).get("/county/visits").text

    assert "We do not know for whom this is." in page
    assert "Maria Petrosyan" not in page


def test_a_gap_shows_only_in_its_time(session, world, away, clock, signed_in) -> None:
    away.code, away.found_at = "CHAIN_GAP", EIGHT + 7 * THREE_DAYS
    away.facts = {"missing": 2}
    session.commit()
    casey = signed_in(world.casey)
    assert "did not reach us" not in casey.get("/county/visits").text

    clock.shift(7 * THREE_DAYS)

    page = signed_in(world.casey).get("/county/visits").text
    assert "Of what came before this, 2 did not reach us." in page


def test_provider_and_recipient_see_the_same_facts_of_their_visit(
    session, world, away, signed_in
) -> None:
    visit_id = session.scalars(select(Visit.id)).one()
    pages = [signed_in(each).get(f"/visits/{visit_id}") for each in (world.ana, world.rosa)]

    for page in pages:
        assert page.status_code == 200
        assert "The phone was about 3 miles from home." in page.text
        assert "This came 3 days later." in page.text
        assert "no pay depends on them" in page.text
    mine, hers = (page.text for page in pages)
    assert "This was not a visit" in mine
    assert "This was not a visit" not in hers
    assert "Say something about it" not in hers


def test_another_recipient_does_not_find_the_visit(session, world, away, signed_in) -> None:
    visit_id = session.scalars(select(Visit.id)).one()

    assert signed_in(world.walter).get(f"/visits/{visit_id}").status_code == 404
    assert signed_in(world.armen).get(f"/visits/{visit_id}").status_code == 404


def test_whoever_wants_to_says_what_happened_and_the_county_reads_it(
    session, world, away, signed_in
) -> None:
    visit_id = session.scalars(select(Visit.id)).one()
    address = f"/visits/{visit_id}/noticed/{away.id}"
    ana = signed_in(world.ana)

    assert post_form(ana, address, {"said": ""}).status_code == 422
    post_form(ana, address, {"said": "We were at the pharmacy."})

    assert "You said: We were at the pharmacy." in ana.get(f"/visits/{visit_id}").text
    assert "We were at the pharmacy." in signed_in(world.casey).get("/county/visits").text
    assert "Ana Flores said: We were" in signed_in(world.rosa).get(f"/visits/{visit_id}").text


def test_once_the_county_is_done_nothing_more_is_said(session, world, away, signed_in) -> None:
    visit_id = session.scalars(select(Visit.id)).one()
    ana = signed_in(world.ana)
    address = f"/visits/{visit_id}/noticed/{away.id}"
    post_form(signed_in(world.casey), f"/county/visits/{away.id}", {"note": "At the pharmacy."})

    late = post_form(ana, address, {"said": "Wait."})

    assert late.status_code == 422
    assert "The county looked at it: At the pharmacy." in ana.get(f"/visits/{visit_id}").text


def test_a_flag_of_another_visit_is_not_found_under_this_one(
    session, world, away, signed_in
) -> None:
    visit_id = session.scalars(select(Visit.id)).one()

    answer = signed_in(world.ana).get(f"/visits/{visit_id}/noticed/{away.id + 999}")

    assert answer.status_code == 404


def test_a_fix_after_its_tap_is_told_with_the_visit(session, world, signed_in) -> None:
    tapped(session, world, None)
    about = session.scalars(select(VisitEvent.submission_id)).one()
    said = Submission(str(uuid4()), EIGHT, "fix", FROM_PHONE)
    fix = Fix(ROSAS_HOME[0] + 0.0434, ROSAS_HOME[1], 12.0)
    visits.take_position(
        session, about=about, position=fix, submission=said, by=world.ana, at=EIGHT + THREE_DAYS
    )
    judging.judge_due(session, at=EIGHT + THREE_DAYS)
    flag = session.scalars(select(VisitFlag).where(VisitFlag.code == "AWAY")).one()

    page = signed_in(world.casey).get(f"/county/visits/{flag.id}").text

    assert "November 23, 8:02 AM" in page.split("<dt>Check-in</dt>")[1]
