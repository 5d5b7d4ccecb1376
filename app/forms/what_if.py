"""What did somebody type on the what-if page: for whom, which hours in which weeks, and what is wrong with it?

It comes as a question in the address, so that nothing is kept and the page can be sent to a friend.
Nobody is named in it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TypeVar

from app.domain.hours import as_clock, parse_duration, parse_hhmm
from app.domain.outcomes import Refused
from app.domain.periods import Workweek
from app.domain.weekly_maximum import Exemption
from app.domain.what_if import Person, Question
from app.web.formatting import day
from app.web.wording import sentence

Key = TypeVar("Key")

MOST_PEOPLE, MOST_WEEKS = 4, 5
WEEKS_AROUND = 8  # that are offered to begin with, before and after the present one
EARLIEST = Workweek(date(2016, 2, 7))  # the first whole week for which there are rules
LATEST_YEAR = 2100
LONGEST_TYPED = 12
LONGEST_MONTH = 31 * 24 * 60


@dataclass
class TypedWeek:
    """Seven boxes of one person in one week: what was typed in each, and what is wrong there."""

    week: Workweek
    typed: dict[date, str]
    errors: dict[date, str] = field(default_factory=dict)


@dataclass
class TypedPerson:
    """Somebody who would be cared for, as typed."""

    number: int
    monthly: str
    assigned: str
    county: int | None
    weeks: list[TypedWeek]
    errors: dict[str, str] = field(default_factory=dict)
    person: Person | None = None

    @property
    def is_blank(self) -> bool:
        """Whether there are no hours yet, so that nothing is asked."""
        return not any(text for week in self.weeks for text in week.typed.values())


@dataclass
class TypedQuestion:
    """The whole page as typed."""

    first: Workweek
    exemption: Exemption
    people: list[TypedPerson]

    @property
    def weeks(self) -> int:
        return len(self.people[0].weeks)

    @property
    def errors(self) -> list[tuple[str, str]]:
        """Sentences with the ids of the boxes that they are about."""
        return [
            (words, f"{name}-{person.number}")
            for person in self.people
            for name, words in person.errors.items()
        ] + [
            (f"{day(on)}: {words}", box(person.number, on))
            for person in self.people
            for week in person.weeks
            for on, words in week.errors.items()
        ]

    @property
    def question(self) -> Question | None:
        """What is asked; None without hours, or while something typed means nothing."""
        people = tuple(each.person for each in self.people if each.person)
        return Question(people, self.exemption) if people and not self.errors else None

    @property
    def counties(self) -> dict[int, int | None]:
        """By person; who has none is paid as the first one is."""
        first = self.people[0].county
        return {each.number: each.county or first for each in self.people}


def box(person: int, on: date) -> str:
    """The name and id of the box of a day: by the day, so that weeks can come and go around it."""
    return f"hours-{person}-{on.isoformat()}"


def weeks_offered(first: Workweek, today: date) -> list[Workweek]:
    """The weeks to begin with: those around today, and the one that was asked for."""
    here = Workweek.of(today)
    around = {_later(here, weeks) for weeks in range(-WEEKS_AROUND, WEEKS_AROUND + 1)}
    return sorted(around | {first})


def read(args: Mapping[str, str], today: date) -> TypedQuestion:
    """The question in an address; what is not there is blank, what is odd is as if it were not there.

    `more` and `less` add or take away a week or a person; a new week has the hours of the one before.
    """
    people = _count(args, "people", "person", MOST_PEOPLE)
    weeks = _count(args, "weeks", "week", MOST_WEEKS)
    first = _first_week(args.get("from", ""), today)
    typed = [_person(args, number, first, weeks) for number in range(1, people + 1)]
    if args.get("more") == "week" and weeks > 1:
        for person in typed:
            _repeat_last(person)
    for person in typed:
        _understand(person)
    exemption = args.get("exemption", "")
    known = exemption in set(Exemption)
    return TypedQuestion(first, Exemption(exemption) if known else Exemption.NONE, typed)


def _count(args: Mapping[str, str], name: str, one: str, most: int) -> int:
    text = args.get(name, "")
    count = int(text) if text.isascii() and text.isdigit() and len(text) < 3 else 1
    count += (args.get("more") == one) - (args.get("less") == one)
    return max(1, min(count, most))


def _first_week(text: str, today: date) -> Workweek:
    try:
        week = Workweek.of(date.fromisoformat(text))
    except (ValueError, OverflowError):
        return Workweek.of(today)
    return week if week >= EARLIEST and week.starts_on.year < LATEST_YEAR else Workweek.of(today)


def _person(args: Mapping[str, str], number: int, first: Workweek, weeks: int) -> TypedPerson:
    county = args.get(f"county-{number}", "")
    return TypedPerson(
        number=number,
        monthly=_typed(args, f"monthly-{number}"),
        assigned=_typed(args, f"assigned-{number}"),
        county=int(county) if county.isascii() and county.isdigit() and len(county) < 9 else None,
        weeks=[_week(args, number, _later(first, place)) for place in range(weeks)],
    )


def _week(args: Mapping[str, str], number: int, week: Workweek) -> TypedWeek:
    return TypedWeek(week, {on: _typed(args, box(number, on)) for on in week.days})


def _typed(args: Mapping[str, str], name: str) -> str:
    return args.get(name, "").strip()[:LONGEST_TYPED]


def _repeat_last(person: TypedPerson) -> None:
    """The week that was just added begins with the hours of the one before."""
    before, last = person.weeks[-2:]
    if not any(last.typed.values()):
        last.typed = dict(zip(last.week.days, before.typed.values(), strict=True))


def _understand(person: TypedPerson) -> None:
    """Read what was typed; says what is wrong beside each box, and asks nothing without hours."""
    monthly = _read(person.errors, "monthly", person.monthly, _month_hours)
    assigned = _read(person.errors, "assigned", person.assigned, _month_hours)
    hours: dict[date, int] = {}
    for week in person.weeks:
        for on, text in week.typed.items():
            minutes = _read(week.errors, on, text, lambda typed: parse_duration(typed, ""))
            if minutes:
                hours[on] = minutes
    if monthly is None and not person.is_blank and "monthly" not in person.errors:
        person.errors["monthly"] = sentence("MONTH_HOURS_MISSING", {"person": person.number})
    if monthly is not None and hours:
        person.person = Person(person.number, monthly, hours, assigned)


def _read(errors: dict[Key, str], key: Key, text: str, parse: Callable[[str], int]) -> int | None:
    if not text:
        return None
    try:
        return parse(text)
    except Refused as refused:
        errors[key] = sentence(refused.code, refused.facts)
        return None


def _month_hours(text: str) -> int:
    """`195:00`, and also `195`, which can mean nothing else here."""
    try:
        minutes = parse_hhmm(text if ":" in text else f"{text}:00")
    except Refused as refused:
        raise Refused("MONTH_HOURS_NOT_READ", typed=text) from refused
    if minutes > LONGEST_MONTH:
        raise Refused("MONTH_HOURS_TOO_MANY", longest=as_clock(LONGEST_MONTH))
    return minutes


def _later(week: Workweek, weeks: int) -> Workweek:
    return Workweek(week.starts_on + timedelta(weeks=weeks))
