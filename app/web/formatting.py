"""How are minutes, money, days and times shown to a reader, in her language?"""

from collections.abc import Callable
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from flask_babel import format_currency, format_date, format_time, gettext, ngettext

from app.clock import LOS_ANGELES
from app.domain.hours import as_clock
from app.domain.periods import PayPeriod


def hours(minutes: int | None) -> str:
    """`485` → `8:05`; `-75` → `-1:15`, as of a difference; nothing for nothing."""
    if minutes is None:
        return ""
    return as_clock(minutes) if minutes >= 0 else f"-{as_clock(-minutes)}"


def hours_words(minutes: int) -> str:
    """`178` → `2 hours 58 minutes`."""
    whole, rest = divmod(minutes, 60)
    hour_words = str(ngettext("%(num)d hour", "%(num)d hours", whole))
    minute_words = str(ngettext("%(num)d minute", "%(num)d minutes", rest))
    if not rest:
        return hour_words
    if not whole:
        return minute_words
    return str(gettext("%(hours)s %(minutes)s", hours=hour_words, minutes=minute_words))


def money(cents: int) -> str:
    """`85925` → `$859.25`."""
    return str(format_currency(Decimal(cents) / 100, "USD"))


def day(on: date | str) -> str:
    """`Mon 16`."""
    return str(format_date(_date(on), "EEE d"))


def long_day(on: date | str) -> str:
    """`Monday, November 16`."""
    return str(format_date(_date(on), "EEEE, MMMM d"))


def short_date(on: date | datetime | str) -> str:
    """`Nov 16`."""
    if isinstance(on, datetime):
        on = on.astimezone(LOS_ANGELES).date()
    return str(format_date(_date(on), "MMM d"))


def long_date(on: date | datetime | str) -> str:
    """`November 16, 2026`."""
    if isinstance(on, datetime):
        on = on.astimezone(LOS_ANGELES).date()
    return str(format_date(_date(on), "MMMM d, y"))


def phone(number: str) -> str:
    """A number in the United States as people write it.

    >>> phone("+12135550142")
    '(213) 555-0142'
    """
    digits = number.removeprefix("+1")
    if len(digits) != len("2135550142"):
        return number
    return f"({digits[:3]}) {digits[3:6]}-{digits[6:]}"


def in_groups(text: str) -> str:
    """A long key in groups of four, which eyes can keep apart.

    >>> in_groups("ABCDEFGHIJ")
    'ABCD EFGH IJ'
    """
    return " ".join(text[at : at + 4] for at in range(0, len(text), 4))


def month(on: date | str) -> str:
    """`November`."""
    return str(format_date(_date(on), "LLLL"))


def clock_time(at: datetime | int | str) -> str:
    """`8:02 AM`, of an instant in Los Angeles or of a minute of the local day."""
    if isinstance(at, str):
        at = datetime.fromisoformat(at)
    if isinstance(at, int):
        if at >= 1440:
            return str(gettext("midnight"))
        return str(format_time(time(*divmod(at, 60)), "h:mm a", rebase=False))
    return str(format_time(at.astimezone(LOS_ANGELES).time(), "h:mm a", rebase=False))


def day_time(at: datetime | str) -> str:
    """`November 16, 8:02 AM`."""
    if isinstance(at, str):
        at = datetime.fromisoformat(at)
    local = at.astimezone(LOS_ANGELES)
    return str(
        gettext("%(day)s, %(time)s", day=format_date(local.date(), "MMMM d"), time=clock_time(at))
    )


def period(starts_on: date | str) -> str:
    """`November 16 – 30`, of a half month by its first day."""
    half = PayPeriod.starting(_date(starts_on))
    return str(
        gettext(
            "%(first_day)s – %(last)s",
            first_day=format_date(half.starts_on, "MMMM d"),
            last=format_date(half.ends_on, "d"),
        )
    )


def period_with_year(starts_on: date | str) -> str:
    """`November 16 – 30, 2026`."""
    return str(
        gettext(
            "%(period)s, %(year)s",
            period=period(starts_on),
            year=format_date(_date(starts_on), "y"),
        )
    )


def _date(on: date | str) -> date:
    return date.fromisoformat(on) if isinstance(on, str) else on


FILTERS: dict[str, Callable[..., str]] = {
    "hours": hours,
    "hours_words": hours_words,
    "money": money,
    "day": day,
    "long_day": long_day,
    "short_date": short_date,
    "long_date": long_date,
    "phone": phone,
    "in_groups": in_groups,
    "month": month,
    "time": clock_time,
    "day_time": day_time,
    "period": period,
    "period_with_year": period_with_year,
}

# A fact's name says how it is shown: a sentence of web/wording never formats anything itself.
BY_SUFFIX: dict[str, Callable[[Any], str]] = {
    "_minutes": hours_words,
    "_cents": money,
    "_on": long_day,
    "_date": long_date,  # with its year: what follows may be far off
    "_at": clock_time,
    "_moment": day_time,
    "_period": period,
}


# The rules of domain/submissions name their facts in one word each.
BY_NAME: dict[str, Callable[[Any], str]] = {
    "on": long_day,
    "today": long_day,
    **dict.fromkeys(
        ("by", "limit", "total", "worked", "already", "carried_in", "extra", "claimed"), hours_words
    ),
}


def shown(facts: dict[str, Any]) -> dict[str, Any]:
    """Facts ready for a sentence: each value formatted by the ending of its name."""
    return {name: _shown(name, value) for name, value in facts.items()}


def _shown(name: str, value: Any) -> Any:
    if value is None:
        return ""
    if name in BY_NAME:
        return BY_NAME[name](value)
    for suffix, formatter in BY_SUFFIX.items():
        if name.endswith(suffix):
            return formatter(value)
    return value
