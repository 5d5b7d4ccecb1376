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
    assert reminders.remind_due(session, at=THE_SIXTEENTH) == 0
    assert reminders.remind_due(session, at=THE_SIXTEENTH + A_DAY) == 1
    assert reminders.remind_due(session, at=THE_SIXTEENTH + A_DAY) == 0
    reminders.remind(session, waiting, by=world.ana, at=THE_SIXTEENTH + 2 * A_DAY)
    assert reminders.remind_due(session, at=THE_SIXTEENTH + 2 * A_DAY) == 0


def test_nobody_is_reminded_of_what_does_not_wait(
    session: Session, world: World, waiting: Timesheet
) -> None:
    submission.take_back(session, waiting, by=world.ana, at=THE_SIXTEENTH)

    assert reminders.remind_due(session, at=THE_SIXTEENTH + A_DAY) == 0
    with pytest.raises(Refused, match="NOTHING_WAITS"):
        reminders.remind(session, waiting, by=world.ana, at=THE_SIXTEENTH + A_DAY)
