"""Holds end: by themselves at midnight, or by the county with a reason."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.outcomes import Refused
from app.domain.periods import midnight_after
from app.models.audit import AuditEvent
from app.models.messages import Notice
from app.models.timesheets import Timesheet, TimesheetHold
from app.services import approvals, holds, sheet_status, submission
from factories import World
from sheets import THE_SIXTEENTH, day, fill_in, sign

MUCH_LATER = THE_SIXTEENTH + timedelta(days=40)


@pytest.fixture
def late(session: Session, world: World) -> Timesheet:
    """A sheet that came forty days too late."""
    sheet = fill_in(session, world.ana_for_rosa, {3: 8}, by=world.ana)
    sign(session, sheet, by=world.ana, at=MUCH_LATER)
    return sheet


@pytest.fixture
def early(session: Session, world: World) -> Timesheet:
    """A sheet with hours of the day on which it was signed."""
    sheet = fill_in(session, world.ana_for_rosa, {16: 2}, by=world.ana)
    sign(session, sheet, by=world.ana)
    return sheet


def approve(session: Session, sheet: Timesheet, world: World) -> None:
    version = sheet_status.latest_version(session, sheet)
    assert version is not None
    approvals.approve(session, sheet, shown=version.content_hash, by=world.rosa, at=MUCH_LATER)


def test_the_county_lets_a_late_sheet_go_on_for_a_reason(
    session: Session, world: World, late: Timesheet
) -> None:
    holds.release(session, late, reason="Was in hospital.", by=world.casey, at=MUCH_LATER)

    hold = session.scalars(select(TimesheetHold)).one()
    audited = session.scalars(
        select(AuditEvent).where(AuditEvent.action == "timesheet:release")
    ).one()
    told = session.scalars(select(Notice).where(Notice.account_id == world.ana.id)).one()
    assert late.status == "submitted"
    assert (hold.released_by_id, hold.reason) == (world.casey.id, "Was in hospital.")
    assert audited.facts == {"holds": ["LATE"], "reason": "Was in hospital."}
    assert (told.code, told.facts["reason"]) == ("TIMESHEET_RELEASED", "Was in hospital.")


def test_a_released_sheet_that_was_signed_waits_for_payment(
    session: Session, world: World, late: Timesheet
) -> None:
    approve(session, late, world)
    assert late.status == "on_hold"

    holds.release(session, late, reason="Fine.", by=None, at=MUCH_LATER)

    assert (late.status, late.payment_status) == ("approved", "waiting_for_payment")


def test_a_release_needs_a_reason_and_something_to_release(
    session: Session, world: World, late: Timesheet
) -> None:
    with pytest.raises(Refused, match="RELEASE_REASON_MISSING"):
        holds.release(session, late, reason=" ", by=world.casey, at=MUCH_LATER)
    holds.release(session, late, reason="Fine.", by=world.casey, at=MUCH_LATER)
    with pytest.raises(Refused, match="NOTHING_HELD"):
        holds.release(session, late, reason="Again.", by=world.casey, at=MUCH_LATER)


def test_another_county_releases_nothing(session: Session, world: World, late: Timesheet) -> None:
    world.casey.county_id = world.fresno.id

    with pytest.raises(Refused, match="NOT_YOUR_COUNTY"):
        holds.release(session, late, reason="Fine.", by=world.casey, at=MUCH_LATER)


@pytest.mark.parametrize("signed", [False, True])
def test_the_county_may_judge_that_a_day_is_over_before_midnight(
    session: Session, world: World, early: Timesheet, signed: bool
) -> None:
    if signed:
        approve(session, early, world)

    holds.release(session, early, reason="Night care.", by=world.casey, at=THE_SIXTEENTH)

    assert early.status == ("approved" if signed else "submitted")
    assert sheet_status.active_holds(session, early) == frozenset()


def test_an_early_hold_ends_by_itself_at_midnight(
    session: Session, world: World, early: Timesheet
) -> None:
    approve(session, early, world)
    midnight = midnight_after(day(16))

    assert holds.release_due(session, at=midnight - timedelta(seconds=1)) == 0
    assert early.status == "on_hold"
    assert holds.release_due(session, at=midnight) == 1

    assert (early.status, early.payment_status) == ("approved", "waiting_for_payment")


def test_an_early_sheet_that_nobody_signed_yet_goes_on_waiting_for_the_recipient(
    session: Session, world: World, early: Timesheet
) -> None:
    assert holds.release_due(session, at=midnight_after(day(16))) == 1

    assert early.status == "submitted"
    approve(session, early, world)
    assert early.status == "approved"


def test_a_sheet_that_was_taken_back_has_no_hold_to_end(
    session: Session, world: World, early: Timesheet
) -> None:
    submission.take_back(session, early, by=world.ana, at=THE_SIXTEENTH)

    assert holds.release_due(session, at=midnight_after(day(16))) == 0
