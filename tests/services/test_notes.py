"""Notes between providers: only with consent, seen by the recipient, gone when they should be."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session

from app.domain.outcomes import Refused
from app.domain.visits import Location
from app.models.accounts import Account
from app.models.audit import AuditEvent
from app.models.cases import Assignment, Case
from app.models.notes import Note, NoteConsent
from app.services import audit, notes, timesheets, visits
from app.services.receipts import Submission
from factories import World, add_provider, assign

NOON = datetime(2026, 11, 24, 20, tzinfo=UTC)
TODAY = date(2026, 11, 24)
DAY = timedelta(days=1)


@pytest.fixture
def rosas(world: World) -> Case:
    return world.ana_for_rosa.case


@pytest.fixture
def bea(session: Session, rosas: Case) -> tuple[Account, Assignment]:
    """Bea works for Rosa too."""
    account, provider = add_provider(session, "Bea")
    assignment = assign(session, provider, rosas, 40 * 60)
    session.commit()
    return account, assignment


@pytest.fixture
def allowed(session: Session, world: World, rosas: Case) -> Case:
    notes.allow(session, rosas, by=world.rosa, at=NOON)
    return rosas


def texts(session: Session, case: Case, by: Account, at: datetime = NOON) -> list[str]:
    return [note.text for note in notes.board(session, case, by=by, at=at).notes]


def check_in(session: Session, by: Account, assignment: Assignment, at: datetime) -> None:
    visits.check_in(
        session, assignment, location=Location.HOME, by=by, at=at,
        submission=Submission(str(uuid4()), at, "hash"),
    )  # fmt: skip


def acts(session: Session) -> list[str]:
    found = select(AuditEvent.action).where(AuditEvent.action.startswith("notes:"))
    return list(session.scalars(found.order_by(AuditEvent.id)))


def test_until_the_recipient_allows_it_nothing_is_written_and_nobody_shown(
    session: Session, world: World, rosas: Case, bea: tuple[Account, Assignment]
) -> None:
    check_in(session, world.ana, world.ana_for_rosa, NOON)

    with pytest.raises(Refused) as refused:
        notes.write(session, rosas, "Hello", by=world.ana, at=NOON)
    assert refused.value.code == "NOTES_NOT_SHARED"
    board = notes.board(session, rosas, by=bea[0], at=NOON)
    assert (board.consent, board.notes, board.there) == (None, (), ())


def test_each_of_her_providers_reads_what_another_wrote_the_newest_first(
    session: Session, world: World, allowed: Case, bea: tuple[Account, Assignment]
) -> None:
    notes.write(session, allowed, "First", by=world.ana, at=NOON)
    notes.write(session, allowed, "Second", by=bea[0], at=NOON + timedelta(minutes=1))

    for reader in (world.ana, bea[0], world.rosa):
        assert texts(session, allowed, reader, NOON + DAY) == ["Second", "First"]


def test_only_who_works_there_on_that_day_finds_the_case(
    session: Session, world: World, allowed: Case, bea: tuple[Account, Assignment]
) -> None:
    assert notes.find(session, bea[0], allowed.id, TODAY) == allowed
    bea[1].ends_on = TODAY - DAY
    session.commit()

    for stranger in (bea[0], world.maria, world.walter, world.armen, world.casey):
        with pytest.raises(NoResultFound):
            notes.find(session, stranger, allowed.id, TODAY)


def test_a_signatory_finds_the_case_that_she_signs_for(session: Session, world: World) -> None:
    nunes = world.maria_for_nune.case
    assert notes.cases_of(session, world.armen, TODAY) == [nunes]


def test_the_writer_and_the_recipient_may_delete_a_note_and_no_other_provider(
    session: Session, world: World, allowed: Case, bea: tuple[Account, Assignment]
) -> None:
    note = notes.write(session, allowed, "Mine", by=world.ana, at=NOON)

    with pytest.raises(NoResultFound):
        notes.note_of(session, allowed, note.id, by=bea[0], at=NOON)
    for owner in (world.ana, world.rosa):
        assert notes.note_of(session, allowed, note.id, by=owner, at=NOON) is note
    notes.remove(session, allowed, note, by=world.rosa, at=NOON)
    notes.remove(session, allowed, note, by=world.rosa, at=NOON)
    assert texts(session, allowed, world.ana) == []
    assert acts(session) == ["notes:allow", "notes:write", "notes:delete"]


def test_a_note_is_found_only_under_its_own_case(
    session: Session, world: World, allowed: Case
) -> None:
    note = notes.write(session, allowed, "Mine", by=world.ana, at=NOON)
    walters = world.ana_for_walter.case

    with pytest.raises(NoResultFound):
        notes.note_of(session, walters, note.id, by=world.ana, at=NOON)


def test_taking_the_consent_back_deletes_every_note(
    session: Session, world: World, allowed: Case
) -> None:
    notes.write(session, allowed, "Mine", by=world.ana, at=NOON)
    notes.stop(session, allowed, by=world.rosa, at=NOON)
    notes.stop(session, allowed, by=world.rosa, at=NOON)

    assert session.scalar(select(func.count(Note.id))) == 0
    notes.allow(session, allowed, by=world.rosa, at=NOON)
    assert texts(session, allowed, world.ana) == []
    assert acts(session) == ["notes:allow", "notes:write", "notes:stop", "notes:allow"]
    assert audit.broken_links(session, audit.chain_of(world.rosa)) == []


def test_allowing_twice_is_once(session: Session, world: World, allowed: Case) -> None:
    notes.allow(session, allowed, by=world.rosa, at=NOON + DAY)
    assert session.scalars(select(NoteConsent)).one().given_at == NOON
    assert acts(session) == ["notes:allow"]


def test_what_a_note_says_is_in_no_record_but_its_own(
    session: Session, world: World, allowed: Case
) -> None:
    notes.write(session, allowed, "Wears the blue slippers", by=world.ana, at=NOON)
    recorded = [row.facts for row in session.scalars(select(AuditEvent))]
    assert "slippers" not in str(recorded)


def test_a_note_is_gone_after_thirty_days_also_before_the_job_comes_by(
    session: Session, world: World, allowed: Case
) -> None:
    notes.write(session, allowed, "Old", by=world.ana, at=NOON)
    last_minute = NOON.replace(hour=7, minute=59) + 30 * DAY  # 11:59 PM of the 29th day after
    assert texts(session, allowed, world.ana, last_minute) == ["Old"]
    assert notes.delete_old(session, at=last_minute) == 0

    midnight = last_minute + timedelta(minutes=1)
    assert texts(session, allowed, world.ana, midnight) == []
    assert notes.delete_old(session, at=midnight) == 1
    assert session.scalar(select(func.count(Note.id))) == 0
    assert acts(session)[-1] == "notes:expire"


def test_no_more_notes_are_kept_than_can_be_read(
    session: Session, world: World, allowed: Case
) -> None:
    consent = session.scalars(select(NoteConsent)).one()
    session.add_all(
        Note(consent_id=consent.id, account_id=world.ana.id, text="x", written_at=NOON)
        for _ in range(100)
    )
    session.commit()

    with pytest.raises(Refused) as refused:
        notes.write(session, allowed, "One more", by=world.ana, at=NOON)
    assert refused.value.code == "NOTES_FULL"
    notes.write(session, allowed, "A month later", by=world.ana, at=NOON + 30 * DAY)


def test_the_next_provider_sees_who_is_there_and_not_herself(
    session: Session, world: World, allowed: Case, bea: tuple[Account, Assignment]
) -> None:
    check_in(session, world.ana, world.ana_for_rosa, NOON)
    check_in(session, bea[0], bea[1], NOON + timedelta(hours=1))
    at = NOON + timedelta(hours=2)

    [visit] = notes.board(session, allowed, by=bea[0], at=at).there
    assert (visit.assignment, visit.checked_in_at) == (world.ana_for_rosa, NOON)
    assert len(notes.board(session, allowed, by=world.rosa, at=at).there) == 2


def test_whoever_forgot_to_check_out_a_day_ago_is_not_said_to_be_there(
    session: Session, world: World, allowed: Case, bea: tuple[Account, Assignment]
) -> None:
    check_in(session, world.ana, world.ana_for_rosa, NOON)
    assert notes.board(session, allowed, by=bea[0], at=NOON + DAY).there == []


def test_beside_a_card_stand_the_notes_and_the_others_of_that_case_only(
    session: Session, world: World, allowed: Case, bea: tuple[Account, Assignment]
) -> None:
    notes.write(session, allowed, "One", by=bea[0], at=NOON)
    check_in(session, bea[0], bea[1], NOON)
    ana = timesheets.provider_of(session, world.ana)

    beside = notes.beside_cards(session, ana, by=world.ana, at=NOON)

    assert set(beside) == {allowed.id}
    assert beside[allowed.id].notes == 1
    assert [visit.assignment for visit in beside[allowed.id].there] == [bea[1]]
