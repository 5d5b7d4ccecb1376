"""Which status a timesheet and its payment have after an act, who may do it, and what is signed.

One table holds every transition of both; everything that changes a status asks it.
"""

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from app.domain.outcomes import Refused
from app.domain.permissions import Role


class SheetStatus(StrEnum):
    """Where a timesheet stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    ON_HOLD = "on_hold"
    APPROVED = "approved"
    REJECTED = "rejected"
    CANCELLED = "cancelled"


class PaymentStatus(StrEnum):
    """Where the payment of an approved timesheet stands; before approval there is none."""

    WAITING_FOR_PAYMENT = "waiting_for_payment"
    PAYMENT_ISSUED = "payment_issued"
    DISPUTED = "disputed"


class Action(StrEnum):
    """What someone does with a timesheet or its payment."""

    SUBMIT = "submit"
    TAKE_BACK = "take_back"
    APPROVE = "approve"
    REJECT = "reject"
    HOLD = "hold"
    RELEASE = "release"
    CANCEL = "cancel"
    REOPEN = "reopen"
    CORRECT = "correct"
    KEEP = "keep"
    VOID = "void"
    QUEUE_PAYMENT = "queue_payment"
    STOP_PAYMENT = "stop_payment"
    ISSUE_PAYMENT = "issue_payment"
    DISPUTE = "dispute"
    SETTLE = "settle"


class Hold(StrEnum):
    """Why an accepted timesheet waits (decision 6); all but EARLY are ended by the county."""

    EARLY = "EARLY"  # ends by itself at midnight; the recipient may sign meanwhile
    LATE = "LATE"
    OVER_70_PERCENT = "OVER_70_PERCENT"
    FLAGGED_PAIR = "FLAGGED_PAIR"  # the county looks at all that this pair claims for a while
    COUNTY_REVIEW = "COUNTY_REVIEW"  # a person of the county asked for it, or its grounds fell away


EDITABLE = frozenset({SheetStatus.DRAFT, SheetStatus.REJECTED})
"""Statuses in which the provider may change hours."""

CLAIMED = frozenset({SheetStatus.SUBMITTED, SheetStatus.ON_HOLD, SheetStatus.APPROVED})
"""Statuses whose latest signature counts as claimed; in others an approved one before it may stand."""

NO_HOLDS: frozenset[Hold] = frozenset()
ANY_HOLD = frozenset(Hold)
COUNTY_HOLDS = ANY_HOLD - {Hold.EARLY}

PORTAL = None
"""The portal itself, where nobody acts: payroll, midnight's end of a hold, a hold for lost grounds."""


@dataclass(frozen=True, slots=True)
class Transition:
    """Who does what in which statuses, and where it leads.

    `signed` asks whether the recipient has signed the latest version, `before` whether something
    from before it stands: for a sheet an approved version, for a payment an issued one (None: either). While one of `waits_for` is active, it leads to `ON_HOLD` instead. The status
    None is "no payment".
    """

    who: frozenset[Role | None]
    action: Action
    starts: frozenset[SheetStatus | PaymentStatus | None]
    leads_to: SheetStatus | PaymentStatus | None
    signed: bool | None = None
    before: bool | None = None
    waits_for: frozenset[Hold] = NO_HOLDS

    def fits(self, action: Action, status: object, signed: bool | None, before: bool) -> bool:
        """Whether this is the line for an act in a status."""
        is_asked = self.action is action and status in self.starts
        return is_asked and self.signed in (None, signed) and self.before in (None, before)


_PROVIDER: frozenset[Role | None] = frozenset({Role.PROVIDER})
_SIGNERS: frozenset[Role | None] = frozenset({Role.RECIPIENT, Role.SIGNATORY})
_COUNTY: frozenset[Role | None] = frozenset({Role.COUNTY_WORKER})
_COUNTY_OR_PORTAL: frozenset[Role | None] = frozenset({Role.COUNTY_WORKER, PORTAL})
_PORTAL: frozenset[Role | None] = frozenset({PORTAL})


