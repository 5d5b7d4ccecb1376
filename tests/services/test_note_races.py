"""A provider saves a note in the moment in which the recipient turns notes off: no note stays."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app import clock
from app.domain.outcomes import Refused
from app.extensions import db
from app.models.accounts import Account
from app.models.cases import Case
from app.models.engine import begin_for_writing
from app.models.notes import Note, NoteConsent
from app.services import notes
from factories import World, build_world

ROUNDS = 5
Act = Callable[[Session, Case, Account], object]


@pytest.fixture
def world(real_app: Flask) -> Iterator[World]:
    begin_for_writing()
    with real_app.app_context():
        yield build_world(db.session)
        db.session.rollback()


def write(session: Session, case: Case, by: Account) -> object:
    return notes.write(session, case, "Just now", by=by, at=clock.now()).id


def stop(session: Session, case: Case, by: Account) -> object:
    return notes.stop(session, case, by=by, at=clock.now())


def allow(session: Session, case: Case, by: Account) -> object:
    return notes.allow(session, case, by=by, at=clock.now())


def at_once(app: Flask, case_id: int, *acts: tuple[Act, int]) -> list[object]:
    """What each answered; a refusal is told by its code."""
    start = Barrier(len(acts))

    def run(act: tuple[Act, int]) -> object:
        verb, account_id = act
        begin_for_writing()
        with app.app_context():
            start.wait()
            case = db.session.get_one(Case, case_id)
            try:
                return verb(db.session, case, db.session.get_one(Account, account_id))
            except Refused as refused:
                return refused.code

    with ThreadPoolExecutor(len(acts)) as threads:
        return list(threads.map(run, acts))


def test_no_note_outlives_the_consent(real_app: Flask, world: World) -> None:
    case_id, ana, rosa = world.ana_for_rosa.case_id, world.ana.id, world.rosa.id
    db.session.rollback()
    for _ in range(ROUNDS):
        at_once(real_app, case_id, (allow, rosa))
        wrote, _ = at_once(real_app, case_id, (write, ana), (stop, rosa))
        assert isinstance(wrote, int) or wrote == "NOTES_NOT_SHARED"
        with real_app.app_context():
            assert db.session.scalar(select(func.count(Note.id))) == 0


def test_two_fingers_that_allow_make_one_consent(real_app: Flask, world: World) -> None:
    case_id, rosa = world.ana_for_rosa.case_id, world.rosa.id
    db.session.rollback()
    at_once(real_app, case_id, (allow, rosa), (allow, rosa))
    with real_app.app_context():
        assert db.session.scalar(select(func.count(NoteConsent.id))) == 1
