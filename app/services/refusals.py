"""What could not be taken of what a phone sent? Kept as it came, with the reason, for the county to see.

The phone keeps it too, until its owner takes it off the list. Nothing here commits.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import Table, func, select
from sqlalchemy.orm import Session

from app.domain.outcomes import Refused
from app.models.prepared import insert_row
from app.models.visits import RefusedItem
from app.services.receipts import Link

MOST_A_DAY = (
    500  # of one account: what a phone holds, and no more than that for whoever plays with it
)

ITEM = cast(Table, RefusedItem.__table__)


@dataclass(frozen=True, slots=True)
class Turned:
    """An item of a known account that was refused: what it was, who vouched for it, and why not."""

    id: str
    content_hash: str
    kind: str
    account: int
    assignment: int | None
    made_at: datetime
    why: Refused
    signed: bool
    device: int | None
    link: Link | None


def keep(session: Session, turned: Turned, *, at: datetime) -> None:
    """Put a refused item on record, once however often it is sent; never commits."""
    if _is_known(session, turned) or _kept_since(session, turned.account, at) >= MOST_A_DAY:
        return
    link = turned.link
    insert_row(
        session, ITEM, account_id=turned.account, submission_id=turned.id,
        content_hash=turned.content_hash, kind=turned.kind, assignment_id=turned.assignment,
        made_at=turned.made_at, received_at=at, code=turned.why.code, facts=_plain(turned.why.facts),
        signed=turned.signed, device_id=turned.device,
        chain_key=link and link.key, chain_number=link and link.number,
        chain_previous=link and link.previous, chain_hash=link and link.hash,
    )  # fmt: skip


def _is_known(session: Session, turned: Turned) -> bool:
    same = select(ITEM.c.id).where(
        ITEM.c.account_id == turned.account,
        ITEM.c.submission_id == turned.id,
        ITEM.c.content_hash == turned.content_hash,
    )
    return session.execute(same).first() is not None


def _kept_since(session: Session, account: int, at: datetime) -> int:
    recent = select(func.count()).where(
        ITEM.c.account_id == account, ITEM.c.received_at > at - timedelta(days=1)
    )
    return session.execute(recent).scalar_one()


def _plain(facts: Mapping[str, object]) -> dict[str, Any]:
    """Facts as JSON can hold them."""
    return {
        name: value if isinstance(value, (str, int, float, bool, type(None))) else str(value)
        for name, value in facts.items()
    }
