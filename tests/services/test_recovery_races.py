"""Many at once on the ways back: no try slips past its limit, and nothing works twice."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from sqlalchemy import select

from app.domain.outcomes import Refused
from app.extensions import db
from app.gateways.turns import TooBusy
from app.models.accounts import Account
from app.models.engine import begin_for_writing
from app.services import recovery, recovery_end
from factories import build_world
from ways_back import NEW_PASSWORD, NOON, Walker, equip, set_out

AT_ONCE = 6
Act = Callable[[Callable[[], None], int], list[str]]


@pytest.fixture
def at_once(real_app: Flask) -> Act:
    """Does something so many times at once, and answers how each ended: done, or a code."""

    def act(step: Callable[[], None], times: int) -> list[str]:
        def once(_number: int) -> str:
            begin_for_writing()
            with real_app.app_context():
                try:
                    step()
                except Refused as refused:
                    return refused.code
                except TooBusy:
                    return "BUSY"
                return "done"

        with ThreadPoolExecutor(AT_ONCE) as hands:
            return list(hands.map(once, range(times)))

    return act


@pytest.fixture
def kit(real_app: Flask) -> list[str]:
    with real_app.app_context():
        return equip(db.session, build_world(db.session).ana)


def begun(app: Flask) -> str:
    with app.app_context():
        return set_out(db.session).ticket


def test_a_kit_code_is_taken_once_however_many_try(
    real_app: Flask, kit: list[str], at_once: Act
) -> None:
    tickets = [begun(real_app) for _ in range(8)]
    ended = at_once(lambda: Walker(db.session, tickets.pop()).type_kit_code(kit[0]), 8)
    assert sorted(ended) == ["RECOVERY_CODE_WRONG"] * 7 + ["done"]


def test_wrong_answers_at_once_are_three_and_no_more(
    real_app: Flask, kit: list[str], at_once: Act
) -> None:
    ticket = begun(real_app)
    ended = at_once(lambda: Walker(db.session, ticket).answer("no idea"), 12)
    looked_at = [each for each in ended if each == "ANSWER_WRONG"]
    assert len(looked_at) <= 2  # the third says that it was the last
    assert set(ended) <= {"ANSWER_WRONG", "QUESTION_CLOSED", "BUSY"}


def test_the_desks_link_is_followed_once(real_app: Flask, kit: list[str], at_once: Act) -> None:
    with real_app.app_context():
        ana, dev = (
            db.session.scalars(select(Account).where(Account.username == name)).one()
            for name in ("ana", "dev")
        )
        link = recovery.desk_reset(db.session, ana, reason="Called", by=dev, at=NOON)

    def follow() -> None:
        recovery.follow_link(db.session, link.token, at=NOON)

    assert sorted(at_once(follow, 8)) == ["LINK_UNKNOWN"] * 7 + ["done"]


def test_two_tabs_end_one_way_back_once(real_app: Flask, kit: list[str], at_once: Act) -> None:
    with real_app.app_context():
        ana = set_out(db.session)
        ana.prove_by_email()
        ana.type_kit_code(kit[0])

    def end() -> None:
        way = recovery.find(db.session, ana.ticket, at=NOON)
        if way is None:
            raise Refused("PROOFS_MISSING")
        recovery_end.set_password(db.session, way, NEW_PASSWORD, at=NOON)

    assert at_once(end, 4).count("done") == 1
