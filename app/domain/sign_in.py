"""How a person proves who she is, for how long that holds, and when the door closes (decision 8).

A lock stands before the password only: a passkey still opens the door, and so does a one-time code
sent to the confirmed address, so nobody can lock a stranger out of her work. All instants are UTC.
"""

import unicodedata
from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from app.domain import parameters
from app.domain.outcomes import Refused
from app.domain.periods import local_day

AN_HOUR = timedelta(hours=1)


class SessionState(StrEnum):
    """Where a session stands."""

    ACTIVE = "active"
    WARNING = "warning"  # it ends soon, and the page offers to extend it
    ENDED = "ended"


def code_digits(at: datetime) -> int:
    """How many digits a one-time code has."""
    return _value("sign_in.code_digits", at)


def code_expires_at(issued_at: datetime) -> datetime:
    """When a one-time code stops working."""
    return issued_at + timedelta(minutes=_value("sign_in.code_lifetime", issued_at))


def check_code(
    *, matches: bool, issued_at: datetime, failures: int, used: bool, at: datetime
) -> None:
    """Refuses a one-time code: CODE_USED, CODE_EXPIRED, CODE_USED_UP or CODE_WRONG (tries_left).

    `failures` are the wrong tries of this code before this one. A code that is used, expired or
    used up is refused before it is compared, so a right guess at it tells nothing.
    """
    tries = _value("sign_in.code_tries", at)
    if used:
        raise Refused("CODE_USED")
    if at >= code_expires_at(issued_at):
        raise Refused("CODE_EXPIRED")
    if failures >= tries:
        raise Refused("CODE_USED_UP")
    if not matches:
        raise Refused("CODE_WRONG", tries_left=tries - failures - 1)


def check_may_send_code(sent_at: Sequence[datetime], at: datetime) -> None:
    """Refuses to send one more code: TOO_MANY_CODES, with `retry_after` in seconds.

    `sent_at` are the codes sent to this account since the last one that was used. Codes asked for on
    a device that the account knows count apart from all others, so nobody can use up its codes.
    """
    most = 1 + _value("sign_in.code_resends", at)
    recent = sorted(instant for instant in sent_at if instant > at - AN_HOUR)
    if len(recent) >= most:
        again_at = recent[-most] + AN_HOUR
        raise Refused("TOO_MANY_CODES", retry_after=_seconds_until(again_at, at))


def locked_until(failures_in_a_row: int, last_failed_at: datetime | None) -> datetime | None:
    """Until when the password is locked; every fifth failure in a row locks it, else None.

    A right password, a passkey or a used code ends the row, and so does the service desk.
    """
    if last_failed_at is None or not failures_in_a_row:
        return None
    if failures_in_a_row % _value("sign_in.failures", last_failed_at):
        return None
    return last_failed_at + timedelta(minutes=_value("sign_in.lock", last_failed_at))


def check_not_locked(failures_in_a_row: int, last_failed_at: datetime | None, at: datetime) -> None:
    """Refuses a password while it is locked: LOCKED, with `until_at` and `retry_after` in seconds.

    After a hundred failures in a row it is refused for good, as PASSWORD_OFF, until a passkey or a
    code ends the row (NIST SP 800-63B-4, 3.2.2).
    """
    if failures_in_a_row >= _value("sign_in.most_failures", at):
        raise Refused("PASSWORD_OFF")
    until = locked_until(failures_in_a_row, last_failed_at)
    if until is not None and at < until:
        raise Refused("LOCKED", until_at=until, retry_after=_seconds_until(until, at))


def tries_left(failures_in_a_row: int, at: datetime) -> int:
    """How many more wrong passwords are taken before the password is locked."""
    most = _value("sign_in.failures", at)
    return most - failures_in_a_row % most


def device_trusted_until(confirmed_at: datetime) -> datetime:
    """Until when a device is known after a code was entered on it."""
    return confirmed_at + timedelta(days=_value("sign_in.device_trust", confirmed_at))


def needs_code(device_trusted_until: datetime | None, at: datetime) -> bool:
    """Whether a right password must be followed by a code: on a new device, or after 30 days."""
    return device_trusted_until is None or at >= device_trusted_until


def session_ends_at(started_at: datetime, last_seen_at: datetime) -> datetime:
    """When a session ends unless it is used: idle since the last request, or 12 hours old."""
    idle = last_seen_at + timedelta(minutes=_value("session.idle", last_seen_at))
    return min(idle, session_ends_for_good_at(started_at))


def session_ends_for_good_at(started_at: datetime) -> datetime:
    """When a session ends however busy it is."""
    return started_at + timedelta(minutes=_value("session.longest", started_at))


def session_state(started_at: datetime, last_seen_at: datetime, at: datetime) -> SessionState:
    """Whether a session lives, should warn, or has ended."""
    ends_at = session_ends_at(started_at, last_seen_at)
    if at >= ends_at:
        return SessionState.ENDED
    if at >= ends_at - session_warning(at):
        return SessionState.WARNING
    return SessionState.ACTIVE


def session_warning(at: datetime) -> timedelta:
    """How long before its end a session warns."""
    return timedelta(seconds=_value("session.warning", at))


def check_may_change_factors(
    *, by_code_alone: bool, has_another_way: bool, started_at: datetime, at: datetime
) -> None:
    """Refuses to add or remove a passkey: SIGN_IN_AGAIN, or CODE_ALONE_IS_NOT_ENOUGH.

    A session must have begun a short while ago, and not by an e-mailed code alone where the account
    has a password or a passkey: whoever reads somebody's mail must not get a key of her own.
    """
    if at >= started_at + timedelta(minutes=_value("session.fresh", at)):
        raise Refused("SIGN_IN_AGAIN")
    if by_code_alone and has_another_way:
        raise Refused("CODE_ALONE_IS_NOT_ENOUGH")


def check_password(
    password: str, *, has_another_factor: bool, is_common: bool, at: datetime
) -> None:
    """Refuses a new password: PASSWORD_TOO_SHORT, PASSWORD_TOO_LONG or PASSWORD_TOO_COMMON.

    Length is all that is asked: 15 characters, or 8 where an authenticator app or a passkey exists.
    `is_common` says that it stands on the blocklist. Any character counts as one.
    """
    length = len(unicodedata.normalize("NFC", password))
    name = "password.shortest_beside_a_factor" if has_another_factor else "password.shortest"
    shortest, longest = _value(name, at), _value("password.longest", at)
    if length < shortest:
        raise Refused("PASSWORD_TOO_SHORT", length=length, shortest=shortest)
    if length > longest:
        raise Refused("PASSWORD_TOO_LONG", length=length, longest=longest)
    if is_common:
        raise Refused("PASSWORD_TOO_COMMON")


def _value(name: str, at: datetime) -> int:
    return parameters.value(name, local_day(at))


def _seconds_until(later: datetime, at: datetime) -> int:
    """Whole seconds, rounded up: someone who waits that long is let in."""
    return -((at - later) // timedelta(seconds=1))
