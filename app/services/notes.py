"""What do the providers of one recipient leave for one another, who may read it, and who is there now?

All of it rests on the recipient's consent: without it nothing is shown to anybody, and when she takes
it back the notes are gone. She, and whoever signs for her, see and may delete each of them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Select, delete, func, select
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session

from app.domain import notes as rules
from app.domain import parameters
from app.domain.outcomes import Refused
from app.domain.periods import local_day, midnight_after
from app.domain.permissions import Role
from app.models.accounts import Account
from app.models.cases import Assignment, Case, active_assignments_of
from app.models.notes import Note, NoteConsent
from app.models.people import Provider
from app.models.visits import Visit
from app.services import approvals, audit

AT_A_TIME = 500  # notes a transaction that the deletion takes


@dataclass(frozen=True, slots=True)
class Board:
    """The notes about one recipient, the newest first, and who of her providers is there now.

    Without `consent` both are empty. Who looks is not among those who are there.
    """

    case: Case
    consent: NoteConsent | None
    notes: Sequence[Note]
    there: Sequence[Visit]


@dataclass(frozen=True, slots=True)
class Beside:
    """What stands beside a provider's card: how many notes there are, and which others are there."""

    notes: int
    there: Sequence[Visit]


def cases_of(session: Session, account: Account, on: date) -> list[Case]:
    """The cases in which somebody works on a day, or for which she signs, by name."""
    if account.role == Role.PROVIDER:
        found = list(session.scalars(select(Case).where(Case.id.in_(_worked_in(account, on)))))
    else:
        found = approvals.cases_of(session, account, on)
    return sorted(found, key=lambda case: (case.recipient.person.full_name, case.id))


def find(session: Session, account: Account, case_id: int, on: date) -> Case:
    """One of these cases; NoResultFound for any other."""
    for case in cases_of(session, account, on):
        if case.id == case_id:
            return case
    raise NoResultFound


def board(session: Session, case: Case, *, by: Account, at: datetime) -> Board:
    """What one of them sees of a case."""
    consent = _consent(session, case)
    if consent is None:
        return Board(case, None, (), ())
    kept = _kept(at).where(Note.consent_id == consent.id)
    found = session.scalars(kept.order_by(Note.written_at.desc(), Note.id.desc()))
    return Board(case, consent, list(found), _there(session, [case.id], by=by, at=at))


def note_of(session: Session, case: Case, note_id: int, *, by: Account, at: datetime) -> Note:
    """A note that somebody may delete: her own, or any where she signs; NoResultFound for others."""
    found = (
        _kept(at)
        .join(NoteConsent, NoteConsent.id == Note.consent_id)
        .where(NoteConsent.case_id == case.id, Note.id == note_id)
    )
    if by.role == Role.PROVIDER:
        found = found.where(Note.account_id == by.id)
    return session.scalars(found).one()


def beside_cards(
    session: Session, provider: Provider, *, by: Account, at: datetime
) -> dict[int, Beside]:
    """For each case of a provider in which notes are shared, what stands beside its card."""
    working = active_assignments_of(provider.id, local_day(at)).with_only_columns(
        Assignment.case_id
    )
    rows = session.execute(
        select(NoteConsent.case_id, func.count(Note.id))
        .outerjoin(Note, (Note.consent_id == NoteConsent.id) & (Note.written_at >= _oldest(at)))
        .where(NoteConsent.case_id.in_(working.order_by(None)))
        .group_by(NoteConsent.case_id)
    ).all()
    if not rows:
        return {}
    there = _there(session, [case_id for case_id, _ in rows], by=by, at=at)
    return {
        case_id: Beside(count, [each for each in there if each.assignment.case_id == case_id])
        for case_id, count in rows
    }


def allow(session: Session, case: Case, *, by: Account, at: datetime) -> None:
    """A recipient lets her providers share notes; twice is once; commits."""
    audit.take_turns(session, by)
    if _consent(session, case) is None:
        session.add(NoteConsent(case_id=case.id, given_by_id=by.id, given_at=at))
        audit.record(session, "notes:allow", f"case:{case.id}", by=by, at=at)
    session.commit()


def stop(session: Session, case: Case, *, by: Account, at: datetime) -> None:
    """Take the consent back: all notes are deleted with it; twice is once; commits."""
    audit.take_turns(session, by)
    consent = _consent(session, case, to_change=True)
    if consent is not None:
        gone = session.scalars(
            delete(Note).where(Note.consent_id == consent.id).returning(Note.id)
        ).all()
        session.delete(consent)
        facts = {"notes": sorted(gone)}
        audit.record(session, "notes:stop", f"case:{case.id}", by=by, at=at, facts=facts)
    session.commit()


