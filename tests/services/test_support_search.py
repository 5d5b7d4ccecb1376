"""An agent finds whom a caller says she is, fast, and reads no more than the list shows."""

from datetime import timedelta

import pytest
from sqlalchemy import event, insert, select, text
from sqlalchemy.orm import Session

from app import clock
from app.domain.desk import State, read_search
from app.domain.permissions import Role
from app.models.accounts import Account
from app.models.cases import Signatory
from app.models.names import NameWord, rows_of
from app.models.people import Person, Provider
from app.services import support_search
from app.services.support_search import Found, Results
from factories import World


def find(session: Session, typed: str) -> Results:
    return support_search.find(session, read_search(typed), at=clock.now())


def names(session: Session, typed: str) -> list[tuple[str, str]]:
    return [(each.name, each.role) for each in find(session, typed).found]


@pytest.mark.parametrize(
    "typed",
    ["Ana Flores", "flores, ana", "FLORES", "Flóres Ana", "flo an", "ana", "ANA",
     "100000001", "100-000-001", "ana@example.com", " Ana@Example.COM "],
)  # fmt: skip
def test_a_provider_is_found_by_name_number_username_and_email(
    session: Session, world: World, typed: str
) -> None:
    assert names(session, typed) == [("Ana Flores", Role.PROVIDER)]


def test_a_recipient_is_found_by_her_case_number(session: Session, world: World) -> None:
    (rosa,) = find(session, "1000001").found
    assert rosa == Found(
        person_id=world.rosa.person_id,
        name="Rosa Delgado",
        role=Role.RECIPIENT,
        number="1000001",
        counties=("Los Angeles",),
        account_id=world.rosa.id,
        username="rosa",
        state=State.REGISTERED,
    )


def test_part_of_a_number_or_of_an_address_finds_nobody(session: Session, world: World) -> None:
    for typed in ("10000000", "100000", "ana@example", "na@example.com"):
        assert find(session, typed).found == ()


def test_namesakes_stand_together_by_last_and_first_name(session: Session, world: World) -> None:
    assert names(session, "petrosyan") == [
        ("Armen Petrosyan", Role.SIGNATORY),
        ("Maria Petrosyan", Role.PROVIDER),
        ("Nune Petrosyan", Role.RECIPIENT),
    ]


def test_counties_tell_namesakes_apart(session: Session, world: World) -> None:
    counties = {each.name: each.counties for each in find(session, "petrosyan").found}
    assert counties["Maria Petrosyan"] == ("Fresno",)
    assert counties["Nune Petrosyan"] == ("Fresno",)


def test_back_office_accounts_are_found_too(session: Session, world: World) -> None:
    (casey,) = find(session, "casey morgan").found
    assert (casey.role, casey.counties) == (Role.COUNTY_WORKER, ("Los Angeles",))


def test_somebody_on_file_without_an_account_is_not_registered(
    session: Session, world: World
) -> None:
    luz = Person(first_name="Luz", last_name="Ortega")
    session.add(Provider(number="200000001", person=luz))
    son = Person(first_name="Vartan", last_name="Ortega")
    session.add(son)
    session.flush()
    case = world.ana_for_rosa.case
    session.add(Signatory(case_id=case.id, person_id=son.id, starts_on=clock.today()))
    session.commit()
    found = {each.name: each for each in find(session, "ortega").found}
    assert found["Luz Ortega"].state is State.NOT_REGISTERED
    assert found["Luz Ortega"].number == "200000001"
    assert found["Vartan Ortega"].role is Role.SIGNATORY
    assert found["Vartan Ortega"].account_id is None


def test_a_person_in_two_roles_has_a_line_for_each(session: Session, world: World) -> None:
    session.add(
        Account(
            person_id=world.rosa.person_id,
            role="signatory",
            username="rosa_signs",
            email="rosa2@example.com",
            created_at=clock.now(),
        )
    )
    session.commit()
    roles = {each.role: each.state for each in find(session, "rosa delgado").found}
    assert roles == {Role.RECIPIENT: State.REGISTERED, Role.SIGNATORY: State.UNCONFIRMED}


