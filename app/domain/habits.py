"""Which hours does a person usually enter on a weekday, and what on a sheet is unlike that?

A plain model of her own sheets of the last twelve weeks, for herself alone: the middle one of the
figures that she entered on a weekday, if enough of them lie near it for "usually" to be true. It fills in
nothing and stops nothing; it asks about a day left out and about a slip of the pen, and says why.
`app/static/js/habits.js` asks the same on the phone; service_worker/tests/cases/habits.json holds both.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from app.domain.balances import DayHours
from app.domain.periods import Workweek

LOOKS_BACK = timedelta(weeks=12)
"""How far back a habit is looked for; an older one may be over."""
SEEN_AT_LEAST = 3
"""So many times at least, before anything is called usual."""
NEAR = 15
"""Minutes around the middle figure that count as the same: a check-out is never on the minute."""
MANY_TIMES = 2
"""Hours of less than half, or more than double, of what is usual may be a slip of the pen."""


@dataclass(frozen=True, slots=True)
class Habit:
    """What is usual on a weekday: so many minutes, on `times` of the `weeks` with any hours at all."""

    minutes: int
    times: int
    weeks: int


@dataclass(frozen=True, slots=True)
class Question:
    """A day of a sheet to ask about: USUAL_DAY_LEFT_OUT or USUAL_HOURS_DIFFER."""

    code: str
    on: date
    usual: Habit

    @property
    def facts(self) -> Mapping[str, object]:
        """What the sentence needs."""
        return {
            "usual": self.usual.minutes,
            "weekday_on": self.on,
            "times": self.usual.times,
            "weeks": self.usual.weeks,
        }


def learn(worked: Iterable[DayHours], before: date) -> dict[int, Habit]:
    """The habits by weekday (0 is Monday), from the hours of one person for one recipient.

    Only days in the twelve weeks before a day count. A week without any hours, such as one of
    holidays, says nothing about habits. Usual is the middle one of the figures, to the quarter of an
    hour where they differ, if in more than half of the weeks the weekday had about as much.

    >>> thursdays = [DayHours(date(2026, 3, day), 240) for day in (5, 12, 19)]
    >>> learn(thursdays, date(2026, 3, 26))
    {3: Habit(minutes=240, times=3, weeks=3)}
    """
    recent = [each for each in worked if each.minutes and before - LOOKS_BACK <= each.on < before]
    weeks = len({Workweek.of(each.on) for each in recent})
    minutes_on: dict[int, list[int]] = defaultdict(list)
    for each in recent:
        minutes_on[each.on.weekday()].append(each.minutes)
    usual = {weekday: _usual(minutes, weeks) for weekday, minutes in sorted(minutes_on.items())}
    return {weekday: habit for weekday, habit in usual.items() if habit is not None}


def _usual(figures: Iterable[int], weeks: int) -> Habit | None:
    ordered = sorted(figures)
    middle = ordered[(len(ordered) - 1) // 2]
    near = [each for each in ordered if abs(each - middle) <= NEAR]
    if len(near) < SEEN_AT_LEAST or len(near) * 2 <= weeks:
        return None
    minutes = middle if near[0] == near[-1] else round(middle / NEAR) * NEAR
    return Habit(minutes, len(near), weeks)


def questions(
    habits: Mapping[int, Habit], days: Mapping[date, int | None], today: date
) -> list[Question]:
    """The days of a sheet to ask about, in order: left out, or far from usual.

    `days` are those that may hold hours, with the minutes entered. A day from today on is not left
    out yet, and an empty sheet has not been begun: nothing is asked about it.
    """
    is_begun = any(days.values())
    found = []
    for on, minutes in sorted(days.items()):
        usual = habits.get(on.weekday())
        if usual is None:
            continue
        if not minutes and is_begun and on < today:
            found.append(Question("USUAL_DAY_LEFT_OUT", on, usual))
        elif minutes and _is_far(minutes, usual.minutes):
            found.append(Question("USUAL_HOURS_DIFFER", on, usual))
    return found


def _is_far(minutes: int, usual: int) -> bool:
    return minutes * MANY_TIMES < usual or minutes > usual * MANY_TIMES
