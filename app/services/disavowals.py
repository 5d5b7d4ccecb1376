"""What does the owner of an account do who hears of a change that she did not make?

Each letter about a change has a link of its own. Opened and confirmed, it freezes the account:
everybody is signed out and nobody gets in by any key, until the service desk or a way back thaws it.
Whoever reads the letter can do no more than that.
"""

from datetime import datetime
from secrets import token_urlsafe

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session as Database

from app.domain import sign_in as rules
from app.domain.outcomes import Refused
from app.models.accounts import Account, OneTimeCode
from app.models.factors import Disavowal
from app.services import audit, claimants, devices, notices, sessions


def make_link(
    database: Database, account: Account, about: str, *, changed_at: datetime, at: datetime
) -> str:
    """The token of a new link, for the letter alone: we keep its hash; never commits.

    `changed_at` is when that was done which the letter tells of.
    """
    token = token_urlsafe(32)
    database.add(
        Disavowal(
            account_id=account.id,
            token_hash=sessions.hash_of(token),
            about=about,
            changed_at=changed_at,
            made_at=at,
            expires_at=rules.not_me_link_ends_at(at),
        )
    )
    return token


def find(database: Database, token: str, *, at: datetime) -> Disavowal:
    """The link of this token. NoResultFound where there is none; Refused with NOT_ME_TOO_OLD."""
    link = database.scalars(
        select(Disavowal).where(Disavowal.token_hash == sessions.hash_of(token))
    ).one()
    if at >= link.expires_at:
        raise Refused("NOT_ME_TOO_OLD")
    return link


def disavow(database: Database, token: str, *, at: datetime) -> None:
    """“This was not me”: the account freezes, and its owner is told; commits.

    A second time changes nothing. NoResultFound and Refused as in `find`.
    """
    link = find(database, token, at=at)
    account = database.scalars(select(Account).where(Account.id == link.account_id)).one()
    claimants.lock(database, account)
    database.refresh(link)
    if link.used_at is None:
        link.used_at = at
        _freeze(database, account, link, at)
    database.commit()


def thaw(database: Database, account: Account) -> None:
    """The account opens again, to what is right now; never commits, for who thaws says why.

    The keys that somebody else may hold are the caller's to change first.
    """
    claimants.forgive(database, account)
    account.frozen_at = account.disputed_at = None


def delete_old(database: Database, *, at: datetime) -> int:
    """Drop links that no letter needs any more, and answer how many; commits."""
    old = database.scalars(
        delete(Disavowal).where(Disavowal.expires_at <= at).returning(Disavowal.id)
    ).all()
    database.commit()
    return len(old)


def _freeze(database: Database, account: Account, link: Disavowal, at: datetime) -> None:
    account.frozen_at = account.frozen_at or at
    account.disputed_at = min(link.changed_at, account.disputed_at or link.changed_at)
    sessions.end_all_of(database, account, at=at)
    devices.forget_all(database, account, at=at)
    database.execute(
        update(OneTimeCode)
        .where(OneTimeCode.account_id == account.id, OneTimeCode.used_at.is_(None))
        .values(replaced_at=at)
    )
    notices.queue(database, [account], "ACCOUNT_FROZEN", {}, at=at)
    subject, facts = f"account:{account.id}", {"about": link.about}
    audit.record(database, "account:freeze", subject, by=None, at=at, facts=facts)
