"""Of which provider and recipient does a county look at every timesheet, why, and for how long?"""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.accounts import Account
from app.models.base import Base
from app.models.cases import Case
from app.models.people import Provider


class PairFlag(Base):
    """Both days inclusive; what is signed in between waits for the county. Never deleted."""

    __tablename__ = "pair_flag"
    __table_args__ = (
        CheckConstraint("ends_on >= starts_on", name="dates"),
        Index("ix_pair_flag_case_id_provider_id", "case_id", "provider_id"),
    )

    provider_id: Mapped[int] = mapped_column(ForeignKey("provider.id"))
    case_id: Mapped[int] = mapped_column(ForeignKey("care_case.id"))
    why: Mapped[str]
    note: Mapped[str | None]
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    placed_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    placed_at: Mapped[datetime]
    lifted_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    lifted_at: Mapped[datetime | None]
    lifted_reason: Mapped[str | None]
    provider: Mapped[Provider] = relationship(lazy="joined", innerjoin=True)
    case: Mapped[Case] = relationship(lazy="joined", innerjoin=True)
    placed_by: Mapped[Account] = relationship(foreign_keys=placed_by_id)
