"""What did somebody say about a visit, and did she say it before? Each event is kept as it came.

An event is added once and never changed; only which visit it makes (`visit_id`) is worked out anew.
Nothing here commits.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, cast

from sqlalchemy import Table, bindparam, select
from sqlalchemy.orm import Session

from app.domain.clocks import Told, clock_doubt
from app.domain.outcomes import Finding, Refused
from app.domain.periods import PayPeriod, local_day
from app.domain.positions import Verdict
from app.domain.visits import EventKind
from app.models.prepared import Prepared, insert_rows
from app.models.timesheets import TimeEntry, Timesheet
from app.models.visits import Visit
from app.services import positions
from app.services.audit import Actor
from app.services.positions import EVENT
from app.services.receipts import FROM_PHONE, Submission, new_receipt

POSITION = "position"
UNDO = "undo"
NOT_A_VISIT = "not-a-visit"
TAPS = (EventKind.CHECK_IN.value, EventKind.CHECK_OUT.value)

VISIT = cast(Table, Visit.__table__)
EMPTY: Mapping[str, Any] = {column.key: None for column in EVENT.c if not column.primary_key}

_PROPOSED = Prepared(
    select(
        Timesheet.id,
        TimeEntry.proposed_minutes,
        TimeEntry.minutes,
    )
    .outerjoin(
        TimeEntry,
        (TimeEntry.timesheet_id == Timesheet.id) & (TimeEntry.on == bindparam("day")),
    )
    .where(
        Timesheet.assignment_id == bindparam("assignment"),
        Timesheet.period_starts_on == bindparam("starts_on"),
    )
)


@dataclass(frozen=True, slots=True)
class VisitReceipt:
    """Proof that an act was kept, the same however often it is asked for.

    After a check-out, `hours` are what the visits of that day propose for the recipient. `doubt` says
    that the phone's clock was not believed; `verdict` is the word on the place of a tap or of a fix.
    """

    receipt: str
    kind: str
    counts_at: datetime
    visit_id: int | None = None
    hours: "ProposedHours | None" = None
    doubt: Finding | None = None
    verdict: Verdict | None = None


@dataclass(frozen=True, slots=True)
class ProposedHours:
    """What a day's visits propose for a recipient, and whether the sheet says the same.

    It does not where the day was changed by hand, or the sheet was signed before.
    """

    timesheet_id: int
    minutes: int | None
    is_taken: bool


@dataclass(frozen=True, slots=True)
class NewEvent:
    """An event to be kept: what was said, by whom, when it reached us and when it counts."""

    kind: str
    submission: Submission
    by: Actor
    at: datetime
    counts_at: datetime
    columns: Mapping[str, Any]


def keep(
    session: Session,
    kind: str,
    submission: Submission,
    *,
    by: Actor,
    at: datetime,
    counts_at: datetime,
    **columns: Any,
) -> str:
    """Add an event and answer its receipt number; IntegrityError where its id is there already."""
    return keep_all(session, [NewEvent(kind, submission, by, at, counts_at, columns)])[0]


def keep_all(session: Session, new: Sequence[NewEvent]) -> list[str]:
    """Add events and answer their receipt numbers; IntegrityError where an id is there already."""
    rows = [{**EMPTY, **_row(event)} for event in new]
    insert_rows(session, EVENT, rows)
    return [row["receipt"] for row in rows]


def _row(event: NewEvent) -> dict[str, Any]:
    submission = event.submission
    return {
        "submission_id": submission.id,
        "content_hash": submission.content_hash,
        "kind": event.kind,
        "account_id": event.by.id,
        "device_id": submission.device_id,
        "signed": submission.signed,
        "source": submission.source,
        "made_at": submission.made_at,
        "received_at": event.at,
        "counts_at": event.counts_at,
        "receipt": new_receipt(),
        **_proof(submission),
        **event.columns,
    }


def _proof(submission: Submission) -> dict[str, Any]:
    """The columns that say what a phone can prove."""
    proof: dict[str, Any] = {}
    if submission.anchored_at is not None:
        proof["anchored_at"] = submission.anchored_at
        if submission.since_anchor is not None:
            proof["since_anchor_s"] = submission.since_anchor // timedelta(seconds=1)
    if (link := submission.link) is not None:
        proof |= {
            "chain_key": link.key,
            "chain_number": link.number,
            "chain_previous": link.previous,
            "chain_hash": link.hash,
        }
    return proof


def repeat(session: Session, event: Any, submission: Submission) -> VisitReceipt:
    """The first receipt of an event that is there already; Refused ID_REUSED for other content."""
    if event.content_hash != submission.content_hash:
        raise Refused("ID_REUSED")
    hours = None
    if event.kind == EventKind.CHECK_OUT:
        hours = proposed(session, event.assignment_id, local_day(event.counts_at))
    return VisitReceipt(
        receipt=event.receipt,
        kind=event.kind,
        counts_at=event.counts_at,
        visit_id=event.visit_id,
        hours=hours,
        doubt=doubt(event.source, told_of(event)),
        verdict=positions.verdict_of_row(session, event),
    )


def check_in_of(session: Session, visit: Visit) -> str:
    """The id of a visit's check-in; NoResultFound for one that has none."""
    return str(
        session.execute(
            select(EVENT.c.submission_id).where(
                EVENT.c.visit_id == visit.id, EVENT.c.kind == EventKind.CHECK_IN
            )
        ).scalar_one()
    )


def proposed(session: Session, assignment_id: int, on: date) -> ProposedHours | None:
    """What stands proposed on a day's row; None where there is no sheet."""
    starts_on = PayPeriod.of(on).starts_on
    row = _PROPOSED.first(session, assignment=assignment_id, day=on, starts_on=starts_on)
    if row is None:
        return None
    return ProposedHours(row.id, row.proposed_minutes, row.minutes == row.proposed_minutes)


def doubt(source: str, told: Told) -> Finding | None:
    """Why a phone's time was not believed; pages and people have no clock of their own here."""
    return clock_doubt(told) if source == FROM_PHONE else None


def told_of(event: Any) -> Told:
    """What the row of an event says of when it was made."""
    since = event.since_anchor_s
    return Told(
        event.made_at,
        event.received_at,
        event.anchored_at,
        None if since is None else timedelta(seconds=since),
    )
