"""The portal's door for phones, with Ana's phone before it: what is sent, what is answered, what is flagged."""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.models.visits import VisitEvent, VisitFlag
from app.services import judging
from factories import World
from phones import Item, Phone

HEADERS = {"X-Requested-With": "carehours", "Sec-Fetch-Site": "same-origin"}
NOW = datetime(2026, 11, 10, 18, tzinfo=UTC)  # 10 AM in Los Angeles
DAY = timedelta(days=1)


@dataclass
class Stage:
    """Ana with her phone, the portal, and whoever plays tricks.

    `answers` are those to the last list, `seen` is what came of all: answers and flags.
    """

    session: Session
    world: World
    app: Flask
    clock: time_machine.Traveller
    stranger: FlaskClient
    signed_in: FlaskClient
    phone: Phone
    seen: set[str] = field(default_factory=set)
    answers: list[dict[str, Any]] = field(default_factory=list)

    @property
    def rosa(self) -> int:
        return self.world.ana_for_rosa.id

    @property
    def walter(self) -> int:
        return self.world.ana_for_walter.id

    def later(self, passed: timedelta) -> datetime:
        self.clock.shift(passed)
        return self.now

    @property
    def now(self) -> datetime:
        return datetime.now(UTC)

    def online(self) -> None:
        """The phone hears our time."""
        self.phone.anchor = self.app.extensions["time_anchors"].make(self.now)

    def send(self, *items: Item, by_session: bool = False) -> list[str | None]:
        """Send a list, with nothing but its signatures or in Ana's session; answers the receipts."""
        client = self.signed_in if by_session else self.stranger
        response = client.post(
            "/offline/events", data=json.dumps(items), headers=HEADERS,
            content_type="application/json",
        )  # fmt: skip
        if response.status_code != 200:
            self.seen.add(str(response.status_code))
            return []
        self.answers = response.json["results"]
        for answer in self.answers:
            assert answer["result"] == "received" or answer["message"], answer
            self.seen.add(" ".join([answer["result"], answer.get("code", "")]).strip())
        return [answer.get("receipt") for answer in self.answers]

    def judge(self) -> None:
        """A fortnight later everything has been judged, and what waits to be shown is shown."""
        at = self.now + 14 * DAY
        judging.judge_due(self.session, at=at)
        found = self.session.scalars(select(VisitFlag.code).where(VisitFlag.found_at <= at))
        self.seen |= {f"flag {code}" for code in found}

    def events(self) -> int:
        return self.session.scalar(select(func.count(VisitEvent.id))) or 0

    def counted(self) -> list[datetime]:
        """When each event counts as made, in the order in which they came."""
        return list(self.session.scalars(select(VisitEvent.counts_at).order_by(VisitEvent.id)))
