"""How does a person know that an act was kept, and how do we know an act that we have seen before?

A phone may send the same thing twice, for it cannot tell a lost request from a lost answer. So what it
sends carries an id made where the tap was made; the id is kept for ever, with a hash of what was said
and the receipt that was given (quality.md B1: a day's memory is too short for a phone without signal).
"""

import hashlib
import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.domain.clocks import Told

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # without 0 and O, 1, I and L, U: read out on the phone
LENGTH = 8  # 30^8, about 2^39: nobody guesses another's, and the table refuses the rare double
FROM_PAGE = "page"
FROM_PHONE = "phone"
BY_HAND = "hand"

_canonical = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode


@dataclass(frozen=True, slots=True)
class Link:
    """An event's place in its device's chain: whose key signed, its number, and the hashes (docs/offline.md §10)."""

    key: str
    number: int
    previous: str
    hash: str


@dataclass(frozen=True, slots=True)
class Submission:
    """How something reached us: its id, the clock it was made by, and who vouches for it."""

    id: str
    made_at: datetime
    content_hash: str
    source: str = FROM_PAGE
    device_id: int | None = None
    signed: bool = False
    anchored_at: datetime | None = None
    since_anchor: timedelta | None = None
    link: Link | None = None

    def told(self, received_at: datetime) -> Told:
        """What is known of when it was made."""
        return Told(self.made_at, received_at, self.anchored_at, self.since_anchor)


def new_receipt() -> str:
    """A receipt number: short enough to read out, too random to guess, as `R-7F3K-9QXD`."""
    number, text = secrets.randbelow(len(ALPHABET) ** LENGTH), ""
    for _ in range(LENGTH):
        number, digit = divmod(number, len(ALPHABET))
        text += ALPHABET[digit]
    return f"R-{text[:4]}-{text[4:]}"


def content_hash(content: Sequence[object]) -> str:
    """What we remember of something said, to tell a repeat from an id used twice."""
    text = _canonical(content)
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()
