"""How does a phone show that it knew our time, so that what it did came after it?

Every answer carries an anchor: our time with a keyed hash, which nobody else can make. A phone puts the
newest one that it has seen into what it signs. An older one only proves less.
"""

import base64
import hashlib
import hmac
from datetime import UTC, datetime

from app.gateways.secrets import Secrets

PURPOSE = "time-anchor"
HASH_LENGTH = 16  # bytes of the HMAC that are kept: nobody guesses 128 bits
LONGEST = 64  # characters of a text worth reading
DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


class TimeAnchors:
    """Makes and reads anchors by a key derived from the portal's secret one."""

    def __init__(self, secret_key: str) -> None:
        self._key = Secrets(secret_key).fingerprint_bytes(PURPOSE, "key")

    def make(self, at: datetime) -> str:
        """An anchor of this instant: milliseconds since 1970 in base 36, a dot, and their hash."""
        said = _base36(round(at.timestamp() * 1000))
        return f"{said}.{self._hash(said)}"

    def read(self, anchor: str) -> datetime | None:
        """The instant of an anchor of ours; None for any other text."""
        said, _, given = anchor[:LONGEST].partition(".")
        if not hmac.compare_digest(self._hash(said).encode(), given.encode(errors="replace")):
            return None
        return datetime.fromtimestamp(int(said, 36) / 1000, UTC)

    def _hash(self, said: str) -> str:
        told = hmac.digest(self._key, said.encode(errors="replace"), hashlib.sha256)[:HASH_LENGTH]
        return base64.urlsafe_b64encode(told).decode().rstrip("=")


def _base36(number: int) -> str:
    text = ""
    while number:
        number, digit = divmod(number, len(DIGITS))
        text = DIGITS[digit] + text
    return text or "0"
