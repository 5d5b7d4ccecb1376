"""What do check-ins and check-outs make of the visits: one at the door, or a phone's hundreds at once?

All taps pass here. What they touch is read for all of them together, each is judged by itself, and what
they make is written together, so that many cost little more than one. Nothing here commits.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from app.domain import visits as rules
from app.domain.clocks import accepted_time
from app.domain.outcomes import Refused
from app.domain.periods import local_day
from app.domain.positions import Fix, NoFix
from app.domain.visits import EventKind, Location
from app.models.prepared import Among, insert_row
from app.services import audit, positions, visit_days
from app.services import visit_events as events
from app.services.audit import Act, Actor
from app.services.doors import Door
from app.services.positions import ALL_BUT_POSITION, EVENT
from app.services.receipts import Submission
from app.services.visit_days import Around, Tap
from app.services.visit_events import UNDO, VISIT, NewEvent, ProposedHours, VisitReceipt

UNDONE = "UNDONE"  # the reason of a visit whose check-in was taken back in time

_SEEN = Among(
    lambda ids: select(*ALL_BUT_POSITION).where(
        or_(
            EVENT.c.submission_id.in_(ids),
            and_(EVENT.c.about_submission_id.in_(ids), EVENT.c.kind == UNDO),
        )
    )
)

Outcome = VisitReceipt | Refused


@dataclass(frozen=True, slots=True)
class End:
    """The end of a visit that is given by hand afterwards: of which visit, which began when."""

    at: datetime
    visit_id: int
    began_at: datetime


@dataclass(slots=True)
class NewTap:
    """A tap as it is asked for, at whose door and by whom; `at` is when it reached us."""

    kind: EventKind
    door: Door
    location: Location
    submission: Submission
    by: Actor
    at: datetime
    position: Fix | NoFix | None = None
    end: End | None = None
    id: str = field(init=False)
    counts_at: datetime = field(init=False)

    def __post_init__(self) -> None:
        self.id = self.submission.id
        self.counts_at = self.end.at if self.end else accepted_time(self.submission.told(self.at))


def record(session: Session, taps: Sequence[NewTap]) -> list[Outcome]:
    """A receipt for each tap, or why it is refused; the first receipt where it was there already.

    Refused with LIVE_IN_NO_CHECK_IN, with NOT_ASSIGNED_THEN outside the assignment's days, with
    ID_REUSED, and by hand as `close_by_hand` says. A check-in that was undone before it arrived is kept
    and stays undone.
    """
    audit.take_turns(session, *(tap.by for tap in taps))
    seen = _Seen(_SEEN.all(session, list({tap.id for tap in taps})))
    outcomes: list[Outcome | None] = [_before(session, tap, seen) for tap in taps]
    fresh: dict[str, NewTap] = {}
    for tap, outcome in zip(taps, outcomes, strict=True):
        if outcome is None:
            fresh.setdefault(tap.id, tap)
    kept = _keep(session, list(fresh.values()), seen)
    return [
        outcome or _of_its_first(kept[tap.id], fresh[tap.id], tap)
        for tap, outcome in zip(taps, outcomes, strict=True)
    ]


class _Seen:
    """What the ids of new taps were used for before."""

    def __init__(self, rows: Sequence[Any]) -> None:
        self.events = {row.submission_id: row for row in rows}
        self.undoings = {row.about_submission_id: row for row in rows if row.kind == UNDO}


def _before(session: Session, tap: NewTap, seen: _Seen) -> Outcome | None:
    """What is known of a tap without looking at any other: it was here already, or cannot be."""
    try:
        if (same := seen.events.get(tap.id)) is not None:
            return events.repeat(session, same, tap.submission)
        _check(tap)
    except Refused as refused:
        return refused
    return None


def _check(tap: NewTap) -> None:
    """Refuses what is no tap of this pair at all; where and when it was made never matters."""
    door, worked_on = tap.door, local_day(tap.counts_at)
    if door.live_in:
        raise Refused("LIVE_IN_NO_CHECK_IN", recipient=door.recipient)
    if not door.active_on(worked_on):
        raise Refused(
            "NOT_ASSIGNED_THEN", recipient=door.recipient, worked_on=worked_on.isoformat()
        )


def _of_its_first(outcome: Outcome, first: NewTap, tap: NewTap) -> Outcome:
    """A list that holds one id twice gets one event and two equal answers, or a refusal."""
    if first.submission.content_hash != tap.submission.content_hash:
        return Refused("ID_REUSED")
    return outcome


def _keep(session: Session, taps: Sequence[NewTap], seen: _Seen) -> dict[str, Outcome]:
    """Bring the visits and the proposed hours in line with new taps, and keep them; outcomes by id."""
    at_doors: dict[int, list[NewTap]] = defaultdict(list)
    for tap in taps:
        at_doors[tap.door.id].append(tap)
    outcomes: dict[str, Outcome] = {}
    placed: list[_Placed] = []
    days: list[tuple[Door, set[date], datetime]] = []
    for group in at_doors.values():
        at_one = _Place(session, group[0].door)
        placed += at_one.take(group, seen, outcomes)
        days.append((at_one.door, at_one.days, group[-1].at))
    receipts = events.keep_all(session, [each.event for each in placed])
    for door, changed, at in days:
        visit_days.hand_over(session, door, changed, at=at)
    audit.record_all(session, [each.act for each in placed])
    hours = _Hours(session)
    for each, receipt in zip(placed, receipts, strict=True):
        outcomes[each.tap.id] = each.receipt(receipt, hours)
    return outcomes


class _Hours:
    """What the days of check-outs propose, each asked for once."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._known: dict[tuple[int, date], ProposedHours | None] = {}

    def of(self, tap: NewTap) -> ProposedHours | None:
        day = tap.door.id, local_day(tap.counts_at)
        if day not in self._known:
            self._known[day] = events.proposed(self._session, *day)
        return self._known[day]


