"""How does a county void what was signed, and when is it too late for that?"""

from datetime import datetime

from sqlalchemy.orm import Session

from app.domain.county_reasons import TO_VOID, check_county_reason, on_record
from app.domain.outcomes import Refused
from app.domain.permissions import Role
from app.domain.timesheets import Action, SheetStatus
from app.models.accounts import Account
from app.models.timesheets import Timesheet, TimesheetVersion
from app.services import approvals, audit, holds, notices, sheet_status, submission


def void(
    session: Session,
    timesheet: Timesheet,
    *,
    reason: str | None,
    note: str | None,
    by: Account,
    at: datetime,
) -> None:
    """Void what is signed on a sheet, for a reason that both are told; commits.

    A correction is voided alone: what stood before it stands again. The provider may open a void
    sheet anew, and the county looks at what she then signs. Refuses with NOT_YOUR_COUNTY,
    NOT_ALLOWED_NOW, ALREADY_PAID (it is corrected then), and as domain/county_reasons does.
    """
    code, told = check_county_reason(reason, note, TO_VOID)
    holds.must_be_of_county(timesheet, by)
    audit.take_turns(session, by)
    sheet_status.lock(session, timesheet)
    version = signed_now(session, timesheet)
    if version is None:
        raise Refused("NOT_ALLOWED_NOW", status=timesheet.status, action=Action.VOID)
    if sheet_status.is_in_a_batch(session, version):
        raise Refused("ALREADY_PAID")
    was_waiting = version.approved_at is None
    sheet_status.move(session, timesheet, Action.VOID, by=by, at=at, reason=on_record(code, told))
    sheet_status.end_holds(session, timesheet, at=at)
    _withdraw(session, timesheet, version, at=at)
    timesheet.voided_at = at
    timesheet.amends = timesheet.amend_reason = timesheet.amend_note = None
    facts = {"version": version.number, "reason": code, "note": told}
    audit.record(session, "timesheet:void", f"timesheet:{timesheet.id}", by=by, at=at, facts=facts)
    _tell_provider(session, timesheet, version, code, told, at=at)
    if was_waiting:
        submission.tell_signers(session, timesheet, version, "TIMESHEET_NOT_NEEDED", at=at)
    session.commit()


def signed_now(session: Session, timesheet: Timesheet) -> TimesheetVersion | None:
    """The signed version that a hold or a void would be about; None where there is none."""
    if timesheet.status in sheet_status.SIGNED_AND_THERE:
        return sheet_status.latest_version(session, timesheet)
    return sheet_status.standing_version(session, timesheet)


def _withdraw(
    session: Session, timesheet: Timesheet, version: TimesheetVersion, *, at: datetime
) -> None:
    """This version, and on a sheet that is void as a whole all before it."""
    version.withdrawn_at = at
    if timesheet.status == SheetStatus.CANCELLED:
        for each in sheet_status.versions_of(session, timesheet):
            if each.withdrawn_at is None:
                each.withdrawn_at = at


def _tell_provider(
    session: Session,
    timesheet: Timesheet,
    version: TimesheetVersion,
    code: str,
    note: str | None,
    *,
    at: datetime,
) -> None:
    person_id = timesheet.assignment.provider.person_id
    accounts = notices.accounts_of_people(session, [person_id], Role.PROVIDER)
    facts = approvals.sheet_notice(timesheet, version.total_minutes) | {
        "county_reason": code,
        "note": note,
    }
    notices.queue(session, accounts, "TIMESHEET_VOIDED", facts, at=at)
