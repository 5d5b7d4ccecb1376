"""What do we have on file that the aggregator is to be told of some assignments? Read in few statements."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session, joinedload, undefer, undefer_group

from app.domain import evv_records
from app.domain.evv_days import DayByHand, Stay
from app.domain.periods import local_day, midnight_before
from app.domain.timesheets import CLAIMED
from app.domain.visits import EventKind, Flag, Location, Place
from app.models.cases import Assignment, Case
from app.models.people import ON_FILE, Recipient
from app.models.timesheets import EntryChange, TimeEntry, Timesheet
from app.models.visits import Visit, VisitEvent
from app.services.receipts import BY_HAND
from app.services.visit_events import POSITION, TAPS

BEFORE = timedelta(days=2)  # a visit over midnight also belongs to the day before


@dataclass(slots=True)
class OnFile:
    """An assignment with its visits and days by hand from `since` on, and a little before."""

    assignment: Assignment
    since: date
    visits: list[Visit] = field(default_factory=list)
    days: list[DayByHand] = field(default_factory=list)
    taps: dict[int, list[VisitEvent]] = field(default_factory=lambda: defaultdict(list))
    fixes: dict[str, VisitEvent] = field(default_factory=dict)

    @property
    def stays(self) -> list[Stay]:
        """The visits that days by hand can change."""
        return [_stay(visit) for visit in self.visits if not visit.is_open and not visit.undone_at]

    def taps_of(self, visit: Visit, *, with_places: bool) -> tuple[evv_records.Tap, ...]:
        """A visit's taps, in first; without places, each that was ever known stands at zero.

        A place that was deleted since does not make the visit another one.
        """
        return tuple(
            _tap(event, self.fixes.get(event.submission_id), with_places=with_places)
            for event in self.taps[visit.id]
            if event.kind == EventKind.CHECK_IN or visit.flag != Flag.OVER_A_DAY
        )

    def newest(self, visit: Visit) -> datetime:
        """When the last of what makes the visit reached us."""
        told = [event.received_at for event in self.taps[visit.id]]
        told += [
            self.fixes[event.submission_id].received_at
            for event in self.taps[visit.id]
            if event.submission_id in self.fixes
        ]
        return max(told, default=visit.began_at)


def on_file(session: Session, since: Mapping[int, datetime]) -> list[OnFile]:
    """What is on file of assignments, by their keys, from the visit before an instant on."""
    days = {
        number: min(local_day(before or at), local_day(at))
        for number, at, before in _visits_before(session, since)
    }
    found = {
        assignment.id: OnFile(assignment, days[assignment.id])
        for assignment in session.scalars(
            select(Assignment)
            .where(Assignment.id.in_(since))
            .options(
                joinedload(Assignment.case)
                .joinedload(Case.recipient)
                .options(undefer_group(ON_FILE), joinedload(Recipient.county))
            )
            .order_by(Assignment.id)
        )
    }
    _add_visits(session, found)
    _add_days(session, found)
    return list(found.values())


def programs_of(session: Session, case_ids: Collection[int]) -> dict[int, frozenset[str]]:
    """Under which programs each case has ever had a provider."""
    rows = session.execute(
        select(Assignment.case_id, Assignment.program)
        .where(Assignment.case_id.in_(case_ids))
        .distinct()
    )
    found = defaultdict(set)
    for case_id, program in rows:
        found[case_id].add(program)
    return {case_id: frozenset(programs) for case_id, programs in found.items()}


def _visits_before(
    session: Session, since: Mapping[int, datetime]
) -> list[tuple[int, datetime, datetime | None]]:
    """For each assignment the begin of the visit before: a tap concerns its neighbours."""
    at = case(since, value=Assignment.id)
    before = (
        select(func.max(Visit.began_at))
        .where(Visit.assignment_id == Assignment.id, Visit.began_at < at, Visit.undone_at.is_(None))
        .scalar_subquery()
    )
    rows = session.execute(select(Assignment.id, before).where(Assignment.id.in_(since)))
    return [(number, since[number], began_at) for number, began_at in rows]


def _add_visits(session: Session, found: Mapping[int, OnFile]) -> None:
    earliest = min(each.since for each in found.values())
    visits = session.scalars(
        select(Visit)
        .where(Visit.assignment_id.in_(found), Visit.began_at >= midnight_before(earliest - BEFORE))
        .order_by(Visit.began_at, Visit.id)
        .execution_options(populate_existing=True)
    ).all()
    of_visit = {}
    for visit in visits:
        each = found[visit.assignment_id]
        if visit.began_at >= midnight_before(each.since - BEFORE):
            each.visits.append(visit)
            of_visit[visit.id] = each
    events = session.scalars(
        select(VisitEvent)
        .where(VisitEvent.visit_id.in_(of_visit), VisitEvent.kind.in_(TAPS))
        .options(undefer(VisitEvent.position))
        .order_by(VisitEvent.counts_at, VisitEvent.id)
    ).all()
    of_tap = {}
    for event in events:
        each = of_visit[event.visit_id or 0]
        each.taps[event.visit_id or 0].append(event)
        of_tap[event.submission_id] = each
    for fix in session.scalars(
        select(VisitEvent)
        .where(VisitEvent.about_submission_id.in_(of_tap), VisitEvent.kind == POSITION)
        .options(undefer(VisitEvent.position))
        .order_by(VisitEvent.id)
    ):
        if _had_a_place(fix):
            about = fix.about_submission_id or ""
            of_tap[about].fixes.setdefault(about, fix)


def _add_days(session: Session, found: Mapping[int, OnFile]) -> None:
    """Days that somebody changed by hand, of sheets that she has signed and not taken back."""
    earliest = min(each.since for each in found.values()) - timedelta(days=1)
    changed_at = (
        select(func.max(EntryChange.at))
        .where(
            EntryChange.timesheet_id == TimeEntry.timesheet_id,
            EntryChange.on == TimeEntry.on,
            EntryChange.account_id.is_not(None),
        )
        .scalar_subquery()
    )
    rows = session.execute(
        select(TimeEntry, Timesheet.assignment_id, changed_at)
        .join(Timesheet, Timesheet.id == TimeEntry.timesheet_id)
        .where(
            Timesheet.assignment_id.in_(found),
            Timesheet.status.in_(CLAIMED),
            TimeEntry.on >= earliest,
            TimeEntry.by_hand,
        )
        .order_by(TimeEntry.on)
        .execution_options(populate_existing=True)
    )
    for entry, assignment_id, at in rows:
        each = found[assignment_id]
        if entry.on >= each.since - timedelta(days=1) and not each.assignment.live_in:
            each.days.append(_day(entry, at or entry.timesheet.changed_at))


def _day(entry: TimeEntry, changed_at: datetime) -> DayByHand:
    place = Place(entry.location) if entry.location else None
    moves_place = bool(entry.location and entry.proposed_location) and (
        entry.location != entry.proposed_location
    )
    return DayByHand(
        entry.on, entry.minutes or 0, entry.starts, entry.ends, place, moves_place, changed_at
    )


def _stay(visit: Visit) -> Stay:
    went_at = None if visit.flag == Flag.OVER_A_DAY else visit.checked_out_at
    return Stay(visit.id, visit.checked_in_at, went_at)


def _tap(event: VisitEvent, fix: VisitEvent | None, *, with_places: bool) -> evv_records.Tap:
    """Coordinates came with the tap or after it."""
    position: tuple[float, float] | None = None
    for source in (event, fix):
        if source is None or position is not None:
            continue
        if with_places:
            position = _place(source)
        elif _had_a_place(source):
            position = 0.0, 0.0
    return evv_records.Tap(
        key=str(event.id),
        kind=EventKind(event.kind),
        at=event.counts_at,
        location=Location(event.location or Location.HOME),
        by_hand=event.source == BY_HAND,
        position=position,
    )


def _place(event: VisitEvent) -> tuple[float, float] | None:
    return None if event.position is None else (event.position.latitude, event.position.longitude)


def _had_a_place(event: VisitEvent) -> bool:
    """Whether it says where, or did before that was deleted."""
    return event.position is not None or event.position_deleted_at is not None