@dataclass(frozen=True, slots=True)
class _Placed:
    """A tap with the visit that it belongs to and the columns that say where it was."""

    tap: NewTap
    visit_id: int
    place: dict[str, Any]

    @property
    def event(self) -> NewEvent:
        tap = self.tap
        columns = {
            "assignment_id": tap.door.id,
            "visit_id": self.visit_id,
            "location": tap.location,
            **self.place,
        }
        return NewEvent(tap.kind, tap.submission, tap.by, tap.at, tap.counts_at, columns)

    @property
    def act(self) -> Act:
        """The act on record: never where it was, for who may see that is another question."""
        tap = self.tap
        facts = {"event": tap.id, "location": tap.location, "source": tap.submission.source}
        return Act(f"visit:{tap.kind}", f"assignment:{tap.door.id}", tap.by, tap.at, facts)

    def receipt(self, number: str, hours: _Hours) -> VisitReceipt:
        tap = self.tap
        return VisitReceipt(
            number, tap.kind, tap.counts_at, self.visit_id,
            hours.of(tap) if tap.kind is EventKind.CHECK_OUT else None,
            doubt=events.doubt(tap.submission.source, tap.submission.told(tap.at)),
            verdict=positions.verdict_of(self.place),
        )  # fmt: skip


class _Place:
    """The visits of one assignment, while new taps find their place among them."""

    def __init__(self, session: Session, door: Door) -> None:
        self._session = session
        self.door = door
        self.days = set[date]()

    def take(
        self, taps: Sequence[NewTap], seen: _Seen, outcomes: dict[str, Outcome]
    ) -> list[_Placed]:
        """The taps that can be kept, each with its visit; why others cannot goes into `outcomes`."""
        earliest = min(tap.end.began_at if tap.end else tap.counts_at for tap in taps)
        found = visit_days.around(self._session, self.door.id, earliest)
        possible = []
        for tap in taps:
            try:
                if tap.end is not None:
                    _check_end(tap.end, found, tap.at)
            except Refused as refused:
                outcomes[tap.id] = refused
            else:
                possible.append(tap)
        undone = [tap for tap in possible if _was_undone(tap, seen)]
        visit_of = {tap.id: self._undone_visit(tap) for tap in undone}
        visit_of |= self._pair(found, [tap for tap in possible if tap.id not in visit_of])
        return [
            _Placed(
                tap,
                visit_of[tap.id],
                positions.columns_of(
                    self.door.home, tap.location, tap.position, local_day(tap.counts_at)
                ),
            )
            for tap in possible
        ]

    def _pair(self, found: Around, taps: Sequence[NewTap]) -> dict[str, int]:
        new = [
            Tap(tap.id, tap.kind, tap.counts_at, tap.submission.made_at, tap.location)
            for tap in taps
        ]
        visit_of, days = visit_days.repair(self._session, self.door.id, found, new=new)
        self.days |= days
        return visit_of

    def _undone_visit(self, tap: NewTap) -> int:
        """The row of a check-in that was undone before it came: kept, and of no consequence."""
        return insert_row(
            self._session, VISIT, assignment_id=self.door.id, began_at=tap.counts_at,
            checked_in_at=tap.counts_at, location_in=tap.location, is_open=False,
            undone_at=tap.at, undone_reason=UNDONE,
        )  # fmt: skip


def _check_end(end: End, found: Around, at: datetime) -> None:
    visit = found.visits.get(end.visit_id)
    if visit is None or visit.checked_in_at is None or visit.checked_out_at is not None:
        raise Refused("VISIT_CLOSED")
    began_at = visit.checked_in_at
    if end.at <= began_at:
        raise Refused("END_BEFORE_START", began_at=began_at.isoformat())
    if end.at > at:
        raise Refused("END_IN_FUTURE")
    later = [tap.counts_at for tap in found.taps if tap.counts_at > began_at]
    if later and end.at >= min(later):
        raise Refused("END_AFTER_NEXT", next_at=min(later).isoformat())


def _was_undone(tap: NewTap, seen: _Seen) -> bool:
    """Whether this is a check-in that was taken back in time before it arrived."""
    undoing = seen.undoings.get(tap.id)
    if undoing is None or undoing.account_id != tap.by.id or tap.kind is not EventKind.CHECK_IN:
        return False
    return soon_after(tap.counts_at, undoing.made_at - tap.submission.made_at)


def soon_after(check_in_at: datetime, passed: timedelta) -> bool:
    """Whether an undo came in time, by what passed on a clock that itself may be years off."""
    return abs(passed) < timedelta(days=1) and rules.may_undo(check_in_at, check_in_at + passed)
