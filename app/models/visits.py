"""When did somebody check in and out, where, and how do we know?"""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    Index,
    Select,
    UniqueConstraint,
    select,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.positions import Fix
from app.models.base import Base
from app.models.cases import Assignment
from app.models.sealed import SealedFix


class Visit(Base):
    """One stay with one recipient, as its events tell it; rebuilt from them, never typed."""

    __tablename__ = "visit"
    __table_args__ = (
        Index("ix_visit_assignment_id_began_at", "assignment_id", "began_at"),
        Index("ix_visit_assignment_id_checked_out_at", "assignment_id", "checked_out_at"),
        Index("ix_visit_assignment_id_open", "assignment_id", "is_open"),
        Index("ix_visit_began_at", "began_at"),
    )

    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignment.id"))
    began_at: Mapped[datetime]  # its first tap that is known
    checked_in_at: Mapped[datetime | None]
    checked_out_at: Mapped[datetime | None]
    location_in: Mapped[str | None]  # home | community
    location_out: Mapped[str | None]
    is_open: Mapped[bool]
    flag: Mapped[str | None]  # NO_CHECK_OUT, OUT_WITHOUT_IN …, a fact for a person to weigh
    undone_at: Mapped[datetime | None]  # undone within two minutes, or "not a visit" later
    undone_reason: Mapped[str | None]
    reminded_at: Mapped[datetime | None]  # that she is still checked in
    assignment: Mapped[Assignment] = relationship(lazy="joined", innerjoin=True)
    events: Mapped[list["VisitEvent"]] = relationship(
        back_populates="visit", order_by="VisitEvent.made_at"
    )


class VisitEvent(Base):
    """A tap or a position fix as it came, never changed afterwards.

    `submission_id` is made on the device, so that a repeat finds its first receipt. `made_at` is
    what the device's clock said, `received_at` what ours said; `counts_at` is which of the two is
    believed (domain.visits.accepted_time), or the time a person gave by hand afterwards.
    """

    __tablename__ = "visit_event"
    __table_args__ = (
        CheckConstraint(
            "kind IN ('check-in', 'check-out', 'position', 'undo', 'not-a-visit')", name="kind"
        ),
        CheckConstraint("location IN ('home', 'community')", name="location"),
        Index("ix_visit_event_assignment_id_counts_at", "assignment_id", "counts_at"),
        Index("ix_visit_event_chain_key_chain_number", "chain_key", "chain_number"),
        Index(
            "ix_visit_event_not_judged",
            "id",
            sqlite_where=text("judged_at IS NULL"),
            postgresql_where=text("judged_at IS NULL"),
        ),
        Index(
            "ix_visit_event_with_position",
            "counts_at",
            sqlite_where=text("position_sealed IS NOT NULL"),
            postgresql_where=text("position_sealed IS NOT NULL"),
        ),
    )

    submission_id: Mapped[str] = mapped_column(unique=True)
    content_hash: Mapped[str]
    kind: Mapped[str]
    assignment_id: Mapped[int | None] = mapped_column(
        ForeignKey("assignment.id")
    )  # none: an undo that came before the check-in it undoes
    visit_id: Mapped[int | None] = mapped_column(ForeignKey("visit.id"), index=True)
    about_submission_id: Mapped[str | None] = mapped_column(index=True)  # the tap a fix belongs to
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    device_id: Mapped[int | None] = mapped_column(ForeignKey("device.id"))
    signed: Mapped[bool] = mapped_column(default=False)  # by the device's enrolled key
    source: Mapped[str]  # page | phone | hand
    made_at: Mapped[datetime]
    received_at: Mapped[datetime]
    counts_at: Mapped[datetime]
    location: Mapped[str | None]
    position: Mapped[Fix | None] = mapped_column(
        "position_sealed", SealedFix("visit_event.position"), key="position", deferred=True
    )
    position_deleted_at: Mapped[datetime | None]  # what it said stays: the next three
    position_problem: Mapped[str | None]  # domain.positions.NoFix
    verdict: Mapped[str | None]  # at_home | away | too_vague | no_position
    distance_m: Mapped[int | None]
    note: Mapped[str | None]
    receipt: Mapped[str] = mapped_column(unique=True)
    # What the device's chain says (domain.chains): the key that signed, the event's number under it, the
    # hash of the event before and its own. None where no enrolled key spoke.
    chain_key: Mapped[str | None]
    chain_number: Mapped[int | None]
    chain_previous: Mapped[str | None]
    chain_hash: Mapped[str | None]
    anchored_at: Mapped[datetime | None]  # the newest time of ours that the phone knew: not before
    since_anchor_s: Mapped[int | None]  # seconds since then by a clock that nobody can set
    judged_at: Mapped[datetime | None]  # when the rules of domain.visit_flags last looked at it
    visit: Mapped[Visit | None] = relationship(back_populates="events")


class VisitFlag(Base):
    """Something odd about a visit, with its facts, for a person to weigh; never a verdict.

    Nobody is refused, unpaid or told off for one (WIC 10836). A county worker settles it with a note.
    """

    __tablename__ = "visit_flag"
    __table_args__ = (
        UniqueConstraint("event_id", "code"),
        Index("ix_visit_flag_code_settled_at", "code", "settled_at"),
    )

    event_id: Mapped[int] = mapped_column(ForeignKey("visit_event.id"))
    assignment_id: Mapped[int | None] = mapped_column(ForeignKey("assignment.id"), index=True)
    code: Mapped[str]  # domain.visit_flags.FlagCode
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)  # never a coordinate
    found_at: Mapped[datetime]  # from when on it is shown
    said: Mapped[str | None]  # by the provider, if she wants to say anything
    said_at: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]
    settled_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    settled_note: Mapped[str | None]
    event: Mapped[VisitEvent] = relationship()


class RefusedItem(Base):
    """What a phone sent and the portal could not take: kept as it came, with the reason.

    The phone keeps it too, until its owner takes it off the list; the county sees it here.
    """

    __tablename__ = "refused_item"
    __table_args__ = (UniqueConstraint("account_id", "submission_id", "content_hash"),)

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    submission_id: Mapped[str] = mapped_column(index=True)
    content_hash: Mapped[str]
    kind: Mapped[str]
    assignment_id: Mapped[int | None] = mapped_column(index=True)  # as it was sent: perhaps no key
    made_at: Mapped[datetime]
    received_at: Mapped[datetime]
    code: Mapped[str]  # why it was refused
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)
    signed: Mapped[bool]
    device_id: Mapped[int | None] = mapped_column(ForeignKey("device.id"))
    chain_key: Mapped[str | None]
    chain_number: Mapped[int | None]
    chain_previous: Mapped[str | None]
    chain_hash: Mapped[str | None]
    seen_at: Mapped[datetime | None]  # when a county worker took note


def open_visits_of(provider_id: int) -> Select[Visit]:
    """The visits in which a provider is checked in now, the newest first."""
    return (
        select(Visit)
        .join(Visit.assignment)
        .where(
            Assignment.provider_id == provider_id,
            Visit.is_open.is_(True),
            Visit.undone_at.is_(None),
        )
        .order_by(Visit.checked_in_at.desc())
    )
