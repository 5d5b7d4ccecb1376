"""Codes, locks, known devices, sessions and passwords: each limit and one step past it."""

from datetime import UTC, datetime, timedelta

import pytest

from app.domain import sign_in
from app.domain.outcomes import Refused
from app.domain.sign_in import SessionState

NOON = datetime(2026, 3, 16, 19, 0, tzinfo=UTC)
SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)


def refused_code(**change: object) -> tuple[str, object]:
    given = {"matches": True, "issued_at": NOON, "failures": 0, "used": False, "at": NOON + MINUTE}
    with pytest.raises(Refused) as refused:
        sign_in.check_code(**{**given, **change})  # type: ignore[arg-type]
    return refused.value.code, refused.value.facts.get("tries_left")


def test_a_right_code_works_until_it_is_ten_minutes_old() -> None:
    last = NOON + 10 * MINUTE - SECOND
    sign_in.check_code(matches=True, issued_at=NOON, failures=4, used=False, at=last)

    assert refused_code(at=NOON + 10 * MINUTE) == ("CODE_EXPIRED", None)


def test_a_code_works_once_and_stands_five_tries() -> None:
    assert refused_code(used=True) == ("CODE_USED", None)
    assert refused_code(matches=False) == ("CODE_WRONG", 4)
    assert refused_code(matches=False, failures=4) == ("CODE_WRONG", 0)
    assert refused_code(matches=True, failures=5) == ("CODE_USED_UP", None)


def test_a_code_can_be_sent_again_three_times_an_hour() -> None:
    sent = [NOON + n * MINUTE for n in range(4)]
    sign_in.check_may_send_code(sent[:3], at=NOON + 5 * MINUTE)

    with pytest.raises(Refused) as refused:
        sign_in.check_may_send_code(sent, at=NOON + 5 * MINUTE)

    assert refused.value.facts["retry_after"] == 55 * 60
    sign_in.check_may_send_code(sent, at=NOON + HOUR)


def test_five_failures_in_a_row_lock_the_password_for_half_an_hour() -> None:
    sign_in.check_not_locked(4, NOON, at=NOON)

    with pytest.raises(Refused) as refused:
        sign_in.check_not_locked(5, NOON, at=NOON + MINUTE + SECOND / 2)

    assert refused.value.code == "LOCKED"
    assert refused.value.facts == {"until_at": NOON + 30 * MINUTE, "retry_after": 29 * 60}
    sign_in.check_not_locked(5, NOON, at=NOON + 30 * MINUTE)


def test_after_a_hundred_failures_in_a_row_the_password_is_off() -> None:
    sign_in.check_not_locked(99, None, NOON)
    with pytest.raises(Refused, match="PASSWORD_OFF"):
        sign_in.check_not_locked(100, NOON, NOON + timedelta(days=365))


def test_after_the_lock_each_failure_waits_twice_as_long_up_to_an_hour() -> None:
    waits = [
        until - NOON
        for failures in range(5, 16)
        if (until := sign_in.locked_until(failures, NOON)) is not None
    ]
    growing = [30 * SECOND * 2**n for n in range(7)]
    assert waits == [30 * MINUTE, *growing, HOUR, HOUR, HOUR]
    assert sign_in.locked_until(99, NOON) == NOON + HOUR


def test_four_failures_wait_for_nothing() -> None:
    assert [sign_in.locked_until(failures, NOON) for failures in range(5)] == [None] * 5
    assert sign_in.locked_until(0, None) is None


def test_a_wait_of_seconds_is_told_by_the_minute_and_ends_by_the_second() -> None:
    with pytest.raises(Refused) as refused:
        sign_in.check_not_locked(6, NOON + SECOND, at=NOON + 2 * SECOND)
    assert refused.value.facts == {"until_at": NOON + MINUTE, "retry_after": 29}
    sign_in.check_not_locked(6, NOON + SECOND, at=NOON + 31 * SECOND)


def test_the_tries_left_run_out_at_the_lock() -> None:
    assert [sign_in.tries_left(failures, NOON) for failures in (0, 4, 5, 6)] == [5, 1, 0, 0]
    assert [sign_in.is_first_lock(failures, NOON) for failures in (4, 5, 6)] == [False, True, False]


def test_the_codes_of_an_app_wait_in_the_same_way() -> None:
    sign_in.check_app_open(4, NOON, at=NOON)
    with pytest.raises(Refused, match="APP_LOCKED"):
        sign_in.check_app_open(5, NOON, at=NOON + MINUTE)
    with pytest.raises(Refused, match="APP_OFF"):
        sign_in.check_app_open(100, NOON, at=NOON + 2 * HOUR)


def test_a_frozen_account_opens_to_nobody() -> None:
    sign_in.check_not_frozen(None)
    with pytest.raises(Refused, match="FROZEN"):
        sign_in.check_not_frozen(NOON)


def test_a_device_is_known_for_thirty_days() -> None:
    until = sign_in.device_trusted_until(NOON)

    assert sign_in.needs_code(None, NOON)
    assert not sign_in.needs_code(until, NOON + timedelta(days=30) - SECOND)
    assert sign_in.needs_code(until, NOON + timedelta(days=30))


def test_a_session_warns_and_ends_after_fifteen_idle_minutes() -> None:
    seen = NOON + HOUR
    states = [
        sign_in.session_state(NOON, seen, seen + idle)
        for idle in (12 * MINUTE, 12.5 * MINUTE, 15 * MINUTE - SECOND, 15 * MINUTE)
    ]

    assert states == [
        SessionState.ACTIVE,
        SessionState.WARNING,
        SessionState.WARNING,
        SessionState.ENDED,
    ]


def test_a_busy_session_ends_after_twelve_hours() -> None:
    seen = NOON + 12 * HOUR - MINUTE

    assert sign_in.session_ends_at(NOON, seen) == NOON + 12 * HOUR
    assert sign_in.session_state(NOON, seen, NOON + 12 * HOUR) is SessionState.ENDED


@pytest.mark.parametrize(
    ("password", "has_another_factor", "is_common", "code"),
    [
        ("x" * 14, False, False, "PASSWORD_TOO_SHORT"),
        ("x" * 7, True, False, "PASSWORD_TOO_SHORT"),
        ("x" * 201, True, False, "PASSWORD_TOO_LONG"),
        ("x" * 15, False, True, "PASSWORD_TOO_COMMON"),
    ],
)
def test_a_password_is_refused_for_length_or_for_being_common(
    password: str, has_another_factor: bool, is_common: bool, code: str
) -> None:
    with pytest.raises(Refused, match=code):
        sign_in.check_password(
            password, has_another_factor=has_another_factor, is_common=is_common, at=NOON
        )


def test_fifteen_characters_stand_alone_and_eight_beside_a_factor() -> None:
    for password, has_another_factor in (("é" * 15, False), ("x" * 8, True)):
        sign_in.check_password(
            password, has_another_factor=has_another_factor, is_common=False, at=NOON
        )