def write(session: Session, case: Case, typed: str, *, by: Account, at: datetime) -> Note:
    """Leave a note for the others; commits.

    Refuses with NOTE_EMPTY, NOTE_TOO_LONG (length, longest), NOTES_NOT_SHARED while the recipient
    does not allow it, and NOTES_FULL (most) while so many are kept.
    """
    text = rules.tidied(typed, local_day(at))
    audit.take_turns(session, by)
    consent = _consent(session, case, to_change=True)
    if consent is None:
        raise Refused("NOTES_NOT_SHARED")
    most = parameters.value("note.most", local_day(at))
    kept = select(func.count(Note.id)).where(
        Note.consent_id == consent.id, Note.written_at >= _oldest(at)
    )
    if (session.scalar(kept) or 0) >= most:
        raise Refused("NOTES_FULL", most=most)
    note = Note(consent_id=consent.id, account_id=by.id, text=text, written_at=at)
    session.add(note)
    session.flush()
    facts = {"note": note.id}  # what it says is on record nowhere else, and goes when it goes
    audit.record(session, "notes:write", f"case:{case.id}", by=by, at=at, facts=facts)
    session.commit()
    return note


def remove(session: Session, case: Case, note: Note, *, by: Account, at: datetime) -> None:
    """Delete a note for good; twice is once; commits."""
    facts = {"note": note.id, "writer": note.account_id}
    gone = session.scalar(delete(Note).where(Note.id == note.id).returning(Note.id))
    if gone is not None:
        audit.record(session, "notes:delete", f"case:{case.id}", by=by, at=at, facts=facts)
    session.commit()


def delete_old(session: Session, *, at: datetime) -> int:
    """Delete notes that were kept long enough, a few at a time; commits; how many there were."""
    count = 0
    while gone := _delete_some(session, at):
        facts = {"notes": gone}
        audit.record(session, "notes:expire", "notes", by=None, at=at, facts=facts)
        session.commit()
        count += len(gone)
    return count


def _delete_some(session: Session, at: datetime) -> list[int]:
    old = select(Note.id).where(Note.written_at < _oldest(at)).order_by(Note.written_at)
    some = session.scalars(old.limit(AT_A_TIME)).all()
    return sorted(session.scalars(delete(Note).where(Note.id.in_(some)).returning(Note.id)).all())


def _worked_in(account: Account, on: date) -> Select[int]:
    """The cases in which a provider works on a day, under whichever program."""
    own = select(Provider.id).where(Provider.person_id == account.person_id)
    return select(Assignment.case_id).where(
        Assignment.provider_id.in_(own),
        Assignment.starts_on <= on,
        Assignment.ends_on.is_(None) | (Assignment.ends_on >= on),
    )


def _consent(session: Session, case: Case, *, to_change: bool = False) -> NoteConsent | None:
    """The consent of a case; who changes what rests on it waits for the others who do."""
    found = select(NoteConsent).where(NoteConsent.case_id == case.id)
    if to_change:
        found = found.with_for_update(of=NoteConsent).execution_options(populate_existing=True)
    return session.scalar(found)


def _kept(at: datetime) -> Select[Note]:
    """Notes that are not due to be deleted, also where the job has not come by yet."""
    return select(Note).where(Note.written_at >= _oldest(at))


def _oldest(at: datetime) -> datetime:
    """From when on notes are kept: one goes at the end of its last day."""
    today = local_day(at)
    kept_for = timedelta(days=parameters.value("note.kept_for", today))
    return midnight_after(today - kept_for)


def _there(session: Session, case_ids: Sequence[int], *, by: Account, at: datetime) -> list[Visit]:
    """Who else is checked in, the longest first; a visit without an end for a day was forgotten."""
    longest = timedelta(minutes=parameters.value("visit.longest", local_day(at)))
    found = session.scalars(
        select(Visit)
        .join(Visit.assignment)
        .join(Assignment.provider)
        .where(
            Assignment.case_id.in_(case_ids),
            Provider.person_id != by.person_id,
            Visit.is_open.is_(True),
            Visit.undone_at.is_(None),
            Visit.checked_in_at > at - longest,
        )
        .order_by(Visit.checked_in_at)
    )
    return list(found)
