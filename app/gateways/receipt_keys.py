"""How does the portal sign what it gives away, so that anybody can check it without asking the portal?

A receipt is a file of JSON: its content, the key it was signed by, and an ECDSA signature on P-256 with
SHA-256 over the canonical form of both. P-256 and not Ed25519, because the browsers of older phones check
it too. Public keys are published as a JSON Web Key Set (RFC 7517), each under its thumbprint.
"""

import base64
import binascii
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import (
    decode_dss_signature,
    encode_dss_signature,
)
from cryptography.hazmat.primitives.hashes import SHA256

from app.gateways.derived_keys import key_pairs, point_of

PURPOSE = "sign-receipts"
FORMAT = "carehours-receipt-1"
LONGEST = 100_000  # bytes of a file worth reading
HALF = 32  # bytes of r and of s (IEEE P1363, as WebCrypto wants them)
FIELDS = frozenset({"format", "key", "receipt", "signature"})

_canonical = json.JSONEncoder(
    sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
).encode


class Unreadable(Exception):  # noqa: N818 - it says what the file is
    """A file is no receipt of this portal's kind at all."""


class NotGenuine(Exception):  # noqa: N818 - it says what the file is
    """A receipt was changed, or was signed by no key that is known."""


@dataclass(frozen=True, slots=True)
class UnknownKey(NotGenuine):
    """The key that a receipt names is not among the published ones, so nothing can be said of it."""

    key: str


class ReceiptKeys:
    """Signs receipts by a key that follows from the sealing key in use; the other ones still check."""

    def __init__(self, sealing_keys: Mapping[int, bytes]) -> None:
        pairs = list(key_pairs(sealing_keys, PURPOSE).values())
        self._signs = pairs[0]
        self.published: list[dict[str, str]] = [_published(pair.public_key()) for pair in pairs]

    def sign(self, content: Mapping[str, Any]) -> dict[str, Any]:
        """The file of a receipt; its content holds text, whole numbers, truth, none, lists of those."""
        signed = {"format": FORMAT, "key": self.published[0]["kid"], "receipt": dict(content)}
        r, s = decode_dss_signature(self._signs.sign(_text_of(signed), ec.ECDSA(SHA256())))
        return signed | {"signature": _base64(r.to_bytes(HALF) + s.to_bytes(HALF))}


def check(file: bytes, published: Sequence[Mapping[str, str]]) -> dict[str, Any]:
    """The content of a receipt that one of the published keys has signed.

    Raises Unreadable for what is no receipt, UnknownKey, and NotGenuine for whatever was changed.
    """
    signed = _read(file)
    signature = signed.pop("signature")
    key = next((each for each in published if each["kid"] == signed["key"]), None)
    if key is None:
        raise UnknownKey(signed["key"])
    try:
        raw = _bytes(signature)
        if len(raw) != 2 * HALF or _base64(raw) != signature:  # its last letter has bits to spare
            raise NotGenuine
        r, s = int.from_bytes(raw[:HALF]), int.from_bytes(raw[HALF:])
        _public(key).verify(encode_dss_signature(r, s), _text_of(signed), ec.ECDSA(SHA256()))
    except (InvalidSignature, ValueError) as error:
        raise NotGenuine from error
    content: dict[str, Any] = signed["receipt"]
    return content


def _read(file: bytes) -> dict[str, Any]:
    try:
        signed = json.loads(file[: LONGEST + 1].decode(), object_pairs_hook=_without_doubles)
    except (ValueError, RecursionError) as error:
        raise Unreadable from error
    if not isinstance(signed, dict) or set(signed) != FIELDS or signed["format"] != FORMAT:
        raise Unreadable
    texts = (signed["key"], signed["signature"])
    if not isinstance(signed["receipt"], dict) or not all(isinstance(t, str) for t in texts):
        raise Unreadable
    return signed


def _without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A name that stands twice would say one thing to one reader and another to the next."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice")
    return found


def _text_of(signed: Mapping[str, Any]) -> bytes:
    return _canonical(signed).encode()


def _published(key: ec.EllipticCurvePublicKey) -> dict[str, str]:
    point = point_of(key)
    half = len(point) // 2
    jwk = {"crv": "P-256", "kty": "EC", "x": _base64(point[1 : half + 1]), "y": _base64(point[half + 1 :])}  # fmt: skip
    thumbprint = _base64(hashlib.sha256(_canonical(jwk).encode()).digest())  # RFC 7638
    return jwk | {"alg": "ES256", "kid": thumbprint, "use": "sig"}


def _public(key: Mapping[str, str]) -> ec.EllipticCurvePublicKey:
    x, y = (int.from_bytes(_bytes(key[name])) for name in ("x", "y"))
    return ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key()


def _base64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except binascii.Error as error:
        raise NotGenuine from error
