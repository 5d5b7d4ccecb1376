"""Which providers are reminded that hours are not submitted, while there is still time?

Each half month at most twice: before it is over, and before it is late (domain.reminders). Reminders go
out one by one, spread over the day, so that the job may be killed at any moment; none to somebody who
wants none.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import Session

from app.domain import reminders as rules
from app.domain.periods import local_day, midnight_before
from app.domain.permissions import Role
from app.domain.reminders import UnsentReminder
from app.domain.timesheets import EDITABLE
from app.models.accounts import Account
from app.models.cases import Assignment
from app.models.people import Provider
from app.models.timesheets import STATUS_OF_THESE, TimeEntry, Timesheet
from app.services import approvals, audit, notices

AT_A_TIME = 200


def remind_unsent(session: Session, *, at: datetime) -> int:
    """Remind every provider whose turn has come; a commit each, answers how many reminders went out."""
    turns = rules.turns_taken(at)
    if turns == rules.NOBODY:
        return 0
    return sum(
        _remind_all(session, reminder, turns, at=at)
        for reminder in rules.unsent_reminders(local_day(at))
    )


def _remind_all(session: Session, reminder: UnsentReminder, turns: int, *, at: datetime) -> int:
    done, after = 0, 0
    while found := _due(session, reminder, turns, after, at):
        session.rollback()
        after = found[-1][0]
        done += sum(_remind(session, reminder, *each, at=at) for each in found)
    return done


def _due(
    session: Session, reminder: UnsentReminder, turns: int, after: int, at: datetime
) -> Sequence[tuple[int, int]]:
    """The next sheets with the accounts of their providers, by the index of half months."""
    return [
        (timesheet_id, account_id)
        for timesheet_id, account_id in session.execute(
            _unsent(reminder)
            .join(Assignment, Assignment.id == Timesheet.assignment_id)
            .join(Provider, Provider.id == Assignment.provider_id)
            .join(
                Account,
                and_(
                    Account.person_id == Provider.person_id,
                    Account.role == Role.PROVIDER,
                    Account.reminds_of_timesheets.is_(True),
                ),
            )
            .where(
                Timesheet.id > after,
                Account.id % rules.turns(local_day(at)) <= turns,  # domain.reminders.turn_of
                select(TimeEntry.id)
                .where(TimeEntry.timesheet_id == Timesheet.id, TimeEntry.minutes > 0)
                .exists(),
            )
            .with_only_columns(Timesheet.id, Account.id)
            .order_by(Timesheet.id)
            .limit(AT_A_TIME)
        )
    ]


def _unsent(reminder: UnsentReminder) -> Select[Timesheet]:
    """Sheets of the half month that their provider still has, and was not reminded of since it is time.

    A correction of what was signed before is no unsent timesheet.
    """
    return select(Timesheet).where(
        Timesheet.period_starts_on == reminder.period.starts_on,
        STATUS_OF_THESE.in_(EDITABLE),
        Timesheet.amends.is_(None),
        or_(
            Timesheet.owner_reminded_at.is_(None),
            Timesheet.owner_reminded_at < midnight_before(reminder.starts_on),
        ),
    )


def _remind(
    session: Session, reminder: UnsentReminder, timesheet_id: int, account_id: int, *, at: datetime
) -> bool:
    """Tell her once; nothing where she submitted, or another job told her, since we looked."""
    audit.take_turns(session, None)
    timesheet = session.scalars(
        _unsent(reminder)
        .where(Timesheet.id == timesheet_id)
        .with_for_update(of=Timesheet)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if timesheet is None:
        session.rollback()
        return False
    timesheet.owner_reminded_at = at
    account = session.get_one(Account, account_id)
    facts = approvals.sheet_notice(timesheet, _minutes(session, timesheet))
    facts["last_on"] = reminder.last_on.isoformat()
    notices.queue(session, [account], reminder.kind, facts, at=at)
    audit.record(
        session, "timesheet:remind-provider", f"timesheet:{timesheet.id}", by=None, at=at,
        facts={"kind": str(reminder.kind)},
    )  # fmt: skip
    session.commit()
    return True


def _minutes(session: Session, timesheet: Timesheet) -> int:
    total = select(func.sum(TimeEntry.minutes)).where(TimeEntry.timesheet_id == timesheet.id)
    return session.scalar(total) or 0
