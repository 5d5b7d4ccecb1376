"""Where does the pay for a half month stand: who has it now, since when, and when is it expected?

Promise 8 of the interface: Submitted → Approved → Waiting for payment → Payment issued.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.domain import business_days
from app.domain.outcomes import Finding
from app.domain.periods import local_day
from app.domain.timesheets import COUNTY_HOLDS, Action, Hold, PaymentStatus, SheetStatus
from app.gateways.holidays import CALIFORNIA
from app.models.payments import Payment
from app.models.timesheets import Timesheet, TimesheetHold, TimesheetStatus

REACHED_BY: Mapping[str, str] = {
    Action.SUBMIT: "submitted",
    Action.APPROVE: "approved",
    Action.QUEUE_PAYMENT: "waiting_for_payment",
    Action.ISSUE_PAYMENT: "payment_issued",
}


@dataclass(frozen=True, slots=True)
class Tracker:
    """The steps reached with their days, and what to say of the one that it waits for.

    `current` is the last step reached, None before the sheet is submitted. `holder` says who has it
    and since when, `expected` the day the money should arrive, `held` why it waits; each is a code
    with its facts, for web/wording.
    """

    current: str | None
    dates: Mapping[str, date]
    holder: Finding
    expected: Finding | None
    held: tuple[Finding, ...]


def tracker(session: Session, timesheet: Timesheet, today: date) -> Tracker:
    """Where the pay for one sheet stands today."""
    return trackers(session, [timesheet], today)[timesheet.id]


def trackers(session: Session, sheets: Sequence[Timesheet], today: date) -> dict[int, Tracker]:
    """The same for several sheets by their ids, in three statements however many they are."""
    ids = [sheet.id for sheet in sheets]
    history = _history(session, ids)
    holds = _holds(session, ids)
    payments = _payments(session, ids)
    return {
        sheet.id: _Standing(
            sheet, history[sheet.id], holds[sheet.id], payments.get(sheet.id), today
        ).tracker()
        for sheet in sheets
    }


@dataclass(frozen=True, slots=True)
class _Standing:
    """Everything there is to know of one sheet's way to pay."""

    sheet: Timesheet
    reached: Mapping[str, datetime]
    holds: Sequence[TimesheetHold]
    payment: Payment | None
    today: date

    def tracker(self) -> Tracker:
        current = self._current()
        return Tracker(
            current=current,
            dates=self._dates(current),
            holder=self._holder(current),
            expected=self._expected(current),
            held=self._held(),
        )

    def _current(self) -> str | None:
        paid = self.sheet.payment_status
        if paid is not None:
            issued = paid != PaymentStatus.WAITING_FOR_PAYMENT
            return "payment_issued" if issued else "waiting_for_payment"
        if self.sheet.status in {SheetStatus.SUBMITTED, SheetStatus.ON_HOLD}:
            return "approved" if self._is_signed() else "submitted"
        return "approved" if self.sheet.status == SheetStatus.APPROVED else None

    def _is_signed(self) -> bool:
        """Whether the recipient has signed what the provider signed last."""
        submitted, approved = self.reached.get("submitted"), self.reached.get("approved")
        return submitted is not None and approved is not None and approved >= submitted

    def _dates(self, current: str | None) -> dict[str, date]:
        """Only of the way that it is on now: a sheet that was sent back begins again."""
        steps = list(REACHED_BY.values())
        reached = steps[: steps.index(current) + 1] if current else []
        return {step: local_day(self.reached[step]) for step in reached if step in self.reached}

    def _holder(self, current: str | None) -> Finding:
        if self.sheet.payment_status == PaymentStatus.DISPUTED and self.payment is not None:
            return _since("COUNTY_SETTLES", self.payment.disputed_at)
        if current == "payment_issued":
            return _since("MONEY_ON_ITS_WAY", self.reached.get("payment_issued"))
        if current == "waiting_for_payment":
            return _since("PAYROLL_HAS_IT", self.reached.get("waiting_for_payment"))
        county = [hold for hold in self.holds if hold.code in COUNTY_HOLDS]
        if county:
            return _since("COUNTY_HAS_IT", min(hold.placed_at for hold in county))
        if current == "approved":
            return _since("MIDNIGHT_HAS_IT", self.reached.get("approved"))
        if current == "submitted":
            name = self.sheet.assignment.recipient.person.full_name
            return _since("RECIPIENT_HAS_IT", self.reached.get("submitted"), name=name)
        is_rejected = self.sheet.status == SheetStatus.REJECTED
        return Finding("PROVIDER_CORRECTS_IT" if is_rejected else "PROVIDER_HAS_IT")

    def _expected(self, current: str | None) -> Finding | None:
        waits = self.sheet.payment_status == PaymentStatus.WAITING_FOR_PAYMENT
        is_of_before = self.payment is not None and self.payment.issued_at is not None and waits
        if self.payment is not None and not is_of_before:
            arrives_on = business_days.money_arrives_on(self.payment.run.issue_on, CALIFORNIA)
            is_there = arrives_on <= self.today
            code = "SHOULD_HAVE_ARRIVED" if is_there else "EXPECTED_ON"
            return Finding(code, {"expected_on": arrives_on})
        if any(hold.code in COUNTY_HOLDS for hold in self.holds) or current is None:
            return None
        code = "EXPECTED_IF_SIGNED" if current == "submitted" else "EXPECTED_ON"
        name = self.sheet.assignment.recipient.person.full_name
        expected_on = business_days.expected_pay_on(self._payable_on(), CALIFORNIA)
        return Finding(code, {"name": name, "expected_on": expected_on})

    def _payable_on(self) -> date:
        """Today, or the day on which an EARLY hold ends by itself."""
        ends = [hold.releases_at for hold in self.holds if hold.releases_at is not None]
        return max([self.today, *(local_day(at) for at in ends)])

    def _held(self) -> tuple[Finding, ...]:
        return tuple(Finding(f"HELD_{Hold(hold.code)}") for hold in self.holds)


def _since(code: str, at: datetime | None, **facts: object) -> Finding:
    return Finding(code, facts if at is None else {**facts, "since_on": local_day(at)})


def _history(session: Session, ids: Iterable[int]) -> dict[int, dict[str, datetime]]:
    """When each sheet last reached each step."""
    reached: dict[int, dict[str, datetime]] = defaultdict(dict)
    steps = session.scalars(
        select(TimesheetStatus)
        .where(TimesheetStatus.timesheet_id.in_(ids), TimesheetStatus.action.in_(REACHED_BY))
        .order_by(TimesheetStatus.id)
    )
    for step in steps:
        reached[step.timesheet_id][REACHED_BY[step.action]] = step.at
    return reached


def _holds(session: Session, ids: Iterable[int]) -> dict[int, list[TimesheetHold]]:
    active = session.scalars(
        select(TimesheetHold)
        .where(TimesheetHold.timesheet_id.in_(ids), TimesheetHold.released_at.is_(None))
        .order_by(TimesheetHold.timesheet_id, TimesheetHold.id)
    )
    found: dict[int, list[TimesheetHold]] = defaultdict(list)
    for sheet_id, holds in groupby(active, key=lambda hold: hold.timesheet_id):
        found[sheet_id] = list(holds)
    return found


def _payments(session: Session, ids: Iterable[int]) -> dict[int, Payment]:
    """The last payment of each sheet."""
    found = session.scalars(
        select(Payment)
        .where(Payment.timesheet_id.in_(ids))
        .options(joinedload(Payment.run))
        .order_by(Payment.id)
    )
    return {payment.timesheet_id: payment for payment in found if payment.timesheet_id}
