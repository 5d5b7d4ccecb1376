"""How does somebody come to know of something: in the portal, and by mail or text?"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.models.accounts import Account
from app.models.messages import Notice, QueuedEmail, QueuedText


def queue(
    session: Session, to: Iterable[Account], code: str, facts: Mapping[str, Any], *, at: datetime
) -> None:
    """Add a notice for each account, and a letter or a text as she chose; never commits: what it tells
    of commits all.

    `code` names a sentence of web/wording and a template pair in templates/emails; `facts` hold
    ids, days and minutes, so that the words can be made in the reader's language.
    """
    for account in to:
        session.add(Notice(account_id=account.id, code=code, facts=dict(facts), created_at=at))
        queued = {"to_account_id": account.id, "code": code, "facts": dict(facts), "queued_at": at}
        by_text = account.tells_by_text and account.phone_confirmed_at is not None
        if by_text:
            session.add(QueuedText(**queued))
        if account.tells_by_email or not by_text:
            session.add(QueuedEmail(**queued))


def mark_read(session: Session, *, by: Account, at: datetime) -> None:
    """Everything an account has been told is read now; commits."""
    session.execute(
        update(Notice)
        .where(Notice.account_id == by.id, Notice.read_at.is_(None))
        .values(read_at=at)
    )
    session.commit()


def accounts_of_people(session: Session, person_ids: Iterable[int], role: str) -> list[Account]:
    """The accounts that these people hold in a role; people without one are simply not told."""
    ids = list(person_ids)
    if not ids:
        return []
    return list(
        session.scalars(
            select(Account).where(Account.person_id.in_(ids), Account.role == role)
        ).all()
    )
