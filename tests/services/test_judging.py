"""Visits are judged after the fact: in few statements, once, and over again without a trace."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import event as sql_event
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.positions import Fix
from app.domain.visits import Location
from app.models.devices import Device, TrustedDevice
from app.models.visits import RefusedItem, VisitEvent, VisitFlag
from app.services import judging, visits
from app.services.receipts import FROM_PHONE, Link, Submission, content_hash
from factories import ROSAS_HOME, WALTERS_HOME, World

MONDAY = datetime(2026, 11, 23, 16, 2, tzinfo=UTC)  # 8:02 AM in Los Angeles
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NOW = MONDAY + 10 * DAY
AT_ROSAS = Fix(ROSAS_HOME[0] + 0.0001, ROSAS_HOME[1], 12.0)
FAR_AWAY = Fix(37.7749, -122.4194, 12.0)
Tap = Callable[..., str]


@pytest.fixture
def tap(session: Session, world: World) -> Tap:
    """Ana checks in for Rosa on her phone; the answer is the event's id."""

    def check_in(made_at: datetime, position: Fix | None = None, **said: Any) -> str:
        received_at = said.pop("received_at", made_at)
        assignment = said.pop("assignment", world.ana_for_rosa)
        number = said.pop("number", None)
        if number is not None:
            before = f"h{number - 1}" if number > 1 else ""
            said["link"] = Link("key", number, before, f"h{number}")
        event_id = said.pop("event_id", None) or str(uuid4())
        content = content_hash([event_id, made_at.isoformat()])
        submission = Submission(event_id, made_at, content, FROM_PHONE, **said)
        visits.check_in(
            session, assignment, location=Location.HOME, submission=submission, by=world.ana,
            at=received_at, position=position,
        )  # fmt: skip
        return event_id

    return check_in


def flags(session: Session) -> list[tuple[str, str]]:
    """Event and code of each flag, as the events came."""
    rows = session.execute(
        select(VisitEvent.submission_id, VisitFlag.code)
        .join(VisitFlag, VisitFlag.event_id == VisitEvent.id)
        .order_by(VisitEvent.id, VisitFlag.code)
    )
    return [(row.submission_id, row.code) for row in rows]


def one_flag(session: Session) -> VisitFlag:
    return session.scalars(select(VisitFlag).execution_options(populate_existing=True)).one()


def test_what_is_odd_is_kept_with_its_facts_and_no_coordinate(session, world, tap) -> None:
    event_id = tap(MONDAY, FAR_AWAY)

    assert judging.judge_due(session, at=NOW) == 1

    flag = one_flag(session)
    assert flags(session) == [(event_id, "AWAY")]
    assert flag.assignment_id == world.ana_for_rosa.id
    assert flag.found_at == NOW
    assert set(flag.facts) == {"distance_metres", "accuracy_metres"}


def test_an_honest_visit_is_judged_and_leaves_nothing(session, tap) -> None:
    event_id = tap(MONDAY, AT_ROSAS)

    judging.judge_due(session, at=NOW)

    judged_at = select(VisitEvent.judged_at).where(VisitEvent.submission_id == event_id)
    assert session.scalar(judged_at) == NOW
    assert flags(session) == []


def test_nothing_is_judged_twice(session, tap) -> None:
    tap(MONDAY, FAR_AWAY)
    judging.judge_due(session, at=NOW)

    assert judging.judge_due(session, at=NOW + HOUR) == 0


def test_a_fix_that_came_after_its_tap_is_judged_as_one(session, world, tap) -> None:
    about = tap(MONDAY)
    fix_id = str(uuid4())
    said = Submission(fix_id, MONDAY, content_hash([fix_id]), FROM_PHONE)
    visits.take_position(
        session, about=about, position=FAR_AWAY, submission=said, by=world.ana, at=MONDAY
    )

    judging.judge_due(session, at=NOW)

    assert flags(session) == [(fix_id, "AWAY")]


def test_judging_anew_neither_doubles_a_flag_nor_opens_a_settled_one(session, world, tap) -> None:
    tap(MONDAY, FAR_AWAY)
    judging.judge_due(session, at=NOW)
    flag = one_flag(session)
    flag.settled_at, flag.settled_by_id, flag.settled_note = NOW, world.casey.id, "At the pharmacy."
    for event in session.scalars(select(VisitEvent)):
        event.judged_at = None
    session.commit()

    judging.judge_due(session, at=NOW + DAY)

    flag = one_flag(session)
    assert (flag.settled_at, flag.settled_note) == (NOW, "At the pharmacy.")


def test_what_comes_late_shows_on_what_was_judged_before(session, world, tap) -> None:
    """The second of two homes was judged alone; the first comes a day later."""
    there = Fix(WALTERS_HOME[0] + 0.5, WALTERS_HOME[1], 12.0)
    second = tap(MONDAY + timedelta(minutes=5), there, assignment=world.ana_for_walter)
    judging.judge_due(session, at=NOW)
    tap(MONDAY, AT_ROSAS, received_at=MONDAY + HOUR)

    judging.judge_due(session, at=NOW)

    assert flags(session) == [(second, "AWAY"), (second, "IMPOSSIBLE_TRAVEL")]


def test_one_point_day_after_day_is_told_once(session, tap) -> None:
    for number in range(6):
        tap(MONDAY + number * DAY, AT_ROSAS)
        judging.judge_due(session, at=MONDAY + number * DAY + HOUR)

    assert [code for _, code in flags(session)] == ["SAME_FIX"]


