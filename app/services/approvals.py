"""Who signs for a recipient, what waits for her signature, and what does her yes or no do?

A signature binds the hash of exactly what was shown. Nobody who works for a recipient signs for her,
and nothing is ever approved by itself (decision 7).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import and_, func, or_, select
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session

from app.domain.county_reasons import GROUNDS
from app.domain.outcomes import Refused
from app.domain.periods import Month, PayPeriod, local_day, midnight_after, midnight_before
from app.domain.permissions import Role, may_sign_for
from app.domain.submissions import check_submission
from app.domain.timesheets import Action, Hold, SheetStatus
from app.models.accounts import Account
from app.models.cases import (
    Assignment,
    AuthorizedHours,
    Case,
    Signatory,
    cases_signed_for_by,
)
from app.models.people import Provider, Recipient
from app.models.timesheets import (
    STATUS_OF_THESE,
    TimeEntry,
    Timesheet,
    TimesheetHold,
    TimesheetVersion,
)
from app.models.visits import Visit
from app.services import audit, notices, sheet_facts, sheet_status

WAITING = (SheetStatus.SUBMITTED, SheetStatus.ON_HOLD)
LONGEST_NOTE = 1000
PAST_AT_HOME = 6


class RejectReason(StrEnum):
    """What a recipient can tap when something is wrong with a timesheet."""

    HOURS = "hours"
    DATES = "dates"
    NOT_THERE = "not_there"
    MORE_THAN_AGREED = "more_than_agreed"
    PLACE = "place"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class SignedSheet:
    """A sheet with what its provider signed last."""

    timesheet: Timesheet
    version: TimesheetVersion

    @property
    def waits(self) -> bool:
        """Whether the recipient's signature is what it waits for."""
        return self.timesheet.status in WAITING and self.version.approved_at is None

    @property
    def period(self) -> PayPeriod:
        return PayPeriod.starting(self.timesheet.period_starts_on)


@dataclass(frozen=True, slots=True)
class MonthUse:
    """Minutes of this month that are claimed in a case, of those that are authorized."""

    case: Case
    used: int
    authorized: int


@dataclass(frozen=True, slots=True)
class RecipientHome:
    """What a recipient or signatory sees first: what waits, who came today, the month, the past."""

    cases: list[Case]
    waiting: list[SignedSheet]
    visits: list[Visit]
    months: list[MonthUse]
    past: list[SignedSheet]


def recipient_home(session: Session, account: Account, today: date) -> RecipientHome:
    """Everything on the start page of whoever signs for a recipient."""
    cases = cases_of(session, account, today)
    return RecipientHome(
        cases=cases,
        waiting=waiting_for(session, cases),
        visits=_visits_on(session, cases, today),
        months=_months(session, cases, today),
        past=past_of(session, cases, limit=PAST_AT_HOME),
    )


def cases_of(session: Session, account: Account, on: date) -> list[Case]:
    """The cases whose timesheets this account may sign on a day: her own, or those she signs for."""
    if account.role == Role.RECIPIENT:
        found = select(Case).join(Case.recipient).where(Recipient.person_id == account.person_id)
    elif account.role == Role.SIGNATORY:
        found = cases_signed_for_by(account.person_id, on)
    else:
        return []
    working_for = set(
        session.scalars(
            select(Assignment.case_id)
            .join(Assignment.provider)
            .where(Provider.person_id == account.person_id)
        )
    )
    return [case for case in session.scalars(found).unique() if case.id not in working_for]


def signers_of(session: Session, case: Case, on: date) -> list[Account]:
    """The accounts that may sign a case's timesheets on a day, for whoever must be told."""
    recipient = case.recipient.person_id
    signatories = set(
        session.scalars(
            select(Signatory.person_id).where(
                Signatory.case_id == case.id,
                Signatory.starts_on <= on,
                or_(Signatory.ends_on.is_(None), Signatory.ends_on >= on),
            )
        )
    )
    providers = set(
        session.scalars(
            select(Provider.person_id)
            .join(Assignment, Assignment.provider_id == Provider.id)
            .where(Assignment.case_id == case.id)
        )
    )
    allowed = {
        person
        for person in signatories | {recipient}
        if may_sign_for(person, recipient=recipient, signatories=signatories, providers=providers)
    }
    accounts = session.scalars(
        select(Account)
        .where(
            Account.person_id.in_(allowed),
            Account.role.in_([Role.RECIPIENT, Role.SIGNATORY]),
        )
        .order_by(Account.id)
    )
    return [
        account
        for account in accounts
        if account.role == (Role.RECIPIENT if account.person_id == recipient else Role.SIGNATORY)
    ]


