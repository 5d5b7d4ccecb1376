"""The codes of authenticator apps are those of RFC 6238, now and one step either way."""

import base64
from datetime import UTC, datetime, timedelta

import pytest

from app.gateways import authenticator_apps

RFC_SECRET = base64.b32encode(b"12345678901234567890").decode()
NOON = datetime(2026, 11, 24, 20, tzinfo=UTC)


# RFC 6238, appendix B: the last six of its eight digits, for SHA-1.
@pytest.mark.parametrize(
    ("seconds", "code"),
    [
        (59, "287082"),
        (1111111109, "081804"),
        (1111111111, "050471"),
        (1234567890, "005924"),
        (2000000000, "279037"),
        (20000000000, "353130"),
    ],
)
def test_the_codes_are_those_of_the_standard(seconds: int, code: str) -> None:
    at = datetime.fromtimestamp(seconds, UTC)
    assert authenticator_apps.code_at(RFC_SECRET, at) == code
    assert authenticator_apps.step_of(RFC_SECRET, code, at=at) == seconds // 30


def test_a_step_away_is_near_enough_and_two_are_not() -> None:
    code = authenticator_apps.code_at(RFC_SECRET, NOON)
    around = {
        steps: authenticator_apps.step_of(RFC_SECRET, code, at=NOON + steps * timedelta(seconds=30))
        for steps in (-2, -1, 0, 1, 2)
    }
    step = int(NOON.timestamp()) // 30
    assert around == {-2: None, -1: step, 0: step, 1: step, 2: None}


@pytest.mark.parametrize("typed", ["", "12345", "abcdef", "１２３４５６", "0" * 1000])
def test_nonsense_is_no_code(typed: str) -> None:
    assert authenticator_apps.step_of(RFC_SECRET, typed, at=NOON) is None


def test_secrets_are_long_and_their_address_says_whose_they_are() -> None:
    one, other = authenticator_apps.new_secret(), authenticator_apps.new_secret()
    assert one != other
    assert len(base64.b32decode(one)) == 20
    address = authenticator_apps.address(one, "ana")
    assert address.startswith("otpauth://totp/CareHours:ana?")
    assert "issuer=CareHours" in address
