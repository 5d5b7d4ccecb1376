"""What would a provider sign if she submitted now, and what happens when she does, or thinks again?

A signature binds a content and its hash: the page shows that content and nothing else, and posts the
hash back. What changed in between is shown again and signs nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.balances import (
    DayClaim,
    MonthBalances,
    SubmissionFacts,
    month_balances,
    within_authorization,
)
from app.domain.outcomes import Judged, Refused
from app.domain.periods import local_day
from app.domain.submissions import check_submission
from app.domain.timesheets import Action, Hold, SheetStatus, content_hash
from app.models.accounts import Account
from app.models.cases import Case
from app.models.people import Provider
from app.models.timesheets import (
    Timesheet,
    TimesheetHold,
    TimesheetVersion,
)
from app.services import (
    approvals,
    audit,
    notices,
    sheet_content,
    sheet_facts,
    sheet_status,
    unauthorized_time,
)
from app.services.receipts import new_receipt

CAN_BE_CUT = frozenset(
    {"RECIPIENT_HOURS_EXCEEDED", "ASSIGNED_HOURS_EXCEEDED", "EXEMPTION_MONTH_EXCEEDED"}
)
"""What stops a submission only because too much is claimed, so that the rest can be set aside."""

GIVEN_AT_SIGNING = frozenset({"reason"})
"""What the provider adds while she signs; it is no part of what she was shown before."""


@dataclass(frozen=True, slots=True)
class Draft(Judged):
    """What would be signed now: the content, its hash, and what the rules say about it."""

    content: dict[str, Any]
    facts: SubmissionFacts

    @property
    def shown(self) -> str:
        """The hash that the page posts back."""
        return _hash_shown(self.content)

    @property
    def cut(self) -> tuple[DayClaim, ...]:
        """The days as they could be claimed where that is all that is needed; else empty."""
        codes = {finding.code for finding in self.blocks}
        if not codes or not codes <= CAN_BE_CUT:
            return ()
        claims = within_authorization(self.facts)
        return claims if any(claim.claimed for claim in claims) else ()

    @property
    def balances(self) -> MonthBalances:
        """What is left of the month, this sheet's own hours not yet taken off."""
        return month_balances(self.facts)

    @property
    def days_ahead(self) -> int:
        """How many days of the half month are still to come."""
        return max(0, (self.facts.period.ends_on - self.facts.today).days)


def prepare(session: Session, timesheet: Timesheet, *, at: datetime) -> Draft:
    """What the sheet would be if it were submitted now; only reads."""
    facts = sheet_facts.facts_of(session, timesheet, at=at)
    findings = tuple(check_submission(facts))
    version = sheet_status.latest_version(session, timesheet)
    number = 1 if version is None else version.number + 1
    content = sheet_content.content_of(session, timesheet, facts, findings, number)
    return Draft(findings, content, facts)


def submit(
    session: Session,
    timesheet: Timesheet,
    *,
    shown: str,
    reason: str | None,
    by: Account,
    at: datetime,
) -> TimesheetVersion:
    """Sign a sheet and hand it to the recipient; commits. The same signature twice is one.

    `shown` is the hash of what was on the page, `reason` why more hours were needed, asked where a
    rule warns. Refuses with CHANGED_MEANWHILE, CANNOT_SUBMIT (a rule blocks), WARNING_REASON_MISSING
    and NOT_ALLOWED_NOW.
    """
    audit.take_turns(session, by)
    _lock_balances(session, timesheet)
    sheet_status.lock(session, timesheet)
    session.refresh(timesheet, ["entries"])
    signed = sheet_status.latest_version(session, timesheet)
    if signed is not None and not sheet_status.is_editable(timesheet):
        if _hash_shown(signed.content) == shown:
            return signed
        raise Refused("NOT_ALLOWED_NOW", status=timesheet.status, action=Action.SUBMIT)
    draft = prepare(session, timesheet, at=at)
    _check(draft, shown, reason)
    version = _sign(session, timesheet, draft, reason=reason, by=by, at=at)
    _hold(session, timesheet, version, draft, at=at)
    sheet_status.move(session, timesheet, Action.SUBMIT, by=by, at=at)
    _record(session, "timesheet:submit", timesheet, version, by=by, at=at)
    code = "TIMESHEET_CORRECTED" if "replaces" in version.content else "TIMESHEET_SUBMITTED"
    tell_signers(session, timesheet, version, code, at=at)
    session.commit()
    return version


def claim_authorized(
    session: Session, timesheet: Timesheet, *, shown: str, by: Account, at: datetime
) -> None:
    """Claim what is authorized and keep the rest as worked, not authorized; commits (decision 4).

    The last days are cut first. `shown` is the hash of the draft whose cut the provider saw; refuses
    with CHANGED_MEANWHILE when it is another by now, and when there is nothing to cut.
    """
    audit.take_turns(session, by)
    sheet_status.lock(session, timesheet)
    session.refresh(timesheet, ["entries"])
    draft = prepare(session, timesheet, at=at)
    if draft.shown != shown or not draft.cut or not sheet_status.is_editable(timesheet):
        raise Refused("CHANGED_MEANWHILE")
    for claim in draft.cut:
        if claim.not_authorized:
            unauthorized_time.set_aside(
                session, timesheet, claim.on, claim.not_authorized, by=by, at=at
            )
    session.commit()
    session.expire(timesheet, ["entries"])


