"""Sheets that are signed, approved or on hold, made at once for tests that begin after that."""

from collections.abc import Mapping
from datetime import UTC, date, datetime

from sqlalchemy.orm import Session

from app.domain.timesheets import Action, content_hash
from app.models.accounts import Account
from app.models.cases import Assignment
from app.models.timesheets import TimeEntry, Timesheet, TimesheetHold, TimesheetVersion
from app.services import sheet_status

SIGNED_AT = datetime(2026, 3, 16, 16, tzinfo=UTC)
FIGURES = {
    "EARLY": {},
    "LATE": {"days": 45, "limit": 30, "ends_on": "2026-01-31"},
    "OVER_70_PERCENT": {"claimed": 8400, "authorized": 11700, "percent": 70},
}
APPROVED_AT = datetime(2026, 3, 17, 16, tzinfo=UTC)


def signed(
    session: Session,
    assignment: Assignment,
    hours: Mapping[date, int],
    *,
    by: Account,
    holds: tuple[str, ...] = (),
) -> Timesheet:
    """A sheet of whole hours by day, submitted by its provider and waiting; commits."""
    first = min(hours)
    sheet = Timesheet(
        assignment=assignment,
        period_starts_on=first.replace(day=1 if first.day < 16 else 16),
        status="draft",
        created_at=SIGNED_AT,
        changed_at=SIGNED_AT,
        entries=[TimeEntry(on=on, minutes=each * 60) for on, each in hours.items()],
    )
    session.add(sheet)
    session.flush()
    content = {
        "days": [
            {"on": on.isoformat(), "minutes": each * 60} for on, each in sorted(hours.items())
        ],
        "holds": [{"code": code, "facts": FIGURES[code]} for code in holds],
    }
    version = TimesheetVersion(
        timesheet=sheet,
        number=1,
        content=content,
        content_hash=content_hash(content),
        total_minutes=sum(hours.values()) * 60,
        warnings=[],
        signed_by_id=by.id,
        signed_at=SIGNED_AT,
        receipt=f"{sheet.id:016X}",
    )
    session.add(version)
    session.flush()
    for code in holds:
        session.add(
            TimesheetHold(
                timesheet_id=sheet.id, version_id=version.id, code=code, placed_at=SIGNED_AT
            )
        )
    sheet_status.move(session, sheet, Action.SUBMIT, by=by, at=SIGNED_AT)
    session.commit()
    return sheet


def approve(session: Session, sheet: Timesheet, *, by: Account) -> Timesheet:
    """The recipient signs it; held sheets stay on hold. Commits."""
    sheet_status.move(session, sheet, Action.APPROVE, by=by, at=APPROVED_AT)
    version = sheet_status.latest_version(session, sheet)
    assert version is not None
    version.approved_at, version.approved_by_id = APPROVED_AT, by.id
    session.commit()
    return sheet


def approved(
    session: Session,
    assignment: Assignment,
    hours: Mapping[date, int],
    *,
    by: Account,
    signer: Account,
    holds: tuple[str, ...] = (),
) -> Timesheet:
    """A sheet that its provider and its recipient have signed; commits."""
    sheet = signed(session, assignment, hours, by=by, holds=holds)
    return approve(session, sheet, by=signer)
