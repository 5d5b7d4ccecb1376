"""Answers to security questions: what is forgiven, and what is refused."""

from datetime import UTC, datetime

import pytest

from app.domain import questions
from app.domain.outcomes import Refused

NOON = datetime(2026, 11, 24, 20, tzinfo=UTC)
GOOD = {"FIRST_PET": "Bruno", "FIRST_JOB": "The bakery", "FIRST_STREET": "Calle Ocho"}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Bruno", " bruno "),
        ("Señor Gato", "SENOR GATO"),
        ("St. Mary's School", "st marys school"),
        ("Straße", "STRASSE"),
        ("Cafe\u0301", "café"),
        ("Bru no", "Bruno"),
        ("Երևան", "ԵՐԵՒԱՆ"),
        ("ﬁdo", "Fido"),
        ("Ⅷ", "viii"),
    ],
)
def test_how_an_answer_is_written_does_not_matter(one: str, other: str) -> None:
    assert questions.normal(one) == questions.normal(other)


@pytest.mark.parametrize("other", ["Brunó1", "Brunos", "", "布魯諾", "Бruno"])
def test_another_word_is_another_answer(other: str) -> None:
    assert questions.normal(other) != questions.normal("Bruno")


def test_three_questions_with_three_answers_are_taken() -> None:
    questions.check_answers(GOOD, NOON)


@pytest.mark.parametrize(
    ("answers", "code"),
    [
        ({}, "QUESTIONS_NEEDED"),
        ({"FIRST_PET": "Bruno", "FIRST_JOB": "The bakery"}, "QUESTIONS_NEEDED"),
        (GOOD | {"FIRST_TRIP": "Reno"}, "QUESTIONS_NEEDED"),
        (GOOD | {"FIRST_PET": ""}, "ANSWER_TOO_SHORT"),
        (GOOD | {"FIRST_PET": " -!- "}, "ANSWER_TOO_SHORT"),
        (GOOD | {"FIRST_PET": "B"}, "ANSWER_TOO_SHORT"),
        (GOOD | {"FIRST_PET": "B" * 101}, "ANSWER_TOO_LONG"),
        (GOOD | {"FIRST_PET": "the BAKERY"}, "ANSWERS_ALIKE"),
    ],
)
def test_a_set_of_answers_is_refused(answers: dict[str, str], code: str) -> None:
    with pytest.raises(Refused) as refused:
        questions.check_answers(answers, NOON)
    assert refused.value.code == code


def test_a_question_that_is_none_is_a_fault_of_the_program() -> None:
    with pytest.raises(KeyError):
        questions.check_answers(GOOD | {"MOTHERS_MAIDEN_NAME": "x"}, NOON)
