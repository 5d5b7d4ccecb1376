"""What does an agent see of an account: who it is, why she cannot get in, and what happened lately?

Enough to help on the phone, and nothing to get in with: no number of an SSN, of a birthday the year,
of an address what tells it from another, of codes and answers how many there are.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session as Database

from app.domain import desk
from app.domain.outcomes import Finding
from app.models.accounts import Account
from app.models.audit import AuditEvent
from app.models.devices import TrustedDevice
from app.models.factors import AuthenticatorApp, ContactChange, Disavowal
from app.models.messages import Notice
from app.models.people import Person
from app.models.registrations import Registration
from app.services import email_corrections, factors, sessions, support_search
from app.services.factors import Ways
from app.services.support_search import AnyRow, Found

# What is told of the record: how she came in and why not, and what the desk or she herself changed.
TOLD = (
    "sign_in:passkey", "sign_in:password", "sign_in:code", "sign_in:app", "sign_in:recovery",
    "account:lock", "app:lock", "account:freeze", "account:register",
    "account:unlock", "account:thaw", "account:note",
    "account:ask_email", "account:agree_email", "account:refuse_email", "account:confirm_email",
    "recovery:send_link", "recovery:finish",
    "password:change", "email:change", "phone:change", "phone:remove",
    "passkey:add", "passkey:remove", "app:add", "app:remove", "kit:make", "kit:use",
)  # fmt: skip
MOST_TOLD = 12
BY_NOBODY = frozenset({"account:lock", "app:lock"})  # who typed what was wrong, nobody knows


@dataclass(frozen=True, slots=True)
class Told:
    """One line of what happened: by whom, and with which reason where there is one."""

    at: datetime
    action: str
    by: str | None  # None: the portal itself
    reason: str | None


@dataclass(frozen=True, slots=True)
class AccountAtDesk:
    """An account as the service desk sees it."""

    account: Account
    found: Found
    born_in: int | None
    stops: tuple[Finding, ...]
    frozen_after: Notice | None  # to which she said “this was not me”
    ways: Ways
    email: str  # masked, like the phone
    phone: str | None
    devices: int
    sessions: int
    correction: ContactChange | None
    happened: tuple[Told, ...]
    is_locked: bool  # or was, and its waits still grow


@dataclass(frozen=True, slots=True)
class PersonAtDesk:
    """Somebody on file: her roles, and a registration that is under way."""

    name: str
    roles: tuple[Found, ...]
    registration: Registration | None


def find(database: Database, account_id: int) -> Account:
    """Any account at all, for an agent; NoResultFound for none."""
    return database.scalars(select(Account).where(Account.id == account_id)).one()


def look_at(database: Database, account_id: int, *, at: datetime) -> AccountAtDesk:
    """All that an agent sees of an account; NoResultFound for none."""
    account = find(database, account_id)
    roles = support_search.find_person(database, account.person_id, at=at)
    ways = factors.ways_of(database, account)
    counted = database.execute(_counts(account)).one()
    return AccountAtDesk(
        account=account,
        found=next(each for each in roles if each.account_id == account.id),
        born_in=_born_in(database, account),
        stops=desk.what_stops(_standing(account, ways, counted), at),
        frozen_after=_frozen_after(database, account),
        ways=ways,
        email=desk.masked_email(account.email),
        phone=desk.masked_phone(account.phone) if account.phone else None,
        devices=counted.devices,
        sessions=len(sessions.open_sessions_of(database, account, at=at)),
        correction=email_corrections.waiting_of(database, account, at=at),
        happened=_happened(database, account),
        is_locked=desk.may_be_unlocked(account.failures_in_a_row, at),
    )


def look_at_person(database: Database, person_id: int, *, at: datetime) -> PersonAtDesk:
    """Somebody on file, with or without an account; NoResultFound for nobody."""
    roles = support_search.find_person(database, person_id, at=at)
    if not roles:
        raise NoResultFound
    registration = database.scalar(
        select(Registration)
        .where(Registration.person_id == person_id)
        .where(Registration.finished_at.is_(None), Registration.expires_at > at)
        .order_by(Registration.id.desc())
        .limit(1)
    )
    return PersonAtDesk(roles[0].name, roles, registration)


def _counts(account: Account) -> Select[int, int, datetime]:
    """What else is to be known, in one statement: each as a value of its own."""
    devices = select(func.count()).where(
        TrustedDevice.account_id == account.id, TrustedDevice.revoked_at.is_(None)
    )
    app = AuthenticatorApp.account_id == account.id
    return select(
        devices.scalar_subquery().label("devices"),
        select(AuthenticatorApp.failures_in_a_row).where(app).scalar_subquery().label("failures"),
        select(AuthenticatorApp.failed_at).where(app).scalar_subquery().label("failed_at"),
    )


def _standing(account: Account, ways: Ways, counted: AnyRow) -> desk.Standing:
    return desk.Standing(
        failures_in_a_row=account.failures_in_a_row,
        locked_at=account.locked_at,
        frozen_at=account.frozen_at,
        email_confirmed_at=account.email_confirmed_at,
        has_password=ways.has_password,
        passkeys=ways.passkeys,
        app_failures=counted.failures or 0,
        app_failed_at=counted.failed_at,
    )


def _frozen_after(database: Database, account: Account) -> Notice | None:
    """The notice whose letter she answered so, as far as it is still there."""
    if account.frozen_at is None:
        return None
    about = (
        select(Disavowal.about)
        .where(Disavowal.account_id == account.id, Disavowal.used_at.is_not(None))
        .order_by(Disavowal.used_at.desc())
        .limit(1)
        .scalar_subquery()
    )
    return database.scalar(
        select(Notice)
        .where(Notice.account_id == account.id, Notice.code == about)
        .order_by(Notice.id.desc())
        .limit(1)
    )


def _born_in(database: Database, account: Account) -> int | None:
    born_on = database.scalar(select(Person.date_of_birth).where(Person.id == account.person_id))
    return None if born_on is None else born_on.year


def _happened(database: Database, account: Account) -> tuple[Told, ...]:
    """The latest of what is told of the record, the newest first."""
    events = database.scalars(
        select(AuditEvent)
        .where(AuditEvent.subject == f"account:{account.id}", AuditEvent.action.in_(TOLD))
        .order_by(AuditEvent.id.desc())
        .limit(MOST_TOLD)
    ).all()
    names = _names(database, {event.chain for event in events})
    return tuple(
        Told(
            at=event.at,
            action=event.action,
            by=None if event.action in BY_NOBODY else names.get(event.chain),
            reason=event.facts.get("reason"),
        )
        for event in events
    )


def _names(database: Database, chains: Iterable[str]) -> Mapping[str, str]:
    """Who acts in each of these chains, by name; the portal has none."""
    ids = [int(chain.partition(":")[2]) for chain in chains if ":" in chain]
    rows = database.execute(
        select(Account.id, Person.first_name, Person.last_name)
        .join(Person, Person.id == Account.person_id)
        .where(Account.id.in_(ids))
    )
    return {f"account:{key}": f"{first} {last}" for key, first, last in rows}
