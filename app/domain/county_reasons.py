"""Why does a county hold a timesheet, flag a pair, or void a timesheet: codes with plain words?

The provider is told each in a sentence, so none says more than she may know.
"""

from collections.abc import Collection
from enum import StrEnum

from app.domain.outcomes import Refused

LONGEST_NOTE = 1000
"""Letters of a note, as in CMIPS."""


class CountyReason(StrEnum):
    """What the county may give as its reason, to tap."""

    RECIPIENT_AWAY = "RECIPIENT_AWAY"
    HOURS_QUESTIONED = "HOURS_QUESTIONED"
    ELIGIBILITY = "ELIGIBILITY"
    CLAIMED_TWICE = "CLAIMED_TWICE"
    WRONG_SHEET = "WRONG_SHEET"
    NOT_WORKED = "NOT_WORKED"
    OTHER = "OTHER"  # needs a note


TO_HOLD = (
    CountyReason.HOURS_QUESTIONED,
    CountyReason.RECIPIENT_AWAY,
    CountyReason.ELIGIBILITY,
    CountyReason.CLAIMED_TWICE,
    CountyReason.OTHER,
)
"""For a hold of one timesheet, and for a flag on all of a pair."""

TO_VOID = (
    CountyReason.CLAIMED_TWICE,
    CountyReason.WRONG_SHEET,
    CountyReason.NOT_WORKED,
    CountyReason.RECIPIENT_AWAY,
    CountyReason.OTHER,
)


class Ground(StrEnum):
    """What a signature rested on and the county's records no longer say; the portal then holds it."""

    ASSIGNMENT_ENDED = "ASSIGNMENT_ENDED"
    HOURS_LOWERED = "HOURS_LOWERED"


GROUNDS = {
    "NOT_ASSIGNED": Ground.ASSIGNMENT_ENDED,
    "RECIPIENT_HOURS_EXCEEDED": Ground.HOURS_LOWERED,
    "ASSIGNED_HOURS_EXCEEDED": Ground.HOURS_LOWERED,
    "EXEMPTION_MONTH_EXCEEDED": Ground.HOURS_LOWERED,
}
"""By the finding that would stop a submission today."""


def check_county_reason(
    reason: str | None, note: str | None, allowed: Collection[CountyReason]
) -> tuple[CountyReason, str | None]:
    """What the county gave as its reason, tidied.

    Refuses with COUNTY_REASON_MISSING, COUNTY_NOTE_MISSING (for OTHER) and COUNTY_NOTE_TOO_LONG.

    >>> check_county_reason("ELIGIBILITY", "", TO_HOLD)
    (<CountyReason.ELIGIBILITY: 'ELIGIBILITY'>, None)
    """
    if reason not in {each.value for each in allowed}:
        raise Refused("COUNTY_REASON_MISSING")
    told = (note or "").strip()
    if reason == CountyReason.OTHER and not told:
        raise Refused("COUNTY_NOTE_MISSING")
    if len(told) > LONGEST_NOTE:
        raise Refused("COUNTY_NOTE_TOO_LONG", length=len(told), longest=LONGEST_NOTE)
    return CountyReason(reason), told or None


def on_record(reason: CountyReason, note: str | None) -> str:
    """Reason and note as one text of a sheet's history: the code is its first word.

    >>> on_record(CountyReason.OTHER, "We talked.")
    'OTHER We talked.'
    """
    return reason.value if note is None else f"{reason} {note}"
