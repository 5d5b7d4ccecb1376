"""Why can a provider say that a payment is wrong, and what must she and the county say with it?"""

from enum import StrEnum

from app.domain.outcomes import Refused

LONGEST = 1000
"""Letters of a note or an answer, as in CMIPS."""


class DisputeReason(StrEnum):
    """What is wrong with a payment, to tap."""

    HOURS = "HOURS"
    RATE = "RATE"
    OVERTIME = "OVERTIME"
    NOT_ARRIVED = "NOT_ARRIVED"
    OTHER = "OTHER"  # needs a note


def check_dispute(reason: str | None, note: str | None) -> tuple[DisputeReason, str | None]:
    """What a dispute says, tidied.

    Refuses with DISPUTE_REASON_MISSING, DISPUTE_NOTE_MISSING (for OTHER) and DISPUTE_NOTE_TOO_LONG.

    >>> check_dispute("RATE", "  ")
    (<DisputeReason.RATE: 'RATE'>, None)
    >>> check_dispute("OTHER", None)
    Traceback (most recent call last):
    app.domain.outcomes.Refused: Refused('DISPUTE_NOTE_MISSING')
    """
    if reason not in set(DisputeReason):
        raise Refused("DISPUTE_REASON_MISSING")
    told = (note or "").strip()
    if reason == DisputeReason.OTHER and not told:
        raise Refused("DISPUTE_NOTE_MISSING")
    if len(told) > LONGEST:
        raise Refused("DISPUTE_NOTE_TOO_LONG", length=len(told), longest=LONGEST)
    return DisputeReason(reason), told or None


def check_answer(answer: str | None) -> str:
    """The county's answer, tidied; refuses with SETTLE_REASON_MISSING and SETTLE_REASON_TOO_LONG."""
    told = (answer or "").strip()
    if not told:
        raise Refused("SETTLE_REASON_MISSING")
    if len(told) > LONGEST:
        raise Refused("SETTLE_REASON_TOO_LONG", length=len(told), longest=LONGEST)
    return told
