"""How is an act put on record so that nobody can change it unseen?"""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Protocol, cast

from sqlalchemy import Table, bindparam, func, select
from sqlalchemy.orm import Session

from app.models.audit import AuditEvent, AuditSeal
from app.models.prepared import Prepared, insert_row

GENESIS = "0" * 64
PORTAL = "portal"
LOCKS = 1_819_632_756  # our own corner among PostgreSQL's advisory locks; the number says nothing

# Built once, for every act passes here: to build a statement costs several times what it costs to run.
_NEWEST = Prepared(
    select(AuditEvent.sequence, AuditEvent.hash)
    .where(AuditEvent.chain == bindparam("chain"))
    .order_by(AuditEvent.sequence.desc())
    .limit(1)
)
_canonical = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode
_EVENT = cast(Table, AuditEvent.__table__)


class Actor(Protocol):
    """Who acts: an account, or as much of it as a tap at the door loads."""

    @property
    def id(self) -> int: ...


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
    chain = chain_of(by)
    take_turns(session, by)
    sequence, previous = _head(session, chain)
    content = _content(chain, sequence + 1, at, action, subject, facts or {})
    link = content | {"at": at, "previous_hash": previous, "hash": _link(previous, content)}
    insert_row(session, _EVENT, **link)


def take_turns(session: Session, by: Actor | None) -> None:
    """Let one transaction at a time act for an account, from here until it commits.

    Two at once would both follow from the same link of the chain. SQLite's writers take turns
    anyway; PostgreSQL is asked for a lock that ends with the transaction. Whoever reads first and
    then writes what follows from it asks before reading.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(LOCKS, by.id if by else 0)))


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


def _head(session: Session, chain: str) -> tuple[int, str]:
    row = _NEWEST.first(session, chain=chain)
    return (0, GENESIS) if row is None else (row.sequence, row.hash)


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
