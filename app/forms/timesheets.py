"""What did a provider type on her timesheet: which days can be saved, and what is wrong with the others?"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, StringField
from wtforms.validators import Length

from app.domain.fills import Way
from app.domain.hours import parse_clock, parse_duration, parse_hhmm
from app.domain.outcomes import Refused
from app.domain.periods import PayPeriod
from app.domain.visits import Place
from app.services.day_log import DayValues
from app.web.formatting import long_day
from app.web.wording import sentence

FIELDS = ("minutes", "starts", "ends", "location")
LONGEST_TYPED = 40
MINE, THEIRS = "mine", "theirs"


@dataclass
class TypedDay:
    """One day as it came from the page: what was typed, and what it means or why it means nothing."""

    on: date
    base: int
    typed: dict[str, str]
    values: DayValues | None = None
    errors: dict[str, str] = field(default_factory=dict)


@dataclass
class TypedSheet:
    """A whole page of days; `strays` are sentences about days that no field of the page asks for."""

    days: dict[date, TypedDay]
    strays: list[str]

    @property
    def sound(self) -> list[tuple[date, DayValues, int]]:
        """The days that can be saved, each with the revision it was typed on."""
        return [(day.on, day.values, day.base) for day in self.days.values() if day.values]

    @property
    def unsound(self) -> list[TypedDay]:
        return [day for day in self.days.values() if day.errors]


class SubmitForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF carries no types
    """The provider's signature."""

    shown = HiddenField()
    perjury = BooleanField(
        _l(
            "I say under penalty of perjury that these hours are true and that I gave this care. "
            "This is my signature, as good as one on paper. I know that a false claim can be "
            "prosecuted and must be paid back."
        )
    )
    reason = StringField(_l("Why were more hours needed?"), [Length(max=500)])


def read_sheet(form: Mapping[str, str], period: PayPeriod) -> TypedSheet:
    """The days of a posted timesheet page.

    Left out are days of which the page sent nothing (their fields were off), and days in conflict for
    which the person chose the version that the portal has.
    """
    days = {
        on: _read_day(form, on)
        for on in period.days
        if f"minutes-{on.isoformat()}" in form and form.get(f"keep-{on.isoformat()}") != THEIRS
    }
    return TypedSheet(days, _strays(form, period))


def read_fill(form: Mapping[str, str], way: Way) -> int:
    """The minutes beside the buttons that fill blank days; 0 where nothing was typed there.

    Refuses as parse_duration does, but for its upper bound where a total is spread.
    """
    typed = form.get("fill-hours", "").strip()
    if not typed:
        return 0
    if way is Way.SPREAD and (total := _total(typed)) is not None:
        return total
    return parse_duration(typed, "")


def _total(typed: str) -> int | None:
    try:
        return parse_hhmm(typed if ":" in typed else f"{typed}:00")
    except Refused:
        return None


def _read_day(form: Mapping[str, str], on: date) -> TypedDay:
    typed = {
        name: form.get(f"{name}-{on.isoformat()}", "").strip()[:LONGEST_TYPED] for name in FIELDS
    }
    base = "current" if form.get(f"keep-{on.isoformat()}") == MINE else "revision"
    day = TypedDay(on, _revision(form.get(f"{base}-{on.isoformat()}", "")), typed)
    minutes = _read(day, "minutes", lambda text: parse_duration(text, ""))
    starts, ends = _read(day, "starts", parse_clock), _read(day, "ends", parse_clock)
    if starts is not None and ends is not None and ends < starts:
        day.errors["ends"] = sentence("ENDS_BEFORE_STARTS")
    if typed["location"] and typed["location"] not in set(Place):
        day.errors["location"] = sentence("PLACE_UNKNOWN")
    if not day.errors:
        day.values = DayValues(minutes, starts, ends, typed["location"] or None)
    return day


def _read(day: TypedDay, name: str, parse: Callable[[str], int]) -> int | None:
    if not day.typed[name]:
        return None
    try:
        return parse(day.typed[name])
    except Refused as refused:
        day.errors[name] = sentence(refused.code, refused.facts)
        return None


def _strays(form: Mapping[str, str], period: PayPeriod) -> list[str]:
    """Hours sent for days that this half month does not have, so that they do not vanish unsaid."""
    strays = []
    for name, typed in form.items():
        kind, _dash, day = name.partition("-")
        if kind != "minutes" or not typed.strip():
            continue
        on = _day(day)
        if on is None or on not in period:
            shown = long_day(on) if on else day[:LONGEST_TYPED]
            strays.append(
                sentence("TYPED_OUTSIDE_PERIOD", {"day": shown, "typed": typed[:LONGEST_TYPED]})
            )
    return strays


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _revision(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
