"""How does a provider put right what both have signed, and how does she keep it after all?

A new version of the same sheet: until the recipient has signed it, what stands is claimed, paid, and
shown beside it (ADR 0029).
"""

from datetime import date, datetime

from sqlalchemy.orm import Session

from app.domain.corrections import Amends, amends_by, check_reach, check_reason
from app.domain.outcomes import Refused
from app.domain.periods import PayPeriod, local_day
from app.domain.permissions import Role
from app.domain.timesheets import Action, SheetStatus, actions_open
from app.models.accounts import Account
from app.models.timesheets import Timesheet, TimesheetVersion
from app.services import audit, day_log, sheet_status, submission
from app.services.day_log import EMPTY, DayValues

KEPT = "KEPT"


def may_correct(session: Session, timesheet: Timesheet, *, at: datetime) -> bool:
    """Whether its provider can open a signed sheet again: by its status, and by how far it is back."""
    version = sheet_status.latest_version(session, timesheet)
    signed = version is not None and version.approved_at is not None
    status = SheetStatus(timesheet.status)
    if Action.CORRECT not in actions_open(status, Role.PROVIDER, signed=signed):
        return False
    try:
        check_reach(PayPeriod.starting(timesheet.period_starts_on), local_day(at))
    except Refused:
        return False
    return True


def begin(
    session: Session,
    timesheet: Timesheet,
    *,
    reason: str | None,
    note: str | None,
    by: Account,
    at: datetime,
) -> None:
    """Open a sheet that the recipient has signed, for a reason that she will read; commits.

    Where nothing held it, it stands until she signs the new version. One that the county still holds
    was never to be paid: it is taken back. Refuses with NOT_ALLOWED_NOW, PERIOD_TOO_OLD, and as
    domain/corrections.check_reason does.
    """
    code, told = check_reason(reason, note)
    check_reach(PayPeriod.starting(timesheet.period_starts_on), local_day(at))
    audit.take_turns(session, by)
    sheet_status.lock(session, timesheet)
    was_held = timesheet.status == SheetStatus.ON_HOLD
    sheet_status.move(session, timesheet, Action.CORRECT, by=by, at=at, reason=code)
    if was_held:
        _take_back(session, timesheet, at=at)
    stands = sheet_status.standing_version(session, timesheet)
    timesheet.amends = None if stands is None else amends_by(code)
    timesheet.amend_reason, timesheet.amend_note = code, told
    facts = {"reason": code, "amends": timesheet.amends}
    audit.record(
        session, "timesheet:correct", f"timesheet:{timesheet.id}", by=by, at=at, facts=facts
    )
    session.commit()


def keep(session: Session, timesheet: Timesheet, *, by: Account, at: datetime) -> None:
    """Give a correction up: the days are again what both have signed; commits.

    What was typed meanwhile stays in the log of its day. Refuses with NOT_ALLOWED_NOW.
    """
    audit.take_turns(session, by)
    sheet_status.lock(session, timesheet)
    sheet_status.move(session, timesheet, Action.KEEP, by=by, at=at)
    version = sheet_status.standing_version(session, timesheet)
    if version is not None:
        _restore(session, timesheet, version, by=by, at=at)
    timesheet.amends = timesheet.amend_reason = timesheet.amend_note = None
    audit.record(session, "timesheet:keep", f"timesheet:{timesheet.id}", by=by, at=at)
    session.commit()
    session.expire(timesheet, ["entries"])


def is_supplement(timesheet: Timesheet) -> bool:
    """Whether only days that were left out can be added now."""
    return timesheet.amends == Amends.SUPPLEMENT


def _take_back(session: Session, timesheet: Timesheet, *, at: datetime) -> None:
    sheet_status.end_holds(session, timesheet, at=at)
    version = sheet_status.latest_version(session, timesheet)
    if version is not None:
        version.withdrawn_at = at
        submission.tell_signers(session, timesheet, version, "TIMESHEET_TAKEN_BACK", at=at)
    session.flush()


def _restore(
    session: Session, timesheet: Timesheet, version: TimesheetVersion, *, by: Account, at: datetime
) -> None:
    signed = {
        date.fromisoformat(day["on"]): DayValues(
            day["minutes"], day.get("starts"), day.get("ends"), day.get("location")
        )
        for day in version.content["days"]
    }
    session.refresh(timesheet, ["entries"])
    for entry in timesheet.entries:
        values = signed.get(entry.on, EMPTY)
        if values != DayValues.of(entry):
            day_log.write(session, timesheet, entry, values, by=by, at=at, reason=KEPT)
            entry.by_hand = values != DayValues.proposed_in(entry)
