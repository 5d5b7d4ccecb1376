"""Who vouches for what a phone sent: which of its items did an enrolled device's key sign?

A phone signs each tap as it is made, with a number, the hash of the one before and the newest time of
ours that it knew. So a signature speaks for the items before it too, as far back as the hashes follow
from one another, and one signature is enough for a long list (docs/offline.md, 10).
"""

import base64
import binascii
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache
from typing import cast

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from app.services.offline_items import Item, Proof
from app.services.receipts import Link

SIGNATURE_LENGTH = 64  # r and s of P-256, 32 bytes each (IEEE P1363, as WebCrypto writes it)
KEY_ID_LENGTH = 16  # characters of the hash that names a key

KeyOf = Callable[[int, int], str | None]  # device and account to its public key, PEM
ReadAnchor = Callable[[str], datetime | None]


@dataclass(frozen=True, slots=True)
class Vouched:
    """What can be relied on of an item: whether it is signed, its link, and the time it came after."""

    signed: bool = False
    link: Link | None = None
    anchored_at: datetime | None = None
    since_anchor: timedelta | None = None


def vouch(items: Sequence[Item | None], key_of: KeyOf, read_anchor: ReadAnchor) -> list[Vouched]:
    """What can be relied on of each item of a list; None stands for one that could not be read."""
    whole = _filled_in(items)
    hashes = [None if item is None else _hash(item.signed_text) for item in whole]
    vouched: list[Vouched] = [Vouched()] * len(whole)
    spoken_for: set[tuple[int, int, int, str]] = (
        set()
    )  # what a later item that is signed follows from
    for index in range(len(whole) - 1, -1, -1):
        item, own_hash = whole[index], hashes[index]
        if item is None or own_hash is None or item.device is None:
            continue
        key = key_of(item.device, item.account)
        if key is None:
            continue
        proof = item.proof
        place = None if proof is None else (item.device, item.account, proof.number, own_hash)
        if place not in spoken_for and not _is_signed(item, key):
            continue
        if proof is None:
            vouched[index] = Vouched(signed=True)
            continue
        previous = proof.previous or ""
        spoken_for.add((item.device, item.account, proof.number - 1, previous))
        vouched[index] = _relied_on(
            proof, Link(id_of(key), proof.number, previous, own_hash), read_anchor
        )
    return vouched


def id_of(key: str) -> str:
    """What a public key (PEM) is called in the chain that it signs."""
    return _hash(key)[:KEY_ID_LENGTH]


def _relied_on(proof: Proof, link: Link, read_anchor: ReadAnchor) -> Vouched:
    anchored_at = read_anchor(proof.anchor) if proof.anchor else None
    since = None if anchored_at is None or proof.since is None else timedelta(seconds=proof.since)
    return Vouched(True, link, anchored_at, since)


def _filled_in(items: Sequence[Item | None]) -> list[Item | None]:
    """The items with what they left out because the one before in their chain tells it."""
    before: dict[tuple[int | None, int], Item] = {}
    whole: list[Item | None] = []
    for item in items:
        if item is None or item.proof is None:
            whole.append(item)
            continue
        place = (item.device, item.account)
        filled = replace(item, proof=_with(item.proof, before.get(place)))
        before[place] = filled
        whole.append(filled)
    return whole


def _with(proof: Proof, before: Item | None) -> Proof:
    previous, anchor = proof.previous, proof.anchor
    if before is None or before.proof is None:
        return replace(proof, previous=previous or "", anchor=anchor or "")
    if previous is None:
        follows = proof.number == before.proof.number + 1
        previous = _hash(before.signed_text) if follows else ""
    return replace(
        proof, previous=previous, anchor=before.proof.anchor if anchor is None else anchor
    )


def _hash(text: str) -> str:
    told = hashlib.sha256(text.encode(errors="surrogatepass")).digest()
    return base64.urlsafe_b64encode(told).decode().rstrip("=")


def _is_signed(item: Item, key: str) -> bool:
    if item.signature is None:
        return False
    try:
        raw = base64.urlsafe_b64decode(item.signature + "=" * (-len(item.signature) % 4))
        if len(raw) != SIGNATURE_LENGTH:
            return False
        half = SIGNATURE_LENGTH // 2
        numbers = int.from_bytes(raw[:half]), int.from_bytes(raw[half:])
        signature = encode_dss_signature(*numbers)
        _public_key(key).verify(signature, item.signed_text.encode(), ECDSA(SHA256()))
    except (InvalidSignature, binascii.Error, ValueError):  # UnicodeEncodeError is a ValueError
        return False
    return True


@lru_cache(maxsize=4096)
def _public_key(pem: str) -> EllipticCurvePublicKey:
    """A device's key, read once: reading costs as much as verifying."""
    return cast(EllipticCurvePublicKey, load_pem_public_key(pem.encode()))
