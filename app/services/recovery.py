"""Who is on the way back into an account, how far has she come, and what stands before her next step?

A name that nobody has gets a way back like any other (ADR 0011): the same pages, questions and limits,
only that nothing it is answered is ever right.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from secrets import token_urlsafe
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session as Database

from app.domain import questions
from app.domain import recovery as rules
from app.domain.outcomes import Refused
from app.domain.recovery import Given, Lost, Progress, Proof
from app.gateways.secrets import Secrets
from app.models.accounts import Account
from app.models.factors import Recovery
from app.services import audit, claimants, security_questions, sessions
from app.services.claimants import Claimant


@dataclass(frozen=True)
class Standing:
    """How a way back stands: which proofs count, how far they lead, and what can be given next.

    `uncounted` are proofs that were good and count nothing, since the account is frozen.
    """

    lost: Lost
    counted: frozenset[Proof]
    uncounted: frozenset[Proof]
    progress: Progress
    offered: tuple[Proof, ...]
    question_passed: bool


@dataclass(frozen=True)
class IssuedLink:
    """A link of the service desk that is ready to be mailed."""

    token: str
    to: Account
    expires_at: datetime


def start(database: Database, name: str, lost: Lost, *, secrets: Secrets, at: datetime) -> str:
    """Begin a way back for a username or e-mail address, and answer its ticket; commits."""
    owner = claimants.claimant(database, name, secrets=secrets, at=at)
    ticket = token_urlsafe(32)
    _open(database, owner, lost, sessions.hash_of(ticket), rules.expires_at(at), [], at)
    database.commit()
    return ticket


def find(database: Database, ticket: str | None, *, at: datetime) -> Recovery | None:
    """The way back that a browser is on; None when there is none, or it ended or ran out of time."""
    if not ticket:
        return None
    return database.scalar(
        select(Recovery).where(
            Recovery.ticket_hash == sessions.hash_of(ticket),
            Recovery.finished_at.is_(None),
            Recovery.expires_at > at,
        )
    )


def standing(database: Database, recovery: Recovery) -> Standing:
    """How far it has come."""
    given = given_proofs(recovery)
    counted = rules.counted(given, disputed_at(recovery.account))
    return Standing(
        lost=Lost(recovery.lost),
        counted=counted,
        uncounted=frozenset(each.kind for each in given) - counted,
        progress=rules.progress(counted),
        offered=rules.offered(Lost(recovery.lost), counted),
        question_passed=recovery.question_passed_at is not None,
    )


def question_before(
    database: Database, recovery: Recovery, kind: Proof, *, secrets: Secrets
) -> str | None:
    """The code of the question that stands before a code of this kind; None when none does."""
    now = standing(database, recovery)
    if now.question_passed or not rules.asks_question(kind, now.counted):
        return None
    return security_questions.ask(database, owner_of(recovery), secrets=secrets)


def answer_question(
    database: Database, recovery: Recovery, typed: str, *, secrets: Secrets, at: datetime
) -> None:
    """Take an answer: when it is right, codes can be sent on this way back. Commits.

    Refused with ANSWER_WRONG (tries_left) or QUESTION_CLOSED. A try is counted before it is looked
    at, so that tries made at the same moment do not slip past. Raises TooBusy.
    """
    tries = questions.tries(at)
    lock(database, recovery)
    rules.check_may_answer(recovery.question_failures, tries)
    recovery.question_failures += 1
    left = tries - recovery.question_failures
    database.commit()
    owner = owner_of(recovery)
    asked = security_questions.ask(database, owner, secrets=secrets)
    if not security_questions.check(database, owner, asked, typed):
        if not left:
            raise Refused("QUESTION_CLOSED")
        raise Refused("ANSWER_WRONG", tries_left=left)
    lock(database, recovery)
    recovery.question_failures -= 1
    recovery.question_passed_at = at
    database.commit()


def desk_reset(
    database: Database, account: Account, *, reason: str, by: Account, at: datetime
) -> IssuedLink:
    """A way back that the service desk opens for somebody whom it has made sure of; commits.

    The link stands for the desk's word, and its owner still needs one code. It takes the place of
    links before it. web/sending_links sends it, and withdraws it when it cannot be sent. Refused
    with NO_CONFIRMED_EMAIL.
    """
    if account.email_confirmed_at is None:
        raise Refused("NO_CONFIRMED_EMAIL")
    claimants.lock(database, account)
    for older in _open_links(database, account, at):
        older.expires_at = at
    token = token_urlsafe(32)
    until = rules.link_expires_at(at)
    _open(database, account, Lost.EVERYTHING, _link_hash(token), until, [Given(Proof.DESK)], at)
    facts = {"reason": reason}
    audit.record(database, "recovery:send_link", _subject(account), by=by, at=at, facts=facts)
    database.commit()
    return IssuedLink(token, account, until)


def withdraw_link(database: Database, token: str, *, at: datetime) -> None:
    """The link could not be sent, so it leads nowhere; commits."""
    if (link := _by_link(database, token, at)) is not None:
        link.expires_at = at
    database.commit()


def follow_link(database: Database, token: str, *, at: datetime) -> str:
    """Hand the way back to the browser that opened the desk's link: its ticket; commits.

    The link works once. Refused with LINK_UNKNOWN when it is used, too old, replaced or never was.
    """
    link = _by_link(database, token, at)
    if link is None:
        raise Refused("LINK_UNKNOWN")
    ticket = token_urlsafe(32)
    link.ticket_hash = sessions.hash_of(ticket)
    link.expires_at = rules.expires_at(at)
    owner = account_of(link)
    audit.record(database, "recovery:follow_link", _subject(owner), by=owner, at=at)
    database.commit()
    return ticket


def owner_of(recovery: Recovery) -> Claimant:
    """Whose way back it is: an account's, or a name's that nobody has."""
    owner = recovery.account or recovery.stranger
    assert owner is not None  # noqa: S101 - it has one owner, the table sees to it
    return owner


def account_of(recovery: Recovery) -> Account:
    """The account at its end; only where something was proved, which a stranger's never is."""
    assert recovery.account is not None  # noqa: S101
    return recovery.account


