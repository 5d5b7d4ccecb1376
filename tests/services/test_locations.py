"""The ledger lists each stored place once, to those whose it is; the job deletes and leaves the word."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.periods import midnight_before
from app.domain.positions import Fix, NoFix, PlaceValue, deleted_on
from app.domain.visits import Location
from app.models.accounts import Account
from app.models.visits import VisitEvent, VisitFlag
from app.services import audit, locations, visits
from app.services.receipts import FROM_PHONE, Submission
from factories import ROSAS_HOME, World
from sheets import Statements

MONDAY = datetime(2026, 3, 2, 16, tzinfo=UTC)
GONE = MONDAY + timedelta(days=121)
AT_ROSAS = Fix(*ROSAS_HOME, 12.0)


def said(at: datetime) -> Submission:
    return Submission(str(uuid4()), at, "hash", FROM_PHONE)


def check_in(
    session: Session, world: World, at: datetime = MONDAY, place: Fix | NoFix | None = AT_ROSAS
) -> str:
    """Ana checks in at Rosa's; where she was comes after the tap. Answers the tap's id."""
    tap = said(at)
    visits.check_in(
        session, world.ana_for_rosa, location=Location.HOME, submission=tap, by=world.ana, at=at
    )
    if place is not None:
        visits.take_position(
            session, about=tap.id, position=place, submission=said(at + timedelta(seconds=7)),
            by=world.ana, at=at,
        )  # fmt: skip
    return tap.id


def ledger(
    session: Session, by: Account, *, at: datetime = MONDAY, limit: int = 20, offset: int = 0
) -> list[locations.StoredPlace]:
    return locations.ledger(session, by, at=at, limit=limit, offset=offset)


def test_who_made_the_tap_reads_all_of_it(session: Session, world: World) -> None:
    check_in(session, world)
    [stored] = ledger(session, world.ana)
    assert (stored.kind, stored.at) == ("check-in", MONDAY)
    assert stored.assignment.recipient.person.first_name == "Rosa"
    assert stored.verdict
    assert (stored.verdict.value, stored.verdict.distance_m) == (PlaceValue.AT_HOME, 0)
    assert (stored.fix, stored.looks, stored.deleted_at) == (AT_ROSAS, [], None)
    assert stored.deletes_on == date(2026, 6, 30)


def test_whom_it_was_for_reads_what_it_said_and_not_where_the_other_was(
    session: Session, world: World
) -> None:
    check_in(session, world, place=Fix(34.2, -118.0, 9.0))
    [stored] = ledger(session, world.rosa)
    assert stored.verdict
    assert stored.verdict.value is PlaceValue.AWAY
    assert (stored.fix, stored.visit_id) == (None, None)


def test_nobody_else_reads_anything(session: Session, world: World) -> None:
    check_in(session, world)
    for stranger in (world.armen, world.maria, world.casey):
        assert ledger(session, stranger) == []


@pytest.mark.parametrize("place", [None, NoFix.DENIED, NoFix.UNREADABLE])
def test_where_nothing_was_stored_nothing_is_listed(
    session: Session, world: World, place: NoFix | None
) -> None:
    check_in(session, world, place=place)
    assert ledger(session, world.ana) == []


def test_a_page_at_a_time_the_latest_first_in_as_many_statements(
    session: Session, world: World
) -> None:
    for number in range(5):
        check_in(session, world, MONDAY + timedelta(minutes=number))
    session.expire_all()
    with Statements(session) as few:
        first = ledger(session, world.ana, limit=2)
    session.expire_all()
    with Statements(session) as many:
        rest = ledger(session, world.ana, limit=5, offset=2)
    assert len(few.sent) == len(many.sent)
    times = [stored.at for stored in [*first, *rest]]
    assert times == sorted(times, reverse=True)
    assert len(set(times)) == 5


def test_looks_and_what_left_the_portal_are_told(session: Session, world: World) -> None:
    tap = check_in(session, world)
    check_in(session, world, MONDAY + timedelta(hours=1))
    event = session.scalars(select(VisitEvent).where(VisitEvent.submission_id == tap)).one()
    flag = VisitFlag(event_id=event.id, code="DISTANCE", facts={}, found_at=MONDAY)
    session.add(flag)
    session.flush()
    owner, visit = f"account:{world.ana.id}", f"visit:{event.visit_id}"
    county = f"county:{world.los_angeles.id}"
    for action, subject, by, facts in (
        ("visit:look", owner, world.casey, {"flag": flag.id}),
        ("visit:look", owner, world.casey, {"flag": flag.id + 999}),
        ("visit:look", owner, world.casey, {"flag": flag.id}),  # once a day is told
        ("visits:look", county, world.noor, {"flags": [flag.id + 999, flag.id]}),
        ("visits:look", county, world.noor, {"flags": []}),
        ("location:look", visit, world.dev, {}),
        ("location:sent", visit, None, {"to": "aggregator"}),
        ("visit:check-in", visit, world.ana, {}),
    ):
        audit.record(session, action, subject, by=by, at=MONDAY, facts=facts)
    session.commit()
    other, mine = ledger(session, world.ana)
    assert [(look.who and look.who.id, look.sent_to) for look in mine.looks] == [
        (world.casey.id, None), (world.noor.id, None), (world.dev.id, None), (None, "aggregator"),
    ]  # fmt: skip
    assert other.looks == []


def test_coordinates_go_on_their_day_and_what_they_said_stays(
    session: Session, world: World
) -> None:
    check_in(session, world)
    [stored] = ledger(session, world.ana)
    early = midnight_before(stored.deletes_on) - timedelta(seconds=1)
    assert locations.delete_old(session, at=early) == 0
    on_time = midnight_before(stored.deletes_on)
    assert locations.delete_old(session, at=on_time) == 1
    assert locations.delete_old(session, at=on_time) == 0

    event = session.scalars(select(VisitEvent).where(VisitEvent.kind == "position")).one()
    assert (event.position, event.position_deleted_at) == (None, on_time)
    assert (event.verdict, event.distance_m) == ("at_home", 0)
    for reader in (world.ana, world.rosa):
        [left] = ledger(session, reader, at=on_time)
        assert (left.fix, left.deleted_at) == (None, on_time)
        assert left.verdict
        assert left.verdict.value is PlaceValue.AT_HOME
    assert audit.broken_links(session, audit.PORTAL) == []


def test_a_second_place_for_a_tap_is_not_kept_because_the_first_was_deleted(
    session: Session, world: World
) -> None:
    tap = check_in(session, world)
    locations.delete_old(session, at=GONE)
    visits.take_position(
        session, about=tap, position=AT_ROSAS, submission=said(MONDAY), by=world.ana, at=GONE
    )
    assert (
        session.scalars(select(VisitEvent.position).where(VisitEvent.position.is_not(None))).all()
        == []
    )


def test_a_repeat_has_its_receipt_after_its_coordinates_were_deleted(
    session: Session, world: World
) -> None:
    tap, fix = check_in(session, world, place=None), said(MONDAY)
    told = [
        visits.take_position(
            session, about=tap, position=AT_ROSAS, submission=fix, by=world.ana, at=MONDAY
        ).receipt
        for _ in range(2)
        if locations.delete_old(session, at=GONE) >= 0
    ]
    assert told[0] == told[1]


def test_many_are_deleted_in_pieces(
    session: Session, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(locations, "AT_A_TIME", 2)
    for number in range(5):
        check_in(session, world, MONDAY + timedelta(minutes=number))
    assert locations.delete_old(session, at=GONE) == 5


def test_the_day_of_deletion_follows_from_the_parameter_in_force() -> None:
    assert deleted_on(date(2026, 3, 2), date(2026, 3, 2)) == date(2026, 6, 30)
