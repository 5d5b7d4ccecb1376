"""How does a provider claim travel time or sick leave, and what would she sign if she did it now?

A signature binds a content and its hash, as it does on a timesheet: the page shows that content and
posts the hash back. What changed in between is shown again and signs nothing.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session, selectinload

from app.domain import claims as rules
from app.domain import sick_leave, travel
from app.domain.claims import ClaimAction, ClaimedDay, ClaimKind, ClaimStatus
from app.domain.outcomes import Judged, Refused
from app.domain.periods import PayPeriod, local_day
from app.domain.sick_leave import Notice
from app.domain.timesheets import content_hash
from app.models.accounts import Account
from app.models.cases import Assignment
from app.models.claims import Claim, ClaimDay, claims_of
from app.models.payments import Payment
from app.models.people import Provider
from app.services import approvals, audit, claim_facts, claim_steps, notices, timesheets
from app.services.receipts import new_receipt

SETTLED = frozenset({ClaimStatus.PAID, ClaimStatus.DISPUTED})


@dataclass(frozen=True, slots=True)
class ClaimDraft(Judged):
    """What would be signed now: the content, what the rules say, and what would be paid by day."""

    content: dict[str, Any]
    payable: Mapping[date, int]

    @property
    def shown(self) -> str:
        """The hash that the page posts back."""
        return content_hash(self.content)

    @property
    def total(self) -> int:
        """Minutes claimed."""
        return int(self.content["total_minutes"])

    @property
    def needs_reason(self) -> bool:
        return rules.needs_reason(self.warnings)


def list_of(
    session: Session, provider: Provider, *, limit: int, offset: int = 0
) -> Sequence[Claim]:
    """A page of a provider's claims with their days, the newest half month first."""
    return session.scalars(
        claims_of(provider.id).options(selectinload(Claim.days)).limit(limit).offset(offset)
    ).all()


def own(session: Session, account: Account, claim_id: int) -> Claim:
    """One of a provider's own claims; NoResultFound for a stranger's or unknown one."""
    provider = timesheets.provider_of(session, account)
    return session.scalars(
        claims_of(provider.id)
        .where(Claim.id == claim_id)
        .options(selectinload(Claim.days), selectinload(Claim.history))
    ).one()


def is_changeable(claim: Claim) -> bool:
    """Whether its provider may change days now."""
    return ClaimStatus(claim.status) in rules.CHANGEABLE


def open_for(
    session: Session, kind: ClaimKind, assignment_id: int, day: date, *, by: Account, at: datetime
) -> Claim:
    """Begin, or find, the claim of a half month for one recipient; commits.

    Once it is paid, the next one begins, for a day that was forgotten. NoResultFound for a stranger's
    assignment. Refuses with PERIOD_AHEAD and NO_ASSIGNMENT_THEN.
    """
    period = PayPeriod.of(day)
    provider = timesheets.provider_of(session, by)
    audit.take_turns(session, by)
    assignment = session.scalars(
        select(Assignment).where(
            Assignment.id == assignment_id, Assignment.provider_id == provider.id
        )
    ).one()
    if period.starts_on > local_day(at):
        raise Refused("PERIOD_AHEAD", half_period=period.starts_on)
    if not any(assignment.active_on(each) for each in period.days):
        raise Refused("NO_ASSIGNMENT_THEN", half_period=period.starts_on)
    latest = _latest(session, kind, assignment, period)
    if latest is not None and latest.status not in SETTLED:
        return latest
    claim = Claim(
        assignment=assignment,
        period_starts_on=period.starts_on,
        kind=kind,
        number=1 if latest is None else latest.number + 1,
        status=ClaimStatus.SAVED,
        created_at=at,
        changed_at=at,
    )
    session.add(claim)
    session.commit()
    return claim


def save(
    session: Session,
    claim: Claim,
    days: Iterable[ClaimedDay],
    *,
    notice: Notice | None,
    by: Account,
    at: datetime,
) -> None:
    """Keep what was typed, whatever the rules will say to it; commits.

    `came_from` of a day is a case of the provider's own. Refuses with CLAIM_CLOSED.
    """
    audit.take_turns(session, by)
    claim_steps.lock(session, claim)
    if not is_changeable(claim):
        raise Refused("CLAIM_CLOSED")
    claim.days.clear()
    session.flush()
    claim.days = [
        ClaimDay(on=day.on, minutes=day.minutes, came_from_id=_case_id(day))
        for day in sorted(days, key=lambda day: day.on)
        if day.minutes
    ]
    claim.notice, claim.changed_at = notice, at
    session.commit()


def prepare(session: Session, claim: Claim, *, at: datetime) -> ClaimDraft:
    """What the provider would sign now, with what the rules say to it; only reads."""
    days = [ClaimedDay(day.on, day.minutes, day.came_from_id) for day in claim.days]
    if claim.kind == ClaimKind.TRAVEL:
        findings = travel.check_travel(claim_facts.travel_facts(session, claim, days, at=at))
        payable = {day.on: day.minutes for day in days}
    else:
        facts = claim_facts.leave_facts(session, claim, days, at=at)
        findings = sick_leave.check_leave(facts)
        payable = sick_leave.cut_to(facts.standing.left, days)
    return ClaimDraft(tuple(findings), _content(claim, payable), payable)


