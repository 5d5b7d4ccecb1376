"""A worker that tells the aggregator in a process of its own, and is killed (-9) at a step of its work."""

import os
import signal
from datetime import datetime, timedelta

from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from app import config
from app.gateways.aggregator import HttpAggregator
from app.gateways.aggregator_simulator import ACCOUNT
from app.gateways.secrets import KeyRing
from app.models import sealed
from app.models.engine import prepare
from app.services import aggregator_sending


def send_and_die(database: str, url: str, at: datetime, ask_after: timedelta, step: str) -> None:
    """Send what waits, up to a step that is never survived."""
    sealed.unlock(KeyRing(config.DEMO_SEALING_KEYS, config.DEMO_FINGERPRINT_KEY))

    def checkpoint(reached: str) -> None:
        if reached == step:
            os.kill(os.getpid(), signal.SIGKILL)

    with Session(prepare(create_engine(database))) as session:
        aggregator_sending.send_due(
            session, HttpAggregator(url, ACCOUNT), at=at, ask_after=ask_after, checkpoint=checkpoint
        )
