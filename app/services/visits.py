"""What does a person do at the door: check in, check out, say where, take it back, set it right?

No tap is refused for where or when it was made (domain.md, decision 1). Each act is kept once under
the id that the phone or the page gave it; asked again, it answers with its first receipt. Every verb
here commits.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import Text, select, type_coerce, update
from sqlalchemy.orm import Session

from app.domain import visits as rules
from app.domain.clocks import accepted_time
from app.domain.outcomes import Refused
from app.domain.periods import local_day
from app.domain.positions import Fix, NoFix
from app.domain.visits import EventKind, Location
from app.models.accounts import Account
from app.models.cases import Assignment, Case
from app.models.people import Provider, Recipient
from app.models.prepared import insert_row
from app.models.visits import Visit
from app.services import audit, positions, visit_days
from app.services import visit_events as events
from app.services.audit import Actor
from app.services.commits import kept
from app.services.doors import Door
from app.services.positions import EVENT
from app.services.receipts import Submission, content_hash
from app.services.visit_days import Around, Tap
from app.services.visit_events import TAPS, VISIT, VisitReceipt

UNDONE = "UNDONE"  # the reason of a visit whose check-in was taken back in time
KEPT_ALREADY = "kept_already"  # a second fix for one tap: one is all that was asked for


def visit_of(session: Session, by: Account, visit_id: int) -> Visit:
    """One of a provider's own visits, undone ones too; NoResultFound for any other."""
    return session.scalars(
        select(Visit)
        .join(Visit.assignment)
        .join(Provider, Provider.id == Assignment.provider_id)
        .where(Visit.id == visit_id, Provider.person_id == by.person_id)
        .execution_options(populate_existing=True)
    ).one()


def check_in(
    session: Session,
    assignment: Assignment | Door,
    *,
    location: Location,
    submission: Submission,
    by: Actor,
    at: datetime,
    position: Fix | NoFix | None = None,
) -> VisitReceipt:
    """Begin a visit; its position, where one came with it, is kept only with Home.

    Refuses with LIVE_IN_NO_CHECK_IN, with NOT_ASSIGNED_THEN outside the assignment's days, and with
    ID_REUSED. A check-in that was undone before it arrived is kept and stays undone.
    """
    tap = _Tap(EventKind.CHECK_IN, location, position)
    door = _door(assignment)
    return kept(session, lambda: _record(session, door, tap, submission, by, at))


def check_out(
    session: Session,
    assignment: Assignment | Door,
    *,
    location: Location,
    submission: Submission,
    by: Actor,
    at: datetime,
    position: Fix | NoFix | None = None,
) -> VisitReceipt:
    """End a visit and propose its hours to the timesheet; refuses as check_in does."""
    tap = _Tap(EventKind.CHECK_OUT, location, position)
    door = _door(assignment)
    return kept(session, lambda: _record(session, door, tap, submission, by, at))


def close_by_hand(
    session: Session,
    visit: Visit,
    *,
    ended_at: datetime,
    location: Location,
    submission: Submission,
    by: Actor,
    at: datetime,
) -> VisitReceipt:
    """Say afterwards when a visit ended whose check-out was forgotten.

    Refuses with VISIT_CLOSED, END_BEFORE_START, END_IN_FUTURE, and with END_AFTER_NEXT where another
    tap for the recipient was made by then.
    """
    tap = _Tap(EventKind.CHECK_OUT, location, None, ended_at, visit.id, visit.began_at)
    door = Door.of(visit.assignment)
    return kept(session, lambda: _record(session, door, tap, submission, by, at))


