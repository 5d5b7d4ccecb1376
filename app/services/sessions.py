"""Is this browser signed in, and until when? Sessions live in our table, so that we can end them."""

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session as Database

from app.domain import sign_in as rules
from app.models.accounts import Account
from app.models.adding import add_at_once
from app.models.devices import Device, Session, TrustedDevice
from app.models.engine import writing
from app.models.prepared import Among
from app.services import audit
from app.services.commits import kept

# Built once, for every request passes here.
_BY_TOKEN = select(Session).where(Session.token_hash == bindparam("token_hash"))
_BEARER = Among(
    lambda tokens: (
        select(
            Session.token_hash,
            Account.id,
            Account.person_id,
            Account.role,
            Session.id.label("session_id"),
            Session.device_id,
            Session.created_at,
            Session.seen_at,
            TrustedDevice.public_key,
        )
        .join(Account, Account.id == Session.account_id)
        .outerjoin(
            TrustedDevice,
            (TrustedDevice.device_id == Session.device_id)
            & (TrustedDevice.account_id == Session.account_id)
            & TrustedDevice.revoked_at.is_(None),
        )
        .where(Session.token_hash.in_(tokens), Session.ended_at.is_(None))
    )
)
SEEN_AT_MOST_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Bearer:
    """Whose session a token is, as far as a tap at the door needs to know: no objects around it."""

    id: int  # of the account
    person_id: int
    role: str
    session_id: int
    device_id: int | None
    created_at: datetime
    seen_at: datetime
    public_key: str | None  # of the session's device, where it is enrolled for the account


@dataclass(frozen=True, slots=True)
class Begun:
    """A session that has just begun, and its token, which only the cookie will hold."""

    session: Session
    token: str


@dataclass(frozen=True, slots=True)
class OpenSession:
    """A session that is open now, as its owner sees it in a list."""

    id: int
    device: str | None  # what the browser calls itself
    method: str
    created_at: datetime
    seen_at: datetime


def hash_of(token: str) -> str:
    """What we keep of a random token: tokens are long and random, so a plain hash is enough."""
    return hashlib.sha256(token.encode()).hexdigest()


def begin(
    database: Database,
    account: Account,
    *,
    method: str,
    device_id: int | None,
    at: datetime,
    is_proof: bool = False,
) -> Begun:
    """Open a session; never commits.

    A passkey is a proof for what asks to step up, and so is what `is_proof` says of: a password with
    a code.
    """
    token = secrets.token_urlsafe(32)
    session = Session(
        token_hash=hash_of(token),
        account_id=account.id,
        device_id=device_id,
        method=method,
        created_at=at,
        seen_at=at,
        proved_at=at if is_proof or method == "passkey" else None,
    )
    add_at_once(database, session)
    return Begun(session, token)


def start(
    database: Database, account: Account, *, method: str, device_id: int | None, at: datetime
) -> str:
    """The same for whoever only needs the token."""
    return begin(database, account, method=method, device_id=device_id, at=at).token


def find(database: Database, token: str, *, at: datetime) -> Session | None:
    """The live session of a token; None when it never was, was ended, or ran out of time."""
    session = database.scalar(_BY_TOKEN, {"token_hash": hash_of(token)})
    if session is None or session.ended_at is not None:
        return None
    state = rules.session_state(session.created_at, session.seen_at, at)
    if state is rules.SessionState.ENDED:
        return None
    return session


def bearers(database: Database, tokens: Iterable[str], *, at: datetime) -> dict[str, Bearer]:
    """Who holds each live session, by the same rules as `find`, in one short statement."""
    by_hash = {hash_of(token): token for token in tokens}
    return {
        by_hash[row.token_hash]: Bearer(*row[1:])
        for row in _BEARER.all(database, list(by_hash))
        if rules.session_state(row.created_at, row.seen_at, at) is not rules.SessionState.ENDED
    }


