"""Has somebody, or an address, tried something so often that guessing must rest for a while?

A try is counted before it is looked at, by whom and from where, each kept as a keyed hash: the table
tells neither names nor addresses. A try that was refused is not counted again, so whoever waits as
long as we said is let in.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import CursorResult, delete, func, select
from sqlalchemy.orm import Session

from app.domain.outcomes import Refused
from app.gateways.secrets import Secrets
from app.models.factors import Try

KEPT_FOR = timedelta(days=1)  # no limit of ours looks back further


def count(
    session: Session,
    what: str,
    who: Iterable[str],
    *,
    most: int,
    within: timedelta,
    secrets: Secrets,
    at: datetime,
) -> None:
    """Count one try of `what` against each of `who`: a name or number, and an address; commits.

    Refused with TOO_MANY_TRIES (retry_after, seconds) when one of them has had `most` within the
    time. Tries made at the same moment queue here, so none slips past. Nothing else may be pending
    in the session: the commit comes before the try is looked at.
    """
    hashes = _hashes(what, who, secrets)
    _take_turns(session, hashes)
    waits = [_wait(session, what, each, most, within, at) for each in hashes]
    longest = max(waits, default=timedelta(0))
    if longest > timedelta(0):
        session.rollback()  # lets go of the turns
        raise Refused("TOO_MANY_TRIES", retry_after=-(-longest // timedelta(seconds=1)))
    session.add_all(Try(what=what, who_hash=each, at=at) for each in hashes)
    session.commit()


def give_back(
    session: Session, what: str, who: Iterable[str], *, secrets: Secrets, at: datetime
) -> None:
    """A try that was counted at this instant came to nothing by no fault of theirs; never commits."""
    session.execute(
        delete(Try).where(
            Try.what == what, Try.who_hash.in_(_hashes(what, who, secrets)), Try.at == at
        )
    )


def delete_old(session: Session, *, at: datetime) -> int:
    """Drop tries that no limit asks for any more, and answer how many; commits."""
    gone = cast("CursorResult[Any]", session.execute(delete(Try).where(Try.at < at - KEPT_FOR)))
    session.commit()
    return gone.rowcount


def _hashes(what: str, who: Iterable[str], secrets: Secrets) -> list[str]:
    return sorted({secrets.fingerprint("counted try", f"{what}:{each}") for each in who})


def _take_turns(session: Session, hashes: list[str]) -> None:
    """SQLite's writers take turns anyway; PostgreSQL is asked for locks that end with the transaction."""
    if session.get_bind().dialect.name == "postgresql":
        for each in hashes:  # in one order everywhere, so that two never wait for each other
            session.execute(select(func.pg_advisory_xact_lock(int(each[:15], 16))))


def _wait(
    session: Session, what: str, who_hash: str, most: int, within: timedelta, at: datetime
) -> timedelta:
    """How long until the oldest of the last `most` tries is out of the time; none when there are fewer."""
    oldest = session.scalar(
        select(Try.at)
        .where(Try.what == what, Try.who_hash == who_hash, Try.at > at - within)
        .order_by(Try.at.desc())
        .offset(most - 1)
        .limit(1)
    )
    return timedelta(0) if oldest is None else oldest + within - at
