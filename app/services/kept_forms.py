"""What did somebody send after her session had ended, so that she need not type it again?"""

from datetime import datetime, timedelta
from secrets import token_urlsafe

from sqlalchemy import delete, select
from sqlalchemy.orm import Session as Database

from app.models.accounts import Account, KeptForm
from app.services import sessions

KEPT_FOR = timedelta(hours=1)


def keep(database: Database, account_id: int, sealed: str, *, at: datetime) -> str:
    """Keep what the web layer sealed, and answer the token by which it is found again; commits."""
    token = token_urlsafe(32)
    database.execute(
        delete(KeptForm).where(KeptForm.account_id == account_id, KeptForm.expires_at <= at)
    )
    database.add(
        KeptForm(
            token_hash=sessions.hash_of(token),
            account_id=account_id,
            sealed=sealed,
            expires_at=at + KEPT_FOR,
        )
    )
    database.commit()
    return token


def find(database: Database, token: str | None, account: Account, *, at: datetime) -> str | None:
    """What was sealed, for the same account and within the hour; else None."""
    if not token:
        return None
    return database.scalar(
        select(KeptForm.sealed).where(
            KeptForm.token_hash == sessions.hash_of(token),
            KeptForm.account_id == account.id,
            KeptForm.expires_at > at,
        )
    )


def drop(database: Database, token: str, account: Account) -> None:
    """It was sent again, or is not wanted any more; commits."""
    database.execute(
        delete(KeptForm).where(
            KeptForm.token_hash == sessions.hash_of(token), KeptForm.account_id == account.id
        )
    )
    database.commit()
