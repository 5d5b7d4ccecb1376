"""Sealed columns: each is bound to its own place, and the database answers nothing about them."""

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.models import sealed
from app.models.accounts import Account
from app.models.people import Person
from app.services import contacts, sealing
from factories import World


def test_every_sealed_column_is_bound_to_its_own_table_and_name() -> None:
    places = {
        f"{column.table.name}.{column.key}": column.type.place for column in sealing.columns()
    }
    assert places == {place: place for place in places}
    assert {"account.email", "person.date_of_birth", "person.ssn_last4"} <= set(places)


@pytest.mark.parametrize(
    "question",
    [
        lambda: Account.email == "ana@example.com",
        lambda: Account.email.in_(["ana@example.com"]),
        lambda: Account.email.like("ana%"),
        lambda: Person.date_of_birth.desc(),
    ],
    ids=["equal", "one of", "like", "in order"],
)
def test_a_question_that_sealed_text_cannot_answer_is_refused(question: object) -> None:
    assert callable(question)
    with pytest.raises(TypeError, match="is sealed"):
        question()


def test_whether_there_is_a_value_can_be_asked(session: Session, world: World) -> None:
    without = select(Account.id).where(Account.phone.is_(None))
    assert world.ana.id in session.scalars(without).all()
    assert not session.scalars(select(Account.id).where(Account.phone.is_not(None))).all()


def test_an_account_is_found_by_its_new_address_and_no_more_by_the_old(
    session: Session, world: World
) -> None:
    world.ana.email = "flores@example.com"
    session.commit()
    assert contacts.account_by_email(session, " Flores@Example.COM") == world.ana
    assert contacts.account_by_email(session, "ana@example.com") is None
    assert contacts.account_by_name(session, "ana") == world.ana


def test_no_two_accounts_have_one_address(session: Session, world: World) -> None:
    world.ana.email = world.rosa.email
    with pytest.raises(IntegrityError):
        session.commit()
    session.rollback()


def test_lists_of_people_open_none_of_what_few_pages_need(session: Session, world: World) -> None:
    session.expunge_all()
    opened = []

    class Watching:
        def __init__(self, inner: sealed.Sealer) -> None:
            self.seal, self.fingerprint, self._open = inner.seal, inner.fingerprint, inner.open

        def open(self, text: str, *, place: str) -> str:
            opened.append(place)
            return self._open(text, place=place)

    sealed.unlock(Watching(sealed.sealer()))
    people = session.scalars(select(Person)).all()
    assert len(people) > 5
    assert opened == []
    assert people[0].date_of_birth is not None
    assert opened == ["person.date_of_birth"]


def test_without_keys_nothing_is_read_or_written(
    session: Session, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sealed, "_sealer", None)
    with pytest.raises(sealed.Locked):
        session.scalars(select(Account.email)).all()
