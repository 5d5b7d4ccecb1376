"""Changing keys: nothing is lost when it is cut short, and nothing opens that should not."""

from datetime import UTC, date, datetime
from os import urandom
from typing import Any

import pytest
from sqlalchemy import Column, Text, literal, select, type_coerce, update
from sqlalchemy.orm import Session

from app import config
from app.gateways.secrets import KeyRing, Unreadable, version_of
from app.models import sealed
from app.models.accounts import Account
from app.models.messages import QueuedEmail
from app.models.people import Person, Recipient
from app.services import contacts, notices, sealing
from factories import World, build_world

KEYS = {1: urandom(32), 2: urandom(32)}
AT = datetime(2026, 11, 24, 20, tzinfo=UTC)
EMAIL = Account.__table__.c.email
PHONE = Account.__table__.c.phone


class PlugPulled(BaseException):
    """The process is gone."""


class FailingRing(KeyRing):
    """A ring in whose midst the plug is pulled."""

    seals_left = 7

    def seal(self, text: str, *, place: str) -> str:
        if not self.seals_left:
            raise PlugPulled
        self.seals_left -= 1
        return super().seal(text, place=place)


def ring(*versions: int, kind: type[KeyRing] = KeyRing) -> KeyRing:
    """The ring of these versions, the first of which seals."""
    return kind({each: KEYS[each] for each in versions}, config.DEMO_FINGERPRINT_KEY)


@pytest.fixture
def old(session: Session) -> World:
    """Everybody, sealed by key 1, which is all that the portal knows."""
    sealed.unlock(ring(1))
    world = build_world(session)
    world.ana.phone, world.ana.person.ssn_last4 = "+15555550142", "4821"
    notices.queue(session, [world.ana], "ACCOUNT_LOCKED", {"minutes": 15}, at=AT)
    session.commit()
    session.expunge_all()
    return world


def raw(session: Session, column: Column[Any]) -> dict[int, str]:
    """What lies in a column of the database, by row."""
    text = type_coerce(column, Text)
    rows = session.execute(select(column.table.c.id, text).where(text.is_not(None)))
    return dict(rows.all())


def put(session: Session, column: Column[Any], row: int, value: str) -> None:
    """Write into a column past its type, as somebody who has only the database."""
    table = column.table
    session.execute(update(table).where(table.c.id == row).values({column: literal(value, Text)}))
    session.expunge_all()


def versions(session: Session) -> set[int | None]:
    """By which keys all that is sealed anywhere is sealed."""
    return {
        version_of(value) for column in sealing.columns() for value in raw(session, column).values()
    }


class TestRotating:
    def test_everything_everywhere_comes_under_the_new_key_and_says_the_same(
        self, session: Session, old: World
    ) -> None:
        assert versions(session) == {1}
        done = sealing.rotate(session, ring(2, 1))

        assert versions(session) == {2}
        assert sum(column.resealed for column in done) > 20
        sealed.unlock(ring(2))
        ana = contacts.account_by_email(session, "ana@example.com")
        assert ana is not None
        assert (ana.email, ana.phone) == ("ana@example.com", "+15555550142")
        assert (ana.person.date_of_birth, ana.person.ssn_last4) == (date(1974, 5, 1), "4821")
        assert session.scalars(select(QueuedEmail.facts)).one() == {"minutes": 15}
        assert set(session.scalars(select(Recipient.address))) == {"1 Example Street"}

    def test_a_second_run_finds_nothing_to_do(self, session: Session, old: World) -> None:
        sealing.rotate(session, ring(2, 1))
        assert not any(column.resealed for column in sealing.rotate(session, ring(2, 1)))

    def test_cut_short_it_goes_on_where_it_was(
        self, session: Session, old: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(sealing, "AT_A_TIME", 3)
        before = set(session.scalars(select(Account.email)))
        with pytest.raises(PlugPulled):
            sealing.rotate(session, ring(2, 1, kind=FailingRing))
        session.rollback()  # what the database does when a process is gone

        assert versions(session) == {1, 2}
        sealed.unlock(ring(2, 1))
        session.expunge_all()
        assert set(session.scalars(select(Account.email))) == before
        done = sealing.rotate(session, ring(2, 1))
        assert versions(session) == {2}
        assert (
            0 < next(each.resealed for each in done if each.place == "account.email") < len(before)
        )

    def test_what_changes_meanwhile_keeps_the_change(
        self, session: Session, old: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        fresh = sealing._fresh

        def somebody_is_faster(rows: Any, ring: KeyRing, result: sealing.Rotated) -> Any:
            ready = fresh(rows, ring, result)
            if result.place == "account.phone":
                put(session, PHONE, old.ana.id, ring.seal("+15555550199", place="account.phone"))
            return ready

        monkeypatch.setattr(sealing, "_fresh", somebody_is_faster)
        sealing.rotate(session, ring(2, 1))
        sealed.unlock(ring(2))
        phone = session.scalar(select(Account.phone).where(Account.id == old.ana.id))
        assert phone == "+15555550199"

    def test_what_is_damaged_stays_and_is_told_of(self, session: Session, old: World) -> None:
        put(session, EMAIL, old.ana.id, "v1.AAAA")
        put(session, EMAIL, old.rosa.id, "rosa@example.com")
        done = {each.place: each for each in sealing.rotate(session, ring(2, 1))}

        assert set(done["account.email"].unreadable) == {old.ana.id, old.rosa.id}
        assert raw(session, EMAIL)[old.ana.id] == "v1.AAAA"
        assert versions(session) == {1, 2, None}


class TestOpening:
    def test_a_key_that_was_taken_away_too_early_is_missed_by_name(
        self, session: Session, old: World
    ) -> None:
        sealed.unlock(ring(2))
        with pytest.raises(Unreadable, match=r"account\.email: sealed by key 1"):
            session.scalars(select(Account.email)).all()
        status = {each.place: each for each in sealing.status(session, ring(2))}
        assert status["account.email"].unreadable == len(raw(session, EMAIL))
        assert all(each.unreadable for each in sealing.rotate(session, ring(2)) if each.resealed)

        sealed.unlock(ring(2, 1))  # it is put back, and nothing is lost
        assert "ana@example.com" in session.scalars(select(Account.email)).all()

    @pytest.mark.parametrize("damage", ["", "v1", "v1.", "v1.%%%%", "v1.AAAA", "1974-05-01"])
    def test_damaged_text_is_never_taken_for_a_value(
        self, session: Session, old: World, damage: str
    ) -> None:
        put(session, EMAIL, old.ana.id, damage)
        with pytest.raises(Unreadable, match=r"account\.email"):
            session.scalars(select(Account.email)).all()

    def test_one_letter_changed_is_seen(self, session: Session, old: World) -> None:
        value = raw(session, EMAIL)[old.ana.id]
        changed = value[:-9] + ("A" if value[-9] != "A" else "B") + value[-8:]
        put(session, EMAIL, old.ana.id, changed)
        with pytest.raises(Unreadable, match="damaged"):
            session.scalars(select(Account.email)).all()

    def test_a_value_moved_to_another_column_does_not_open(
        self, session: Session, old: World
    ) -> None:
        put(session, PHONE, old.ana.id, raw(session, EMAIL)[old.ana.id])
        with pytest.raises(Unreadable, match=r"account\.phone: damaged, or sealed for another"):
            session.scalars(select(Account.phone)).all()

    def test_the_same_value_never_looks_the_same_twice(self, session: Session, old: World) -> None:
        lying = raw(session, Person.__table__.c.date_of_birth)  # type: ignore[attr-defined]
        assert len(set(lying.values())) == len(lying) > 5
