"""The command line tells the aggregator, says how things stand, and can be an aggregator itself."""

import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from sqlalchemy.orm import Session

from aggregator_desk import EVENING, Desk, desk_for
from app.gateways.aggregator import HttpAggregator
from app.gateways.aggregator_simulator import ACCOUNT, PROVIDER_ID
from factories import World

ROOT = Path(__file__).parents[2]


@pytest.fixture
def desk(
    app: Flask, session: Session, world: World, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Desk]:
    with desk_for(session, world) as desk:
        settings = replace(
            app.extensions["settings"],
            aggregator_url=desk.url,
            aggregator_account=ACCOUNT,
            aggregator_provider=PROVIDER_ID,
            aggregator_ask_after=1,
        )
        monkeypatch.setitem(app.extensions, "settings", settings)
        yield desk


def run(app: Flask, *arguments: str) -> tuple[int, str]:
    result = app.test_cli_runner().invoke(args=arguments)
    return result.exit_code, result.output


def test_without_an_aggregator_it_says_so(app: Flask, session: Session) -> None:
    code, said = run(app, "aggregator", "send")
    assert code == 1
    assert "PORTAL_AGGREGATOR_URL" in said


def test_it_sends_and_tells_how_things_stand(app: Flask, desk: Desk) -> None:
    desk.visit()
    with time_machine.travel(EVENING, tick=False) as clock:
        said = []
        for _ in range(6):
            said.append(run(app, "aggregator", "send"))
            clock.shift(timedelta(minutes=1))
    assert said[0] == (0, "2 sent, 0 accepted, 0 rejected\n")
    assert len(desk.held()) == 1
    code, stands = run(app, "aggregator", "status")
    assert (code, stands) == (
        0,
        "client    accepted    1\nemployee  accepted    1\nvisit     accepted    1\n",
    )


def test_what_is_stuck_is_told_by_number_and_reason_and_not_by_name(app: Flask, desk: Desk) -> None:
    desk.world.ana_for_rosa.recipient.address = "1 Example Street"
    desk.session.commit()
    desk.visit()
    desk.run()
    _, stands = run(app, "aggregator", "status")
    assert re.search(r"client \d+: AGGREGATOR_FORMAT -101 ClientCity", stands)
    assert "Rosa" not in stands


def test_a_failure_is_an_exit_status(
    app: Flask, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = replace(app.extensions["settings"], aggregator_url="http://127.0.0.1:9")
    monkeypatch.setitem(app.extensions, "settings", settings)
    desk.visit()
    code, said = run(app, "aggregator", "send")
    assert code == 1
    assert "127.0.0.1:9" in said


def test_the_jobs_tell_it_too(app: Flask, desk: Desk) -> None:
    desk.visit()
    with time_machine.travel(EVENING, tick=False) as clock:
        for _ in range(6):
            run(app, "jobs", "run", "--once")
            clock.shift(timedelta(minutes=1))
    assert len(desk.held()) == 1


def test_it_can_be_an_aggregator_until_it_is_told_to_stop(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "flask", "--app", "app", "aggregator", "simulate", "--port", "0"],
        cwd=ROOT,
        env={"PORTAL_ENV": "test", "PORTAL_INSTANCE": str(tmp_path), "PATH": ""},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    try:
        url = process.stdout.readline().strip().removeprefix("PORTAL_AGGREGATOR_URL=")
        assert HttpAggregator(url, ACCOUNT).send("employee", [{}])
    finally:
        process.send_signal(signal.SIGTERM)
        process.stdout.close()
    assert process.wait(20) == 0
