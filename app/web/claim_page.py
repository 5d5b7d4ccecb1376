"""What does the page of a claim show: its days with the care beside them, and how it stands?"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.domain.claims import ClaimAction, ClaimedDay, ClaimKind, ClaimStatus, actions_open
from app.domain.periods import PayPeriod, local_day
from app.domain.permissions import Role
from app.domain.sick_leave import Notice
from app.models.cases import Assignment
from app.models.claims import Claim, ClaimDay
from app.services import claim_facts, claims
from app.services.claim_facts import HalfMonth
from app.web.formatting import hours, long_day
from app.web.names import recipient_name
from app.web.wording import sentence


@dataclass
class TypedDay:
    """One day as it came from the page, and what is wrong with it."""

    on: date
    minutes: str
    came_from: str
    error: str | None = None


@dataclass
class TypedClaim:
    """A whole page of days: those that can be kept, and what was typed on all."""

    days: list[ClaimedDay] = field(default_factory=list)
    typed: dict[date, TypedDay] = field(default_factory=dict)
    notice: Notice | None = None

    @property
    def unsound(self) -> list[TypedDay]:
        return [day for day in self.typed.values() if day.error]


@dataclass(frozen=True, slots=True)
class Row:
    """A day to type in: what is claimed, what was typed, and the care of that day in words."""

    on: date
    minutes: int | None
    came_from: str
    typed: str | None
    error: str | None
    care: str
    is_likely: bool

    @property
    def is_filled(self) -> bool:
        return bool(self.minutes or self.typed)


def sources(session: Session, claim: Claim) -> list[tuple[str, str]]:
    """The cases that travel to this recipient may have come from, with the names of their recipients."""
    half = claim_facts.half_month(session, claim)
    return _sources(claim, half)


def form_context(
    session: Session, claim: Claim, *, at: datetime, typed: TypedClaim | None = None
) -> dict[str, Any]:
    """All that the page of a claim needs that can still be changed."""
    half = claim_facts.half_month(session, claim)
    rows = _rows(claim, half, typed, at)
    is_travel = claim.kind == ClaimKind.TRAVEL
    return {
        "claim": claim,
        "sources": _sources(claim, half) if is_travel else [],
        "likely": [row for row in rows if row.is_likely or not is_travel],
        "others": [row for row in rows if is_travel and not row.is_likely],
        "notice": (typed.notice if typed else claim.notice) or "",
        "errors": _errors(typed),
        "draft": claims.prepare(session, claim, at=at) if claim.days else None,
        "standing": _leave(session, claim, at) if not is_travel else None,
    }


def told_context(session: Session, claim: Claim) -> dict[str, Any]:
    """All that the page of a claim needs that is signed."""
    payment = claims.payment_of(session, claim)
    open_now = actions_open(ClaimKind(claim.kind), ClaimStatus(claim.status), Role.PROVIDER)
    return {
        "claim": claim,
        "lines": day_sentences(claim),
        "payment": payment,
        "may_take_back": ClaimAction.TAKE_BACK in open_now and payment is None,
    }


def day_sentences(claim: Claim) -> list[str]:
    """`Monday, November 16: 0:40, from Rosa Delgado`, and what was cut, a sentence a day."""
    return [_day_sentence(day) for day in claim.days]


def _day_sentence(day: ClaimDay) -> str:
    facts = {
        "day": long_day(day.on),
        "hours": hours(day.minutes),
        "paid": hours(day.payable_minutes or 0),
        "name": day.came_from.recipient.person.full_name if day.came_from else "",
    }
    is_cut = day.payable_minutes is not None and day.payable_minutes < day.minutes
    if day.came_from and is_cut:
        return str(_("%(day)s: %(hours)s, from %(name)s. %(paid)s of it is paid.", **facts))
    if day.came_from:
        return str(_("%(day)s: %(hours)s, from %(name)s", **facts))
    if is_cut:
        return str(_("%(day)s: %(hours)s. %(paid)s of it is paid.", **facts))
    return str(_("%(day)s: %(hours)s", **facts))


def _sources(claim: Claim, half: HalfMonth) -> list[tuple[str, str]]:
    days = PayPeriod.starting(claim.period_starts_on).days
    found: dict[int, Assignment] = {}
    for each in half.assignments:
        if each.case_id != claim.assignment.case_id and any(map(each.active_on, days)):
            found.setdefault(each.case_id, each)
    return [(str(case_id), each.recipient.person.full_name) for case_id, each in found.items()]


def _rows(claim: Claim, half: HalfMonth, typed: TypedClaim | None, at: datetime) -> Sequence[Row]:
    saved = {day.on: day for day in claim.days}
    today = local_day(at)
    days = [day for day in PayPeriod.starting(claim.period_starts_on).days if day <= today]
    return [_row(on, saved.get(on), claim, half, typed) for on in days]


def _row(
    on: date, saved: ClaimDay | None, claim: Claim, half: HalfMonth, typed: TypedClaim | None
) -> Row:
    was = typed.typed.get(on) if typed else None
    case_ids = {worked.case_id for worked in half.worked if worked.on == on}
    came_from = was.came_from if was else str(saved.came_from_id or "") if saved else ""
    return Row(
        on=on,
        minutes=saved.minutes if saved else None,
        came_from=came_from or _usual_source(claim, case_ids),
        typed=was.minutes if was else None,
        error=was.error if was else None,
        care=_care(on, half),
        is_likely=claim.assignment.case_id in case_ids and len(case_ids) > 1,
    )


def _usual_source(claim: Claim, case_ids: set[int]) -> str:
    """From whom she can only have come that day, where it can be told."""
    others = case_ids - {claim.assignment.case_id}
    return str(others.pop()) if len(others) == 1 else ""


def _care(on: date, half: HalfMonth) -> str:
    """`Rosa Delgado 5:00 · Walter Kim 3:00`."""
    by_id = {each.id: each for each in half.assignments}
    return " · ".join(
        f"{recipient_name(by_id[worked.assignment_id])} {hours(worked.minutes)}"
        for worked in half.worked
        if worked.on == on
    )


def _leave(session: Session, claim: Claim, at: datetime) -> Any:
    on = min(PayPeriod.starting(claim.period_starts_on).ends_on, local_day(at))
    provider_id = claim.assignment.provider_id
    return claim_facts.leave_standing(session, provider_id, on, but_not=claim.id)


def _errors(typed: TypedClaim | None) -> list[tuple[str, str | None]]:
    """The lines of the error summary, each with the field it leads to."""
    if typed is None:
        return []
    return [
        (
            str(_("%(day)s: %(problem)s", day=long_day(day.on), problem=day.error)),
            f"minutes-{day.on.isoformat()}",
        )
        for day in typed.unsound
    ]


def notice_choices() -> list[tuple[str, str]]:
    """When the recipient was told, to tap."""
    return [
        ("planned", sentence("TOLD_PLANNED")),
        ("urgent", sentence("TOLD_URGENT")),
        ("late", sentence("TOLD_LATE")),
    ]
