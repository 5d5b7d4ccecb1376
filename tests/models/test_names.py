"""The words of a name stand in the index, and follow the name."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models.names import NameWord, people_with_word
from app.models.people import Person


@pytest.fixture
def siranush(session: Session) -> Person:
    person = Person(first_name="Siranush", last_name="Ter-Hovhannisyan")
    session.add(person)
    session.commit()
    return person


def words_of(session: Session, person: Person) -> set[str]:
    return set(session.scalars(select(NameWord.word).where(NameWord.person_id == person.id)))


def test_a_new_person_is_found_by_each_word(session: Session, siranush: Person) -> None:
    assert words_of(session, siranush) == {
        "siranush", "ter", "hovhannisyan", "terhovhannisyan",
    }  # fmt: skip


def test_the_words_follow_a_changed_name(session: Session, siranush: Person) -> None:
    siranush.last_name = "Núñez"
    session.commit()
    assert words_of(session, siranush) == {"siranush", "nunez"}


def test_another_change_leaves_the_words_alone(session: Session, siranush: Person) -> None:
    before = set(session.scalars(select(NameWord.id)))
    siranush.language = "hy"
    session.commit()
    assert set(session.scalars(select(NameWord.id))) == before


@pytest.mark.parametrize(
    ("beginning", "is_found"), [("hov", True), ("hovhannisyan", True), ("hovi", False)]
)
def test_a_word_is_found_by_its_beginning(
    session: Session, siranush: Person, beginning: str, is_found: bool
) -> None:
    assert (siranush.id in set(session.scalars(people_with_word(beginning)))) is is_found
