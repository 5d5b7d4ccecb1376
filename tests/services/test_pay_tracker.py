"""The tracker says where pay stands, who has it, since when, when it comes, and why it waits."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from app.domain.timesheets import Action
from app.extensions import db
from app.models.payments import Payment
from app.models.timesheets import Timesheet
from app.services import payments, payroll, sheet_status
from app.services.pay_tracker import Tracker, tracker, trackers
from app.web.wording import sentence
from factories import World
from signed_sheets import approve, signed

NOW = datetime(2026, 3, 18, 17, tzinfo=UTC)
TODAY = date(2026, 3, 18)  # a Wednesday
HOURS = {date(2026, 3, 2) + timedelta(days=number): 8 for number in range(3)}


@pytest.fixture
def sheet(session: Session, world: World) -> Timesheet:
    return signed(session, world.ana_for_rosa, HOURS, by=world.ana)


def words(tracked: Tracker) -> list[str]:
    said = [tracked.holder, *([tracked.expected] if tracked.expected else []), *tracked.held]
    return [sentence(each.code, each.facts) for each in said]


def test_an_open_sheet_has_reached_nothing(session: Session, world: World) -> None:
    sheet = Timesheet(
        assignment=world.ana_for_rosa,
        period_starts_on=date(2026, 3, 1),
        status="draft",
        created_at=NOW,
        changed_at=NOW,
    )
    session.add(sheet)
    session.commit()
    tracked = tracker(session, sheet, TODAY)
    assert (tracked.current, tracked.dates) == (None, {})
    assert words(tracked) == ["You have it. It is not submitted yet."]


def test_a_submitted_sheet_is_the_recipients(session: Session, sheet: Timesheet) -> None:
    tracked = tracker(session, sheet, TODAY)
    assert tracked.current == "submitted"
    assert tracked.dates == {"submitted": date(2026, 3, 16)}
    assert words(tracked) == [
        "Rosa Delgado has it since Monday, March 16.",
        # payroll on Thursday, two business days
        "If Rosa Delgado signs today, it is expected in your account on Monday, March 23.",
    ]


def test_a_rejected_sheet_is_the_providers_again(
    session: Session, world: World, sheet: Timesheet
) -> None:
    sheet_status.move(session, sheet, Action.REJECT, by=world.rosa, at=NOW)
    session.commit()
    tracked = tracker(session, sheet, TODAY)
    assert (tracked.current, tracked.dates) == (None, {})
    assert words(tracked) == ["You have it. It was sent back to you to correct."]


def test_an_approved_sheet_waits_for_payroll(
    session: Session, world: World, sheet: Timesheet
) -> None:
    approve(session, sheet, by=world.rosa)
    tracked = tracker(session, sheet, TODAY)
    assert tracked.current == "waiting_for_payment"
    assert list(tracked.dates) == ["submitted", "approved", "waiting_for_payment"]
    assert words(tracked) == [
        "Payroll has it since Tuesday, March 17.",
        "Expected in your account on Monday, March 23.",
    ]


def test_an_issued_payment_is_on_its_way_and_then_should_be_there(
    session: Session, world: World, sheet: Timesheet, tmp_path: Path
) -> None:
    approve(session, sheet, by=world.rosa)
    payroll.run(session, TODAY, at=NOW, folder=tmp_path)
    assert words(tracker(session, sheet, TODAY)) == [
        "The payment was issued on Wednesday, March 18.",
        "Expected in your account on Friday, March 20.",
    ]
    assert words(tracker(session, sheet, date(2026, 3, 20)))[1] == (
        "It should be in your account since Friday, March 20."
    )


def test_a_disputed_payment_is_the_countys(
    session: Session, world: World, sheet: Timesheet, tmp_path: Path
) -> None:
    approve(session, sheet, by=world.rosa)
    payroll.run(session, TODAY, at=NOW, folder=tmp_path)
    payment = session.scalars(select(Payment)).one()
    payments.dispute(session, payment, reason="RATE", note=None, by=world.ana, at=NOW)
    tracked = tracker(session, sheet, TODAY)
    assert tracked.current == "payment_issued"
    assert words(tracked)[0] == (
        "Your county looks at it since Wednesday, March 18, because you disputed it."
    )


@pytest.mark.parametrize("is_signed", [False, True])
def test_a_held_sheet_is_the_countys_and_says_why(
    session: Session, world: World, is_signed: bool
) -> None:
    sheet = signed(session, world.ana_for_rosa, HOURS, by=world.ana, holds=("LATE",))
    if is_signed:
        approve(session, sheet, by=world.rosa)
    tracked = tracker(session, sheet, TODAY)
    assert tracked.current == ("approved" if is_signed else "submitted")
    assert words(tracked) == [
        "Your county has it since Monday, March 16.",
        "The county looks at it, because it came more than 30 days after its end.",
    ]


def test_a_sheet_of_today_goes_on_at_midnight(session: Session, world: World) -> None:
    sheet = signed(session, world.ana_for_rosa, HOURS, by=world.ana, holds=("EARLY",))
    sheet.holds[0].releases_at = datetime(2026, 3, 19, 7, tzinfo=UTC)
    approve(session, sheet, by=world.rosa)
    assert words(tracker(session, sheet, TODAY)) == [
        "It is signed since Tuesday, March 17 and goes on at midnight.",
        "Expected in your account on Tuesday, March 24.",
        "It waits until midnight, because hours were worked on that day.",
    ]


def test_thanksgiving_is_no_business_day(session: Session, world: World, sheet: Timesheet) -> None:
    approve(session, sheet, by=world.rosa)
    said = words(tracker(session, sheet, date(2026, 11, 24)))[1]
    assert said == "Expected in your account on Tuesday, December 1."


def test_many_sheets_take_as_many_statements_as_one(
    app: Flask, session: Session, world: World, sheet: Timesheet
) -> None:
    other = signed(session, world.ana_for_walter, HOURS, by=world.ana, holds=("LATE",))
    counted: list[str] = []

    def count(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        counted.extend([statement] if statement.startswith("SELECT") else [])

    event.listen(db.engine, "before_cursor_execute", count)
    try:
        both = trackers(session, [sheet, other], TODAY)
    finally:
        event.remove(db.engine, "before_cursor_execute", count)
    assert set(both) == {sheet.id, other.id}
    assert len(counted) == 3
