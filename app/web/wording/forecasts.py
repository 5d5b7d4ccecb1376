"""Sentences beside a sheet while it is filled in: what is usual, what was filled, what would be within."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

HABITS: dict[str, LazyString] = {
    "USUAL_DAY_LEFT_OUT": _l("This day was left out. You usually enter %(usual)s %(on_weekdays)s."),
    "USUAL_HOURS_DIFFER": _l("You usually enter %(usual)s %(on_weekdays)s. Is this right?"),
    "ON_WEEKDAYS_0": _l("on Mondays"),
    "ON_WEEKDAYS_1": _l("on Tuesdays"),
    "ON_WEEKDAYS_2": _l("on Wednesdays"),
    "ON_WEEKDAYS_3": _l("on Thursdays"),
    "ON_WEEKDAYS_4": _l("on Fridays"),
    "ON_WEEKDAYS_5": _l("on Saturdays"),
    "ON_WEEKDAYS_6": _l("on Sundays"),
}

FILLS: dict[str, LazyString] = {
    "NO_BLANK_DAYS": _l("No day up to today is blank. Nothing was filled in."),
    "NOTHING_TO_COPY": _l("There is nothing to copy yet. Write the hours of a day first."),
    "NOTHING_TO_SPREAD": _l("Write how many hours there are for the blank days together."),
    "SPREAD_TOO_MUCH": _l("The blank days hold %(limit)s at most. Write fewer hours."),
}

CHANGES: dict[str, LazyString] = {
    "CHANGE_OF_DAY": _l("%(on)s: %(within)s instead of %(before)s."),
}

SENTENCES: dict[str, LazyString] = {**HABITS, **FILLS, **CHANGES}
