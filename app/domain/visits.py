"""How check-ins and check-outs become visits, and what hours they propose for a day.

Nothing here ever refuses a tap (decision 1; WIC 10836: least intrusive capture, no penalties from
EVV). An odd event is kept and flagged, and people decide.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from app.domain import parameters
from app.domain.hours import A_DAY
from app.domain.periods import LOS_ANGELES, local_day, midnight_after

A_MINUTE = timedelta(minutes=1)
SURELY_FORGOTTEN = timedelta(
    days=2
)  # wider than any `visit.longest`, so that an index can bound it


class EventKind(StrEnum):
    """Which of the two taps an event is."""

    CHECK_IN = "check-in"
    CHECK_OUT = "check-out"


class Location(StrEnum):
    """Where service was given, as the person chose at the tap."""

    HOME = "home"
    COMMUNITY = "community"


class Place(StrEnum):
    """Where the service of a whole day was given, as the timesheet shows it."""

    HOME = "home"
    COMMUNITY = "community"
    BOTH = "both"


class Flag(StrEnum):
    """What is odd about a visit: a fact for people to weigh, never a verdict."""

    NO_CHECK_OUT = "NO_CHECK_OUT"  # a later check-in began while this one was open
    OUT_WITHOUT_IN = "OUT_WITHOUT_IN"
    OVERLAP = "OVERLAP"  # with a visit in another home
    OVER_A_DAY = "OVER_A_DAY"  # so long that its check-out was surely forgotten


@dataclass(frozen=True, slots=True)
class VisitEvent:
    """One tap: `id` is the caller's own, `assignment` its provider, recipient and program."""

    id: int | str
    assignment: int
    kind: EventKind
    at: datetime
    location: Location


@dataclass(frozen=True, slots=True)
class PairedVisit:
    """A visit: its two taps, one of which may be missing, and what is odd about it."""

    assignment: int
    check_in: VisitEvent | None
    check_out: VisitEvent | None
    flags: frozenset[Flag] = frozenset()

    @property
    def is_open(self) -> bool:
        """Whether the person is checked in now."""
        return self.check_out is None and Flag.NO_CHECK_OUT not in self.flags

    @property
    def events(self) -> tuple[VisitEvent, ...]:
        """The taps there are, in first."""
        return tuple(event for event in (self.check_in, self.check_out) if event)

    @property
    def began_at(self) -> datetime:
        """The first tap of it that is known."""
        return self.events[0].at

    @property
    def minutes(self) -> int | None:
        """Whole minutes between its taps; None unless both are known."""
        if self.check_in is None or self.check_out is None:
            return None
        return _whole_minutes(self.check_in.at, self.check_out.at)


def pair(events: Iterable[VisitEvent]) -> list[PairedVisit]:
    """The visits of one provider from all their taps, by when they began.

    Taps that were undone or marked "not a visit" are left out by the caller. Each check-out closes
    the open check-in of its assignment. A check-in while one is open is accepted and flags the
    first NO_CHECK_OUT; a check-out with nothing open stands alone as OUT_WITHOUT_IN. Taps at the
    same instant keep the order in which they are given.
    """
    open_ins: dict[int, VisitEvent] = {}
    visits: list[PairedVisit] = []
    for event in sorted(events, key=lambda event: event.at):
        opened = open_ins.pop(event.assignment, None)
        if event.kind is EventKind.CHECK_IN:
            if opened:
                visits.append(_alone(opened, Flag.NO_CHECK_OUT))
            open_ins[event.assignment] = event
        elif opened:
            visits.append(_closed(opened, event))
        else:
            visits.append(_alone(event, Flag.OUT_WITHOUT_IN))
    visits += [PairedVisit(event.assignment, event, None) for event in open_ins.values()]
    return with_overlaps(sorted(visits, key=lambda visit: visit.began_at))


class DayPart(NamedTuple):
    """The part of a visit on one local day: minutes of the clock face, and minutes that passed.

    On the nights the clocks change, `minutes` is not `end_minute - start_minute`.
    """

    on: date
    start_minute: int
    end_minute: int
    minutes: int