def take_position(
    session: Session,
    *,
    about: str,
    position: Fix | NoFix,
    submission: Submission,
    by: Actor,
    at: datetime,
) -> VisitReceipt:
    """Keep where the phone was at a tap, named by the tap's id, when the fix came after it.

    What belongs to a tap for Community, and any further fix, is acknowledged without storing its
    coordinates. Refuses with TAP_UNKNOWN while the tap itself has not arrived.
    """

    def record() -> VisitReceipt:
        audit.take_turns(session, by)
        rows = _tap_and_fixes(session, about, submission.id)
        tap = next((r for r in rows if r.submission_id == about and r.account_id == by.id), None)
        if tap is None or tap.kind not in TAPS:
            raise Refused("TAP_UNKNOWN")
        columns = _fix_columns(rows, tap, position, submission.id)
        told = replace(
            submission,
            content_hash=content_hash([submission.content_hash, *positions.remembered(columns)]),
        )
        same = next((row for row in rows if row.submission_id == submission.id), None)
        if same is not None:
            return events.repeat(session, same, told)
        counts_at = accepted_time(submission.told(at))
        receipt = events.keep(
            session, events.POSITION, told, by=by, at=at, counts_at=counts_at,
            assignment_id=tap.assignment_id, about_submission_id=about, **columns,
        )  # fmt: skip
        facts = {"about": about, "problem": columns.get("position_problem")}
        _audit(session, events.POSITION, tap.assignment_id, by=by, at=at, facts=facts)
        return VisitReceipt(
            receipt, events.POSITION, counts_at, verdict=positions.verdict_of(columns),
            doubt=events.doubt(submission.source, submission.told(at)),
        )  # fmt: skip

    return kept(session, record)


def undo(
    session: Session, *, about: str, submission: Submission, by: Actor, at: datetime
) -> VisitReceipt:
    """Take a check-in back, named by its id, within two minutes of it (domain.md, decision 12).

    An undo that arrives before its check-in waits for it. Refuses with UNDO_TOO_LATE, and with
    NOT_A_CHECK_IN when the id is that of something else.
    """

    def record() -> VisitReceipt:
        audit.take_turns(session, by)
        rows = _tap_and_fixes(session, about, submission.id)
        same = next((row for row in rows if row.submission_id == submission.id), None)
        if same is not None:
            return events.repeat(session, same, submission)
        tap = next((r for r in rows if r.submission_id == about and r.account_id == by.id), None)
        counts_at = accepted_time(submission.told(at))
        if tap is not None:
            _check_undo(tap, submission, counts_at)
            _withdraw(session, tap.visit_id, UNDONE, only=about, at=at)
        receipt = events.keep(
            session, events.UNDO, submission, by=by, at=at, counts_at=counts_at,
            assignment_id=tap.assignment_id if tap else None,
            visit_id=tap.visit_id if tap else None, about_submission_id=about,
        )  # fmt: skip
        facts = {"about": about}
        _audit(session, events.UNDO, tap.assignment_id if tap else None, by=by, at=at, facts=facts)
        return VisitReceipt(
            receipt, events.UNDO, counts_at, tap.visit_id if tap else None,
            doubt=events.doubt(submission.source, submission.told(at)),
        )  # fmt: skip

    return kept(session, record)


def not_a_visit(
    session: Session,
    visit: Visit,
    *,
    reason: str,
    submission: Submission,
    by: Actor,
    at: datetime,
) -> VisitReceipt:
    """Say later that a visit was none, and why; its taps stay on record and propose nothing.

    Refuses with NOT_A_VISIT_ALREADY.
    """

    def record() -> VisitReceipt:
        audit.take_turns(session, by)
        same = session.execute(
            select(*positions.ALL_BUT_POSITION).where(EVENT.c.submission_id == submission.id)
        ).first()
        if same is not None:
            return events.repeat(session, same, submission)
        _withdraw(session, visit.id, reason, at=at)
        receipt = events.keep(
            session, events.NOT_A_VISIT, submission, by=by, at=at, counts_at=at,
            assignment_id=visit.assignment_id, visit_id=visit.id, note=reason,
        )  # fmt: skip
        facts = {"visit": visit.id}
        _audit(session, events.NOT_A_VISIT, visit.assignment_id, by=by, at=at, facts=facts)
        return VisitReceipt(receipt, events.NOT_A_VISIT, at, visit.id)

    return kept(session, record)


