"""Two agents, or a link opened twice, in the same moment: one winner, and one new address."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session

from app import clock
from app.domain.outcomes import Refused
from app.extensions import db
from app.models.accounts import Account
from app.models.engine import begin_for_writing
from app.models.messages import QueuedEmail
from app.services import email_corrections as corrections
from factories import World, build_world

ROUNDS = 3
REASON = "Two letters were swapped."
RIGHT = "ana.flores@example.com"


@dataclass
class Race:
    """Acts that start together, each in a thread with a session of its own."""

    app: Flask
    world: World

    def run(self, *acts: Callable[[Session], object]) -> list[str]:
        """What became of each act: done, gone, or the code of a refusal."""
        start = Barrier(len(acts))

        def act(one: Callable[[Session], object]) -> str:
            begin_for_writing()
            with self.app.app_context():
                start.wait()
                try:
                    one(db.session)
                except Refused as refused:
                    return refused.code
                except NoResultFound:
                    return "gone"
                return "done"

        with ThreadPoolExecutor(len(acts)) as threads:
            return list(threads.map(act, acts))


@pytest.fixture
def race(real_app: Flask) -> Iterator[Race]:
    begin_for_writing()
    with real_app.app_context():
        world = build_world(db.session)
    yield Race(real_app, world)
    with real_app.app_context():
        db.engine.dispose()


def person(session: Session, account: Account) -> Account:
    return session.scalars(select(Account).where(Account.id == account.id)).one()


def asked(race: Race) -> int:
    begin_for_writing()
    with race.app.app_context():
        dev, ana = person(db.session, race.world.dev), person(db.session, race.world.ana)
        corrections.ask(db.session, ana, RIGHT, reason=REASON, by=dev, at=clock.now())
        (waiting,) = corrections.waiting(db.session, at=clock.now())
        return waiting.change.id


def decides(
    race: Race, change_id: int, agent: Account, verb: Callable[..., object]
) -> Callable[[Session], object]:
    def decide(session: Session) -> object:
        found = corrections.find_waiting(session, change_id, at=clock.now())
        return verb(session, found, reason=REASON, by=person(session, agent), at=clock.now())

    return decide


def test_to_agree_and_to_refuse_cannot_both_succeed(race: Race) -> None:
    for _ in range(ROUNDS):
        change_id = asked(race)
        outcomes = race.run(
            decides(race, change_id, race.world.noor, corrections.agree),
            decides(race, change_id, race.world.dev, corrections.refuse),
        )
        assert sorted(outcomes) == ["done", "gone"]


def test_a_link_that_is_opened_twice_at_once_counts_once(race: Race) -> None:
    begin_for_writing()
    change_id = asked(race)
    with race.app.app_context():
        found = corrections.find_waiting(db.session, change_id, at=clock.now())
        noor = person(db.session, race.world.noor)
        token = corrections.agree(db.session, found, reason=REASON, by=noor, at=clock.now()).token

    def confirm(session: Session) -> None:
        corrections.confirm(session, token, at=clock.now())

    assert sorted(race.run(confirm, confirm)) == ["done", "gone"]
    with race.app.app_context():
        told = select(func.count()).where(QueuedEmail.code == "EMAIL_CHANGED")
        assert db.session.scalar(told) == 2  # the new address and the old one
        assert person(db.session, race.world.ana).email == RIGHT
