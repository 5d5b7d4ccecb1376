"""What does the page of one visit tell its provider, its recipient, and whoever signs for her?"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session

from app.domain.periods import local_day
from app.domain.permissions import Role
from app.models.accounts import Account
from app.models.cases import Assignment
from app.models.visits import Visit, VisitFlag
from app.services import approvals, odd_visits, visit_cards, visits
from app.services.visit_cards import RecordedEvent


@dataclass(frozen=True, slots=True)
class VisitPage:
    """A visit, all that was recorded for it, and what was noticed: the same for both sides.

    `is_own` is of its provider, who alone sets it right.
    """

    visit: Visit
    recorded: Sequence[RecordedEvent]
    noticed: Sequence[VisitFlag]
    is_own: bool


def find(session: Session, by: Account, visit_id: int, *, at: datetime) -> VisitPage:
    """The page of a visit of one's own or of one's recipient; NoResultFound for any other."""
    is_own = by.role == Role.PROVIDER
    visit = (
        visits.visit_of(session, by, visit_id) if is_own else _signed_for(session, by, visit_id, at)
    )
    recorded = visit_cards.events_of(session, [visit.id]).get(visit.id, [])
    noticed = odd_visits.of_events(session, [one.event.id for one in recorded], at=at)
    return VisitPage(visit, recorded, noticed, is_own)


def noticed(
    session: Session, by: Account, visit_id: int, flag_id: int, *, at: datetime
) -> VisitFlag:
    """One thing that was noticed about such a visit; NoResultFound for any other."""
    page = find(session, by, visit_id, at=at)
    found = next((flag for flag in page.noticed if flag.id == flag_id), None)
    if found is None:
        raise NoResultFound
    return found


def _signed_for(session: Session, by: Account, visit_id: int, at: datetime) -> Visit:
    cases = [case.id for case in approvals.cases_of(session, by, local_day(at))]
    return session.scalars(
        select(Visit)
        .join(Visit.assignment)
        .where(Visit.id == visit_id, Assignment.case_id.in_(cases))
    ).one()
