"""What a phone seals with WebCrypto is opened here, for the tap it belongs to and for no other."""

import base64
import json
import os
from pathlib import Path
from typing import Any

import pytest

from app.gateways.derived_keys import key_pairs
from app.gateways.sealed_positions import LENGTH, PositionKeys, seal
from app.gateways.secrets import Unreadable

ROOT = Path(__file__).resolve().parents[2]
FROM_WEBCRYPTO = json.loads(
    (ROOT / "service_worker" / "tests" / "cases" / "sealed_positions.json").read_text("utf-8")
)
VERSION: int = FROM_WEBCRYPTO["sealing_key"]["version"]
KEYS = PositionKeys({VERSION: bytes.fromhex(FROM_WEBCRYPTO["sealing_key"]["hex"])})
EVENT = "7d1f0c52-4a88-4b6f-9d0a-3f5a5c1b2e01"
HERE = (34.0622, -118.309, 12.0)


def test_the_public_key_is_the_one_that_the_phone_was_told() -> None:
    assert FROM_WEBCRYPTO["seal_to"] == {"version": KEYS.seals_to, "key": KEYS.public}


@pytest.mark.parametrize("case", FROM_WEBCRYPTO["cases"], ids=lambda case: str(case["latitude"]))
def test_what_webcrypto_sealed_is_opened(case: dict[str, Any]) -> None:
    opened = KEYS.open(case["sealed"], case["event"], VERSION)
    assert opened == (case["latitude"], case["longitude"], case["accuracy"])


def test_a_position_is_opened_for_its_own_tap_only() -> None:
    sealed = seal(HERE, EVENT, KEYS.public)
    assert KEYS.open(sealed, EVENT, VERSION) == HERE
    with pytest.raises(Unreadable):
        KEYS.open(sealed, EVENT.replace("e01", "e02"), VERSION)


def test_a_retired_key_opens_what_waited_on_a_phone_while_it_is_in_the_ring() -> None:
    old, new = os.urandom(32), os.urandom(32)
    before, between, after = (PositionKeys(k) for k in ({1: old}, {2: new, 1: old}, {2: new}))
    sealed = seal(HERE, EVENT, before.public)
    assert between.seals_to == 2
    assert between.open(sealed, EVENT, 1) == HERE
    for keys, version in ((between, 2), (after, 1)):
        with pytest.raises(Unreadable):
            keys.open(sealed, EVENT, version)


def test_any_changed_byte_is_found() -> None:
    """But for the first: it says which of two points with the same x is meant, and only x is used."""
    raw = base64.urlsafe_b64decode(seal(HERE, EVENT, KEYS.public) + "==")
    assert len(raw) == LENGTH
    for at in range(1, len(raw)):
        changed = bytearray(raw)
        changed[at] ^= 1
        text = base64.urlsafe_b64encode(changed).decode()
        with pytest.raises(Unreadable):
            KEYS.open(text, EVENT, VERSION)


@pytest.mark.parametrize(
    "sealed",
    ["", "AAAA", "A" * 82, "A" * 5_000, "\N{SNOWMAN}", "=" * 82, "AA\n" * 27, "\ud800" * 82],
)
def test_what_is_no_sealed_position_is_not_opened(sealed: str) -> None:
    with pytest.raises(Unreadable):
        KEYS.open(sealed, EVENT, VERSION)


def test_each_purpose_and_each_key_has_a_pair_of_its_own() -> None:
    one, other = os.urandom(32), os.urandom(32)
    secrets = {
        pair.private_numbers().private_value
        for keys in ({1: one}, {1: other})
        for purpose in ("seal-positions", "sign-receipts")
        for pair in key_pairs(keys, purpose).values()
    }
    assert len(secrets) == 4
