"""Who did or saw what, to what, when, and can anybody have changed the record since?"""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base


class AuditEvent(Base):
    """One link of an account's chain: each row carries the hash of the one before."""

    __tablename__ = "audit_event"
    __table_args__ = (UniqueConstraint("chain", "sequence"),)

    chain: Mapped[str]  # account:17, or portal for what no person did
    sequence: Mapped[int]
    at: Mapped[datetime]
    action: Mapped[str]  # timesheet:approve
    subject: Mapped[str] = mapped_column(index=True)  # timesheet:12
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)
    previous_hash: Mapped[str]
    hash: Mapped[str]


class AuditSeal(Base):
    """The heads of all chains together at one moment, so that no chain can lose its tail unseen."""

    __tablename__ = "audit_seal"

    at: Mapped[datetime]
    chains: Mapped[int]
    previous_hash: Mapped[str]
    hash: Mapped[str]
