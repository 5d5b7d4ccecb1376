"""A receipt says what we signed, and any change to it is found."""

import base64
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.gateways.receipt_keys import (
    LONGEST,
    NotGenuine,
    ReceiptKeys,
    UnknownKey,
    Unreadable,
    check,
)

OURS = ReceiptKeys({1: os.urandom(32)})
CONTENT = {
    "kind": "visit-event",
    "number": "R-7F3K-9QXD",
    "recipient": "Ñuñe “Nan” O’Hara \N{BEAR FACE}",
    "counts_at": "2026-11-24T16:02:00.250Z",
    "not_before": None,
    "signed_by_phone": True,
    "chain": {"number": 7, "hash": "abc"},
    "days": [{"on": "2026-11-24", "minutes": 178}, {"on": "2026-11-25", "minutes": 0}],
}


def written(file: dict[str, Any], **how: Any) -> bytes:
    return json.dumps(file, **how).encode()


@pytest.mark.parametrize("how", [{}, {"indent": 2}, {"ensure_ascii": False}, {"sort_keys": True}])
def test_what_we_signed_is_ours_however_it_is_written_down(how: dict[str, Any]) -> None:
    assert check(written(OURS.sign(CONTENT), **how), OURS.published) == CONTENT


def changes(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Any]]:
    """Every place of a file with something else in it."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from changes(inner, (*path, name))
        yield (*path, "more"), "x"
    elif isinstance(value, list):
        for at, inner in enumerate(value):
            yield from changes(inner, (*path, at))
    elif isinstance(value, bool) or value is None:
        yield path, not value
    elif isinstance(value, int):
        yield path, value + 1
    else:
        yield path, value[:-2] + ("A" if value[-2] != "A" else "B") + value[-1]


FILE = OURS.sign(CONTENT)
CHANGES = list(changes(FILE))


# Tests that run side by side must have the same names everywhere, and what is signed differs each time.
@pytest.mark.parametrize(("path", "other"), CHANGES, ids=[str(path) for path, _ in CHANGES])
def test_a_change_anywhere_is_found(path: tuple[Any, ...], other: Any) -> None:
    changed = json.loads(json.dumps(FILE))
    place = changed
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = other
    with pytest.raises((NotGenuine, Unreadable)):
        check(written(changed), OURS.published)


def test_what_is_left_out_is_missed() -> None:
    for name in CONTENT:
        changed = json.loads(json.dumps(FILE))
        del changed["receipt"][name]
        with pytest.raises(NotGenuine):
            check(written(changed), OURS.published)


def test_an_older_key_checks_while_it_is_in_the_ring_and_a_strangers_never_does() -> None:
    old, new = os.urandom(32), os.urandom(32)
    before, after = ReceiptKeys({1: old}), ReceiptKeys({2: new, 1: old})
    file = written(before.sign(CONTENT))
    assert check(file, after.published) == CONTENT
    with pytest.raises(UnknownKey):
        check(file, ReceiptKeys({2: new}).published)
    posing = json.loads(file) | {"key": after.published[0]["kid"]}
    with pytest.raises(NotGenuine) as found:
        check(written(posing), after.published)
    assert not isinstance(found.value, UnknownKey)


@pytest.mark.parametrize(
    "file",
    [
        b"", b"{}", b"[]", b"null", b"7", b"\xff\xfe", b"[" * 50_000, b"a" * (LONGEST + 10),
        b'{"format": "carehours-receipt-2", "key": "", "receipt": {}, "signature": ""}',
        b'{"format": "carehours-receipt-1", "key": 1, "receipt": {}, "signature": ""}',
        b'{"format": "carehours-receipt-1", "key": "", "receipt": [], "signature": ""}',
        b'{"format": "carehours-receipt-1", "key": "", "receipt": {}}',
    ],
    ids=range(12),
)  # fmt: skip
def test_what_is_no_receipt_is_told_apart_from_a_false_one(file: bytes) -> None:
    with pytest.raises(Unreadable):
        check(file, OURS.published)


def test_a_name_that_stands_twice_is_no_receipt() -> None:
    text = json.dumps(FILE).replace('"kind": "visit-event"', '"kind": "x", "kind": "visit-event"')
    with pytest.raises(Unreadable):
        check(text.encode(), OURS.published)


@pytest.mark.parametrize(
    "signature",
    ["", "AAAA", "\N{SNOWMAN}", "A" * 86, "!" * 86, FILE["signature"] + "=="],
    ids=["none", "short", "a snowman", "zeros", "other letters", "padded"],
)
def test_what_is_no_signature_signs_nothing(signature: str) -> None:
    with pytest.raises(NotGenuine):
        check(written(FILE | {"signature": signature}), OURS.published)


def test_keys_are_published_under_their_thumbprints_and_without_what_is_secret() -> None:
    [key] = OURS.published
    assert set(key) == {"alg", "crv", "kid", "kty", "use", "x", "y"}
    assert len(base64.urlsafe_b64decode(key["kid"] + "=")) == 32


def test_what_the_script_of_the_page_finds_genuine_is_so_here() -> None:
    cases = Path(__file__).resolve().parents[2] / "service_worker" / "tests" / "cases"
    known = json.loads((cases / "signed_receipts.json").read_text("utf-8"))
    for file in known["files"]:
        assert check(written(file), known["keys"]) == file["receipt"]
