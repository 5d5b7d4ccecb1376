"""Who is on the way to an account, and who asked the county for help with it?"""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import Base
from app.models.people import County, Person
from app.models.sealed import SealedText


class Registration(Base):
    """A registration as far as it has come; it can be gone on with for a day.

    Its browser holds the ticket; the link in the confirming e-mail hands it to another browser.
    """

    __tablename__ = "registration"
    __table_args__ = (
        CheckConstraint("role IN ('provider', 'recipient', 'signatory')", name="role"),
    )

    ticket_hash: Mapped[str] = mapped_column(unique=True)
    role: Mapped[str]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))  # once it matched
    email: Mapped[str | None] = mapped_column(SealedText("registration.email"))
    link_hash: Mapped[str | None] = mapped_column(unique=True)
    code_hash: Mapped[str | None]
    code_sent_at: Mapped[datetime | None]
    codes_sent: Mapped[int] = mapped_column(default=0)
    code_failures: Mapped[int] = mapped_column(default=0)
    email_confirmed_at: Mapped[datetime | None]
    username: Mapped[str | None]
    password_hash: Mapped[str | None]
    wants_passkey: Mapped[bool] = mapped_column(default=False)  # in place of a password
    phone: Mapped[str | None] = mapped_column(SealedText("registration.phone"))
    language: Mapped[str] = mapped_column(default="en")
    tells_by_email: Mapped[bool] = mapped_column(default=True)
    tells_by_text: Mapped[bool] = mapped_column(default=False)
    answers: Mapped[dict[str, Any]] = mapped_column(JSON)  # question to hash
    started_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    person: Mapped[Person | None] = relationship()


class HelpRequest(Base):
    """Somebody whom the records did not match asks a county to look: how to reach her, and who did."""

    __tablename__ = "help_request"

    county_id: Mapped[int] = mapped_column(ForeignKey("county.id"), index=True)
    role: Mapped[str]
    name: Mapped[str] = mapped_column(SealedText("help_request.name"))
    number: Mapped[str] = mapped_column(SealedText("help_request.number"))
    reach: Mapped[str] = mapped_column(SealedText("help_request.reach"))  # phone or e-mail
    made_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    done_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    outcome: Mapped[str | None]
    county: Mapped[County] = relationship()
