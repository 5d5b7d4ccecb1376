"""How does what was approved become a payment, exactly once, whatever happens on the way?

A run pays a provider at a time into the day's batch, then closes, writes and issues the batch (see
payroll_batches). It may be killed at any moment and run again, and two may run at once: providers and
batches are locked while they are worked on, and a version has one payment by the table's own rule.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial
from pathlib import Path

from sqlalchemy import Exists, Select, exists, select
from sqlalchemy.orm import Session, aliased

from app.domain.earnings import LineKind, total_cents
from app.domain.outcomes import Refused
from app.domain.periods import local_day
from app.domain.timesheets import PaymentStatus, SheetStatus
from app.models.cases import Assignment
from app.models.claims import Claim
from app.models.engine import writing
from app.models.payments import Payment, PayrollRun
from app.models.people import Provider
from app.models.timesheets import Timesheet, TimesheetHold, TimesheetVersion
from app.services import claim_pay, earnings
from app.services.payroll_batches import Batches, Checkpoint, Totals, totals_of


@dataclass(frozen=True, slots=True)
class Unpaid:
    """A sheet or a claim that is ready and cannot be paid, and why; one of the two ids is None."""

    timesheet_id: int | None
    refused: Refused
    claim_id: int | None = None


@dataclass(slots=True)
class _Unpayable:
    """What this run could not pay, by id, so that it does not try again."""

    sheets: dict[int, Refused] = field(default_factory=dict)
    claims: dict[int, Refused] = field(default_factory=dict)

    def add(self, more: "_Unpayable") -> None:
        self.sheets |= more.sheets
        self.claims |= more.claims

    def listed(self) -> tuple[Unpaid, ...]:
        sheets = [Unpaid(sheet_id, why) for sheet_id, why in sorted(self.sheets.items())]
        claims = [Unpaid(None, why, claim_id) for claim_id, why in sorted(self.claims.items())]
        return (*sheets, *claims)


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

    Claims are paid beside the sheets, travel once its own sheet is processed. The batch file goes to
    `folder`. An earlier date's batch that was cut short is finished first. What cannot be paid is left, named in the summary, and stops no other. `checkpoint` is told
    each step, for tests that pull the plug there. Refuses with PAY_DATE_PAST. Authority: decision 11.
    """
    today = local_day(at)
    if issue_on < today:
        raise Refused("PAY_DATE_PAST", date_on=issue_on, today_on=today)
    session.commit()
    batches = Batches(session, at, folder, checkpoint)
    taken_up = batches.finish_cut_short(today)
    with writing():
        claim_pay.go_on_due(session, at=at)
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
        unpaid=unpaid.listed(),
    )


def _pay_everybody(session: Session, batches: Batches, issue_on: date) -> _Unpayable:
    """Pay until nobody waits; answers what cannot be paid, and why."""
    unpaid = _Unpayable()
    while providers := _providers_to_pay(session, unpaid):
        for provider_id in providers:
            unpaid.add(
                batches.in_a_transaction(
                    "pay", partial(_pay, session, batches, issue_on, provider_id)
                )
            )
    return unpaid


def _providers_to_pay(session: Session, unpaid: _Unpayable) -> list[int]:
    """Who has something to be paid, in a steady order."""
    waiting = session.scalars(
        _payable()
        .with_only_columns(Assignment.provider_id)
        .where(Timesheet.id.not_in(unpaid.sheets))
        .order_by(None)
        .distinct()
    )
    claimed = session.scalars(
        claim_pay.payable()
        .with_only_columns(Assignment.provider_id)
        .where(Claim.id.not_in(unpaid.claims))
        .order_by(None)
        .distinct()
    )
    providers = sorted({*waiting, *claimed})
    session.commit()
    return providers


def _pay(session: Session, batches: Batches, issue_on: date, provider_id: int) -> _Unpayable:
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
    claimed = session.scalars(
        claim_pay.payable(provider_id)
        .with_for_update(of=Claim, key_share=True)
        .execution_options(populate_existing=True)
    ).all()
    unpaid = _Unpayable()
    for timesheet, version in waiting:
        pay = partial(_payment, session, timesheet, version, at=batches.at)
        _put(session, batches, issue_on, pay, unpaid.sheets, timesheet.id)
    for claim in claimed:
        pay = partial(claim_pay.payment, session, claim, at=batches.at)
        _put(session, batches, issue_on, pay, unpaid.claims, claim.id)
    return unpaid


def _put(
    session: Session,
    batches: Batches,
    issue_on: date,
    pay: Callable[[], Payment],
    unpaid: dict[int, Refused],
    paid_for: int,
) -> None:
    """Put one payment into the day's batch, or note why it cannot be."""
    try:
        payment = pay()
    except Refused as refused:
        unpaid[paid_for] = refused
        return
    payment.run = batches.open_on(issue_on)
    session.add(payment)
    session.flush()  # her next sheet or claim of the same week must see it


def _payment(
    session: Session, timesheet: Timesheet, version: TimesheetVersion, *, at: datetime
) -> Payment:
    """What a signed version is paid, line by line; Refused NO_WAGE_RATE where a wage is missing.

    Where an earlier version of the sheet was paid, it is the difference, hours and money alike.
    """
    minutes = earnings.signed_minutes(version.content)
    lines = earnings.lines_for(session, timesheet.assignment, minutes)
    return Payment(
        version_id=version.id,
        timesheet_id=timesheet.id,
        provider_id=timesheet.assignment.provider_id,
        gross_cents=total_cents(lines),
        minutes=sum(line.minutes for line in lines if line.kind is LineKind.STRAIGHT),
        created_at=at,
        lines=[earnings.row(line) for line in lines],
    )


def _payable() -> Select[Timesheet, TimesheetVersion]:
    """What both signed, nothing holds and is not paid: of each sheet the newest such version.

    It is paid also while its provider corrects the sheet, for it stands until then.
    """
    paid = exists().where(Payment.version_id == TimesheetVersion.id)
    newer = aliased(TimesheetVersion)
    replaced = exists().where(
        newer.timesheet_id == TimesheetVersion.timesheet_id,
        newer.number > TimesheetVersion.number,
        newer.approved_at.is_not(None),
        newer.withdrawn_at.is_(None),
        ~_held(newer),
    )
    return (
        select(Timesheet, TimesheetVersion)
        .join(TimesheetVersion, TimesheetVersion.timesheet_id == Timesheet.id)
        .join(Timesheet.assignment)
        .where(
            Timesheet.status.in_(set(SheetStatus) - {SheetStatus.CANCELLED}),
            Timesheet.payment_status == PaymentStatus.WAITING_FOR_PAYMENT,
            TimesheetVersion.approved_at.is_not(None),
            TimesheetVersion.withdrawn_at.is_(None),
            ~paid,
            ~replaced,
            ~_held(TimesheetVersion),
        )
        .order_by(Timesheet.period_starts_on, Timesheet.id, TimesheetVersion.number)
    )


def _held(version: type[TimesheetVersion]) -> Exists:
    return exists().where(
        TimesheetHold.version_id == version.id, TimesheetHold.released_at.is_(None)
    )
