"""What was claimed beside hours of care, travel time or sick leave, and what became of it?"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, Select, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import Base
from app.models.cases import Assignment, Case
from app.models.people import Recipient


class Claim(Base):
    """One provider's travel or sick leave of a half month for one recipient and program.

    Of travel the recipient is the one travelled to. A second one for the same half month, for a day
    that was forgotten, has the next number. `status` repeats the newest row of the history; only
    services/claim_steps writes either. What was signed is kept as it was shown.
    """

    __tablename__ = "claim"
    __table_args__ = (
        UniqueConstraint("assignment_id", "period_starts_on", "kind", "number"),
        CheckConstraint("kind IN ('travel', 'sick_leave')", name="kind"),
        CheckConstraint(
            "status IN ('saved', 'waiting', 'ready', 'paid', 'disputed', 'refused')", name="status"
        ),
        CheckConstraint("notice IN ('planned', 'urgent', 'late')", name="notice"),
        Index("ix_claim_status_id", "status", "id"),
    )

    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignment.id"))
    period_starts_on: Mapped[date]
    kind: Mapped[str]
    number: Mapped[int] = mapped_column(default=1)
    status: Mapped[str] = mapped_column(default="saved")
    notice: Mapped[str | None]  # sick leave: how soon the recipient was told
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    content: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    content_hash: Mapped[str | None]
    warnings: Mapped[list[Any] | None] = mapped_column(JSON(none_as_null=True))
    reason: Mapped[str | None]  # why it goes beyond what is usual
    signed_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    signed_at: Mapped[datetime | None]
    receipt: Mapped[str | None] = mapped_column(unique=True)
    refused_reason: Mapped[str | None]  # the county's words; none where no day was left to pay
    assignment: Mapped[Assignment] = relationship(lazy="joined", innerjoin=True)
    days: Mapped[list["ClaimDay"]] = relationship(
        back_populates="claim", order_by="ClaimDay.on", cascade="all, delete-orphan"
    )
    history: Mapped[list["ClaimStep"]] = relationship(order_by="ClaimStep.id")


class ClaimDay(Base):
    """A day of a claim; `payable_minutes` is what is left of it once it was cut."""

    __tablename__ = "claim_day"
    __table_args__ = (
        UniqueConstraint("claim_id", "on"),
        CheckConstraint("minutes BETWEEN 1 AND 1440", name="minutes"),
        CheckConstraint("payable_minutes BETWEEN 0 AND minutes", name="payable"),
        Index("ix_claim_day_on", "on"),
    )

    claim_id: Mapped[int] = mapped_column(ForeignKey("claim.id"))
    on: Mapped[date]
    minutes: Mapped[int]
    payable_minutes: Mapped[int | None]
    came_from_id: Mapped[int | None] = mapped_column(ForeignKey("care_case.id"))  # of travel
    claim: Mapped[Claim] = relationship(back_populates="days")
    came_from: Mapped[Case | None] = relationship()


class ClaimStep(Base):
    """A step in the life of a claim, appended and never changed."""

    __tablename__ = "claim_step"

    claim_id: Mapped[int] = mapped_column(ForeignKey("claim.id"), index=True)
    action: Mapped[str]
    status: Mapped[str]
    at: Mapped[datetime]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))  # none: the portal
    reason: Mapped[str | None]


def claims_of(provider_id: int) -> Select[Claim]:
    """A provider's own claims, the newest half month first."""
    return (
        select(Claim)
        .join(Claim.assignment)
        .where(Assignment.provider_id == provider_id)
        .order_by(Claim.period_starts_on.desc(), Claim.id.desc())
    )


def claims_in(county_id: int | None) -> Select[Claim]:
    """The claims for a county's recipients, in no order."""
    return (
        select(Claim)
        .join(Claim.assignment)
        .join(Assignment.case)
        .join(Case.recipient)
        .where(Recipient.county_id == county_id)
    )