def see(database: Database, session: Session, *, at: datetime) -> None:
    """Note that the session is in use, at most once a minute; commits when it writes.

    Called after the answer was rendered: a page that only reads must not queue behind writers.
    """
    if at - session.seen_at < SEEN_AT_MOST_EVERY:
        return
    database.rollback()
    with writing():
        _see(database, session.id, at)
        database.commit()


def see_bearer(database: Database, bearer: Bearer, *, at: datetime) -> None:
    """The same for a bearer's session, in the transaction that writes what she did."""
    if at - bearer.seen_at >= SEEN_AT_MOST_EVERY:
        kept(database, lambda: _see(database, bearer.session_id, at))


def _see(database: Database, session_id: int, at: datetime) -> None:
    database.execute(update(Session).where(Session.id == session_id).values(seen_at=at))


def ends_at(session: Session, *, at: datetime) -> datetime:
    """When the session ends if this is the last that is heard of it."""
    return rules.session_ends_at(session.created_at, at)


def extend(database: Database, session: Session, *, at: datetime) -> datetime:
    """The person is still there: when the session ends now; commits."""
    database.execute(update(Session).where(Session.id == session.id).values(seen_at=at))
    database.commit()
    return ends_at(session, at=at)


def end(database: Database, session: Session, *, at: datetime) -> None:
    """Sign out: the token is worth nothing from now on; commits."""
    database.execute(update(Session).where(Session.id == session.id).values(ended_at=at))
    database.commit()


def end_all_of(
    database: Database, account: Account, *, at: datetime, but: int | None = None
) -> None:
    """End every session of an account, as when a factor changes, but one by its id; never commits."""
    database.execute(
        update(Session)
        .where(
            Session.account_id == account.id, Session.ended_at.is_(None), Session.id != (but or 0)
        )
        .values(ended_at=at)
    )


def end_on_device(database: Database, account: Account, device_id: int, *, at: datetime) -> None:
    """End the sessions of an account on one device; never commits."""
    database.execute(
        update(Session)
        .where(Session.account_id == account.id, Session.device_id == device_id)
        .where(Session.ended_at.is_(None))
        .values(ended_at=at)
    )


def open_sessions_of(database: Database, account: Account, *, at: datetime) -> list[OpenSession]:
    """Where an account is signed in now, the latest used first."""
    rows = database.execute(
        select(Session, Device.name)
        .outerjoin(Device, Device.id == Session.device_id)
        .where(Session.account_id == account.id, Session.ended_at.is_(None))
        .where(Session.created_at > at - timedelta(days=1))  # none lasts so long
        .order_by(Session.seen_at.desc(), Session.id.desc())
    )
    ended = rules.SessionState.ENDED
    return [
        OpenSession(session.id, name, session.method, session.created_at, session.seen_at)
        for session, name in rows
        if rules.session_state(session.created_at, session.seen_at, at) is not ended
    ]


def end_own(database: Database, session_id: int, *, by: Account, at: datetime) -> None:
    """End one session of one's own; commits. NoResultFound for any other."""
    session = database.scalars(
        select(Session).where(Session.id == session_id, Session.account_id == by.id)
    ).one()
    audit.record(database, "session:end", f"account:{by.id}", by=by, at=at)
    end(database, session, at=at)


def end_others(database: Database, *, but: int, by: Account, at: datetime) -> None:
    """End every session of one's own but one; commits."""
    end_all_of(database, by, at=at, but=but)
    audit.record(database, "session:end_others", f"account:{by.id}", by=by, at=at)
    database.commit()


def last_account_of(database: Database, *, token: str | None, device_id: int | None) -> int | None:
    """Whose session this was, by its token even though it ended, else who was last on the device."""
    if token is not None:
        owner = database.scalar(
            select(Session.account_id).where(Session.token_hash == hash_of(token))
        )
        if owner is not None:
            return owner
    if device_id is None:
        return None
    return database.scalar(
        select(Session.account_id)
        .where(Session.device_id == device_id)
        .order_by(Session.id.desc())
        .limit(1)
    )
