"""Coordinates that were plain are sealed, lie nowhere any more, and come back on a step back."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine, select, text
from sqlalchemy.orm import Session

from app.domain.positions import Fix, PlaceValue, Verdict
from app.models.accounts import Account
from app.models.engine import begin_for_writing, prepare
from app.models.migrate import downgrade, upgrade
from app.models.people import Recipient
from app.models.visits import VisitEvent
from app.services import visits
from app.services.receipts import Submission, content_hash
from factories import build_world

HOME = (34.123456, -118.654321)
FIX = Fix(34.123512, -118.654287, 18.5)
PLAIN = ("34.123456", "-118.654321", "34.123512", "-118.654287")


@pytest.fixture
def engine(new_database: Callable[[], str]) -> Iterator[Engine]:
    begin_for_writing()
    engine = prepare(create_engine(new_database()))
    yield engine
    engine.dispose()


@pytest.fixture
def before(engine: Engine) -> Engine:
    """A database of the version before, in which Ana's phone told where she was."""
    with Session(engine) as session:
        build_world(session)
    downgrade(engine, "0006")
    with engine.begin() as connection:
        write(connection, 1, "check-in", "11111111-0000-4000-8000-000000000001", None)
        write(connection, 2, "position", "11111111-0000-4000-8000-000000000002", FIX)
        denied = "11111111-0000-4000-8000-000000000003"
        write(connection, 3, "position", denied, None, problem="denied")
        connection.execute(
            text("UPDATE recipient SET latitude = :n, longitude = :w WHERE id = 1"),
            {"n": HOME[0], "w": HOME[1]},
        )
        connection.execute(
            text("UPDATE recipient SET latitude = NULL, longitude = NULL WHERE id = 2")
        )
    return engine


def write(
    connection: Any, key: int, kind: str, event_id: str, fix: Fix | None, problem: str | None = None
) -> None:
    """A row as the version before wrote it, content hash and all."""
    about = "11111111-0000-4000-8000-000000000001" if kind == "position" else None
    verdict = "at_home" if fix else "no_position"
    said: list[Any] = [kind, 1, "2026-11-24T16:02:00.250Z", about]
    told = [verdict, 7 if fix else None]
    told += [fix.latitude, fix.longitude, fix.accuracy] if fix else [problem]
    connection.execute(
        text(
            "INSERT INTO visit_event (id, submission_id, content_hash, kind, assignment_id,"
            " about_submission_id, account_id, signed, source, made_at, received_at, counts_at,"
            " location, latitude, longitude, accuracy_m, position_problem, verdict, distance_m,"
            " receipt) VALUES (:id, :event, :hash, :kind, 1, :about, 1, false, 'phone',"
            " '2026-11-24 16:02:00.250000+00:00', '2026-11-24 16:02:01.000000+00:00',"
            " '2026-11-24 16:02:00.250000+00:00', 'home', :n, :w, :a, :problem, :verdict,"
            " :distance, :receipt)"
        ),
        {
            "id": key, "event": event_id, "kind": kind, "about": about, "problem": problem,
            "hash": content_hash([content_hash(said), *map(str, told)]), "receipt": f"R-{key}",
            "n": fix and fix.latitude, "w": fix and fix.longitude, "a": fix and fix.accuracy,
            "verdict": verdict, "distance": 7 if fix else None,
        },
    )  # fmt: skip


def test_what_was_plain_is_read_through_the_models_and_lies_nowhere_any_more(
    before: Engine,
) -> None:
    upgrade(before)
    with Session(before) as session:
        homes = session.scalars(select(Recipient).order_by(Recipient.id)).all()
        assert [home.home for home in homes[:2]] == [HOME, None]
        events = session.scalars(select(VisitEvent).order_by(VisitEvent.id)).all()
        assert [event.position for event in events] == [None, FIX, None]
    if before.dialect.name == "sqlite":
        assert before.url.database
        for path in Path(before.url.database).parent.iterdir():
            assert not [plain for plain in PLAIN if plain.encode() in path.read_bytes()], path


def test_a_repeat_of_what_was_received_before_has_its_first_receipt(before: Engine) -> None:
    upgrade(before)
    with Session(before) as session:
        ana, first = session.get_one(Account, 1), session.get_one(VisitEvent, 2)
        said = (first.kind, ana.id, "2026-11-24T16:02:00.250Z", first.about_submission_id)
        again = visits.take_position(
            session,
            about=str(first.about_submission_id),
            position=FIX,
            submission=Submission(first.submission_id, first.made_at, content_hash(said)),
            by=ana,
            at=first.received_at,
        )
    assert (again.receipt, again.verdict) == ("R-2", Verdict(PlaceValue.AT_HOME, 7, 18))


def test_a_step_back_brings_coordinates_and_hashes_back(before: Engine) -> None:
    kept = plain_values(before)
    upgrade(before)
    sealed = hashes(before)
    downgrade(before, "0007")
    assert plain_values(before) == kept
    downgrade(before, "0006")
    assert plain_values(before) == kept
    upgrade(before)
    assert hashes(before) == sealed
    assert [one == other for one, other in zip(sealed, kept[-1], strict=True)] == [
        True, False, True,
    ]  # fmt: skip


def test_what_an_old_version_writes_meanwhile_is_sealed_as_well(before: Engine) -> None:
    upgrade(before, "0007")
    with before.begin() as connection:
        late = "11111111-0000-4000-8000-000000000004"
        write(connection, 4, "position", late, Fix(35.5, -119.5, 9))
        connection.execute(text("UPDATE recipient SET latitude = 35.25 WHERE id = 1"))
    upgrade(before)
    with Session(before) as session:
        assert session.get_one(VisitEvent, 4).position == Fix(35.5, -119.5, 9.0)
        assert session.get_one(Recipient, 1).home == (35.25, HOME[1])


def plain_values(engine: Engine) -> list[list[Any]]:
    where = "latitude, longitude, accuracy_m"
    kept = []
    with engine.connect() as connection:
        for table, columns in (("recipient", "latitude, longitude"), ("visit_event", where)):
            rows = connection.execute(text(f"SELECT {columns} FROM {table} ORDER BY id"))  # noqa: S608
            kept.append([tuple(row) for row in rows])
    return [*kept, hashes(engine)]


def hashes(engine: Engine) -> list[Any]:
    with engine.connect() as connection:
        return list(
            connection.execute(text("SELECT content_hash FROM visit_event ORDER BY id")).scalars()
        )
