"""Sentences about hours that somebody only thinks of."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

SENTENCES: dict[str, LazyString] = {
    "MONTH_HOURS_MISSING": _l(
        "Person %(person)s: write the hours a month that the county authorized, like 195:00."
    ),
    "MONTH_HOURS_NOT_READ": _l("“%(typed)s” is not a number of hours. Write it like 195:00."),
    "MONTH_HOURS_TOO_MANY": _l("A month has %(longest)s hours at most."),
    "CHANGE_TO": _l(
        "%(day_on)s, person %(person)s: %(within_minutes)s instead of %(worked_minutes)s."
    ),
    "CHANGE_TO_NONE": _l("%(day_on)s, person %(person)s: no hours instead of %(worked_minutes)s."),
}
