"""How does the portal seal what only it may read, and recognise what only it can have made?

What lives for hours is made with the one secret key, from which HKDF (RFC 5869) derives a key per
purpose, so that nothing made for one purpose is ever good for another. What lies in the database for
years is sealed by a KeyRing, whose keys can be exchanged (docs/adr/0014).
"""

import base64
import hashlib
import hmac
import os
import re
from collections.abc import Mapping

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

NONCE_LENGTH = 12
SEALED = re.compile(r"v([1-9][0-9]{0,8})\.([A-Za-z0-9_-]+={0,2})", re.ASCII)


class Unreadable(Exception):  # noqa: N818 — it says what the sealed text is, not what we did wrong.
    """What was sealed is damaged, was made by another key, or belongs to something else."""


class Secrets:
    """What can be done with the secret key of `Settings.secret_key`."""

    def __init__(self, secret_key: str) -> None:
        self._secret_key = secret_key.encode()

    def fingerprint(self, purpose: str, text: str) -> str:
        """A keyed hash (HMAC-SHA256, hex): the same text gives the same, nobody else can make it."""
        return self.fingerprint_bytes(purpose, text).hex()

    def fingerprint_bytes(self, purpose: str, text: str) -> bytes:
        """The same as 32 bytes."""
        return hmac.digest(self._key(purpose), text.encode(), hashlib.sha256)

    def seal(self, purpose: str, text: str, *, bound_to: str) -> str:
        """Encrypt by AES-256-GCM; only `open` with the same purpose and bond reads it again."""
        nonce = os.urandom(NONCE_LENGTH)
        sealed = AESGCM(self._key(purpose)).encrypt(nonce, text.encode(), bound_to.encode())
        return base64.urlsafe_b64encode(nonce + sealed).decode()

    def open(self, purpose: str, sealed: str, *, bound_to: str) -> str:
        """What was sealed; raises Unreadable."""
        try:
            both = base64.urlsafe_b64decode(sealed)
            nonce, rest = both[:NONCE_LENGTH], both[NONCE_LENGTH:]
            return AESGCM(self._key(purpose)).decrypt(nonce, rest, bound_to.encode()).decode()
        except (InvalidTag, ValueError) as error:
            raise Unreadable from error

    def _key(self, purpose: str) -> bytes:
        return HKDF(SHA256(), length=32, salt=None, info=b"carehours:" + purpose.encode()).derive(
            self._secret_key
        )


class KeyRing:
    """Seals what lies in the database, by the first of its keys, and opens what any of them sealed.

    `keys` are 32 bytes each under a version. A sealed text is `v<version>.<Base64 of nonce and
    AES-256-GCM>`, so whoever changes keys sees what is left to do. Which key seals is said by their
    order and not by their number: a new key must first be known wherever the portal runs.
    """

    def __init__(self, keys: Mapping[int, bytes], fingerprint_key: bytes) -> None:
        self._keys = {version: AESGCM(key) for version, key in keys.items()}
        self.seals_by = next(iter(keys))
        self._fingerprint_key = fingerprint_key

    @property
    def versions(self) -> frozenset[int]:
        """Which keys are there."""
        return frozenset(self._keys)

    def seal(self, text: str, *, place: str) -> str:
        """Encrypt for one table and column."""
        nonce = os.urandom(NONCE_LENGTH)
        sealed = self._keys[self.seals_by].encrypt(nonce, text.encode(), place.encode())
        return f"v{self.seals_by}.{base64.urlsafe_b64encode(nonce + sealed).decode()}"

    def open(self, sealed: str, *, place: str) -> str:
        """What was sealed for this place; raises Unreadable, which names the place and no value."""
        parts = SEALED.fullmatch(sealed)
        if parts is None:
            raise Unreadable(f"{place}: not a sealed text")
        version = int(parts[1])
        if version not in self._keys:
            raise Unreadable(f"{place}: sealed by key {version}, which is not in the ring")
        try:
            both = base64.urlsafe_b64decode(parts[2])
            nonce, rest = both[:NONCE_LENGTH], both[NONCE_LENGTH:]
            return self._keys[version].decrypt(nonce, rest, place.encode()).decode()
        except (InvalidTag, ValueError) as error:
            raise Unreadable(f"{place}: damaged, or sealed for another place") from error

    def fingerprint(self, text: str, *, kind: str) -> str:
        """A keyed hash (HMAC-SHA256, hex) of a value and what it is."""
        return hmac.digest(self._fingerprint_key, f"{kind}:{text}".encode(), hashlib.sha256).hex()


def version_of(sealed: str) -> int | None:
    """By which key a text in the database was sealed; None when it is no sealed text.

    >>> version_of("v12.AAAA"), version_of("ana@example.com")
    (12, None)
    """
    parts = SEALED.fullmatch(sealed)
    return int(parts[1]) if parts else None


def same(one: str, other: str) -> bool:
    """Whether two secrets are equal, in a time that does not tell where they differ."""
    return hmac.compare_digest(one.encode(), other.encode())
