"""The county holds a sheet, flags a pair, voids what was signed; and holds what lost its grounds."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session

from app.domain.outcomes import Refused
from app.models.cases import AuthorizedHours
from app.models.messages import Notice
from app.models.pair_flags import PairFlag
from app.models.payments import Payment
from app.models.timesheets import TimeEntry, Timesheet, TimesheetHold, TimesheetVersion
from app.services import (
    approvals,
    caseload,
    corrections,
    county_sheets,
    holds,
    pair_flags,
    payroll,
    sheet_status,
    submission,
    timesheets,
    voids,
)
from app.services.day_log import DayValues
from factories import World
from sheets import day, fill_in, sign

NOW = datetime(2026, 3, 18, 17, tzinfo=UTC)
TODAY = date(2026, 3, 18)


@pytest.fixture
def sheet(session: Session, world: World) -> Timesheet:
    """Signed by Ana: eight hours each on the 3rd and on the 4th."""
    made = fill_in(session, world.ana_for_rosa, {3: 8, 4: 8}, by=world.ana)
    sign(session, made, by=world.ana)
    return made


@pytest.fixture
def approve(session: Session, world: World) -> Callable[[Timesheet], None]:
    def act(sheet: Timesheet) -> None:
        version = sheet_status.latest_version(session, sheet)
        assert version is not None
        approvals.approve(session, sheet, shown=version.content_hash, by=world.rosa, at=NOW)

    return act


def hold(session: Session, sheet: Timesheet, world: World) -> None:
    holds.place(session, sheet, reason="HOURS_QUESTIONED", note=None, by=world.casey, at=NOW)


def void(session: Session, sheet: Timesheet, world: World, note: str | None = None) -> None:
    voids.void(session, sheet, reason="CLAIMED_TWICE", note=note, by=world.casey, at=NOW)


def claimed(session: Session) -> int:
    found = select(TimeEntry.claimed_minutes).where(TimeEntry.claimed_minutes.is_not(None))
    return sum(session.scalars(found))


def told(session: Session, account_id: int) -> list[str]:
    found = select(Notice.code).where(Notice.account_id == account_id).order_by(Notice.id)
    return list(session.scalars(found))


def flag(session: Session, world: World, *, until: date = date(2026, 4, 30)) -> PairFlag:
    return pair_flags.place(
        session,
        provider_number=world.ana_for_rosa.provider.number,
        case_number=world.ana_for_rosa.case.number,
        starts_on=TODAY,
        ends_on=until,
        reason="ELIGIBILITY",
        note=None,
        by=world.casey,
        at=NOW,
    )


def test_a_review_holds_and_the_recipient_signs_meanwhile(
    session: Session, world: World, sheet: Timesheet, approve: Callable[[Timesheet], None]
) -> None:
    hold(session, sheet, world)
    approve(sheet)
    assert (sheet.status, sheet.payment_status) == ("on_hold", None)
    [held] = caseload.held(session, world.los_angeles.id, limit=9)
    assert [reason.code for reason in held.reasons] == ["WHY_HOURS_QUESTIONED"]
    assert "TIMESHEET_HELD" in told(session, world.ana.id)

    holds.release(session, sheet, reason="All is well.", by=world.casey, at=NOW)
    assert (sheet.status, sheet.payment_status) == ("approved", "waiting_for_payment")


def test_a_review_stops_a_payment_that_waits(
    session: Session,
    world: World,
    sheet: Timesheet,
    approve: Callable[[Timesheet], None],
    tmp_path: Path,
) -> None:
    approve(sheet)
    hold(session, sheet, world)
    assert (sheet.status, sheet.payment_status) == ("on_hold", None)
    payroll.run(session, TODAY, at=NOW, folder=tmp_path)
    assert session.scalars(select(Payment)).all() == []


def test_what_is_paid_is_neither_held_nor_void(
    session: Session,
    world: World,
    sheet: Timesheet,
    approve: Callable[[Timesheet], None],
    tmp_path: Path,
) -> None:
    approve(sheet)
    payroll.run(session, TODAY, at=NOW, folder=tmp_path)
    for act in (hold, void):
        with pytest.raises(Refused, match="ALREADY_PAID"):
            act(session, sheet, world)
        session.rollback()
    shown = county_sheets.one(session, world.casey, sheet.id)
    assert not shown.may_hold
    assert not shown.may_void


def test_another_county_can_do_nothing(session: Session, world: World, sheet: Timesheet) -> None:
    world.casey.county_id = world.fresno.id
    session.commit()
    for act in (hold, void):
        with pytest.raises(Refused, match="NOT_YOUR_COUNTY"):
            act(session, sheet, world)
        session.rollback()
    with pytest.raises(NoResultFound):
        county_sheets.one(session, world.casey, sheet.id)
    assert county_sheets.found(session, world.casey, "1000001", limit=9) == []


def test_a_void_sheet_claims_nothing_and_both_are_told(
    session: Session, world: World, sheet: Timesheet
) -> None:
    void(session, sheet, world, note="See the sheet of the 16th.")
    assert (sheet.status, claimed(session)) == ("cancelled", 0)
    assert told(session, world.ana.id)[-1] == "TIMESHEET_VOIDED"
    assert told(session, world.rosa.id)[-1] == "TIMESHEET_NOT_NEEDED"
    assert submission.receipt_of(session, sheet) is None


def test_what_follows_a_void_sheet_waits_for_the_county(
    session: Session, world: World, sheet: Timesheet
) -> None:
    void(session, sheet, world)
    submission.correct(session, sheet, by=world.ana, at=NOW)
    sign(session, sheet, by=world.ana, at=NOW)
    assert sheet.status == "on_hold"
    assert sheet_status.active_holds(session, sheet) == {"COUNTY_REVIEW"}


def test_a_void_correction_leaves_what_was_approved(
    session: Session, world: World, sheet: Timesheet, approve: Callable[[Timesheet], None]
) -> None:
    approve(sheet)
    corrections.begin(session, sheet, reason="WRONG_HOURS", note=None, by=world.ana, at=NOW)
    timesheets.change_day(session, sheet, day(4), DayValues(600), base=1, by=world.ana, at=NOW)
    sign(session, sheet, by=world.ana, at=NOW)
    assert claimed(session) == 1080

    void(session, sheet, world)

    assert (sheet.status, sheet.payment_status) == ("approved", "waiting_for_payment")
    assert claimed(session) == 960
    standing = sheet_status.standing_version(session, sheet)
    assert standing is not None
    assert standing.number == 1


def test_a_sheet_whose_correction_is_typed_can_still_be_voided(
    session: Session, world: World, sheet: Timesheet, approve: Callable[[Timesheet], None]
) -> None:
    approve(sheet)
    corrections.begin(session, sheet, reason="WRONG_HOURS", note=None, by=world.ana, at=NOW)
    void(session, sheet, world)
    assert (sheet.status, sheet.payment_status, claimed(session)) == ("cancelled", None, 0)


@pytest.mark.parametrize(
    ("reason", "note", "code"),
    [
        ("ELIGIBILITY", None, "COUNTY_REASON_MISSING"),
        ("OTHER", "", "COUNTY_NOTE_MISSING"),
        ("OTHER", "x" * 1001, "COUNTY_NOTE_TOO_LONG"),
    ],
)
def test_to_void_needs_one_of_its_own_reasons(
    session: Session, world: World, sheet: Timesheet, reason: str, note: str | None, code: str
) -> None:
    with pytest.raises(Refused, match=code):
        voids.void(session, sheet, reason=reason, note=note, by=world.casey, at=NOW)


def test_a_flagged_pair_waits_and_others_do_not(session: Session, world: World) -> None:
    flag(session, world)
    rosas = fill_in(session, world.ana_for_rosa, {16: 8}, by=world.ana, at=NOW)
    walters = fill_in(session, world.ana_for_walter, {17: 4}, by=world.ana, at=NOW)
    version = sign(session, rosas, by=world.ana, at=NOW)
    sign(session, walters, by=world.ana, at=NOW)
    assert [said["code"] for said in version.content["holds"]] == ["FLAGGED_PAIR"]
    assert (rosas.status, walters.status) == ("on_hold", "submitted")


@pytest.mark.parametrize("how", ["lifted", "over"])
def test_a_flag_ends(session: Session, world: World, how: str) -> None:
    placed = flag(session, world, until=TODAY + timedelta(days=1))
    at = NOW + timedelta(days=2) if how == "over" else NOW
    if how == "lifted":
        pair_flags.lift(session, placed, reason="Looked at.", by=world.casey, at=NOW)
        assert pair_flags.of_county(session, world.los_angeles.id, limit=9) == []
    rosas = fill_in(session, world.ana_for_rosa, {16: 8}, by=world.ana, at=NOW)
    sign(session, rosas, by=world.ana, at=at)
    assert rosas.status == "submitted"


def test_a_flag_names_a_pair_of_the_county_once_and_not_for_ever(
    session: Session, world: World
) -> None:
    flag(session, world)
    with pytest.raises(Refused, match="FLAGGED_ALREADY"):
        flag(session, world)
    session.rollback()
    with pytest.raises(Refused, match="FLAG_TOO_LONG"):
        flag(session, world, until=date(2027, 3, 1))
    with pytest.raises(Refused, match="FLAG_DATES_WRONG"):
        flag(session, world, until=date(2026, 3, 1))
    world.casey.county_id = world.fresno.id
    session.commit()
    with pytest.raises(Refused, match="NO_SUCH_PAIR"):
        flag(session, world)


def test_an_assignment_ended_inside_a_signed_period_goes_to_the_county(
    session: Session, world: World, sheet: Timesheet, approve: Callable[[Timesheet], None]
) -> None:
    world.ana_for_rosa.ends_on = day(3)
    session.commit()

    approve(sheet)

    held = session.scalars(select(TimesheetHold)).one()
    assert (held.code, held.why) == ("COUNTY_REVIEW", "ASSIGNMENT_ENDED")
    assert (sheet.status, sheet.payment_status) == ("on_hold", None)
    version = session.scalars(select(TimesheetVersion)).one()
    assert version.approved_by_id == world.rosa.id


def test_hours_lowered_after_the_signature_go_to_the_county(
    session: Session, world: World, sheet: Timesheet, approve: Callable[[Timesheet], None]
) -> None:
    grant = session.scalars(
        select(AuthorizedHours).where(AuthorizedHours.case_id == world.ana_for_rosa.case_id)
    ).one()
    grant.monthly_minutes = 10 * 60
    session.commit()

    approve(sheet)

    assert session.scalars(select(TimesheetHold.why)).one() == "HOURS_LOWERED"
    holds.release(session, sheet, reason="Worked before the change.", by=world.casey, at=NOW)
    assert sheet.payment_status == "waiting_for_payment"
