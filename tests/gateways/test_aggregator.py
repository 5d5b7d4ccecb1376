"""The aggregator's interface, spoken over a real connection with the simulator at the other end."""

import stat
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path

import pytest

from app import config
from app.domain.evv_records import Employee, Sender, employee_record, with_sequence
from app.gateways import aggregator
from app.gateways.aggregator import (
    Answer,
    AnswerLost,
    BatchRefused,
    BatchUnknown,
    HttpAggregator,
    NotSent,
    Problem,
    ProblemKind,
)
from app.gateways.aggregator_simulator import ACCOUNT, PROVIDER_ID, Simulator, served

SENDER = Sender(PROVIDER_ID, "hours.example")
ANA = employee_record(Employee("100000001", "Ana", "Flores"), SENDER)
KEY = "100000001"


@pytest.fixture
def simulator() -> Simulator:
    return Simulator()


@pytest.fixture
def url(simulator: Simulator) -> Iterator[str]:
    with served(simulator) as url:
        yield url


@pytest.fixture
def service(url: str) -> HttpAggregator:
    return HttpAggregator(url, ACCOUNT, timeout=5)


def outcome(service: HttpAggregator, *records: dict[str, object]) -> Answer:
    """Send, and ask until it is known."""
    batch = service.send("employee", records)
    answer = None
    while answer is None:
        answer = service.ask("employee", batch)
    return answer


def test_a_record_is_received_first_and_taken_later(service, simulator) -> None:
    batch = service.send("employee", [with_sequence(ANA, 1)])
    assert service.ask("employee", batch) is None
    assert service.ask("employee", batch) == Answer()
    assert simulator.held["employee"][KEY]["EmployeeLastName"] == "Flores"


def test_a_repeat_is_ignored_and_said_to_be_one(service, simulator) -> None:
    outcome(service, with_sequence(ANA, 1))
    again = outcome(service, with_sequence(ANA | {"EmployeeLastName": "Floras"}, 1))
    (problem,) = again.problems[KEY, 1]
    assert problem.kind is ProblemKind.DUPLICATE
    assert simulator.held["employee"][KEY]["EmployeeLastName"] == "Flores"


def test_a_sequence_below_the_last_is_rejected(service) -> None:
    outcome(service, with_sequence(ANA, 7))
    (problem,) = outcome(service, with_sequence(ANA, 6)).problems[KEY, 6]
    assert problem.kind is ProblemKind.OUT_OF_ORDER


def test_of_a_bad_record_only_the_number_and_the_field_are_taken_over(service) -> None:
    bad = with_sequence(ANA | {"EmployeeLastName": "Fl0res"}, 1)
    good = with_sequence(ANA | {"EmployeeIdentifier": "100000002"}, 1)
    answer = outcome(service, bad, good)
    assert answer.problems == {(KEY, 1): (Problem(ProblemKind.FORMAT, "-101", "EmployeeLastName"),)}


@pytest.mark.parametrize(
    ("told", "problem"),
    [
        ("ERROR: Client not found for Rosa Delgado", (ProblemKind.CLIENT_UNKNOWN, "-9", "")),
        ("Worker not found", (ProblemKind.EMPLOYEE_UNKNOWN, "-9", "")),
        (
            "Rosa McDonaldSmith is not a ClientLastName",
            (ProblemKind.FORMAT, "-9", "ClientLastName"),
        ),
        ("RosaDelgado lives at ClientCity", (ProblemKind.FORMAT, "-9", "ClientCity")),
    ],
)
def test_its_words_may_quote_a_person_and_are_not_kept(told: str, problem: tuple) -> None:
    part = {"VisitOtherID": "V1", "SequenceID": 3, "ErrorCode": "-9", "ErrorMessage": told}
    found = aggregator._problems("visit", [part])
    assert found == {("V1", 3): (Problem(*problem),)}


def test_what_is_wrong_with_a_part_of_a_record_is_found(service) -> None:
    part = {"VisitOtherID": "V1", "SequenceID": 3, "ErrorCode": None}
    inner = {"Calls": [{"ErrorCode": "-101", "ErrorMessage": "The CallType is wrong"}]}
    found = aggregator._problems("visit", [part | inner, {"ErrorCode": "x"}, "nonsense"])
    assert found[("V1", 3)][0].field == "CallType"


def test_nobody_there_means_that_nothing_was_sent() -> None:
    with pytest.raises(NotSent, match=r"127\.0\.0\.1:9"):
        HttpAggregator("http://127.0.0.1:9", ACCOUNT).send("employee", [ANA])


def test_a_slow_answer_is_a_lost_one(url: str, simulator: Simulator) -> None:
    simulator.mood.waits = 0.5
    with pytest.raises(AnswerLost):
        HttpAggregator(url, ACCOUNT, timeout=0.1).send("employee", [with_sequence(ANA, 1)])


def test_a_dropped_answer_is_a_lost_one_though_all_was_taken(service, simulator) -> None:
    simulator.mood.drops_answers = True
    with pytest.raises(AnswerLost):
        service.send("employee", [with_sequence(ANA, 1)])
    assert KEY in simulator.held["employee"]


@pytest.mark.parametrize(
    "status", [HTTPStatus.INTERNAL_SERVER_ERROR, HTTPStatus.SERVICE_UNAVAILABLE]
)
def test_a_server_that_fails_may_have_taken_it(service, simulator, status: HTTPStatus) -> None:
    simulator.mood.fails_with = status
    with pytest.raises(AnswerLost, match=str(status.value)):
        service.send("employee", [ANA])
    with pytest.raises(AnswerLost):
        service.ask("employee", "any")


def test_a_wrong_password_is_a_refusal(url: str) -> None:
    wrong = HttpAggregator(url.replace("simulated", "guessed"), ACCOUNT)
    with pytest.raises(BatchRefused, match="401") as refused:
        wrong.send("employee", [ANA])
    assert "guessed" not in str(refused.value)


def test_an_empty_batch_is_a_refusal(service) -> None:
    with pytest.raises(BatchRefused, match="400"):
        service.send("employee", [])


def test_a_batch_that_nobody_knows(service) -> None:
    with pytest.raises(BatchUnknown):
        service.ask("employee", "00000000-0000-0000-0000-000000000000")


def test_the_simulator_of_the_demo_remembers_over_a_restart(tmp_path: Path) -> None:
    file = tmp_path / "aggregator" / "records.json"
    with served(Simulator(file=file)) as url:
        outcome(HttpAggregator(url, ACCOUNT), with_sequence(ANA, 1))
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert KEY in Simulator(file=file).held["employee"]


def test_the_demo_has_a_simulator_in_its_own_process(tmp_path: Path) -> None:
    environment = {"PORTAL_ENV": "demo", "PORTAL_INSTANCE": str(tmp_path)}
    settings = config.from_environment(environment)
    first = aggregator.aggregator_for(settings)
    second = aggregator.aggregator_for(settings)
    outcome(first, with_sequence(ANA, 1))
    (problem,) = outcome(second, with_sequence(ANA, 1)).problems[KEY, 1]
    assert problem.kind is ProblemKind.DUPLICATE
