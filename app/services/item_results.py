"""What became of an item that a phone sent, as far as the phone and a sentence need to know it?"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from app.domain.hours import as_hhmm
from app.domain.positions import Verdict
from app.services.timesheets import DayChange
from app.services.visit_events import ProposedHours, VisitReceipt


class Result(StrEnum):
    """What became of an item; a phone keeps all but the first."""

    RECEIVED = "received"
    CONFLICT = "conflict"
    REFUSED = "refused"
    KEEP = "keep"  # not now: send it again later


@dataclass(frozen=True, slots=True)
class ItemResult:
    """The answer to one item: `code` and `facts` make a sentence, `told` goes to the phone as it is."""

    id: str | None
    result: Result
    receipt: str | None = None
    code: str | None = None
    facts: Mapping[str, object] = field(default_factory=dict)
    told: Mapping[str, object] = field(default_factory=dict)
    theirs: Mapping[str, object] | None = None
    verdict: Verdict | None = None


def checked_out_code(hours: ProposedHours | None) -> str:
    """What to say after a check-out: the hours on the sheet, or beside it, or that there are none."""
    if hours is None or not hours.minutes:
        return "CHECKED_OUT_NO_HOURS"
    return "CHECKED_OUT" if hours.is_taken else "CHECKED_OUT_BESIDE"


def facts_of(receipt: VisitReceipt, recipient: str | None) -> dict[str, object]:
    """The facts that a sentence about a receipt may need; `recipient` is her first name."""
    facts: dict[str, object] = {"counted_at": receipt.counts_at.isoformat()}
    if recipient is not None:
        facts["recipient"] = recipient
    if receipt.hours is not None:
        facts["today_minutes"] = receipt.hours.minutes or 0
    return facts


def visit_for_the_phone(receipt: VisitReceipt) -> dict[str, object]:
    told: dict[str, object] = {}
    if receipt.visit_id is not None:
        told["visit_id"] = receipt.visit_id
    if receipt.hours is not None:
        told["minutes"] = receipt.hours.minutes
        told["timesheet_id"] = receipt.hours.timesheet_id
    if receipt.verdict is not None:
        told["place"] = receipt.verdict.value
    return told


def day_for_the_phone(change: DayChange) -> dict[str, object]:
    """The day as the portal has it, written as the phone writes days."""
    now = change.now
    return {
        "minutes": now.minutes,
        "starts": None if now.starts is None else as_hhmm(now.starts),
        "ends": None if now.ends is None else as_hhmm(now.ends),
        "location": now.location,
        "revision": change.revision,
    }
