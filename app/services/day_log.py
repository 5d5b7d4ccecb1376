"""What does a day of a sheet say, what did it say before, and who changed it?

Every change of a day adds a row that is never changed again, so that each revision can be read back.
"""

from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any, Self

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.outcomes import Refused
from app.models.accounts import Account
from app.models.timesheets import EntryChange, TimeEntry, Timesheet
from app.services import audit
from app.services.receipts import Submission, new_receipt


@dataclass(frozen=True, slots=True)
class DayValues:
    """What one day of a sheet says: minutes worked; start and end as minutes of the local day."""

    minutes: int | None = None
    starts: int | None = None
    ends: int | None = None
    location: str | None = None

    @classmethod
    def of(cls, entry: TimeEntry) -> Self:
        """What is entered."""
        return cls(entry.minutes, entry.starts, entry.ends, entry.location)

    @classmethod
    def proposed_in(cls, entry: TimeEntry) -> Self:
        """What the visits of the day propose."""
        return cls(
            entry.proposed_minutes,
            entry.proposed_starts,
            entry.proposed_ends,
            entry.proposed_location,
        )

    @classmethod
    def logged(cls, row: dict[str, Any]) -> Self:
        """What a row of the log holds."""
        return cls(row["minutes"], row["starts"], row["ends"], row["location"])


EMPTY = DayValues()


def entry_of(session: Session, timesheet: Timesheet, on: date) -> TimeEntry:
    """The day's entry as it stands in the database now, or a new one at revision 0."""
    entry = session.scalars(
        select(TimeEntry)
        .where(TimeEntry.timesheet_id == timesheet.id, TimeEntry.on == on)
        .execution_options(populate_existing=True)
    ).first()
    return entry or TimeEntry(timesheet_id=timesheet.id, on=on, revision=0, by_hand=False)


def write(
    session: Session,
    timesheet: Timesheet,
    entry: TimeEntry,
    values: DayValues,
    *,
    by: Account | None,
    at: datetime,
    reason: str | None = None,
    submission: Submission | None = None,
) -> EntryChange:
    """Put values on a day as its next revision, with their row in the log; never commits."""
    before = _row(entry)
    entry.minutes, entry.starts = values.minutes, values.starts
    entry.ends, entry.location = values.ends, values.location
    entry.revision += 1
    session.add(entry)
    timesheet.changed_at = at
    change = _log(session, entry, before, by=by, at=at, reason=reason, submission=submission)
    if by is not None:
        facts = {"on": entry.on.isoformat(), "revision": entry.revision}
        audit.record(
            session, "timesheet:change", f"timesheet:{timesheet.id}", by=by, at=at, facts=facts
        )
    return change


def acknowledge(
    session: Session, entry: TimeEntry, *, by: Account, at: datetime, submission: Submission | None
) -> str:
    """A receipt for what a day already says; kept where a phone may ask for it again."""
    if submission is None:
        return new_receipt()
    return str(_log(session, entry, _row(entry), by=by, at=at, submission=submission).receipt)


def as_of(session: Session, entry: TimeEntry, revision: int) -> DayValues | None:
    """What a day said at a revision; None of one that never was."""
    if revision == 0:
        return EMPTY
    rows = session.scalars(
        select(EntryChange.after).where(
            EntryChange.timesheet_id == entry.timesheet_id, EntryChange.on == entry.on
        )
    )
    return next((DayValues.logged(row) for row in rows if row.get("revision") == revision), None)


def find_submission(session: Session, submission: Submission | None) -> EntryChange | None:
    """The change that a repeated submission already made; Refused ID_REUSED for other content."""
    if submission is None:
        return None
    change = session.scalars(
        select(EntryChange).where(EntryChange.submission_id == submission.id)
    ).first()
    if change is not None and change.content_hash != submission.content_hash:
        raise Refused("ID_REUSED")
    return change


def _log(
    session: Session,
    entry: TimeEntry,
    before: dict[str, Any],
    *,
    by: Account | None,
    at: datetime,
    reason: str | None = None,
    submission: Submission | None = None,
) -> EntryChange:
    change = EntryChange(
        timesheet_id=entry.timesheet_id,
        on=entry.on,
        before=before,
        after=_row(entry),
        account_id=None if by is None else by.id,
        at=at,
        reason=reason,
        submission_id=None if submission is None else submission.id,
        content_hash=None if submission is None else submission.content_hash,
        receipt=new_receipt(),
    )
    session.add(change)
    return change


def _row(entry: TimeEntry) -> dict[str, Any]:
    return asdict(DayValues.of(entry)) | {"revision": entry.revision}
