"""When does a claim become ready for pay, what of it is paid, and when is it refused?

Travel goes on once the timesheet of the recipient travelled to is signed by both and held by nothing;
its days without care are cut. A job looks for such claims, and payroll does before it pays.
"""

from datetime import datetime

from sqlalchemy import Select, exists, select
from sqlalchemy.orm import Session, selectinload

from app.domain import travel
from app.domain.claims import ClaimAction, ClaimedDay, ClaimStatus
from app.domain.earnings import LineKind, total_cents
from app.domain.outcomes import Refused
from app.domain.permissions import Role
from app.domain.timesheets import SheetStatus
from app.models.accounts import Account
from app.models.cases import Assignment
from app.models.claims import Claim, claims_in
from app.models.payments import Payment
from app.models.timesheets import Timesheet, TimesheetVersion
from app.services import audit, claim_steps, claims, earnings, notices, sheet_status

LONGEST_REASON = 1000
# Signed by both, and held by nothing.
_IS_PROCESSED = (Timesheet.status == SheetStatus.APPROVED, Timesheet.payment_status.is_not(None))


def go_on_due(session: Session, *, at: datetime) -> int:
    """Let every waiting claim go on whose timesheet is processed, a commit each; answers how many.

    A claim that has no day with care left is refused, and its provider is told.
    """
    due = session.scalars(
        select(Claim.id)
        .join(
            Timesheet,
            (Timesheet.assignment_id == Claim.assignment_id)
            & (Timesheet.period_starts_on == Claim.period_starts_on),
        )
        .where(
            Claim.status == ClaimStatus.WAITING,
            *_IS_PROCESSED,
        )
        .order_by(Claim.id)
    ).all()
    session.rollback()
    return sum(_go_on(session, claim_id, at=at) for claim_id in due)


def payable(provider_id: int | None = None) -> Select[Claim]:
    """The claims that are ready and in no batch yet, of one provider or of all."""
    found = (
        select(Claim)
        .join(Claim.assignment)
        .where(Claim.status == ClaimStatus.READY, ~exists().where(Payment.claim_id == Claim.id))
        .order_by(Claim.period_starts_on, Claim.id)
    )
    return found if provider_id is None else found.where(Assignment.provider_id == provider_id)


def payment(session: Session, claim: Claim, *, at: datetime) -> Payment:
    """What a claim is paid, line by line; Refused NO_WAGE_RATE where a wage is missing."""
    minutes = {day.on: day.payable_minutes for day in claim.days if day.payable_minutes}
    kind = LineKind(claim.kind)
    lines = earnings.lines_for(session, claim.assignment, minutes, kind)
    return Payment(
        claim=claim,
        provider_id=claim.assignment.provider_id,
        gross_cents=total_cents(lines),
        minutes=sum(minutes.values()),
        created_at=at,
        lines=[earnings.row(line) for line in lines],
    )


def refuse(
    session: Session, claim: Claim, *, reason: str | None, by: Account, at: datetime
) -> None:
    """Refuse a claim as the county, for a reason that the provider is told; commits.

    Refuses with REFUSE_REASON_MISSING, REFUSE_REASON_TOO_LONG and NOT_ALLOWED_NOW.
    """
    told = (reason or "").strip()
    if not told:
        raise Refused("REFUSE_REASON_MISSING")
    if len(told) > LONGEST_REASON:
        raise Refused("REFUSE_REASON_TOO_LONG", length=len(told), longest=LONGEST_REASON)
    audit.take_turns(session, by)
    claim_steps.lock(session, claim)
    claims.refuse_if_in_a_batch(session, claim, ClaimAction.REFUSE)
    claim_steps.move(session, claim, ClaimAction.REFUSE, by=by, at=at, reason=told)
    claim.refused_reason = told
    claims.record(session, "claim:refuse", claim, by=by, at=at, facts={"reason": told})
    _tell(session, claim, at=at)
    session.commit()


def in_county(
    session: Session, county_id: int | None, *, limit: int, offset: int = 0
) -> list[Claim]:
    """A page of the claims that a county's providers have signed, the newest first."""
    return list(
        session.scalars(
            claims_in(county_id)
            .where(Claim.status != ClaimStatus.SAVED)
            .options(selectinload(Claim.days))
            .order_by(Claim.signed_at.desc(), Claim.id.desc())
            .limit(limit)
            .offset(offset)
        )
    )


def one_in_county(session: Session, account: Account, claim_id: int) -> Claim:
    """One signed claim of a county worker's own county; NoResultFound for any other."""
    return session.scalars(
        claims_in(account.county_id)
        .where(Claim.id == claim_id, Claim.status != ClaimStatus.SAVED)
        .options(selectinload(Claim.days), selectinload(Claim.history))
    ).one()


def _go_on(session: Session, claim_id: int, *, at: datetime) -> bool:
    audit.take_turns(session, None)
    claim = session.scalars(select(Claim).where(Claim.id == claim_id)).one()
    claim_steps.lock(session, claim)
    version = _signed_by_both(session, claim)
    if claim.status != ClaimStatus.WAITING or version is None:  # taken back since we looked
        session.rollback()
        return False
    days = [ClaimedDay(day.on, day.minutes) for day in claim.days]
    paid = travel.paid_days(days, earnings.signed_minutes(version.content))
    for day in claim.days:
        day.payable_minutes = paid[day.on]
    action = ClaimAction.GO_ON if any(paid.values()) else ClaimAction.REFUSE
    claim_steps.move(session, claim, action, by=None, at=at)
    facts = {"payable_minutes": sum(paid.values())}
    claims.record(session, f"claim:{action}", claim, by=None, at=at, facts=facts)
    if action is ClaimAction.REFUSE:
        _tell(session, claim, at=at)
    session.commit()
    return True


def _signed_by_both(session: Session, claim: Claim) -> TimesheetVersion | None:
    """What stands for the recipient travelled to in the claim's half month, if nothing holds it."""
    timesheet = session.scalars(
        select(Timesheet)
        .where(
            Timesheet.assignment_id == claim.assignment_id,
            Timesheet.period_starts_on == claim.period_starts_on,
            *_IS_PROCESSED,
        )
        .execution_options(populate_existing=True)
    ).one_or_none()
    return None if timesheet is None else sheet_status.standing_version(session, timesheet)


def _tell(session: Session, claim: Claim, *, at: datetime) -> None:
    person_id = claim.assignment.provider.person_id
    accounts = notices.accounts_of_people(session, [person_id], Role.PROVIDER)
    facts = claims.claim_notice(claim) | {"reason": claim.refused_reason}
    notices.queue(session, accounts, "CLAIM_REFUSED", facts, at=at)
