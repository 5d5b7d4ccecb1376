"""Ana works, and the aggregator is told: what the tests of the way out have in common."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.evv_records import Sender
from app.domain.positions import Fix, NoFix
from app.domain.visits import Location
from app.gateways.aggregator import HttpAggregator
from app.gateways.aggregator_simulator import ACCOUNT, PROVIDER_ID, Received, Simulator, served
from app.models.aggregator import AggregatorMessage, AggregatorRecord
from app.models.cases import Assignment
from app.models.timesheets import Timesheet
from app.services import aggregator_gathering, aggregator_sending, visits
from app.services.aggregator_sending import Done
from app.services.receipts import FROM_PHONE, Submission, content_hash
from app.services.visit_events import VisitReceipt
from factories import ROSAS_HOME, World

MONDAY = datetime(2026, 11, 23, 16, 2, tzinfo=UTC)  # 8:02 AM in Los Angeles
EVENING = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
ASK_AFTER = timedelta(minutes=5)
SENDER = Sender(PROVIDER_ID, "hours.example")
AT_ROSAS = Fix(ROSAS_HOME[0], ROSAS_HOME[1], 12.0)


def settle_in(session: Session, world: World) -> None:
    """Addresses as the aggregator takes them."""
    for assignment in (world.ana_for_rosa, world.ana_for_walter, world.maria_for_nune):
        assignment.recipient.address = "1 Example Street, Los Angeles, CA 90004"
    session.commit()


@dataclass
class Desk:
    """The portal's side of the way out, with an aggregator at the other end of a real connection."""

    session: Session
    world: World
    simulator: Simulator
    url: str
    timeout: float = 5.0
    at: datetime = EVENING
    taps: list[VisitReceipt] = field(default_factory=list)

    @property
    def aggregator(self) -> HttpAggregator:
        return HttpAggregator(self.url, ACCOUNT, timeout=self.timeout)

    def tap(
        self,
        which: str,
        made_at: datetime,
        assignment: Assignment | None = None,
        *,
        received_at: datetime | None = None,
        location: Location = Location.HOME,
        position: Fix | NoFix | None = None,
    ) -> VisitReceipt:
        """Ana checks in or out; answers the receipt."""
        assignment = assignment or self.world.ana_for_rosa
        verb = visits.check_in if which == "in" else visits.check_out
        event = str(uuid4())
        said = Submission(event, made_at, content_hash([event, which]), FROM_PHONE)
        return verb(
            self.session, assignment, location=location, submission=said, by=self.world.ana,
            at=received_at or made_at, position=position,
        )  # fmt: skip

    def visit(
        self, begins: datetime = MONDAY, hours: float = 3, assignment: Assignment | None = None,
        **how: Any,
    ) -> int:  # fmt: skip
        """A whole visit; answers its key."""
        self.tap("in", begins, assignment, **how)
        receipt = self.tap("out", begins + timedelta(hours=hours), assignment, **how)
        assert receipt.visit_id is not None
        return receipt.visit_id

    def gather(self) -> int:
        return aggregator_gathering.gather(self.session, SENDER, at=self.at)

    def send(self) -> Done:
        return aggregator_sending.send_due(
            self.session, self.aggregator, at=self.at, ask_after=ASK_AFTER
        )

    def ask(self) -> Done:
        return aggregator_sending.ask_due(
            self.session, self.aggregator, at=self.at, ask_after=ASK_AFTER
        )

    def later(self, **much: float) -> None:
        self.at += timedelta(**much)

    def run(self, turns: int = 6) -> None:
        """All the background work, often enough that everything has its answer."""
        for _ in range(turns):
            self.gather()
            self.send()
            self.later(minutes=6)
            self.ask()

    def records(self, kind: str = "visit") -> list[AggregatorRecord]:
        return list(
            self.session.scalars(
                select(AggregatorRecord)
                .where(AggregatorRecord.kind == kind)
                .order_by(AggregatorRecord.id)
                .execution_options(populate_existing=True)
            )
        )

    def record(self, kind: str = "visit") -> AggregatorRecord:
        (record,) = self.records(kind)
        return record

    def messages(self, kind: str = "visit") -> list[AggregatorMessage]:
        return list(
            self.session.scalars(
                select(AggregatorMessage)
                .where(AggregatorMessage.kind == kind)
                .order_by(AggregatorMessage.id)
                .execution_options(populate_existing=True)
            )
        )

    def held(self, kind: str = "visit") -> list[dict[str, Any]]:
        """What the aggregator holds."""
        return list(self.simulator.held[kind].values())

    def taken(self, kind: str = "visit") -> list[Received]:
        """What had an effect on the aggregator, in order."""
        return [
            each
            for each in self.simulator.received
            if each.kind == kind and each.outcome == "taken"
        ]


@contextmanager
def desk_for(session: Session, world: World) -> Iterator[Desk]:
    """A desk with an aggregator of its own."""
    settle_in(session, world)
    simulator = Simulator()
    with served(simulator) as url:
        yield Desk(session, world, simulator, url)


def sheet_of(session: Session, assignment: Assignment, on: date) -> Timesheet:
    """The half month that holds a day, opened by the visits on it."""
    starts_on = on.replace(day=1 if on.day < 16 else 16)
    return session.scalars(
        select(Timesheet).where(
            Timesheet.assignment_id == assignment.id, Timesheet.period_starts_on == starts_on
        )
    ).one()
