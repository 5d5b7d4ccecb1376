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
WEIGHED = (
    "visit:look",
    "visits:look",
)  # by provider or county, naming flags: what they said was read
AT_A_TIME = 500  # rows a transaction: nobody else waits for longer than a few milliseconds

TAP = aliased(VisitEvent)
_Pair = tuple[VisitEvent, VisitEvent, Assignment]  # what has the position, its tap, for whom


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
    pairs = [(event, tap or event, assignment) for event, tap, assignment in rows]
    looks = _looks(session, pairs)
    return [
        _stored(*pair, looks.get(pair[0].id, []), local_day(at), is_own=is_own) for pair in pairs
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


def _looks(session: Session, pairs: Sequence[_Pair]) -> Mapping[int, list[Look]]:
    """By event: who was shown it, to whom it was sent, and who weighed a flag of its tap; once a day."""
    events_of: dict[str, list[int]] = defaultdict(list)
    for event, tap, _ in pairs:
        events_of[f"visit:{tap.visit_id}"].append(event.id)
    seen = [
        (row, events_of[row.subject])
        for row in _on_record(
            session, and_(AuditEvent.subject.in_(events_of), AuditEvent.action.in_(SEEN))
        )
    ]
    seen += _weighed(session, pairs)
    people = _people(session, {row.chain for row, _ in seen})
    looks: dict[int, dict[Any, Look]] = defaultdict(dict)
    for row, numbers in sorted(seen, key=lambda each: each[0].id):
        for number in numbers:
            look = Look(row.at, people.get(row.chain), row.facts.get("to"))
            looks[number].setdefault((row.chain, local_day(row.at)), look)
    return {number: list(found.values()) for number, found in looks.items()}


def _weighed(session: Session, pairs: Sequence[_Pair]) -> list[tuple[Any, list[int]]]:
    """Looks at what was noticed about places: at one flag, or at a county's list of them."""
    of_event: dict[int, set[int]] = defaultdict(set)
    for event, tap, _ in pairs:
        of_event[event.id].add(event.id)
        of_event[tap.id].add(event.id)
    flags = session.execute(
        select(VisitFlag.id, VisitFlag.event_id, VisitFlag.found_at).where(
            VisitFlag.event_id.in_(of_event)
        )
    ).all()
    if not flags:
        return []
    about = {flag.id: of_event[flag.event_id] for flag in flags}
    owners = {f"account:{event.account_id}" for event, _, _ in pairs}
    counties = {f"county:{assignment.recipient.county_id}" for _, _, assignment in pairs}
    rows = _on_record(
        session,
        and_(
            AuditEvent.subject.in_(owners | counties),
            AuditEvent.action.in_(WEIGHED),
            AuditEvent.at >= min(flag.found_at for flag in flags),
        ),
    )
    return [(row, numbers) for row in rows if (numbers := _about(row.facts, about))]


def _about(facts: Mapping[str, Any], of_flag: Mapping[int, set[int]]) -> list[int]:
    seen = [facts.get("flag"), *facts.get("flags", ())]
    return sorted(set[int]().union(*(of_flag.get(flag, set()) for flag in seen)))


def _on_record(session: Session, which: ColumnElement[bool]) -> Sequence[Any]:
    return session.execute(
        select(
            AuditEvent.id, AuditEvent.chain, AuditEvent.at, AuditEvent.subject, AuditEvent.facts
        ).where(which)
    ).all()


def _people(session: Session, chains: Iterable[str]) -> Mapping[str, Account]:
    numbers = [int(chain.removeprefix("account:")) for chain in chains if chain != audit.PORTAL]
    found = session.scalars(select(Account).where(Account.id.in_(numbers)))
    return {audit.chain_of(each): each for each in found}
