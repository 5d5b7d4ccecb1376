"""Whom does a service desk agent mean: by name, provider or case number, username or e-mail address?

Everything is found through an index, and a list is three short statements however many people there
are. What is read is what is shown: no birthday, no number of an SSN, no address.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

from sqlalchemy import Row, Select, exists, select, union
from sqlalchemy.orm import Session

from app.domain.desk import Search, SearchBy, Standing, State, state_of
from app.domain.permissions import Role
from app.models.accounts import Account, Passkey
from app.models.cases import Assignment, Case, Signatory
from app.models.names import people_with_word
from app.models.people import County, Person, Provider, Recipient
from app.services import contacts

AnyRow: TypeAlias = Row[*tuple[Any, ...]]

MOST_FOUND = 20


@dataclass(frozen=True, slots=True)
class Found:
    """A person in one of her roles, with or without an account."""

    person_id: int
    name: str
    role: Role
    number: str | None  # provider or case number
    counties: tuple[str, ...]
    account_id: int | None
    username: str | None
    state: State


@dataclass(frozen=True, slots=True)
class Results:
    """What a search found; `has_more` when there are people whom the list does not show."""

    found: tuple[Found, ...]
    has_more: bool


def find(session: Session, search: Search, *, at: datetime) -> Results:
    """Whom the search means, by last and first name, a line for each role that somebody has."""
    people = session.execute(
        _PEOPLE.where(Person.id.in_(_ids(session, search))).limit(MOST_FOUND + 1)
    ).all()
    shown = people[:MOST_FOUND]
    accounts = _accounts(session, [person.id for person in shown])
    worked_in = counties_worked_in(session, [person.provider_id for person in shown])
    found = tuple(
        each
        for person in shown
        for each in _roles(person, accounts[person.id], worked_in[person.provider_id], at)
    )
    return Results(found, has_more=len(people) > MOST_FOUND)


def find_person(session: Session, person_id: int, *, at: datetime) -> tuple[Found, ...]:
    """One person in each of her roles; () for nobody."""
    person = session.execute(_PEOPLE.where(Person.id == person_id)).one_or_none()
    if person is None:
        return ()
    accounts = _accounts(session, [person_id])[person_id]
    worked_in = counties_worked_in(session, [person.provider_id])
    return tuple(_roles(person, accounts, worked_in[person.provider_id], at))


def counties_worked_in(
    session: Session, provider_ids: Collection[int | None]
) -> Mapping[int | None, tuple[str, ...]]:
    """By provider, the counties of the recipients whom she works or worked for."""
    found: dict[int | None, tuple[str, ...]] = defaultdict(tuple)
    ids = [key for key in provider_ids if key is not None]
    if ids:
        rows = session.execute(
            select(Assignment.provider_id, County.name)
            .join(Case, Case.id == Assignment.case_id)
            .join(Recipient, Recipient.id == Case.recipient_id)
            .join(County, County.id == Recipient.county_id)
            .where(Assignment.provider_id.in_(ids))
            .distinct()
            .order_by(County.name)
        )
        for provider_id, county in rows:
            found[provider_id] += (county,)
    return found


_PEOPLE = (
    select(
        Person.id,
        Person.first_name,
        Person.last_name,
        Provider.id.label("provider_id"),
        Provider.number.label("provider_number"),
        Case.number.label("case_number"),
        County.name.label("county"),
        exists().where(Signatory.person_id == Person.id).label("signs"),
    )
    .outerjoin(Provider, Provider.person_id == Person.id)
    .outerjoin(Recipient, Recipient.person_id == Person.id)
    .outerjoin(Case, Case.recipient_id == Recipient.id)
    .outerjoin(County, County.id == Recipient.county_id)
    .order_by(Person.last_name, Person.first_name, Person.id)
)
_ACCOUNTS = select(
    Account.id,
    Account.person_id,
    Account.role,
    Account.username,
    Account.failures_in_a_row,
    Account.locked_at,
    Account.frozen_at,
    Account.email_confirmed_at,
    Account.password_hash.is_not(None).label("has_password"),
    exists().where(Passkey.account_id == Account.id).label("has_passkey"),
    County.name.label("county"),
).outerjoin(County, County.id == Account.county_id)


def _ids(session: Session, search: Search) -> Select[int] | list[int]:
    match search.by:
        case SearchBy.EMAIL:
            account = contacts.account_by_email(session, search.text)
            return [] if account is None else [account.person_id]
        case SearchBy.NUMBER:
            provider = select(Provider.person_id).where(Provider.number == search.text)
            recipient = (
                select(Recipient.person_id)
                .join(Case, Case.recipient_id == Recipient.id)
                .where(Case.number == search.text)
            )
            return _either(provider, recipient)
        case SearchBy.NAME:
            named = select(Person.id).where(
                *(Person.id.in_(people_with_word(word)) for word in search.words)
            )
            account_named = select(Account.person_id).where(Account.username == search.text)
            return _either(named, account_named)


def _either(one: Select[int], other: Select[int]) -> Select[int]:
    both = union(one, other).subquery()
    return select(both.c[0])


def _accounts(session: Session, person_ids: Collection[int]) -> Mapping[int, list[AnyRow]]:
    found: dict[int, list[AnyRow]] = defaultdict(list)
    if person_ids:
        for row in session.execute(_ACCOUNTS.where(Account.person_id.in_(person_ids))):
            found[row.person_id].append(row)
    return found


def _roles(
    person: AnyRow, accounts: list[AnyRow], worked_in: tuple[str, ...], at: datetime
) -> Iterator[Found]:
    by_role = {Role(account.role): account for account in accounts}
    on_file = {
        Role.PROVIDER: person.provider_number is not None,
        Role.RECIPIENT: person.case_number is not None,
        Role.SIGNATORY: person.signs,
    }
    for role in Role:
        account = by_role.get(role)
        if account is not None or on_file.get(role, False):
            yield Found(
                person_id=person.id,
                name=f"{person.first_name} {person.last_name}",
                role=role,
                number=_number(person, role),
                counties=_counties(person, role, worked_in, account),
                account_id=None if account is None else account.id,
                username=None if account is None else account.username,
                state=state_of(None if account is None else _standing(account), at),
            )


def _number(person: AnyRow, role: Role) -> str | None:
    numbers = {Role.PROVIDER: person.provider_number, Role.RECIPIENT: person.case_number}
    return numbers.get(role)


def _counties(
    person: AnyRow, role: Role, worked_in: tuple[str, ...], account: AnyRow | None
) -> tuple[str, ...]:
    if role is Role.PROVIDER:
        return worked_in
    county = person.county if role is Role.RECIPIENT else account and account.county
    return (county,) if county else ()


def _standing(account: AnyRow) -> Standing:
    return Standing(
        failures_in_a_row=account.failures_in_a_row,
        locked_at=account.locked_at,
        frozen_at=account.frozen_at,
        email_confirmed_at=account.email_confirmed_at,
        has_password=account.has_password,
        passkeys=int(account.has_passkey),
    )
