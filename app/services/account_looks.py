"""Who else looked at an account, or did something with it, and why? Its owner may read that."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models.accounts import Account
from app.models.audit import AuditEvent
from app.services import audit

MOST = 100


@dataclass(frozen=True, slots=True)
class Look:
    """One look or act of somebody else, as the record has it."""

    at: datetime
    action: str
    name: str
    role: str
    facts: Mapping[str, Any]


def by_others(session: Session, account: Account) -> list[Look]:
    """What people other than its owner did with an account, or with her as the desk found her; the
    latest first.
    """
    events = session.scalars(
        select(AuditEvent)
        .where(
            AuditEvent.subject.in_([f"account:{account.id}", f"person:{account.person_id}"]),
            AuditEvent.chain.not_in([audit.chain_of(account), audit.PORTAL]),
        )
        .order_by(AuditEvent.id.desc())
        .limit(MOST)
    ).all()
    people = _actors(session, {event.chain for event in events})
    return [
        Look(event.at, event.action, *people[event.chain], event.facts)
        for event in events
        if event.chain in people
    ]


def _actors(session: Session, chains: set[str]) -> dict[str, tuple[str, str]]:
    """Name and role of whoever acts in each of these chains."""
    ids = [int(chain.removeprefix("account:")) for chain in chains]
    found = session.scalars(select(Account).where(Account.id.in_(ids)))
    return {audit.chain_of(each): (each.person.full_name, each.role) for each in found}
