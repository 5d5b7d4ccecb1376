"""What could not be taken of what a phone sent? Kept as it came, with the reason, for the county to see.

The phone keeps it too, until its owner takes it off the list. Nothing here commits.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import Table, and_, func, or_, select
from sqlalchemy.orm import Session

from app.domain.outcomes import Refused
from app.models.prepared import Among, insert_rows
from app.models.visits import RefusedItem
from app.services.receipts import Link

MOST_A_DAY = (
    500  # of one account: what a phone holds, and no more than that for whoever plays with it
)
A_DAY = timedelta(days=1)

ITEM = cast(Table, RefusedItem.__table__)


_KNOWN = Among(
    lambda ids: select(ITEM.c.account_id, ITEM.c.submission_id, ITEM.c.content_hash).where(
        ITEM.c.submission_id.in_(ids)
    )
)


@dataclass(frozen=True, slots=True)
class Turned:
    """An item of a known account that was refused: what it was, who vouched for it, and why not."""

    id: str
    content_hash: str
    kind: str
    account: int
    assignment: int | None
    made_at: datetime
    received_at: datetime
    why: Refused
    signed: bool
    device: int | None
    link: Link | None


def keep_all(session: Session, turned: Sequence[Turned]) -> None:
    """Put refused items on record, each once however often it is sent; never commits."""
    known = {tuple(row) for row in _KNOWN.all(session, [each.id for each in turned])}
    new = {key: each for each in turned if (key := _key(each)) not in known}
    kept = _kept_lately(session, {each.account: each.received_at for each in new.values()})
    rows = []
    for each in new.values():
        kept[each.account] += 1
        if kept[each.account] <= MOST_A_DAY:
            rows.append(_row(each))
    insert_rows(session, ITEM, rows)


def _key(turned: Turned) -> tuple[int, str, str]:
    return turned.account, turned.id, turned.content_hash


def _row(turned: Turned) -> dict[str, Any]:
    link = turned.link
    return {
        "account_id": turned.account,
        "submission_id": turned.id,
        "content_hash": turned.content_hash,
        "kind": turned.kind,
        "assignment_id": turned.assignment,
        "made_at": turned.made_at,
        "received_at": turned.received_at,
        "code": turned.why.code,
        "facts": _plain(turned.why.facts),
        "signed": turned.signed,
        "device_id": turned.device,
        "chain_key": link and link.key,
        "chain_number": link and link.number,
        "chain_previous": link and link.previous,
        "chain_hash": link and link.hash,
    }


def _kept_lately(session: Session, accounts: Mapping[int, datetime]) -> Counter[int]:
    """How many were kept of each account in the day before an instant."""
    if not accounts:
        return Counter()
    recent = or_(
        *(
            and_(ITEM.c.account_id == account, ITEM.c.received_at > at - A_DAY)
            for account, at in accounts.items()
        )
    )
    counted = select(ITEM.c.account_id, func.count()).where(recent).group_by(ITEM.c.account_id)
    return Counter(dict(session.execute(counted).all()))


def _plain(facts: Mapping[str, object]) -> dict[str, Any]:
    """Facts as JSON can hold them."""
    return {
        name: value if isinstance(value, (str, int, float, bool, type(None))) else str(value)
        for name, value in facts.items()
    }
