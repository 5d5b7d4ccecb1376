"""A recipient is reminded once a day of what waits for her."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.outcomes import Refused
from app.models.messages import QueuedEmail
from app.models.timesheets import Timesheet
from app.services import reminders, submission
from factories import World
from sheets import THE_SIXTEENTH, fill_in, sign

A_DAY = timedelta(days=1)
EVENING = THE_SIXTEENTH + timedelta(hours=10)
"""Eight o'clock: the turn of every sheet has come."""


@pytest.fixture
def waiting(session: Session, world: World) -> Timesheet:
    sheet = fill_in(session, world.ana_for_rosa, {3: 8}, by=world.ana)
    sign(session, sheet, by=world.ana)
    return sheet


def reminded(session: Session) -> list[int]:
    return list(
        session.scalars(
            select(QueuedEmail.to_account_id).where(QueuedEmail.code == "TIMESHEET_REMINDER")
        )
    )


def test_a_provider_reminds_once_a_day(session: Session, world: World, waiting: Timesheet) -> None:
    reminders.remind(session, waiting, by=world.ana, at=THE_SIXTEENTH)
    with pytest.raises(Refused, match="REMINDED_TODAY"):
        reminders.remind(session, waiting, by=world.ana, at=THE_SIXTEENTH + A_DAY / 4)
    reminders.remind(session, waiting, by=world.ana, at=THE_SIXTEENTH + A_DAY)

    assert reminded(session) == [world.rosa.id] * 2


def test_the_job_reminds_from_the_day_after_and_not_where_the_provider_did(
    session: Session, world: World, waiting: Timesheet
) -> None:
    assert reminders.remind_due(session, at=EVENING) == 0
    assert reminders.remind_due(session, at=EVENING + A_DAY) == 1
    assert reminders.remind_due(session, at=EVENING + A_DAY) == 0
    reminders.remind(session, waiting, by=world.ana, at=THE_SIXTEENTH + 2 * A_DAY)
    assert reminders.remind_due(session, at=EVENING + 2 * A_DAY) == 0


def test_the_job_reminds_again_only_after_some_days_and_not_for_ever(
    session: Session, world: World, waiting: Timesheet
) -> None:
    days = [day for day in range(1, 40) if reminders.remind_due(session, at=EVENING + day * A_DAY)]

    assert days == list(range(1, 31, 2))


def test_the_job_waits_for_the_turn_of_a_sheet_and_for_the_morning(
    session: Session, world: World, waiting: Timesheet
) -> None:
    nine = THE_SIXTEENTH + A_DAY - timedelta(hours=1)
    turn = timedelta(minutes=waiting.id % 600)

    assert reminders.remind_due(session, at=nine - timedelta(hours=6)) == 0
    assert reminders.remind_due(session, at=nine + turn - timedelta(minutes=1)) == 0
    assert reminders.remind_due(session, at=nine + turn) == 1


def test_whoever_wants_no_reminders_hears_of_it_only_from_the_provider(
    session: Session, world: World, waiting: Timesheet
) -> None:
    world.rosa.reminds_of_timesheets = False
    session.commit()
    reminders.remind_due(session, at=EVENING + A_DAY)
    assert reminded(session) == []

    reminders.remind(session, waiting, by=world.ana, at=EVENING + A_DAY)
    assert reminded(session) == [world.rosa.id]


def test_nobody_is_reminded_of_what_does_not_wait(
    session: Session, world: World, waiting: Timesheet
) -> None:
    submission.take_back(session, waiting, by=world.ana, at=THE_SIXTEENTH)

    assert reminders.remind_due(session, at=EVENING + A_DAY) == 0
    with pytest.raises(Refused, match="NOTHING_WAITS"):
        reminders.remind(session, waiting, by=world.ana, at=THE_SIXTEENTH + A_DAY)