def take_back(session: Session, timesheet: Timesheet, *, by: Account, at: datetime) -> None:
    """Take a sheet back, which works until the recipient has signed; commits (decision 13)."""
    audit.take_turns(session, by)
    sheet_status.move(session, timesheet, Action.TAKE_BACK, by=by, at=at)
    sheet_status.end_holds(session, timesheet, at=at)
    version = sheet_status.latest_version(session, timesheet)
    if version is not None:
        version.withdrawn_at = at
        _record(session, "timesheet:take-back", timesheet, version, by=by, at=at)
        tell_signers(session, timesheet, version, "TIMESHEET_TAKEN_BACK", at=at)
    session.commit()


def cancel(session: Session, timesheet: Timesheet, *, by: Account, at: datetime) -> None:
    """Say that nothing will be claimed on a sheet; its days stay as they are; commits."""
    _move_and_record(session, timesheet, Action.CANCEL, by=by, at=at)


def correct(session: Session, timesheet: Timesheet, *, by: Account, at: datetime) -> None:
    """Go on with a sheet that was rejected, or cancelled; commits.

    A rejected sheet can be changed as it is and keeps its status until it is signed again. Refuses
    with NOT_ALLOWED_NOW in every other status.
    """
    if timesheet.status != SheetStatus.REJECTED:
        _move_and_record(session, timesheet, Action.REOPEN, by=by, at=at)


def receipt_of(session: Session, timesheet: Timesheet) -> TimesheetVersion | None:
    """What the provider last signed and did not take back."""
    version = sheet_status.latest_version(session, timesheet)
    return None if version is None or version.withdrawn_at is not None else version


def _lock_balances(session: Session, timesheet: Timesheet) -> None:
    """Let one sheet at a time count against a recipient's month and a provider's day and month."""
    assignment = timesheet.assignment
    for row in (
        select(Case.id).where(Case.id == assignment.case_id),
        select(Provider.id).where(Provider.id == assignment.provider_id),
    ):
        session.execute(row.with_for_update(key_share=True))


def _check(draft: Draft, shown: str, reason: str | None) -> None:
    if draft.shown != shown:
        raise Refused("CHANGED_MEANWHILE")
    if draft.blocks:
        raise Refused("CANNOT_SUBMIT")
    if draft.warnings and not (reason or "").strip():
        raise Refused("WARNING_REASON_MISSING")


def _sign(
    session: Session,
    timesheet: Timesheet,
    draft: Draft,
    *,
    reason: str | None,
    by: Account,
    at: datetime,
) -> TimesheetVersion:
    told = (reason or "").strip() or None if draft.warnings else None
    content = draft.content | {"reason": told}
    version = TimesheetVersion(
        timesheet_id=timesheet.id,
        number=content["number"],
        content=content,
        content_hash=content_hash(content),
        total_minutes=content["total_minutes"],
        warnings=content["warnings"],
        warning_reason=told,
        signed_by_id=by.id,
        signed_at=at,
        receipt=new_receipt(),
    )
    session.add(version)
    session.flush()
    return version


def _hold(
    session: Session,
    timesheet: Timesheet,
    version: TimesheetVersion,
    draft: Draft,
    *,
    at: datetime,
) -> None:
    for finding in draft.holds:
        ends_at = finding.facts.get("ends_at") if finding.code == Hold.EARLY else None
        session.add(
            TimesheetHold(
                timesheet_id=timesheet.id,
                version_id=version.id,
                code=finding.code,
                placed_at=at,
                releases_at=ends_at,
            )
        )


def _hash_shown(content: Mapping[str, Any]) -> str:
    return content_hash({k: v for k, v in content.items() if k not in GIVEN_AT_SIGNING})


def _record(
    session: Session,
    action: str,
    timesheet: Timesheet,
    version: TimesheetVersion,
    *,
    by: Account,
    at: datetime,
) -> None:
    facts = {"version": version.number, "content_hash": version.content_hash}
    audit.record(session, action, f"timesheet:{timesheet.id}", by=by, at=at, facts=facts)


def tell_signers(
    session: Session, timesheet: Timesheet, version: TimesheetVersion, code: str, *, at: datetime
) -> None:
    """Queue a notice about a version to whoever may sign it; never commits."""
    signers = approvals.signers_of(session, timesheet.assignment.case, local_day(at))
    facts = approvals.sheet_notice(timesheet, version.total_minutes)
    notices.queue(session, signers, code, facts, at=at)


def _move_and_record(
    session: Session, timesheet: Timesheet, action: Action, *, by: Account, at: datetime
) -> None:
    audit.take_turns(session, by)
    sheet_status.move(session, timesheet, action, by=by, at=at)
    audit.record(session, f"timesheet:{action}", f"timesheet:{timesheet.id}", by=by, at=at)
    session.commit()
