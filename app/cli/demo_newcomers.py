"""Whom can somebody try to register as in the demo? People on file who have no account yet."""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy.orm import Session

from app.models.cases import Assignment, AuthorizedHours, Case, Signatory
from app.models.people import County, Person, Provider, Recipient

Table = Mapping[str, Any]


def load(session: Session, table: Table, counties: Mapping[str, County]) -> None:
    """Add the newcomers of demo.toml: a provider of theirs for each recipient; never commits."""
    by_role = {entry["role"]: entry for entry in table["newcomers"]}
    provider = Provider(number=by_role["provider"]["number"], person=_person(by_role["provider"]))
    case = _case(by_role["recipient"], counties, table)
    session.add_all([provider, case])
    session.flush()
    signatory = _person(by_role["signatory"])
    session.add(signatory)
    session.flush()
    session.add_all(
        [
            Signatory(case=case, person_id=signatory.id, starts_on=table["since"]),
            Assignment(
                provider=provider,
                case=case,
                program="ihss",
                starts_on=table["since"],
                assigned_minutes=_minutes(by_role["recipient"]["monthly"]),
                live_in=False,
            ),
        ]
    )


def introduction(table: Table) -> Iterator[str]:
    """As whom somebody can register, a line each."""
    yield "You can register as:"
    for entry in table["newcomers"]:
        yield (
            f"  {entry['role']:<9} {entry['first_name']} {entry['last_name']}, {entry['county']}, "
            f"number {entry['number']}, born {entry['date_of_birth']:%m/%d/%Y}, "
            f"last four of the SSN {entry['ssn_last4']}"
        )


def _person(entry: Table) -> Person:
    return Person(
        first_name=entry["first_name"],
        last_name=entry["last_name"],
        date_of_birth=entry["date_of_birth"],
        ssn_last4=entry["ssn_last4"],
        language="en",
    )


def _case(entry: Table, counties: Mapping[str, County], table: Table) -> Case:
    recipient = Recipient(
        person=_person(entry),
        county=counties[entry["county"]],
        address=entry["address"],
        home=(entry["latitude"], entry["longitude"]),
    )
    grant = AuthorizedHours(starts_on=table["since"], monthly_minutes=_minutes(entry["monthly"]))
    return Case(number=entry["number"], recipient=recipient, grants=[grant])


def _minutes(text: str) -> int:
    hours, minutes = text.split(":")
    return int(hours) * 60 + int(minutes)
