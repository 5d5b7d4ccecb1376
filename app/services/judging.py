"""What is odd about the visits that came since we last looked: kept as flags for a person to weigh?

Events are judged after the fact, a batch at a time, and no check-in ever waits for it. What the rules
need is read first, in a handful of statements however many events there are; the flags are written in a
short transaction of their own. Killed in between, the batch is judged again, and a flag that is there
already, settled or not, stays as it is. No flag holds a coordinate.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, delete, exists, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.domain.visit_flags import FlagCode, Flagged, find
from app.domain.visit_history import Event, History
from app.models.engine import reading, writing
from app.models.visits import RefusedItem, VisitEvent, VisitFlag
from app.services import visit_histories

AT_A_TIME = 100
ID_REUSED = "ID_REUSED"
ONCE = frozenset({FlagCode.SAME_FIX, FlagCode.SAME_FIX_TWO_HOMES, FlagCode.DEVICE_OF_SEVERAL})
"""What goes on for days: shown once in the span that is looked at, not once for each of its events."""

_FLAG = cast(Table, VisitFlag.__table__)


def judge_due(session: Session, *, at: datetime) -> int:
    """Judge every event that nobody has judged yet; commits each batch, answers how many there were."""
    judged = 0
    _look_again_at_reused(session)
    while ids := _not_judged(session):
        _judge(session, ids, at=at)
        judged += len(ids)
    return judged


def _not_judged(session: Session) -> Sequence[int]:
    with reading():
        ids = session.scalars(
            select(VisitEvent.id)
            .where(VisitEvent.judged_at.is_(None))
            .order_by(VisitEvent.id)
            .limit(AT_A_TIME)
        ).all()
        session.rollback()
    return ids


def _judge(session: Session, ids: Sequence[int], *, at: datetime) -> None:
    with reading():
        history, assignments = visit_histories.around(session, ids, at=at)
        found = _not_said_before(session, history, find(history))
        session.rollback()
    with writing():
        for flagged in found:
            _keep(session, flagged, assignments.get(cast(int, flagged.event)), at=at)
        _let_go_of_filled_gaps(session, history, found, at=at)
        session.execute(update(VisitEvent).where(VisitEvent.id.in_(ids)).values(judged_at=at))
        session.commit()


def _keep(session: Session, flagged: Flagged, assignment_id: int | None, *, at: datetime) -> None:
    """Add the flag, unless it is there; a gap that is still open tells how much is missing now."""
    row = {
        "event_id": flagged.event,
        "assignment_id": assignment_id,
        "code": flagged.code.value,
        "facts": dict(flagged.facts),
        "found_at": max(at, flagged.shown_from),
    }
    insert: Any = (
        postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    )
    added = insert(_FLAG).values(**row)
    key = [_FLAG.c.event_id, _FLAG.c.code]
    if flagged.code is FlagCode.CHAIN_GAP:
        added = added.on_conflict_do_update(
            index_elements=key,
            set_={"facts": added.excluded.facts},
            where=_FLAG.c.settled_at.is_(None),
        )
    else:
        added = added.on_conflict_do_nothing(index_elements=key)
    session.execute(added)


def _not_said_before(
    session: Session, history: History, found: Sequence[Flagged]
) -> Sequence[Flagged]:
    """The flags without those that repeat what was shown of the same provider and phone before."""
    events = {event.id: event for event in history.events}
    asked = {cast(int, flagged.event) for flagged in found if flagged.code in ONCE}
    if not asked:
        return found
    providers = {events[event_id].provider for event_id in asked}
    said = session.execute(
        select(VisitFlag.event_id, VisitFlag.code, VisitEvent.account_id, VisitEvent.device_id)
        .join(VisitEvent, VisitEvent.id == VisitFlag.event_id)
        .where(
            VisitFlag.code.in_(ONCE),
            VisitFlag.assignment_id.in_(visit_histories.assignments_of(providers)),
            VisitEvent.counts_at >= min(event.counts_at for event in history.events),
        )
    ).all()
    before = {_repeats(row.code, row.account_id, row.device_id): row.event_id for row in said}
    return [
        flagged
        for flagged in found
        if before.get(_key(flagged, events[flagged.event]), flagged.event) == flagged.event
    ]


def _key(flagged: Flagged, event: Event) -> tuple[str, int, int | None]:
    return _repeats(flagged.code, event.provider, event.device)


def _repeats(code: str, provider: int, device: int | None) -> tuple[str, int, int | None]:
    return code, provider, device if code == FlagCode.DEVICE_OF_SEVERAL else None


def _let_go_of_filled_gaps(
    session: Session, history: History, found: Sequence[Flagged], *, at: datetime
) -> None:
    """What was missing has come: the flag goes if nobody could see it yet, else it settles itself."""
    open_gaps = {flagged.event for flagged in found if flagged.code is FlagCode.CHAIN_GAP}
    seen = [
        link.event
        for link in history.links
        if link.event is not None and link.number > history.links_from.get(link.key, 1)
    ]
    filled = [event_id for event_id in seen if event_id not in open_gaps]
    gap = (
        VisitFlag.code == FlagCode.CHAIN_GAP,
        VisitFlag.event_id.in_(filled),
        VisitFlag.settled_at.is_(None),
    )
    if filled:
        session.execute(delete(VisitFlag).where(*gap, VisitFlag.found_at > at))
        session.execute(update(VisitFlag).where(*gap).values(settled_at=at))


def _look_again_at_reused(session: Session) -> None:
    """What came once more under an event's id came after that was judged: it is judged anew; commits."""
    with reading():
        ids = session.scalars(
            select(VisitEvent.id)
            .join(
                RefusedItem,
                (RefusedItem.submission_id == VisitEvent.submission_id)
                & (RefusedItem.account_id == VisitEvent.account_id),
            )
            .where(
                RefusedItem.code == ID_REUSED,
                RefusedItem.seen_at.is_(None),
                VisitEvent.judged_at.is_not(None),
                ~exists().where(VisitFlag.event_id == VisitEvent.id, VisitFlag.code == ID_REUSED),
            )
        ).all()
        session.rollback()
    if ids:
        with writing():
            session.execute(update(VisitEvent).where(VisitEvent.id.in_(ids)).values(judged_at=None))
            session.commit()
