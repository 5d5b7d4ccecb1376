"""What was noticed about visits, for whom it is shown, what is said to it, and how is it settled?

A flag is a fact to weigh and never a verdict: pay does not depend on it, settling it changes nothing but
the list, and no list counts flags by person (WIC 10836). A county sees those of its own cases.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session, joinedload, selectinload

from app.domain.outcomes import Refused
from app.domain.visit_flags import REMARKS, FlagCode
from app.models.accounts import Account
from app.models.cases import Assignment, Case
from app.models.people import Provider, Recipient
from app.models.visits import RefusedItem, Visit, VisitEvent, VisitFlag
from app.services import audit
from app.services.visit_events import POSITION

QUESTIONS = frozenset(FlagCode) - REMARKS
LONGEST_WORDS = 1000

# An assignment's provider and case are joined in otherwise, which would drop what has no assignment.
_WHERE_THERE_IS_ONE = (selectinload(Assignment.provider), selectinload(Assignment.case))


@dataclass(frozen=True, slots=True)
class OddVisit:
    """A flag with who was there for whom, and the visit that it belongs to where there is one."""

    flag: VisitFlag
    provider: Account
    assignment: Assignment | None
    visit: Visit | None

    @property
    def is_question(self) -> bool:
        """Whether somebody should look at it; a remark has an everyday cause."""
        return self.flag.code in QUESTIONS


@dataclass(frozen=True, slots=True)
class NotTaken:
    """What a phone sent and the portal could not take, with who sent it."""

    item: RefusedItem
    provider: Account
    assignment: Assignment | None


def questions(
    session: Session, worker: Account, *, at: datetime, limit: int, offset: int = 0
) -> list[OddVisit]:
    """What a county should look at, the longest waiting first."""
    return _list(session, worker, QUESTIONS, at, limit, offset)


def remarks(session: Session, worker: Account, *, at: datetime, limit: int) -> list[OddVisit]:
    """What has an everyday cause and asks nobody anything, the longest waiting first."""
    return _list(session, worker, REMARKS, at, limit, 0)


def not_taken(session: Session, worker: Account, *, limit: int) -> list[NotTaken]:
    """What could not be taken and nobody at the county has seen, the longest waiting first."""
    rows = session.execute(
        _refused(worker)
        .where(RefusedItem.seen_at.is_(None))
        .order_by(RefusedItem.received_at, RefusedItem.id)
        .limit(limit)
    )
    return [NotTaken(*row) for row in rows]


def one(session: Session, worker: Account, flag_id: int, *, at: datetime) -> OddVisit:
    """One flag of a worker's own county, settled ones too; NoResultFound for any other."""
    found = _shown(session, _flags(worker).where(VisitFlag.id == flag_id, VisitFlag.found_at <= at))
    if not found:
        raise NoResultFound
    return found[0]


def settle(session: Session, odd: OddVisit, *, note: str, by: Account, at: datetime) -> None:
    """A county worker weighed it, and says what she found; commits.

    Refused with SETTLE_NOTE_MISSING, WORDS_TOO_LONG (length, longest) and FLAG_SETTLED.
    """
    words = _words(note, "SETTLE_NOTE_MISSING")
    audit.take_turns(session, by)
    flag = odd.flag
    session.refresh(flag, with_for_update={"of": VisitFlag})
    if flag.settled_at is not None:
        raise Refused("FLAG_SETTLED")
    flag.settled_at, flag.settled_by_id, flag.settled_note = at, by.id, words
    audit.record(session, "visit:settle", f"visit_flag:{flag.id}", by=by, at=at)
    session.commit()


def say(session: Session, by: Account, flag_id: int, *, words: str, at: datetime) -> VisitFlag:
    """What a provider wants to say about a flag on a visit of her own; she need not. Commits.

    NoResultFound for another's. Refused with SAY_MISSING, WORDS_TOO_LONG (length, longest) and, once the
    county is done with it, FLAG_SETTLED.
    """
    said = _words(words, "SAY_MISSING")
    audit.take_turns(session, by)
    flag = session.scalars(
        select(VisitFlag)
        .join(VisitFlag.event)
        .where(VisitFlag.id == flag_id, VisitEvent.account_id == by.id, VisitFlag.found_at <= at)
        .with_for_update(of=VisitFlag)
        .execution_options(populate_existing=True)
    ).one()
    if flag.settled_at is not None:
        raise Refused("FLAG_SETTLED")
    flag.said, flag.said_at = said, at
    audit.record(session, "visit:say", f"visit_flag:{flag.id}", by=by, at=at)
    session.commit()
    return flag


