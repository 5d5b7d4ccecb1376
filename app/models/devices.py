"""Which phones does the portal know, and who is signed in on them?"""

from datetime import datetime

from sqlalchemy import ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.accounts import Account
from app.models.base import Base


class Device(Base):
    """One browser on one phone, known by a cookie of which we keep the hash."""

    __tablename__ = "device"

    token_hash: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    created_at: Mapped[datetime]


class TrustedDevice(Base):
    """An account that proved itself on a device: until when, and the key its events are signed by.

    The key belongs to the pair, not to the phone: two people on one phone have a key each.
    """

    __tablename__ = "trusted_device"
    __table_args__ = (UniqueConstraint("device_id", "account_id"),)

    device_id: Mapped[int] = mapped_column(ForeignKey("device.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    proved_at: Mapped[datetime]
    public_key: Mapped[str | None] = mapped_column(Text)  # SubjectPublicKeyInfo, PEM
    enrolled_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    device: Mapped[Device] = relationship()


class Session(Base):
    """A signed-in session, kept here so that it can be ended here."""

    __tablename__ = "session"

    token_hash: Mapped[str] = mapped_column(unique=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    device_id: Mapped[int | None] = mapped_column(ForeignKey("device.id"))
    method: Mapped[str]  # passkey | password | code | recovery | registration
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    proved_at: Mapped[datetime | None]  # when she last proved herself again, for a step-up
    account: Mapped[Account] = relationship(lazy="joined", innerjoin=True)