def find(session: Session, account: Account, timesheet_id: int, on: date) -> SignedSheet:
    """A sheet that its provider has signed, for whoever may sign it too; else NoResultFound."""
    cases = [case.id for case in cases_of(session, account, on)]
    rows = _signed(session, cases, timesheet_id=timesheet_id)
    if not rows:
        raise NoResultFound
    return rows[0]


def waiting_for(session: Session, cases: Iterable[Case]) -> list[SignedSheet]:
    """The sheets that wait for a signature, the longest waiting first."""
    rows = _signed(session, [case.id for case in cases], waiting=True)
    return sorted(rows, key=lambda row: row.version.signed_at)


def past_of(session: Session, cases: Iterable[Case], *, limit: int) -> list[SignedSheet]:
    """The latest signed sheets that wait for nothing from the recipient, the newest half month first."""
    return _signed(session, [case.id for case in cases], waiting=False, limit=limit)


def approve(
    session: Session, timesheet: Timesheet, *, shown: str, by: Account, at: datetime
) -> TimesheetVersion:
    """Sign a recipient's yes to exactly what was shown; commits.

    Her yes is taken whatever the county changed since the provider signed; where that would stop a
    submission today, the county looks at the sheet before it is paid. `shown` is the content hash of the version on the page. The same yes twice is one. Refuses with
    CHANGED_MEANWHILE when the version is another by now, or no longer waits, and with
    MAY_NOT_SIGN for anybody who may not sign for this recipient.
    """
    version = _lock_shown(session, timesheet, shown, by=by, at=at)
    if version.approved_at is not None:
        return version
    _hold_without_grounds(session, timesheet, version, at=at)
    sheet_status.move(session, timesheet, Action.APPROVE, by=by, at=at)
    version.approved_by_id, version.approved_at = by.id, at
    timesheet.amends = timesheet.amend_reason = timesheet.amend_note = None
    _record(session, "timesheet:approve", timesheet, version, by=by, at=at)
    _tell_provider(session, timesheet, version, "TIMESHEET_APPROVED", by=by, at=at)
    session.commit()
    return version


def reject(
    session: Session,
    timesheet: Timesheet,
    *,
    shown: str,
    reasons: Sequence[RejectReason],
    note: str | None,
    by: Account,
    at: datetime,
) -> TimesheetVersion:
    """Send a sheet back to its provider with the reasons; commits.

    Refuses as `approve` does, with REASONS_MISSING without a reason, with NOTE_TOO_LONG, and with
    CHANGED_MEANWHILE when it was approved before.
    """
    if not reasons:
        raise Refused("REASONS_MISSING")
    note = (note or "").strip() or None
    if note is not None and len(note) > LONGEST_NOTE:
        raise Refused("NOTE_TOO_LONG", length=len(note), longest=LONGEST_NOTE)
    version = _lock_shown(session, timesheet, shown, by=by, at=at)
    if version.approved_at is not None:
        raise Refused("CHANGED_MEANWHILE")
    codes = [str(reason) for reason in reasons]
    sheet_status.move(session, timesheet, Action.REJECT, by=by, at=at, reason=",".join(codes))
    sheet_status.end_holds(session, timesheet, at=at)
    version.rejected_by_id, version.rejected_at = by.id, at
    version.reject_reasons, version.reject_note = codes, note
    _record(session, "timesheet:reject", timesheet, version, by=by, at=at)
    _tell_provider(session, timesheet, version, "TIMESHEET_REJECTED", by=by, at=at)
    session.commit()
    return version


def _hold_without_grounds(
    session: Session, timesheet: Timesheet, version: TimesheetVersion, *, at: datetime
) -> None:
    """Hold what rests on an assignment or on hours that the county has taken back meanwhile."""
    found = check_submission(sheet_facts.facts_of(session, timesheet, at=at))
    lost = sorted({GROUNDS[finding.code] for finding in found if finding.code in GROUNDS})
    if lost:
        session.add(
            TimesheetHold(
                timesheet_id=timesheet.id,
                version_id=version.id,
                code=Hold.COUNTY_REVIEW,
                placed_at=at,
                why=lost[0],
            )
        )


def sheet_notice(timesheet: Timesheet, minutes: int) -> dict[str, object]:
    """The facts by which every message names a sheet."""
    assignment = timesheet.assignment
    return {
        "timesheet": timesheet.id,
        "provider": assignment.provider.person.full_name,
        "recipient": assignment.recipient.person.full_name,
        "half_period": timesheet.period_starts_on.isoformat(),
        "worked_minutes": minutes,
    }