def one_not_taken(session: Session, worker: Account, item_id: int) -> NotTaken:
    """One refused item of a worker's own county; NoResultFound for any other."""
    return NotTaken(*session.execute(_refused(worker).where(RefusedItem.id == item_id)).one())


def take_note(session: Session, item: RefusedItem, *, by: Account, at: datetime) -> None:
    """A county worker has seen what could not be taken; commits. Twice is once."""
    session.refresh(item, with_for_update={"of": RefusedItem})
    if item.seen_at is None:
        item.seen_at = at
        audit.record(session, "visit:take-note", f"refused_item:{item.id}", by=by, at=at)
    session.commit()


def of_events(session: Session, event_ids: Collection[int], *, at: datetime) -> Sequence[VisitFlag]:
    """What was noticed about these events, settled or not, in the order in which they count."""
    return session.scalars(
        select(VisitFlag)
        .join(VisitFlag.event)
        .where(VisitFlag.event_id.in_(event_ids), VisitFlag.found_at <= at)
        .order_by(VisitEvent.counts_at, VisitFlag.id)
        .execution_options(populate_existing=True)
    ).all()


def _words(typed: str, missing: str) -> str:
    words = " ".join(typed.replace("\x00", "").split())
    if not words:
        raise Refused(missing)
    if len(words) > LONGEST_WORDS:
        raise Refused("WORDS_TOO_LONG", length=len(words), longest=LONGEST_WORDS)
    return words


def _list(
    session: Session,
    worker: Account,
    codes: Collection[str],
    at: datetime,
    limit: int,
    offset: int,
) -> list[OddVisit]:
    return _shown(
        session,
        _flags(worker)
        .where(VisitFlag.code.in_(codes), VisitFlag.settled_at.is_(None), VisitFlag.found_at <= at)
        .order_by(VisitFlag.found_at, VisitFlag.id)
        .limit(limit)
        .offset(offset),
    )


def _flags(worker: Account) -> Select[VisitFlag, Account, Assignment | None]:
    return (
        select(VisitFlag, Account, Assignment)
        .join(VisitFlag.event)
        .join(Account, Account.id == VisitEvent.account_id)
        .outerjoin(Assignment, Assignment.id == VisitFlag.assignment_id)
        .where(_is_of_county(VisitFlag.assignment_id, Account.person_id, worker))
        .options(joinedload(VisitFlag.event), *_WHERE_THERE_IS_ONE)
        .execution_options(populate_existing=True)
    )


def _refused(worker: Account) -> Select[RefusedItem, Account, Assignment | None]:
    return (
        select(RefusedItem, Account, Assignment)
        .join(Account, Account.id == RefusedItem.account_id)
        .outerjoin(Provider, Provider.person_id == Account.person_id)
        .outerjoin(
            Assignment,
            and_(Assignment.id == RefusedItem.assignment_id, Assignment.provider_id == Provider.id),
        )
        .where(_is_of_county(Assignment.id, Account.person_id, worker))
        .options(*_WHERE_THERE_IS_ONE)
    )


def _is_of_county(assignment_id: Any, person_id: Any, worker: Account) -> ColumnElement[bool]:
    """Of a case of hers; what names no assignment concerns every county that its provider works in."""
    hers = (
        select(Assignment.id)
        .join(Case, Case.id == Assignment.case_id)
        .join(Recipient, Recipient.id == Case.recipient_id)
        .where(Recipient.county_id == worker.county_id)
    )
    workers = hers.with_only_columns(Provider.person_id).join(
        Provider, Provider.id == Assignment.provider_id
    )
    return or_(
        assignment_id.in_(hers.correlate(None)),
        and_(assignment_id.is_(None), person_id.in_(workers.correlate(None))),
    )


def _shown(
    session: Session, flags: Select[VisitFlag, Account, Assignment | None]
) -> list[OddVisit]:
    """The flags with their visits; a fix belongs to the visit of its tap."""
    rows = session.execute(flags).unique().all()
    taps = [flag.event.about_submission_id for flag, _, _ in rows if flag.event.kind == POSITION]
    found = session.execute(
        select(VisitEvent.submission_id, VisitEvent.visit_id).where(
            VisitEvent.submission_id.in_(taps)
        )
    ).all()
    visit_of_tap = {row.submission_id: row.visit_id for row in found}
    ids = {flag.id: flag.event.visit_id for flag, _, _ in rows}
    for flag, _, _ in rows:
        ids[flag.id] = ids[flag.id] or visit_of_tap.get(flag.event.about_submission_id or "")
    visits = {
        visit.id: visit
        for visit in session.scalars(select(Visit).where(Visit.id.in_(filter(None, ids.values()))))
    }
    return [
        OddVisit(flag, account, assignment, visits.get(ids[flag.id] or 0))
        for flag, account, assignment in rows
    ]
