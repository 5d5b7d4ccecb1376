"""Which places of somebody's are on record, what was each for, who looked at it, and when does it go?

Whoever made a tap is shown where it was; whom it was for is shown what that said, and not where the
other was. A place that was deleted stays listed with what it said. Nothing here commits but the deletion.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select, update
from sqlalchemy.orm import Session, aliased, undefer

from app.domain import parameters
from app.domain.periods import local_day, midnight_after
from app.domain.permissions import Role
from app.domain.positions import Fix, Verdict, deleted_on
from app.models.accounts import Account
from app.models.audit import AuditEvent
from app.models.cases import Assignment
from app.models.people import Provider
from app.models.visits import VisitEvent, VisitFlag
from app.services import approvals, audit, positions
from app.services.positions import EVENT

SEEN = (
    "location:look",
    "location:sent",
)  # by the visit: coordinates were shown, or left the portal
WEIGHED = "visit:look"  # by the provider's account, naming a flag: what they said was looked at
AT_A_TIME = 500  # rows a transaction: nobody else waits for longer than a few milliseconds

TAP = aliased(VisitEvent)


@dataclass(frozen=True, slots=True)
class Look:
    """Who looked and when; `who` is none where the portal itself sent it on, and then `sent_to` says where."""

    at: datetime
    who: Account | None
    sent_to: str | None = None


@dataclass(frozen=True, slots=True)
class StoredPlace:
    """One place on record: the tap it belongs to, what it said, who looked, when it goes.

    `fix` is only there for whoever made the tap, and until it is deleted.
    """

    kind: str  # check-in | check-out
    at: datetime
    assignment: Assignment
    visit_id: int | None
    verdict: Verdict | None
    fix: Fix | None
    looks: Sequence[Look]
    deletes_on: date
    deleted_at: datetime | None


def ledger(
    session: Session, by: Account, *, at: datetime, limit: int, offset: int = 0
) -> list[StoredPlace]:
    """The places of a provider's taps, or of the visits to whom somebody signs for; the latest first."""
    is_own = by.role == Role.PROVIDER
    rows = session.execute(
        select(VisitEvent, TAP, Assignment)
        .outerjoin(TAP, TAP.submission_id == VisitEvent.about_submission_id)
        .join(Assignment, Assignment.id == VisitEvent.assignment_id)
        .where(_has_or_had_one(), _whose(session, by, local_day(at)))
        .order_by(VisitEvent.counts_at.desc(), VisitEvent.id.desc())
        .options(undefer(VisitEvent.position))
        .limit(limit)
        .offset(offset)
        .execution_options(populate_existing=True)
    ).all()
    looks = _looks(session, [(event, tap or event) for event, tap, _ in rows])
    return [
        _stored(event, tap or event, assignment, looks[event.id], local_day(at), is_own=is_own)
        for event, tap, assignment in rows
    ]


def delete_old(session: Session, *, at: datetime) -> int:
    """Delete the coordinates whose day has come and keep what they said; a commit each AT_A_TIME.

    Answers how many. The value in force today decides for all of them (domain.positions.deleted_on).
    """
    today = local_day(at)
    kept_for = timedelta(days=parameters.value("visit.position_kept_for", today))
    due = (
        select(EVENT.c.id)
        .where(EVENT.c.position.is_not(None), EVENT.c.counts_at < midnight_after(today - kept_for))
        .limit(AT_A_TIME)
    )
    deleted = 0
    while numbers := session.scalars(due).all():
        session.execute(
            update(EVENT)
            .where(EVENT.c.id.in_(numbers))
            .values(position=None, position_deleted_at=at)
        )
        facts = {"count": len(numbers), "up_to": (today - kept_for).isoformat()}
        audit.record(session, "location:delete", "visits", by=None, at=at, facts=facts)
        session.commit()
        deleted += len(numbers)
    session.rollback()
    return deleted


def _stored(
    event: VisitEvent,
    tap: VisitEvent,
    assignment: Assignment,
    looks: Sequence[Look],
    today: date,
    *,
    is_own: bool,
) -> StoredPlace:
    columns = {
        "verdict": event.verdict,
        "distance_m": event.distance_m,
        "position": event.position,
    }
    return StoredPlace(
        kind=tap.kind,
        at=tap.counts_at,
        assignment=assignment,
        visit_id=tap.visit_id if is_own else None,
        verdict=positions.verdict_of(columns),
        fix=event.position if is_own else None,
        looks=looks,
        deletes_on=deleted_on(local_day(event.counts_at), today),
        deleted_at=event.position_deleted_at,
    )


def _has_or_had_one() -> ColumnElement[bool]:
    return or_(VisitEvent.position.is_not(None), VisitEvent.position_deleted_at.is_not(None))


def _whose(session: Session, by: Account, on: date) -> ColumnElement[bool]:
    """The taps that somebody made, or those for whom she signs on a day."""
    if by.role == Role.PROVIDER:
        own = select(Assignment.id).join(Provider, Provider.id == Assignment.provider_id)
        own = own.where(Provider.person_id == by.person_id)
        return and_(VisitEvent.assignment_id.in_(own), VisitEvent.account_id == by.id)
    cases = [case.id for case in approvals.cases_of(session, by, on)]
    return Assignment.case_id.in_(cases)


def _looks(
    session: Session, pairs: Sequence[tuple[VisitEvent, VisitEvent]]
) -> Mapping[int, list[Look]]:
    """By event: who was shown it, to whom it was sent, and who weighed a flag of its tap."""
    events_of: dict[str, list[int]] = defaultdict(list)
    for event, tap in pairs:
        events_of[f"visit:{tap.visit_id}"].append(event.id)
    flags = _flags(session, pairs)
    owners = {f"account:{event.account_id}" for event, _ in pairs}
    found = session.scalars(
        select(AuditEvent)
        .where(
            or_(
                and_(AuditEvent.subject.in_(events_of), AuditEvent.action.in_(SEEN)),
                and_(AuditEvent.subject.in_(owners), AuditEvent.action == WEIGHED),
            )
        )
        .order_by(AuditEvent.id)
    ).all()
    people = _people(session, {row.chain for row in found})
    looks = defaultdict(list)
    for row in found:
        about = (
            flags.get(row.facts.get("flag"), ())
            if row.action == WEIGHED
            else events_of[row.subject]
        )
        for number in about:
            looks[number].append(Look(row.at, people.get(row.chain), row.facts.get("to")))
    return looks


def _flags(
    session: Session, pairs: Sequence[tuple[VisitEvent, VisitEvent]]
) -> Mapping[Any, Sequence[int]]:
    """The places that a flag is about, its own or that of its tap, by the flag."""
    of_event: dict[int, set[int]] = defaultdict(set)
    for event, tap in pairs:
        of_event[event.id].add(event.id)
        of_event[tap.id].add(event.id)
    rows = session.execute(
        select(VisitFlag.id, VisitFlag.event_id).where(VisitFlag.event_id.in_(of_event))
    )
    return {flag: sorted(of_event[event]) for flag, event in rows}


def _people(session: Session, chains: Iterable[str]) -> Mapping[str, Account]:
    numbers = [int(chain.removeprefix("account:")) for chain in chains if chain != audit.PORTAL]
    found = session.scalars(select(Account).where(Account.id.in_(numbers)))
    return {audit.chain_of(each): each for each in found}