def given_proofs(recovery: Recovery) -> list[Given]:
    """Every proof that was given, whether it counts or not."""
    return [
        Given(Proof(each["kind"]), datetime.fromisoformat(each["since"]) if each["since"] else None)
        for each in recovery.proofs
    ]


def as_kept(given: Iterable[Given]) -> list[dict[str, Any]]:
    """Proofs as the table keeps them."""
    return [
        {"kind": str(each.kind), "since": each.since.isoformat() if each.since else None}
        for each in given
    ]


def lock(database: Database, recovery: Recovery) -> None:
    """Read it anew and let nobody else change it until the commit."""
    database.scalars(
        select(Recovery)
        .where(Recovery.id == recovery.id)
        .with_for_update(of=Recovery)
        .execution_options(populate_existing=True)
    ).one()


def disputed_at(account: Account | None) -> datetime | None:
    """Since when what was changed in a frozen account counts no more; None when it is not frozen."""
    if account is None or account.frozen_at is None:
        return None
    return account.disputed_at or account.frozen_at


def _open(
    database: Database,
    owner: Claimant,
    lost: Lost,
    ticket_hash: str,
    expires_at: datetime,
    given: list[Given],
    at: datetime,
) -> None:
    is_account = isinstance(owner, Account)
    database.add(
        Recovery(
            ticket_hash=ticket_hash,
            account_id=owner.id if is_account else None,
            stranger_id=None if is_account else owner.id,
            lost=lost,
            proofs=as_kept(given),
            failures=0,
            question_failures=0,
            started_at=at,
            expires_at=expires_at,
        )
    )


def _link_hash(token: str) -> str:
    """Apart from tickets, so that a browser's ticket never passes for a link."""
    return sessions.hash_of(f"link:{token}")


def _by_link(database: Database, token: str, at: datetime) -> Recovery | None:
    return database.scalar(
        select(Recovery)
        .where(Recovery.ticket_hash == _link_hash(token))
        .where(Recovery.finished_at.is_(None), Recovery.expires_at > at)
        .with_for_update(of=Recovery)
    )


def _open_links(database: Database, account: Account, at: datetime) -> list[Recovery]:
    """The ways back that the desk opened, followed or not."""
    still_open = database.scalars(
        select(Recovery).where(
            Recovery.account_id == account.id,
            Recovery.finished_at.is_(None),
            Recovery.expires_at > at,
        )
    )
    return [each for each in still_open if Given(Proof.DESK) in given_proofs(each)]


def _subject(account: Account) -> str:
    return f"account:{account.id}"
