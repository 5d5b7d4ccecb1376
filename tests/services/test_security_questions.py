"""Answers are kept hashed, and a name that nobody has is asked as if it were somebody's."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.outcomes import Refused
from app.domain.questions import QUESTIONS
from app.gateways.secrets import Secrets
from app.models.accounts import Stranger
from app.models.factors import SecurityAnswer
from app.services import security_questions
from factories import World

NOON = datetime(2026, 11, 24, 20, tzinfo=UTC)
SECRETS = Secrets("a key for these tests")
GOOD = {"FIRST_PET": "Bruno", "FIRST_JOB": "The bakery", "FIRST_STREET": "Calle Ocho"}


@pytest.fixture
def stranger(session: Session) -> Stranger:
    stranger = Stranger(name_hash="a" * 64, failures_in_a_row=0, seen_at=NOON)
    session.add(stranger)
    session.flush()
    return stranger


def test_an_answer_is_known_again_however_it_is_written(session: Session, world: World) -> None:
    security_questions.set_answers(session, world.ana, GOOD, by=world.ana, at=NOON)

    assert security_questions.check(session, world.ana, "FIRST_JOB", "the  bakery!")
    assert not security_questions.check(session, world.ana, "FIRST_JOB", "Bruno")
    assert not security_questions.check(session, world.ana, "FIRST_TRIP", "Bruno")
    assert not security_questions.check(session, world.rosa, "FIRST_PET", "Bruno")


def test_answers_lie_hashed(session: Session, world: World) -> None:
    security_questions.set_answers(session, world.ana, GOOD, by=world.ana, at=NOON)

    kept = session.scalars(select(SecurityAnswer.answer_hash)).all()
    assert len(kept) == 3
    assert all(each.startswith("$argon2id$") for each in kept)


def test_new_answers_take_the_place_of_all_before(session: Session, world: World) -> None:
    other = {"FIRST_TRIP": "Reno", "FIRST_DISH": "Soup", "FIRST_PET": "Luna"}
    security_questions.set_answers(session, world.ana, GOOD, by=world.ana, at=NOON)
    security_questions.set_answers(session, world.ana, other, by=world.ana, at=NOON)

    assert set(security_questions.questions_of(session, world.ana)) == set(other)
    assert not security_questions.check(session, world.ana, "FIRST_PET", "Bruno")


def test_refused_answers_leave_the_old_ones(session: Session, world: World) -> None:
    security_questions.set_answers(session, world.ana, GOOD, by=world.ana, at=NOON)
    with pytest.raises(Refused):
        security_questions.set_answers(
            session, world.ana, GOOD | {"FIRST_PET": ""}, by=world.ana, at=NOON
        )

    assert security_questions.check(session, world.ana, "FIRST_PET", "Bruno")


def test_an_account_is_asked_the_same_question_each_time(session: Session, world: World) -> None:
    security_questions.set_answers(session, world.ana, GOOD, by=world.ana, at=NOON)

    asked = {security_questions.ask(session, world.ana, secrets=SECRETS) for _ in range(5)}
    assert len(asked) == 1
    assert asked <= set(GOOD)


def test_a_name_that_nobody_has_is_asked_too_and_knows_no_answer(
    session: Session, stranger: Stranger
) -> None:
    asked = {security_questions.ask(session, stranger, secrets=SECRETS) for _ in range(5)}
    assert len(asked) == 1
    assert asked <= set(QUESTIONS)
    assert not security_questions.check(session, stranger, *asked, "Bruno")


def test_an_account_without_answers_is_treated_like_that(session: Session, world: World) -> None:
    asked = security_questions.ask(session, world.ana, secrets=SECRETS)
    assert not security_questions.check(session, world.ana, asked, "")
