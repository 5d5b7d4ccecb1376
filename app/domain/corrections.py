"""Which signed half month can be corrected, why, and what would be different from what stands?

A correction replaces what both signed by a new version of the whole sheet; a supplement only adds days
to it that were left out. Until the recipient has signed the new version, the old one counts and is
paid. Authority: decisions 11 and 12; supplemental and arrears timesheets, CMIPS.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.domain import parameters
from app.domain.outcomes import Refused
from app.domain.periods import PayPeriod

LONGEST_NOTE = 500
"""Letters of a note, as of the reason beside a warning."""


class Amends(StrEnum):
    """What a new version does to the one that stands."""

    CORRECTION = "correction"
    SUPPLEMENT = "supplement"


class CorrectionReason(StrEnum):
    """Why a provider opens a sheet that both have signed, to tap."""

    DAY_LEFT_OUT = "DAY_LEFT_OUT"  # adds days, and changes none
    WRONG_HOURS = "WRONG_HOURS"
    WRONG_DAY = "WRONG_DAY"
    LATE_VISIT = "LATE_VISIT"
    COUNTY_ASKED = "COUNTY_ASKED"
    OTHER = "OTHER"  # needs a note


@dataclass(frozen=True, slots=True)
class DayChange:
    """One day that is different in the new version, in minutes; nought is no hours."""

    on: date
    before: int
    after: int


def amends_by(reason: CorrectionReason) -> Amends:
    """Whether the new version may only add days, or change any."""
    if reason is CorrectionReason.DAY_LEFT_OUT:
        return Amends.SUPPLEMENT
    return Amends.CORRECTION


def check_reason(reason: str | None, note: str | None) -> tuple[CorrectionReason, str | None]:
    """What was given as the reason, tidied.

    Refuses with CORRECTION_REASON_MISSING, CORRECTION_NOTE_MISSING (for OTHER) and
    CORRECTION_NOTE_TOO_LONG.

    >>> check_reason("WRONG_DAY", " ")
    (<CorrectionReason.WRONG_DAY: 'WRONG_DAY'>, None)
    """
    if reason not in set(CorrectionReason):
        raise Refused("CORRECTION_REASON_MISSING")
    told = (note or "").strip()
    if reason == CorrectionReason.OTHER and not told:
        raise Refused("CORRECTION_NOTE_MISSING")
    if len(told) > LONGEST_NOTE:
        raise Refused("CORRECTION_NOTE_TOO_LONG", length=len(told), longest=LONGEST_NOTE)
    return CorrectionReason(reason), told or None


def days_changed(before: Mapping[date, int], after: Mapping[date, int]) -> tuple[DayChange, ...]:
    """The days whose minutes are different, in order.

    >>> days_changed({date(2026, 3, 2): 480}, {date(2026, 3, 2): 480, date(2026, 3, 3): 60})
    (DayChange(on=datetime.date(2026, 3, 3), before=0, after=60),)
    """
    pairs = ((on, before.get(on, 0), after.get(on, 0)) for on in sorted({*before, *after}))
    return tuple(DayChange(on, old, new) for on, old, new in pairs if old != new)


def check_reach(period: PayPeriod, today: date) -> None:
    """Whether hours of a half month can still be claimed or corrected.

    Refuses with PERIOD_TOO_OLD (half_period, periods) beyond the half months that arrears reach back.
    """
    within = within_reach(today)
    if period < within[-1]:
        raise Refused("PERIOD_TOO_OLD", half_period=period.starts_on, periods=len(within) - 1)


def within_reach(today: date) -> tuple[PayPeriod, ...]:
    """The present half month, and those back for which hours can still be claimed, newest first."""
    return PayPeriod.of(today).last(parameters.value("timesheet.reach_back", today) + 1)
