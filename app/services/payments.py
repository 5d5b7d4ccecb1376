"""What was a provider paid, line by line, and what happens when she says that it is wrong?"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select, union_all
from sqlalchemy.orm import Session, aliased, joinedload, selectinload

from app.domain.claims import ClaimAction, ClaimStatus
from app.domain.disputes import check_answer, check_dispute
from app.domain.outcomes import Refused
from app.domain.permissions import Role
from app.domain.timesheets import Action, PaymentStatus, SheetStatus
from app.models.accounts import Account
from app.models.cases import Assignment, Case
from app.models.claims import Claim
from app.models.payments import EarningsLine, Payment, payments_of
from app.models.people import Recipient
from app.models.timesheets import Timesheet
from app.services import audit, claim_steps, notices, sheet_status, timesheets

READ_AT_A_TIME = 200
PAID_FOR = (joinedload(Payment.timesheet), joinedload(Payment.claim))


@dataclass(frozen=True, slots=True)
class PaidLine:
    """A line of earnings with the payment that it belongs to, for the history."""

    payment: Payment
    line: EarningsLine


def list_of(
    session: Session, account: Account, *, limit: int, offset: int = 0
) -> Sequence[Payment]:
    """A page of a provider's payments, the newest first."""
    return session.scalars(
        _own(session, account).options(*PAID_FOR).limit(limit).offset(offset)
    ).all()


def own(session: Session, account: Account, payment_id: int) -> Payment:
    """One of a provider's own payments with its lines; NoResultFound for a stranger's or unknown one."""
    return session.scalars(
        _own(session, account)
        .where(Payment.id == payment_id)
        .options(*PAID_FOR, selectinload(Payment.lines))
    ).one()


def history_of(session: Session, account: Account) -> Iterator[PaidLine]:
    """Every line that a provider was ever paid, the newest payment first; read a piece at a time."""
    payments = session.scalars(
        _own(session, account)
        .options(*PAID_FOR, selectinload(Payment.lines))
        .execution_options(yield_per=READ_AT_A_TIME)
    )
    for payment in payments:
        for line in payment.lines:
            yield PaidLine(payment, line)


def is_disputable(payment: Payment) -> bool:
    """Whether the provider can say now that the payment is wrong."""
    return payment.status == PaymentStatus.PAYMENT_ISSUED


def dispute(
    session: Session,
    payment: Payment,
    *,
    reason: str | None,
    note: str | None,
    by: Account,
    at: datetime,
) -> None:
    """Say that a payment is wrong; its county is told. Commits. The amount itself never changes.

    Refuses with NOT_DISPUTABLE, DISPUTE_REASON_MISSING, DISPUTE_NOTE_MISSING and
    DISPUTE_NOTE_TOO_LONG.
    """
    code, told = check_dispute(reason, note)
    audit.take_turns(session, by)
    _lock(session, payment)
    if not is_disputable(payment):
        raise Refused("NOT_DISPUTABLE")
    _move(session, payment, Action.DISPUTE, by=by, at=at, reason=code)
    payment.disputed_at, payment.dispute_reason, payment.dispute_note = at, code, told
    payment.settled_at = payment.settled_reason = None
    _record(session, "payment:dispute", payment, by=by, at=at, facts={"reason": code})
    county = _workers_of(session, payment.assignment.recipient.county_id)
    notices.queue(session, county, "PAYMENT_DISPUTED", _named(payment), at=at)
    session.commit()


def settle(
    session: Session, payment: Payment, *, answer: str | None, by: Account, at: datetime
) -> None:
    """Answer a dispute as the county; the provider is told. Commits.

    Refuses with NOT_DISPUTED, SETTLE_REASON_MISSING and SETTLE_REASON_TOO_LONG.
    """
    told = check_answer(answer)
    audit.take_turns(session, by)
    _lock(session, payment)
    if payment.status != PaymentStatus.DISPUTED:
        raise Refused("NOT_DISPUTED")
    _move(session, payment, Action.SETTLE, by=by, at=at, reason=told)
    payment.settled_at, payment.settled_reason = at, told
    _record(session, "payment:settle", payment, by=by, at=at, facts={"reason": told})
    person_id = payment.assignment.provider.person_id
    provider = notices.accounts_of_people(session, [person_id], Role.PROVIDER)
    facts = _named(payment) | {"reason": told}
    notices.queue(session, provider, "PAYMENT_SETTLED", facts, at=at)
    session.commit()


