"""How does mail that waits get out, though the mail server may be down and we may be killed?

Whoever sends a letter leases it first, so that nobody else sends it meanwhile. A letter that fails
waits longer each time and is given up after two days or so, its last error on record. Killed between
sending and noting it, we send it again when the lease ends: at least once, with the same Message-ID.
Text messages wait and go out in the same way.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any, TypeAlias, cast

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from app.gateways.messaging import Email, Mailer, SendingFailed
from app.gateways.texting import Texter, TextMessage
from app.models.accounts import Account
from app.models.engine import writing
from app.models.messages import QueuedEmail, QueuedText
from app.services import disavowals

AT_A_TIME = 20
LEASE = timedelta(minutes=10)
FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=6)
MOST_ATTEMPTS = 16  # a minute, two, four … then every six hours: about two days

Letter: TypeAlias = QueuedEmail | QueuedText
Facts: TypeAlias = Mapping[str, Any]
Compose = Callable[[str, Facts, Account], Email]
ComposeText = Callable[[str, Facts, Account], TextMessage]
Deliver = Callable[[Any, Facts, Account], None]


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

    def deliver(letter: QueuedEmail, facts: Facts, account: Account) -> None:
        key = f"letter-{letter.id}-{letter.queued_at:%Y%m%d%H%M%S}"
        email = compose(letter.code, facts, account)
        mailer.send(replace(email, to=letter.address or email.to, key=key))

    return _send_all(session, QueuedEmail, deliver, at=at)


def send_texts_due(session: Session, compose: ComposeText, texter: Texter, *, at: datetime) -> Sent:
    """The same for text messages."""

    def deliver(letter: QueuedText, facts: Facts, account: Account) -> None:
        message = compose(letter.code, facts, account)
        texter.send(replace(message, to=letter.number or message.to))

    return _send_all(session, QueuedText, deliver, at=at)


def wait_after(attempts: int) -> timedelta:
    """How long a letter rests after so many failures.

    >>> [wait_after(attempts).seconds // 60 for attempts in (1, 2, 3, 12)]
    [1, 2, 4, 360]
    """
    return min(FIRST_WAIT * (1 << (attempts - 1)), LONGEST_WAIT)


def _send_all(session: Session, table: type[Letter], deliver: Deliver, *, at: datetime) -> Sent:
    total = Sent()
    while letters := _lease(session, table, at=at):
        for letter, account in letters:
            total += _send(session, letter, partial(deliver, letter), account, at=at)
    return total


def _lease(
    session: Session, table: type[Letter], *, at: datetime
) -> Sequence[tuple[Letter, Account]]:
    """Take the oldest letters that nobody else has; commits."""
    with writing():
        due = session.scalars(
            select(table.id)
            .where(
                table.sent_at.is_(None),
                table.attempts < MOST_ATTEMPTS,
                or_(table.leased_until.is_(None), table.leased_until <= at),
            )
            .order_by(table.id)
            .limit(AT_A_TIME)
            .with_for_update(skip_locked=True)
        ).all()
        session.execute(
            update(table)
            .where(table.id.in_(due))
            .values(leased_until=at + LEASE, attempts=table.attempts + 1)
        )
        session.commit()
    return _with_accounts(session, table, due)


def _with_accounts(
    session: Session, table: type[Letter], ids: Iterable[int]
) -> Sequence[tuple[Letter, Account]]:
    rows = session.execute(
        select(table, Account)
        .join(Account, Account.id == table.to_account_id)
        .where(table.id.in_(ids))
        .order_by(table.id)
        .execution_options(populate_existing=True)
    ).all()
    session.commit()
    return [(cast(Letter, letter), account) for letter, account in rows]


def _send(
    session: Session,
    letter: Letter,
    deliver: Callable[[Facts, Account], None],
    account: Account,
    *,
    at: datetime,
) -> Sent:
    try:
        deliver(_facts(session, letter, account, at=at), account)
    except SendingFailed as error:
        return _note_failure(session, letter, str(error), at=at)
    except Exception as error:  # one letter that cannot be composed must not stop the others
        # The message may quote what the letter says about a person; its kind is enough.
        return _note_failure(session, letter, type(error).__name__, at=at)
    _note(session, letter, sent_at=at, last_error=None)
    return Sent(sent=1)


def _facts(session: Session, letter: Letter, account: Account, *, at: datetime) -> Facts:
    """What the letter tells; an alarm also holds a link that is made now and kept only as a hash."""
    if not letter.is_alarm:
        return letter.facts
    with writing():
        token = disavowals.make_link(
            session, account, letter.code, changed_at=letter.queued_at, at=at
        )
        session.commit()
    return {**letter.facts, "not_me": token}


def _note_failure(session: Session, letter: Letter, error: str, *, at: datetime) -> Sent:
    _note(session, letter, leased_until=at + wait_after(letter.attempts), last_error=error)
    is_last = letter.attempts >= MOST_ATTEMPTS
    return Sent(given_up=1) if is_last else Sent(failed=1)


def _note(session: Session, letter: Letter, **values: Any) -> None:
    with writing():
        table = type(letter)
        session.execute(update(table).where(table.id == letter.id).values(**values))
        session.commit()
