"""Who is on file under a provider's or a case number, and under which numbers is somebody on file?"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Executable, and_, bindparam, literal, or_, select
from sqlalchemy.orm import Session

from app.domain.identity import Last4, OnFile
from app.domain.permissions import Role
from app.models.cases import Case, Signatory
from app.models.people import County, Person, Provider, Recipient

_WHO = (
    Person.id,
    Person.first_name,
    Person.last_name,
    Person.date_of_birth,
    Person.ssn_last4,
    Person.cin_last4,
)


def _signs(on: Any) -> ColumnElement[bool]:
    return and_(
        Signatory.starts_on <= on, or_(Signatory.ends_on.is_(None), Signatory.ends_on >= on)
    )


_UNDER: Mapping[Role, Executable] = {
    Role.PROVIDER: select(*_WHO, literal(Last4.SSN.value).label("by"))
    .join(Provider, Provider.person_id == Person.id)
    .where(Provider.number == bindparam("number")),
    Role.RECIPIENT: select(*_WHO, County.recipients_know.label("by"))
    .join(Recipient, Recipient.person_id == Person.id)
    .join(County, County.id == Recipient.county_id)
    .join(Case, Case.recipient_id == Recipient.id)
    .where(Case.number == bindparam("number")),
    Role.SIGNATORY: select(*_WHO, literal(Last4.SSN.value).label("by"))
    .join(Signatory, Signatory.person_id == Person.id)
    .join(Case, Case.id == Signatory.case_id)
    .where(Case.number == bindparam("number"), _signs(bindparam("on")))
    .order_by(Person.id),
}
"""Who registers in a role: a signatory by the case that she signs for."""


def on_file(session: Session, role: Role, number: str, on: date) -> list[tuple[int, OnFile]]:
    """Who is on file under a number, by person id: one, or a case's signatories of that day, or none."""
    found = []
    for row in session.execute(_UNDER[role], {"number": number, "on": on}):
        last4 = row.ssn_last4 if row.by == Last4.SSN else row.cin_last4
        found.append((row.id, OnFile(row.first_name, row.last_name, row.date_of_birth, last4)))
    return found


def numbers_of(session: Session, role: Role, person_id: int, on: date) -> set[str]:
    """The numbers by which a person can register in a role."""
    match role:
        case Role.PROVIDER:
            numbers = select(Provider.number).where(Provider.person_id == person_id)
        case Role.RECIPIENT:
            numbers = (
                select(Case.number)
                .join(Recipient, Recipient.id == Case.recipient_id)
                .where(Recipient.person_id == person_id)
            )
        case _:
            numbers = (
                select(Case.number)
                .join(Signatory, Signatory.case_id == Case.id)
                .where(Signatory.person_id == person_id, _signs(on))
            )
    return set(session.scalars(numbers))


def signed_for_by(session: Session, person_id: int, on: date) -> list[Person]:
    """The recipients for whom somebody may sign on a day, in a steady order."""
    return list(
        session.scalars(
            select(Person)
            .join(Recipient, Recipient.person_id == Person.id)
            .join(Case, Case.recipient_id == Recipient.id)
            .join(Signatory, Signatory.case_id == Case.id)
            .where(Signatory.person_id == person_id, _signs(on))
            .order_by(Person.id)
        )
    )
