"""What does the State's collector of visits know of ours, and what is still on its way there?"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    UniqueConstraint,
    false,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import Base
from app.models.cases import Assignment
from app.models.sealed import SealedFacts

_UNDER_WAY = "state IN ('waiting', 'sent')"
_STUCK = "state IN ('incomplete', 'rejected')"
_TO_COMPOSE = "fingerprint IS NULL"
_PEOPLE = "kind IN ('client', 'employee')"


class AggregatorRecord(Base):
    """One record as the aggregator keeps it: a recipient, a provider, or a visit.

    A visit is either one that taps made, or a day that was entered by hand without any. Its row here
    outlives the visit: where late taps make two visits into one, `visit_id` is emptied by the database,
    and the aggregator still has to be told. The key of this row is what it knows the visit by.
    """

    __tablename__ = "aggregator_record"
    __table_args__ = (
        UniqueConstraint("assignment_id", "day_by_hand"),
        CheckConstraint("kind IN ('client', 'employee', 'visit')", name="kind"),
        CheckConstraint(
            "state IN ('incomplete', 'waiting', 'sent', 'accepted', 'rejected')", name="state"
        ),
        Index("ix_aggregator_record_county_id_kind_worked_on", "county_id", "kind", "worked_on"),
        Index(
            "ix_aggregator_record_stuck",
            "county_id",
            "state",
            sqlite_where=text(_STUCK),
            postgresql_where=text(_STUCK),
        ),
        Index(
            "ix_aggregator_record_to_compose",
            "id",
            sqlite_where=text(_TO_COMPOSE),
            postgresql_where=text(_TO_COMPOSE),
        ),
        Index(
            "ix_aggregator_record_people_looked_at",
            "looked_at",
            sqlite_where=text(_PEOPLE),
            postgresql_where=text(_PEOPLE),
        ),
    )

    kind: Mapped[str]  # client | employee | visit
    case_id: Mapped[int | None] = mapped_column(ForeignKey("care_case.id"), unique=True)
    provider_id: Mapped[int | None] = mapped_column(ForeignKey("provider.id"), unique=True)
    visit_id: Mapped[int | None] = mapped_column(
        ForeignKey("visit.id", ondelete="SET NULL"), unique=True
    )
    assignment_id: Mapped[int | None] = mapped_column(ForeignKey("assignment.id"), index=True)
    day_by_hand: Mapped[date | None]  # a day with hours that no tap stands behind
    client_id: Mapped[int | None] = mapped_column(ForeignKey("aggregator_record.id"), index=True)
    employee_id: Mapped[int | None] = mapped_column(ForeignKey("aggregator_record.id"), index=True)
    county_id: Mapped[int | None] = mapped_column(ForeignKey("county.id"))  # none: an employee
    worked_on: Mapped[date | None]  # the local day on which a visit began
    state: Mapped[str]  # of its newest version: incomplete | waiting | sent | accepted | rejected
    sequence: Mapped[int] = mapped_column(BigInteger, default=0)  # of the newest; it only rises
    accepted_sequence: Mapped[int | None] = mapped_column(BigInteger)
    fingerprint: Mapped[str | None]  # keyed, of the newest content; none: to be put together anew
    missing: Mapped[list[str] | None] = mapped_column(JSON)  # elements of the law it lacks
    reasons: Mapped[list[dict[str, Any]] | None] = mapped_column(JSON)  # why it was rejected
    rejections: Mapped[int] = mapped_column(default=0)  # in a row; a few mend themselves
    has_manual_edit: Mapped[bool] = mapped_column(default=False, server_default=false())
    is_cancelled: Mapped[bool] = mapped_column(default=False, server_default=false())
    looked_at: Mapped[datetime]  # when it was last compared with what we have on file
    assignment: Mapped[Assignment | None] = relationship()
    messages: Mapped[list["AggregatorMessage"]] = relationship(
        back_populates="record", order_by="AggregatorMessage.sequence"
    )


class AggregatorMessage(Base):
    """One version of a record on its way: its content sealed until the aggregator has answered for it.

    (record, sequence) names it for ever, so that sending it twice has the effect of once.
    """

    __tablename__ = "aggregator_message"
    __table_args__ = (
        UniqueConstraint("record_id", "sequence"),
        CheckConstraint(
            "state IN ('waiting', 'sent', 'accepted', 'rejected', 'replaced')", name="state"
        ),
        Index(
            "ix_aggregator_message_under_way",
            "state",
            "due_at",
            sqlite_where=text(_UNDER_WAY),
            postgresql_where=text(_UNDER_WAY),
        ),
    )

    record_id: Mapped[int] = mapped_column(ForeignKey("aggregator_record.id"))
    kind: Mapped[str]  # the record's, by which the aggregator takes batches
    sequence: Mapped[int] = mapped_column(BigInteger)
    content: Mapped[dict[str, Any] | None] = mapped_column(
        SealedFacts("aggregator_message.content")
    )  # emptied once it is answered or replaced: it may hold coordinates
    coordinates: Mapped[int] = mapped_column(default=0)  # how many taps of it say where
    state: Mapped[str]  # waiting | sent | accepted | rejected | replaced
    queued_at: Mapped[datetime]
    due_at: Mapped[datetime]  # when to send it, or to ask for the answer, next
    leased_until: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime | None]  # when it first left, or may have left
    batch: Mapped[str | None] = mapped_column(index=True)  # the aggregator's UUID for what was sent
    answered_at: Mapped[datetime | None]
    last_error: Mapped[str | None]
    record: Mapped[AggregatorRecord] = relationship(back_populates="messages")


class AggregatorCursor(Base):
    """Up to which row of an append-only table everything was looked at, but for the keys in `holes`.

    PostgreSQL gives out keys before it commits, so a lower one may appear after a higher one.
    """

    __tablename__ = "aggregator_cursor"

    source: Mapped[str] = mapped_column(unique=True)  # visit_event | timesheet_status
    position: Mapped[int]
    holes: Mapped[dict[str, str]] = mapped_column(JSON)  # a missing key: since when it is missed
