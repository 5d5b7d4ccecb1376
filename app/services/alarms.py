"""Who hears that something was changed which opens an account? Everybody at every address of it.

Each letter and text has a link for “this was not me” (services.disavowals), made when it is sent.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session as Database

from app.models.accounts import Account
from app.models.messages import Notice, QueuedEmail, QueuedText


def tell_of_change(
    database: Database,
    account: Account,
    code: str,
    facts: Mapping[str, Any],
    *,
    at: datetime,
    old_email: str | None = None,
    old_phone: str | None = None,
) -> None:
    """A notice, a letter and a text to all that is confirmed, whatever she chose; never commits.

    `old_email` or `old_phone` is what was confirmed until now, where that is what changed: whoever
    took an account over must not be the only one who hears of it.
    """
    told = {"code": code, "facts": dict(facts)}
    database.add(Notice(account_id=account.id, created_at=at, **told))
    queued = told | {"to_account_id": account.id, "queued_at": at, "is_alarm": True}
    if account.email_confirmed_at is not None:
        database.add(QueuedEmail(**queued))
    if old_email is not None:
        database.add(QueuedEmail(**queued, address=old_email))
    if account.phone is not None and account.phone_confirmed_at is not None:
        database.add(QueuedText(**queued))
    if old_phone is not None:
        database.add(QueuedText(**queued, number=old_phone))
