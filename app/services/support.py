"""What can a service desk agent do for somebody who cannot get in? Each act for a reason, on record.

The owner reads every act with its reason in “Who looked at my account”, and is told at once of those
that open a door. No act shows or takes a secret of hers.
"""

from datetime import datetime

from sqlalchemy.orm import Session

from app.domain import desk
from app.domain.outcomes import Refused
from app.models.accounts import Account
from app.services import alarms, audit, claimants, recovery_end, sessions


def check_may_act(account: Account, reason: str | None, *, by: Account) -> str:
    """The reason, tidied. Refused with OWN_ACCOUNT, DESK_REASON_MISSING and DESK_REASON_TOO_LONG."""
    desk.check_may_help(agent=by.person_id, owner=account.person_id)
    return desk.check_reason(reason)


def unlock(
    session: Session, account: Account, *, reason: str | None, by: Account, at: datetime
) -> None:
    """End the row of wrong passwords, so that the right one is taken again; commits.

    Refused as `check_may_act` is, and with NOT_LOCKED while there are tries left.
    """
    told = check_may_act(account, reason, by=by)
    claimants.lock(session, account)
    failures = account.failures_in_a_row
    if not desk.may_be_unlocked(failures, at):
        raise Refused("NOT_LOCKED")
    account.failures_in_a_row, account.locked_at = 0, None
    alarms.tell_of_change(session, account, "ACCOUNT_UNLOCKED", {}, at=at)
    record(session, account, "unlock", told, by=by, at=at, failures=failures)
    session.commit()


def thaw(
    session: Session, account: Account, *, reason: str | None, by: Account, at: datetime
) -> None:
    """Open an account again that its owner froze; commits.

    What was added since the change that was not hers opens nothing any more (recovery_end.thaw), and
    an address that was changed since counts no more, so that no code goes to whoever changed it.
    Refused as `check_may_act` is, and with NOT_FROZEN.
    """
    told = check_may_act(account, reason, by=by)
    claimants.lock(session, account)
    if account.frozen_at is None:
        raise Refused("NOT_FROZEN")
    recovery_end.thaw(session, account)
    sessions.end_all_of(session, account, at=at)
    alarms.tell_of_change(session, account, "ACCOUNT_THAWED", {}, at=at)
    record(session, account, "thaw", told, by=by, at=at)
    session.commit()


def note(
    session: Session, account: Account, *, reason: str | None, by: Account, at: datetime
) -> None:
    """Leave word for the next agent, which the owner can read too; commits.

    Refused as `check_may_act` is.
    """
    told = check_may_act(account, reason, by=by)
    record(session, account, "note", told, by=by, at=at)
    session.commit()


def record(
    session: Session,
    account: Account,
    what: str,
    reason: str,
    *,
    by: Account,
    at: datetime,
    **facts: int,
) -> None:
    """Put an act of the desk on record; never commits."""
    audit.record(
        session,
        f"account:{what}",
        f"account:{account.id}",
        by=by,
        at=at,
        facts={"what": what, "reason": reason, **facts},
    )
