"""What must be known of visits at once to see what is odd about one (domain.visit_flags)?"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from app.domain.chains import Link
from app.domain.clocks import Told
from app.domain.positions import Fix, Verdict

EventId = int | str
Home = tuple[float, float]  # latitude, longitude
FROM_PHONE = "phone"


@dataclass(frozen=True, slots=True)
class Event:
    """A tap, a fix or an undo as it is stored.

    `provider` is the account that made it, `recipient` whom it was for. `place` and `fix` are of the
    event itself: with a fix that came after its tap they are on the event of kind "position", which
    then bears the recipient of the tap. `withdrawn` is what was undone or said to be no visit.
    """

    id: EventId
    kind: str  # check-in | check-out | position | undo
    provider: int
    told: Told
    counts_at: datetime
    source: str = FROM_PHONE  # phone | page | hand
    recipient: int | None = None
    device: int | None = None
    signed: bool = False
    place: Verdict | None = None
    fix: Fix | None = None
    link: Link | None = None
    withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class Enrolled:
    """From when until when a provider's account had a phone that signs; `until` None is still now."""

    provider: int
    since: datetime
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class History:
    """What the rules need to see at once: of any number of providers, in any order.

    `at` is now. `events` are those to be judged and those around them (`visit.look_back` days on
    either side). `links` are all links of their chains, refused ones too, from `links_from` on. `homes`
    holds the recipients' homes, `enrolled` the phones that sign, `signers` which providers each device
    signs for, `reused` the events whose id came once more with other content.
    """

    at: datetime
    events: tuple[Event, ...]
    links: tuple[Link, ...] = ()
    links_from: Mapping[str, int] = field(default_factory=dict)
    homes: Mapping[int, Home] = field(default_factory=dict)
    enrolled: tuple[Enrolled, ...] = ()
    signers: Mapping[int, frozenset[int]] = field(default_factory=dict)
    reused: frozenset[EventId] = frozenset()
