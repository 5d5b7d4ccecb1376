"""Who forgot a tap is reminded once, by day, of what is usual for her; whoever wants none gets none."""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.periods import LOS_ANGELES, PayPeriod, local_day
from app.domain.visits import Location
from app.models.cases import Assignment
from app.models.messages import Notice, QueuedEmail
from app.models.visits import Visit
from app.services import forgotten_taps, timesheets, visits
from app.services.day_log import DayValues
from app.services.receipts import FROM_PHONE, Submission, content_hash
from factories import World

A_DAY, AN_HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
TUESDAY = datetime(2026, 11, 24, tzinfo=LOS_ANGELES)
Tap = Callable[..., None]


def at(clock: str, days: int = 0) -> datetime:
    """A local time of the Tuesday, or so many days after it."""
    return datetime.combine((TUESDAY + days * A_DAY).date(), time.fromisoformat(clock), LOS_ANGELES)


@pytest.fixture
def tap(session: Session, world: World) -> Tap:
    """Ana taps "in" or "out" for Rosa, or for whom the test says."""

    def make(which: str, when: datetime, assignment: Assignment | None = None) -> None:
        verb = visits.check_in if which == "in" else visits.check_out
        event_id = str(uuid4())
        verb(
            session, assignment or world.ana_for_rosa, location=Location.HOME, by=world.ana, at=when,
            submission=Submission(event_id, when, content_hash([event_id]), FROM_PHONE),
        )  # fmt: skip

    return make


@pytest.fixture
def usual(tap: Tap) -> None:
    """For four weeks Ana was with Rosa on Tuesdays, from 8:00 to 11:00."""
    for weeks in range(1, 5):
        tap("in", at("08:00", -7 * weeks))
        tap("out", at("11:00", -7 * weeks))


def told(session: Session) -> list[str]:
    return list(session.scalars(select(Notice.code).order_by(Notice.id)))


def open_visit(session: Session) -> Visit:
    return session.scalars(select(Visit).where(Visit.is_open)).one()


def test_an_hour_after_her_usual_end_she_is_reminded_once(session, world, usual, tap) -> None:
    tap("in", at("08:00"))

    assert forgotten_taps.remind_check_outs(session, at=at("11:59")) == 0
    assert forgotten_taps.remind_check_outs(session, at=at("12:00")) == 1
    assert forgotten_taps.remind_check_outs(session, at=at("13:00")) == 0

    notice = session.scalars(select(Notice)).one()
    assert notice.code == "CHECK_OUT_REMINDER"
    assert notice.account_id == world.ana.id
    assert notice.facts["visit_id"] == open_visit(session).id
    assert session.scalars(select(QueuedEmail.code)).all() == ["CHECK_OUT_REMINDER"]


def test_whoever_checked_out_is_not_reminded(session, usual, tap) -> None:
    tap("in", at("08:00"))
    tap("out", at("11:30"))

    assert forgotten_taps.remind_check_outs(session, at=at("12:30")) == 0


def test_nobody_is_reminded_at_night_but_in_the_morning(session, tap) -> None:
    tap("in", at("17:30"))  # nothing is usual yet: four hours, and one more

    assert forgotten_taps.remind_check_outs(session, at=at("22:30")) == 0
    assert forgotten_taps.remind_check_outs(session, at=at("06:59", 1)) == 0
    assert forgotten_taps.remind_check_outs(session, at=at("07:00", 1)) == 1


def test_what_was_open_for_days_is_no_news(session, tap) -> None:
    tap("in", at("08:00"))

    assert forgotten_taps.remind_check_outs(session, at=at("12:00", 3)) == 0


def test_whoever_wants_no_reminders_gets_none(session, world, usual, tap) -> None:
    world.ana.reminds_of_taps = False
    session.commit()

    assert forgotten_taps.remind_check_ins(session, at=at("10:00")) == 0
    tap("in", at("08:00"))
    assert forgotten_taps.remind_check_outs(session, at=at("13:00")) == 0


def test_two_hours_after_her_usual_start_she_is_asked_once_a_day(session, usual) -> None:
    assert forgotten_taps.remind_check_ins(session, at=at("09:59")) == 0
    assert forgotten_taps.remind_check_ins(session, at=at("10:00")) == 1
    assert forgotten_taps.remind_check_ins(session, at=at("15:00")) == 0
    assert told(session) == ["CHECK_IN_REMINDER"]


def test_two_forgotten_check_ins_are_one_reminder(session, world, usual, tap) -> None:
    for weeks in range(1, 5):
        tap("in", at("08:30", -7 * weeks), world.ana_for_walter)
        tap("out", at("09:00", -7 * weeks), world.ana_for_walter)

    assert forgotten_taps.remind_check_ins(session, at=at("11:00")) == 1
    assert session.scalars(select(Notice)).one().facts == {"recipient": "Rosa"}


def test_whoever_is_there_or_wrote_her_hours_is_not_asked(session, world, usual, tap) -> None:
    today = local_day(at("12:00"))
    sheet = timesheets.find_or_open(
        session, world.ana_for_rosa, PayPeriod.of(today), at=at("09:00")
    )
    timesheets.change_day(
        session, sheet, today, DayValues(minutes=180), base=0, by=world.ana, at=at("09:00")
    )

    assert forgotten_taps.remind_check_ins(session, at=at("10:30")) == 0


def test_a_check_in_answers_before_it_is_asked(session, usual, tap) -> None:
    tap("in", at("09:30"))

    assert forgotten_taps.remind_check_ins(session, at=at("10:30")) == 0


def test_another_day_of_the_week_is_free(session, usual) -> None:
    assert forgotten_taps.remind_check_ins(session, at=at("12:00", 1)) == 0


def test_the_suggested_end_is_like_her_visits_and_before_her_next_tap(session, usual, tap) -> None:
    tap("in", at("08:05"))
    visit = open_visit(session)
    assert forgotten_taps.suggested_end(session, visit, now=at("18:00")) == at("11:05")

    tap("in", at("10:00"))

    assert forgotten_taps.suggested_end(session, visit, now=at("18:00")) == at("09:59")


def test_a_visit_is_called_forgotten_only_when_it_is(session, usual, tap) -> None:
    tap("in", at("08:00"))
    visit = open_visit(session)

    assert forgotten_taps.forgotten(session, [visit], at=at("11:30")) == {}
    assert forgotten_taps.forgotten(session, [visit], at=at("12:30")) == {visit.id: at("11:00")}