def _in(
    *statuses: SheetStatus | PaymentStatus | None,
) -> frozenset[SheetStatus | PaymentStatus | None]:
    return frozenset(statuses)


_S, _P, _A = SheetStatus, PaymentStatus, Action

# fmt: off
TRANSITIONS: tuple[Transition, ...] = (
    # who                         does              in which status                which leads to
    Transition(_PROVIDER,         _A.SUBMIT,        _in(_S.DRAFT, _S.REJECTED),    _S.SUBMITTED, waits_for=COUNTY_HOLDS),
    Transition(_PROVIDER,         _A.TAKE_BACK,     _in(_S.SUBMITTED, _S.ON_HOLD), _S.DRAFT, signed=False),
    Transition(_SIGNERS,          _A.APPROVE,       _in(_S.SUBMITTED, _S.ON_HOLD), _S.APPROVED, signed=False, waits_for=ANY_HOLD),
    Transition(_SIGNERS,          _A.REJECT,        _in(_S.SUBMITTED, _S.ON_HOLD), _S.REJECTED, signed=False),
    Transition(_COUNTY_OR_PORTAL, _A.HOLD,          _in(_S.SUBMITTED, _S.ON_HOLD, _S.APPROVED), _S.ON_HOLD),
    Transition(_COUNTY_OR_PORTAL, _A.RELEASE,       _in(_S.ON_HOLD),               _S.SUBMITTED, signed=False, waits_for=COUNTY_HOLDS),
    Transition(_COUNTY_OR_PORTAL, _A.RELEASE,       _in(_S.ON_HOLD),               _S.APPROVED, signed=True, waits_for=ANY_HOLD),
    Transition(_PROVIDER,         _A.CANCEL,        _in(_S.DRAFT, _S.REJECTED),    _S.CANCELLED, before=False),
    Transition(_PROVIDER,         _A.REOPEN,        _in(_S.CANCELLED),             _S.DRAFT),
    # What both signed is wrong, or lacks a day: what stands is claimed and paid meanwhile.
    Transition(_PROVIDER,         _A.CORRECT,       _in(_S.APPROVED),              _S.DRAFT),
    Transition(_PROVIDER,         _A.CORRECT,       _in(_S.ON_HOLD),               _S.DRAFT, signed=True),
    Transition(_PROVIDER,         _A.KEEP,          _in(_S.DRAFT, _S.REJECTED),    _S.APPROVED, before=True),
    Transition(_COUNTY,           _A.VOID,          _in(_S.SUBMITTED, _S.ON_HOLD, _S.APPROVED), _S.CANCELLED, before=False),
    Transition(_COUNTY,           _A.VOID,          _in(_S.SUBMITTED, _S.ON_HOLD, _S.APPROVED), _S.APPROVED, before=True),
    Transition(_COUNTY,           _A.VOID,          _in(_S.DRAFT, _S.REJECTED),    _S.CANCELLED, before=True),
    # Its payment, once it is approved and nothing holds it; a correction is paid after it.
    Transition(_PORTAL,           _A.QUEUE_PAYMENT, _in(None, _P.PAYMENT_ISSUED),  _P.WAITING_FOR_PAYMENT),
    Transition(_PORTAL,           _A.STOP_PAYMENT,  _in(_P.WAITING_FOR_PAYMENT),   None, before=False),
    Transition(_PORTAL,           _A.STOP_PAYMENT,  _in(_P.WAITING_FOR_PAYMENT),   _P.PAYMENT_ISSUED, before=True),
    Transition(_PORTAL,           _A.ISSUE_PAYMENT, _in(_P.WAITING_FOR_PAYMENT),   _P.PAYMENT_ISSUED),
    Transition(_PROVIDER,         _A.DISPUTE,       _in(_P.PAYMENT_ISSUED),        _P.DISPUTED),
    Transition(_COUNTY,           _A.SETTLE,        _in(_P.DISPUTED),              _P.PAYMENT_ISSUED),
)
# fmt: on


