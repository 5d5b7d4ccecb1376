"""A provider is reminded of unsent hours before their half month is over, and before it is late."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models.messages import Notice, QueuedEmail
from app.models.timesheets import Timesheet
from app.services import timesheets, unsent_reminders
from app.services.day_log import DayValues
from factories import World
from sheets import fill_in, sign

A_DAY = timedelta(days=1)
THE_FOURTEENTH = datetime(2026, 3, 15, 3, tzinfo=UTC)
"""Eight in the evening, the day before the last of the half month: every turn has come."""
THE_SEVENTH_OF_APRIL = datetime(2026, 4, 8, 3, tzinfo=UTC)
"""From this day on there is a week until the first half of March is late, on the 14th."""


@pytest.fixture
def unsent(session: Session, world: World) -> Timesheet:
    return fill_in(session, world.ana_for_rosa, {3: 8, 4: 4}, by=world.ana, at=THE_FOURTEENTH)


def told(session: Session) -> list[str]:
    return list(session.scalars(select(QueuedEmail.code).order_by(QueuedEmail.id)))


def remind(session: Session, at: datetime) -> int:
    return unsent_reminders.remind_unsent(session, at=at)


def test_she_is_told_once_before_the_half_month_ends_and_once_before_it_is_late(
    session: Session, world: World, unsent: Timesheet
) -> None:
    days = [(THE_FOURTEENTH + number * A_DAY) for number in range(-5, 40)]
    reminded = [at for at in days for _ in range(2) if remind(session, at)]

    assert reminded == [THE_FOURTEENTH, THE_SEVENTH_OF_APRIL]
    assert told(session) == ["TIMESHEET_PERIOD_ENDS", "TIMESHEET_SOON_LATE"]


def test_she_is_told_how_much_for_whom_and_until_when(
    session: Session, world: World, unsent: Timesheet
) -> None:
    remind(session, THE_FOURTEENTH)

    [notice] = session.scalars(select(Notice).where(Notice.account_id == world.ana.id))
    assert notice.facts["worked_minutes"] == 720
    assert notice.facts["recipient"] == "Rosa Delgado"
    assert notice.facts["last_on"] == "2026-03-15"


def test_each_recipient_is_a_reminder_of_its_own(
    session: Session, world: World, unsent: Timesheet
) -> None:
    fill_in(session, world.ana_for_walter, {3: 1}, by=world.ana, at=THE_FOURTEENTH)
    assert remind(session, THE_FOURTEENTH) == 2


def test_a_job_that_was_down_on_the_first_day_reminds_on_the_next(
    session: Session, unsent: Timesheet
) -> None:
    assert remind(session, THE_FOURTEENTH + A_DAY) == 1


def test_she_is_told_when_her_turn_comes_and_not_at_night(
    session: Session, world: World, unsent: Timesheet
) -> None:
    nine = datetime(2026, 3, 14, 16, tzinfo=UTC)
    turn = timedelta(minutes=world.ana.id % 600)

    assert remind(session, nine - timedelta(hours=3)) == 0
    assert remind(session, nine + turn - timedelta(minutes=1)) == 0
    assert remind(session, nine + turn) == 1


def test_nobody_is_told_of_what_is_submitted_or_empty_or_cancelled(
    session: Session, world: World, unsent: Timesheet
) -> None:
    sign(session, unsent, by=world.ana, at=THE_FOURTEENTH)
    fill_in(session, world.ana_for_walter, {3: 0}, by=world.ana, at=THE_FOURTEENTH)

    assert remind(session, THE_FOURTEENTH) == 0
    assert "TIMESHEET_PERIOD_ENDS" not in told(session)


def test_whoever_wants_no_reminders_gets_none(
    session: Session, world: World, unsent: Timesheet
) -> None:
    world.ana.reminds_of_timesheets = False
    session.commit()
    assert remind(session, THE_FOURTEENTH) == 0


def test_hours_entered_after_the_reminder_bring_no_second_one(
    session: Session, world: World, unsent: Timesheet
) -> None:
    remind(session, THE_FOURTEENTH)
    values = DayValues(minutes=60)
    timesheets.change_day(
        session, unsent, date(2026, 3, 14), values, base=0, by=world.ana, at=THE_FOURTEENTH
    )
    assert remind(session, THE_FOURTEENTH + A_DAY) == 0


def test_more_than_fit_into_one_look_are_all_told(
    session: Session, world: World, unsent: Timesheet, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill_in(session, world.ana_for_walter, {3: 1}, by=world.ana, at=THE_FOURTEENTH)
    fill_in(session, world.maria_for_nune, {3: 1}, by=world.maria, at=THE_FOURTEENTH)
    monkeypatch.setattr(unsent_reminders, "AT_A_TIME", 1)

    assert remind(session, THE_FOURTEENTH) == 3
