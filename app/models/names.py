"""By which words is a person found when somebody says her name on the phone?

The words stand in a table of their own, folded and in an index, so that a search reads what it shows
and not everybody. They follow the name by themselves, whoever writes it.
"""

from typing import Any

from sqlalchemy import (
    Connection,
    ForeignKey,
    Index,
    Select,
    String,
    UniqueConstraint,
    delete,
    event,
    insert,
    inspect,
    select,
)
from sqlalchemy.orm import Mapped, Mapper, mapped_column

from app.domain import names
from app.models.base import Base
from app.models.people import Person

LAST_LETTER = "\U0010ffff"
# In the order of bytes on both databases: only so is "begins with" a range of the index.
AsBytes = String().with_variant(String(collation="C"), "postgresql")


class NameWord(Base):
    """One word of a person's name, without accents and case."""

    __tablename__ = "name_word"
    __table_args__ = (
        UniqueConstraint("person_id", "word"),
        Index("ix_name_word_word_person_id", "word", "person_id"),
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    word: Mapped[str] = mapped_column(AsBytes)


def people_with_word(beginning: str) -> Select[int]:
    """The ids of the people of whose names a word begins so; `beginning` is folded already."""
    return select(NameWord.person_id).where(
        NameWord.word >= beginning, NameWord.word < beginning + LAST_LETTER
    )


def rows_of(person_id: int, *parts: str) -> list[dict[str, Any]]:
    """What the table holds for a person of this name."""
    return [{"person_id": person_id, "word": word} for word in sorted(names.words(*parts))]


@event.listens_for(Person, "after_insert")
def _add_words(_mapper: Mapper[Person], connection: Connection, person: Person) -> None:
    if rows := rows_of(person.id, person.first_name, person.last_name):
        connection.execute(insert(NameWord), rows)


@event.listens_for(Person, "after_update")
def _follow_name(mapper: Mapper[Person], connection: Connection, person: Person) -> None:
    state = inspect(person)
    if any(state.attrs[part].history.has_changes() for part in ("first_name", "last_name")):
        connection.execute(delete(NameWord).where(NameWord.person_id == person.id))
        _add_words(mapper, connection, person)
