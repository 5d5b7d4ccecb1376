"""What did a provider type on a claim: which days can be kept, and what is wrong with the others?"""

from collections.abc import Collection, Mapping

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, StringField, TextAreaField

from app.domain.claims import ClaimedDay
from app.domain.hours import parse_duration
from app.domain.outcomes import Refused
from app.domain.periods import PayPeriod
from app.domain.sick_leave import Notice
from app.web.claim_page import TypedClaim, TypedDay
from app.web.wording import sentence

LONGEST_TYPED = 40


class SignClaimForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF carries no types
    """The provider's signature under a claim."""

    shown = HiddenField()
    perjury = BooleanField(
        _l(
            "I say under penalty of perjury that this is true. This is my signature, as good as one "
            "on paper. I know that a false claim can be prosecuted and must be paid back."
        )
    )
    reason = StringField(_l("Why was it more than usual?"))


class RefuseForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF carries no types
    """Why the county refuses a claim."""

    reason = TextAreaField(_l("Why do you refuse it?"))


def read_claim(form: Mapping[str, str], period: PayPeriod, cases: Collection[int]) -> TypedClaim:
    """The days of a posted claim; `cases` are those that travel may have come from.

    Where there is one such case, it need not be chosen.
    """
    claim = TypedClaim()
    notice = form.get("notice", "")
    claim.notice = Notice(notice) if notice in set(Notice) else None
    only = next(iter(cases)) if len(cases) == 1 else None
    for on in period.days:
        name = on.isoformat()
        minutes = form.get(f"minutes-{name}", "").strip()[:LONGEST_TYPED]
        came_from = form.get(f"from-{name}", "").strip()[:LONGEST_TYPED]
        day = claim.typed[on] = TypedDay(on, minutes, came_from)
        if minutes:
            _read(claim, day, cases, only)
    return claim


def _read(claim: TypedClaim, day: TypedDay, cases: Collection[int], only: int | None) -> None:
    case_id = next((each for each in cases if str(each) == day.came_from), only)
    try:
        minutes = parse_duration(day.minutes, "")
    except Refused as refused:
        day.error = sentence(refused.code, refused.facts)
        return
    if cases and case_id is None:
        day.error = sentence("TRAVEL_FROM_MISSING")
        return
    claim.days.append(ClaimedDay(day.on, minutes, case_id))
