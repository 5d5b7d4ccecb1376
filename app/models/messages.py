"""What is to be told to whom: notices in the portal, and mail that waits to be sent?"""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, Select, Text, false, select
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base
from app.models.sealed import SealedFacts, SealedText


class Notice(Base):
    """Something an account should know, as a code and its facts: the words come when it is read."""

    __tablename__ = "notice"
    __table_args__ = (Index("ix_notice_account_id_id", "account_id", "id"),)

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    code: Mapped[str]
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)
    created_at: Mapped[datetime]
    read_at: Mapped[datetime | None]


class QueuedEmail(Base):
    """An e-mail that waits, with the lease of whoever sends it; written with what it tells of.

    One-time codes do not wait here: they go out at once and are not stored at all. What does wait
    may hold a link that is a key, so it is sealed.
    """

    __tablename__ = "queued_email"
    __table_args__ = (Index("ix_queued_email_sent_at_leased_until", "sent_at", "leased_until"),)

    to_account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    code: Mapped[str]
    facts: Mapped[dict[str, Any]] = mapped_column(
        "facts_sealed", SealedFacts("queued_email.facts"), key="facts"
    )
    queued_at: Mapped[datetime]
    address: Mapped[str | None] = mapped_column(SealedText("queued_email.address"))  # an older one
    is_alarm: Mapped[bool] = mapped_column(default=False, server_default=false())
    leased_until: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime | None]
    last_error: Mapped[str | None] = mapped_column(Text)


class QueuedText(Base):
    """A text message that waits, in the same way; for who chose to be told by text."""

    __tablename__ = "queued_text"
    __table_args__ = (Index("ix_queued_text_sent_at_leased_until", "sent_at", "leased_until"),)

    to_account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    code: Mapped[str]
    facts: Mapped[dict[str, Any]] = mapped_column(SealedFacts("queued_text.facts"))
    queued_at: Mapped[datetime]
    number: Mapped[str | None] = mapped_column(SealedText("queued_text.number"))  # an older one
    is_alarm: Mapped[bool] = mapped_column(default=False, server_default=false())
    leased_until: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime | None]
    last_error: Mapped[str | None] = mapped_column(Text)


def notices_for(account_id: int) -> Select[Notice]:
    """An account's notices, the newest first."""
    return select(Notice).where(Notice.account_id == account_id).order_by(Notice.id.desc())
