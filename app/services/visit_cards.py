"""What does a provider see at the door: for whom she may check in, where she is checked in, since when?

The number of statements does not depend on how many people she works for, nor on how long she has.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, undefer

from app.domain import visits as rules
from app.domain.periods import PayPeriod, local_day
from app.domain.positions import Verdict
from app.domain.visits import Location
from app.models.cases import Assignment, active_assignments_of, side_by_side
from app.models.people import Provider
from app.models.timesheets import TimeEntry, Timesheet
from app.models.visits import Visit, VisitEvent, open_visits_of
from app.services import positions, visit_events
from app.services.visit_events import ProposedHours


@dataclass(frozen=True, slots=True)
class RecordedEvent:
    """One event of a visit as it came, and what is made of its place."""

    event: VisitEvent
    verdict: Verdict | None

    @property
    def problem(self) -> str | None:
        """Why there is no position, as it is stored."""
        return self.event.position_problem


@dataclass(frozen=True, slots=True)
class VisitCard:
    """One recipient and program at the door.

    `latest` is the last visit that counts, `is_in` whether it still goes on, `place` the event that
    tells where its last tap was, and `hours` what today's visits brought, once they are over.
    """

    assignment: Assignment
    latest: Visit | None
    place: RecordedEvent | None
    hours: ProposedHours | None
    may_undo: bool
    location: Location

    @property
    def is_in(self) -> bool:
        return self.latest is not None and self.latest.is_open


def cards(session: Session, provider: Provider, *, at: datetime) -> list[VisitCard]:
    """A card for each assignment that needs check-ins today, and for each visit that still goes on.

    Where she is checked in comes first, the latest on top; live-in pairs have no card.
    """
    today = local_day(at)
    open_visits = {v.assignment_id: v for v in reversed(_all(session, open_visits_of(provider.id)))}
    assignments = {visit.assignment_id: visit.assignment for visit in open_visits.values()} | {
        assignment.id: assignment
        for assignment in _all(session, active_assignments_of(provider.id, today))
        if not assignment.live_in
    }
    latest = _latest_visits(session, assignments) | open_visits
    recorded = events_of(session, [visit.id for visit in latest.values()])
    hours = _hours_of_today(session, assignments, at)
    found = []
    for assignment in side_by_side(assignments.values()):
        visit = latest.get(assignment.id)
        events = recorded.get(visit.id, []) if visit else []
        is_over_today = visit is not None and not visit.is_open and _ended_on(visit) == today
        found.append(
            VisitCard(
                assignment,
                visit,
                place=_last_place(events),
                hours=hours.get(assignment.id) if is_over_today else None,
                may_undo=may_undo(visit, at),
                location=_usual_location(visit),
            )
        )
    return sorted(found, key=_order)


def latest_of(session: Session, provider: Provider, *, limit: int, offset: int) -> list[Visit]:
    """A provider's visits, the latest first, those too that turned out to be none."""
    return _all(
        session,
        select(Visit)
        .join(Visit.assignment)
        .where(Assignment.provider_id == provider.id)
        .order_by(Visit.began_at.desc(), Visit.id.desc())
        .limit(limit)
        .offset(offset),
    )


def may_undo(visit: Visit | None, at: datetime) -> bool:
    """Whether the check-in can still be taken back without saying why."""
    if visit is None or not visit.is_open or visit.checked_in_at is None:
        return False
    return rules.may_undo(visit.checked_in_at, at)


def events_of(session: Session, visit_ids: Sequence[int]) -> dict[int, list[RecordedEvent]]:
    """All that was said about these visits, in the order in which it counts, by visit."""
    if not visit_ids:
        return {}
    taps = select(VisitEvent.submission_id).where(VisitEvent.visit_id.in_(visit_ids))
    events = _all(
        session,
        select(VisitEvent)
        .where(or_(VisitEvent.visit_id.in_(visit_ids), VisitEvent.about_submission_id.in_(taps)))
        .order_by(VisitEvent.counts_at, VisitEvent.id)
        .options(undefer(VisitEvent.position))
        .execution_options(populate_existing=True),
    )
    visit_of = {event.submission_id: event.visit_id for event in events}
    recorded = defaultdict(list)
    for event in events:
        visit_id = event.visit_id or visit_of.get(event.about_submission_id or "")
        if visit_id is not None:
            recorded[visit_id].append(RecordedEvent(event, _verdict(event)))
    return recorded


def _all(session: Session, statement: Any) -> list[Any]:
    return list(session.scalars(statement))


def _latest_visits(session: Session, assignment_ids: Iterable[int]) -> dict[int, Visit]:
    """The last visit of each assignment that counts, each found by its index."""
    last = (
        select(Visit.id)
        .where(Visit.assignment_id == Assignment.id, Visit.undone_at.is_(None))
        .order_by(Visit.began_at.desc())
        .limit(1)
        .correlate(Assignment)
        .scalar_subquery()
    )
    found = session.scalars(
        select(Visit).where(
            Visit.id.in_(select(last).where(Assignment.id.in_(list(assignment_ids))))
        )
    )
    return {visit.assignment_id: visit for visit in found}


def _hours_of_today(
    session: Session, assignment_ids: Iterable[int], at: datetime
) -> dict[int, ProposedHours]:
    today = local_day(at)
    rows = session.execute(
        select(Timesheet.assignment_id, Timesheet.id, TimeEntry.proposed_minutes, TimeEntry.minutes)
        .join(TimeEntry, (TimeEntry.timesheet_id == Timesheet.id) & (TimeEntry.on == today))
        .where(
            Timesheet.assignment_id.in_(list(assignment_ids)),
            Timesheet.period_starts_on == PayPeriod.of(today).starts_on,
        )
    )
    return {
        assignment_id: ProposedHours(sheet_id, proposed, proposed == minutes)
        for assignment_id, sheet_id, proposed, minutes in rows
    }


def _ended_on(visit: Visit) -> Any:
    return local_day(visit.checked_out_at or visit.began_at)


def _usual_location(visit: Visit | None) -> Location:
    """What is chosen already: on the way out where she came in, else where she was last."""
    if visit is None:
        return Location.HOME
    known = visit.location_in if visit.is_open else visit.location_out or visit.location_in
    return Location(known or Location.HOME)


def _last_place(events: Sequence[RecordedEvent]) -> RecordedEvent | None:
    """What tells where the last tap was: the fix that came after it, or the tap itself."""
    taps = [one for one in events if one.event.kind in visit_events.TAPS]
    if not taps or taps[-1].event.location != Location.HOME:
        return None
    last = taps[-1]
    fixes = [one for one in events if one.event.about_submission_id == last.event.submission_id]
    return next((one for one in [*fixes, last] if one.verdict is not None), None)


def _verdict(event: VisitEvent) -> Verdict | None:
    return positions.verdict_of(
        {"verdict": event.verdict, "distance_m": event.distance_m, "position": event.position}
    )


def _order(card: VisitCard) -> tuple[bool, float]:
    """Where she is checked in first, the latest on top."""
    began = card.latest.began_at.timestamp() if card.is_in and card.latest else 0
    return not card.is_in, -began