def _lock_shown(
    session: Session, timesheet: Timesheet, shown: str, *, by: Account, at: datetime
) -> TimesheetVersion:
    """The version that was shown, with its sheet locked; a version that was signed passes too."""
    audit.take_turns(session, by)
    sheet_status.lock(session, timesheet)
    case = timesheet.assignment.case
    if case.id not in {each.id for each in cases_of(session, by, local_day(at))}:
        raise Refused("MAY_NOT_SIGN")
    version = sheet_status.latest_version(session, timesheet)
    if version is None or version.content_hash != shown:
        raise Refused("CHANGED_MEANWHILE")
    if version.approved_at is None and timesheet.status not in WAITING:
        raise Refused("CHANGED_MEANWHILE")
    return version


def _record(
    session: Session,
    action: str,
    timesheet: Timesheet,
    version: TimesheetVersion,
    *,
    by: Account,
    at: datetime,
) -> None:
    audit.record(
        session,
        action,
        f"timesheet:{timesheet.id}",
        by=by,
        at=at,
        facts={"version": version.number, "content_hash": version.content_hash},
    )


def _tell_provider(
    session: Session,
    timesheet: Timesheet,
    version: TimesheetVersion,
    code: str,
    *,
    by: Account,
    at: datetime,
) -> None:
    person_id = timesheet.assignment.provider.person_id
    accounts = notices.accounts_of_people(session, [person_id], Role.PROVIDER)
    facts = sheet_notice(timesheet, version.total_minutes) | {"signer": by.person.full_name}
    if version.reject_reasons:
        facts |= {"reasons": version.reject_reasons, "note": version.reject_note}
    notices.queue(session, accounts, code, facts, at=at)


def _visits_on(session: Session, cases: Iterable[Case], day: date) -> list[Visit]:
    """Who has checked in on a day in these cases, or is still checked in."""
    return list(
        session.scalars(
            select(Visit)
            .join(Visit.assignment)
            .where(
                Assignment.case_id.in_([case.id for case in cases]),
                Visit.undone_at.is_(None),
                or_(
                    Visit.is_open.is_(True),
                    and_(
                        Visit.began_at >= midnight_before(day),
                        Visit.began_at < midnight_after(day),
                    ),
                ),
            )
            .order_by(Visit.began_at)
        )
    )


def _months(session: Session, cases: Sequence[Case], day: date) -> list[MonthUse]:
    """How much of the month of a day is claimed by all providers of each case."""
    month = Month.of(day)
    ids = [case.id for case in cases]
    used = session.execute(
        select(Assignment.case_id, func.sum(TimeEntry.claimed_minutes).label("minutes"))
        .join(Timesheet, Timesheet.assignment_id == Assignment.id)
        .join(TimeEntry, TimeEntry.timesheet_id == Timesheet.id)
        .where(
            Assignment.case_id.in_(ids),
            Timesheet.period_starts_on.between(month.starts_on, month.ends_on),
        )
        .group_by(Assignment.case_id)
    )
    minutes = {row.case_id: row.minutes or 0 for row in used}
    grants = session.execute(
        select(AuthorizedHours.case_id, AuthorizedHours.monthly_minutes)
        .where(AuthorizedHours.case_id.in_(ids), AuthorizedHours.starts_on <= day)
        .order_by(AuthorizedHours.starts_on)
    )
    authorized = {row.case_id: row.monthly_minutes for row in grants}
    return [MonthUse(case, minutes.get(case.id, 0), authorized.get(case.id, 0)) for case in cases]


def _signed(
    session: Session,
    case_ids: list[int],
    *,
    timesheet_id: int | None = None,
    waiting: bool | None = None,
    limit: int | None = None,
) -> list[SignedSheet]:
    """Sheets of these cases with their latest version each, the newest half month first."""
    latest = (
        select(func.max(TimesheetVersion.number))
        .where(TimesheetVersion.timesheet_id == Timesheet.id)
        .correlate(Timesheet)
        .scalar_subquery()
    )
    found = (
        select(Timesheet, TimesheetVersion)
        .join(Timesheet.assignment)
        .join(TimesheetVersion, TimesheetVersion.timesheet_id == Timesheet.id)
        .where(Assignment.case_id.in_(case_ids), TimesheetVersion.number == latest)
        .order_by(Timesheet.period_starts_on.desc(), Timesheet.id)
        .limit(limit)
    )
    waits = STATUS_OF_THESE.in_(WAITING) & TimesheetVersion.approved_at.is_(None)
    if waiting is not None:
        found = found.where(waits if waiting else ~waits)
    if timesheet_id is not None:
        found = found.where(Timesheet.id == timesheet_id)
    return [SignedSheet(sheet, version) for sheet, version in session.execute(found)]
