"""What does a county worker type to find a timesheet, to hold or void it, or to flag a pair?"""

from collections.abc import Iterable

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, StringField, TextAreaField
from wtforms.validators import Optional

from app.domain.county_reasons import TO_HOLD, TO_VOID, CountyReason
from app.web.wording import SENTENCES


def _words(reasons: Iterable[CountyReason]) -> list[tuple[str, object]]:
    return [(reason.value, SENTENCES[f"WHY_{reason.name}"]) for reason in reasons]


HOLD_REASONS = _words(TO_HOLD)
VOID_REASONS = _words(TO_VOID)


class FindForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF carries no types
    """A number, as it stands on a letter."""

    number = StringField(_l("Case number or provider number"))


class ReasonForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF carries no types
    """One reason to tap, and words for the provider; the rules are domain/county_reasons'."""

    reason = StringField(_l("Why?"))
    note = TextAreaField(_l("Do you want to say more?"))


class FlagForm(ReasonForm):
    """Which provider and recipient, and from when until when."""

    provider_number = StringField(_l("Provider number"))
    case_number = StringField(_l("Case number"))
    starts_on = DateField(_l("From"), [Optional()])
    ends_on = DateField(_l("Until"), [Optional()])


class LiftForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF carries no types
    """Why a flag ends before its time."""

    why = StringField(_l("Why does it end?"))
