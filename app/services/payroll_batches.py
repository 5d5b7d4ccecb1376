"""How is a day's batch of payments closed, written to its file and issued, once?

Each step has a transaction of its own, so that a run may be killed between any two and taken up
again, or be at work twice at once. What is closed never changes, so the file is the same, byte for
byte, however often it is written.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TypeVar

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, contains_eager, joinedload, selectinload

from app.domain import business_days
from app.domain.claims import ClaimAction
from app.domain.outcomes import Refused
from app.domain.permissions import Role
from app.domain.timesheets import Action
from app.gateways import payment_file
from app.gateways.holidays import CALIFORNIA
from app.models.accounts import Account
from app.models.engine import writing
from app.models.payments import Payment, PayrollRun
from app.models.people import Provider
from app.models.timesheets import TimesheetVersion
from app.services import audit, claim_steps, notices, sheet_status

ISSUED_AT_A_TIME = 50
READ_AT_A_TIME = 500
TRIES = 5

Checkpoint = Callable[[str], None]
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Totals:
    """How many payments, for how many minutes, for how many cents before deductions."""

    payments: int
    minutes: int
    gross_cents: int


class Batches:
    """The batches as one run works on them. `checkpoint` is told each step, before and after it counts."""

    def __init__(
        self, session: Session, at: datetime, folder: Path, checkpoint: Checkpoint
    ) -> None:
        self.session, self.at, self.folder, self.checkpoint = session, at, folder, checkpoint
        self.issued = 0

    def of(self, issue_on: date) -> list[PayrollRun]:
        """All batches of a date, by number."""
        return self._batches(PayrollRun.issue_on == issue_on)

    def finish_cut_short(self, today: date) -> list[date]:
        """Finish the batches of days gone by that a killed run left behind; answers their dates."""
        batches = self.unfinished(PayrollRun.issue_on < today)
        for batch in batches:
            self.finish(batch)
        return [batch.issue_on for batch in batches]

    def unfinished(self, which: ColumnElement[bool]) -> list[PayrollRun]:
        """The batches whose file is not yet written or whose payments are not all issued."""
        return self._batches(which, PayrollRun.finished_at.is_(None))

    def open_on(self, issue_on: date) -> PayrollRun:
        """The day's batch that still takes payments, locked, or the next one; within a transaction."""
        newest = self.session.scalars(
            select(PayrollRun)
            .where(PayrollRun.issue_on == issue_on)
            .order_by(PayrollRun.number.desc())
            .limit(1)
            .with_for_update(key_share=True)
            .execution_options(populate_existing=True)
        ).first()
        if newest is not None and newest.closed_at is None:
            return newest
        number = 1 if newest is None else newest.number + 1
        batch = PayrollRun(issue_on=issue_on, number=number, started_at=self.at)
        self.session.add(batch)
        self.session.flush()
        return batch

    def finish(self, batch: PayrollRun) -> None:
        """Close the batch, write its file, and issue what is in it."""
        self.in_a_transaction("close", lambda: self._close(batch))
        file_hash = self._write_file(batch)
        while issued := self.in_a_transaction("issue", lambda: self._issue_some(batch)):
            self.issued += issued
        self.in_a_transaction("finish", lambda: self._note_finished(batch, file_hash))

    def restore_files(self, issue_on: date) -> None:
        """Write a finished batch's file again where it is gone; one that was changed is refused."""
        for batch in self._batches(
            PayrollRun.issue_on == issue_on, PayrollRun.finished_at.is_not(None)
        ):
            there = payment_file.hash_of(self.folder / _file_of(batch).file_name)
            if there is None:
                there = self._write_file(batch)
            if there != batch.file_hash:
                raise Refused("PAYMENT_FILE_CHANGED", file=_file_of(batch).file_name)

    def in_a_transaction(self, name: str, step: Callable[[], Result]) -> Result:
        """Do a step and commit; from its start again when somebody else wrote the same row first."""
        for tries_left in reversed(range(TRIES)):
            with writing():
                try:
                    result = step()
                    self.session.flush()
                    self.checkpoint(f"{name}: before the commit")
                    self.session.commit()
                except IntegrityError:
                    self.session.rollback()
                    if not tries_left:
                        raise
                else:
                    self.checkpoint(f"{name}: after the commit")
                    return result
        raise AssertionError("a loop over tries always answers or raises")

    def _close(self, batch: PayrollRun) -> None:
        audit.take_turns(self.session, None)
        self._lock(batch)
        if batch.closed_at is None:
            batch.closed_at = self.at
            totals = totals_of(self.session, PayrollRun.id == batch.id)
            self._record(batch, "payroll:close", asdict(totals))

    def _write_file(self, batch: PayrollRun) -> str:
        file_hash = payment_file.write(
            self.folder,
            _file_of(batch),
            _records(self.session, batch),
            before_rename=lambda: self.checkpoint("file: written, not yet under its name"),
        )
        self.session.commit()
        self.checkpoint("file: under its name")
        return file_hash

    def _issue_some(self, batch: PayrollRun) -> int:
        self._lock(batch)
        payments = self.session.scalars(
            select(Payment)
            .where(Payment.run_id == batch.id, Payment.issued_at.is_(None))
            .order_by(Payment.id)
            .limit(ISSUED_AT_A_TIME)
            .options(joinedload(Payment.timesheet), joinedload(Payment.claim))
        ).all()
        accounts = self._accounts_of({payment.provider_id for payment in payments})
        paid_before = self._paid_before(payments)
        for payment in payments:
            is_difference = payment.timesheet_id in paid_before
            self._issue(payment, accounts.get(payment.provider_id), is_difference)
            paid_before.add(payment.timesheet_id)
        return len(payments)

    def _paid_before(self, payments: Sequence[Payment]) -> set[int | None]:
        """Of which sheets something was issued before: what comes now is the difference."""
        return set(
            self.session.scalars(
                select(Payment.timesheet_id).where(
                    Payment.timesheet_id.in_([payment.timesheet_id for payment in payments]),
                    Payment.issued_at.is_not(None),
                )
            )
        )

    def _issue(self, payment: Payment, account: Account | None, is_difference: bool) -> None:
        payment.issued_at = self.at  # first, for the act asks which versions are paid now
        if payment.timesheet is not None:
            sheet_status.move(
                self.session, payment.timesheet, Action.ISSUE_PAYMENT, by=None, at=self.at
            )
        if payment.claim is not None:
            claim_steps.move(
                self.session, payment.claim, ClaimAction.ISSUE_PAYMENT, by=None, at=self.at
            )
        arrives_on = business_days.money_arrives_on(payment.run.issue_on, CALIFORNIA)
        facts = {
            "payment_id": payment.id,
            "recipient": payment.assignment.recipient.person.full_name,
            "half_period": payment.period_starts_on.isoformat(),
            "gross_cents": payment.gross_cents,
            "arrives_on": arrives_on.isoformat(),
        }
        to = [] if account is None else [account]
        if payment.claim is not None:
            notices.queue(self.session, to, "CLAIM_PAID", facts, at=self.at)
        else:
            facts["timesheet"] = payment.timesheet_id
            code = _difference_code(payment) if is_difference else "PAYMENT_ISSUED"
            notices.queue(self.session, to, code, facts, at=self.at)

    def _accounts_of(self, provider_ids: set[int]) -> dict[int, Account]:
        rows = self.session.execute(
            select(Provider.id, Account)
            .join(Account, Account.person_id == Provider.person_id)
            .where(Provider.id.in_(provider_ids), Account.role == Role.PROVIDER)
        )
        return {row[0]: row[1] for row in rows}

    def _note_finished(self, batch: PayrollRun, file_hash: str) -> None:
        audit.take_turns(self.session, None)
        self._lock(batch)
        if batch.finished_at is None:
            batch.finished_at = self.at
            batch.file_name, batch.file_hash = _file_of(batch).file_name, file_hash
            self._record(batch, "payroll:issue", {"sha256": file_hash})

    def _batches(self, *which: ColumnElement[bool]) -> list[PayrollRun]:
        found = self.session.scalars(
            select(PayrollRun)
            .where(*which)
            .order_by(PayrollRun.issue_on, PayrollRun.number)
            .execution_options(populate_existing=True)
        ).all()
        self.session.commit()
        return list(found)

    def _lock(self, batch: PayrollRun) -> None:
        self.session.refresh(batch, with_for_update={"key_share": True})

    def _record(self, batch: PayrollRun, action: str, facts: dict[str, object]) -> None:
        facts = {"issue_on": batch.issue_on.isoformat(), "number": batch.number, **facts}
        audit.record(
            self.session, action, f"payroll_run:{batch.id}", by=None, at=self.at, facts=facts
        )


