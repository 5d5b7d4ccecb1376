"""The jobs: each does its work, one that fails stops no other, and SIGTERM ends them cleanly."""

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.cli import jobs
from app.cli.jobs import Job
from app.extensions import db
from app.gateways import messaging
from app.models.audit import AuditSeal
from app.models.messages import QueuedEmail, QueuedText
from app.services import alarms, notices
from factories import World, build_world
from signed_sheets import approved, signed

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 3, 18, 17, tzinfo=UTC)
HOURS = {date(2026, 3, 2): 8}
ISSUED = {
    "payment_id": 1,
    "timesheet": 1,
    "recipient": "Rosa Delgado",
    "half_period": "2026-03-01",
    "gross_cents": 58920,
    "arrives_on": "2026-03-20",
}


def once(app: Flask) -> int:
    return app.test_cli_runner().invoke(args=["jobs", "run", "--once"]).exit_code


def letters(app: Flask) -> list[str]:
    folder = app.extensions["settings"].mailbox
    return [path.read_text() for path in sorted(folder.glob("*.eml"))]


def test_mail_that_waits_goes_out(app: Flask, session: Session, world: World) -> None:
    notices.queue(session, [world.ana], "PAYMENT_ISSUED", ISSUED, at=NOW)
    session.commit()
    assert once(app) == 0
    (letter,) = letters(app)
    assert "ana@example.com" in letter
    assert "Your payment of $589.20 was issued" in letter
    assert "Friday, March 20" in letter
    assert session.scalars(select(QueuedEmail.sent_at)).one() is not None


@pytest.mark.parametrize(
    ("code", "facts", "words"),
    [
        ("PAYMENT_DISPUTED", {"provider": "Ana Flores"}, "A payment is disputed"),
        ("PAYMENT_SETTLED", {"reason": "All right."}, "Your county looked at your payment"),
    ],
)
def test_every_letter_about_pay_can_be_composed(
    app: Flask, session: Session, world: World, code: str, facts: dict[str, str], words: str
) -> None:
    notices.queue(session, [world.ana], code, ISSUED | facts, at=NOW)
    session.commit()
    assert once(app) == 0
    assert words in letters(app)[0]


def test_texts_that_wait_go_out_to_who_chose_them(
    app: Flask, session: Session, world: World
) -> None:
    world.ana.phone, world.ana.phone_confirmed_at = "+12135550142", NOW
    world.ana.tells_by_email, world.ana.tells_by_text = False, True
    notices.queue(session, [world.ana], "PAYMENT_ISSUED", ISSUED, at=NOW)
    session.commit()
    assert once(app) == 0
    (text,) = letters(app)
    assert "To: +12135550142" in text
    assert "CareHours: " in text
    assert session.scalars(select(QueuedText.sent_at)).one() is not None


def test_where_no_texts_are_sent_they_wait_and_nothing_fails(
    app: Flask, session: Session, world: World
) -> None:
    usual = app.extensions["settings"]
    app.extensions["settings"] = replace(usual, text_url="")
    session.add(QueuedText(to_account_id=world.ana.id, code="KIT_MADE", facts={}, queued_at=NOW))
    session.commit()
    assert once(app) == 0
    app.extensions["settings"] = usual
    assert session.scalars(select(QueuedText.attempts)).one() == 0


@pytest.mark.parametrize(
    ("code", "facts"),
    [
        ("PASSWORD_CHANGED", {}),
        ("PASSKEY_ADDED", {"passkey": "My phone"}),
        ("PASSKEY_REMOVED", {"passkey": "My phone"}),
        ("APP_ADDED", {}),
        ("APP_REMOVED", {}),
        ("APP_GUESSED", {}),
        ("KIT_MADE", {}),
        ("RECOVERY_CODE_USED", {"left": 3}),
    ],
)
def test_every_alarm_goes_out_by_letter_and_text_each_with_its_own_link(
    app: Flask, session: Session, world: World, code: str, facts: dict[str, Any]
) -> None:
    world.ana.phone, world.ana.phone_confirmed_at = "+12135550142", NOW
    alarms.tell_of_change(session, world.ana, code, facts, at=NOW)
    session.commit()
    assert once(app) == 0
    found = messaging.letters(app.extensions["settings"].mailbox)
    links = [re.findall(r"http://localhost/not-me/[\w-]{43}", each.text) for each in found]
    assert [len(each) for each in links] == [1, 1]
    assert links[0] != links[1]


