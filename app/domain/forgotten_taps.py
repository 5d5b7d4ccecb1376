"""When was a check-in or check-out probably forgotten, and what end would be like the person's own days?

A reminder helps and blames nobody: whoever forgot says afterwards how it was, with no penalty (WIC
10836; domain.md §2, "Forgot / wrong"). What is usual is the person's own, for this recipient.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from statistics import median

from app.domain import parameters
from app.domain.hours import A_DAY
from app.domain.periods import LOS_ANGELES, local_day, midnight_after

SATURDAY = 5
A_WEEK = timedelta(days=7)
A_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class PastVisit:
    """A visit with both ends, as its person made or told them."""

    began_at: datetime
    ended_at: datetime

    @property
    def minutes(self) -> int:
        """Whole minutes."""
        return (self.ended_at - self.began_at) // A_MINUTE


def usual_minutes(past: Iterable[PastVisit], began_at: datetime) -> int:
    """How long a visit that began then will be: the median of the last ones, in whole minutes.

    Of those on the same kind of day (Monday to Friday, or the weekend) where there are enough of
    them, else of all, else `visit.usual_length`.
    """
    on = local_day(began_at)
    latest = sorted(
        (visit for visit in past if visit.began_at < began_at),
        key=lambda visit: visit.began_at,
        reverse=True,
    )
    alike = [visit for visit in latest if _is_weekend(visit.began_at) == _is_weekend(began_at)]
    for visits in (alike, latest):
        if len(visits) >= parameters.value("visit.usual_least", on):
            last = visits[: parameters.value("visit.usual_of", on)]
            return int(median(visit.minutes for visit in last))
    return parameters.value("visit.usual_length", on)


def suggested_end(past: Iterable[PastVisit], began_at: datetime, *, now: datetime) -> datetime:
    """An end like the person's own visits, to the minute, and never one that has not come yet."""
    ends = began_at + usual_minutes(past, began_at) * A_MINUTE
    return min(ends, now).replace(second=0, microsecond=0)


def check_out_reminder_at(past: Iterable[PastVisit], began_at: datetime) -> datetime:
    """From when on somebody who is still checked in is reminded, once; never at night."""
    margin = parameters.value("visit.check_out_margin", local_day(began_at))
    return by_day(began_at + (usual_minutes(past, began_at) + margin) * A_MINUTE)


def check_in_reminder_at(past: Sequence[PastVisit], on: date) -> datetime | None:
    """From when on somebody who did not check in on a usual day is reminded; None on any other day.

    A day is usual where there was a visit on most of the same days of the last weeks. One that would
    come late in the evening is not sent at all: by the morning the day is over.
    """
    weeks = parameters.value("visit.usual_weeks", on)
    days = {on - number * A_WEEK for number in range(1, weeks + 1)}
    first = _first_of_each_day(visit for visit in past if local_day(visit.began_at) in days)
    if len(first) < parameters.value("visit.usual_least", on):
        return None
    margin = parameters.value("visit.check_in_margin", on)
    minute = int(median(_minute_of_day(at) for at in first)) + margin
    due_at = by_day(_instant(on, min(minute, A_DAY - 1)))
    return due_at if local_day(due_at) == on else None


def by_day(at: datetime) -> datetime:
    """The instant, or the next morning where it falls into the night (22:00 to 7:00)."""
    on = local_day(at)
    local = at.astimezone(LOS_ANGELES)
    minute = local.hour * 60 + local.minute
    begins = parameters.value("visit.quiet_until", on)
    if minute >= parameters.value("visit.quiet_from", on):
        return _instant(local_day(midnight_after(on)), begins)
    return max(at, _instant(on, begins))


def _first_of_each_day(visits: Iterable[PastVisit]) -> list[datetime]:
    first: dict[date, datetime] = {}
    for visit in visits:
        on = local_day(visit.began_at)
        first[on] = min(first.get(on, visit.began_at), visit.began_at)
    return list(first.values())


def _is_weekend(at: datetime) -> bool:
    return local_day(at).weekday() >= SATURDAY


def _minute_of_day(at: datetime) -> int:
    local = at.astimezone(LOS_ANGELES)
    return local.hour * 60 + local.minute


def _instant(on: date, minute: int) -> datetime:
    return datetime.combine(on, time(*divmod(minute, 60)), LOS_ANGELES)