def totals_of(session: Session, which: ColumnElement[bool]) -> Totals:
    """The totals of the batches that a condition on PayrollRun picks."""
    payments, minutes, cents = session.execute(
        select(func.count(), func.sum(Payment.minutes), func.sum(Payment.gross_cents))
        .join(PayrollRun, Payment.run_id == PayrollRun.id)
        .where(which)
    ).one()
    return Totals(payments, int(minutes or 0), int(cents or 0))


def _difference_code(payment: Payment) -> str:
    """What its provider is told of a corrected sheet's payment."""
    if not payment.gross_cents:
        return "PAYMENT_UNCHANGED"
    return "PAYMENT_ADDED" if payment.gross_cents > 0 else "PAYMENT_LOWERED"


def _file_of(batch: PayrollRun) -> payment_file.Batch:
    return payment_file.Batch(batch.issue_on, batch.number)


def _records(session: Session, batch: PayrollRun) -> Iterator[payment_file.PaymentRecord]:
    """The batch's payments for its file, in an order that does not depend on when they were made."""
    payments = session.scalars(
        select(Payment)
        .outerjoin(Payment.version)
        .where(Payment.run_id == batch.id)
        .order_by(
            Payment.claim_id.is_not(None),
            Payment.timesheet_id,
            TimesheetVersion.number,
            Payment.claim_id,
        )
        .options(
            contains_eager(Payment.version),
            joinedload(Payment.timesheet),
            joinedload(Payment.claim),
            selectinload(Payment.lines),
        )
        .execution_options(yield_per=READ_AT_A_TIME)
    )
    for payment in payments:
        assignment = payment.assignment
        yield payment_file.PaymentRecord(
            paid_for=_named(payment),
            provider_number=assignment.provider.number,
            case_number=assignment.case.number,
            program=assignment.program,
            period_starts_on=payment.period_starts_on,
            minutes=payment.minutes,
            gross_cents=payment.gross_cents,
            lines=tuple(
                payment_file.PaymentLine(
                    line.kind, line.week_of, line.rate_cents, line.minutes, line.cents
                )
                for line in payment.lines
            ),
        )


def _named(payment: Payment) -> payment_file.SheetVersion | payment_file.SignedClaim:
    """What names the payment for ever: the version or the claim that was signed."""
    if payment.version is not None:
        version = payment.version
        return payment_file.SheetVersion(version.timesheet_id, version.number, version.receipt)
    claim = payment.claim
    assert claim is not None  # noqa: S101 - the table has one of the two
    assert claim.receipt is not None  # noqa: S101 - what is paid was signed
    return payment_file.SignedClaim(claim.id, claim.kind, claim.receipt)
