"""What was worked in a half month, what was signed, and what became of it?"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, Select, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import Base
from app.models.cases import Assignment


class Timesheet(Base):
    """One provider's half month for one recipient and program.

    `status` and `payment_status` repeat the newest row of the history, so that lists need not
    search it; only the services' `move` writes either, together with its history row. While `amends`
    is set, an approved version stands, and the days are those of a version that shall replace it.
    """

    __tablename__ = "timesheet"
    __table_args__ = (
        UniqueConstraint("assignment_id", "period_starts_on"),
        CheckConstraint(
            "status IN ('draft', 'submitted', 'on_hold', 'approved', 'rejected', 'cancelled')",
            name="status",
        ),
        CheckConstraint(
            "payment_status IN ('waiting_for_payment', 'payment_issued', 'disputed')",
            name="payment_status",
        ),
        CheckConstraint("amends IN ('correction', 'supplement')", name="amends"),
        Index("ix_timesheet_status_payment_status", "status", "payment_status"),
    )

    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignment.id"))
    period_starts_on: Mapped[date] = mapped_column(index=True)
    status: Mapped[str] = mapped_column(default="draft")
    payment_status: Mapped[str | None]
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    nudged_at: Mapped[datetime | None]  # whoever is to sign it was reminded
    owner_reminded_at: Mapped[datetime | None]  # its provider was, of hours that are not submitted
    amends: Mapped[str | None]
    amend_reason: Mapped[str | None]
    amend_note: Mapped[str | None]
    voided_at: Mapped[datetime | None]  # the county looks at what is signed after it
    assignment: Mapped[Assignment] = relationship(lazy="joined", innerjoin=True)
    entries: Mapped[list["TimeEntry"]] = relationship(
        back_populates="timesheet", order_by="TimeEntry.on"
    )
    versions: Mapped[list["TimesheetVersion"]] = relationship(
        back_populates="timesheet", order_by="TimesheetVersion.number"
    )
    history: Mapped[list["TimesheetStatus"]] = relationship(
        back_populates="timesheet", order_by="TimesheetStatus.id"
    )
    holds: Mapped[list["TimesheetHold"]] = relationship(
        back_populates="timesheet", order_by="TimesheetHold.id"
    )


class TimeEntry(Base):
    """One day of a sheet as it stands now; `proposed_minutes` is what the visits say beside it.

    `claimed_minutes` is what counts against every balance: what was signed last and stands. It is
    `minutes` but while an approved sheet is being corrected, and nothing on a sheet never signed.
    """

    __tablename__ = "time_entry"
    __table_args__ = (
        UniqueConstraint("timesheet_id", "on"),
        CheckConstraint("minutes BETWEEN 0 AND 1440", name="minutes"),
        CheckConstraint("claimed_minutes BETWEEN 0 AND 1440", name="claimed_minutes"),
        CheckConstraint("location IN ('home', 'community', 'both')", name="location"),
    )

    timesheet_id: Mapped[int] = mapped_column(ForeignKey("timesheet.id"))
    on: Mapped[date]
    minutes: Mapped[int | None]  # hours worked: what is paid
    claimed_minutes: Mapped[int | None]
    starts: Mapped[int | None]  # minute of the local day
    ends: Mapped[int | None]
    location: Mapped[str | None]
    by_hand: Mapped[bool] = mapped_column(default=False)
    proposed_minutes: Mapped[int | None]
    proposed_starts: Mapped[int | None]
    proposed_ends: Mapped[int | None]
    proposed_location: Mapped[str | None]
    revision: Mapped[int] = mapped_column(default=1)
    timesheet: Mapped[Timesheet] = relationship(back_populates="entries")


class EntryChange(Base):
    """A day that somebody changed: before, after, who, when and why. Only ever added to."""

    __tablename__ = "entry_change"
    __table_args__ = (Index("ix_entry_change_timesheet_id_on", "timesheet_id", "on"),)

    timesheet_id: Mapped[int] = mapped_column(ForeignKey("timesheet.id"))
    on: Mapped[date]
    before: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    after: Mapped[dict[str, Any]] = mapped_column(JSON)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))  # none: from a visit
    at: Mapped[datetime]
    reason: Mapped[str | None]
    submission_id: Mapped[str | None] = mapped_column(unique=True)
    content_hash: Mapped[str | None]
    receipt: Mapped[str | None]


class UnauthorizedTime(Base):
    """Minutes worked beyond the authorization, kept on record and seen by the county, not claimed."""

    __tablename__ = "unauthorized_time"
    __table_args__ = (UniqueConstraint("timesheet_id", "on"),)

    timesheet_id: Mapped[int] = mapped_column(ForeignKey("timesheet.id"))
    on: Mapped[date]
    minutes: Mapped[int]
    recorded_at: Mapped[datetime]


class TimesheetVersion(Base):
    """What a provider signed: the content as shown, its hash, and later who approved just that."""

    __tablename__ = "timesheet_version"
    __table_args__ = (UniqueConstraint("timesheet_id", "number"),)

    timesheet_id: Mapped[int] = mapped_column(ForeignKey("timesheet.id"))
    number: Mapped[int]
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    content_hash: Mapped[str]
    total_minutes: Mapped[int]
    warnings: Mapped[list[Any]] = mapped_column(JSON)
    warning_reason: Mapped[str | None]
    signed_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    signed_at: Mapped[datetime]
    receipt: Mapped[str] = mapped_column(unique=True)
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    approved_at: Mapped[datetime | None]
    rejected_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    rejected_at: Mapped[datetime | None]
    reject_reasons: Mapped[list[str] | None] = mapped_column(JSON)
    reject_note: Mapped[str | None]
    withdrawn_at: Mapped[datetime | None]
    timesheet: Mapped[Timesheet] = relationship(back_populates="versions")


class TimesheetStatus(Base):
    """A step in the life of a sheet, appended and never changed."""

    __tablename__ = "timesheet_status"

    timesheet_id: Mapped[int] = mapped_column(ForeignKey("timesheet.id"), index=True)
    action: Mapped[str]
    status: Mapped[str]
    payment_status: Mapped[str | None]
    at: Mapped[datetime]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))  # none: the portal
    reason: Mapped[str | None]
    timesheet: Mapped[Timesheet] = relationship(back_populates="history")


class TimesheetHold(Base):
    """Why a submitted version waits, until when, and who let it go on.

    `why` is the county's reason code where a person placed it, or what fell away since it was signed.
    """

    __tablename__ = "timesheet_hold"
    __table_args__ = (
        CheckConstraint(
            "code IN ('EARLY', 'LATE', 'OVER_70_PERCENT', 'FLAGGED_PAIR', 'COUNTY_REVIEW')",
            name="code",
        ),
        Index("ix_timesheet_hold_released_at_releases_at", "released_at", "releases_at"),
    )

    timesheet_id: Mapped[int] = mapped_column(ForeignKey("timesheet.id"), index=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("timesheet_version.id"))
    code: Mapped[str]
    placed_at: Mapped[datetime]
    placed_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    why: Mapped[str | None]
    why_note: Mapped[str | None]
    releases_at: Mapped[datetime | None]  # by itself: EARLY only
    released_at: Mapped[datetime | None]
    released_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    reason: Mapped[str | None]
    timesheet: Mapped[Timesheet] = relationship(back_populates="holds")


STATUS_OF_THESE = Timesheet.status.concat("")
"""The status, to choose among sheets that are found by their assignment.

As an expression it has no index, so no planner begins with all sheets of one status in the state.
"""


def timesheets_of(provider_id: int) -> Select[Timesheet]:
    """A provider's own sheets, the newest period first."""
    return (
        select(Timesheet)
        .join(Timesheet.assignment)
        .where(Assignment.provider_id == provider_id)
        .order_by(Timesheet.period_starts_on.desc(), Timesheet.id)
    )


def timesheets_for(case_ids: list[int]) -> Select[Timesheet]:
    """The sheets of the cases that a recipient or signatory signs for, the newest first."""
    return (
        select(Timesheet)
        .join(Timesheet.assignment)
        .where(Assignment.case_id.in_(case_ids))
        .order_by(Timesheet.period_starts_on.desc(), Timesheet.id)
    )
