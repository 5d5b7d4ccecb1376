"""When did somebody check in and out, where, and how do we know?"""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Select, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import Base
from app.models.cases import Assignment


class Visit(Base):
    """One stay with one recipient, as its events tell it; rebuilt from them, never typed."""

    __tablename__ = "visit"
    __table_args__ = (
        Index("ix_visit_assignment_id_began_at", "assignment_id", "began_at"),
        Index("ix_visit_assignment_id_checked_out_at", "assignment_id", "checked_out_at"),
        Index("ix_visit_assignment_id_open", "assignment_id", "is_open"),
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
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    accuracy_m: Mapped[float | None]
    position_problem: Mapped[str | None]  # denied | unavailable | timeout | unusable
    verdict: Mapped[str | None]  # at_home | away | too_vague | no_position
    distance_m: Mapped[int | None]
    note: Mapped[str | None]
    receipt: Mapped[str] = mapped_column(unique=True)
    visit: Mapped[Visit | None] = relationship(back_populates="events")


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
