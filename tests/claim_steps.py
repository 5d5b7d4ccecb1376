"""Claims as the tests know them: filled in and signed through the services, as people do it."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta

from sqlalchemy.orm import Session

from app.domain.claims import ClaimedDay, ClaimKind
from app.domain.sick_leave import Notice
from app.models.accounts import Account
from app.models.cases import Assignment, Case
from app.models.claims import Claim
from app.models.payments import Payment, PayrollRun
from app.models.timesheets import Timesheet
from app.services import claims

AT = datetime(2026, 3, 16, 17, tzinfo=UTC)
MONDAY = date(2026, 3, 2)
WEDNESDAY = date(2026, 3, 4)


def travel(
    session: Session,
    to: Assignment,
    came_from: Case,
    minutes: Mapping[date, int],
    *,
    by: Account,
    at: datetime = AT,
) -> Claim:
    """A saved claim for the way from one recipient to another."""
    claim = claims.open_for(session, ClaimKind.TRAVEL, to.id, min(minutes), by=by, at=at)
    days = [ClaimedDay(on, each, came_from.id) for on, each in minutes.items()]
    claims.save(session, claim, days, notice=None, by=by, at=at)
    return claim


def leave(
    session: Session,
    assignment: Assignment,
    minutes: Mapping[date, int],
    *,
    by: Account,
    at: datetime = AT,
    notice: Notice | None = Notice.PLANNED,
) -> Claim:
    """A saved claim for sick leave."""
    kind = ClaimKind.SICK_LEAVE
    claim = claims.open_for(session, kind, assignment.id, min(minutes), by=by, at=at)
    days = [ClaimedDay(on, each) for on, each in minutes.items()]
    claims.save(session, claim, days, notice=notice, by=by, at=at)
    return claim


def sign(
    session: Session,
    claim: Claim,
    *,
    by: Account,
    at: datetime = AT,
    reason: str | None = None,
) -> Claim:
    """The provider signs what the page would show her."""
    shown = claims.prepare(session, claim, at=at).shown
    claims.submit(session, claim, shown=shown, reason=reason, by=by, at=at)
    return claim


def paid_long_ago(session: Session, sheet: Timesheet) -> None:
    """As if a sheet had been paid with an earlier payroll, for hours that earn sick leave; commits."""
    run = session.query(PayrollRun).first() or PayrollRun(
        issue_on=date(2026, 1, 2), number=9, started_at=AT, closed_at=AT, finished_at=AT
    )
    version = sheet.versions[-1]
    session.add(
        Payment(
            version_id=version.id,
            timesheet_id=sheet.id,
            run=run,
            provider_id=sheet.assignment.provider_id,
            gross_cents=0,
            minutes=version.total_minutes,
            created_at=AT,
            issued_at=AT,
        )
    )
    sheet.payment_status = "payment_issued"
    session.commit()


def days(first: date, count: int, hours: int = 10) -> dict[date, int]:
    """So many days in a row."""
    return {first + timedelta(days=number): hours for number in range(count)}
