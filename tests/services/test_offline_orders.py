"""However a phone's queue arrives, it ends in the same visits and the same hours (quality.md B3, 8).

Two providers who live the same days send the same queue: one as it was made, one shuffled, doubled and
cut into pieces. What then stands in the database must be the same for both.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count, pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models.accounts import Account
from app.models.cases import Assignment
from app.models.timesheets import TimeEntry, Timesheet
from app.models.visits import RefusedItem, Visit, VisitEvent
from app.services import offline, sessions
from app.services.item_results import ItemResult, Result
from factories import World, add_provider, assign, share_home

MONDAY = datetime(2026, 11, 2, 15, tzinfo=UTC)  # 7 AM in Los Angeles
LATER = MONDAY + timedelta(days=13)
EXAMPLES = settings(
    max_examples=40,
    derandomize=True,
    deadline=None,
    phases=[Phase.generate, Phase.shrink],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
_numbers = count(1)


@dataclass(frozen=True)
class Act:
    """Something done at the door: so many seconds after the act before it, at one of three doors.

    An undo or a position is about the tap numbered `about` among those before it, the last one first.
    """

    kind: str
    after: int
    door: int = 0
    location: str = "home"
    about: int = 0


DOORS = st.integers(0, 2)
GAPS = st.one_of(st.sampled_from([0, 30, 60, 119, 121]), st.integers(1, 5 * 3600))
TAPS = st.builds(
    Act, st.sampled_from(["check-in", "check-out"]), GAPS, DOORS, st.sampled_from(["home", "community"])
)  # fmt: skip
AFTERTHOUGHTS = st.builds(
    Act, st.sampled_from(["undo", "position"]), st.sampled_from([5, 61, 130]), about=st.integers(0, 2)
)  # fmt: skip
VISITS = st.builds(
    lambda door, stays, gap: [
        Act("check-in", gap, door), Act("position", 5), Act("check-out", stays, door)
    ],
    DOORS, st.integers(600, 4 * 3600), st.integers(60, 6 * 3600),
)  # fmt: skip
QUEUES = st.lists(
    st.one_of(VISITS, TAPS.map(lambda act: [act]), AFTERTHOUGHTS.map(lambda act: [act])),
    min_size=1,
    max_size=7,
).map(lambda parts: [act for part in parts for act in part])


class Twin:
    """A provider with three doors: Rosa under two programs, and Walter, who lives with her."""

    def __init__(self, session: Session, world: World) -> None:
        self.session = session
        self.number = next(_numbers)
        self.account: Account
        self.account, provider = add_provider(session, f"Twin {self.number}")
        rosas, walters = world.ana_for_rosa.case, world.ana_for_walter.case
        self.doors: list[Assignment] = [
            assign(session, provider, rosas, 6000),
            assign(session, provider, walters, 6000),
            assign(session, provider, rosas, 6000, program="wpcs"),
        ]
        self.token = sessions.start(
            session, self.account, method="passkey", device_id=None, at=LATER
        )
        session.commit()

    def queue(self, acts: Sequence[Act]) -> list[dict[str, Any]]:
        """What her phone holds after these acts, in the order in which they were done."""
        queue: list[dict[str, Any]] = []
        taps: list[str] = []
        now = MONDAY
        for act in acts:
            now += timedelta(seconds=act.after)
            event_id = self._id(len(queue))
            if act.kind in ("check-in", "check-out"):
                taps.append(event_id)
                data: dict[str, Any] = {"assignment": self.doors[act.door].id}
                data["location"] = act.location
            else:
                about = taps[-1 - act.about] if act.about < len(taps) else self._id(999)
                data = {"event": about}
            if act.kind == "position":
                data |= {"unavailable": "timeout"}
            made_at = now.isoformat(timespec="milliseconds").replace("+00:00", "Z")
            queue.append(
                {
                    "id": event_id,
                    "kind": act.kind,
                    "account": self.account.id,
                    "made_at": made_at,
                    "data": data,
                    "device": None,
                    "signature": None,
                }
            )
        return queue

    def send(self, items: Sequence[dict[str, Any]], at: datetime = LATER) -> list[ItemResult]:
        answers = offline.accept(items, token=self.token, at=at, session=lambda: self.session)
        self.session.expire_all()
        return answers

    def visits(self) -> list[tuple[object, ...]]:
        """Every visit that counts, told without the numbers that only the database knows."""
        door = {assignment.id: number for number, assignment in enumerate(self.doors)}
        found = self.session.scalars(
            select(Visit).where(Visit.assignment_id.in_(door), Visit.undone_at.is_(None))
        )
        return sorted(
            (
                (
                    door[visit.assignment_id],
                    str(visit.checked_in_at),
                    str(visit.checked_out_at),
                    visit.location_in,
                    visit.location_out,
                    visit.is_open,
                    visit.flag,
                )
                for visit in found
            ),
            key=str,
        )

    def rows(self) -> list[tuple[object, ...]]:
        """Every day of her sheets that says anything."""
        door = {assignment.id: number for number, assignment in enumerate(self.doors)}
        found = self.session.execute(
            select(Timesheet.assignment_id, TimeEntry)
            .join(TimeEntry, TimeEntry.timesheet_id == Timesheet.id)
            .where(Timesheet.assignment_id.in_(door))
        )
        told = [
            (door[number], row.on, row.minutes, row.starts, row.ends, row.location, row.proposed_minutes)
            for number, row in found
        ]  # fmt: skip
        return sorted((row for row in told if any(row[2:])), key=str)

    def kept(self) -> set[str]:
        """The ids of all that became an event or was kept as refused."""
        return {
            submission_id
            for table in (VisitEvent, RefusedItem)
            for submission_id in self.session.scalars(
                select(table.submission_id).where(table.account_id == self.account.id)
            )
        }

    def _id(self, number: int) -> str:
        """The same order of ids for both twins, and not that in which the acts were done."""
        scrambled = number * 7919 % 1009
        return f"{scrambled:08x}-0000-4000-8000-{self.number:012x}"


@pytest.fixture
def in_one_home(session: Session, world: World) -> World:
    share_home(session, world)
    return world


@settings(EXAMPLES, max_examples=80)
@given(acts=QUEUES, data=st.data())
def test_any_order_split_and_doubling_of_a_queue_ends_in_the_same_visits_and_hours(
    session: Session, in_one_home: World, acts: list[Act], data: st.DataObject
) -> None:
    honest, other = Twin(session, in_one_home), Twin(session, in_one_home)
    honest.send(honest.queue(acts))
    queue = other.queue(acts)
    doubled = data.draw(st.lists(st.sampled_from(queue), max_size=4), label="doubled")
    mangled = data.draw(st.permutations([*queue, *doubled]), label="order")
    cuts = data.draw(st.sets(st.integers(1, len(mangled)), max_size=3), label="cuts")
    for number, (start, end) in enumerate(_pieces(len(mangled), cuts)):
        other.send(mangled[start:end], LATER + timedelta(minutes=number))

    assert other.visits() == honest.visits()
    assert other.rows() == honest.rows()


@pytest.mark.parametrize("order", [(0, 1, 2), (0, 2, 1), (2, 1, 0)])
def test_two_check_outs_of_one_instant_end_in_one_place_whichever_came_first(
    session: Session, in_one_home: World, order: tuple[int, ...]
) -> None:
    acts = [Act("check-in", 0), Act("check-out", 600), Act("check-out", 0, location="community")]
    honest, other = Twin(session, in_one_home), Twin(session, in_one_home)
    honest.send(honest.queue(acts))
    for number in order:
        other.send([other.queue(acts)[number]])

    assert other.visits() == honest.visits()
    assert other.rows() == honest.rows()


def test_a_check_out_cannot_be_undone_by_what_comes_before_it_either(
    session: Session, in_one_home: World
) -> None:
    acts = [Act("check-in", 0), Act("check-out", 600), Act("undo", 5)]
    honest, other = Twin(session, in_one_home), Twin(session, in_one_home)
    answers = honest.send(honest.queue(acts))
    came, left, undo = other.queue(acts)
    other.send([undo])
    other.send([came, left])

    assert answers[-1].code == "NOT_A_CHECK_IN"
    assert other.visits() == honest.visits()


@EXAMPLES
@given(acts=QUEUES, data=st.data())
def test_a_queue_sent_again_has_the_same_answers_and_changes_nothing(
    session: Session, in_one_home: World, acts: list[Act], data: st.DataObject
) -> None:
    twin = Twin(session, in_one_home)
    queue = data.draw(st.permutations(twin.queue(acts)), label="order")
    first = twin.send(queue)
    before = twin.visits(), twin.rows(), twin.kept()

    again = twin.send(queue, LATER + timedelta(minutes=5))

    received = [a for a in first if a.result is Result.RECEIVED]
    answers = {answer.id: answer.receipt for answer in again}
    assert {a.id: a.receipt for a in received}.items() <= answers.items()
    assert (twin.visits(), twin.rows()) == before[:2]
    assert before[2] <= twin.kept()


@EXAMPLES
@given(acts=QUEUES, data=st.data())
def test_nothing_is_dropped_every_item_is_an_event_or_a_refusal_or_still_owed(
    session: Session, in_one_home: World, acts: list[Act], data: st.DataObject
) -> None:
    twin = Twin(session, in_one_home)
    queue = data.draw(st.permutations(twin.queue(acts)), label="order")
    changed = data.draw(st.sets(st.sampled_from(range(len(queue)))), label="sent again, changed")
    forged = [queue[number] | {"made_at": "2026-11-01T08:00:00.000Z"} for number in changed]

    answers = twin.send([*queue, *forged])

    assert [answer.id for answer in answers] == [item["id"] for item in [*queue, *forged]]
    owed = {answer.id for answer in answers if answer.result is Result.KEEP}
    assert {item["id"] for item in queue} <= twin.kept() | owed
    received = {a.id for a in answers[: len(queue)] if a.result is Result.RECEIVED}
    for answer in answers[len(queue) :]:
        if answer.id in received:
            assert (answer.result, answer.code) == (Result.REFUSED, "ID_REUSED")


def _pieces(length: int, cuts: set[int]) -> list[tuple[int, int]]:
    edges = [0, *sorted(cuts - {length}), length]
    return list(pairwise(edges))
