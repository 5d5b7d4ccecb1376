"""Casey sees who waits for her and why, lets timesheets go on, and answers disputes."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event, select, update
from sqlalchemy.orm import Session

from app.extensions import db
from app.models.accounts import Account
from app.models.audit import AuditEvent
from app.models.messages import Notice
from app.models.payments import Payment
from app.models.timesheets import Timesheet, TimesheetHold, UnauthorizedTime
from app.services import audit, payments, payroll
from factories import World
from forms_in_pages import post_form
from signed_sheets import approved, signed

SignIn = Callable[[Account], FlaskClient]
NOW = datetime(2026, 3, 18, 17, tzinfo=UTC)
MONDAY = date(2026, 3, 2)
HOURS = {MONDAY + timedelta(days=number): 8 for number in range(3)}


@pytest.fixture
def late(session: Session, world: World) -> Timesheet:
    return approved(
        session, world.ana_for_rosa, HOURS, by=world.ana, signer=world.rosa, holds=("LATE",)
    )


@pytest.fixture
def over(session: Session, world: World) -> Timesheet:
    return signed(session, world.ana_for_walter, HOURS, by=world.ana, holds=("OVER_70_PERCENT",))


@pytest.fixture
def in_fresno(session: Session, world: World) -> Timesheet:
    return signed(session, world.maria_for_nune, HOURS, by=world.maria, holds=("LATE",))


@pytest.fixture
def disputed(session: Session, world: World, tmp_path: Path) -> Payment:
    """Of the half month before, so that it stands beside `late`."""
    hours = {date(2026, 2, 17): 8, date(2026, 2, 18): 8, date(2026, 2, 19): 8}
    approved(session, world.ana_for_rosa, hours, by=world.ana, signer=world.rosa)
    payroll.run(session, date(2026, 3, 18), at=NOW, folder=tmp_path)
    payment = session.scalars(select(Payment)).one()
    payments.dispute(
        session, payment, reason="HOURS", note="Friday is missing.", by=world.ana, at=NOW
    )
    return payment


def looks(session: Session, account: Account) -> list[tuple[str, str]]:
    rows = session.execute(
        select(AuditEvent.action, AuditEvent.subject)
        .where(AuditEvent.chain == f"account:{account.id}", AuditEvent.action.like("%:look"))
        .order_by(AuditEvent.sequence)
    )
    return [(action, subject) for action, subject in rows]


def test_with_nothing_to_do_each_list_says_so(world: World, signed_in: SignIn) -> None:
    page = signed_in(world.casey).get("/county").text
    assert "No timesheet is on hold. Nobody waits for you here." in page
    assert "No payment is disputed." in page


def test_the_list_says_who_waits_for_what_since_when_and_why(
    world: World, late: Timesheet, over: Timesheet, signed_in: SignIn
) -> None:
    page = signed_in(world.casey).get("/county").text
    assert "Ana Flores" in page
    assert "Walter Kim" in page
    assert "24:00" in page
    assert "It was signed 45 days after the half month ended." in page
    assert "The first half claims 140 hours of the month’s 195 hours." in page
    assert page.count("The recipient has not signed yet.") == 1
    assert "Mar 16" in page


def test_only_her_own_countys_sheets_are_there(
    world: World, late: Timesheet, in_fresno: Timesheet, signed_in: SignIn
) -> None:
    client = signed_in(world.casey)
    assert "Petrosyan" not in client.get("/county").text
    url = f"/county/holds/{in_fresno.id}/release"
    assert client.get(url).status_code == 404
    page = client.get(f"/county/holds/{late.id}/release").text
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert token is not None
    answer = client.post(url, data={"reason": "Mine", "csrf_token": token[1]})
    assert answer.status_code == 404


@pytest.mark.parametrize(
    ("sort", "first"),
    [("recipient", "Rosa"), ("hours", "Rosa"), ("since", "Rosa"), ("nonsense", "Rosa")],
)
def test_the_list_can_be_sorted_by_its_headings(
    world: World, late: Timesheet, over: Timesheet, signed_in: SignIn, sort: str, first: str
) -> None:
    page = signed_in(world.casey).get(f"/county?sort={sort}").text
    assert page.index(first) < page.index("Walter")


def test_letting_a_timesheet_go_on_needs_a_reason(
    session: Session, world: World, late: Timesheet, signed_in: SignIn
) -> None:
    answer = post_form(
        signed_in(world.casey), f"/county/holds/{late.id}/release", {"reason": "  "}, "Let it go on"
    )
    assert answer.status_code == 422
    assert "Write why the timesheet may go on." in answer.text
    session.refresh(late)
    assert late.status == "on_hold"


def test_a_released_timesheet_leaves_the_list_and_waits_for_payment(
    session: Session, world: World, late: Timesheet, signed_in: SignIn
) -> None:
    client = signed_in(world.casey)
    answer = post_form(
        client,
        f"/county/holds/{late.id}/release",
        {"reason": "She was in hospital."},
        "Let it go on",
    )
    assert answer.status_code == 303
    session.refresh(late)
    assert (late.status, late.payment_status) == ("approved", "waiting_for_payment")
    assert "No timesheet is on hold" in client.get("/county").text
    notices = select(Notice).where(Notice.account_id == world.ana.id)
    assert "She was in hospital." in str([each.facts for each in session.scalars(notices)])
    assert client.get(f"/county/holds/{late.id}/release").status_code == 404


def test_every_look_is_on_record_after_the_page_is_made(
    session: Session, world: World, late: Timesheet, disputed: Payment, signed_in: SignIn
) -> None:
    client = signed_in(world.casey)
    client.get("/county")
    client.get(f"/county/holds/{late.id}/release")
    client.get(f"/county/disputes/{disputed.id}/settle")
    assert looks(session, world.casey) == [
        ("caseload:look", f"county:{world.los_angeles.id}"),
        ("timesheet:look", f"timesheet:{late.id}"),
        ("payment:look", f"payment:{disputed.id}"),
    ]
    assert audit.broken_links(session, f"account:{world.casey.id}") == []


def test_a_dispute_is_shown_with_its_lines_and_answered(
    session: Session, world: World, disputed: Payment, signed_in: SignIn
) -> None:
    client = signed_in(world.casey)
    assert "The hours are not right" in client.get("/county").text
    url = f"/county/disputes/{disputed.id}/settle"
    page = client.get(url).text
    assert "Friday is missing." in page
    assert "$471.36" in page

    answer = post_form(client, url, {"answer": "Friday was not claimed."}, "Send the answer")

    assert answer.status_code == 303
    session.refresh(disputed)
    assert disputed.settled_reason == "Friday was not claimed."
    assert disputed.timesheet.payment_status == "payment_issued"
    told = session.scalars(select(Notice.code).where(Notice.account_id == world.ana.id)).all()
    assert told[-1] == "PAYMENT_SETTLED"
    assert "Friday was not claimed." in signed_in(world.ana).get(f"/payments/{disputed.id}").text


def test_a_dispute_needs_an_answer(world: World, disputed: Payment, signed_in: SignIn) -> None:
    answer = post_form(
        signed_in(world.casey),
        f"/county/disputes/{disputed.id}/settle",
        {"answer": ""},
        "Send the answer",
    )
    assert answer.status_code == 422
    assert "Write what you found" in answer.text


def test_hours_worked_beyond_the_authorization_are_seen(
    session: Session, world: World, late: Timesheet, signed_in: SignIn
) -> None:
    for day, minutes in ((MONDAY, 90), (MONDAY + timedelta(days=1), 45)):
        session.add(
            UnauthorizedTime(timesheet_id=late.id, on=day, minutes=minutes, recorded_at=NOW)
        )
    session.commit()
    page = signed_in(world.casey).get("/county").text
    assert "2:15" in page


def test_nobody_but_a_county_worker_enters(
    world: World, late: Timesheet, signed_in: SignIn
) -> None:
    for account in (world.ana, world.rosa, world.dev):
        assert signed_in(account).get("/county").status_code == 403
        assert signed_in(account).get(f"/county/holds/{late.id}/release").status_code == 403


def test_more_sheets_take_no_more_statements(
    session: Session, world: World, late: Timesheet, signed_in: SignIn
) -> None:
    client = signed_in(world.casey)
    others = [
        signed(
            session,
            world.ana_for_walter,
            {date(2025, 12 - back, 2): 8},
            by=world.ana,
            holds=("LATE",),
        ).id
        for back in range(4)
    ]
    five = statements(session, client)
    session.execute(
        update(TimesheetHold).where(TimesheetHold.timesheet_id.in_(others)).values(released_at=NOW)
    )
    session.commit()
    assert statements(session, client) == five


def statements(session: Session, client: FlaskClient) -> int:
    """How many statements the list takes, its sessions and looks included."""
    counted = 0

    def count(*_args: object) -> None:
        nonlocal counted
        counted += 1

    session.expunge_all()  # nothing may be at hand from before
    event.listen(db.engine, "before_cursor_execute", count)
    try:
        assert client.get("/county").status_code == 200
    finally:
        event.remove(db.engine, "before_cursor_execute", count)
    return counted
