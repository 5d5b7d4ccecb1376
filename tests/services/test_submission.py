"""Signing a sheet, what stands in its way, and thinking again."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.outcomes import Refused
from app.domain.periods import midnight_after
from app.domain.timesheets import content_hash
from app.models.audit import AuditEvent
from app.models.messages import Notice, QueuedEmail
from app.models.timesheets import TimesheetHold, TimesheetVersion
from app.models.visits import Visit
from app.services import approvals, sheet_status, submission, timesheets, unauthorized_time
from app.services.approvals import RejectReason
from app.services.day_log import DayValues
from factories import World
from sheets import THE_SIXTEENTH, day, fill_in, sign

THREE_WEEKS = dict.fromkeys((2, 3, 4, 5, 6, 9, 10, 11, 12, 13), 8)


def test_a_signed_sheet_waits_for_the_recipient_who_is_told_at_once(
    session: Session, world: World
) -> None:
    sheet = fill_in(session, world.ana_for_rosa, {3: 8}, by=world.ana)

    version = sign(session, sheet, by=world.ana)

    notice = session.scalars(select(Notice)).one()
    assert (sheet.status, version.number, version.total_minutes) == ("submitted", 1, 480)
    assert (notice.account_id, notice.code) == (world.rosa.id, "TIMESHEET_SUBMITTED")
    assert notice.facts["worked_minutes"] == 480
    assert session.scalars(select(QueuedEmail.to_account_id)).all() == [world.rosa.id]
    assert "timesheet:submit" in session.scalars(select(AuditEvent.action)).all()


def test_the_version_binds_its_content_by_its_hash(session: Session, world: World) -> None:
    sheet = fill_in(session, world.ana_for_rosa, THREE_WEEKS, by=world.ana)

    version = sign(session, sheet, by=world.ana)

    assert version.content_hash == content_hash(version.content)
    assert [week["minutes"] for week in version.content["weeks"]] == [2400, 2400, 0]
    assert version.content["days"][0] == {
        "on": "2026-03-02", "minutes": 480, "starts": None, "ends": None, "location": None,
        "by_hand": True, "proposed_minutes": None, "proposed_starts": None, "proposed_ends": None,
    }  # fmt: skip


def test_the_same_signature_twice_is_one(session: Session, world: World) -> None:
    sheet = fill_in(session, world.ana_for_rosa, {3: 8}, by=world.ana)
    shown = submission.prepare(session, sheet, at=THE_SIXTEENTH).shown

    versions = {
        submission.submit(
            session, sheet, shown=shown, reason=None, by=world.ana, at=THE_SIXTEENTH
        ).receipt
        for _ in range(2)
    }

    assert len(versions) == 1
    assert len(session.scalars(select(Notice)).all()) == 1


def test_a_stale_page_signs_nothing(session: Session, world: World) -> None:
    sheet = fill_in(session, world.ana_for_rosa, {3: 8}, by=world.ana)
    shown = submission.prepare(session, sheet, at=THE_SIXTEENTH).shown
    timesheets.change_day(
        session, sheet, day(3), DayValues(600), base=1, by=world.ana, at=THE_SIXTEENTH
    )

    with pytest.raises(Refused, match="CHANGED_MEANWHILE"):
        submission.submit(session, sheet, shown=shown, reason=None, by=world.ana, at=THE_SIXTEENTH)
    assert session.scalars(select(TimesheetVersion)).all() == []


def test_what_cannot_be_paid_cannot_be_signed(session: Session, world: World) -> None:
    sheet = fill_in(session, world.ana_for_rosa, {17: 8}, by=world.ana)

    with pytest.raises(Refused, match="CANNOT_SUBMIT"):
        sign(session, sheet, by=world.ana)


def test_an_open_visit_must_be_closed_first(session: Session, world: World) -> None:
    sheet = fill_in(session, world.ana_for_rosa, {3: 8}, by=world.ana)
    begun = THE_SIXTEENTH - timedelta(days=2)
    session.add(
        Visit(
            assignment_id=world.ana_for_rosa.id, began_at=begun, checked_in_at=begun, is_open=True
        )
    )
    session.commit()

    assert [f.code for f in submission.prepare(session, sheet, at=THE_SIXTEENTH).blocks] == [
        "OPEN_VISIT"
    ]


def test_a_warning_asks_for_a_reason_which_the_recipient_sees(
    session: Session, world: World
) -> None:
    sheet = fill_in(session, world.ana_for_rosa, dict.fromkeys(range(2, 8), 9), by=world.ana)

    with pytest.raises(Refused, match="WARNING_REASON_MISSING"):
        sign(session, sheet, by=world.ana, reason="  ")
    version = sign(session, sheet, by=world.ana, reason="She fell on Monday.")

    assert sheet.status == "submitted"
    assert version.warning_reason == version.content["reason"] == "She fell on Monday."
    assert version.warnings[0]["code"] == "WEEKLY_MAXIMUM_EXCEEDED"


def test_hours_beyond_the_authorization_are_kept_on_record(session: Session, world: World) -> None:
    world.ana_for_rosa.assigned_minutes = 20 * 60
    session.commit()
    sheet = fill_in(session, world.ana_for_rosa, {3: 8, 4: 8, 5: 8}, by=world.ana)
    draft = submission.prepare(session, sheet, at=THE_SIXTEENTH)
    assert [f.code for f in draft.blocks] == ["ASSIGNED_HOURS_EXCEEDED"]

    submission.claim_authorized(session, sheet, shown=draft.shown, by=world.ana, at=THE_SIXTEENTH)
    version = sign(session, sheet, by=world.ana)

    assert version.total_minutes == 20 * 60
    assert unauthorized_time.on_record(session, sheet) == {day(5): 240}
    assert version.content["not_claimed"] == [{"on": "2026-03-05", "minutes": 240}]


def test_hours_put_back_on_the_claim_leave_the_record(session: Session, world: World) -> None:
    world.ana_for_rosa.assigned_minutes = 4 * 60
    session.commit()
    sheet = fill_in(session, world.ana_for_rosa, {3: 8}, by=world.ana)
    draft = submission.prepare(session, sheet, at=THE_SIXTEENTH)
    submission.claim_authorized(session, sheet, shown=draft.shown, by=world.ana, at=THE_SIXTEENTH)

    timesheets.change_day(
        session, sheet, day(3), DayValues(300), base=2, by=world.ana, at=THE_SIXTEENTH
    )
    assert unauthorized_time.on_record(session, sheet) == {day(3): 180}
    timesheets.change_day(
        session, sheet, day(3), DayValues(480), base=3, by=world.ana, at=THE_SIXTEENTH
    )
    assert unauthorized_time.on_record(session, sheet) == {}


def test_a_cut_is_not_offered_where_something_else_is_wrong(session: Session, world: World) -> None:
    world.ana_for_rosa.assigned_minutes = 60
    session.commit()
    sheet = fill_in(session, world.ana_for_rosa, {17: 8}, by=world.ana)
    draft = submission.prepare(session, sheet, at=THE_SIXTEENTH)

    assert draft.cut == ()
    with pytest.raises(Refused, match="CHANGED_MEANWHILE"):
        submission.claim_authorized(
            session, sheet, shown=draft.shown, by=world.ana, at=THE_SIXTEENTH
        )


def test_a_sheet_with_hours_of_today_is_held_until_midnight_and_can_be_signed(
    session: Session, world: World
) -> None:
    sheet = fill_in(session, world.ana_for_rosa, {16: 2}, by=world.ana)

    sign(session, sheet, by=world.ana)

    hold = session.scalars(select(TimesheetHold)).one()
    assert sheet.status == "submitted"
    assert (hold.code, hold.releases_at) == ("EARLY", midnight_after(day(16)))


def test_a_late_sheet_waits_for_the_county(session: Session, world: World) -> None:
    sheet = fill_in(session, world.ana_for_rosa, {3: 8}, by=world.ana)

    sign(session, sheet, by=world.ana, at=THE_SIXTEENTH + timedelta(days=31))

    assert sheet.status == "on_hold"


def test_a_sheet_is_taken_back_until_the_recipient_has_signed(
    session: Session, world: World
) -> None:
    sheet = fill_in(session, world.ana_for_rosa, {16: 2}, by=world.ana)
    first = sign(session, sheet, by=world.ana)

    submission.take_back(session, sheet, by=world.ana, at=THE_SIXTEENTH)
    second = sign(session, sheet, by=world.ana)

    active = sheet_status.active_holds(session, sheet)
    assert (first.withdrawn_at, second.number) == (THE_SIXTEENTH, 2)
    assert first.content_hash != second.content_hash
    assert len(active) == 1
    codes = session.scalars(select(Notice.code).order_by(Notice.id)).all()
    assert codes == ["TIMESHEET_SUBMITTED", "TIMESHEET_TAKEN_BACK", "TIMESHEET_SUBMITTED"]


def test_an_approved_sheet_cannot_be_taken_back(session: Session, world: World) -> None:
    sheet = fill_in(session, world.ana_for_rosa, {3: 8}, by=world.ana)
    version = sign(session, sheet, by=world.ana)
    approvals.approve(session, sheet, shown=version.content_hash, by=world.rosa, at=THE_SIXTEENTH)

    with pytest.raises(Refused, match="NOT_ALLOWED_NOW"):
        submission.take_back(session, sheet, by=world.ana, at=THE_SIXTEENTH)


def test_a_rejected_sheet_is_corrected_and_both_versions_stay(
    session: Session, world: World
) -> None:
    sheet = fill_in(session, world.ana_for_rosa, {3: 8}, by=world.ana)
    first = sign(session, sheet, by=world.ana)
    approvals.reject(
        session, sheet, shown=first.content_hash, reasons=[RejectReason.HOURS],
        note=None, by=world.rosa, at=THE_SIXTEENTH,
    )  # fmt: skip

    submission.correct(session, sheet, by=world.ana, at=THE_SIXTEENTH)
    timesheets.change_day(
        session, sheet, day(3), DayValues(420), base=1, by=world.ana, at=THE_SIXTEENTH
    )
    second = sign(session, sheet, by=world.ana)

    totals = session.scalars(
        select(TimesheetVersion.total_minutes).order_by(TimesheetVersion.number)
    ).all()
    assert (second.number, totals) == (2, [480, 420])


def test_the_half_month_before_is_part_of_what_is_shown(session: Session, world: World) -> None:
    before = fill_in(session, world.ana_for_rosa, {3: 8}, by=world.ana)
    sign(session, before, by=world.ana)
    sheet = fill_in(session, world.ana_for_rosa, {16: 2}, by=world.ana)

    draft = submission.prepare(session, sheet, at=THE_SIXTEENTH)

    assert draft.content["previous"] == {"starts_on": "2026-03-01", "minutes": 480}