@dataclass(frozen=True, slots=True)
class _Tap:
    """A tap as it is asked for; by hand, `ended_at` is the end given for the visit it `closes`."""

    kind: EventKind
    location: Location
    position: Fix | NoFix | None
    ended_at: datetime | None = None
    closes: int | None = None
    began_at: datetime | None = None


def _record(
    session: Session,
    door: Door,
    tap: _Tap,
    submission: Submission,
    by: Actor,
    at: datetime,
) -> VisitReceipt:
    audit.take_turns(session, by)
    counts_at = tap.ended_at or accepted_time(submission.told(at))
    found = visit_days.around(
        session, door.id, tap.began_at or counts_at, submission_id=submission.id
    )
    if found.same is not None:
        return events.repeat(session, found.same, submission)
    _check_tap(door, tap, counts_at, found, at)
    place = positions.columns_of(door.home, tap.location, tap.position, local_day(counts_at))
    visit_id: int | None
    if _was_undone(found, counts_at, submission, by):
        visit_id, days = _undone_visit(session, door, tap, counts_at, at), set[date]()
    else:
        new = Tap(submission.id, tap.kind, counts_at, submission.made_at, tap.location)
        visit_id, days = visit_days.repair(session, door.id, found, new=new)
    receipt = events.keep(
        session, tap.kind, submission, by=by, at=at, counts_at=counts_at,
        assignment_id=door.id, visit_id=visit_id, location=tap.location, **place,
    )  # fmt: skip
    visit_days.hand_over(session, door, days, at=at)
    facts = {"event": submission.id, "location": tap.location, "source": submission.source}
    _audit(session, tap.kind, door.id, by=by, at=at, facts=facts)
    hours = None
    if tap.kind is EventKind.CHECK_OUT:
        hours = events.proposed(session, door.id, local_day(counts_at))
    return VisitReceipt(
        receipt, tap.kind, counts_at, visit_id, hours,
        doubt=events.doubt(submission.source, submission.told(at)),
        verdict=positions.verdict_of(place),
    )  # fmt: skip


def _check_tap(door: Door, tap: _Tap, counts_at: datetime, found: Around, at: datetime) -> None:
    """Refuses what is no tap of this pair at all; where and when it was made never matters."""
    if door.live_in:
        raise Refused("LIVE_IN_NO_CHECK_IN", recipient=door.recipient)
    worked_on = local_day(counts_at)
    if not door.active_on(worked_on):
        raise Refused(
            "NOT_ASSIGNED_THEN", recipient=door.recipient, worked_on=worked_on.isoformat()
        )
    if tap.closes is not None:
        _check_end(tap.closes, counts_at, found, at)


def _check_end(visit_id: int, ended_at: datetime, found: Around, at: datetime) -> None:
    visit = found.visits.get(visit_id)
    if visit is None or visit.checked_in_at is None or visit.checked_out_at is not None:
        raise Refused("VISIT_CLOSED")
    began_at = visit.checked_in_at
    if ended_at <= began_at:
        raise Refused("END_BEFORE_START", began_at=began_at.isoformat())
    if ended_at > at:
        raise Refused("END_IN_FUTURE")
    later = [tap.counts_at for tap in found.taps if tap.counts_at > began_at]
    if later and ended_at >= min(later):
        raise Refused("END_AFTER_NEXT", next_at=min(later).isoformat())


def _door(assignment: Assignment | Door) -> Door:
    return assignment if isinstance(assignment, Door) else Door.of(assignment)


def _was_undone(found: Around, at_its_time: datetime, submission: Submission, by: Actor) -> bool:
    """Whether this check-in was taken back in time before it arrived."""
    undo = found.undo
    if undo is None or undo.account_id != by.id:
        return False
    return _soon_after(at_its_time, undo.made_at - submission.made_at)


