"""`flask jobs run`: the background work, over and over until it is told to stop.

Each job has a database session of its own, and one that fails is logged and tried again at its next
turn: it never stops another. SIGTERM and Ctrl-C end the work after the job that is under way.
"""

import logging
import signal
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import FrameType

import click
from flask import current_app
from flask.cli import AppGroup
from sqlalchemy.orm import Session

from app import clock
from app.cli import aggregator
from app.extensions import db
from app.gateways.messaging import mailer_for
from app.gateways.texting import texter_for
from app.models.engine import begin_for_writing
from app.services import (
    audit,
    claim_pay,
    counted_tries,
    disavowals,
    forgotten_taps,
    holds,
    judging,
    locations,
    notes,
    outgoing,
    registration,
    reminders,
    sign_in,
    unsent_reminders,
)
from app.web import emails, texts

commands = AppGroup("jobs", help="The background work.")
log = logging.getLogger(__name__)

TICK = 1.0  # seconds between looks for a job that is due


@dataclass
class Job:
    """Something to be done again and again; answers how many things it did."""

    name: str
    every: timedelta
    work: Callable[[Session, datetime], int]
    due_at: datetime | None = None

    def is_due(self, at: datetime) -> bool:
        return self.due_at is None or at >= self.due_at


def all_jobs() -> list[Job]:
    """Every job with how often it is done."""
    return [
        Job("releases", timedelta(seconds=30), _release),
        Job("reminders", timedelta(minutes=15), _remind),
        Job("tap reminders", timedelta(minutes=5), _remind_of_taps),
        Job("judging", timedelta(seconds=10), _judge),
        Job("mail", timedelta(seconds=5), _send_mail),
        Job("texts", timedelta(seconds=5), _send_texts),
        Job("aggregator", timedelta(seconds=15), _tell_aggregator),
        Job("seal", timedelta(hours=1), _seal),
        Job("places", timedelta(hours=1), _delete_places),
        Job("leftovers", timedelta(hours=1), _delete_leftovers),
    ]


@commands.command("run")
@click.option(
    "--once", is_flag=True, help="Do every job once and end; exit status 1 if one failed."
)
def run_command(once: bool) -> None:
    """Send mail, release what waited for midnight, remind, and seal the audit chains."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    jobs = all_jobs()
    if once:
        results = [run_job(job, clock.now()) for job in jobs]
        raise SystemExit(0 if all(results) else 1)
    run_until(jobs, _stop_on_signals())


def run_until(jobs: list[Job], stop: threading.Event) -> None:
    """Do each job when it is due, until `stop` is set; the job under way is ended first."""
    log.info("jobs: started")
    while not stop.is_set():
        for job in jobs:
            if not stop.is_set() and job.is_due(clock.now()):
                run_job(job, clock.now())
        stop.wait(TICK)
    log.info("jobs: stopped")


def run_job(job: Job, at: datetime) -> bool:
    """Do one job in a session of its own; whether it ended well."""
    job.due_at = at + job.every
    begin_for_writing()
    try:
        with db.sessionmaker() as session:
            done = job.work(session, at)
    except Exception:  # whatever it is, the other jobs go on
        log.exception("jobs: %s failed", job.name)
        return False
    if done:
        log.info("jobs: %s did %d", job.name, done)
    return True


def _release(session: Session, at: datetime) -> int:
    return holds.release_due(session, at=at) + claim_pay.go_on_due(session, at=at)


def _remind(session: Session, at: datetime) -> int:
    return reminders.remind_due(session, at=at) + unsent_reminders.remind_unsent(session, at=at)


def _remind_of_taps(session: Session, at: datetime) -> int:
    return forgotten_taps.remind_check_outs(session, at=at) + forgotten_taps.remind_check_ins(
        session, at=at
    )


def _judge(session: Session, at: datetime) -> int:
    return judging.judge_due(session, at=at)


def _send_mail(session: Session, at: datetime) -> int:
    mailer = mailer_for(current_app.extensions["settings"])
    return _sent("mail", outgoing.send_due(session, emails.compose, mailer, at=at))


def _send_texts(session: Session, at: datetime) -> int:
    settings = current_app.extensions["settings"]
    if not settings.sends_texts:
        return 0
    result = outgoing.send_texts_due(session, texts.compose, texter_for(settings), at=at)
    return _sent("texts", result)


def _tell_aggregator(session: Session, at: datetime) -> int:
    settings = current_app.extensions["settings"]
    if not settings.tells_aggregator:
        return 0
    done = aggregator.tell(session, settings, at)
    for problem in done.problems:
        log.warning("jobs: aggregator: %s", problem)
    return done.sent + done.accepted + done.rejected


def _sent(what: str, result: outgoing.Sent) -> int:
    if result.failed or result.given_up:
        log.warning("jobs: %s: %d failed, %d given up", what, result.failed, result.given_up)
    return result.sent


def _seal(session: Session, at: datetime) -> int:
    return audit.seal(session, at=at).chains


def _delete_places(session: Session, at: datetime) -> int:
    return locations.delete_old(session, at=at)


def _delete_leftovers(session: Session, at: datetime) -> int:
    gone = sign_in.delete_leftovers(session, at=at)
    gone += counted_tries.delete_old(session, at=at) + disavowals.delete_old(session, at=at)
    gone += notes.delete_old(session, at=at)
    return gone + registration.delete_old(session, at=at)


def _stop_on_signals() -> threading.Event:
    stop = threading.Event()

    def end(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    return stop
