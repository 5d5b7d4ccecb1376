"""What was paid for which signed version or claim, in which run, and how was it reckoned?"""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Select, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.claims import PAYMENT_STATUS
from app.domain.timesheets import PaymentStatus
from app.models.base import Base
from app.models.cases import Assignment
from app.models.claims import Claim
from app.models.timesheets import Timesheet, TimesheetVersion


class PayrollRun(Base):
    """A batch of payments with its issue date: open, then closed to more, then its file written.

    A closed batch never changes, so its file can be written again, byte for byte. What is approved
    after that goes into the day's next batch, by number.
    """

    __tablename__ = "payroll_run"
    __table_args__ = (UniqueConstraint("issue_on", "number"),)

    issue_on: Mapped[date]
    number: Mapped[int] = mapped_column(default=1)
    started_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    file_name: Mapped[str | None]
    file_hash: Mapped[str | None]


class Payment(Base):
    """What is paid for one approved version, or one claim, once.

    Never changed, only disputed or followed up.
    """

    __tablename__ = "payment"
    __table_args__ = (
        CheckConstraint(
            "(version_id IS NULL) = (timesheet_id IS NULL) "
            "AND (claim_id IS NULL) <> (timesheet_id IS NULL)",
            name="one_of_two",
        ),
    )

    version_id: Mapped[int | None] = mapped_column(ForeignKey("timesheet_version.id"), unique=True)
    timesheet_id: Mapped[int | None] = mapped_column(ForeignKey("timesheet.id"), index=True)
    claim_id: Mapped[int | None] = mapped_column(ForeignKey("claim.id"), unique=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("payroll_run.id"), index=True)
    provider_id: Mapped[int] = mapped_column(ForeignKey("provider.id"), index=True)
    gross_cents: Mapped[int]
    minutes: Mapped[int]
    created_at: Mapped[datetime]
    issued_at: Mapped[datetime | None]
    disputed_at: Mapped[datetime | None]
    dispute_reason: Mapped[str | None]  # a reason code
    dispute_note: Mapped[str | None]
    settled_at: Mapped[datetime | None]
    settled_reason: Mapped[str | None]
    lines: Mapped[list["EarningsLine"]] = relationship(
        back_populates="payment", order_by="EarningsLine.id"
    )
    run: Mapped[PayrollRun] = relationship(lazy="joined", innerjoin=True)
    version: Mapped[TimesheetVersion | None] = relationship()
    timesheet: Mapped[Timesheet | None] = relationship()
    claim: Mapped[Claim | None] = relationship()

    @property
    def paid_for(self) -> Timesheet | Claim:
        """The timesheet or the claim; each has an assignment and a half month."""
        found = self.claim or self.timesheet
        assert found is not None  # noqa: S101 - the table has one of the two
        return found

    @property
    def assignment(self) -> Assignment:
        return self.paid_for.assignment

    @property
    def period_starts_on(self) -> date:
        return self.paid_for.period_starts_on

    @property
    def status(self) -> str | None:
        """How it stands, as domain/timesheets.PaymentStatus has it.

        A sheet's own status is that of its newest payment: while a correction waits for its payment,
        or is held, what was issued before stays issued.
        """
        if self.claim is not None:
            return PAYMENT_STATUS.get(self.claim.status)
        status = None if self.timesheet is None else self.timesheet.payment_status
        is_issued = self.issued_at is not None and status in {
            None,
            PaymentStatus.WAITING_FOR_PAYMENT,
        }
        return PaymentStatus.PAYMENT_ISSUED if is_issued else status


class EarningsLine(Base):
    """One line of a payment: a kind of pay at one rate; `week_of` names a premium's workweek."""

    __tablename__ = "earnings_line"
    __table_args__ = (
        CheckConstraint(
            "kind IN ('straight', 'travel', 'sick_leave', 'overtime_premium')", name="kind"
        ),
    )

    payment_id: Mapped[int] = mapped_column(ForeignKey("payment.id"), index=True)
    kind: Mapped[str]
    week_of: Mapped[date | None]
    rate_cents: Mapped[int]
    minutes: Mapped[int]
    cents: Mapped[int]
    payment: Mapped[Payment] = relationship(back_populates="lines")


def payments_of(provider_id: int) -> Select[Payment]:
    """A provider's own payments, the newest first."""
    return select(Payment).where(Payment.provider_id == provider_id).order_by(Payment.id.desc())
