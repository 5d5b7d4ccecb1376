"""Which visits do the taps of an assignment make, and what do they propose for the days they touch?

A visit is never typed: it is put together from raw taps, again and again as taps arrive, late or out
of order, so that any order of arrival ends in the same visits and the same hours (quality.md B3, 8).
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    Text,
    and_,
    bindparam,
    delete,
    func,
    or_,
    select,
    type_coerce,
    update,
)
from sqlalchemy.orm import Session

from app.domain import visits as rules
from app.domain.periods import midnight_after, midnight_before
from app.domain.visits import EventKind, Flag, Location, PairedVisit
from app.models.base import Instant
from app.models.cases import Assignment, Case
from app.models.people import Recipient
from app.models.prepared import Prepared, change_row, insert_for_keys
from app.services import positions, proposals
from app.services.doors import Door
from app.services.positions import EVENT
from app.services.visit_events import TAPS, VISIT

TAP_COLUMNS = 6  # of a row of _AROUND; the others are the visit's

# What is odd about a visit, the most telling first: a row shows one flag.
FLAGS = (Flag.NO_CHECK_OUT, Flag.OUT_WITHOUT_IN, Flag.OVER_A_DAY, Flag.OVERLAP)

# The statements are built once: to build one costs several times what it costs to run it.
_IS_TAP = or_(*(EVENT.c.kind == kind for kind in TAPS))
_TAP_BEFORE = (
    select(EVENT.c.counts_at)
    .join(VISIT, VISIT.c.id == EVENT.c.visit_id)
    .where(
        EVENT.c.assignment_id == bindparam("assignment"),
        _IS_TAP,
        EVENT.c.counts_at < bindparam("at", type_=Instant()),
        VISIT.c.undone_at.is_(None),
    )
    .order_by(EVENT.c.counts_at.desc())
    .limit(1)
    .scalar_subquery()
)
_AROUND = Prepared(
    select(
        EVENT.c.submission_id,
        EVENT.c.kind,
        EVENT.c.counts_at,
        EVENT.c.made_at,
        EVENT.c.location,
        EVENT.c.visit_id,
        VISIT.c.began_at,
        VISIT.c.checked_in_at,
        VISIT.c.checked_out_at,
        VISIT.c.location_in,
        VISIT.c.location_out,
        VISIT.c.is_open,
        VISIT.c.flag,
    )
    .join(VISIT, VISIT.c.id == EVENT.c.visit_id)
    .where(
        EVENT.c.assignment_id == bindparam("assignment"),
        EVENT.c.counts_at >= func.coalesce(_TAP_BEFORE, bindparam("at", type_=Instant())),
        _IS_TAP,
        VISIT.c.undone_at.is_(None),
    )
)
_BETWEEN = Prepared(
    select(
        VISIT,
        Case.recipient_id,
        type_coerce(Recipient.home, Text).label("home"),  # opened where there are two to compare
    )
    .join(Assignment, Assignment.id == VISIT.c.assignment_id)
    .join(Case, Case.id == Assignment.case_id)
    .join(Recipient, Recipient.id == Case.recipient_id)
    .where(
        Assignment.provider_id == bindparam("provider"),
        VISIT.c.undone_at.is_(None),
        or_(
            and_(VISIT.c.began_at >= bindparam("start"), VISIT.c.began_at < bindparam("end")),
            and_(
                VISIT.c.checked_out_at >= bindparam("start"),
                VISIT.c.checked_out_at < bindparam("end"),
            ),
            and_(  # over both ends of the days
                VISIT.c.began_at >= bindparam("long_before"),
                VISIT.c.began_at < bindparam("start"),
                VISIT.c.checked_out_at >= bindparam("end"),
            ),
        ),
    )
    .order_by(VISIT.c.began_at, VISIT.c.id)
)
_MOVE_TAP = Prepared(
    update(EVENT)
    .where(EVENT.c.submission_id == bindparam("tap"))
    .values(visit_id=bindparam("visit_id"))
)


@dataclass(frozen=True, slots=True)
class Tap:
    """A check-in or check-out as pairing needs it; `visit_id` is the visit that it made so far.

    `made_at` is by the phone's clock. It orders what counts at one instant: the taps of a phone whose
    clock is ahead all count when they are received.
    """

    submission_id: str
    kind: str
    counts_at: datetime
    made_at: datetime
    location: str
    visit_id: int | None = None


@dataclass(frozen=True, slots=True)
class VisitState:
    """What the row of a visit says."""

    began_at: datetime
    checked_in_at: datetime | None
    checked_out_at: datetime | None
    location_in: str | None
    location_out: str | None
    is_open: bool
    flag: str | None

    @property
    def days(self) -> set[date]:
        """The local days whose hours depend on it; none while it is open."""
        return set() if self.is_open else set(rules.days_of(self.began_at, self.checked_out_at))


@dataclass(slots=True)
class Around:
    """What is known around a tap: the live taps beside it and the visits they make."""

    taps: list[Tap] = field(default_factory=list)
    visits: dict[int, VisitState] = field(default_factory=dict)


def around(session: Session, assignment_id: int, at: datetime) -> Around:
    """The live taps of an assignment from the one before an instant on.

    One statement: the check-in waits for it. The tap before is enough, for a tap only ever concerns
    its neighbours.
    """
    found = Around()
    for row in _AROUND.all(session, assignment=assignment_id, at=at):
        found.taps.append(Tap(*row[:TAP_COLUMNS]))
        found.visits[row.visit_id] = VisitState(*row[TAP_COLUMNS:])
    _leave_out_the_end_before(found, at)
    return found


def repair(
    session: Session,
    assignment_id: int,
    found: Around,
    *,
    new: Sequence[Tap] = (),
    spent: int | None = None,
) -> tuple[dict[str, int], set[date]]:
    """Pair the taps anew and bring the visits in line; answers each new tap's visit and the days changed.

    `spent` is a visit whose taps no longer count, so that its row is not used for others.
    """
    paired = _matched(assignment_id, found, [*found.taps, *new], spent)
    fresh = {tap.submission_id for tap in new}
    added = iter(_add(session, assignment_id, [one.state for one in paired if one.old is None]))
    claimed = {spent} if spent else set[int]()
    days = set[date]()
    visit_of: dict[str, int] = {}
    for one in paired:
        visit_id = next(added) if one.visit_id is None else one.visit_id
        claimed.add(visit_id)
        if one.old is not None and not _says_the_same(one.old, one.state):
            change_row(session, VISIT, visit_id, **_columns(one.state))
            days |= one.state.days | one.old.days
        elif one.old is None:
            days |= one.state.days
        for tap in one.taps:
            if tap.submission_id in fresh:
                visit_of[tap.submission_id] = visit_id
            elif tap.visit_id != visit_id:
                _move(session, tap, visit_id)
    return visit_of, days | _drop_unclaimed(session, found, claimed)


@dataclass(frozen=True, slots=True)
class _Paired:
    """Taps that make a visit, what it says now, and the row it had so far; none where it is new."""

    taps: Sequence[Tap]
    state: VisitState
    visit_id: int | None
    old: VisitState | None


def _matched(
    assignment_id: int, found: Around, taps: Sequence[Tap], spent: int | None
) -> list[_Paired]:
    """The visits that taps make, each with the row of one of its taps that no other visit took."""
    by_id = {tap.submission_id: tap for tap in taps}
    taken = {spent}
    matched = []
    for paired in rules.pair(_ordered(assignment_id, taps)):
        own = [by_id[str(event.id)] for event in paired.events]
        rows = (t.visit_id for t in own if t.visit_id not in taken and t.visit_id in found.visits)
        visit_id = next(rows, None)
        old = None if visit_id is None else found.visits[visit_id]
        if visit_id is not None:
            taken.add(visit_id)
        matched.append(_Paired(own, _state_of(paired), visit_id, old))
    return matched


def hand_over(session: Session, door: Door, days: Iterable[date], *, at: datetime) -> None:
    """Propose the hours of these days to the timesheets.

    Other assignments of the same provider are asked again where their visits overlap with it or did
    before, or may have in the same home, so that no minute is proposed twice. Never commits.
    """
    wanted = sorted(set(days))
    if not wanted:
        return
    start, end = midnight_before(wanted[0]), midnight_after(wanted[-1])
    rows = _BETWEEN.all(
        session, provider=door.provider_id, start=start, end=end,
        long_before=start - rules.SURELY_FORGOTTEN,
    )  # fmt: skip
    homes = _homes_of(rows)
    paired = rules.with_overlaps([_paired(row) for row in rows], homes)
    concerned = sorted(
        {door.id} | _in_the_home_of(door.id, homes) | _overlapping(session, rows, paired)
    )
    proposed = {
        (proposal.on, proposal.assignment): proposal
        for proposal in rules.propose([visit for visit in paired if not visit.is_open])
    }
    for on in wanted:
        for number in concerned:
            proposals.take(session, number, on, proposed.get((on, number)), at=at)


def _leave_out_the_end_before(found: Around, at: datetime) -> None:
    """A check-out before the instant has its check-in still further back: that visit stands."""
    ended = {t.visit_id for t in found.taps if t.counts_at < at and t.kind == EventKind.CHECK_OUT}
    begun = {t.visit_id for t in found.taps if t.kind == EventKind.CHECK_IN}
    for visit_id in ended - begun:
        found.visits.pop(visit_id or 0, None)
        found.taps = [tap for tap in found.taps if tap.visit_id != visit_id]


def _ordered(assignment_id: int, taps: Sequence[Tap]) -> list[rules.VisitEvent]:
    """As pairing wants them; taps of one instant in an order that does not depend on arrival."""
    return [
        rules.VisitEvent(
            tap.submission_id,
            assignment_id,
            EventKind(tap.kind),
            tap.counts_at,
            Location(tap.location),
        )
        for tap in sorted(taps, key=lambda tap: (tap.counts_at, tap.made_at, tap.submission_id))
    ]


def _state_of(paired: PairedVisit) -> VisitState:
    came, went = paired.check_in, paired.check_out
    return VisitState(
        began_at=paired.began_at,
        checked_in_at=came.at if came else None,
        checked_out_at=went.at if went else None,
        location_in=came.location if came else None,
        location_out=went.location if went else None,
        is_open=paired.is_open,
        flag=_telling(paired.flags),
    )


def _telling(flags: frozenset[Flag]) -> str | None:
    return next((flag.value for flag in FLAGS if flag in flags), None)


def _says_the_same(old: VisitState, new: VisitState) -> bool:
    """Whether nothing but an overlap differs, which `hand_over` judges with all recipients in view."""
    overlap = old.flag == Flag.OVERLAP and new.flag is None
    return (overlap or old.flag == new.flag) and replace(old, flag=new.flag) == new


def _columns(state: VisitState) -> dict[str, Any]:
    return {name: getattr(state, name) for name in VisitState.__slots__}


def _add(session: Session, assignment_id: int, states: Sequence[VisitState]) -> Sequence[int]:
    """The keys of new visits, in the order of what they say."""
    rows = [{"assignment_id": assignment_id, **_columns(state)} for state in states]
    return insert_for_keys(session, VISIT, rows)


def _move(session: Session, tap: Tap, visit_id: int) -> None:
    _MOVE_TAP.run(session, tap=tap.submission_id, visit_id=visit_id)


def _drop_unclaimed(session: Session, found: Around, claimed: set[int]) -> set[date]:
    """Visits that lost their last tap to another: their rows go, the events stay with the other."""
    days = set[date]()
    for visit_id, old in found.visits.items():
        if visit_id not in claimed:
            session.execute(delete(VISIT).where(VISIT.c.id == visit_id))
            days |= old.days
    return days


def _paired(row: Any) -> PairedVisit:
    """The row of a visit as the rules know it."""
    came = _tap_of(row, EventKind.CHECK_IN, row.checked_in_at, row.location_in)
    went = _tap_of(row, EventKind.CHECK_OUT, row.checked_out_at, row.location_out)
    flags = frozenset({Flag(row.flag)} if row.flag and row.flag != Flag.OVERLAP else ())
    return PairedVisit(row.assignment_id, came, went, flags)


def _tap_of(
    row: Any, kind: EventKind, at: datetime | None, location: str | None
) -> rules.VisitEvent | None:
    if at is None:
        return None
    place = Location(location or Location.HOME)
    return rules.VisitEvent(row.id, row.assignment_id, kind, at, place)


def _homes_of(rows: Sequence[Any]) -> dict[int, Hashable]:
    """Where the recipients of visits live, by assignment, to tell which of them live together."""
    one_of_each = {row.assignment_id: row for row in rows}.values()
    if len({row.recipient_id for row in one_of_each}) < 2:
        return {row.assignment_id: int(row.recipient_id) for row in one_of_each}
    return {  # an integer equals no pair of coordinates
        row.assignment_id: positions.open_home(row.home) or int(row.recipient_id)
        for row in one_of_each
    }


def _in_the_home_of(assignment_id: int, homes: Mapping[int, Hashable]) -> set[int]:
    """Those who live with an assignment's recipient: no flag remembers that their visits overlapped.

    All of them where the assignment has no visit left that would tell where it is at home.
    """
    home = homes.get(assignment_id)
    return {number for number, other in homes.items() if home is None or other == home}


def _overlapping(session: Session, rows: Sequence[Any], paired: Sequence[PairedVisit]) -> set[int]:
    """The assignments whose visits overlap now or did so far; brings the rows' flags in line."""
    concerned = set[int]()
    for row, visit in zip(rows, paired, strict=True):
        flag = _telling(visit.flags)
        if Flag.OVERLAP in visit.flags or row.flag == Flag.OVERLAP:
            concerned.add(row.assignment_id)
        if row.flag != flag:
            change_row(session, VISIT, row.id, flag=flag)
    return concerned
