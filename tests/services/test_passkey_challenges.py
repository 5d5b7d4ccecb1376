"""Challenges: good once, for one ceremony, for a while, and nothing but ours."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.extensions import db
from app.gateways.passkeys import Reason, Rejected
from app.models.accounts import PasskeyChallenge
from app.models.engine import begin_for_writing
from app.services import passkey_challenges
from factories import World

NOON = datetime(2026, 11, 24, 20, tzinfo=UTC)
LAST_MOMENT = NOON + timedelta(minutes=15) - timedelta(seconds=1)


def issue(session: Session, ceremony: str = "sign_in") -> bytes:
    return passkey_challenges.issue(session, ceremony, None, at=NOON)


def use_up(
    session: Session, challenge: bytes, ceremony: str = "sign_in", at: datetime = NOON
) -> None:
    passkey_challenges.use_up(session, challenge, ceremony, None, at=at)


def rows(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(PasskeyChallenge)) or 0


def test_asking_a_thousand_times_leaves_no_row(session: Session) -> None:
    challenges = {issue(session) for _ in range(1000)}
    assert len(challenges) == 1000
    assert min(map(len, challenges)) >= passkey_challenges.LENGTH
    assert rows(session) == 0


def test_one_is_good_once(session: Session) -> None:
    challenge = issue(session)
    use_up(session, challenge, at=LAST_MOMENT)
    session.commit()
    with pytest.raises(Rejected):
        use_up(session, challenge, at=LAST_MOMENT)
    assert rows(session) == 1


BENT: dict[str, Callable[[bytes], bytes]] = {
    "one bit": lambda challenge: challenge[:-1] + bytes([challenge[-1] ^ 1]),
    "a later end": lambda challenge: b"\x7f" + challenge[1:],
    "cut short": lambda challenge: challenge[:-1],
    "made longer": lambda challenge: challenge + b"\x00",
    "only random": lambda _: b"r" * 72,
    "empty": lambda _: b"",
}


@pytest.mark.parametrize("bend", BENT.values(), ids=BENT.keys())
def test_what_we_did_not_issue_is_none(session: Session, bend: Callable[[bytes], bytes]) -> None:
    with pytest.raises(Rejected) as rejected:
        use_up(session, bend(issue(session)))
    assert rejected.value.reason is Reason.CHALLENGE
    assert rows(session) == 0


def test_one_of_another_ceremony_is_none(session: Session) -> None:
    with pytest.raises(Rejected):
        use_up(session, issue(session, "recover"))


def test_after_a_quarter_of_an_hour_it_is_none(session: Session) -> None:
    with pytest.raises(Rejected):
        use_up(session, issue(session), at=NOON + timedelta(minutes=15))


def test_one_for_an_account_is_no_good_for_another(session: Session, world: World) -> None:
    challenge = passkey_challenges.issue(session, "step_up", world.ana, at=NOON)
    for other in (world.rosa, None):
        with pytest.raises(Rejected):
            passkey_challenges.use_up(session, challenge, "step_up", other, at=NOON)
    passkey_challenges.use_up(session, challenge, "step_up", world.ana, at=NOON)


def test_of_many_at_the_same_moment_one_is_taken(real_app: Flask) -> None:
    with real_app.app_context():
        challenge = issue(db.session)

    def one(_: int) -> bool:
        begin_for_writing()
        with real_app.app_context():
            try:
                use_up(db.session, challenge)
            except Rejected:
                return False
            db.session.commit()
            return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(one, range(12))) == 1
