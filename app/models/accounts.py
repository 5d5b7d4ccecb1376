"""Who may sign in, and with what?"""

from datetime import datetime

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    Text,
    UniqueConstraint,
    false,
    true,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from app.models.base import Base
from app.models.people import County, Person
from app.models.sealed import SealedText, Sealer, sealer


class Account(Base):
    """One person in one role; username and e-mail are kept folded to lower case."""

    __tablename__ = "account"
    __table_args__ = (
        UniqueConstraint("person_id", "role"),
        CheckConstraint(
            "role IN ('provider', 'recipient', 'signatory', 'county_worker', 'service_desk')",
            name="role",
        ),
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    role: Mapped[str]
    username: Mapped[str] = mapped_column(unique=True)
    email: Mapped[str] = mapped_column("email_sealed", SealedText("account.email"), key="email")
    email_fingerprint: Mapped[str] = mapped_column(unique=True)
    email_confirmed_at: Mapped[datetime | None]
    password_hash: Mapped[str | None]
    failures_in_a_row: Mapped[int] = mapped_column(default=0)
    locked_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    county_id: Mapped[int | None] = mapped_column(ForeignKey("county.id"))  # county workers only
    phone: Mapped[str | None] = mapped_column(SealedText("account.phone"))
    phone_confirmed_at: Mapped[datetime | None]
    mailing_address: Mapped[str | None] = mapped_column(
        SealedText("account.mailing_address"), deferred=True
    )
    tells_by_email: Mapped[bool] = mapped_column(default=True, server_default=true())
    tells_by_text: Mapped[bool] = mapped_column(default=False, server_default=false())
    reminds_of_taps: Mapped[bool] = mapped_column(default=True, server_default=true())
    reminds_of_timesheets: Mapped[bool] = mapped_column(default=True, server_default=true())
    password_changed_at: Mapped[datetime | None]
    password_is_short: Mapped[bool] = mapped_column(default=False, server_default=false())
    frozen_at: Mapped[datetime | None]  # its owner said “this wasn't me”
    disputed_at: Mapped[datetime | None]  # of a change made then, so what is newer proves nothing
    person: Mapped[Person] = relationship(lazy="joined", innerjoin=True)
    county: Mapped[County | None] = relationship()

    @validates("email")
    def _keep_fingerprint(self, _name: str, email: str) -> str:
        self.email_fingerprint = email_fingerprint(email)
        return email


def email_fingerprint(email: str, by: Sealer | None = None) -> str:
    """By what the account of an e-mail address is found, and of which no two accounts have the same."""
    return (by or sealer()).fingerprint(email, kind="account.email")


class Passkey(Base):
    """A WebAuthn credential of an account: its public key, counter and backup state."""

    __tablename__ = "passkey"

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    credential_id: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    sign_count: Mapped[int] = mapped_column(default=0)
    backup_eligible: Mapped[bool]
    backed_up: Mapped[bool]
    user_handle: Mapped[bytes] = mapped_column(LargeBinary)
    name: Mapped[str]
    created_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    flagged_at: Mapped[datetime | None]  # its counter once went backwards


class PasskeyChallenge(Base):
    """A challenge that we issued; used up before the answer to it is even looked at."""

    __tablename__ = "passkey_challenge"

    challenge: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    ceremony: Mapped[str]  # register | sign_in | step_up
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class Stranger(Base):
    """A name that was typed at sign-in, kept as a keyed hash for the case that nobody has it here.

    Then it is counted against, locked and sent codes (which nobody gets) just as an account is, so
    that no answer of ours tells which names exist. Where somebody has it, all that is on the account.
    """

    __tablename__ = "stranger"

    name_hash: Mapped[str] = mapped_column(unique=True)
    failures_in_a_row: Mapped[int] = mapped_column(default=0)
    locked_at: Mapped[datetime | None]
    seen_at: Mapped[datetime]


class OneTimeCode(Base):
    """A six-digit code sent to an account, stored only as a keyed hash.

    Only the browser that asked for it can use it: it holds the ticket.
    """

    __tablename__ = "one_time_code"
    __table_args__ = (
        Index("ix_one_time_code_account_id_issued_at", "account_id", "issued_at"),
        Index("ix_one_time_code_stranger_id_issued_at", "stranger_id", "issued_at"),
        CheckConstraint("(account_id IS NULL) <> (stranger_id IS NULL)", name="one_owner"),
    )

    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    stranger_id: Mapped[int | None] = mapped_column(ForeignKey("stranger.id"))
    purpose: Mapped[str]  # device | sign_in | step_up | recover
    channel: Mapped[str] = mapped_column(default="email", server_default="email")  # or text
    from_known_device: Mapped[bool]  # asked for where the account had proved itself before
    ticket_hash: Mapped[str] = mapped_column(unique=True)
    code_hash: Mapped[str]
    issued_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    used_at: Mapped[datetime | None]
    replaced_at: Mapped[datetime | None]  # a newer one was sent
    account: Mapped[Account | None] = relationship()
    stranger: Mapped[Stranger | None] = relationship()


class KeptForm(Base):
    """A form that came after its session had ended: sealed, for an hour, for the same account."""

    __tablename__ = "kept_form"

    token_hash: Mapped[str] = mapped_column(unique=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    sealed: Mapped[str] = mapped_column(Text)
    expires_at: Mapped[datetime]
