"""Who asks a county for help because the records did not match her, and what came of it?"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.domain import registration as rules
from app.domain.outcomes import Refused
from app.domain.permissions import Role
from app.gateways.secrets import Secrets
from app.models.accounts import Account
from app.models.people import County
from app.models.registrations import HelpRequest
from app.services import audit, counted_tries

AN_HOUR = timedelta(hours=1)
LONGEST = 200  # characters of each of what is typed
LONGEST_OUTCOME = 1000


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody writes who could not register: nothing that would prove who she is."""

    name: str
    number: str
    reach: str


def counties(session: Session) -> list[County]:
    """Every county that people can turn to, by name."""
    return list(session.scalars(select(County).order_by(County.name)))


def county(session: Session, county_id: int) -> County | None:
    """One county, if there is one of that id; everybody may know which there are."""
    return session.scalar(select(County).where(County.id == county_id))


def ask(
    session: Session,
    county: County,
    role: Role,
    asked: Asked,
    *,
    address: str,
    secrets: Secrets,
    at: datetime,
) -> HelpRequest:
    """Put a request before a county's desk; commits. Refused with TOO_MANY_TRIES (retry_after)."""
    counted_tries.count(
        session,
        "help request",
        (f"{role}:{asked.number}", f"address:{address}"),
        most=rules.most_help_requests(at),
        within=AN_HOUR,
        secrets=secrets,
        at=at,
    )
    request = HelpRequest(
        county_id=county.id,
        role=role,
        name=asked.name[:LONGEST],
        number=asked.number[:LONGEST],
        reach=asked.reach[:LONGEST],
        made_at=at,
    )
    session.add(request)
    session.flush()
    audit.record(session, "help:ask", f"help_request:{request.id}", by=None, at=at)
    session.commit()
    return request


def waiting(session: Session, worker: Account, *, limit: int) -> list[HelpRequest]:
    """What waits for a worker's county, the longest waiting first."""
    open_ones = _of(worker).where(HelpRequest.done_at.is_(None))
    return list(session.scalars(open_ones.order_by(HelpRequest.made_at).limit(limit)))


def answered(session: Session, worker: Account, *, limit: int) -> list[HelpRequest]:
    """What her county has done lately, the newest first."""
    closed = _of(worker).where(HelpRequest.done_at.is_not(None))
    return list(session.scalars(closed.order_by(HelpRequest.done_at.desc()).limit(limit)))


def one(session: Session, worker: Account, request_id: int) -> HelpRequest:
    """One request to a worker's own county; NoResultFound for any other."""
    return session.scalars(_of(worker).where(HelpRequest.id == request_id)).one()


def close(
    session: Session, request: HelpRequest, *, outcome: str, by: Account, at: datetime
) -> None:
    """What came of it; commits. Refused with OUTCOME_MISSING, OUTCOME_TOO_LONG or HELP_DONE."""
    words = " ".join(outcome.split())
    if not words:
        raise Refused("OUTCOME_MISSING")
    if len(words) > LONGEST_OUTCOME:
        raise Refused("OUTCOME_TOO_LONG", length=len(words), longest=LONGEST_OUTCOME)
    session.refresh(request, with_for_update={"of": HelpRequest})
    if request.done_at is not None:
        raise Refused("HELP_DONE")
    request.done_at, request.done_by, request.outcome = at, by.id, words
    audit.record(session, "help:close", f"help_request:{request.id}", by=by, at=at)
    session.commit()


def _of(worker: Account) -> Select[HelpRequest]:
    return select(HelpRequest).where(HelpRequest.county_id == worker.county_id)
