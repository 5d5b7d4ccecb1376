"""When did something happen that a phone tells of, and between which moments can that be proved?

A phone's clock can be set, and the one that nobody can set may stand still while the phone sleeps. What
can be proved is that an event came after the newest time of ours that the phone knew (its anchor) and
before we received it. Within that, the phone is believed (decision 12); nothing is refused for its time.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from app.domain import parameters
from app.domain.outcomes import Finding, warning
from app.domain.periods import local_day

A_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Told:
    """What is known of a moment: the phone's own time, ours at receipt, and what the anchor proves.

    `anchored_at` is the newest time of ours that the phone had seen, None where it had seen none.
    `since_anchor` passed on the phone's other clock since then: at least that long, for it may have slept.
    """

    made_at: datetime
    received_at: datetime
    anchored_at: datetime | None = None
    since_anchor: timedelta | None = None

    @property
    def earliest_at(self) -> datetime | None:
        """Before this it cannot have been; None where nothing proves it."""
        if self.anchored_at is None or self.anchored_at > self.received_at:
            return None
        return self.anchored_at


def clock_doubt(told: Told) -> Finding | None:
    """CLOCK_AHEAD or CLOCK_BEHIND (`minutes`) where a phone's time cannot be believed, else None.

    Without an anchor a time is doubted that lies in the future or too far back; with one, a time that
    lies before it.
    """
    on = local_day(told.received_at)
    tolerance = timedelta(minutes=parameters.value("visit.clock_ahead", on))
    if told.made_at - told.received_at > tolerance:
        return warning("CLOCK_AHEAD", minutes=(told.made_at - told.received_at) // A_MINUTE)
    earliest = told.earliest_at
    if earliest is None:
        earliest = told.received_at - timedelta(days=parameters.value("visit.oldest", on))
        tolerance = timedelta()
    if earliest - told.made_at > tolerance:
        return warning("CLOCK_BEHIND", minutes=(told.received_at - told.made_at) // A_MINUTE)
    return None


def accepted_time(told: Told) -> datetime:
    """When an event counts as made: as the phone says, within what can be proved.

    Where the phone's time is in doubt it counts as long after the anchor as its other clock says, and
    without an anchor at the moment of receipt. All that was told is stored beside it.
    """
    earliest = told.earliest_at
    if clock_doubt(told) is None:
        believed = told.made_at if earliest is None else max(told.made_at, earliest)
        return min(believed, told.received_at)
    if earliest is None or told.since_anchor is None:
        return told.received_at
    return min(earliest + max(told.since_anchor, timedelta()), told.received_at)
