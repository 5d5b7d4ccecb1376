"""Which pairs of provider and recipient does a county look at, and who says so until when?"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain import parameters
from app.domain.county_reasons import TO_HOLD, check_county_reason
from app.domain.outcomes import Refused
from app.domain.periods import local_day
from app.models.accounts import Account
from app.models.cases import Assignment, Case
from app.models.pair_flags import PairFlag
from app.models.people import Provider, Recipient
from app.services import audit

LONGEST_REASON = 1000


def of_county(session: Session, county_id: int | None, *, limit: int) -> Sequence[PairFlag]:
    """The flags of a county's recipients that are not lifted, those that end soonest first."""
    return session.scalars(
        select(PairFlag)
        .join(PairFlag.case)
        .join(Case.recipient)
        .where(Recipient.county_id == county_id, PairFlag.lifted_at.is_(None))
        .order_by(PairFlag.ends_on, PairFlag.id)
        .limit(limit)
    ).all()


def one(session: Session, account: Account, flag_id: int) -> PairFlag:
    """A flag of a county worker's own county; NoResultFound for any other."""
    return session.scalars(
        select(PairFlag)
        .join(PairFlag.case)
        .join(Case.recipient)
        .where(PairFlag.id == flag_id, Recipient.county_id == account.county_id)
    ).one()


def place(
    session: Session,
    *,
    provider_number: str,
    case_number: str,
    starts_on: date,
    ends_on: date,
    reason: str | None,
    note: str | None,
    by: Account,
    at: datetime,
) -> PairFlag:
    """Flag a pair, so that what is signed from now on waits for the county; commits.

    What was signed before goes its way; a sheet alone is held by holds.place. Refuses with
    NO_SUCH_PAIR (nobody of this county by these numbers who ever worked for her), FLAG_DATES_WRONG,
    FLAG_TOO_LONG, FLAGGED_ALREADY, and as domain/county_reasons does.
    """
    code, told = check_county_reason(reason, note, TO_HOLD)
    _check_dates(starts_on, ends_on, local_day(at))
    audit.take_turns(session, by)
    assignment = _pair(session, provider_number, case_number, by)
    if _overlaps(session, assignment, starts_on, ends_on):
        raise Refused("FLAGGED_ALREADY")
    flag = PairFlag(
        provider_id=assignment.provider_id,
        case_id=assignment.case_id,
        why=code,
        note=told,
        starts_on=starts_on,
        ends_on=ends_on,
        placed_by_id=by.id,
        placed_at=at,
    )
    session.add(flag)
    session.flush()
    facts = {"reason": code, "from": starts_on.isoformat(), "until": ends_on.isoformat()}
    audit.record(session, "pair:flag", f"pair_flag:{flag.id}", by=by, at=at, facts=facts)
    session.commit()
    return flag


def lift(session: Session, flag: PairFlag, *, reason: str, by: Account, at: datetime) -> None:
    """End a flag before its time, for a reason; commits. What it holds is released one by one.

    Lifting it twice is once. Refuses with LIFT_REASON_MISSING and LIFT_REASON_TOO_LONG.
    """
    told = reason.strip()
    if not told:
        raise Refused("LIFT_REASON_MISSING")
    if len(told) > LONGEST_REASON:
        raise Refused("LIFT_REASON_TOO_LONG", length=len(told), longest=LONGEST_REASON)
    audit.take_turns(session, by)
    session.refresh(flag, with_for_update={"of": PairFlag})
    if flag.lifted_at is None:
        flag.lifted_at, flag.lifted_by_id, flag.lifted_reason = at, by.id, told
        facts = {"reason": told}
        audit.record(session, "pair:lift", f"pair_flag:{flag.id}", by=by, at=at, facts=facts)
    session.commit()


def _check_dates(starts_on: date, ends_on: date, today: date) -> None:
    if ends_on < starts_on or ends_on < today:
        raise Refused("FLAG_DATES_WRONG")
    longest = parameters.value("timesheet.longest_flag", today)
    if ends_on - max(starts_on, today) > timedelta(days=longest):
        raise Refused("FLAG_TOO_LONG", longest=longest)


def _pair(session: Session, provider_number: str, case_number: str, by: Account) -> Assignment:
    found = session.scalars(
        select(Assignment)
        .join(Assignment.provider)
        .join(Assignment.case)
        .join(Case.recipient)
        .where(
            Provider.number == provider_number.strip(),
            Case.number == case_number.strip(),
            Recipient.county_id == by.county_id,
        )
        .order_by(Assignment.id)
        .limit(1)
    ).first()
    if found is None:
        raise Refused("NO_SUCH_PAIR")
    return found


def _overlaps(session: Session, pair: Assignment, starts_on: date, ends_on: date) -> bool:
    """Asked with the case locked, so that two workers cannot both find none."""
    session.execute(select(Case.id).where(Case.id == pair.case_id).with_for_update(key_share=True))
    found = select(PairFlag.id).where(
        PairFlag.provider_id == pair.provider_id,
        PairFlag.case_id == pair.case_id,
        PairFlag.lifted_at.is_(None),
        PairFlag.starts_on <= ends_on,
        PairFlag.ends_on >= starts_on,
    )
    return session.scalars(found.limit(1)).first() is not None
