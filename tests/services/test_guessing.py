"""Guess after guess, whatever is guessed: how many of them are even looked at?

Tried as fast as somebody can send them, and by somebody who comes back whenever a door opens again.
Ten thousand of them are reckoned through in tests/domain/test_guessing.py, where a guess costs nothing.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.outcomes import Refused
from app.gateways import authenticator_apps, passwords
from app.gateways.secrets import Secrets
from app.models.factors import AuthenticatorApp
from app.services import codes, factors, sign_in
from factories import World

SECRETS = Secrets("a key of thirty-two characters...")
NOON = datetime(2026, 11, 24, 20, tzinfo=UTC)
GUESSES = 500
A_WEEK = 7 * 24  # tries, one an hour
FAILURES_BEFORE_THE_LOCK = 5
FAILURES_BEFORE_IT_IS_OFF = 100
CODES_AN_HOUR, TRIES_OF_A_CODE = 4, 5


class Guesser:
    """Somebody who guesses without end, and what became of it."""

    def __init__(self, guess: Callable[[datetime], object]) -> None:
        self._guess = guess
        self.said: dict[str, int] = {}

    def tries(self, times: int, *, every: timedelta = timedelta(0)) -> "Guesser":
        for number in range(times):
            try:
                self._guess(NOON + number * every)
            except Refused as refused:
                self.said[refused.code] = self.said.get(refused.code, 0) + 1
            else:
                self.said["right"] = self.said.get("right", 0) + 1
        return self


@pytest.fixture
def hashed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The passwords that were looked at, by hashing that costs nothing."""
    looked_at: list[str] = []

    def verify(_kept: str | None, text: str) -> bool:
        looked_at.append(text)
        return False

    monkeypatch.setattr(passwords, "verify", verify)
    return looked_at


@pytest.mark.parametrize("name", ["ana", "nobody"])
def test_hundreds_of_passwords_are_a_handful_of_looks(
    session: Session, world: World, hashed: list[str], name: str
) -> None:
    def guess(at: datetime) -> object:
        return sign_in.check_password(session, name, "guess", secrets=SECRETS, at=at)

    guesser = Guesser(guess).tries(GUESSES)
    assert len(hashed) == FAILURES_BEFORE_THE_LOCK
    assert guesser.said["LOCKED"] >= GUESSES - FAILURES_BEFORE_THE_LOCK


def test_who_guesses_a_password_for_a_week_has_a_hundred_looks(
    session: Session, world: World, hashed: list[str]
) -> None:
    def guess(at: datetime) -> object:
        return sign_in.check_password(session, "ana", "guess", secrets=SECRETS, at=at)

    guesser = Guesser(guess).tries(A_WEEK, every=timedelta(hours=1))
    assert len(hashed) == FAILURES_BEFORE_IT_IS_OFF
    assert guesser.said["PASSWORD_OFF"] >= A_WEEK - FAILURES_BEFORE_IT_IS_OFF - 1


def test_hundreds_of_codes_are_twenty_looks_an_hour(session: Session, world: World) -> None:
    """Codes are asked for over and over, and each is guessed at many times."""
    sent = Guesser(
        lambda at: tickets.append(
            codes.issue_code(
                session, world.ana, "sign_in", device=None, secrets=SECRETS, at=at
            ).ticket
        )
    )
    tickets: list[str] = []
    tried = Guesser(
        lambda at: codes.check_code(session, tickets[-1], "no code", secrets=SECRETS, at=at)
    )
    for _ in range(GUESSES // 50):
        sent.tries(1)
        tried.tries(50)
    assert len(tickets) == CODES_AN_HOUR
    assert tried.said["CODE_WRONG"] == CODES_AN_HOUR * TRIES_OF_A_CODE
    assert "right" not in tried.said


def test_hundreds_of_codes_of_an_app_are_a_handful_of_looks(
    session: Session, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    factors.begin_app(session, world.ana, at=NOON)
    app = session.scalars(select(AuthenticatorApp)).one()
    app.confirmed_at = NOON
    session.commit()
    looked_at: list[str] = []

    def step_of(_secret: str, typed: str, *, at: datetime) -> None:
        looked_at.append(typed)

    monkeypatch.setattr(authenticator_apps, "step_of", step_of)
    guesser = Guesser(lambda at: factors.check_app(session, world.ana, "000000", at=at))
    guesser.tries(GUESSES)
    assert len(looked_at) == FAILURES_BEFORE_THE_LOCK
    assert guesser.said["APP_LOCKED"] == GUESSES - FAILURES_BEFORE_THE_LOCK
