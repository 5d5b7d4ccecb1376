"""What does a person do at the door: check in, check out, say where, take it back, set it right?

No tap is refused for where or when it was made (domain.md, decision 1). Each act is kept once under
the id that the phone or the page gave it; asked again, it answers with its first receipt. Every verb
here commits.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.domain import visits as rules
from app.domain.clocks import accepted_time
from app.domain.outcomes import Refused
from app.domain.positions import Fix, NoFix
from app.domain.visits import EventKind, Location
from app.models.accounts import Account
from app.models.cases import Assignment
from app.models.people import Provider
from app.models.visits import Visit
from app.services import audit, fixes, positions, taps, visit_days
from app.services import visit_events as events
from app.services.audit import Actor
from app.services.commits import kept
from app.services.doors import Door
from app.services.fixes import NewFix
from app.services.positions import EVENT
from app.services.receipts import Submission
from app.services.taps import UNDONE, End, NewTap, soon_after
from app.services.visit_events import VISIT, VisitReceipt


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
    door = _door(assignment)
    tap = NewTap(EventKind.CHECK_IN, door, location, submission, by, at, position)
    return _record(session, tap)


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
    door = _door(assignment)
    tap = NewTap(EventKind.CHECK_OUT, door, location, submission, by, at, position)
    return _record(session, tap)


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
    door, end = Door.of(visit.assignment), End(ended_at, visit.id, visit.began_at)
    tap = NewTap(EventKind.CHECK_OUT, door, location, submission, by, at, end=end)
    return _record(session, tap)


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
    fix = NewFix(about, position, submission, by, at)
    return kept(session, lambda: _only(fixes.record(session, [fix])))


def undo(
    session: Session, *, about: str, submission: Submission, by: Actor, at: datetime
) -> VisitReceipt:
    """Take a check-in back, named by its id, within two minutes of it (domain.md, decision 12).

    An undo that arrives before its check-in waits for it. Refuses with UNDO_TOO_LATE, and with
    NOT_A_CHECK_IN when the id is that of something else.
    """

    def record() -> VisitReceipt:
        audit.take_turns(session, by)
        rows = _tap_and_undo(session, about, submission.id)
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


def _record(session: Session, tap: NewTap) -> VisitReceipt:
    """One tap by itself."""
    return kept(session, lambda: _only(taps.record(session, [tap])))


def _only(outcomes: Sequence[VisitReceipt | Refused]) -> VisitReceipt:
    """The answer to one act by itself; raises what a list of them would answer."""
    [outcome] = outcomes
    if isinstance(outcome, Refused):
        raise outcome
    return outcome


def _door(assignment: Assignment | Door) -> Door:
    return assignment if isinstance(assignment, Door) else Door.of(assignment)


def _check_undo(tap: Any, submission: Submission, counts_at: datetime) -> None:
    """Two minutes by the phone's own clock, or by ours where the two taps came different ways."""
    if tap.kind != EventKind.CHECK_IN:
        raise Refused("NOT_A_CHECK_IN")
    by_its_clock = soon_after(tap.counts_at, submission.made_at - tap.made_at)
    if not by_its_clock and not rules.may_undo(tap.counts_at, counts_at):
        raise Refused("UNDO_TOO_LATE", checked_in_at=tap.counts_at.isoformat())


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


def _tap_and_undo(session: Session, about: str, submission_id: str) -> Any:
    """A tap, and what already has the id of an undo of it."""
    return session.execute(
        select(*positions.ALL_BUT_POSITION).where(EVENT.c.submission_id.in_((about, submission_id)))
    ).all()


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
