"""Who probably forgot to check in or out, what end is suggested, and who was reminded already?

One reminder a visit, and one a day for a check-in, never at night; none to somebody who wants none. What
is usual is her own for that recipient (domain.forgotten_taps). Reminders go out one by one, so that the
job may be killed at any moment.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from app.domain import forgotten_taps as rules
from app.domain.forgotten_taps import PastVisit
from app.domain.periods import PayPeriod, local_day, midnight_before
from app.domain.permissions import Role
from app.domain.visits import Flag
from app.models.accounts import Account
from app.models.cases import Assignment
from app.models.messages import Notice
from app.models.people import Provider
from app.models.timesheets import TimeEntry, Timesheet
from app.models.visits import Visit
from app.services import audit, notices

CHECK_IN_REMINDER = "CHECK_IN_REMINDER"
AN_HOUR, A_MINUTE, A_WEEK = timedelta(hours=1), timedelta(minutes=1), timedelta(days=7)
LOOKED_BACK = timedelta(days=60)  # at her visits; the rules take the last few of them
LONGEST_WAIT = timedelta(hours=36)  # a whole visit and a night: older ones were reminded of in time
AT_A_TIME = 200


def remind_check_outs(session: Session, *, at: datetime) -> int:
    """Remind whoever is checked in for longer than she ever is; a commit each, answers how many."""
    if _is_night(at):
        return 0
    done, after = 0, 0
    while found := session.execute(_still_in(at, after)).all():
        past = past_visits(session, {visit.assignment_id for visit, _ in found}, before=at)
        due = [
            (visit.id, account.id)
            for visit, account in found
            if rules.check_out_reminder_at(past[visit.assignment_id], visit.began_at) <= at
        ]
        after = found[-1][0].id
        session.rollback()
        done += sum(_remind_check_out(session, *each, at=at) for each in due)
    return done


def remind_check_ins(session: Session, *, at: datetime) -> int:
    """Remind whoever did not check in where she usually would have; once a day at most."""
    if _is_night(at):
        return 0
    today = local_day(at)
    found = session.execute(_usually_in(at, today)).all()
    past = past_visits(session, {assignment.id for assignment, _ in found}, before=at)
    due: dict[int, tuple[datetime, int]] = {}
    for assignment, account_id in found:
        due_at = rules.check_in_reminder_at(past[assignment.id], today)
        if due_at is not None and due_at <= at:
            this = (due_at, assignment.id)
            due[account_id] = min(this, due.get(account_id, this))
    session.rollback()
    return sum(
        _remind_check_in(session, account_id, assignment_id, at=at)
        for account_id, (_, assignment_id) in sorted(due.items())
    )


def suggested_end(session: Session, visit: Visit, *, now: datetime) -> datetime:
    """When a visit without a check-out probably ended: like her other visits, before her next tap."""
    past = past_visits(session, {visit.assignment_id}, before=visit.began_at)
    ends_at = rules.suggested_end(past[visit.assignment_id], visit.began_at, now=now)
    next_at = session.scalar(
        select(func.min(Visit.began_at)).where(
            Visit.assignment_id == visit.assignment_id,
            Visit.began_at > visit.began_at,
            Visit.undone_at.is_(None),
        )
    )
    return ends_at if next_at is None else min(ends_at, next_at - A_MINUTE)


def forgotten(session: Session, visits: Iterable[Visit], *, at: datetime) -> Mapping[int, datetime]:
    """The visits of these that go on for longer than usual, each with the end that is suggested."""
    long = [visit for visit in visits if visit.is_open and visit.began_at <= at - AN_HOUR]
    if not long:
        return {}
    past = past_visits(session, {visit.assignment_id for visit in long}, before=at)
    return {
        visit.id: rules.suggested_end(past[visit.assignment_id], visit.began_at, now=at)
        for visit in long
        if rules.check_out_reminder_at(past[visit.assignment_id], visit.began_at) <= at
    }


def past_visits(
    session: Session, assignment_ids: Collection[int], *, before: datetime
) -> Mapping[int, list[PastVisit]]:
    """The visits with both ends that began in the weeks before an instant, by assignment."""
    found: dict[int, list[PastVisit]] = defaultdict(list)
    rows = session.execute(
        select(Visit.assignment_id, Visit.checked_in_at, Visit.checked_out_at).where(
            Visit.assignment_id.in_(assignment_ids),
            Visit.began_at.between(before - LOOKED_BACK, before),
            Visit.undone_at.is_(None),
            or_(Visit.flag.is_(None), Visit.flag != Flag.OVER_A_DAY),
        )
    )
    for assignment_id, came_at, went_at in rows:
        if came_at is not None and went_at is not None:
            found[assignment_id].append(PastVisit(came_at, went_at))
    return found


def _still_in(at: datetime, after: int) -> Select[Visit, Account]:
    return (
        select(Visit, Account)
        .join(Visit.assignment)
        .join(Provider, Provider.id == Assignment.provider_id)
        .join(Account, _is_provider_who_wants_it())
        .where(
            Visit.id > after,
            Visit.is_open.is_(True),
            Visit.undone_at.is_(None),
            Visit.reminded_at.is_(None),
            Visit.began_at.between(at - LONGEST_WAIT, at - AN_HOUR),
        )
        .order_by(Visit.id)
        .limit(AT_A_TIME)
    )


def _usually_in(at: datetime, today: date) -> Select[Assignment, int]:
    """Assignments with a visit at this time one or two weeks ago, and with nothing at all today."""
    then, now = aliased(Visit), aliased(Visit)
    same_day = [
        then.began_at.between(midnight_before(local_day(at - weeks * A_WEEK)), at - weeks * A_WEEK)
        for weeks in (1, 2)
    ]
    midnight = midnight_before(today)
    came = exists().where(now.assignment_id == Assignment.id, now.began_at >= midnight)
    wrote = exists().where(
        Timesheet.assignment_id == Assignment.id,
        Timesheet.period_starts_on == PayPeriod.of(today).starts_on,
        TimeEntry.timesheet_id == Timesheet.id,
        TimeEntry.on == today,
        TimeEntry.minutes.is_not(None),
    )
    told = exists().where(
        Notice.account_id == Account.id,
        Notice.code == CHECK_IN_REMINDER,
        Notice.created_at >= midnight,
    )
    return (
        select(Assignment, Account.id)
        .join(Provider, Provider.id == Assignment.provider_id)
        .join(Account, _is_provider_who_wants_it())
        .where(
            Assignment.id.in_(select(then.assignment_id).where(or_(*same_day))),
            Assignment.live_in.is_(False),
            Assignment.starts_on <= today,
            or_(Assignment.ends_on.is_(None), Assignment.ends_on >= today),
            ~came,
            ~wrote,
            ~told,
        )
        .order_by(Assignment.id)
    )


def _is_provider_who_wants_it() -> ColumnElement[bool]:
    return and_(
        Account.person_id == Provider.person_id,
        Account.role == Role.PROVIDER,
        Account.reminds_of_taps.is_(True),
    )


def _remind_check_out(session: Session, visit_id: int, account_id: int, *, at: datetime) -> bool:
    """Tell her once; nothing where she checked out, or another job told her, since we looked."""
    account = session.get_one(Account, account_id)
    audit.take_turns(session, account)
    visit = session.scalars(
        select(Visit)
        .where(Visit.id == visit_id, Visit.is_open.is_(True), Visit.reminded_at.is_(None))
        .with_for_update(of=Visit)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if visit is None:
        session.rollback()
        return False
    visit.reminded_at = at
    facts = {
        "visit_id": visit.id,
        "recipient": visit.assignment.recipient.person.first_name,
        "since_moment": visit.began_at.isoformat(),
    }
    notices.queue(session, [account], "CHECK_OUT_REMINDER", facts, at=at)
    audit.record(session, "visit:remind", f"visit:{visit.id}", by=None, at=at)
    session.commit()
    return True


def _remind_check_in(
    session: Session, account_id: int, assignment_id: int, *, at: datetime
) -> bool:
    account = session.get_one(Account, account_id)
    audit.take_turns(session, account)
    today = midnight_before(local_day(at))
    told = select(Notice.id).where(
        Notice.account_id == account_id,
        Notice.code == CHECK_IN_REMINDER,
        Notice.created_at >= today,
    )
    if session.scalar(told.limit(1)) is not None:
        session.rollback()
        return False
    assignment = session.get_one(Assignment, assignment_id)
    facts = {"recipient": assignment.recipient.person.first_name}
    notices.queue(session, [account], "CHECK_IN_REMINDER", facts, at=at)
    audit.record(session, "check-in:remind", f"assignment:{assignment_id}", by=None, at=at)
    session.commit()
    return True


def _is_night(at: datetime) -> bool:
    return rules.by_day(at) != at
