"""Her own share of visits edited by hand: the last four weeks, and hers alone."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session

from app.domain.hand_edits import HandEdit
from app.domain.periods import PayPeriod, local_day
from app.domain.visits import Location
from app.models.timesheets import TimeEntry
from app.models.visits import Visit
from app.services import hand_edits, timesheets, visits
from app.services.day_log import DayValues
from app.services.receipts import BY_HAND, FROM_PHONE, Submission, content_hash
from factories import World

MONDAY = datetime(2026, 11, 23, 16, 2, tzinfo=UTC)  # 8:02 AM in Los Angeles
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NOW = MONDAY + 12 * HOUR


def said(at: datetime, source: str = FROM_PHONE) -> Submission:
    event_id = str(uuid4())
    return Submission(event_id, at, content_hash([event_id]), source)


def came(session: Session, world: World, at: datetime) -> None:
    visits.check_in(
        session,
        world.ana_for_rosa,
        location=Location.HOME,
        submission=said(at),
        by=world.ana,
        at=at,
    )


def went(session: Session, world: World, at: datetime) -> None:
    visits.check_out(
        session,
        world.ana_for_rosa,
        location=Location.HOME,
        submission=said(at),
        by=world.ana,
        at=at,
    )


def written(session: Session, world: World, on: date, minutes: int) -> None:
    sheet = timesheets.find_or_open(session, world.ana_for_rosa, PayPeriod.of(on), at=NOW)
    session.commit()
    entry = session.scalars(select(TimeEntry).where(TimeEntry.on == on)).first()
    timesheets.change_day(
        session, sheet, on, DayValues(minutes=minutes), base=entry.revision if entry else 0,
        by=world.ana, at=NOW,
    )  # fmt: skip


def edits(session: Session, world: World) -> list[tuple[date, tuple[HandEdit, ...]]]:
    return [
        (each.on, each.edits) for each in hand_edits.own_share(session, world.ana, at=NOW).visits
    ]


def test_a_visit_of_two_taps_is_as_it_was_tapped(session, world) -> None:
    came(session, world, MONDAY)
    went(session, world, MONDAY + 3 * HOUR)

    own = hand_edits.own_share(session, world.ana, at=NOW)

    assert (own.share.visits, own.share.by_hand) == (1, 0)


def test_an_end_by_hand_and_a_changed_day_are_told(session, world) -> None:
    came(session, world, MONDAY - DAY)
    visit = session.scalars(select(Visit)).one()
    visits.close_by_hand(
        session, visit, ended_at=MONDAY - DAY + HOUR, location=Location.HOME,
        submission=said(MONDAY, BY_HAND), by=world.ana, at=MONDAY,
    )  # fmt: skip
    came(session, world, MONDAY)
    went(session, world, MONDAY + 3 * HOUR)
    written(session, world, local_day(MONDAY), 200)

    assert edits(session, world) == [
        (date(2026, 11, 23), (HandEdit.DAY_BY_HAND,)),
        (date(2026, 11, 22), (HandEdit.CHECK_OUT_BY_HAND,)),
    ]


def test_a_day_that_was_only_written_counts_too(session, world) -> None:
    written(session, world, date(2026, 11, 20), 180)

    assert edits(session, world) == [(date(2026, 11, 20), (HandEdit.NO_TAPS,))]


def test_what_still_goes_on_was_none_or_is_long_ago_does_not_count(session, world) -> None:
    came(session, world, MONDAY - 29 * DAY)
    went(session, world, MONDAY - 29 * DAY + HOUR)
    came(session, world, MONDAY - DAY)
    went(session, world, MONDAY - DAY + HOUR)
    latest = session.scalars(select(Visit).order_by(Visit.began_at.desc())).first()
    visits.not_a_visit(
        session, latest, reason="A mistake.", submission=said(NOW), by=world.ana, at=NOW
    )
    came(session, world, MONDAY)

    assert edits(session, world) == []


def test_nobody_else_has_such_a_share(session, world) -> None:
    with pytest.raises(NoResultFound):
        hand_edits.own_share(session, world.casey, at=NOW)
