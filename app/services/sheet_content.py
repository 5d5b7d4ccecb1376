"""What exactly do provider and recipient see and sign: words' facts, never the words?

A content holds whole numbers, codes and days in ISO form, so that its hash has one meaning.
"""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.balances import SubmissionFacts
from app.domain.corrections import days_changed
from app.domain.outcomes import Finding, Kind, plain_facts
from app.domain.periods import PayPeriod, Workweek, local_day
from app.domain.timesheets import CLAIMED
from app.models.timesheets import TimeEntry, Timesheet, TimesheetVersion
from app.services import sheet_status, unauthorized_time


def content_of(
    session: Session,
    timesheet: Timesheet,
    facts: SubmissionFacts,
    findings: tuple[Finding, ...],
    number: int,
) -> dict[str, Any]:
    """Exactly what provider and recipient are shown and sign: words' facts, never the words."""
    assignment = timesheet.assignment
    entries = [entry for entry in timesheet.entries if entry.minutes]
    return {
        "timesheet": timesheet.id,
        "number": number,
        "provider": assignment.provider.person.full_name,
        "provider_number": assignment.provider.number,
        "recipient": assignment.recipient.person.full_name,
        "case_number": assignment.case.number,
        "program": assignment.program,
        "live_in": assignment.live_in,
        "starts_on": facts.period.starts_on.isoformat(),
        "ends_on": facts.period.ends_on.isoformat(),
        "total_minutes": facts.total,
        "weeks": [_week(facts, week) for week in facts.period.workweeks],
        "days": [_day(entry) for entry in entries],
        "not_claimed": [
            {"on": on.isoformat(), "minutes": minutes}
            for on, minutes in unauthorized_time.on_record(session, timesheet).items()
        ],
        "previous": _previous(session, timesheet),
        "warnings": [_said(finding) for finding in findings if finding.kind is Kind.WARNING],
        "holds": [_said(finding) for finding in findings if finding.kind is Kind.HOLD],
        "reason": None,
    } | _replaces(session, timesheet, facts)


def _replaces(session: Session, timesheet: Timesheet, facts: SubmissionFacts) -> dict[str, Any]:
    """Where the sheet amends an approved version: which, why, and each day that is different."""
    standing = sheet_status.standing_version(session, timesheet) if timesheet.amends else None
    if standing is None:
        return {}
    now = {entry.on: entry.minutes for entry in facts.worked_entries}
    changes = days_changed(facts.stands or {}, now)
    return {
        "replaces": {
            "number": standing.number,
            "amends": timesheet.amends,
            "total_minutes": standing.total_minutes,
            "approved_on": local_day(standing.approved_at or standing.signed_at).isoformat(),
            "reason": timesheet.amend_reason,
            "note": timesheet.amend_note,
            "days": [
                {"on": change.on.isoformat(), "before": change.before, "after": change.after}
                for change in changes
            ],
        }
    }


def _week(facts: SubmissionFacts, week: Workweek) -> dict[str, Any]:
    return {
        "starts_on": max(week.starts_on, facts.period.starts_on).isoformat(),
        "ends_on": min(week.ends_on, facts.period.ends_on).isoformat(),
        "minutes": sum(entry.minutes for entry in facts.entries if entry.on in week),
    }


def _day(entry: TimeEntry) -> dict[str, Any]:
    return {
        "on": entry.on.isoformat(),
        "minutes": entry.minutes,
        "starts": entry.starts,
        "ends": entry.ends,
        "location": entry.location,
        "by_hand": entry.by_hand,
        "proposed_minutes": entry.proposed_minutes,
        "proposed_starts": entry.proposed_starts,
        "proposed_ends": entry.proposed_ends,
    }


def _previous(session: Session, timesheet: Timesheet) -> dict[str, Any] | None:
    """What the same pair claimed in the half month before, to see what is different."""
    previous = PayPeriod.starting(timesheet.period_starts_on).previous
    minutes = session.scalars(
        select(TimesheetVersion.total_minutes)
        .join(TimesheetVersion.timesheet)
        .where(
            Timesheet.assignment_id == timesheet.assignment_id,
            Timesheet.period_starts_on == previous.starts_on,
            Timesheet.status.in_(CLAIMED),
        )
        .order_by(TimesheetVersion.number.desc())
        .limit(1)
    ).first()
    if minutes is None:
        return None
    return {"starts_on": previous.starts_on.isoformat(), "minutes": minutes}


def _said(finding: Finding) -> dict[str, Any]:
    return {"code": str(finding.code), "facts": plain_facts(finding.facts)}
