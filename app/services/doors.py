"""What must a tap know of the assignment it is for? Read in one statement, without the objects around it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from sqlalchemy import Text, select, type_coerce
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session

from app.models.accounts import Account
from app.models.cases import Assignment, Case
from app.models.people import Person, Provider, Recipient
from app.models.prepared import Among
from app.services import positions
from app.services.sessions import Bearer

_FIND = Among(
    lambda numbers: (
        select(
            Provider.person_id,
            Assignment.id,
            Assignment.provider_id,
            Assignment.live_in,
            Assignment.starts_on,
            Assignment.ends_on,
            Person.first_name,
            type_coerce(Recipient.home, Text).label("home"),  # opened when there is a position
        )
        .join(Provider, Provider.id == Assignment.provider_id)
        .join(Case, Case.id == Assignment.case_id)
        .join(Recipient, Recipient.id == Case.recipient_id)
        .join(Person, Person.id == Recipient.person_id)
        .where(Assignment.id.in_(numbers))
    )
)


@dataclass(frozen=True, slots=True)
class Door:
    """An assignment as it matters at the door: whose home it is, and whether to check in there."""

    id: int
    provider_id: int
    live_in: bool
    starts_on: date
    ends_on: date | None
    recipient: str  # her first name
    home: Callable[[], tuple[float, float] | None]

    @classmethod
    def of(cls, assignment: Assignment) -> "Door":
        recipient = assignment.recipient
        return cls(
            assignment.id,
            assignment.provider_id,
            assignment.live_in,
            assignment.starts_on,
            assignment.ends_on,
            recipient.person.first_name,
            lambda: recipient.home,
        )

    def active_on(self, day: date) -> bool:
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)


def find_all(session: Session, wanted: Iterable[tuple[int, int]]) -> dict[tuple[int, int], Door]:
    """The doors of assignments by (person, assignment), where each is the provider's own."""
    pairs = set(wanted)
    rows = _FIND.all(session, sorted({number for _, number in pairs}))
    found = {(row.person_id, row.id): row for row in rows}
    return {pair: _door(found[pair]) for pair in pairs if pair in found}


def find(session: Session, by: Account | Bearer, assignment_id: int) -> Door:
    """The door of one of a provider's own assignments; NoResultFound for any other."""
    pair = (by.person_id, assignment_id)
    doors = find_all(session, [pair])
    if pair not in doors:
        raise NoResultFound
    return doors[pair]


def _door(row: Any) -> Door:
    return Door(
        row.id, row.provider_id, row.live_in, row.starts_on, row.ends_on, row.first_name,
        partial(positions.open_home, row.home),
    )  # fmt: skip