def submit(
    session: Session,
    claim: Claim,
    *,
    shown: str,
    reason: str | None,
    by: Account,
    at: datetime,
) -> None:
    """Sign a claim; commits. The same signature twice is one.

    `shown` is the hash of what the page showed. Travel waits for its timesheet from then on, sick
    leave is ready for pay and the recipient is told. Refuses with CLAIM_CHANGED when something else
    was shown, CLAIM_STOPPED while a finding stands in its way, CLAIM_REASON_MISSING and
    CLAIM_REASON_TOO_LONG.
    """
    audit.take_turns(session, by)
    claim_steps.lock(session, claim)
    if claim.status in rules.CLAIMED and claim.content_hash == shown:
        return
    draft = prepare(session, claim, at=at)
    if not is_changeable(claim) or draft.shown != shown:
        raise Refused("CLAIM_CHANGED")
    if draft.blocks:
        raise Refused("CLAIM_STOPPED")
    claim.reason = rules.check_reason(reason) if draft.needs_reason else None
    claim.content, claim.content_hash = draft.content, draft.shown
    claim.warnings = [finding.code for finding in draft.warnings]
    claim.signed_by_id, claim.signed_at, claim.receipt = by.id, at, new_receipt()
    claim.refused_reason = None
    if claim.kind == ClaimKind.SICK_LEAVE:
        for day in claim.days:
            day.payable_minutes = draft.payable[day.on]
    claim_steps.move(session, claim, ClaimAction.SUBMIT, by=by, at=at, reason=claim.reason)
    record(session, "claim:submit", claim, by=by, at=at, facts={"content_hash": draft.shown})
    if claim.kind == ClaimKind.SICK_LEAVE:
        signers = approvals.signers_of(session, claim.assignment.case, local_day(at))
        facts = claim_notice(claim) | {"provider": claim.assignment.provider.person.full_name}
        notices.queue(session, signers, "SICK_LEAVE_CLAIMED", facts, at=at)
    session.commit()


def take_back(session: Session, claim: Claim, *, by: Account, at: datetime) -> None:
    """Change a claim again before it is in a batch of payments; commits.

    Refuses with NOT_ALLOWED_NOW.
    """
    audit.take_turns(session, by)
    claim_steps.lock(session, claim)
    refuse_if_in_a_batch(session, claim, ClaimAction.TAKE_BACK)
    claim_steps.move(session, claim, ClaimAction.TAKE_BACK, by=by, at=at)
    for day in claim.days:
        day.payable_minutes = None
    record(session, "claim:take_back", claim, by=by, at=at)
    session.commit()


def discard(session: Session, claim: Claim, *, by: Account) -> None:
    """Drop a claim that was never signed; commits. Refuses with CLAIM_CLOSED."""
    audit.take_turns(session, by)
    claim_steps.lock(session, claim)
    if not is_changeable(claim) or claim.receipt is not None:
        raise Refused("CLAIM_CLOSED")
    session.execute(delete(ClaimDay).where(ClaimDay.claim_id == claim.id))
    session.execute(delete(Claim).where(Claim.id == claim.id))
    session.commit()


def payment_of(session: Session, claim: Claim) -> Payment | None:
    """What was paid for it, if it was."""
    return session.scalars(select(Payment).where(Payment.claim_id == claim.id)).one_or_none()


def refuse_if_in_a_batch(session: Session, claim: Claim, action: ClaimAction) -> None:
    """Refused NOT_ALLOWED_NOW once payroll has taken the claim; its amount never changes then."""
    if payment_of(session, claim) is not None:
        raise Refused("NOT_ALLOWED_NOW", status=claim.status, action=action)


def claim_notice(claim: Claim) -> dict[str, object]:
    """The facts by which every message names a claim."""
    return {
        "claim_id": claim.id,
        "recipient": claim.assignment.recipient.person.full_name,
        "half_period": claim.period_starts_on.isoformat(),
        "claimed_minutes": sum(day.minutes for day in claim.days),
    }


def record(
    session: Session,
    action: str,
    claim: Claim,
    *,
    by: Account | None,
    at: datetime,
    facts: Mapping[str, Any] | None = None,
) -> None:
    """Put an act on a claim on record; never commits."""
    known = {"kind": claim.kind} | dict(facts or {})
    audit.record(session, action, f"claim:{claim.id}", by=by, at=at, facts=known)


def _latest(
    session: Session, kind: ClaimKind, assignment: Assignment, period: PayPeriod
) -> Claim | None:
    return session.scalars(
        select(Claim)
        .where(
            Claim.assignment_id == assignment.id,
            Claim.period_starts_on == period.starts_on,
            Claim.kind == kind,
        )
        .order_by(Claim.number.desc())
        .limit(1)
    ).first()


def _case_id(day: ClaimedDay) -> int | None:
    return None if day.came_from is None else int(day.came_from)


def _content(claim: Claim, payable: Mapping[date, int]) -> dict[str, Any]:
    """Exactly what is shown and signed."""
    assignment = claim.assignment
    return {
        "kind": claim.kind,
        "number": claim.number,
        "provider": assignment.provider.person.full_name,
        "provider_number": assignment.provider.number,
        "recipient": assignment.recipient.person.full_name,
        "case_number": assignment.case.number,
        "program": assignment.program,
        "starts_on": claim.period_starts_on.isoformat(),
        "notice": claim.notice,
        "days": [_day(day, payable) for day in claim.days],
        "total_minutes": sum(day.minutes for day in claim.days),
        "payable_minutes": sum(payable.values()),
    }


def _day(day: ClaimDay, payable: Mapping[date, int]) -> dict[str, Any]:
    came_from = None if day.came_from is None else day.came_from.recipient.person.full_name
    return {
        "on": day.on.isoformat(),
        "minutes": day.minutes,
        "payable_minutes": payable[day.on],
        "came_from": came_from,
    }
