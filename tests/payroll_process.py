"""Payroll in a process of its own, killed (-9) at its n-th step; imports no web, so it starts fast."""

import os
import signal
import sys
from datetime import date, datetime
from multiprocessing import forkserver, get_context
from multiprocessing.context import ForkServerProcess
from pathlib import Path

from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from app import config
from app.gateways.holidays import CALIFORNIA
from app.gateways.secrets import KeyRing
from app.models import sealed
from app.models.engine import prepare
from app.services import payroll

assert date(2026, 1, 1) in CALIFORNIA  # loaded once, in the server that all are forked from

CONTEXT = get_context("forkserver")


def serve() -> None:
    """Start the process that all runs are forked from, with everything imported."""
    CONTEXT.set_forkserver_preload(
        [
            "pytest",
            "sqlalchemy.dialects.sqlite",
            "sqlalchemy.dialects.postgresql",
            "psycopg",
            __name__,
        ]
    )
    before = os.environ.get("PYTHONPATH")
    os.environ["PYTHONPATH"] = os.pathsep.join(sys.path)  # Python 3.11's server has no other way
    try:
        forkserver.ensure_running()
    finally:
        if before is None:
            del os.environ["PYTHONPATH"]
        else:
            os.environ["PYTHONPATH"] = before


def start(
    url: str, folder: Path, *, at: datetime, issue_on: date, fatal_step: int = 0
) -> ForkServerProcess:
    """A payroll run that has begun; it kills itself at a step, or with 0 lives to the end."""
    process = CONTEXT.Process(target=_run, args=(url, folder, at, issue_on, fatal_step))
    process.start()
    return process


def _run(url: str, folder: Path, at: datetime, issue_on: date, fatal_step: int) -> None:
    steps = 0

    def checkpoint(_step: str) -> None:
        nonlocal steps
        steps += 1
        if steps == fatal_step:
            os.kill(os.getpid(), signal.SIGKILL)

    sealed.unlock(KeyRing(config.DEMO_SEALING_KEYS, config.DEMO_FINGERPRINT_KEY))
    with Session(prepare(create_engine(url)), expire_on_commit=False) as session:
        payroll.run(session, issue_on, at=at, folder=folder, checkpoint=checkpoint)
