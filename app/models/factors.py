"""With what else can an account prove itself, and what is under way to change how?"""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.accounts import Account, Stranger
from app.models.base import Base
from app.models.sealed import SealedText


class AuthenticatorApp(Base):
    """An account's authenticator app: its secret, and the last time step that was used up."""

    __tablename__ = "authenticator_app"

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), unique=True)
    secret: Mapped[str] = mapped_column(SealedText("authenticator_app.secret"))
    created_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]  # not before a first code was right
    last_step: Mapped[int | None]
    used_at: Mapped[datetime | None]
    failures_in_a_row: Mapped[int] = mapped_column(default=0)
    failed_at: Mapped[datetime | None]


class RecoveryCode(Base):
    """One code of a printed recovery kit, kept as a keyed hash; a new kit replaces the old one."""

    __tablename__ = "recovery_code"

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    code_hash: Mapped[str] = mapped_column(unique=True)
    made_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class SecurityAnswer(Base):
    """The answer to a security question, hashed like a password. It never proves anything alone."""

    __tablename__ = "security_answer"
    __table_args__ = (UniqueConstraint("account_id", "question"),)

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    question: Mapped[str]  # a code of domain.questions
    answer_hash: Mapped[str]


class ContactChange(Base):
    """A new e-mail address or phone number that waits: for a code, or for a second agent.

    At the desk, `reason` and `asked_by` say who asked; another agent agrees or refuses.
    """

    __tablename__ = "contact_change"
    __table_args__ = (CheckConstraint("kind IN ('email', 'phone')", name="kind"),)

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    kind: Mapped[str]
    value: Mapped[str] = mapped_column(SealedText("contact_change.value"))
    asked_at: Mapped[datetime]
    asked_by: Mapped[int] = mapped_column(ForeignKey("account.id"))
    reason: Mapped[str | None]
    code_hash: Mapped[str | None]
    code_failures: Mapped[int] = mapped_column(default=0)
    expires_at: Mapped[datetime] = mapped_column(index=True)
    agreed_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    done_at: Mapped[datetime | None]
    refused_at: Mapped[datetime | None]
    account: Mapped[Account] = relationship(foreign_keys=[account_id])


class Disavowal(Base):
    """A “this wasn't me” link in a notice: used, it freezes the account until somebody helps."""

    __tablename__ = "disavowal"

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    about: Mapped[str]  # the code of the notice
    changed_at: Mapped[datetime]  # when what the notice tells of was done
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class Recovery(Base):
    """Somebody on the way back into an account: what has been proved so far, by which browser.

    A name that nobody has gets one too (see Stranger), so that no answer tells which names exist.
    """

    __tablename__ = "recovery"
    __table_args__ = (
        Index("ix_recovery_account_id_started_at", "account_id", "started_at"),
        CheckConstraint("(account_id IS NULL) <> (stranger_id IS NULL)", name="one_owner"),
    )

    ticket_hash: Mapped[str] = mapped_column(unique=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    stranger_id: Mapped[int | None] = mapped_column(ForeignKey("stranger.id"))
    lost: Mapped[str]  # password | phone | everything
    proofs: Mapped[list[Any]] = mapped_column(JSON)  # each proof's kind, and since when it was so
    failures: Mapped[int] = mapped_column(default=0)
    question_failures: Mapped[int] = mapped_column(default=0)
    question_passed_at: Mapped[datetime | None]
    started_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    account: Mapped[Account | None] = relationship()
    stranger: Mapped[Stranger | None] = relationship()


class Try(Base):
    """A try of something that is counted, by whom or from where, each kept as a keyed hash."""

    __tablename__ = "counted_try"
    __table_args__ = (Index("ix_counted_try_what_who_hash_at", "what", "who_hash", "at"),)

    what: Mapped[str]  # registration, sign_in, …
    who_hash: Mapped[str]
    at: Mapped[datetime]
