"""How many of a provider's own visits were edited by hand lately, and which? Nobody else is shown this."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain import parameters
from app.domain.hand_edits import HandEdit, Share, edits_of
from app.domain.periods import PayPeriod, local_day, midnight_before
from app.domain.visits import EventKind, days_of
from app.models.accounts import Account
from app.models.cases import Assignment, assignments_of
from app.models.timesheets import TimeEntry, Timesheet
from app.models.visits import Visit, VisitEvent
from app.services import timesheets
from app.services.day_log import DayValues
from app.services.visit_events import TAPS

ONE_DAY = timedelta(days=1)

Days = Mapping[tuple[int, date], TimeEntry]  # by assignment and day: those changed by hand


@dataclass(frozen=True, slots=True)
class CountedVisit:
    """A visit that counts, or a day that was only written; with what was by hand, perhaps nothing."""

    assignment: Assignment
    on: date
    visit: Visit | None
    timesheet_id: int | None
    edits: tuple[HandEdit, ...]


@dataclass(frozen=True, slots=True)
class OwnShare:
    """The visits of the last weeks, the latest first, and the share of those edited by hand."""

    weeks: int
    share: Share
    visits: list[CountedVisit]


def own_share(session: Session, account: Account, *, at: datetime) -> OwnShare:
    """What a provider sees of her own visits; NoResultFound for an account that is none."""
    provider = timesheets.provider_of(session, account)
    today = local_day(at)
    weeks = parameters.value("visit.share_weeks", today)
    since = today - timedelta(weeks=weeks) + ONE_DAY
    mine = {
        assignment.id: assignment
        for assignment in session.scalars(assignments_of(provider.id))
        if not assignment.live_in
    }
    visits = _visits(session, mine, since)
    days = _days_by_hand(session, mine, since, today)
    sources = _sources(session, visits)
    counted = [_counted(visit, sources[visit.id], days) for visit in visits]
    counted += _only_written(visits, days, mine)
    counted.sort(
        key=lambda each: (each.on, each.visit.began_at if each.visit else at), reverse=True
    )
    return OwnShare(weeks, Share.of([each.edits for each in counted]), counted)


def _visits(session: Session, mine: Collection[int], since: date) -> Sequence[Visit]:
    return session.scalars(
        select(Visit).where(
            Visit.assignment_id.in_(mine),
            Visit.began_at >= midnight_before(since),
            Visit.undone_at.is_(None),
            Visit.is_open.is_(False),
        )
    ).all()


def _days_by_hand(session: Session, mine: Collection[int], since: date, today: date) -> Days:
    rows = session.execute(
        select(Timesheet.assignment_id, TimeEntry)
        .join(TimeEntry, TimeEntry.timesheet_id == Timesheet.id)
        .where(
            Timesheet.assignment_id.in_(mine),
            Timesheet.period_starts_on >= PayPeriod.of(since).starts_on,
            TimeEntry.on.between(since, today),
            TimeEntry.by_hand.is_(True),
            TimeEntry.minutes.is_not(None),
        )
    )
    return {(assignment_id, entry.on): entry for assignment_id, entry in rows}


def _sources(session: Session, visits: Sequence[Visit]) -> Mapping[int, Mapping[str, str]]:
    """How the taps of each visit were made, by their kind."""
    found: dict[int, dict[str, str]] = defaultdict(dict)
    rows = session.execute(
        select(VisitEvent.visit_id, VisitEvent.kind, VisitEvent.source).where(
            VisitEvent.visit_id.in_([visit.id for visit in visits]), VisitEvent.kind.in_(TAPS)
        )
    )
    for visit_id, kind, source in rows:
        found[visit_id or 0][kind] = source
    return found


def _counted(visit: Visit, sources: Mapping[str, str], days: Days) -> CountedVisit:
    changed = [days[key] for key in _days_of(visit) if key in days]
    differs = [entry for entry in changed if _differs(entry)]
    return CountedVisit(
        visit.assignment,
        local_day(visit.began_at),
        visit,
        differs[0].timesheet_id if differs else None,
        edits_of(
            sources.get(EventKind.CHECK_IN),
            sources.get(EventKind.CHECK_OUT),
            day_differs=bool(differs),
        ),
    )


def _only_written(
    visits: Sequence[Visit], days: Days, mine: Mapping[int, Assignment]
) -> list[CountedVisit]:
    """Days with hours on which nobody checked in or out."""
    tapped = {key for visit in visits for key in _days_of(visit)}
    return [
        CountedVisit(mine[key[0]], key[1], None, entry.timesheet_id, (HandEdit.NO_TAPS,))
        for key, entry in days.items()
        if key not in tapped and entry.minutes
    ]


def _days_of(visit: Visit) -> list[tuple[int, date]]:
    days = days_of(visit.began_at, visit.checked_out_at)
    return [(visit.assignment_id, day) for day in days]


def _differs(entry: TimeEntry) -> bool:
    """Whether the sheet says other hours, times or another place than the taps of the day."""
    return DayValues.of(entry) != DayValues.proposed_in(entry)
