"""Days that change, proposals that stand beside them, and the one way in which a sheet moves."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session

from app.domain.outcomes import Refused
from app.domain.periods import PayPeriod
from app.domain.timesheets import Action
from app.domain.visits import Place, Proposal
from app.models.timesheets import EntryChange, Timesheet, TimesheetStatus
from app.services import audit, sheet_cards, sheet_status, submission, timesheets
from app.services.day_log import DayValues
from app.services.receipts import Submission
from app.services.timesheets import ChangeResult
from factories import World
from sheets import FIRST_HALF, THE_SIXTEENTH, day, fill_in, sign

EIGHT = DayValues(480, 482, 962, "home")
NINE = DayValues(540, 482, 1022, "home")
SENT = Submission(id="tap-1", made_at=THE_SIXTEENTH, content_hash="a")


@pytest.fixture
def sheet(session: Session, world: World) -> Timesheet:
    found = timesheets.find_or_open(
        session, world.ana_for_rosa, PayPeriod(FIRST_HALF), at=THE_SIXTEENTH
    )
    session.commit()
    return found


def change(
    session: Session, sheet: Timesheet, world: World, values: DayValues, base: int
) -> timesheets.DayChange:
    return timesheets.change_day(
        session, sheet, day(3), values, base=base, by=world.ana, at=THE_SIXTEENTH
    )


def proposal(minutes: int, world: World) -> Proposal:
    return Proposal(day(3), world.ana_for_rosa.id, 482, 482 + minutes, Place.HOME, minutes)


def test_a_half_month_has_one_sheet(session: Session, world: World, sheet: Timesheet) -> None:
    again = timesheets.find_or_open(
        session, world.ana_for_rosa, PayPeriod(FIRST_HALF), at=THE_SIXTEENTH
    )

    assert again is sheet


def test_a_provider_opens_only_her_own_half_months(session: Session, world: World) -> None:
    with pytest.raises(NoResultFound):
        timesheets.open_for(
            session, world.maria_for_nune.id, FIRST_HALF, by=world.ana, at=THE_SIXTEENTH
        )


def test_a_half_month_ahead_cannot_be_opened(session: Session, world: World) -> None:
    with pytest.raises(Refused, match="PERIOD_AHEAD"):
        timesheets.open_for(
            session, world.ana_for_rosa.id, date(2026, 4, 1), by=world.ana, at=THE_SIXTEENTH
        )


def test_a_strangers_sheet_is_not_found(session: Session, world: World, sheet: Timesheet) -> None:
    with pytest.raises(NoResultFound):
        timesheets.own(session, world.maria, sheet.id)


def test_a_changed_day_keeps_what_it_said_before(
    session: Session, world: World, sheet: Timesheet
) -> None:
    first = change(session, sheet, world, EIGHT, base=0)
    second = change(session, sheet, world, NINE, base=1)

    log = session.scalars(select(EntryChange).order_by(EntryChange.id)).all()
    assert (first.revision, second.revision) == (1, 2)
    assert [row.before["minutes"] for row in log] == [None, 480]
    assert audit.broken_links(session, audit.chain_of(world.ana)) == []


def test_two_tabs_that_type_different_hours_are_a_conflict_that_saves_nothing(
    session: Session, world: World, sheet: Timesheet
) -> None:
    change(session, sheet, world, EIGHT, base=0)

    other_tab = change(session, sheet, world, NINE, base=0)

    assert other_tab.result is ChangeResult.CONFLICT
    assert (other_tab.revision, other_tab.now) == (1, EIGHT)
    assert sheet.entries[0].minutes == 480


def test_two_tabs_that_type_the_same_are_no_conflict(
    session: Session, world: World, sheet: Timesheet
) -> None:
    change(session, sheet, world, EIGHT, base=0)

    assert change(session, sheet, world, EIGHT, base=0).result is ChangeResult.UNCHANGED


def test_a_stale_page_does_not_blank_what_it_never_touched(
    session: Session, world: World, sheet: Timesheet
) -> None:
    change(session, sheet, world, EIGHT, base=0)
    change(session, sheet, world, NINE, base=1)

    untouched = change(session, sheet, world, EIGHT, base=1)

    assert untouched.result is ChangeResult.UNCHANGED
    assert sheet.entries[0].minutes == 540


def test_a_repeated_entry_gets_its_first_receipt(
    session: Session, world: World, sheet: Timesheet
) -> None:
    def send(submission: Submission, values: DayValues) -> timesheets.DayChange:
        return timesheets.change_day(
            session, sheet, day(3), values,
            base=0, by=world.ana, at=THE_SIXTEENTH, submission=submission,
        )  # fmt: skip

    first, again = send(SENT, EIGHT), send(SENT, EIGHT)

    assert first.receipt == again.receipt
    assert again.result is ChangeResult.SAVED
    with pytest.raises(Refused, match="ID_REUSED"):
        send(replace(SENT, content_hash="b"), NINE)


def test_a_repeat_of_what_the_day_already_says_gets_one_receipt_too(
    session: Session, world: World, sheet: Timesheet
) -> None:
    change(session, sheet, world, EIGHT, base=0)

    receipts = {
        timesheets.change_day(
            session, sheet, day(3), EIGHT,
            base=0, by=world.ana, at=THE_SIXTEENTH, submission=SENT,
        ).receipt
        for _ in range(2)
    }  # fmt: skip

    assert len(receipts) == 1


@pytest.mark.parametrize(
    ("on", "values", "code"),
    [
        (day(16), EIGHT, "OUTSIDE_PERIOD"),
        (day(3), DayValues(1441), "DAY_VALUES_WRONG"),
        (day(3), DayValues(-1), "DAY_VALUES_WRONG"),
        (day(3), DayValues(60, location="moon"), "DAY_VALUES_WRONG"),
    ],
)
def test_what_no_sheet_can_hold_is_refused(
    session: Session, world: World, sheet: Timesheet, on: date, values: DayValues, code: str
) -> None:
    with pytest.raises(Refused, match=code):
        timesheets.change_day(session, sheet, on, values, base=0, by=world.ana, at=THE_SIXTEENTH)


def test_findings_never_stand_in_the_way_of_saving(
    session: Session, world: World, sheet: Timesheet
) -> None:
    saved = timesheets.change_day(
        session, sheet, day(15), DayValues(24 * 60),
        base=0, by=world.ana, at=THE_SIXTEENTH - timedelta(days=10),
    )  # fmt: skip

    assert saved.result is ChangeResult.SAVED


def test_a_visit_fills_in_a_day_that_nobody_touched(
    session: Session, world: World, sheet: Timesheet
) -> None:
    timesheets.take_proposal(
        session, world.ana_for_rosa, day(3), proposal(430, world), at=THE_SIXTEENTH
    )
    session.commit()

    entry = session.scalars(select(Timesheet)).one().entries[0]
    assert (entry.minutes, entry.starts, entry.by_hand) == (430, 482, False)


def test_hours_entered_by_hand_are_never_overwritten_by_a_visit(
    session: Session, world: World, sheet: Timesheet
) -> None:
    change(session, sheet, world, EIGHT, base=0)

    timesheets.take_proposal(
        session, world.ana_for_rosa, day(3), proposal(430, world), at=THE_SIXTEENTH
    )

    entry = sheet.entries[0]
    assert (entry.minutes, entry.proposed_minutes, entry.by_hand) == (480, 430, True)


def test_an_undone_visit_takes_its_hours_with_it(
    session: Session, world: World, sheet: Timesheet
) -> None:
    for said in (proposal(430, world), None):
        timesheets.take_proposal(session, world.ana_for_rosa, day(3), said, at=THE_SIXTEENTH)
    session.commit()

    assert session.scalars(select(Timesheet)).one().entries[0].minutes is None


def test_a_tap_without_its_pair_tells_a_time_and_no_hours(
    session: Session, world: World, sheet: Timesheet
) -> None:
    lone_tap = Proposal(day(3), world.ana_for_rosa.id, 482, None, Place.HOME, 0)

    timesheets.take_proposal(session, world.ana_for_rosa, day(3), lone_tap, at=THE_SIXTEENTH)
    session.commit()

    entry = session.scalars(select(Timesheet)).one().entries[0]
    assert (entry.minutes, entry.starts, entry.ends) == (None, 482, None)


def test_a_visit_that_comes_after_the_signature_leaves_the_sheet_alone(
    session: Session, world: World
) -> None:
    sheet = fill_in(session, world.ana_for_rosa, {3: 8}, by=world.ana)
    signed = sign(session, sheet, by=world.ana)

    timesheets.take_proposal(
        session, world.ana_for_rosa, day(4), proposal(430, world), at=THE_SIXTEENTH
    )
    session.commit()

    session.refresh(sheet, ["entries"])
    assert [(entry.minutes, entry.proposed_minutes) for entry in sheet.entries] == [
        (480, None),
        (None, 430),
    ]
    assert sheet_status.latest_version(session, sheet) is signed


def test_a_signed_sheet_is_closed(session: Session, world: World) -> None:
    sheet = fill_in(session, world.ana_for_rosa, {3: 8}, by=world.ana)
    sign(session, sheet, by=world.ana)

    with pytest.raises(Refused, match="SHEET_CLOSED"):
        change(session, sheet, world, NINE, base=1)


def test_each_move_leaves_a_line_in_the_history(session: Session, world: World) -> None:
    sheet = fill_in(session, world.ana_for_rosa, {3: 8}, by=world.ana)

    submission.cancel(session, sheet, by=world.ana, at=THE_SIXTEENTH)
    submission.correct(session, sheet, by=world.ana, at=THE_SIXTEENTH)

    lines = session.scalars(select(TimesheetStatus).order_by(TimesheetStatus.id)).all()
    assert [(line.action, line.status) for line in lines] == [
        ("cancel", "cancelled"),
        ("reopen", "draft"),
    ]


@pytest.mark.parametrize("who", ["rosa", "casey", "armen"])
def test_nobody_else_moves_a_providers_sheet(session: Session, world: World, who: str) -> None:
    sheet = fill_in(session, world.ana_for_rosa, {3: 8}, by=world.ana)

    with pytest.raises(Refused, match="NOT_ALLOWED_NOW"):
        sheet_status.move(session, sheet, Action.CANCEL, by=getattr(world, who), at=THE_SIXTEENTH)


def test_the_home_shows_this_half_month_with_everybody_and_earlier_unsigned_ones(
    session: Session, world: World
) -> None:
    fill_in(session, world.ana_for_rosa, {3: 8}, by=world.ana)
    fill_in(session, world.ana_for_rosa, {17: 2}, by=world.ana)
    provider = timesheets.provider_of(session, world.ana)

    cards = sheet_cards.open_sheets(session, provider, day(18))

    seen = [(card.period.starts_on.day, card.assignment.id, card.status) for card in cards]
    assert seen == [
        (1, world.ana_for_rosa.id, "draft"),
        (16, world.ana_for_rosa.id, "draft"),
        (16, world.ana_for_walter.id, "not_started"),
    ]
    assert cards[1].week is not None
    assert (cards[1].total_minutes, cards[1].week.worked) == (120, 120)