def days_of(began_at: datetime, ended_at: datetime | None) -> list[date]:
    """The local days on which hours of a visit can lie, in order.

    Of one so long that its end was surely forgotten these are its first and its last day: it proposes no
    hours, and none in between.
    """
    ended_at = ended_at or began_at
    first, last = local_day(began_at), local_day(ended_at)
    if ended_at - began_at > SURELY_FORGOTTEN:
        return [first, last]
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def split_by_day(check_in: datetime, check_out: datetime) -> list[DayPart]:
    """A visit cut at each local midnight (decision 3); ValueError when it ends before it begins.

    Seconds are dropped from both taps, as they are shown. An end of 1440 is the midnight after.

    >>> split_by_day(datetime(2026, 3, 8, 7, 0, tzinfo=UTC), datetime(2026, 3, 8, 11, 0, tzinfo=UTC))
    ... # doctest: +NORMALIZE_WHITESPACE
    [DayPart(on=datetime.date(2026, 3, 7), start_minute=1380, end_minute=1440, minutes=60),
     DayPart(on=datetime.date(2026, 3, 8), start_minute=0, end_minute=240, minutes=180)]
    """
    start, end = _to_the_minute(check_in), _to_the_minute(check_out)
    if end < start:
        raise ValueError("A visit cannot end before it begins.")
    parts: list[DayPart] = []
    while True:
        day = local_day(start)
        midnight = midnight_after(day)
        if end <= midnight:
            end_minute = A_DAY if end == midnight else _minute_of_day(end)
            parts.append(
                DayPart(day, _minute_of_day(start), end_minute, _whole_minutes(start, end))
            )
            return parts
        parts.append(DayPart(day, _minute_of_day(start), A_DAY, _whole_minutes(start, midnight)))
        start = midnight


@dataclass(frozen=True, slots=True)
class Proposal:
    """What check-ins propose for one day of one assignment: a timesheet row, to be changed freely.

    `first_in` and `last_out` are minutes of the local day (1440: midnight), None where no tap tells.
    """

    on: date
    assignment: int
    first_in: int | None
    last_out: int | None
    place: Place
    minutes: int


def propose(visits: Sequence[PairedVisit]) -> list[Proposal]:
    """The hours that all visits of one provider propose, by day and assignment (decision 2).

    A minute is proposed once: where visits of two recipients overlap it goes to the visit begun
    first. A visit without both taps shows its tap and proposes no hours, and so does one over a day.
    """
    rows: dict[tuple[date, int], list[_Piece]] = {}
    counted_until: datetime | None = None
    for visit in sorted(visits, key=lambda visit: visit.began_at):
        for piece in _pieces(visit, counted_until):
            rows.setdefault((piece.on, visit.assignment), []).append(piece)
        if _proposes_hours(visit) and visit.check_out:
            ends_at = visit.check_out.at
            counted_until = max(counted_until or ends_at, ends_at)
    return [_row(on, assignment, rows[on, assignment]) for on, assignment in sorted(rows)]


def undo_until(check_in_at: datetime) -> datetime:
    """Until when a check-in made by mistake can be undone (decision 12)."""
    return check_in_at + timedelta(
        minutes=parameters.value("visit.undo_for", local_day(check_in_at))
    )


def may_undo(check_in_at: datetime, now: datetime) -> bool:
    """Whether a check-in can still be undone; later it is marked "not a visit" with a reason."""
    return check_in_at <= now <= undo_until(check_in_at)


@dataclass(frozen=True, slots=True)
class _Piece:
    """What one visit adds to one day."""

    on: date
    first_in: int | None
    last_out: int | None
    locations: frozenset[Location]
    minutes: int = 0


