"""How does a new version of a record get in line for the aggregator, and which one does it replace?

A version that has surely not been sent is replaced by the next; one that may have been sent is followed by it.
Sequences only rise, and begin with the time, so that they rise over a restored backup too. Nothing here commits.
"""

import json
from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import Select, delete, select
from sqlalchemy.orm import Session, selectinload

from app.domain import evv_records
from app.domain.evv_records import Element, Record
from app.models.aggregator import AggregatorMessage, AggregatorRecord
from app.models.sealed import fingerprint

WAITING, SENT, ACCEPTED, REJECTED = "waiting", "sent", "accepted", "rejected"
REPLACED = "replaced"  # a version that was never sent, for a newer one came first
INCOMPLETE = "incomplete"  # a record that lacks an element of the law, and is not sent


def records() -> Select[AggregatorRecord]:
    """Records with their versions, the contents of which stay sealed."""
    versions = selectinload(AggregatorRecord.messages).defer(AggregatorMessage.content)
    return select(AggregatorRecord).options(versions).execution_options(populate_existing=True)


def fingerprint_of(content: Record) -> str:
    """What is kept of a content to see whether it has changed; keyed, for it may hold a place."""
    return fingerprint(json.dumps(content, sort_keys=True), kind="aggregator_record.content")


def may_be_known(record: AggregatorRecord) -> bool:
    """Whether the aggregator may have heard of it: not of what is new, or was surely never sent."""
    return any(
        message.state != REPLACED and not is_surely_unsent(message) for message in record.messages
    )


def is_surely_unsent(message: AggregatorMessage) -> bool:
    """Nobody has it in hand, and it has never left, nor perhaps left."""
    is_at_rest = message.state == WAITING and message.leased_until is None
    return is_at_rest and message.sent_at is None


def queue(
    session: Session, record: AggregatorRecord, content: Record, mark: str, *, at: datetime
) -> None:
    """Put a content in line as the record's next version; `mark` is its fingerprint."""
    _replace_unsent(record)
    started = int(at.astimezone(UTC).strftime("%Y%m%d%H%M%S"))
    record.sequence = max(record.sequence + 1, started)
    record.state, record.fingerprint = WAITING, mark
    record.missing = record.reasons = None
    numbered = evv_records.with_sequence(content, record.sequence)
    message = AggregatorMessage(
        kind=record.kind,
        sequence=record.sequence,
        content=numbered,
        coordinates=evv_records.coordinates_in(numbered),
        state=WAITING,
        queued_at=at,
        due_at=at,
        attempts=0,
    )
    record.messages.append(message)
    session.flush()


def hold_back(record: AggregatorRecord, missing: Sequence[Element], mark: str) -> None:
    """Keep a record that lacks something from going out, and say what it lacks."""
    _replace_unsent(record)
    record.state, record.fingerprint = INCOMPLETE, mark
    record.missing, record.reasons = [element.value for element in missing], None


def drop(session: Session, record: AggregatorRecord) -> None:
    """Forget a record that the aggregator has surely never heard of."""
    session.execute(delete(AggregatorMessage).where(AggregatorMessage.record_id == record.id))
    session.execute(delete(AggregatorRecord).where(AggregatorRecord.id == record.id))
    session.expunge(record)


def _replace_unsent(record: AggregatorRecord) -> None:
    for message in record.messages:
        if is_surely_unsent(message):
            message.state, message.content = REPLACED, None