def test_what_is_missing_shows_after_a_week_and_goes_when_it_comes(session, tap) -> None:
    tap(MONDAY, number=1, signed=True)
    tap(MONDAY + 2 * HOUR, number=3, signed=True)
    judging.judge_due(session, at=MONDAY + 3 * HOUR)
    assert one_flag(session).found_at == MONDAY + 2 * HOUR + 7 * DAY

    tap(MONDAY + HOUR, number=2, signed=True, received_at=MONDAY + 4 * HOUR)
    judging.judge_due(session, at=MONDAY + 5 * HOUR)

    assert flags(session) == []


def test_a_gap_that_somebody_could_see_is_settled_when_it_is_filled(session, tap) -> None:
    tap(MONDAY, number=1, signed=True)
    tap(MONDAY + 2 * HOUR, number=3, signed=True)
    judging.judge_due(session, at=MONDAY + 3 * HOUR)

    tap(MONDAY + HOUR, number=2, signed=True, received_at=NOW)
    judging.judge_due(session, at=NOW)

    flag = session.scalars(select(VisitFlag).where(VisitFlag.code == "CHAIN_GAP")).one()
    assert (flag.settled_at, flag.settled_by_id) == (NOW, None)


def test_what_was_refused_is_not_missing(session, world, tap) -> None:
    tap(MONDAY, number=1, signed=True)
    refused(session, world, chain_key="key", chain_number=2, chain_previous="h1", chain_hash="h2")
    tap(MONDAY + 2 * HOUR, number=3, signed=True)

    judging.judge_due(session, at=NOW)

    assert flags(session) == []


def test_an_id_that_comes_again_with_other_content_shows_on_the_first(session, world, tap) -> None:
    event_id = tap(MONDAY)
    judging.judge_due(session, at=NOW)
    refused(session, world, submission_id=event_id, code="ID_REUSED")

    assert judging.judge_due(session, at=NOW) == 1
    assert judging.judge_due(session, at=NOW) == 0
    assert flags(session) == [(event_id, "ID_REUSED")]


def test_another_who_uses_an_id_of_hers_casts_no_doubt_on_her(session, world, tap) -> None:
    event_id = tap(MONDAY)
    refused(session, world, submission_id=event_id, code="ID_REUSED", account_id=world.maria.id)

    judging.judge_due(session, at=NOW)

    assert flags(session) == []


def test_a_phone_for_a_family_and_a_page_without_its_key_are_remarks(session, world, tap) -> None:
    device = Device(token_hash="phone", name="Chrome on Android", created_at=MONDAY - DAY)
    session.add(device)
    session.flush()
    for account in (world.ana, world.maria):
        session.add(
            TrustedDevice(
                device_id=device.id, account_id=account.id, proved_at=MONDAY - DAY,
                public_key="a key", enrolled_at=MONDAY - DAY,
            )
        )  # fmt: skip
    session.commit()
    signed = tap(MONDAY, signed=True, device_id=device.id)
    unsigned = tap(MONDAY + HOUR, device_id=device.id)

    judging.judge_due(session, at=NOW)

    assert flags(session) == [(signed, "DEVICE_OF_SEVERAL"), (unsigned, "NOT_SIGNED")]


def test_what_was_undone_is_nobodys_question(session, world, tap) -> None:
    event_id = tap(MONDAY, FAR_AWAY)
    undo = Submission(str(uuid4()), MONDAY + timedelta(minutes=1), "undo", FROM_PHONE)
    visits.undo(
        session, about=event_id, submission=undo, by=world.ana, at=MONDAY + timedelta(minutes=1)
    )

    judging.judge_due(session, at=NOW)

    assert flags(session) == []


def test_killed_before_the_flags_are_kept_it_judges_the_same_again(
    session, tap, monkeypatch
) -> None:
    tap(MONDAY, FAR_AWAY)

    def killed(*_: object, **__: object) -> None:
        raise SystemExit

    with monkeypatch.context() as patched:
        patched.setattr(judging, "_let_go_of_filled_gaps", killed)
        with pytest.raises(SystemExit):
            judging.judge_due(session, at=NOW)
    session.rollback()
    assert flags(session) == []

    assert judging.judge_due(session, at=NOW) == 1
    assert [code for _, code in flags(session)] == ["AWAY"]


def test_the_number_of_statements_does_not_grow_with_the_events(session, tap) -> None:
    tap(MONDAY, AT_ROSAS)
    with counted(session) as few:
        judging.judge_due(session, at=NOW)
    for number in range(30):
        tap(MONDAY + number * HOUR / 4, AT_ROSAS)
    with counted(session) as many:
        judging.judge_due(session, at=NOW)

    assert len(many) <= len(few)


def refused(session: Session, world: World, **said: Any) -> None:
    columns = {
        "account_id": world.ana.id, "submission_id": str(uuid4()), "content_hash": "other",
        "kind": "check-in", "assignment_id": world.ana_for_rosa.id, "made_at": MONDAY,
        "received_at": MONDAY, "code": "NOT_ASSIGNED_THEN", "facts": {}, "signed": True, **said,
    }  # fmt: skip
    session.add(RefusedItem(**columns))
    session.commit()


@contextmanager
def counted(session: Session) -> Iterator[list[str]]:
    statements: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if not statement.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK")):
            statements.append(statement)

    engine = session.get_bind().engine
    sql_event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        sql_event.remove(engine, "before_cursor_execute", note)
