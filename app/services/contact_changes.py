"""How does an account get a new e-mail address or phone number that is really its owner's?

The new one counts once a code that was sent to it came back. Until then nothing changes, and nobody
is told whether the address is somebody else's here: its owner gets a letter that says so instead.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import ColumnElement, and_, delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.domain import registration, sign_in
from app.domain.outcomes import Refused
from app.gateways.secrets import Secrets, same
from app.models.accounts import Account
from app.models.factors import ContactChange
from app.services import alarms, audit, claimants, codes, contacts, counted_tries, sessions

AN_HOUR = timedelta(hours=1)
Kind = Literal["email", "phone"]


@dataclass(frozen=True)
class AskedChange:
    """A change that waits for its code. `taken_by` has the address already, and is told instead."""

    change: ContactChange
    code: str
    taken_by: Account | None = None


def ask(
    session: Session, kind: Kind, typed: str, *, secrets: Secrets, by: Account, at: datetime
) -> AskedChange:
    """Let a new address or number wait for the code that is sent to it now; commits.

    Refused with EMAIL_WRONG, PHONE_WRONG, ALREADY_YOURS or TOO_MANY_TRIES (retry_after): codes go
    out four times an hour to one address and for one account.
    """
    value = _checked(kind, typed)
    if value == _in_force(kind, by):
        raise Refused("ALREADY_YOURS")
    counted_tries.count(
        session,
        f"{kind}_change",
        (str(by.id), value),
        most=registration.most_letters(at),
        within=AN_HOUR,
        secrets=secrets,
        at=at,
    )
    claimants.lock(session, by)
    session.execute(
        update(ContactChange).where(_waits(kind, by)).values(refused_at=at)
    )  # a newer one takes its place
    code = codes.new_code(at)
    change = ContactChange(
        account_id=by.id,
        kind=kind,
        value=value,
        asked_at=at,
        asked_by=by.id,
        expires_at=sign_in.code_expires_at(at),
    )
    session.add(change)
    session.flush()
    change.code_hash = _code_hash(secrets, change, code)
    audit.record(session, f"{kind}:ask", _subject(by), by=by, at=at)
    session.commit()
    return AskedChange(change, code, _taken_by(session, kind, value, by))


def withdraw(
    session: Session, asked: AskedChange, *, secrets: Secrets, by: Account, at: datetime
) -> None:
    """The code could not be sent, so nothing was asked for; commits."""
    change = asked.change
    counted_tries.give_back(
        session,
        f"{change.kind}_change",
        (str(by.id), change.value),
        secrets=secrets,
        at=change.asked_at,
    )
    session.execute(delete(ContactChange).where(ContactChange.id == change.id))
    session.commit()


def pending(
    session: Session, kind: Kind, account: Account, *, at: datetime
) -> ContactChange | None:
    """The change that waits for its code, for an hour at most: it may be too old for that by then."""
    return session.scalar(
        select(ContactChange)
        .where(_waits(kind, account), ContactChange.asked_at > at - AN_HOUR)
        .order_by(ContactChange.id.desc())
        .limit(1)
    )


def confirm(
    session: Session,
    kind: Kind,
    typed: str,
    *,
    secrets: Secrets,
    session_id: int,
    by: Account,
    at: datetime,
) -> None:
    """The code came back: the new address or number counts, all other sessions end, and the old
    address is told as well; commits.

    Refused with CODE_WRONG (tries_left), CODE_EXPIRED, CODE_USED_UP, or with EMAIL_TAKEN: whoever
    reads the mail of an address may know that it has an account here.
    """
    claimants.lock(session, by)
    change = pending(session, kind, by, at=at)
    if change is None:
        raise Refused("CODE_EXPIRED")
    _check(session, change, typed, secrets, at)
    if _taken_by(session, kind, change.value, by):
        raise Refused("EMAIL_TAKEN")
    change.done_at = at
    _put_in_force(session, change, by, at)
    sessions.end_all_of(session, by, at=at, but=session_id)
    audit.record(session, f"{kind}:change", _subject(by), by=by, at=at)
    session.commit()


def drop_phone(session: Session, *, session_id: int, by: Account, at: datetime) -> None:
    """No text goes to the number any more; all other sessions end, the owner is told; commits."""
    claimants.lock(session, by)
    old = by.phone if by.phone_confirmed_at else None
    by.phone = by.phone_confirmed_at = None
    by.tells_by_email, by.tells_by_text = True, False
    alarms.tell_of_change(session, by, "PHONE_REMOVED", {}, at=at, old_phone=old)
    sessions.end_all_of(session, by, at=at, but=session_id)
    audit.record(session, "phone:remove", _subject(by), by=by, at=at)
    session.commit()


def _check(
    session: Session, change: ContactChange, typed: str, secrets: Secrets, at: datetime
) -> None:
    try:
        sign_in.check_code(
            matches=same(_code_hash(secrets, change, typed), change.code_hash or ""),
            issued_at=change.asked_at,
            failures=change.code_failures,
            used=False,
            at=at,
        )
    except Refused as refused:
        if refused.code == "CODE_WRONG":
            change.code_failures += 1
        session.commit()
        raise


def _put_in_force(session: Session, change: ContactChange, by: Account, at: datetime) -> None:
    """Both the old way and the new one hear of it: whoever lost the old one must learn of it there."""
    old = _in_force(change.kind, by)
    try:
        with session.begin_nested():
            if change.kind == "email":
                by.email, by.email_confirmed_at = change.value, at
            else:
                by.phone, by.phone_confirmed_at = change.value, at
    except IntegrityError as error:  # another account got it at the same moment
        session.rollback()
        raise Refused("EMAIL_TAKEN") from error
    if change.kind == "email":
        alarms.tell_of_change(session, by, "EMAIL_CHANGED", {}, at=at, old_email=old)
    else:
        alarms.tell_of_change(session, by, "PHONE_CHANGED", {}, at=at, old_phone=old)


def _waits(kind: Kind, account: Account) -> ColumnElement[bool]:
    """Asked for by the owner herself; what the service desk asks for is another matter."""
    return and_(
        ContactChange.account_id == account.id,
        ContactChange.asked_by == account.id,
        ContactChange.kind == kind,
        ContactChange.done_at.is_(None),
        ContactChange.refused_at.is_(None),
    )


def _checked(kind: Kind, typed: str) -> str:
    if kind == "email":
        return registration.check_email(contacts.folded(typed))
    number = registration.check_phone(typed)
    if number is None:
        raise Refused("PHONE_WRONG")
    return number


def _in_force(kind: str, account: Account) -> str | None:
    if kind == "email":
        return account.email if account.email_confirmed_at else None
    return account.phone if account.phone_confirmed_at else None


def _taken_by(session: Session, kind: str, value: str, by: Account) -> Account | None:
    """The other account that has this e-mail address; a phone may serve several people."""
    if kind == "phone":
        return None
    found = contacts.account_by_email(session, value)
    return found if found is not None and found.id != by.id else None


def _code_hash(secrets: Secrets, change: ContactChange, code: str) -> str:
    return secrets.fingerprint("contact change", f"{change.id}:{code}")


def _subject(account: Account) -> str:
    return f"account:{account.id}"
