"""Which status a claim for travel time or sick leave has after an act, and what is asked of every claim.

One table holds every transition; everything that changes a claim's status asks it. Travel waits for
the timesheet that shows the care at its end; sick leave waits for none (ADR 0027).
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from app.domain import parameters
from app.domain.outcomes import Finding, Refused, block
from app.domain.periods import PayPeriod
from app.domain.permissions import Role
from app.domain.timesheets import PORTAL, PaymentStatus
from app.domain.weekly_maximum import AssignmentDates, Key

LONGEST_REASON = 500


class ClaimKind(StrEnum):
    """What is claimed beside hours of care."""

    TRAVEL = "travel"  # from one recipient to the next on the same day (SOC 2255)
    SICK_LEAVE = "sick_leave"  # SOC 2302


class ClaimStatus(StrEnum):
    """Where a claim stands."""

    SAVED = "saved"
    WAITING = "waiting"  # for the timesheet of the recipient travelled to
    READY = "ready"  # for pay
    PAID = "paid"
    DISPUTED = "disputed"
    REFUSED = "refused"


class ClaimAction(StrEnum):
    """What someone does with a claim."""

    SUBMIT = "submit"
    TAKE_BACK = "take_back"
    GO_ON = "go_on"  # its timesheet is signed by both, and nothing holds it
    REFUSE = "refuse"
    ISSUE_PAYMENT = "issue_payment"
    DISPUTE = "dispute"
    SETTLE = "settle"


CHANGEABLE = frozenset({ClaimStatus.SAVED})
"""Statuses in which the provider may change days."""

CLAIMED = frozenset(
    {ClaimStatus.WAITING, ClaimStatus.READY, ClaimStatus.PAID, ClaimStatus.DISPUTED}
)
"""Statuses whose minutes are taken off balances and weekly limits."""

PAYMENT_STATUS: Mapping[str, PaymentStatus] = {
    ClaimStatus.READY: PaymentStatus.WAITING_FOR_PAYMENT,
    ClaimStatus.PAID: PaymentStatus.PAYMENT_ISSUED,
    ClaimStatus.DISPUTED: PaymentStatus.DISPUTED,
}
"""How the payment of a claim stands, in the words that payments of timesheets have."""


@dataclass(frozen=True, slots=True)
class Transition:
    """Who does what in which statuses, where it leads, and with which kinds of claims."""

    who: frozenset[Role | None]
    action: ClaimAction
    starts: frozenset[ClaimStatus]
    leads_to: ClaimStatus
    kinds: frozenset[ClaimKind] = frozenset(ClaimKind)


_PROVIDER: frozenset[Role | None] = frozenset({Role.PROVIDER})
_COUNTY: frozenset[Role | None] = frozenset({Role.COUNTY_WORKER})
_COUNTY_OR_PORTAL: frozenset[Role | None] = frozenset({Role.COUNTY_WORKER, PORTAL})
_PORTAL: frozenset[Role | None] = frozenset({PORTAL})
_TRAVEL, _LEAVE = frozenset({ClaimKind.TRAVEL}), frozenset({ClaimKind.SICK_LEAVE})


def _in(*statuses: ClaimStatus) -> frozenset[ClaimStatus]:
    return frozenset(statuses)


_S, _A = ClaimStatus, ClaimAction

# fmt: off
TRANSITIONS: tuple[Transition, ...] = (
    # who                         does              in which status                         which leads to
    Transition(_PROVIDER,         _A.SUBMIT,        _in(_S.SAVED),                          _S.WAITING, _TRAVEL),
    Transition(_PROVIDER,         _A.SUBMIT,        _in(_S.SAVED),                          _S.READY, _LEAVE),
    Transition(_PROVIDER,         _A.TAKE_BACK,     _in(_S.WAITING, _S.READY, _S.REFUSED),  _S.SAVED),
    Transition(_PORTAL,           _A.GO_ON,         _in(_S.WAITING),                        _S.READY),
    Transition(_COUNTY_OR_PORTAL, _A.REFUSE,        _in(_S.WAITING, _S.READY),              _S.REFUSED),
    Transition(_PORTAL,           _A.ISSUE_PAYMENT, _in(_S.READY),                          _S.PAID),
    Transition(_PROVIDER,         _A.DISPUTE,       _in(_S.PAID),                           _S.DISPUTED),
    Transition(_COUNTY,           _A.SETTLE,        _in(_S.DISPUTED),                       _S.PAID),
)
# fmt: on


def after(
    kind: ClaimKind, status: ClaimStatus, action: ClaimAction, *, by: Role | None
) -> ClaimStatus:
    """The status of a claim after an act; Refused NOT_ALLOWED_NOW (status, action) if it cannot be.

    `by` is the role of who acts, or PORTAL.

    >>> after(ClaimKind.SICK_LEAVE, ClaimStatus.SAVED, ClaimAction.SUBMIT, by=Role.PROVIDER)
    <ClaimStatus.READY: 'ready'>
    """
    for line in TRANSITIONS:
        fits = line.action is action and status in line.starts and kind in line.kinds
        if fits and by in line.who:
            return line.leads_to
    raise Refused("NOT_ALLOWED_NOW", status=status, action=action)


def actions_open(kind: ClaimKind, status: ClaimStatus, role: Role) -> frozenset[ClaimAction]:
    """What a person of this role can do with it now: the buttons to show."""
    return frozenset(
        line.action
        for line in TRANSITIONS
        if role in line.who and status in line.starts and kind in line.kinds
    )


@dataclass(frozen=True, slots=True)
class ClaimedDay:
    """Minutes claimed on a day; of travel also from whom: a recipient."""

    on: date
    minutes: int
    came_from: Key | None = None


@dataclass(frozen=True, slots=True)
class ClaimFacts:
    """What every claim is checked against.

    `assignments` are all of the provider's, `recipient` is whose claim it is. `claimed_days` are the
    days of her other claims of this kind for this recipient. `busy` are her minutes of a day in all
    else: hours for everyone, other travel, other leave.
    """

    today: date
    period: PayPeriod
    recipient: Key
    days: tuple[ClaimedDay, ...]
    assignments: tuple[AssignmentDates, ...]
    claimed_days: frozenset[date] = frozenset()
    busy: Mapping[date, int] = field(default_factory=dict)

    @property
    def total(self) -> int:
        """Minutes claimed in all."""
        return sum(day.minutes for day in self.days)

    def is_assigned(self, recipient: Key | None, on: date) -> bool:
        """Whether the provider works for a recipient on a day."""
        return any(dates.recipient == recipient and dates.covers(on) for dates in self.assignments)


def check_every_claim(facts: ClaimFacts) -> Iterator[Finding]:
    """What stops a claim of either kind; durations are minutes."""
    if not facts.total:
        yield block("CLAIM_EMPTY")
    for day in facts.days:
        yield from _check_day(facts, day)


def _check_day(facts: ClaimFacts, day: ClaimedDay) -> Iterator[Finding]:
    if day.on not in facts.period:
        starts_on, ends_on = facts.period.starts_on, facts.period.ends_on
        yield block("CLAIM_OUTSIDE_PERIOD", on=day.on, starts_on=starts_on, ends_on=ends_on)
    if day.on > facts.today:
        yield block("CLAIM_IN_FUTURE", on=day.on, today=facts.today)
    if not facts.is_assigned(facts.recipient, day.on):
        yield block("CLAIM_NOT_ASSIGNED", on=day.on)
    if day.on in facts.claimed_days:
        yield block("CLAIMED_BEFORE", on=day.on)
    limit = parameters.value("timesheet.longest_day", day.on)
    already = facts.busy.get(day.on, 0)
    if day.minutes + already > limit:
        by = day.minutes + already - limit
        yield block(
            "CLAIM_DAY_OVER_24_HOURS",
            on=day.on, claimed=day.minutes, already=already, limit=limit, by=by,
        )  # fmt: skip


NEED_A_REASON = frozenset({"TRAVEL_WEEK_EXCEEDED", "TRAVEL_TRIP_LONG", "SICK_NOTICE_SHORT"})
"""Warnings that go on with a reason; the others only tell (decision 5)."""


def needs_reason(findings: Iterable[Finding]) -> bool:
    """Whether a claim with these findings is signed with a reason."""
    return any(finding.code in NEED_A_REASON for finding in findings)


def check_reason(reason: str | None) -> str:
    """Why a claim goes beyond what is usual, tidied.

    Refuses with CLAIM_REASON_MISSING and CLAIM_REASON_TOO_LONG (length, longest).
    """
    told = (reason or "").strip()
    if not told:
        raise Refused("CLAIM_REASON_MISSING")
    if len(told) > LONGEST_REASON:
        raise Refused("CLAIM_REASON_TOO_LONG", length=len(told), longest=LONGEST_REASON)
    return told
