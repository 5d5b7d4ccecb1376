"""How is an act put on record so that nobody can change it unseen?"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Protocol, cast

from sqlalchemy import ColumnElement, Table, and_, func, or_, select
from sqlalchemy.orm import Session, aliased

from app.models.audit import AuditEvent, AuditSeal
from app.models.prepared import Among, insert_rows

GENESIS = "0" * 64
PORTAL = "portal"
LOCKS = 1_819_632_756  # our own corner among PostgreSQL's advisory locks; the number says nothing

# Built once, for every act passes here: to build a statement costs several times what it costs to run.
_NEWEST = Among(
    lambda chains: select(AuditEvent.chain, AuditEvent.sequence, AuditEvent.hash).where(
        or_(*(_is_newest_of(chain) for chain in chains))
    )
)
_canonical = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode
_EVENT = cast(Table, AuditEvent.__table__)


class Actor(Protocol):
    """Who acts: an account, or as much of it as a tap at the door loads."""

    @property
    def id(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Act:
    """What is to be put on record: `by=None` means the portal itself acted."""

    action: str
    subject: str
    by: Actor | None
    at: datetime
    facts: Mapping[str, Any] = field(default_factory=dict)


def record(
    session: Session,
    action: str,
    subject: str,
    *,
    by: Actor | None,
    at: datetime,
    facts: Mapping[str, Any] | None = None,
) -> None:
    """Add a link to the actor's chain; never commits. `by=None` means the portal itself acted."""
    record_all(session, [Act(action, subject, by, at, facts or {})])


def record_all(session: Session, acts: Sequence[Act]) -> None:
    """Add a link for each act, in their order, to its actor's chain; never commits."""
    take_turns(session, *(act.by for act in acts))
    chains = {chain_of(act.by) for act in acts}
    heads = {row.chain: (row.sequence, row.hash) for row in _NEWEST.all(session, sorted(chains))}
    links = []
    for act in acts:
        chain = chain_of(act.by)
        sequence, previous = heads.get(chain, (0, GENESIS))
        content = _content(chain, sequence + 1, act.at, act.action, act.subject, act.facts)
        link = content | {"at": act.at, "previous_hash": previous, "hash": _link(previous, content)}
        heads[chain] = sequence + 1, link["hash"]
        links.append(link)
    insert_rows(session, _EVENT, links)


def take_turns(session: Session, *actors: Actor | None) -> None:
    """Let one transaction at a time act for each of these, from here until it commits.

    Two at once would both follow from the same link of the chain. SQLite's writers take turns
    anyway; PostgreSQL is asked for a lock that ends with the transaction. Whoever reads first and
    then writes what follows from it asks before reading.
    """
    if session.get_bind().dialect.name == "postgresql":
        for number in _in_order(actors):
            session.execute(select(func.pg_advisory_xact_lock(LOCKS, number)))


def _in_order(actors: Iterable[Actor | None]) -> list[int]:
    """Each once and always in the same order, so that no two wait for one another."""
    return sorted({actor.id if actor else 0 for actor in actors})


def _is_newest_of(chain: ColumnElement[str]) -> ColumnElement[bool]:
    """Two looks into an index, however long the chain: grouping would read all of it."""
    row = aliased(AuditEvent)
    newest = select(func.max(row.sequence)).where(row.chain == chain).scalar_subquery()
    return and_(AuditEvent.chain == chain, AuditEvent.sequence == newest)


def chain_of(account: Actor | None) -> str:
    return PORTAL if account is None else f"account:{account.id}"


def broken_links(session: Session, chain: str) -> list[int]:
    """The sequence numbers at which a chain does not follow from the row before; [] when sound."""
    broken, previous, expected = [], GENESIS, 1
    rows = session.scalars(
        select(AuditEvent).where(AuditEvent.chain == chain).order_by(AuditEvent.sequence)
    )
    for row in rows:
        content = _content(row.chain, row.sequence, row.at, row.action, row.subject, row.facts)
        sound = row.sequence == expected and row.previous_hash == previous
        if not sound or row.hash != _link(previous, content):
            broken.append(row.sequence)
        previous, expected = row.hash, row.sequence + 1
    return broken


def seal(session: Session, *, at: datetime) -> AuditSeal:
    """Tie the heads of all chains together; commits. A job does this, not each writer."""
    newest = select(func.max(AuditEvent.id)).group_by(AuditEvent.chain)
    heads = session.execute(
        select(AuditEvent.chain, AuditEvent.sequence, AuditEvent.hash)
        .where(AuditEvent.id.in_(newest))
        .order_by(AuditEvent.chain)
    ).all()
    previous = session.scalar(select(AuditSeal.hash).order_by(AuditSeal.id.desc()).limit(1))
    previous = previous or GENESIS
    content = {"at": _stamp(at), "heads": [list(head) for head in heads]}
    sealed = AuditSeal(
        at=at, chains=len(heads), previous_hash=previous, hash=_link(previous, content)
    )
    session.add(sealed)
    session.commit()
    return sealed


def _content(
    chain: str, sequence: int, at: datetime, action: str, subject: str, facts: Mapping[str, Any]
) -> dict[str, Any]:
    return {
        "chain": chain,
        "sequence": sequence,
        "at": _stamp(at),
        "action": action,
        "subject": subject,
        "facts": dict(facts),
    }


def _stamp(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def _link(previous: str, content: Mapping[str, Any]) -> str:
    text = _canonical(content)
    return hashlib.sha256((previous + text).encode()).hexdigest()