def disputed_in(session: Session, county_id: int | None, *, limit: int) -> Sequence[Payment]:
    """The open disputes about a county's recipients, the longest waiting first."""
    return session.scalars(
        _disputed_in(county_id).order_by(Payment.disputed_at, Payment.id).limit(limit)
    ).all()


def disputed_one(session: Session, account: Account, payment_id: int) -> Payment:
    """One open dispute of a county worker's own county with its lines; else NoResultFound."""
    return session.scalars(
        _disputed_in(account.county_id)
        .where(Payment.id == payment_id)
        .options(selectinload(Payment.lines))
    ).one()


def _own(session: Session, account: Account) -> Select[Payment]:
    return payments_of(timesheets.provider_of(session, account).id)


def _disputed_in(county_id: int | None) -> Select[Payment]:
    """Open disputes, found by the indexes of statuses: what is disputed was approved before."""
    payment, sheet, claim = aliased(Payment), aliased(Timesheet), aliased(Claim)
    disputed = union_all(
        select(payment.id)
        .join(sheet, sheet.id == payment.timesheet_id)
        .where(
            sheet.status.in_(set(SheetStatus)),  # it may be corrected meanwhile
            sheet.payment_status == PaymentStatus.DISPUTED,
        ),
        select(payment.id)
        .join(claim, claim.id == payment.claim_id)
        .where(claim.status == ClaimStatus.DISPUTED),
    )
    return (
        select(Payment)
        .outerjoin(Payment.timesheet)
        .outerjoin(Payment.claim)
        .join(
            Assignment,
            Assignment.id == func.coalesce(Timesheet.assignment_id, Claim.assignment_id),
        )
        .join(Assignment.case)
        .join(Case.recipient)
        .where(
            Payment.id.in_(disputed),
            Recipient.county_id == county_id,
            Payment.disputed_at.is_not(None),
            Payment.settled_at.is_(None),
        )
        .options(*PAID_FOR)
    )


def _lock(session: Session, payment: Payment) -> None:
    if payment.timesheet is not None:
        sheet_status.lock(session, payment.timesheet)
    if payment.claim is not None:
        claim_steps.lock(session, payment.claim)


def _move(
    session: Session, payment: Payment, action: Action, *, by: Account, at: datetime, reason: str
) -> None:
    """Move what the payment is for; a claim's table has the same two acts by the same names."""
    if payment.timesheet is not None:
        sheet_status.move(session, payment.timesheet, action, by=by, at=at, reason=reason)
    if payment.claim is not None:
        meant = ClaimAction(action.value)
        claim_steps.move(session, payment.claim, meant, by=by, at=at, reason=reason)


def _workers_of(session: Session, county_id: int) -> Sequence[Account]:
    return session.scalars(
        select(Account)
        .where(Account.role == Role.COUNTY_WORKER, Account.county_id == county_id)
        .order_by(Account.id)
    ).all()


def _named(payment: Payment) -> dict[str, object]:
    """The facts by which every message names a payment."""
    assignment = payment.assignment
    return {
        "payment_id": payment.id,
        "provider": assignment.provider.person.full_name,
        "recipient": assignment.recipient.person.full_name,
        "half_period": payment.period_starts_on.isoformat(),
        "gross_cents": payment.gross_cents,
    }


def _record(
    session: Session,
    action: str,
    payment: Payment,
    *,
    by: Account,
    at: datetime,
    facts: dict[str, object],
) -> None:
    audit.record(session, action, f"payment:{payment.id}", by=by, at=at, facts=facts)