def test_what_waited_for_midnight_is_released_after_it(
    app: Flask, session: Session, world: World
) -> None:
    sheet = approved(
        session, world.ana_for_rosa, HOURS, by=world.ana, signer=world.rosa, holds=("EARLY",)
    )
    sheet.holds[0].releases_at = datetime(2026, 3, 19, 7, tzinfo=UTC)
    session.commit()
    for at, status in (("06:59:59", "on_hold"), ("07:00:01", "approved")):
        with time_machine.travel(f"2026-03-19T{at}+00:00", tick=False):
            assert once(app) == 0
        session.refresh(sheet)
        assert sheet.status == status


def test_reminders_go_out_by_day_and_once(app: Flask, session: Session, world: World) -> None:
    signed(session, world.ana_for_rosa, HOURS, by=world.ana)
    counts = []
    for local_hour in (3, 19, 20):
        at = datetime(2026, 3, 18, 7, tzinfo=UTC) + timedelta(hours=local_hour)
        with time_machine.travel(at, tick=False):
            assert once(app) == 0
        reminders = select(func.count()).where(QueuedEmail.code == "TIMESHEET_REMINDER")
        counts.append(session.scalar(reminders))
    assert counts == [0, 1, 1]


def test_the_audit_chains_are_sealed(app: Flask, session: Session, world: World) -> None:
    assert once(app) == 0
    assert session.scalar(select(func.count()).select_from(AuditSeal)) == 1


def test_a_job_that_fails_stops_no_other_and_is_tried_at_its_next_turn(
    app: Flask, session: Session, caplog: pytest.LogCaptureFixture
) -> None:
    done: list[str] = []

    def fail(_session: Session, _at: datetime) -> int:
        done.append("failed")
        raise RuntimeError("a job's own trouble")

    def work(_session: Session, _at: datetime) -> int:
        done.append("worked")
        return 1

    broken, sound = (
        Job("broken", timedelta(minutes=1), fail),
        Job("sound", timedelta(minutes=1), work),
    )
    assert [jobs.run_job(job, NOW) for job in (broken, sound)] == [False, True]
    assert done == ["failed", "worked"]
    assert "broken failed" in caplog.text
    assert not broken.is_due(NOW + timedelta(seconds=59))
    assert broken.is_due(NOW + timedelta(seconds=60))


def test_the_loop_ends_with_the_job_that_is_under_way(app: Flask, session: Session) -> None:
    stop, done = threading.Event(), []

    def work(_session: Session, _at: datetime) -> int:
        stop.set()
        done.append("whole")
        return 1

    def never(_session: Session, _at: datetime) -> int:
        raise AssertionError("begun after the stop")

    each = timedelta(seconds=0)
    jobs.run_until([Job("first", each, work), Job("second", each, never)], stop)
    assert done == ["whole"]


def test_sigterm_ends_the_process_cleanly(real_app: Flask, tmp_path: Path) -> None:
    with real_app.app_context():
        world = build_world(db.session)
        notices.queue(db.session, [world.ana], "PAYMENT_ISSUED", ISSUED, at=NOW)
        db.session.commit()
        db.engine.dispose()
    settings = real_app.extensions["settings"]
    process = subprocess.Popen(
        [sys.executable, "-m", "flask", "--app", "app", "jobs", "run"],
        cwd=ROOT, stderr=subprocess.PIPE, text=True,
        env=os.environ | {
            "PORTAL_ENV": "test", "PORTAL_DATABASE_URL": settings.database_url,
            "PORTAL_INSTANCE": str(tmp_path), "PORTAL_SMTP_URL": "mailbox:",
        },
    )  # fmt: skip
    try:
        wait_until(lambda: bool(letters(real_app)))
        process.send_signal(signal.SIGTERM)
        _out, log = process.communicate(timeout=30)
    finally:
        process.kill()
    assert process.returncode == 0
    assert "jobs: stopped" in log


def wait_until(is_so: Callable[[], bool], seconds: float = 60) -> None:
    ends = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < ends, "it did not happen in time"
        time.sleep(0.05)
