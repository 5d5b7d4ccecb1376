"""How does mail that waits get out, though the mail server may be down and we may be killed?

Whoever sends a letter leases it first, so that nobody else sends it meanwhile. A letter that fails
waits longer each time and is given up after two days or so, its last error on record. Killed between
sending and noting it, we send it again when the lease ends: at least once, with the same Message-ID.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from app.gateways.messaging import Email, Mailer, SendingFailed
from app.models.accounts import Account
from app.models.engine import writing
from app.models.messages import QueuedEmail

AT_A_TIME = 20
LEASE = timedelta(minutes=10)
FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=6)
MOST_ATTEMPTS = 16  # a minute, two, four … then every six hours: about two days

Compose = Callable[[str, Mapping[str, Any], Account], Email]


@dataclass(frozen=True, slots=True)
class Sent:
    """How many letters went out, how many will be tried again, how many were given up."""

    sent: int = 0
    failed: int = 0
    given_up: int = 0

    def __add__(self, other: "Sent") -> "Sent":
        return Sent(
            self.sent + other.sent, self.failed + other.failed, self.given_up + other.given_up
        )


def send_due(session: Session, compose: Compose, mailer: Mailer, *, at: datetime) -> Sent:
    """Send what waits, the oldest first; commits each letter. No transaction is open while sending."""
    total = Sent()
    while letters := _lease(session, at=at):
        for letter, account in letters:
            total += _send(session, letter, account, compose, mailer, at=at)
    return total


def wait_after(attempts: int) -> timedelta:
    """How long a letter rests after so many failures.

    >>> [wait_after(attempts).seconds // 60 for attempts in (1, 2, 3, 12)]
    [1, 2, 4, 360]
    """
    return min(FIRST_WAIT * (1 << (attempts - 1)), LONGEST_WAIT)


def _lease(session: Session, *, at: datetime) -> Sequence[tuple[QueuedEmail, Account]]:
    """Take the oldest letters that nobody else has; commits."""
    with writing():
        due = session.scalars(
            select(QueuedEmail.id)
            .where(
                QueuedEmail.sent_at.is_(None),
                QueuedEmail.attempts < MOST_ATTEMPTS,
                or_(QueuedEmail.leased_until.is_(None), QueuedEmail.leased_until <= at),
            )
            .order_by(QueuedEmail.id)
            .limit(AT_A_TIME)
            .with_for_update(skip_locked=True)
        ).all()
        session.execute(
            update(QueuedEmail)
            .where(QueuedEmail.id.in_(due))
            .values(leased_until=at + LEASE, attempts=QueuedEmail.attempts + 1)
        )
        session.commit()
    return _with_accounts(session, due)


def _with_accounts(session: Session, ids: Iterable[int]) -> Sequence[tuple[QueuedEmail, Account]]:
    rows = session.execute(
        select(QueuedEmail, Account)
        .join(Account, Account.id == QueuedEmail.to_account_id)
        .where(QueuedEmail.id.in_(ids))
        .order_by(QueuedEmail.id)
        .execution_options(populate_existing=True)
    ).all()
    session.commit()
    return [(letter, account) for letter, account in rows]


def _send(
    session: Session,
    letter: QueuedEmail,
    account: Account,
    compose: Compose,
    mailer: Mailer,
    *,
    at: datetime,
) -> Sent:
    key = f"letter-{letter.id}-{letter.queued_at:%Y%m%d%H%M%S}"
    try:
        mailer.send(replace(compose(letter.code, letter.facts, account), key=key))
    except SendingFailed as error:
        return _note_failure(session, letter, str(error), at=at)
    except Exception as error:  # one letter that cannot be composed must not stop the others
        # The message may quote what the letter says about a person; its kind is enough.
        return _note_failure(session, letter, type(error).__name__, at=at)
    _note(session, letter, sent_at=at, last_error=None)
    return Sent(sent=1)


def _note_failure(session: Session, letter: QueuedEmail, error: str, *, at: datetime) -> Sent:
    _note(session, letter, leased_until=at + wait_after(letter.attempts), last_error=error)
    is_last = letter.attempts >= MOST_ATTEMPTS
    return Sent(given_up=1) if is_last else Sent(failed=1)


def _note(session: Session, letter: QueuedEmail, **values: Any) -> None:
    with writing():
        session.execute(update(QueuedEmail).where(QueuedEmail.id == letter.id).values(**values))
        session.commit()