def _pieces(visit: PairedVisit, counted_until: datetime | None) -> list[_Piece]:
    locations = frozenset(event.location for event in visit.events)
    if not _proposes_hours(visit) or visit.check_in is None or visit.check_out is None:
        return [_tap(event) for event in visit.events]
    begins, ends = visit.check_in.at, visit.check_out.at
    counted_from = min(max(begins, counted_until or begins), ends)
    parts = split_by_day(begins, ends)
    counted = parts if counted_from == begins else split_by_day(counted_from, ends)
    minutes = {part.on: part.minutes for part in counted}
    return [
        _Piece(part.on, part.start_minute, part.end_minute, locations, minutes.get(part.on, 0))
        for part in parts
    ]


def _tap(event: VisitEvent) -> _Piece:
    minute = _minute_of_day(event.at)
    is_in = event.kind is EventKind.CHECK_IN
    return _Piece(
        on=local_day(event.at),
        first_in=minute if is_in else None,
        last_out=None if is_in else minute,
        locations=frozenset({event.location}),
    )


def _row(on: date, assignment: int, pieces: Sequence[_Piece]) -> Proposal:
    locations = frozenset[Location]().union(*(piece.locations for piece in pieces))
    return Proposal(
        on=on,
        assignment=assignment,
        first_in=min((p.first_in for p in pieces if p.first_in is not None), default=None),
        last_out=max((p.last_out for p in pieces if p.last_out is not None), default=None),
        place=Place.BOTH if len(locations) > 1 else Place(next(iter(locations))),
        minutes=min(sum(piece.minutes for piece in pieces), A_DAY),
    )


def _proposes_hours(visit: PairedVisit) -> bool:
    has_both_taps = visit.check_in is not None and visit.check_out is not None
    return has_both_taps and Flag.OVER_A_DAY not in visit.flags


def _alone(event: VisitEvent, flag: Flag) -> PairedVisit:
    is_in = event.kind is EventKind.CHECK_IN
    return PairedVisit(
        assignment=event.assignment,
        check_in=event if is_in else None,
        check_out=None if is_in else event,
        flags=frozenset({flag}),
    )


def _closed(check_in: VisitEvent, check_out: VisitEvent) -> PairedVisit:
    visit = PairedVisit(check_in.assignment, check_in, check_out)
    longest = parameters.value("visit.longest", local_day(check_in.at))
    if _whole_minutes(check_in.at, check_out.at) > longest:
        return replace(visit, flags=frozenset({Flag.OVER_A_DAY}))
    return visit


def with_overlaps(
    visits: list[PairedVisit], homes: Mapping[int, Hashable] | None = None
) -> list[PairedVisit]:
    """The same visits, flagged OVERLAP where they share time with another assignment's.

    They come by when they began; only those with both taps are judged. `homes` says where each
    assignment is at home: who cares for two people in one home, or under two programs for one, is in
    one place, and nothing is odd about it.
    """
    flagged = set[int]()
    for index, visit in enumerate(visits):
        for later_index in range(index + 1, len(visits)):
            later = visits[later_index]
            if visit.check_out is None or later.began_at >= visit.check_out.at:
                break
            if _shares_time(visit, later) and not _in_one_home(visit, later, homes or {}):
                flagged |= {index, later_index}
    return [
        replace(visit, flags=visit.flags | {Flag.OVERLAP}) if index in flagged else visit
        for index, visit in enumerate(visits)
    ]


def _in_one_home(visit: PairedVisit, later: PairedVisit, homes: Mapping[int, Hashable]) -> bool:
    home = homes.get(visit.assignment)
    return home is not None and home == homes.get(later.assignment)


def _shares_time(visit: PairedVisit, later: PairedVisit) -> bool:
    both_known = visit.minutes is not None and later.minutes is not None
    return both_known and visit.assignment != later.assignment


def _to_the_minute(instant: datetime) -> datetime:
    return instant.astimezone(UTC).replace(second=0, microsecond=0)


def _whole_minutes(start: datetime, end: datetime) -> int:
    return (_to_the_minute(end) - _to_the_minute(start)) // A_MINUTE


def _minute_of_day(instant: datetime) -> int:
    local = instant.astimezone(LOS_ANGELES)
    return local.hour * 60 + local.minute