def after(
    status: SheetStatus,
    action: Action,
    *,
    signed: bool,
    before: bool = False,
    holds: Collection[Hold] = NO_HOLDS,
) -> SheetStatus:
    """The status of a timesheet after an act; Refused NOT_ALLOWED_NOW (status, action) if it cannot be.

    `signed`: the recipient had signed the latest version before the act. `before`: a version that
    was approved stands. `holds`: the holds that are active after it, so a release leaves out the
    one it ended.

    >>> after(SheetStatus.SUBMITTED, Action.APPROVE, signed=False, holds={Hold.EARLY})
    <SheetStatus.ON_HOLD: 'on_hold'>
    >>> after(SheetStatus.ON_HOLD, Action.RELEASE, signed=True)
    <SheetStatus.APPROVED: 'approved'>
    """
    transition = _find(status, action, signed, before)
    if transition is None or not isinstance(transition.leads_to, SheetStatus):
        raise Refused("NOT_ALLOWED_NOW", status=status, action=action)
    return SheetStatus.ON_HOLD if transition.waits_for & set(holds) else transition.leads_to


def payment_after(
    status: PaymentStatus | None, action: Action, *, before: bool = False
) -> PaymentStatus | None:
    """The status of a payment after an act; Refused NOT_ALLOWED_NOW (status, action) if it cannot be.

    `before`: a payment of an earlier version was issued.

    >>> payment_after(None, Action.QUEUE_PAYMENT)
    <PaymentStatus.WAITING_FOR_PAYMENT: 'waiting_for_payment'>
    """
    transition = _find(status, action, None, before)
    if transition is None or isinstance(transition.leads_to, SheetStatus):
        raise Refused("NOT_ALLOWED_NOW", status=status, action=action)
    return transition.leads_to


def may_do(role: Role | None, action: Action) -> bool:
    """Whether this role (`PORTAL`: nobody, the portal itself) is one that does such an act at all."""
    return any(role in line.who for line in TRANSITIONS if line.action is action)


def actions_open(
    status: SheetStatus | PaymentStatus, role: Role, *, signed: bool = False, before: bool = False
) -> frozenset[Action]:
    """What a person of this role can do now: the buttons to show."""
    return frozenset(
        line.action
        for line in TRANSITIONS
        if role in line.who and line.fits(line.action, status, signed, before)
    )


def is_payable(status: SheetStatus, holds: Collection[Hold]) -> bool:
    """Whether payroll may pay it: approved, and held by nothing."""
    return status is SheetStatus.APPROVED and not holds


def content_hash(content: Mapping[str, object]) -> str:
    """The SHA-256, in hex, of exactly what was shown and is signed.

    The content is written as JSON with sorted keys; days and instants in ISO form. It holds whole
    numbers only: a float (TypeError) has more than one way to be written.

    >>> content_hash({"b": 1, "a": date(2026, 3, 1)}) == content_hash({"a": date(2026, 3, 1), "b": 1})
    True
    """
    text = json.dumps(
        _canonical(content), sort_keys=True, separators=(",", ":"), ensure_ascii=False
    )
    return hashlib.sha256(text.encode()).hexdigest()


def _canonical(value: object) -> object:
    if isinstance(value, Mapping):
        return {str(key): _canonical(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_canonical(item) for item in value]
    if isinstance(value, date | datetime):
        return value.isoformat()
    if value is None or isinstance(value, str | int):
        return value
    raise TypeError(f"{type(value).__name__} cannot be signed.")


def _find(
    status: SheetStatus | PaymentStatus | None, action: Action, signed: bool | None, before: bool
) -> Transition | None:
    return next((line for line in TRANSITIONS if line.fits(action, status, signed, before)), None)
