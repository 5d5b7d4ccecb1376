"""Counted tries: a limit a person and address, also against tries made at the same moment."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.outcomes import Refused
from app.extensions import db
from app.gateways.secrets import Secrets
from app.models.engine import begin_for_writing
from app.models.factors import Try
from app.services import counted_tries

SECRETS = Secrets("a key of thirty-two characters...")
NOON = datetime(2026, 11, 24, 20, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


def count(session: Session, *who: str, what: str = "registration", at: datetime = NOON) -> None:
    counted_tries.count(session, what, who, most=3, within=HOUR, secrets=SECRETS, at=at)


def tries(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Try)) or 0


def test_as_many_tries_as_may_be_are_counted_and_one_more_is_refused(session: Session) -> None:
    for minute in range(3):
        count(session, "100000009", at=NOON + minute * MINUTE)

    with pytest.raises(Refused) as refused:
        count(session, "100000009", at=NOON + 10 * MINUTE)

    assert refused.value.code == "TOO_MANY_TRIES"
    assert refused.value.facts == {"retry_after": 50 * 60}


def test_whoever_waits_as_long_as_was_said_is_let_in(session: Session) -> None:
    for _ in range(3):
        count(session, "100000009")
    with pytest.raises(Refused) as refused:
        count(session, "100000009", at=NOON + MINUTE)

    count(
        session,
        "100000009",
        at=NOON + MINUTE + timedelta(seconds=int(str(refused.value.facts["retry_after"]))),
    )


def test_an_address_is_counted_whatever_number_it_tries(session: Session) -> None:
    for number in range(3):
        count(session, str(number), "203.0.113.7")

    with pytest.raises(Refused):
        count(session, "3", "203.0.113.7")
    count(session, "3", "203.0.113.8")


def test_a_refused_try_counts_against_nobody(session: Session) -> None:
    for _ in range(3):
        count(session, "203.0.113.7")
    before = tries(session)

    with pytest.raises(Refused):
        count(session, "100000009", "203.0.113.7")

    assert tries(session) == before


def test_a_try_that_came_to_nothing_is_given_back(session: Session) -> None:
    for minute in range(3):
        count(session, "ana", at=NOON + minute * MINUTE)

    counted_tries.give_back(session, "registration", ["ana"], secrets=SECRETS, at=NOON + MINUTE)

    count(session, "ana", at=NOON + 3 * MINUTE)


def test_different_things_are_counted_apart(session: Session) -> None:
    for _ in range(3):
        count(session, "ana")

    count(session, "ana", what="sign_in")


def test_neither_names_nor_addresses_stand_in_the_table(session: Session) -> None:
    count(session, "100000009", "203.0.113.7")

    kept = " ".join(session.scalars(select(Try.who_hash)))

    assert "100000009" not in kept
    assert "203.0.113.7" not in kept


def test_old_tries_are_dropped(session: Session) -> None:
    count(session, "old")
    count(session, "new", at=NOON + timedelta(days=1))

    assert counted_tries.delete_old(session, at=NOON + timedelta(days=1, minutes=1)) == 1
    assert tries(session) == 1


def test_tries_at_the_same_moment_do_not_slip_past(real_app: Flask) -> None:
    def one(_: int) -> bool:
        begin_for_writing()
        with real_app.app_context():
            try:
                count(db.session, "100000009", "203.0.113.7")
            except Refused:
                return False
            return True

    with ThreadPoolExecutor(8) as pool:
        taken = list(pool.map(one, range(12)))

    assert sum(taken) == 3
