"""How does the county hold a sheet, and how does a hold end: at midnight, or by the county (decision 6)?"""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.county_reasons import TO_HOLD, check_county_reason, on_record
from app.domain.outcomes import Refused
from app.domain.permissions import Role
from app.domain.timesheets import ANY_HOLD, Action, Hold, SheetStatus
from app.models.accounts import Account
from app.models.timesheets import Timesheet, TimesheetHold
from app.services import approvals, audit, notices, sheet_status


def place(
    session: Session,
    timesheet: Timesheet,
    *,
    reason: str | None,
    note: str | None,
    by: Account,
    at: datetime,
) -> None:
    """Hold a signed sheet that is not paid, for a reason that the provider is told; commits.

    The recipient may sign meanwhile. Refuses with NOT_YOUR_COUNTY, NOT_ALLOWED_NOW, ALREADY_HELD
    (by the county's review), ALREADY_PAID, and as domain/county_reasons does.
    """
    code, told = check_county_reason(reason, note, TO_HOLD)
    must_be_of_county(timesheet, by)
    audit.take_turns(session, by)
    sheet_status.lock(session, timesheet)
    version = sheet_status.latest_version(session, timesheet)
    if version is None or timesheet.status not in sheet_status.SIGNED_AND_THERE:
        raise Refused("NOT_ALLOWED_NOW", status=timesheet.status, action=Action.HOLD)
    if _active(session, timesheet, {Hold.COUNTY_REVIEW}):
        raise Refused("ALREADY_HELD")
    if sheet_status.is_in_a_batch(session, version):
        raise Refused("ALREADY_PAID")
    session.add(
        TimesheetHold(
            timesheet_id=timesheet.id,
            version_id=version.id,
            code=Hold.COUNTY_REVIEW,
            placed_at=at,
            placed_by_id=by.id,
            why=code,
            why_note=told,
        )
    )
    sheet_status.move(session, timesheet, Action.HOLD, by=by, at=at, reason=on_record(code, told))
    facts = {"version": version.number, "reason": code, "note": told}
    audit.record(session, "timesheet:hold", f"timesheet:{timesheet.id}", by=by, at=at, facts=facts)
    more = {"county_reason": code, "note": told}
    _tell_provider(session, timesheet, "TIMESHEET_HELD", more, at=at)
    session.commit()


def county_reasons(session: Session, timesheet: Timesheet) -> list[tuple[str, str | None]]:
    """Why the county reviews a sheet now: the code, and the note that its provider may read."""
    return [
        (hold.why, hold.why_note)
        for hold in _active(session, timesheet, {Hold.COUNTY_REVIEW})
        if hold.why is not None
    ]


def must_be_of_county(timesheet: Timesheet, by: Account | None) -> None:
    """Refuses with NOT_YOUR_COUNTY for a worker of another county; `by=None` is the operator."""
    if by is not None and by.county_id != timesheet.assignment.recipient.county_id:
        raise Refused("NOT_YOUR_COUNTY")


def release(
    session: Session, timesheet: Timesheet, *, reason: str, by: Account | None, at: datetime
) -> None:
    """End every hold on a sheet, for a reason that the provider is told; commits.

    An EARLY hold would end by itself; the county may judge sooner that the day is over (ADR 0008).
    `by=None` is the operator's command. Refuses with RELEASE_REASON_MISSING, NOT_YOUR_COUNTY, and
    NOTHING_HELD.
    """
    reason = reason.strip()
    if not reason:
        raise Refused("RELEASE_REASON_MISSING")
    must_be_of_county(timesheet, by)
    audit.take_turns(session, by)
    sheet_status.lock(session, timesheet)
    held = _active(session, timesheet, ANY_HOLD)
    if not held:
        raise Refused("NOTHING_HELD")
    for hold in held:
        hold.released_at, hold.reason = at, reason
        hold.released_by_id = None if by is None else by.id
    if timesheet.status == SheetStatus.ON_HOLD:  # an early sheet waits for its recipient meanwhile
        sheet_status.move(session, timesheet, Action.RELEASE, by=by, at=at, reason=reason)
    codes = [hold.code for hold in held]
    audit.record(
        session,
        "timesheet:release",
        f"timesheet:{timesheet.id}",
        by=by,
        at=at,
        facts={"holds": codes, "reason": reason},
    )
    _tell_provider(session, timesheet, "TIMESHEET_RELEASED", {"reason": reason}, at=at)
    session.commit()


def release_due(session: Session, *, at: datetime) -> int:
    """End the EARLY holds whose midnight has passed, a commit each; answers how many there were."""
    due = session.scalars(
        select(TimesheetHold.timesheet_id)
        .where(
            TimesheetHold.released_at.is_(None),
            TimesheetHold.releases_at <= at,
            TimesheetHold.code == Hold.EARLY,
        )
        .order_by(TimesheetHold.id)
    ).all()
    session.rollback()
    return sum(_release_early(session, timesheet_id, at=at) for timesheet_id in due)


def _release_early(session: Session, timesheet_id: int, *, at: datetime) -> bool:
    audit.take_turns(session, None)
    timesheet = session.scalars(select(Timesheet).where(Timesheet.id == timesheet_id)).one()
    sheet_status.lock(session, timesheet)
    held = _active(session, timesheet, {Hold.EARLY})
    if not held:  # taken back, or released by another process, since we looked
        session.rollback()
        return False
    for hold in held:
        hold.released_at = at
    if timesheet.status == SheetStatus.ON_HOLD:
        sheet_status.move(session, timesheet, Action.RELEASE, by=None, at=at)
    facts = {"holds": [Hold.EARLY]}
    audit.record(
        session, "timesheet:release", f"timesheet:{timesheet.id}", by=None, at=at, facts=facts
    )
    session.commit()
    return True


def _active(
    session: Session, timesheet: Timesheet, codes: frozenset[Hold] | set[Hold]
) -> list[TimesheetHold]:
    return list(
        session.scalars(
            select(TimesheetHold)
            .where(
                TimesheetHold.timesheet_id == timesheet.id,
                TimesheetHold.released_at.is_(None),
                TimesheetHold.code.in_(codes),
            )
            .execution_options(populate_existing=True)
        )
    )


def _tell_provider(
    session: Session, timesheet: Timesheet, code: str, more: Mapping[str, object], *, at: datetime
) -> None:
    version = sheet_status.latest_version(session, timesheet)
    minutes = 0 if version is None else version.total_minutes
    person_id = timesheet.assignment.provider.person_id
    accounts = notices.accounts_of_people(session, [person_id], Role.PROVIDER)
    facts = {**approvals.sheet_notice(timesheet, minutes), **more}
    notices.queue(session, accounts, code, facts, at=at)
