"""Who are the people of the demo? Reads demo.toml and adds them with their cases and accounts."""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Select, false, inspect, literal, select
from sqlalchemy.orm import Session

from app.cli import demo_newcomers
from app.config import DEMO_FINGERPRINT_KEY, DEMO_SEALING_KEYS
from app.gateways import passwords
from app.gateways.secrets import KeyRing
from app.models.accounts import Account, email_fingerprint
from app.models.cases import Assignment, AuthorizedHours, Case, Signatory
from app.models.people import County, Person, Provider, Recipient
from app.services import security_questions
from app.services.caseload import load_counties

HERE = Path(__file__).parent
Table = Mapping[str, Any]


@dataclass(frozen=True)
class People:
    """What the history needs to know them by: accounts, cases and assignments by username."""

    accounts: Mapping[str, Account]
    cases: Mapping[str, Case]
    assignments: Mapping[tuple[str, str], Assignment]


def personas() -> Table:
    """demo.toml as it stands."""
    return _read("demo.toml")


def are_loaded(session: Session, table: Table) -> bool:
    """Whether the first of the personas is there; they are loaded all or none."""
    username = table["people"][0]["username"]
    return session.scalar(select(Account.id).where(Account.username == username)) is not None


def found_in(engine: Engine) -> list[str]:
    """Which of the demo's people are in a database, as a problem for config.refuse; none, no problem.

    They are known by their e-mail addresses, which nobody else can have, be they sealed with the
    demo's keys or with those of this portal. A database without accounts yet has nobody.
    """
    demo = KeyRing(DEMO_SEALING_KEYS, DEMO_FINGERPRINT_KEY)
    people = {
        email_fingerprint(_email(entry), by): entry["username"]
        for entry in personas()["people"]
        for by in (None, demo)
    }
    with engine.connect() as connection:
        found = connection.scalars(_with_fingerprints(connection, people)).all()
    engine.dispose()  # who starts several processes must not hand them one connection
    if not found:
        return []
    names = ", ".join(sorted({people[each] for each in found}))
    return [f"The demo's people are in this database, with a public password: {names}."]


def load(session: Session, table: Table, *, at: datetime) -> People:
    """Add counties with their wages, people, accounts, cases and assignments; commits."""
    counties = load_counties(session, _read("counties.toml"))
    password_hash = passwords.hash_password(table["password"])
    accounts = {}
    for entry in table["people"]:
        accounts[entry["username"]] = _account(entry, counties, password_hash, at)
    session.add_all(accounts.values())
    session.flush()
    answer_hashes = security_questions.hashed(table["answers"], at=at)
    for account in accounts.values():
        security_questions.put(session, account, answer_hashes)
    providers = {
        entry["username"]: Provider(
            number=entry["provider_number"], person=accounts[entry["username"]].person
        )
        for entry in table["people"]
        if "provider_number" in entry
    }
    session.add_all(providers.values())
    cases = {
        entry["recipient"]: _case(entry, accounts, counties, table) for entry in table["cases"]
    }
    session.add_all(cases.values())
    session.flush()
    for entry in table["cases"]:
        _add_signatories(session, entry, cases, accounts, table)
    assignments = {
        (entry["provider"], entry["recipient"]): _assignment(entry, providers, cases, table)
        for entry in table["assignments"]
    }
    session.add_all(assignments.values())
    demo_newcomers.load(session, table, counties)
    session.commit()
    return People(accounts, cases, assignments)


def introduction(table: Table, url: str) -> Iterator[str]:
    """Who can sign in and how, a line each."""
    yield "You can sign in as:"
    for entry in table["people"]:
        yield f"  {entry['username']:<8} {entry['first_name']} {entry['last_name']}, {entry['who']}"
    yield f"The password of all is: {table['password']}"
    yield f"Codes and other mail arrive at {url}/demo/mailbox"
    yield from demo_newcomers.introduction(table)


def _with_fingerprints(connection: Connection, fingerprints: Iterable[str]) -> Select[str]:
    tables = inspect(connection)
    columns = tables.get_columns("account") if tables.has_table("account") else []
    if "email_fingerprint" not in {column["name"] for column in columns}:
        return select(literal("")).where(false())
    return select(Account.email_fingerprint).where(Account.email_fingerprint.in_(fingerprints))


def _email(entry: Table) -> str:
    return f"{entry['username']}@example.com"


def _read(name: str) -> Table:
    return tomllib.loads((HERE / name).read_text(encoding="utf-8"))


def _account(
    entry: Table, counties: Mapping[str, County], password_hash: str, at: datetime
) -> Account:
    return Account(
        person=Person(
            first_name=entry["first_name"],
            last_name=entry["last_name"],
            date_of_birth=entry.get("date_of_birth"),
            language="en",
        ),
        role=entry["role"],
        username=entry["username"],
        email=_email(entry),
        email_confirmed_at=at,
        password_hash=password_hash,
        created_at=at,
        county=counties[entry["county"]] if "county" in entry else None,
    )


def _case(
    entry: Table, accounts: Mapping[str, Account], counties: Mapping[str, County], table: Table
) -> Case:
    recipient = Recipient(
        person=accounts[entry["recipient"]].person,
        county=counties[entry["county"]],
        address=entry["address"],
        home=(entry["latitude"], entry["longitude"]),
    )
    grant = AuthorizedHours(
        starts_on=table["since"],
        monthly_minutes=_month_minutes(entry["monthly"]),
        wait_time=entry.get("wait_time", False),
    )
    return Case(number=entry["number"], recipient=recipient, grants=[grant])


def _add_signatories(
    session: Session,
    entry: Table,
    cases: Mapping[str, Case],
    accounts: Mapping[str, Account],
    table: Table,
) -> None:
    for username in entry.get("signatories", ()):
        session.add(
            Signatory(
                case=cases[entry["recipient"]],
                person_id=accounts[username].person_id,
                starts_on=table["since"],
            )
        )


def _assignment(
    entry: Table, providers: Mapping[str, Provider], cases: Mapping[str, Case], table: Table
) -> Assignment:
    return Assignment(
        provider=providers[entry["provider"]],
        case=cases[entry["recipient"]],
        program="ihss",
        starts_on=table["since"],
        assigned_minutes=_month_minutes(entry["monthly"]),
        live_in=entry["live_in"],
        relationship_to_recipient=entry.get("relationship", "none"),
    )


def _month_minutes(text: str) -> int:
    """Minutes of "195:00"; a month's hours are more than the one day that the rules read.

    >>> _month_minutes("195:30")
    11730
    """
    hours, minutes = text.split(":")
    return int(hours) * 60 + int(minutes)
