"""What is kept of where a phone was at its taps, when the fix came after the tap?

All that came late is read and written together, as taps are (services.taps). Nothing here commits.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import Text, or_, select, type_coerce
from sqlalchemy.orm import Session

from app.domain.clocks import accepted_time
from app.domain.outcomes import Refused
from app.domain.periods import local_day
from app.domain.positions import Fix, NoFix
from app.models.cases import Assignment, Case
from app.models.people import Recipient
from app.models.prepared import Among
from app.services import audit, positions
from app.services import visit_events as events
from app.services.audit import Act, Actor
from app.services.positions import EVENT
from app.services.receipts import Submission, content_hash
from app.services.visit_events import POSITION, TAPS, NewEvent, VisitReceipt

KEPT_ALREADY = "kept_already"  # a second fix for one tap: one is all that was asked for

# Taps, what was said about them, and what already has the ids of the new ones; with the homes.
_RELATED = Among(
    lambda ids: (
        select(
            *positions.ALL_BUT_POSITION,
            positions.HAD_ONE,
            type_coerce(Recipient.home, Text).label("home"),
        )
        .outerjoin(Assignment, Assignment.id == EVENT.c.assignment_id)
        .outerjoin(Case, Case.id == Assignment.case_id)
        .outerjoin(Recipient, Recipient.id == Case.recipient_id)
        .where(or_(EVENT.c.submission_id.in_(ids), EVENT.c.about_submission_id.in_(ids)))
    )
)

Outcome = VisitReceipt | Refused


@dataclass(frozen=True, slots=True)
class NewFix:
    """Where a phone was at the tap with the id `about`, or why it cannot say; `at` is when it reached us."""

    about: str
    position: Fix | NoFix
    submission: Submission
    by: Actor
    at: datetime


def record(session: Session, fixes: Sequence[NewFix]) -> list[Outcome]:
    """A receipt for each, or Refused TAP_UNKNOWN while the tap itself has not arrived, or ID_REUSED.

    What belongs to a tap for Community, and any further fix, is acknowledged without storing its
    coordinates.
    """
    audit.take_turns(session, *(fix.by for fix in fixes))
    ids = {name for fix in fixes for name in (fix.about, fix.submission.id)}
    known = _Known(_RELATED.all(session, list(ids)))
    judged = [_judge(session, fix, known) for fix in fixes]
    new = list(known.new.values())
    numbers = events.keep_all(session, new)
    audit.record_all(session, [_act(event) for event in new])
    receipts = {
        event.submission.id: _receipt(event, number)
        for event, number in zip(new, numbers, strict=True)
    }
    return [receipts[each.submission.id] if isinstance(each, NewEvent) else each for each in judged]


class _Known:
    """What was kept of these taps before, and what is to be kept of them now."""

    def __init__(self, rows: Sequence[Any]) -> None:
        self.by_id = {row.submission_id: row for row in rows}
        self.told_by: dict[str, set[str]] = defaultdict(set)  # what said where a tap was made
        for row in rows:
            if row.had_position:
                self.told_by[row.about_submission_id or row.submission_id].add(row.submission_id)
        self.new: dict[str, NewEvent] = {}


def _judge(session: Session, fix: NewFix, known: _Known) -> NewEvent | Outcome:
    """The event that a fix makes, also where the list says it twice; or the answer to it."""
    try:
        event = _event(fix, known)
        if (same := known.by_id.get(fix.submission.id)) is not None:
            return events.repeat(session, same, event.submission)
    except Refused as refused:
        return refused
    first = known.new.setdefault(fix.submission.id, event)
    if first.submission.content_hash != event.submission.content_hash:
        return Refused("ID_REUSED")
    if event.columns.get("position") is not None:
        known.told_by[fix.about].add(fix.submission.id)
    return first


def _event(fix: NewFix, known: _Known) -> NewEvent:
    tap = known.by_id.get(fix.about)
    if tap is None or tap.account_id != fix.by.id or tap.kind not in TAPS:
        raise Refused("TAP_UNKNOWN")
    columns: dict[str, Any] = {"position_problem": KEPT_ALREADY}
    if not known.told_by[fix.about] - {fix.submission.id}:
        home = partial(positions.open_home, tap.home)
        columns = positions.columns_of(home, tap.location, fix.position, local_day(tap.counts_at))
    said = [fix.submission.content_hash, *positions.remembered(columns)]
    return NewEvent(
        POSITION,
        replace(fix.submission, content_hash=content_hash(said)),
        fix.by,
        fix.at,
        accepted_time(fix.submission.told(fix.at)),
        {"assignment_id": tap.assignment_id, "about_submission_id": fix.about, **columns},
    )


def _act(event: NewEvent) -> Act:
    """The act on record: never where it was, for who may see that is another question."""
    columns = event.columns
    facts = {
        "about": columns["about_submission_id"],
        "problem": columns.get("position_problem"),
    }
    return Act(
        f"visit:{POSITION}", f"assignment:{columns['assignment_id']}", event.by, event.at, facts
    )


def _receipt(event: NewEvent, number: str) -> VisitReceipt:
    submission = event.submission
    return VisitReceipt(
        number, POSITION, event.counts_at, verdict=positions.verdict_of(event.columns),
        doubt=events.doubt(submission.source, submission.told(event.at)),
    )  # fmt: skip
