"""The people whom every test knows, with their cases: Ana, Rosa, Walter and the others."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.gateways import passwords
from app.models.accounts import Account
from app.models.cases import Assignment, AuthorizedHours, Case, Signatory
from app.models.people import County, Person, Provider, Recipient, WageRate

PASSWORD = "correct horse battery staple"
LONG_AGO = datetime(2025, 1, 1, 17, tzinfo=UTC)
ROSAS_HOME = (34.0622, -118.3090)
WALTERS_HOME = (34.0935, -118.2910)


@dataclass(frozen=True)
class World:
    """Who is who; assignments are named by provider and recipient."""

    los_angeles: County
    fresno: County
    ana: Account
    rosa: Account
    walter: Account
    maria: Account
    nune: Account
    armen: Account
    casey: Account
    dev: Account
    noor: Account
    ana_for_rosa: Assignment
    ana_for_walter: Assignment
    maria_for_nune: Assignment


@cache
def password_hash() -> str:
    return passwords.hash_password(PASSWORD)


def build_world(session: Session) -> World:
    """Add everybody and commit."""
    los_angeles = _county(session, "Los Angeles", 1964)
    fresno = _county(session, "Fresno", 1875)
    ana = _account(session, "Ana", "Flores", "provider")
    maria = _account(session, "Maria", "Petrosyan", "provider")
    rosa = _account(session, "Rosa", "Delgado", "recipient")
    walter = _account(session, "Walter", "Kim", "recipient")
    nune = _account(session, "Nune", "Petrosyan", "recipient")
    armen = _account(session, "Armen", "Petrosyan", "signatory")
    casey = _account(session, "Casey", "Morgan", "county_worker", los_angeles)
    dev = _account(session, "Dev", "Patel", "service_desk")
    noor = _account(session, "Noor", "Haddad", "service_desk")
    ana_provider = _provider(session, ana, "100000001")
    maria_provider = _provider(session, maria, "100000002")
    rosas = _case(session, rosa, "1000001", los_angeles, ROSAS_HOME, 195 * 60)
    walters = _case(session, walter, "1000002", los_angeles, WALTERS_HOME, 120 * 60)
    nunes = _case(session, nune, "1000003", fresno, (36.7378, -119.7871), 283 * 60)
    session.add(Signatory(case_id=nunes.id, person_id=armen.person_id, starts_on=date(2025, 1, 1)))
    world = World(
        los_angeles, fresno, ana, rosa, walter, maria, nune, armen, casey, dev, noor,
        ana_for_rosa=assign(session, ana_provider, rosas, 195 * 60),
        ana_for_walter=assign(session, ana_provider, walters, 120 * 60),
        maria_for_nune=assign(session, maria_provider, nunes, 283 * 60, live_in=True),
    )  # fmt: skip
    session.commit()
    return world


def find_world(session: Session) -> World:
    """Everybody, where `build_world` added them before; all is read afresh when it is asked for."""
    counties = {county.name: county for county in session.scalars(select(County))}
    accounts = {account.username: account for account in session.scalars(select(Account))}
    rosas, walters, nunes = session.scalars(select(Assignment).order_by(Assignment.id))
    world = World(
        counties["Los Angeles"], counties["Fresno"], **accounts,
        ana_for_rosa=rosas, ana_for_walter=walters, maria_for_nune=nunes,
    )  # fmt: skip
    session.commit()
    return world


def assign(
    session: Session,
    provider: Provider,
    case: Case,
    assigned_minutes: int,
    *,
    live_in: bool = False,
    starts_on: date = date(2025, 1, 1),
    ends_on: date | None = None,
    program: str = "ihss",
) -> Assignment:
    assignment = Assignment(
        provider=provider,
        case=case,
        program=program,
        starts_on=starts_on,
        ends_on=ends_on,
        assigned_minutes=assigned_minutes,
        live_in=live_in,
    )
    session.add(assignment)
    session.flush()
    return assignment


def add_provider(session: Session, first: str) -> tuple[Account, Provider]:
    """One more provider with an account, for tests that need many; her number is as long as theirs."""
    account = _account(session, first, "Flores", "provider")
    return account, _provider(session, account, f"2{account.id:08}")


def share_home(session: Session, world: World) -> None:
    """Walter moves in with Rosa: two cases, one address."""
    walter = world.ana_for_walter.recipient
    walter.home = ROSAS_HOME
    session.commit()


def _county(session: Session, name: str, cents: int) -> County:
    county = County(name=name, phone="(888) 555-0100")
    county.wage_rates.append(WageRate(starts_on=date(2025, 1, 1), cents=cents, authority="test"))
    session.add(county)
    session.flush()
    return county


def _account(
    session: Session, first: str, last: str, role: str, county: County | None = None
) -> Account:
    person = Person(first_name=first, last_name=last, date_of_birth=date(1974, 5, 1), language="en")
    account = Account(
        person=person,
        role=role,
        username=first.lower(),
        email=f"{first.lower()}@example.com",
        email_confirmed_at=LONG_AGO,
        password_hash=password_hash(),
        created_at=LONG_AGO,
        county=county,
    )
    session.add(account)
    session.flush()
    return account


def _provider(session: Session, account: Account, number: str) -> Provider:
    provider = Provider(number=number, person=account.person)
    session.add(provider)
    session.flush()
    return provider


def _case(
    session: Session,
    account: Account,
    number: str,
    county: County,
    home: tuple[float, float],
    monthly_minutes: int,
) -> Case:
    recipient = Recipient(
        person=account.person,
        county=county,
        address="1 Example Street",
        home=home,
    )
    case = Case(number=number, recipient=recipient)
    case.grants.append(AuthorizedHours(starts_on=date(2025, 1, 1), monthly_minutes=monthly_minutes))
    session.add(case)
    session.flush()
    return case
