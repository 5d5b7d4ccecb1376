"""What does a receipt number stand for, and what is signed about it for whoever it belongs to?

Nothing is made when something is kept: a receipt is written when somebody asks for it. It names people
no more than is needed to know what it is about, for it may be shown to others.
"""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session

from app.domain.permissions import Role
from app.models.accounts import Account
from app.models.cases import Assignment
from app.models.people import Person, Provider
from app.models.timesheets import Timesheet, TimesheetVersion
from app.models.visits import VisitEvent
from app.services import approvals

VISIT_EVENT = "visit-event"
TIMESHEET = "timesheet"
NUMBER = re.compile(r"R(-[0-9A-Z]{4}){2}", re.ASCII)
Found = VisitEvent | TimesheetVersion


def find(session: Session, number: str, *, by: Account, on: date) -> Found:
    """What a receipt number was given for; NoResultFound unless it is this account's to see.

    A visit's events belong to whoever made them; a timesheet to its provider and to whoever signs
    for its recipient on a day.
    """
    if not NUMBER.fullmatch(number):
        raise NoResultFound
    event = session.scalars(
        select(VisitEvent).where(VisitEvent.receipt == number, VisitEvent.account_id == by.id)
    ).one_or_none()
    return event if event is not None else _version(session, number, by, on)


def content_of(session: Session, found: Found, *, portal: str, at: datetime) -> dict[str, Any]:
    """What is signed: text, whole numbers, truth and none; `portal` is whose receipt it is."""
    told = {"portal": portal, "number": found.receipt, "issued_at": _instant(at)}
    if isinstance(found, VisitEvent):
        return told | _of_event(session, found)
    return told | _of_version(found)


def _version(session: Session, number: str, by: Account, on: date) -> TimesheetVersion:
    found = select(TimesheetVersion).join(TimesheetVersion.timesheet).join(Timesheet.assignment)
    found = found.where(TimesheetVersion.receipt == number)
    if by.role == Role.PROVIDER:
        found = found.join(Provider, Provider.id == Assignment.provider_id)
        return session.scalars(found.where(Provider.person_id == by.person_id)).one()
    version = session.scalars(found).one()
    cases = {case.id for case in approvals.cases_of(session, by, on)}
    if version.timesheet.assignment.case_id not in cases:
        raise NoResultFound
    return version


def _of_event(session: Session, event: VisitEvent) -> dict[str, Any]:
    return {
        "kind": VISIT_EVENT,
        "event": event.submission_id,
        "what": event.kind,
        **_of_pair(session, event),
        "about": event.about_submission_id,
        "location": event.location,
        "place": event.verdict,
        "source": event.source,
        "made_at": _instant(event.made_at),
        "received_at": _instant(event.received_at),
        "not_before": _instant(event.anchored_at),
        "counts_at": _instant(event.counts_at),
        "signed_by_phone": event.signed,
        "content_hash": event.content_hash,
        "chain": _link(event),
    }


def _of_pair(session: Session, event: VisitEvent) -> Mapping[str, str | None]:
    """Who it was by and for; an undo that came before its check-in was for nobody yet."""
    by = session.get_one(Account, event.account_id).person
    if event.assignment_id is None:
        return {"provider": _initials(by), "recipient": None, "program": None}
    assignment = session.get_one(Assignment, event.assignment_id)
    return {
        "provider": _initials(by),
        "recipient": assignment.recipient.person.first_name,
        "program": assignment.program,
    }


def _link(event: VisitEvent) -> dict[str, Any] | None:
    if event.chain_number is None:
        return None
    return {
        "number": event.chain_number,
        "previous": event.chain_previous,
        "hash": event.chain_hash,
    }


def _of_version(version: TimesheetVersion) -> dict[str, Any]:
    assignment = version.timesheet.assignment
    return {
        "kind": TIMESHEET,
        "timesheet": version.timesheet_id,
        "version": version.number,
        "provider": _initials(assignment.provider.person),
        "recipient": assignment.recipient.person.first_name,
        "program": assignment.program,
        "starts_on": version.content["starts_on"],
        "ends_on": version.content["ends_on"],
        "minutes": version.total_minutes,
        "days": [{"on": day["on"], "minutes": day["minutes"]} for day in version.content["days"]],
        "signed_at": _instant(version.signed_at),
        "approved_at": _instant(version.approved_at),
        "sent_back_at": _instant(version.rejected_at),
        "taken_back_at": _instant(version.withdrawn_at),
        "content_hash": version.content_hash,
    }


def _initials(person: Person) -> str:
    return f"{person.first_name[:1]}. {person.last_name[:1]}."


def _instant(at: datetime | None) -> str | None:
    """`2026-11-24T16:02:00.250Z`, as JavaScript writes and reads it."""
    if at is None:
        return None
    return f"{at.astimezone(UTC).isoformat(timespec='milliseconds')[:-6]}Z"
