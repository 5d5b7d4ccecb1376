"""Who is meant by a name that somebody typed, whether anybody has it or not?

A name that nobody has is treated exactly like one that somebody has (see models.accounts.Stranger):
counted, locked, sent codes that nobody gets, so that no answer tells which names exist.
"""

from datetime import datetime
from functools import cache
from typing import Any, TypeAlias

from sqlalchemy import Select, bindparam, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session as Database

from app.gateways.secrets import Secrets
from app.models.accounts import Account, Stranger
from app.services import contacts

Claimant: TypeAlias = Account | Stranger


def claimant(database: Database, name: str, *, secrets: Secrets, at: datetime) -> Claimant:
    """Who is meant by a username or an e-mail address; never commits, but may add a stranger."""
    found = contacts.account_by_name(database, name)
    return found or _stranger(
        database, secrets.fingerprint("sign-in name", contacts.folded(name)), at
    )


def lock(database: Database, claimed: Claimant) -> None:
    """Read it anew and let nobody else change it until the commit."""
    database.scalars(_locking(type(claimed)), {"claimed_id": claimed.id}).one()


def forgive(database: Database, account: Account) -> None:
    """A proof other than the password ends the row of failures and lifts the lock; never commits."""
    if not account.failures_in_a_row and account.locked_at is None:
        return
    lock(database, account)
    account.failures_in_a_row = 0
    account.locked_at = None


@cache
def _locking(table: type[Account] | type[Stranger]) -> Select[Any]:
    """Built once for each: every sign-in passes here several times."""
    return (
        select(table)
        .where(table.id == bindparam("claimed_id"))
        .with_for_update(of=table)
        .execution_options(populate_existing=True)
    )


def _stranger(database: Database, name_hash: str, at: datetime) -> Stranger:
    known = select(Stranger).where(Stranger.name_hash == name_hash)
    if stranger := database.scalar(known):
        stranger.seen_at = at
        return stranger
    try:
        with database.begin_nested():
            stranger = Stranger(name_hash=name_hash, failures_in_a_row=0, seen_at=at)
            database.add(stranger)
    except IntegrityError:  # somebody typed the same name at the same moment
        return database.scalars(known).one()
    return stranger
