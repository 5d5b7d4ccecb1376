"""Workers are killed (-9) at every step and two are at work at once: each version has its effect once.

quality.md B3, faults 6, 16 and 17, for the way to the State's collector. Processes, kills, database and connection are real.
"""

import signal
import threading
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from multiprocessing import get_context

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

import aggregator_process
from aggregator_desk import ASK_AFTER, AT_ROSAS, MONDAY, SENDER, Desk, desk_for
from app.extensions import db
from app.gateways.aggregator import HttpAggregator
from app.gateways.aggregator_simulator import ACCOUNT
from app.models.aggregator import AggregatorMessage
from app.models.audit import AuditEvent
from app.models.engine import begin_for_writing
from app.services import aggregator_gathering, aggregator_sending
from factories import build_world

VISITS = 5
STEPS = ("leased", "sent", "noted")


@pytest.fixture
def desk(real_app: Flask) -> Iterator[Desk]:
    """Five visits wait, their people are known."""
    with real_app.app_context():
        world = build_world(db.session)
        with desk_for(db.session, world) as desk:
            for number in range(VISITS):
                desk.visit(MONDAY + timedelta(hours=4 * number), hours=1, position=AT_ROSAS)
            desk.gather()
            desk.send()
            for _ in range(2):
                desk.later(minutes=6)
                desk.ask()
            db.session.commit()
            yield desk


def effects(desk: Desk) -> Counter[tuple[str, int]]:
    """How often each version of a visit had an effect."""
    return Counter((each.key, each.sequence) for each in desk.taken())


@pytest.mark.parametrize("step", STEPS)
def test_a_killed_worker_is_taken_over_and_nothing_counts_twice(
    desk: Desk, real_app: Flask, step: str
) -> None:
    database = real_app.config["SQLALCHEMY_ENGINES"]["default"]["url"]
    process = get_context("spawn").Process(
        target=aggregator_process.send_and_die, args=(database, desk.url, desk.at, ASK_AFTER, step)
    )
    process.start()
    process.join(120)
    assert process.exitcode == -signal.SIGKILL

    if step != "noted":
        assert desk.send().sent == 0  # the lease still holds
        desk.later(minutes=11)
        assert desk.send().sent == VISITS
    desk.later(minutes=6)
    desk.run(turns=3)
    assert len(effects(desk)) == VISITS
    assert set(effects(desk).values()) == {1}
    assert {record.state for record in desk.records()} == {"accepted"}
    assert {message.content for message in desk.messages()} == {None}
    audited = desk.session.scalar(select(func.count()).where(AuditEvent.action == "location:sent"))
    assert audited == VISITS


def test_two_workers_at_once_send_each_version_once(desk: Desk, real_app: Flask) -> None:
    desk.simulator.mood.waits = 0.2  # so that they are at it together
    ready = threading.Barrier(2)
    sent = []

    def work() -> None:
        begin_for_writing()
        with real_app.app_context(), Session(db.engine) as session:
            ready.wait()
            done = aggregator_sending.send_due(
                session, HttpAggregator(desk.url, ACCOUNT), at=desk.at, ask_after=ASK_AFTER
            )
            sent.append(done.sent)

    together(work, work)
    assert sum(sent) == VISITS
    assert len([each for each in desk.simulator.received if each.kind == "visit"]) == VISITS


def test_two_workers_gather_each_visit_once(desk: Desk, real_app: Flask) -> None:
    for number in range(30):
        desk.visit(MONDAY + timedelta(days=1, minutes=10 * number), hours=0.1)
    before = len(desk.messages())
    db.session.commit()
    ready = threading.Barrier(2)
    queued = []

    def work() -> None:
        begin_for_writing()
        with real_app.app_context(), Session(db.engine) as session:
            ready.wait()
            queued.append(aggregator_gathering.gather(session, SENDER, at=desk.at))

    together(work, work)
    assert sum(queued) == 30
    assert len(desk.messages()) == before + 30
    latest = desk.session.scalar(select(func.count(func.distinct(AggregatorMessage.record_id))))
    assert latest == VISITS + 30 + 2


def together(*works: object) -> None:
    threads = [threading.Thread(target=work) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
