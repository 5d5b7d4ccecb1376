"""What do the visits of a day propose, and what becomes of it on the timesheet?

A check-out waits for this, so it is written without the unit of work: the statements are built once,
and there are at most six of them.
"""

from dataclasses import asdict
from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import Table, bindparam, select
from sqlalchemy.orm import Session
from sqlalchemy.orm.util import identity_key

from app.domain.periods import PayPeriod
from app.domain.timesheets import EDITABLE, SheetStatus
from app.domain.visits import Proposal
from app.models.prepared import Prepared, change_row, insert_row
from app.models.timesheets import EntryChange, TimeEntry, Timesheet
from app.services.day_log import EMPTY, DayValues
from app.services.receipts import new_receipt

FROM_A_VISIT = "VISIT"

_SHEET = cast(Table, Timesheet.__table__)
_ENTRY = cast(Table, TimeEntry.__table__)
_CHANGE = cast(Table, EntryChange.__table__)

_FIND_SHEET = Prepared(
    select(_SHEET.c.id, _SHEET.c.status, _SHEET.c.amends)
    .where(
        _SHEET.c.assignment_id == bindparam("assignment"),
        _SHEET.c.period_starts_on == bindparam("starts_on"),
    )
    .with_for_update(key_share=True)  # nobody signs it meanwhile
)
_FIND_ENTRY = Prepared(
    select(_ENTRY).where(
        _ENTRY.c.timesheet_id == bindparam("sheet"), _ENTRY.c.on == bindparam("day")
    )
)


def take(
    session: Session, assignment_id: int, day: date, proposal: Proposal | None, *, at: datetime
) -> None:
    """Put what the visits of a day say onto its sheet; never commits (decisions 2 and 12).

    A day that nobody changed by hand takes the proposal over. A day changed by hand, and a sheet
    that is signed or being corrected, keep what they have, and the proposal stands beside it. A sheet is opened where
    there is something to put on it.
    """
    session.flush()  # what follows looks past the unit of work
    sheet_id, takes_over = _sheet(session, assignment_id, day, proposal, at)
    if sheet_id is None:
        return
    found = _FIND_ENTRY.first(session, sheet=sheet_id, day=day)
    before, revision = _as_it_is(found)
    proposed = _values_of(proposal)
    follows = takes_over and not (found is not None and found.by_hand)
    changes = follows and before != proposed
    columns = {
        "proposed_minutes": proposed.minutes,
        "proposed_starts": proposed.starts,
        "proposed_ends": proposed.ends,
        "proposed_location": proposed.location,
    }
    if changes:
        columns |= asdict(proposed) | {"revision": revision + 1}
    if found is not None:
        change_row(session, _ENTRY, found.id, **columns)
    else:
        new = asdict(EMPTY) | {"timesheet_id": sheet_id, "on": day, "by_hand": False}
        insert_row(session, _ENTRY, **(new | {"revision": revision} | columns))
    if changes:
        _log(session, sheet_id, day, (before, revision), (proposed, revision + 1), at)
    _forget(session, sheet_id, None if found is None else found.id)


def _sheet(
    session: Session, assignment_id: int, day: date, proposal: Proposal | None, at: datetime
) -> tuple[int | None, bool]:
    """The sheet of the day, and whether its days follow the visits; opened where there is something to put on it."""
    starts_on = PayPeriod.of(day).starts_on
    found = _FIND_SHEET.first(session, assignment=assignment_id, starts_on=starts_on)
    if found is not None:
        return found.id, found.status in EDITABLE and found.amends is None
    if proposal is None:
        return None, True
    made = insert_row(
        session, _SHEET, assignment_id=assignment_id, period_starts_on=starts_on,
        status=SheetStatus.DRAFT.value, created_at=at, changed_at=at,
    )  # fmt: skip
    return made, True


def _as_it_is(entry: Any) -> tuple[DayValues, int]:
    """What the day says now, and its revision; nothing at revision 0 where it says nothing yet."""
    if entry is None:
        return EMPTY, 0
    return DayValues(entry.minutes, entry.starts, entry.ends, entry.location), entry.revision


def _values_of(proposal: Proposal | None) -> DayValues:
    """A day's proposal as the sheet holds it; taps without a pair tell times but no hours."""
    if proposal is None:
        return EMPTY
    return DayValues(
        minutes=proposal.minutes or None,
        starts=proposal.first_in,
        ends=proposal.last_out,
        location=proposal.place.value,
    )


def _log(
    session: Session,
    sheet_id: int,
    day: date,
    before: tuple[DayValues, int],
    after: tuple[DayValues, int],
    at: datetime,
) -> None:
    insert_row(
        session, _CHANGE, timesheet_id=sheet_id, on=day,
        before=asdict(before[0]) | {"revision": before[1]},
        after=asdict(after[0]) | {"revision": after[1]},
        account_id=None, at=at, reason=FROM_A_VISIT, receipt=new_receipt(),
    )  # fmt: skip
    change_row(session, _SHEET, sheet_id, changed_at=at)


def _forget(session: Session, sheet_id: int, entry_id: int | None) -> None:
    """Objects that the session already holds read anew what was written past them."""
    for kind, key in ((Timesheet, sheet_id), (TimeEntry, entry_id)):
        held = session.identity_map.get(identity_key(kind, key)) if key is not None else None
        if held is not None:
            session.expire(held)
