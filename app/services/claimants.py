"""Who is meant by a name that somebody typed, whether anybody has it or not?

A name that nobody has is treated exactly like one that somebody has (see models.accounts.Stranger):
counted, locked, sent codes that nobody gets, so that no answer tells which names exist. The same is
looked up and kept for both, so that no time tells it either.
"""

from datetime import datetime, timedelta
from functools import cache
from typing import TypeAlias

from sqlalchemy import bindparam, insert, select
from sqlalchemy.exc import IntegrityError, NoResultFound
from sqlalchemy.orm import Session as Database
from sqlalchemy.orm.attributes import set_committed_value

from app.gateways.secrets import Secrets
from app.models.accounts import Account, Stranger
from app.models.prepared import Prepared
from app.services import contacts

Claimant: TypeAlias = Account | Stranger

SEEN_AT_MOST_EVERY = timedelta(days=1)  # it is only asked whether a name was typed within weeks

# Built once, for every sign-in passes here.
_BY_NAME = select(Stranger).where(Stranger.name_hash == bindparam("name_hash"))
_ADD = insert(Stranger.__table__)  # type: ignore[arg-type]  # a table, typed as any FROM clause


def claimant(database: Database, name: str, *, secrets: Secrets, at: datetime) -> Claimant:
    """Who is meant by a username or an e-mail address; never commits, but may add a stranger.

    Every name that is typed is kept as a stranger's, also where somebody has it.
    """
    found = contacts.account_by_name(database, name)
    stranger = _stranger(database, name, secrets, at)
    return found or stranger


def lock(database: Database, claimed: Claimant) -> None:
    """Read its row anew and let nobody else change it until the commit."""
    database.flush()
    row = _locking(type(claimed)).first(database, claimed_id=claimed.id)
    if row is None:
        raise NoResultFound
    for name, value in row._asdict().items():
        set_committed_value(claimed, name, value)


def forgive(database: Database, account: Account) -> None:
    """A proof other than the password ends the row of failures and lifts the lock; never commits."""
    if not account.failures_in_a_row and account.locked_at is None:
        return
    lock(database, account)
    account.failures_in_a_row = 0
    account.locked_at = None


def _stranger(database: Database, name: str, secrets: Secrets, at: datetime) -> Stranger:
    """The row of a name, added when it is typed for the first time."""
    named = {"name_hash": secrets.fingerprint("sign-in name", contacts.folded(name))}
    stranger = database.scalar(_BY_NAME, named)
    if stranger is not None:
        if at - stranger.seen_at >= SEEN_AT_MOST_EVERY:
            stranger.seen_at = at
        return stranger
    try:
        with database.begin_nested():
            new = {**named, "failures_in_a_row": 0, "seen_at": at}
            database.connection().execute(_ADD, new)
    except IntegrityError:  # somebody typed the same name at the same moment
        pass
    return database.scalars(_BY_NAME, named).one()


@cache
def _locking(kind: type[Account] | type[Stranger]) -> Prepared:
    """Built once for each: every sign-in passes here several times."""
    row = select(kind.__table__).where(kind.id == bindparam("claimed_id"))
    return Prepared(row.with_for_update())