def _undone_visit(
    session: Session, door: Door, tap: _Tap, counts_at: datetime, at: datetime
) -> int:
    """The row of a check-in that was undone before it came: kept, and of no consequence."""
    return insert_row(
        session, VISIT, assignment_id=door.id, began_at=counts_at, checked_in_at=counts_at,
        location_in=tap.location, is_open=False, undone_at=at, undone_reason=UNDONE,
    )  # fmt: skip


def _check_undo(tap: Any, submission: Submission, counts_at: datetime) -> None:
    """Two minutes by the phone's own clock, or by ours where the two taps came different ways."""
    if tap.kind != EventKind.CHECK_IN:
        raise Refused("NOT_A_CHECK_IN")
    by_its_clock = _soon_after(tap.counts_at, submission.made_at - tap.made_at)
    if not by_its_clock and not rules.may_undo(tap.counts_at, counts_at):
        raise Refused("UNDO_TOO_LATE", checked_in_at=tap.counts_at.isoformat())


def _soon_after(check_in_at: datetime, passed: timedelta) -> bool:
    """Whether an undo came in time, by what passed on a clock that itself may be years off."""
    return abs(passed) < timedelta(days=1) and rules.may_undo(check_in_at, check_in_at + passed)


def _withdraw(
    session: Session, visit_id: int, reason: str, *, at: datetime, only: str | None = None
) -> None:
    """Let a visit's taps, or `only` its check-in, count no longer; the taps around pair anew."""
    visit = session.get_one(Visit, visit_id, populate_existing=True)
    if visit.undone_at is not None:
        if only is None:
            raise Refused("NOT_A_VISIT_ALREADY")
        return
    found = visit_days.around(session, visit.assignment_id, visit.began_at)
    before = found.visits.get(visit.id)
    found.taps = [
        tap
        for tap in found.taps
        if (tap.visit_id != visit.id if only is None else tap.submission_id != only)
    ]
    withdrawn: dict[str, Any] = {"undone_at": at, "undone_reason": reason, "is_open": False}
    if only is not None:
        withdrawn |= {"checked_out_at": None, "location_out": None}
    session.execute(update(VISIT).where(VISIT.c.id == visit.id).values(**withdrawn))
    _, days = visit_days.repair(session, visit.assignment_id, found, spent=visit.id)
    days |= before.days if before else set()
    visit_days.hand_over(session, Door.of(visit.assignment), days, at=at)


def _tap_and_fixes(session: Session, about: str, submission_id: str) -> Any:
    """A tap, what was said about it, and what already has this id; with the recipient's home."""
    return session.execute(
        select(
            *positions.ALL_BUT_POSITION,
            positions.HAD_ONE,
            type_coerce(Recipient.home, Text).label("home"),
        )
        .outerjoin(Assignment, Assignment.id == EVENT.c.assignment_id)
        .outerjoin(Case, Case.id == Assignment.case_id)
        .outerjoin(Recipient, Recipient.id == Case.recipient_id)
        .where(
            EVENT.c.submission_id.in_((about, submission_id))
            | (EVENT.c.about_submission_id == about)
        )
    ).all()


def _fix_columns(rows: Any, tap: Any, position: Fix | NoFix, submission_id: str) -> dict[str, Any]:
    others = [row for row in rows if row.submission_id != submission_id]
    if any(row.had_position for row in others):
        return {"position_problem": KEPT_ALREADY}
    home = partial(positions.open_home, tap.home)
    return positions.columns_of(home, tap.location, position, local_day(tap.counts_at))


def _audit(
    session: Session,
    kind: str,
    assignment_id: int | None,
    *,
    by: Actor,
    at: datetime,
    facts: dict[str, Any],
) -> None:
    """The act on record: never where it was, for who may see that is another question."""
    audit.record(session, f"visit:{kind}", f"assignment:{assignment_id}", by=by, at=at, facts=facts)
