"""How does the portal seal what only it may read, and recognise what only it can have made?

Everything is derived from the one secret key by HKDF (RFC 5869), a key per purpose, so that nothing
made for one purpose is ever good for another.
"""

import base64
import hashlib
import hmac
import os
from collections.abc import Mapping

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

NONCE_LENGTH = 12


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

    def key_ring(self) -> "KeyRing":
        """A ring of one key that is derived from the secret key: for demo and tests."""
        return KeyRing({1: self._key("key ring 1")}, self._key("fingerprints"))

    def _key(self, purpose: str) -> bytes:
        return HKDF(SHA256(), length=32, salt=None, info=b"carehours:" + purpose.encode()).derive(
            self._secret_key
        )


class KeyRing:
    """Seals what lies in the database: by the newest key, and opens what older ones sealed.

    `keys` are 32 bytes each under a version. A sealed text begins with its version, so that the
    command that rotates keys knows what is left to do. Fingerprints have a key of their own.
    """

    def __init__(self, keys: Mapping[int, bytes], fingerprint_key: bytes) -> None:
        self._keys = {version: AESGCM(key) for version, key in keys.items()}
        self.newest = max(keys)
        self._fingerprint_key = fingerprint_key

    def seal(self, text: str, *, place: str) -> str:
        """Encrypt for one table and column."""
        nonce = os.urandom(NONCE_LENGTH)
        sealed = self._keys[self.newest].encrypt(nonce, text.encode(), place.encode())
        return f"v{self.newest}.{base64.urlsafe_b64encode(nonce + sealed).decode()}"

    def open(self, sealed: str, *, place: str) -> str:
        """What was sealed for this place; raises Unreadable."""
        try:
            version, _, text = sealed.partition(".")
            both = base64.urlsafe_b64decode(text)
            key = self._keys[int(version.removeprefix("v"))]
            nonce, rest = both[:NONCE_LENGTH], both[NONCE_LENGTH:]
            return key.decrypt(nonce, rest, place.encode()).decode()
        except (InvalidTag, ValueError, KeyError) as error:
            raise Unreadable from error

    def fingerprint(self, text: str, *, kind: str) -> str:
        """A keyed hash of a value and what it is."""
        return hmac.digest(self._fingerprint_key, f"{kind}:{text}".encode(), hashlib.sha256).hex()


def same(one: str, other: str) -> bool:
    """Whether two secrets are equal, in a time that does not tell where they differ."""
    return hmac.compare_digest(one.encode(), other.encode())
