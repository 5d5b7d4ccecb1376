"""Who vouches for what a phone sent: which of its items did an enrolled device's key sign?

A phone signs each tap as it is made, with a number, the hash of the one before and the newest time of
ours that it knew. So a signature speaks for the items before it too, as far back as the hashes follow
from one another, and one signature is enough for a long list (docs/offline.md, 10).
"""

import base64
import binascii
import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache, lru_cache
from typing import cast

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from app.models.devices import TrustedDevice
from app.models.prepared import Prepared
from app.services.offline_items import Item, Proof
from app.services.receipts import Link
from app.services.sessions import Bearer

SIGNATURE_LENGTH = 64  # r and s of P-256, 32 bytes each (IEEE P1363, as WebCrypto writes it)
KEY_ID_LENGTH = 16  # characters of the hash that names a key

KeyOf = Callable[[int, int], str | None]  # device and account to its public key, PEM
ReadAnchor = Callable[[str], datetime | None]


_KEY = Prepared(
    select(TrustedDevice.public_key).where(
        TrustedDevice.device_id == bindparam("device"),
        TrustedDevice.account_id == bindparam("account"),
        TrustedDevice.revoked_at.is_(None),
    )
)


@dataclass(frozen=True, slots=True)
class Vouched:
    """What can be relied on of an item: whether it is signed, its link, and the time it came after."""

    signed: bool = False
    link: Link | None = None
    anchored_at: datetime | None = None
    since_anchor: timedelta | None = None


class Keys:
    """The public keys of devices, each asked for once; those of live sessions are known already."""

    def __init__(self, session: Session, bearers: Iterable[Bearer]) -> None:
        self._session = session
        self._known = {
            (bearer.device_id, bearer.id): bearer.public_key
            for bearer in bearers
            if bearer.device_id is not None
        }

    def of(self, device: int, account: int) -> str | None:
        """The key that a device signs by for an account; None where it is not enrolled."""
        place = device, account
        if place not in self._known:
            found = _KEY.first(self._session, device=device, account=account)
            self._known[place] = None if found is None else found.public_key
        return self._known[place]


def vouch(items: Sequence[Item | None], key_of: KeyOf, read_anchor: ReadAnchor) -> list[Vouched]:
    """What can be relied on of each item of a list; None stands for one that could not be read."""
    read_once = cache(read_anchor)
    written = _written(items)
    vouched: list[Vouched] = [Vouched()] * len(written)
    spoken_for: set[_Place] = set()  # what a later item that is signed follows from
    for index in range(len(written) - 1, -1, -1):
        if (one := written[index]) is None or (key := key_of(*one.signer)) is None:
            continue
        if one.place not in spoken_for and not _is_signed(one, key):
            continue
        proof = one.item.proof
        if proof is None:
            vouched[index] = Vouched(signed=True)
            continue
        previous = proof.previous or ""
        spoken_for.add((*one.signer, proof.number - 1, previous))
        link = Link(id_of(key), proof.number, previous, one.hash)
        vouched[index] = _relied_on(proof, link, read_once)
    return vouched


@dataclass(frozen=True, slots=True)
class _Written:
    """An item of a device as it was signed: the text, and its hash by which the next one follows."""

    item: Item
    signer: tuple[int, int]  # device and account
    text: str
    hash: str

    @property
    def place(self) -> "_Place":
        return (*self.signer, self.item.proof.number if self.item.proof else 0, self.hash)


_Place = tuple[int, int, int, str]  # device, account, number and hash


@lru_cache(maxsize=4096)
def id_of(key: str) -> str:
    """What a public key (PEM) is called in the chain that it signs."""
    return _hash(key)[:KEY_ID_LENGTH]


def _relied_on(proof: Proof, link: Link, read_anchor: ReadAnchor) -> Vouched:
    anchored_at = read_anchor(proof.anchor) if proof.anchor else None
    since = None if anchored_at is None or proof.since is None else timedelta(seconds=proof.since)
    return Vouched(True, link, anchored_at, since)


def _written(items: Sequence[Item | None]) -> list[_Written | None]:
    """The items as they were signed, with what they left out because the one before tells it."""
    before: dict[tuple[int, int], _Written] = {}
    written: list[_Written | None] = []
    for item in items:
        if item is None or item.device is None:
            written.append(None)
            continue
        signer = item.device, item.account
        if item.proof is not None:
            item = replace(item, proof=_whole(item.proof, before.get(signer)))
        text = item.signed_text
        one = _Written(item, signer, text, _hash(text))
        if item.proof is not None:
            before[signer] = one
        written.append(one)
    return written


def _whole(proof: Proof, before: _Written | None) -> Proof:
    previous, anchor = proof.previous, proof.anchor
    if before is None or before.item.proof is None:
        return Proof(proof.number, previous or "", anchor or "", proof.since)
    if previous is None:
        previous = before.hash if proof.number == before.item.proof.number + 1 else ""
    if anchor is None:
        anchor = before.item.proof.anchor
    return Proof(proof.number, previous, anchor, proof.since)


def _hash(text: str) -> str:
    told = hashlib.sha256(text.encode(errors="surrogatepass")).digest()
    return base64.urlsafe_b64encode(told).decode().rstrip("=")


def _is_signed(one: _Written, key: str) -> bool:
    given = one.item.signature
    if given is None:
        return False
    try:
        raw = base64.urlsafe_b64decode(given + "=" * (-len(given) % 4))
        if len(raw) != SIGNATURE_LENGTH:
            return False
        half = SIGNATURE_LENGTH // 2
        numbers = int.from_bytes(raw[:half]), int.from_bytes(raw[half:])
        signature = encode_dss_signature(*numbers)
        _public_key(key).verify(signature, one.text.encode(), ECDSA(SHA256()))
    except (InvalidSignature, binascii.Error, ValueError):  # UnicodeEncodeError is a ValueError
        return False
    return True


@lru_cache(maxsize=4096)
def _public_key(pem: str) -> EllipticCurvePublicKey:
    """A device's key, read once: reading costs as much as verifying."""
    return cast(EllipticCurvePublicKey, load_pem_public_key(pem.encode()))
