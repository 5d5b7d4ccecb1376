"""How does what was approved become a payment, exactly once, whatever happens on the way?

A run pays a provider at a time into the day's batch, then closes, writes and issues the batch (see
payroll_batches). It may be killed at any moment and run again, and two may run at once: providers and
batches are locked while they are worked on, and a version has one payment by the table's own rule.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from pathlib import Path

from sqlalchemy import Select, exists, select
from sqlalchemy.orm import Session

from app.domain.earnings import Line, total_cents
from app.domain.outcomes import Refused
from app.domain.periods import local_day
from app.domain.timesheets import PaymentStatus, SheetStatus
from app.models.cases import Assignment
from app.models.payments import EarningsLine, Payment, PayrollRun
from app.models.people import Provider
from app.models.timesheets import Timesheet, TimesheetHold, TimesheetVersion
from app.services import earnings
from app.services.payroll_batches import Batches, Checkpoint, Totals, totals_of


@dataclass(frozen=True, slots=True)
class Unpaid:
    """A sheet that is ready and cannot be paid, and why."""

    timesheet_id: int
    refused: Refused


@dataclass(frozen=True, slots=True)
class PayrollSummary:
    """What is issued with this date: by this run, and by those before it.

    `totals` and `files` are of the whole date; `newly_issued` counts this run's payments. `taken_up`
    are earlier dates whose batch had been cut short and is finished now.
    """

    issue_on: date
    totals: Totals
    newly_issued: int
    files: tuple[str, ...]
    taken_up: tuple[date, ...]
    unpaid: tuple[Unpaid, ...]


def run(
    session: Session,
    issue_on: date,
    *,
    at: datetime,
    folder: Path,
    checkpoint: Checkpoint = lambda step: None,
) -> PayrollSummary:
    """Pay all that is approved and not held, with this issue date; commits as it goes.

    The batch file goes to `folder`. An earlier date's batch that was cut short is finished first. A
    sheet that cannot be paid is left, named in the summary, and stops no other. `checkpoint` is told
    each step, for tests that pull the plug there. Refuses with PAY_DATE_PAST. Authority: decision 11.
    """
    today = local_day(at)
    if issue_on < today:
        raise Refused("PAY_DATE_PAST", date_on=issue_on, today_on=today)
    session.commit()
    batches = Batches(session, at, folder, checkpoint)
    taken_up = batches.finish_cut_short(today)
    unpaid = _pay_everybody(session, batches, issue_on)
    for batch in batches.unfinished(PayrollRun.issue_on == issue_on):
        batches.finish(batch)
    batches.restore_files(issue_on)
    return PayrollSummary(
        issue_on=issue_on,
        totals=totals_of(session, PayrollRun.issue_on == issue_on),
        newly_issued=batches.issued,
        files=tuple(batch.file_name for batch in batches.of(issue_on) if batch.file_name),
        taken_up=tuple(taken_up),
        unpaid=tuple(Unpaid(sheet_id, why) for sheet_id, why in sorted(unpaid.items())),
    )


def _pay_everybody(session: Session, batches: Batches, issue_on: date) -> dict[int, Refused]:
    """Pay until nobody waits; answers which sheets cannot be paid, and why."""
    unpaid: dict[int, Refused] = {}
    while providers := _providers_to_pay(session, unpaid):
        for provider_id in providers:
            unpaid |= batches.in_a_transaction(
                "pay", partial(_pay, session, batches, issue_on, provider_id)
            )
    return unpaid


def _providers_to_pay(session: Session, unpaid: Collection[int]) -> list[int]:
    """Who has something to be paid, in a steady order."""
    waiting = session.scalars(
        _payable()
        .with_only_columns(Assignment.provider_id)
        .where(Timesheet.id.not_in(unpaid))
        .order_by(None)
        .distinct()
    )
    providers = sorted(waiting)
    session.commit()
    return providers


def _pay(
    session: Session, batches: Batches, issue_on: date, provider_id: int
) -> dict[int, Refused]:
    """Put all that a provider can be paid into the day's batch; answers what she cannot be paid.

    Nobody else pays her meanwhile: the week's premium depends on what is paid already.
    """
    her = select(Provider.id).where(Provider.id == provider_id)
    session.execute(her.with_for_update(key_share=True))
    waiting = session.execute(
        _payable()
        .where(Assignment.provider_id == provider_id)
        .with_for_update(of=Timesheet, key_share=True)
        .execution_options(populate_existing=True)
    ).all()
    unpaid = {}
    for timesheet, version in waiting:
        try:
            payment = _payment(session, timesheet, version, at=batches.at)
        except Refused as refused:
            unpaid[timesheet.id] = refused
            continue
        payment.run = batches.open_on(issue_on)
        session.add(payment)
        session.flush()  # her next sheet of the same week must see it
    return unpaid


def _payment(
    session: Session, timesheet: Timesheet, version: TimesheetVersion, *, at: datetime
) -> Payment:
    """What a signed version is paid, line by line; Refused NO_WAGE_RATE where a wage is missing."""
    minutes = earnings.signed_minutes(version.content)
    lines = earnings.lines_for(session, timesheet.assignment, minutes)
    return Payment(
        version_id=version.id,
        timesheet_id=timesheet.id,
        provider_id=timesheet.assignment.provider_id,
        gross_cents=total_cents(lines),
        minutes=sum(minutes.values()),
        created_at=at,
        lines=[_row(line) for line in lines],
    )


def _payable() -> Select[Timesheet, TimesheetVersion]:
    """Approved sheets that nothing holds and that wait for payment, with the version that was signed."""
    paid = exists().where(Payment.version_id == TimesheetVersion.id)
    held = exists().where(
        TimesheetHold.timesheet_id == Timesheet.id, TimesheetHold.released_at.is_(None)
    )
    return (
        select(Timesheet, TimesheetVersion)
        .join(TimesheetVersion, TimesheetVersion.timesheet_id == Timesheet.id)
        .join(Timesheet.assignment)
        .where(
            Timesheet.status == SheetStatus.APPROVED,
            Timesheet.payment_status == PaymentStatus.WAITING_FOR_PAYMENT,
            TimesheetVersion.approved_at.is_not(None),
            TimesheetVersion.withdrawn_at.is_(None),
            ~paid,
            ~held,
        )
        .order_by(Timesheet.period_starts_on, Timesheet.id, TimesheetVersion.number)
    )


def _row(line: Line) -> EarningsLine:
    return EarningsLine(
        kind=line.kind,
        week_of=None if line.week is None else line.week.starts_on,
        rate_cents=line.rate_cents,
        minutes=line.minutes,
        cents=line.cents,
    )
