"""How a person proves who she is, for how long that holds, and when the door closes (decision 8).

A lock stands before the password only: a passkey still opens the door, and so does a one-time code
sent to the confirmed address, so nobody can lock a stranger out of her work. An account that its
owner froze opens to nothing at all. All instants are UTC.
"""

import unicodedata
from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from app.domain import parameters
from app.domain.outcomes import Refused
from app.domain.periods import local_day

A_MINUTE = timedelta(minutes=1)
AN_HOUR = timedelta(hours=1)
MOST_DOUBLINGS = 16  # far past the longest wait: only a bound on the arithmetic


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
    """Until when no further try is taken after so many failures in a row; None when one is.

    The fifth failure locks for half an hour. Each later one makes the next try wait: 30 seconds,
    then twice as long each time, up to an hour (NIST SP 800-63B-4, 3.2.2). A right password, a
    passkey or a used code ends the row, and so does the service desk. The same holds for the codes
    of an authenticator app, which fail in a row of their own.
    """
    if last_failed_at is None:
        return None
    past_the_lock = failures_in_a_row - _value("sign_in.failures", last_failed_at)
    if past_the_lock < 0:
        return None
    if past_the_lock == 0:
        return last_failed_at + timedelta(minutes=_value("sign_in.lock", last_failed_at))
    longest = timedelta(minutes=_value("sign_in.longest_wait", last_failed_at))
    first = timedelta(seconds=_value("sign_in.wait", last_failed_at))
    doublings = min(past_the_lock - 1, MOST_DOUBLINGS)
    return last_failed_at + min(first * (1 << doublings), longest)


def is_first_lock(failures_in_a_row: int, at: datetime) -> bool:
    """Whether this failure is the one that locks, so that the owner is told once for each row."""
    return failures_in_a_row == _value("sign_in.failures", at)


def check_not_locked(failures_in_a_row: int, last_failed_at: datetime | None, at: datetime) -> None:
    """Refuses a password while it is locked: LOCKED, with `until_at` and `retry_after` in seconds.

    `until_at` is the first whole minute at which it is open again. After a hundred failures in a row
    the password is refused for good, as PASSWORD_OFF, until a passkey or a code ends the row.
    """
    if is_off(failures_in_a_row, at):
        raise Refused("PASSWORD_OFF")
    until = locked_until(failures_in_a_row, last_failed_at)
    if until is not None and at < until:
        raise Refused(
            "LOCKED", until_at=_whole_minute(until), retry_after=_seconds_until(until, at)
        )


def is_off(failures_in_a_row: int, at: datetime) -> bool:
    """Whether so many failures in a row switched it off (NIST SP 800-63B-4, 3.2.2)."""
    return failures_in_a_row >= _value("sign_in.most_failures", at)


def check_app_open(failures_in_a_row: int, last_failed_at: datetime | None, at: datetime) -> None:
    """Refuses a code of an authenticator app while its failures make it wait: APP_LOCKED, APP_OFF."""
    if is_off(failures_in_a_row, at):
        raise Refused("APP_OFF")
    until = locked_until(failures_in_a_row, last_failed_at)
    if until is not None and at < until:
        raise Refused(
            "APP_LOCKED", until_at=_whole_minute(until), retry_after=_seconds_until(until, at)
        )


def check_not_frozen(frozen_at: datetime | None) -> None:
    """Refuses whoever proved herself while the account is frozen: FROZEN.

    Its owner said “this was not me” of a change. Somebody else may hold any of its keys, so only
    the service desk or a way back (domain.recovery) opens it again.
    """
    if frozen_at is not None:
        raise Refused("FROZEN")


def second_step_ends_at(proved_at: datetime) -> datetime:
    """Until when a right password waits for the second step."""
    return proved_at + timedelta(minutes=_value("sign_in.second_step", proved_at))


def not_me_link_ends_at(made_at: datetime) -> datetime:
    """Until when the “this was not me” link of a letter works."""
    return made_at + timedelta(days=_value("sign_in.not_me_link", made_at))


def kit_size(at: datetime) -> int:
    """How many codes a printed recovery kit has."""
    return _value("recovery_kit.codes", at)


def tries_left(failures_in_a_row: int, at: datetime) -> int:
    """How many more failures are taken before it is locked; none once it was."""
    return max(0, _value("sign_in.failures", at) - failures_in_a_row)


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


def check_password(
    password: str, *, has_another_factor: bool, is_common: bool, at: datetime
) -> None:
    """Refuses a new password: PASSWORD_TOO_SHORT, PASSWORD_TOO_LONG or PASSWORD_TOO_COMMON.

    Length is all that is asked: 15 characters, or 8 where an authenticator app or a passkey exists.
    `is_common` says that it stands on the blocklist. Any character counts as one.
    """
    length = len(unicodedata.normalize("NFC", password))
    shortest = shortest_password(has_another_factor=has_another_factor, at=at)
    longest = _value("password.longest", at)
    if length < shortest:
        raise Refused("PASSWORD_TOO_SHORT", length=length, shortest=shortest)
    if length > longest:
        raise Refused("PASSWORD_TOO_LONG", length=length, longest=longest)
    if is_common:
        raise Refused("PASSWORD_TOO_COMMON")


def shortest_password(*, has_another_factor: bool, at: datetime) -> int:
    """How many characters a new password needs."""
    name = "password.shortest_beside_a_factor" if has_another_factor else "password.shortest"
    return _value(name, at)


def is_short(password: str, at: datetime) -> bool:
    """Whether a password is good only beside an authenticator app or a passkey."""
    return length_of(password) < shortest_password(has_another_factor=False, at=at)


def check_may_stand_alone(*, is_short: bool, has_another_factor: bool, at: datetime) -> None:
    """Refuses to leave a short password alone: PASSWORD_TOO_SHORT_ALONE (shortest)."""
    if is_short and not has_another_factor:
        shortest = shortest_password(has_another_factor=False, at=at)
        raise Refused("PASSWORD_TOO_SHORT_ALONE", shortest=shortest)


def length_of(password: str) -> int:
    """How many characters a password has, however its letters were typed."""
    return len(unicodedata.normalize("NFC", password))


def _value(name: str, at: datetime) -> int:
    return parameters.value(name, local_day(at))


def _seconds_until(later: datetime, at: datetime) -> int:
    """Whole seconds, rounded up: someone who waits that long is let in."""
    return -((at - later) // timedelta(seconds=1))


def _whole_minute(instant: datetime) -> datetime:
    """The instant, or the next whole minute: a clock on a wall shows no seconds."""
    return instant + -timedelta(seconds=instant.second, microseconds=instant.microsecond) % A_MINUTE
