"""Who may sign for a recipient, and what her yes and her no do."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session

from app.domain.outcomes import Refused
from app.models.accounts import Account
from app.models.cases import Signatory
from app.models.messages import Notice
from app.models.people import Provider
from app.models.timesheets import Timesheet, TimesheetVersion
from app.services import approvals, submission
from app.services.approvals import RejectReason
from factories import World, assign
from sheets import THE_SIXTEENTH, day, fill_in, sign

TODAY = date(2026, 3, 16)


@pytest.fixture
def rosas(session: Session, world: World) -> TimesheetVersion:
    """What Ana signed for Rosa."""
    sheet = fill_in(session, world.ana_for_rosa, {3: 8}, by=world.ana)
    return sign(session, sheet, by=world.ana)


@pytest.fixture
def nunes(session: Session, world: World) -> TimesheetVersion:
    """What Maria signed for her mother."""
    sheet = fill_in(session, world.maria_for_nune, {3: 8}, by=world.maria)
    return sign(session, sheet, by=world.maria)


def approve(session: Session, version: TimesheetVersion, by: Account) -> Timesheet:
    sheet = version.timesheet
    approvals.approve(session, sheet, shown=version.content_hash, by=by, at=THE_SIXTEENTH)
    return sheet


def reject(
    session: Session, version: TimesheetVersion, by: Account, note: str | None = None
) -> Timesheet:
    sheet = version.timesheet
    approvals.reject(
        session, sheet, shown=version.content_hash,
        reasons=[RejectReason.HOURS, RejectReason.PLACE], note=note, by=by, at=THE_SIXTEENTH,
    )  # fmt: skip
    return sheet


def test_an_approved_sheet_waits_for_payment_and_the_provider_is_told(
    session: Session, world: World, rosas: TimesheetVersion
) -> None:
    sheet = approve(session, rosas, world.rosa)

    told = session.scalars(select(Notice).where(Notice.account_id == world.ana.id)).one()
    assert (sheet.status, sheet.payment_status) == ("approved", "waiting_for_payment")
    assert (rosas.approved_by_id, rosas.approved_at) == (world.rosa.id, THE_SIXTEENTH)
    assert told.code == "TIMESHEET_APPROVED"


def test_the_same_yes_twice_is_one(session: Session, world: World, rosas: TimesheetVersion) -> None:
    approve(session, rosas, world.rosa)
    approve(session, rosas, world.rosa)

    codes = session.scalars(select(Notice.code)).all()
    assert codes.count("TIMESHEET_APPROVED") == 1


def test_a_version_that_was_taken_back_cannot_be_approved(
    session: Session, world: World, rosas: TimesheetVersion
) -> None:
    submission.take_back(session, rosas.timesheet, by=world.ana, at=THE_SIXTEENTH)

    with pytest.raises(Refused, match="CHANGED_MEANWHILE"):
        approve(session, rosas, world.rosa)


def test_yes_to_an_older_version_signs_nothing(
    session: Session, world: World, rosas: TimesheetVersion
) -> None:
    submission.take_back(session, rosas.timesheet, by=world.ana, at=THE_SIXTEENTH)
    newer = sign(session, rosas.timesheet, by=world.ana)

    with pytest.raises(Refused, match="CHANGED_MEANWHILE"):
        approve(session, rosas, world.rosa)
    assert newer.approved_at is None


def test_a_rejected_sheet_goes_back_with_its_reasons(
    session: Session, world: World, rosas: TimesheetVersion
) -> None:
    sheet = reject(session, rosas, world.rosa, note="Only six on Tuesday.")

    told = session.scalars(select(Notice).where(Notice.account_id == world.ana.id)).one()
    assert sheet.status == "rejected"
    assert rosas.reject_reasons == ["hours", "place"]
    assert told.facts["note"] == rosas.reject_note == "Only six on Tuesday."


def test_no_needs_a_reason_and_a_note_of_a_thousand_letters_at_most(
    session: Session, world: World, rosas: TimesheetVersion
) -> None:
    with pytest.raises(Refused, match="NOTE_TOO_LONG"):
        reject(session, rosas, world.rosa, note="x" * 1001)
    with pytest.raises(Refused, match="REASONS_MISSING"):
        approvals.reject(
            session, rosas.timesheet, shown=rosas.content_hash,
            reasons=[], note=None, by=world.rosa, at=THE_SIXTEENTH,
        )  # fmt: skip
    assert rosas.timesheet.status == "submitted"


def test_yes_and_no_do_not_both_count(
    session: Session, world: World, rosas: TimesheetVersion
) -> None:
    approve(session, rosas, world.rosa)

    with pytest.raises(Refused, match="CHANGED_MEANWHILE"):
        reject(session, rosas, world.rosa)


def test_a_signatory_signs_for_the_recipient(
    session: Session, world: World, nunes: TimesheetVersion
) -> None:
    assert approve(session, nunes, world.armen).status == "approved"


@pytest.mark.parametrize("who", ["walter", "armen", "ana", "casey"])
def test_nobody_else_signs_or_even_finds_it(
    session: Session, world: World, rosas: TimesheetVersion, who: str
) -> None:
    stranger = getattr(world, who)

    with pytest.raises(NoResultFound):
        approvals.find(session, stranger, rosas.timesheet_id, TODAY)
    with pytest.raises(Refused, match="MAY_NOT_SIGN"):
        approve(session, rosas, stranger)


def test_a_provider_never_signs_for_her_recipient_not_even_as_signatory(
    session: Session, world: World, nunes: TimesheetVersion
) -> None:
    provider = Provider(number="100000009", person=world.armen.person)
    session.add(provider)
    session.flush()
    assign(session, provider, world.maria_for_nune.case, 60, ends_on=date(2025, 6, 30))
    session.commit()

    assert approvals.cases_of(session, world.armen, TODAY) == []
    assert approvals.signers_of(session, world.maria_for_nune.case, TODAY) == [world.nune]
    with pytest.raises(Refused, match="MAY_NOT_SIGN"):
        approve(session, nunes, world.armen)


def test_a_signatory_signs_only_in_her_time(session: Session, world: World) -> None:
    signatory = session.scalars(select(Signatory)).one()
    signatory.ends_on = TODAY - timedelta(days=1)
    session.commit()

    assert approvals.cases_of(session, world.armen, TODAY) == []


def test_a_draft_is_not_the_recipients_to_see(session: Session, world: World) -> None:
    sheet = fill_in(session, world.ana_for_rosa, {3: 8}, by=world.ana)

    with pytest.raises(NoResultFound):
        approvals.find(session, world.rosa, sheet.id, TODAY)


def test_the_home_shows_what_waits_the_month_and_the_past(
    session: Session, world: World, rosas: TimesheetVersion
) -> None:
    approve(session, rosas, world.rosa)
    waiting = sign(
        session, fill_in(session, world.ana_for_rosa, {16: 2}, by=world.ana), by=world.ana
    )

    home = approvals.recipient_home(session, world.rosa, TODAY)

    assert [each.version for each in home.waiting] == [waiting]
    assert [each.version for each in home.past] == [rosas]
    assert [(use.used, use.authorized) for use in home.months] == [(600, 195 * 60)]


def test_a_sheet_with_hours_of_today_is_approved_and_waits_for_midnight(
    session: Session, world: World
) -> None:
    sheet = fill_in(session, world.ana_for_rosa, {16: 2}, by=world.ana)

    approve(session, sign(session, sheet, by=world.ana), world.rosa)

    assert (sheet.status, sheet.payment_status) == ("on_hold", None)
    assert day(16) == TODAY
