"""Payroll is killed (-9) at every step, and two run at once: every payment once, the file the same.

quality.md B3, fault 16. The processes, the kills and the database are real; between two cases the database is rewound.
"""

import random
import shutil
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from itertools import count
from multiprocessing.context import ForkServerProcess
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, create_engine, delete, func, select, update
from sqlalchemy.orm import Session

import payroll_process
from app.models.audit import AuditEvent
from app.models.engine import begin_for_writing, prepare
from app.models.messages import Notice, QueuedEmail
from app.models.payments import EarningsLine, Payment, PayrollRun
from app.models.timesheets import Timesheet, TimesheetStatus
from app.services import audit
from factories import assign, build_world
from signed_sheets import approved

AT = datetime(2026, 3, 18, 17, tzinfo=UTC)
ISSUE_ON = date(2026, 3, 18)
MONDAY = date(2026, 3, 2)
SHEETS = 4
ISSUED = TimesheetStatus.action == "issue_payment"


class Place:
    """A database and a folder for payment files, with the processes that work on them."""

    def __init__(self, url: str, folder: Path) -> None:
        self.url, self.folder = url, folder
        self.engine: Engine = prepare(create_engine(url))

    def start(self, fatal_step: int = 0) -> ForkServerProcess:
        return payroll_process.start(
            self.url, self.folder, at=AT, issue_on=ISSUE_ON, fatal_step=fatal_step
        )

    def run(self, fatal_step: int = 0) -> int | None:
        """Start, wait, and answer how it ended: 0, or -9 by the kill."""
        process = self.start(fatal_step)
        process.join(60)
        return process.exitcode

    def files(self) -> dict[str, bytes]:
        return {path.name: path.read_bytes() for path in self.folder.iterdir()}

    def prepare_sheets(self) -> None:
        """Ana works 50:00 for two recipients, Maria two half months for her mother: all approved."""
        begin_for_writing()
        with self.engine.begin() as connection, _in_one_commit(connection) as session:
            world = build_world(session)
            wpcs = assign(
                session,
                world.ana_for_rosa.provider,
                world.ana_for_walter.case,
                6000,
                program="wpcs",
            )
            for assignment, first, by, signer in (
                (world.ana_for_rosa, MONDAY, world.ana, world.rosa),
                (wpcs, MONDAY + timedelta(days=3), world.ana, world.walter),
                (world.maria_for_nune, MONDAY, world.maria, world.nune),
                (world.maria_for_nune, date(2026, 2, 16), world.maria, world.nune),
            ):
                hours = {first + timedelta(days=number): 10 for number in range(3)}
                approved(session, assignment, hours, by=by, signer=signer)

    def rewind(self) -> "Place":
        """As if payroll had never run."""
        with self.engine.begin() as connection:
            for table in (EarningsLine, Payment, PayrollRun, Notice, QueuedEmail):
                connection.execute(delete(table))
            connection.execute(delete(AuditEvent).where(AuditEvent.chain == audit.PORTAL))
            connection.execute(delete(TimesheetStatus).where(ISSUED))
            connection.execute(update(Timesheet).values(payment_status="waiting_for_payment"))
        shutil.rmtree(self.folder, ignore_errors=True)
        return self

    def must_be_sound(self) -> int:
        """Every payment once, issued, told once, and adding up; answers the total in cents."""
        with Session(self.engine) as session:
            payments = session.scalars(select(Payment)).all()
            assert len(payments) == len({payment.version_id for payment in payments}) == SHEETS
            assert all(payment.issued_at is not None for payment in payments)
            assert set(session.scalars(select(Timesheet.payment_status))) == {"payment_issued"}
            assert len(session.scalars(select(TimesheetStatus).where(ISSUED)).all()) == SHEETS
            for told in (Notice, QueuedEmail):
                assert session.scalar(select(func.count()).select_from(told)) == SHEETS
            total = sum(payment.gross_cents for payment in payments)
            assert session.scalar(select(func.sum(EarningsLine.cents))) == total
            for chain in session.scalars(select(AuditEvent.chain).distinct()):
                assert audit.broken_links(session, chain) == []
            return total


def _in_one_commit(connection: Connection) -> Session:
    return Session(connection, join_transaction_mode="create_savepoint", expire_on_commit=False)


@pytest.fixture(scope="module", autouse=True)
def server() -> None:
    payroll_process.serve()


@pytest.fixture(scope="module")
def only_place(
    new_database: Callable[[], str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Place]:
    place = Place(new_database(), tmp_path_factory.mktemp("payroll") / "files")
    place.prepare_sheets()
    yield place
    place.engine.dispose()


@pytest.fixture(scope="module")
def undisturbed(only_place: Place) -> tuple[int, dict[str, bytes]]:
    """Total and files of a run that nothing disturbs."""
    assert only_place.run() == 0
    return only_place.must_be_sound(), only_place.files()


@pytest.fixture
def place(only_place: Place, undisturbed: object) -> Place:
    return only_place.rewind()


def test_a_run_killed_at_any_step_and_run_again_is_the_run_undisturbed(
    place: Place, undisturbed: tuple[int, dict[str, bytes]]
) -> None:
    for step in count(1):
        if place.rewind().run(fatal_step=step) == 0:  # it has no such step any more
            break
        assert place.run() == 0
        assert (place.must_be_sound(), place.files()) == undisturbed, f"killed at step {step}"
    assert step > 12


@pytest.mark.parametrize("seed", range(5))
def test_a_run_killed_at_any_moment_again_and_again_gets_there(
    place: Place, undisturbed: tuple[int, dict[str, bytes]], seed: int
) -> None:
    dice = random.Random(seed)  # noqa: S311 - it must replay
    for _ in range(6):
        process = place.start()
        process.join(dice.uniform(0.02, 0.4))
        process.kill()
        process.join(60)
    assert place.run() == 0
    assert (place.must_be_sound(), place.files()) == undisturbed


def test_runs_at_once_pay_everything_once(
    place: Place, undisturbed: tuple[int, dict[str, bytes]]
) -> None:
    processes = [place.start() for _ in range(3)]
    for process in processes:
        process.join(60)
    assert [process.exitcode for process in processes] == [0, 0, 0]
    total, files = undisturbed
    assert place.must_be_sound() == total
    # One that is overtaken, its batch closed by another, may open the day's next.
    assert payments_in(place.files()) == payments_in(files)


def test_a_run_that_dies_beside_another_does_not_disturb_it(
    place: Place, undisturbed: tuple[int, dict[str, bytes]]
) -> None:
    doomed, living = place.start(fatal_step=3), place.start()
    doomed.join(60)
    living.join(60)
    assert living.exitcode == 0
    assert place.run() == 0
    assert place.must_be_sound() == undisturbed[0]
    assert payments_in(place.files()) == payments_in(undisturbed[1])


def payments_in(files: Mapping[str, bytes]) -> list[bytes]:
    lines = (line for content in files.values() for line in content.splitlines())
    return sorted(line for line in lines if b'"record":"payment"' in line)
