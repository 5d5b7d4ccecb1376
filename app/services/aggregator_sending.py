"""How does what waits for the aggregator get there once, though it may be down and we may be killed?

Whoever sends leases a batch first, so that nobody else sends it meanwhile. What may have arrived without an answer is
sent again under the same sequence, which the aggregator takes once (docs/adr/0023).
A visit waits until its recipient and its provider were accepted. The outcome is asked for later, by the UUID.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import Session, aliased, joinedload, undefer

from app.gateways.aggregator import (
    KEYS,
    Aggregator,
    Answer,
    AnswerLost,
    BatchRefused,
    BatchUnknown,
    NotSent,
    Problem,
    ProblemKind,
)
from app.models.aggregator import AggregatorMessage, AggregatorRecord
from app.models.engine import writing
from app.services import audit
from app.services.aggregator_outbox import ACCEPTED, REJECTED, SENT, WAITING
from app.services.audit import Act

AT_A_TIME = 100
LEASE = timedelta(minutes=10)
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=1)
MEND_BY_THEMSELVES = 3  # times that a visit waits anew for people whom the aggregator did not know
KINDS = ("client", "employee", "visit")  # in the order of what depends on what
KNOWN_BEFORE = {ProblemKind.CLIENT_UNKNOWN: "client", ProblemKind.EMPLOYEE_UNKNOWN: "employee"}

Checkpoint = Callable[[str], None]


@dataclass(slots=True)
class Done:
    """How many versions were sent, and how many batches could not be sent or asked about, and why."""

    sent: int = 0
    accepted: int = 0
    rejected: int = 0
    problems: list[str] = field(default_factory=list)


def send_due(
    session: Session,
    aggregator: Aggregator,
    *,
    at: datetime,
    ask_after: timedelta,
    checkpoint: Checkpoint = lambda _step: None,
) -> Done:
    """Send what waits, recipients and providers first; commits each batch. `ask_after` is when to ask.

    No transaction is open while sending. A batch that fails waits longer each time, is never given up, and
    ends this turn: other work waits behind it.
    """
    done = Done()
    for kind in KINDS:
        while batch := _lease(session, kind, at=at):
            checkpoint("leased")
            if not _send(session, aggregator, batch, done, at, ask_after, checkpoint):
                return done
    return done


def ask_due(
    session: Session, aggregator: Aggregator, *, at: datetime, ask_after: timedelta
) -> Done:
    """Ask what became of the batches that were sent; commits each."""
    done = Done()
    for kind, batch in _batches_due(session, at=at, ask_after=ask_after):
        try:
            answer = aggregator.ask(kind, batch)
        except (NotSent, AnswerLost) as error:
            done.problems.append(str(error))
            break
        except BatchUnknown:
            _send_again(session, batch, at=at)
        else:
            if answer is not None:
                _note_answer(session, batch, answer, done, at=at)
    return done


def send_again(session: Session, record: AggregatorRecord) -> None:
    """Let a record be put together and sent anew at the next turn; never commits."""
    record.fingerprint = None
    record.rejections = 0


def _lease(session: Session, kind: str, *, at: datetime) -> list[AggregatorMessage]:
    """Take the oldest versions of a kind that nobody else has, with their contents; commits.

    What somebody else had taken and never answered for may have been sent.
    """
    earlier = aliased(AggregatorMessage)
    with writing():
        due = session.scalars(
            _in_order_of_dependency(kind)
            .where(
                AggregatorMessage.state == WAITING,
                AggregatorMessage.due_at <= at,
                or_(AggregatorMessage.leased_until.is_(None), AggregatorMessage.leased_until <= at),
                ~select(earlier.id)
                .where(
                    earlier.record_id == AggregatorMessage.record_id,
                    earlier.sequence < AggregatorMessage.sequence,
                    earlier.state == WAITING,
                )
                .exists(),
            )
            .order_by(AggregatorMessage.id)
            .limit(AT_A_TIME)
            .with_for_update(skip_locked=True, of=AggregatorMessage)
        ).all()
        batch = _loaded(session, AggregatorMessage.id.in_(due)) if due else []
        _note_left(session, [each for each in batch if each.leased_until is not None], at=at)
        for message in batch:
            message.leased_until, message.attempts = at + LEASE, message.attempts + 1
        session.commit()
    return _loaded(session, AggregatorMessage.id.in_(due)) if due else []


def _in_order_of_dependency(kind: str) -> Any:
    """Versions of a kind; of visits only those whose recipient and provider are known there."""
    chosen = select(AggregatorMessage.id).where(AggregatorMessage.kind == kind)
    if kind != "visit":
        return chosen
    record, client, employee = (aliased(AggregatorRecord) for _ in range(3))
    return (
        chosen.join(record, record.id == AggregatorMessage.record_id)
        .join(client, client.id == record.client_id)
        .join(employee, employee.id == record.employee_id)
        .where(client.accepted_sequence.is_not(None), employee.accepted_sequence.is_not(None))
    )


def _send(
    session: Session,
    aggregator: Aggregator,
    batch: Sequence[AggregatorMessage],
    done: Done,
    at: datetime,
    ask_after: timedelta,
    checkpoint: Checkpoint,
) -> bool:
    """Send a leased batch and note how it went; whether to go on with the next."""
    contents = [message.content or {} for message in batch]
    numbers = [message.id for message in batch]
    kind = batch[0].kind
    session.commit()  # reading began a transaction
    try:
        uuid = aggregator.send(kind, contents)
    except (NotSent, BatchRefused, AnswerLost) as error:
        may_have_left = isinstance(error, AnswerLost)
        _note_failure(session, numbers, str(error), may_have_left=may_have_left, at=at)
        done.problems.append(str(error))
        return False
    checkpoint("sent")
    with writing():
        batch = _still_waiting(session, numbers)
        _note_left(session, batch, at=at)
        for message in batch:
            message.state, message.batch = SENT, uuid
            message.leased_until, message.last_error = None, None
            message.due_at = at + ask_after
            if message.record.sequence == message.sequence:
                message.record.state = SENT
        session.commit()
    done.sent += len(numbers)
    checkpoint("noted")
    return True


def _note_failure(
    session: Session, numbers: Sequence[int], error: str, *, may_have_left: bool, at: datetime
) -> None:
    """Let a batch rest, longer each time."""
    with writing():
        batch = _still_waiting(session, numbers)
        if may_have_left:
            _note_left(session, batch, at=at)
        for message in batch:
            wait = min(FIRST_WAIT * (1 << min(message.attempts - 1, 10)), LONGEST_WAIT)
            message.due_at, message.last_error = at + wait, error
            message.leased_until = None
        session.commit()


def _still_waiting(session: Session, numbers: Sequence[int]) -> list[AggregatorMessage]:
    """Of a batch what nobody else has answered for since: a lease may have ended meanwhile."""
    is_ours = AggregatorMessage.id.in_(numbers) & (AggregatorMessage.state == WAITING)
    return _loaded(session, is_ours)


def _note_left(session: Session, batch: Sequence[AggregatorMessage], *, at: datetime) -> None:
    """Note what has left, or may have; and put on record, once a version, whose coordinates went.

    The ledger of those whom they are about shows it.
    """
    first_time = [message for message in batch if message.sent_at is None]
    acts = [
        Act(
            "location:sent",
            f"visit:{message.record.visit_id}",
            None,
            at,
            {"to": "aggregator", "sequence": message.sequence, "coordinates": message.coordinates},
        )
        for message in first_time
        if message.coordinates and message.record.visit_id is not None
    ]
    if acts:
        audit.record_all(session, acts)
    for message in first_time:
        message.sent_at = at


def _batches_due(
    session: Session, *, at: datetime, ask_after: timedelta
) -> Sequence[tuple[str, str]]:
    """The batches to ask about now; each is put off, so that no other worker asks meanwhile. Commits."""
    with writing():
        due = session.execute(
            select(AggregatorMessage.id, AggregatorMessage.kind, AggregatorMessage.batch)
            .where(AggregatorMessage.state == SENT, AggregatorMessage.due_at <= at)
            .order_by(AggregatorMessage.id)
            .limit(AT_A_TIME * len(KINDS))
            .with_for_update(skip_locked=True)
        ).all()
        session.execute(
            update(AggregatorMessage)
            .where(AggregatorMessage.id.in_([row.id for row in due]))
            .values(due_at=at + ask_after)
            .execution_options(synchronize_session=False)
        )
        session.commit()
    return list(dict.fromkeys((row.kind, row.batch) for row in due))


def _send_again(session: Session, batch: str, *, at: datetime) -> None:
    """The aggregator has forgotten a batch before it told of it: all of it is sent once more."""
    with writing():
        for message in _loaded(session, AggregatorMessage.batch == batch):
            if message.state == SENT:
                message.state, message.due_at = WAITING, at
                if message.record.sequence == message.sequence:
                    message.record.state = WAITING
        session.commit()


def _note_answer(session: Session, batch: str, answer: Answer, done: Done, *, at: datetime) -> None:
    with writing():
        for message in _loaded(session, AggregatorMessage.batch == batch):
            if message.state != SENT:
                continue
            problems = answer.problems.get(_name_of(message), ())
            if all(problem.kind is ProblemKind.DUPLICATE for problem in problems):
                _accept(message, at=at)
                done.accepted += 1
            else:
                _reject(session, message, problems, at=at)
                done.rejected += 1
        session.commit()


def _name_of(message: AggregatorMessage) -> tuple[str, int]:
    """By what the aggregator names a version in its answers."""
    content: Mapping[str, Any] = message.content or {}
    return str(content.get(KEYS[message.kind], "")), message.sequence


def _accept(message: AggregatorMessage, *, at: datetime) -> None:
    record = message.record
    message.state, message.content, message.answered_at = ACCEPTED, None, at
    record.accepted_sequence = max(record.accepted_sequence or 0, message.sequence)
    if record.sequence == message.sequence:
        record.state, record.reasons, record.rejections = ACCEPTED, None, 0


def _reject(
    session: Session,
    message: AggregatorMessage,
    problems: Sequence[Problem],
    *,
    at: datetime,
) -> None:
    """Note why. Whoever it did not know is told to it anew, and then what was said of her."""
    record = message.record
    message.state, message.content, message.answered_at = REJECTED, None, at
    if record.sequence != message.sequence:
        return
    record.state = REJECTED
    record.reasons = [
        {"code": problem.kind.value, "number": problem.number, "field": problem.field}
        for problem in problems
    ]
    record.rejections += 1
    unknown = {KNOWN_BEFORE[each.kind] for each in problems if each.kind in KNOWN_BEFORE}
    if not unknown or record.rejections > MEND_BY_THEMSELVES:
        return
    record.fingerprint = None
    for person in (record.client_id, record.employee_id):
        known = session.get(AggregatorRecord, person) if person is not None else None
        if known is not None and known.kind in unknown:
            known.fingerprint = known.accepted_sequence = None


def _loaded(session: Session, which: Any) -> list[AggregatorMessage]:
    """Versions with their records and contents, as they are in the database now."""
    return list(
        session.scalars(
            select(AggregatorMessage)
            .where(which)
            .options(joinedload(AggregatorMessage.record), undefer(AggregatorMessage.content))
            .order_by(AggregatorMessage.id)
            .execution_options(populate_existing=True)
        )
    )


def counts(session: Session) -> dict[tuple[str, str], int]:
    """How many records there are, by kind and state."""
    rows = session.execute(
        select(AggregatorRecord.kind, AggregatorRecord.state, func.count())
        .group_by(AggregatorRecord.kind, AggregatorRecord.state)
        .order_by(AggregatorRecord.kind, AggregatorRecord.state)
    )
    return {(kind, state): number for kind, state, number in rows}
