"""Which blank days of a half month would be filled in, and with how many hours?

Three ways that people ask for instead of typing the same figure sixteen times. They fill blank days
only, never a day to come, and never write over anything. `app/static/js/fills.js` does the same on
the phone; the cases in `service_worker/tests/cases/fills.json` hold both.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from enum import StrEnum

from app.domain import parameters
from app.domain.outcomes import Refused

A_WEEK = timedelta(days=7)


class Way(StrEnum):
    """How blank days are filled."""

    SAME_EVERY_DAY = "same-every-day"
    LIKE_LAST_WEEK = "like-last-week"
    SPREAD = "spread"


def fill(
    way: Way, days: Sequence[date], known: Mapping[date, int], minutes: int = 0
) -> dict[date, int]:
    """The blank days that would be filled, each with its minutes.

    `days` are those that may hold hours, first to last, none of them after today; `known` the minutes
    of days that hold some, those of the week before the first included. `minutes` are those of each day
    for the same every day (0: like the first day that has hours), or the total to spread. Refuses with NO_BLANK_DAYS, NOTHING_TO_COPY, NOTHING_TO_SPREAD and SPREAD_TOO_MUCH
    (days, limit).

    >>> march = [date(2026, 3, day) for day in (2, 3, 4)]
    >>> fill(Way.SAME_EVERY_DAY, march, {march[1]: 390}) == {march[0]: 390, march[2]: 390}
    True
    """
    blank = [on for on in days if not known.get(on)]
    if not blank:
        raise Refused("NO_BLANK_DAYS")
    if way is Way.SPREAD:
        return spread(minutes, blank)
    if way is Way.SAME_EVERY_DAY:
        same = minutes or next((known[on] for on in days if known.get(on)), 0)
        filled = dict.fromkeys(blank, same) if same else {}
    else:
        filled = _like_before(blank, known)
    if not filled:
        raise Refused("NOTHING_TO_COPY")
    return filled


def spread(total: int, days: Sequence[date]) -> dict[date, int]:
    """So many minutes over these days, alike but for a minute; the first ones hold the odd minutes.

    >>> spread(100, [date(2026, 3, 2), date(2026, 3, 3), date(2026, 3, 4)]).values()
    dict_values([34, 33, 33])
    """
    longest = parameters.value("timesheet.longest_day", days[0])
    if total > longest * len(days):
        raise Refused("SPREAD_TOO_MUCH", days=len(days), limit=longest * len(days))
    if not total:
        raise Refused("NOTHING_TO_SPREAD")
    each, odd = divmod(total, len(days))
    shares = {on: each + (place < odd) for place, on in enumerate(days)}
    return {on: minutes for on, minutes in shares.items() if minutes}


def _like_before(blank: Sequence[date], known: Mapping[date, int]) -> dict[date, int]:
    """Each like the same weekday of the week before, which may have been filled just now."""
    seen, filled = dict(known), {}
    for on in blank:
        minutes = seen.get(on - A_WEEK)
        if minutes:
            seen[on] = filled[on] = minutes
    return filled