def test_the_list_says_how_each_account_stands(session: Session, world: World) -> None:
    world.maria.failures_in_a_row, world.maria.locked_at = 5, clock.now()
    world.nune.frozen_at = clock.now() - timedelta(days=1)
    session.commit()
    states = {each.username: each.state for each in find(session, "petrosyan").found}
    assert states == {"armen": State.REGISTERED, "maria": State.LOCKED, "nune": State.FROZEN}


def test_a_long_list_is_cut_and_says_so(session: Session, world: World) -> None:
    session.add_all(Person(first_name=f"Pat {chr(97 + n)}", last_name="Example") for n in range(25))
    session.flush()
    for person in session.scalars(select(Person).where(Person.last_name == "Example")):
        session.add(Provider(number=f"30000{person.id:04}", person=person))
    session.commit()
    results = find(session, "example pat")
    assert len(results.found) == support_search.MOST_FOUND
    assert results.has_more
    assert not find(session, "petrosyan").has_more


def test_a_person_is_found_by_her_id_or_not_at_all(session: Session, world: World) -> None:
    (rosa,) = support_search.find_person(session, world.rosa.person_id, at=clock.now())
    assert rosa.name == "Rosa Delgado"
    assert support_search.find_person(session, 999999, at=clock.now()) == ()


@pytest.fixture
def many(session: Session, world: World) -> None:
    """Some thousands of people, so that a plan has something to avoid."""
    first = 10_000
    people = [
        {"id": first + n, "first_name": f"Pat{n % 97}", "last_name": f"Many{n}", "language": "en"}
        for n in range(3000)
    ]
    session.execute(insert(Person), people)
    session.execute(
        insert(NameWord),
        [
            row
            for person in people
            for row in rows_of(person["id"], person["first_name"], person["last_name"])
        ],
    )
    session.execute(
        insert(Provider),
        [{"number": f"8{n:08}", "person_id": first + n} for n in range(3000)],
    )
    session.add_all(
        Account(
            person_id=first + n,
            role="provider",
            username=f"many{n}",
            email=f"many{n}@example.com",
            created_at=clock.now(),
        )
        for n in range(3000)
    )
    session.flush()
    session.execute(text("ANALYZE"))


@pytest.mark.parametrize("typed", ["many77 pat", "800000077", "ana", "ana@example.com"])
def test_no_search_reads_everybody(session: Session, many: None, typed: str) -> None:
    for statement, parameters in asked(session, typed):
        plan = plan_of(session, statement, parameters)
        for table in ("person", "name_word", "account", "provider", "care_case", "recipient"):
            assert not reads_all_of(plan, table), f"{table} in\n{plan}"


def test_a_list_is_few_statements_however_many_it_shows(session: Session, many: None) -> None:
    assert len(list(asked(session, "many77 pat"))) == 3
    assert len(list(asked(session, "pat1 many"))) == 3
    assert len(list(asked(session, "petrosyan"))) == 3


def asked(session: Session, typed: str) -> list[tuple[str, object]]:
    """The statements of a search, as the database gets them."""
    seen: list[tuple[str, object]] = []

    def note(_c: object, _cursor: object, statement: str, parameters: object, *_: object) -> None:
        seen.append((statement, parameters))

    connection = session.connection()
    with listening(connection, note):
        find(session, typed)
    return seen


class listening:  # noqa: N801 - reads as a verb
    def __init__(self, connection: object, note: object) -> None:
        self.arguments = (connection, "before_cursor_execute", note)

    def __enter__(self) -> None:
        event.listen(*self.arguments)

    def __exit__(self, *_: object) -> None:
        event.remove(*self.arguments)


def plan_of(session: Session, statement: str, parameters: object) -> str:
    connection = session.connection()
    if connection.dialect.name == "sqlite":
        rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
        return "\n".join(row[3] for row in rows)
    connection.exec_driver_sql("SET LOCAL enable_seqscan = off")  # these tables are still small
    rows = connection.exec_driver_sql(f"EXPLAIN {statement}", parameters)
    return "\n".join(row[0] for row in rows)


def reads_all_of(plan: str, table: str) -> bool:
    """Whether a plan walks through a whole table; an index it can start from is a SEARCH."""
    return any(
        line == f"SCAN {table}" or f"Seq Scan on {table} " in line for line in plan.splitlines()
    )
