"""Mail that waits goes out once each, and neither a dead server nor a bad letter loses any."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.gateways.messaging import Email, SendingFailed
from app.models.accounts import Account
from app.models.messages import QueuedEmail
from app.services import notices, outgoing
from factories import World

NOW = datetime(2026, 3, 18, 17, tzinfo=UTC)


@dataclass
class Server:
    """A mail server in memory, which may be down, and notes every letter it took."""

    is_down: bool = False
    taken: list[Email] = field(default_factory=list)

    def send(self, email: Email) -> None:
        if self.is_down:
            raise SendingFailed("ConnectionRefusedError at localhost:25")
        self.taken.append(email)

    def rehearse(self) -> None:
        """Nothing to try."""


def compose(code: str, facts: Mapping[str, Any], to: Account) -> Email:
    if code == "BROKEN":
        raise KeyError("Rosa Delgado")
    return Email(to=to.email, subject=code, text=str(facts))


@pytest.fixture
def server() -> Server:
    return Server()


def queue(session: Session, to: Iterable[Account], code: str = "PAYMENT_ISSUED") -> None:
    notices.queue(session, to, code, {"gross_cents": 100}, at=NOW)
    session.commit()


def send(session: Session, server: Server, at: datetime = NOW) -> tuple[int, int, int]:
    done = outgoing.send_due(session, compose, server, at=at)
    return done.sent, done.failed, done.given_up


def letter(session: Session) -> QueuedEmail:
    return session.scalars(select(QueuedEmail).execution_options(populate_existing=True)).one()


def test_each_letter_goes_out_once(session: Session, world: World, server: Server) -> None:
    for _ in range(30):
        queue(session, [world.ana, world.rosa])
    assert send(session, server) == (60, 0, 0)
    assert send(session, server) == (0, 0, 0)
    assert len({email.key for email in server.taken}) == 60


def test_a_letter_that_fails_waits_longer_each_time(
    session: Session, world: World, server: Server
) -> None:
    queue(session, [world.ana])
    server.is_down = True
    waits, at = [], NOW
    for _ in range(4):
        assert send(session, server, at) == (0, 1, 0)
        assert send(session, server, at) == (0, 0, 0)  # not again at once
        leased_until = letter(session).leased_until
        assert leased_until is not None
        waits.append(leased_until - at)
        at = leased_until
    assert waits == [timedelta(minutes=each) for each in (1, 2, 4, 8)]

    server.is_down = False
    assert send(session, server, at) == (1, 0, 0)
    assert letter(session).sent_at == at
    assert letter(session).last_error is None


def test_a_letter_is_given_up_after_about_two_days_and_its_error_kept(
    session: Session, world: World, server: Server
) -> None:
    queue(session, [world.ana])
    server.is_down = True
    at, results = NOW, []
    for _ in range(outgoing.MOST_ATTEMPTS):
        results.append(send(session, server, at))
        at = letter(session).leased_until or at
    assert results[-1] == (0, 0, 1)
    assert timedelta(days=1) < at - NOW < timedelta(days=3)
    assert send(session, server, at + timedelta(days=9)) == (0, 0, 0)
    assert letter(session).last_error == "ConnectionRefusedError at localhost:25"


def test_a_letter_that_cannot_be_composed_stops_no_other_and_tells_no_names(
    session: Session, world: World, server: Server
) -> None:
    queue(session, [world.ana], "BROKEN")
    queue(session, [world.rosa])
    assert send(session, server) == (1, 1, 0)
    assert session.scalars(select(QueuedEmail.last_error).order_by(QueuedEmail.id)).first() == (
        "KeyError"
    )


def test_a_letter_that_somebody_else_is_sending_is_left_to_them(
    session: Session, world: World, server: Server
) -> None:
    queue(session, [world.ana])
    letter(session).leased_until = NOW + timedelta(minutes=5)
    session.commit()
    assert send(session, server) == (0, 0, 0)


def test_killed_between_sending_and_noting_it_is_sent_again_with_the_same_id(
    session: Session, world: World, server: Server
) -> None:
    class Plug:
        """Takes the letter, and then the power goes."""

        def send(self, email: Email) -> None:
            server.send(email)
            raise KeyboardInterrupt

        def rehearse(self) -> None:
            """Nothing to try."""

    queue(session, [world.ana])
    with pytest.raises(KeyboardInterrupt):
        outgoing.send_due(session, compose, Plug(), at=NOW)
    session.rollback()
    assert send(session, server) == (0, 0, 0)  # its lease still runs
    assert send(session, server, NOW + outgoing.LEASE) == (1, 0, 0)
    first, second = server.taken
    assert first == second
