"""What do the providers of one recipient tell one another, and does she allow it?"""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.accounts import Account
from app.models.base import Base
from app.models.cases import Case
from app.models.sealed import SealedText


class NoteConsent(Base):
    """A recipient lets her providers share notes; where there is no row, she does not.

    Who gave it or took it back, and when, stays in the audit chain.
    """

    __tablename__ = "note_consent"

    case_id: Mapped[int] = mapped_column(ForeignKey("care_case.id"), unique=True)
    given_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    given_at: Mapped[datetime]
    case: Mapped[Case] = relationship(lazy="joined", innerjoin=True)


class Note(Base):
    """A few words of one provider for the others; it rests on the consent, and goes with it."""

    __tablename__ = "note"
    __table_args__ = (
        Index("ix_note_consent_id_written_at", "consent_id", "written_at"),
        Index("ix_note_written_at", "written_at"),
    )

    consent_id: Mapped[int] = mapped_column(ForeignKey("note_consent.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    text: Mapped[str] = mapped_column(SealedText("note.text"))
    written_at: Mapped[datetime]
    writer: Mapped[Account] = relationship(lazy="joined", innerjoin=True)
