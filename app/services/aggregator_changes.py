"""Which assignments and people may the aggregator not know rightly any more?

Read on from where the last round ended: events of visits and steps of timesheets are only ever added. Several
workers take turns by the row that says how far we are.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import chain

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session, aliased

from app.domain.periods import midnight_before
from app.models.aggregator import AggregatorCursor, AggregatorRecord
from app.models.timesheets import Timesheet, TimesheetStatus
from app.models.visits import Visit, VisitEvent
from app.services.aggregator_outbox import INCOMPLETE, REJECTED

AT_A_TIME = 20  # rows a round, so that nobody at a door waits long for the database
HOLES_STAY = timedelta(minutes=10)  # longer than any transaction
LOOK_AGAIN = timedelta(days=1)  # at people, whose records change without an event
LOOK_AGAIN_AT_REJECTED = timedelta(minutes=15)
ONE_DAY = timedelta(days=1)
EVENTS, STEPS = "visit_event", "timesheet_status"


@dataclass(slots=True)
class Touched:
    """What may have changed: assignments from an instant on, and people."""

    since: dict[int, datetime] = field(default_factory=dict)
    cases: set[int] = field(default_factory=set)
    providers: set[int] = field(default_factory=set)
    has_moved: bool = False

    @property
    def is_empty(self) -> bool:
        return not (self.since or self.cases or self.providers or self.has_moved)

    def add(self, assignment_id: int, *instants: datetime | None) -> None:
        known = [at for at in (*instants, self.since.get(assignment_id)) if at is not None]
        self.since[assignment_id] = min(known)


def next_touched(session: Session, *, at: datetime) -> Touched:
    """What a round is to look at; nothing when all is seen, or another worker is at it. Never commits."""
    touched = Touched()
    cursors = _cursors(session)
    if cursors is not None:
        _read_events(session, cursors[EVENTS], touched, at)
        _read_steps(session, cursors[STEPS], touched, at)
        _read_asked_for(session, touched, at)
    return touched


def _cursors(session: Session) -> dict[str, AggregatorCursor] | None:
    found = {
        cursor.source: cursor
        for cursor in session.scalars(
            select(AggregatorCursor)
            .with_for_update(skip_locked=True)
            .execution_options(populate_existing=True)
        )
    }
    if found:
        return found if len(found) == len((EVENTS, STEPS)) else None
    if session.scalar(select(AggregatorCursor.id).limit(1)) is not None:
        return None
    for source in (EVENTS, STEPS):
        found[source] = AggregatorCursor(source=source, position=0, holes={})
        session.add(found[source])
    session.flush()
    return found


def _read_events(
    session: Session, cursor: AggregatorCursor, touched: Touched, at: datetime
) -> None:
    tap, of_tap = aliased(VisitEvent), aliased(Visit)
    rows = session.execute(
        select(
            VisitEvent.id,
            VisitEvent.assignment_id,
            VisitEvent.counts_at,
            Visit.began_at,
            of_tap.began_at,
        )
        .outerjoin(Visit, Visit.id == VisitEvent.visit_id)
        .outerjoin(tap, tap.submission_id == VisitEvent.about_submission_id)
        .outerjoin(of_tap, of_tap.id == tap.visit_id)
        .where(_is_new(VisitEvent, cursor))
        .order_by(VisitEvent.id)
        .limit(AT_A_TIME)
    ).all()
    for _number, assignment_id, *instants in rows:
        if assignment_id is not None:
            touched.add(assignment_id, *instants)
    _move_on(cursor, [row[0] for row in rows], touched, at)


def _read_steps(session: Session, cursor: AggregatorCursor, touched: Touched, at: datetime) -> None:
    rows = session.execute(
        select(TimesheetStatus.id, Timesheet.assignment_id, Timesheet.period_starts_on)
        .join(Timesheet, Timesheet.id == TimesheetStatus.timesheet_id)
        .where(_is_new(TimesheetStatus, cursor))
        .order_by(TimesheetStatus.id)
        .limit(AT_A_TIME)
    ).all()
    for _number, assignment_id, starts_on in rows:
        touched.add(assignment_id, midnight_before(starts_on - ONE_DAY))
    _move_on(cursor, [row[0] for row in rows], touched, at)


def _is_new(
    table: type[VisitEvent | TimesheetStatus], cursor: AggregatorCursor
) -> ColumnElement[bool]:
    """Beyond where we were, or a key that was missing and has appeared."""
    missed = [int(key) for key in cursor.holes]
    beyond = table.id > cursor.position
    return or_(beyond, table.id.in_(missed)) if missed else beyond


def _move_on(cursor: AggregatorCursor, keys: list[int], touched: Touched, at: datetime) -> None:
    """Note how far we are, and which keys below are missing: they may still be being written."""
    beyond = [key for key in keys if key > cursor.position]
    missing = set(range(cursor.position + 1, max(beyond, default=cursor.position))) - set(keys)
    holes = {
        key: since
        for key, since in cursor.holes.items()
        if int(key) not in keys and at - datetime.fromisoformat(since) < HOLES_STAY
    }
    holes |= {str(key): at.isoformat() for key in missing}
    touched.has_moved |= bool(keys)
    if beyond or holes != cursor.holes:
        cursor.position, cursor.holes = max(beyond, default=cursor.position), holes


def _read_asked_for(session: Session, touched: Touched, at: datetime) -> None:
    """Records that are to be put together anew, and people who were not looked at for long."""
    stale = or_(
        AggregatorRecord.looked_at < at - LOOK_AGAIN,
        and_(
            AggregatorRecord.state.in_((REJECTED, INCOMPLETE)),
            AggregatorRecord.looked_at < at - LOOK_AGAIN_AT_REJECTED,
        ),
    )
    asked = select(AggregatorRecord).where(
        AggregatorRecord.fingerprint.is_(None), AggregatorRecord.looked_at < at
    )
    people = select(AggregatorRecord).where(
        AggregatorRecord.kind.in_(("client", "employee")), stale
    )
    for record in chain(
        session.scalars(asked.order_by(AggregatorRecord.id).limit(AT_A_TIME)),
        session.scalars(people.order_by(AggregatorRecord.looked_at).limit(AT_A_TIME)),
    ):
        record.looked_at = at
        if record.case_id is not None:
            touched.cases.add(record.case_id)
        elif record.provider_id is not None:
            touched.providers.add(record.provider_id)
        elif record.assignment_id is not None and record.worked_on is not None:
            touched.add(record.assignment_id, midnight_before(record.worked_on))
