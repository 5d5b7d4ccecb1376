"""What does a claim for travel time run into, and which of its days are cut?

WIC 12300.4(f) and ACL 16-01: a provider of two or more recipients is paid for the way from one to the
next on the same day, where they live in different places. It is claimed for the recipient travelled
to, needs no approval of hers, waits for her timesheet, and is cut on days on which that shows no care.
Over 7:00 a week warns, for it is a violation; 14:00 a week stops; over 2:00 a trip is remarked.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from app.domain import parameters
from app.domain.claims import ClaimedDay, ClaimFacts, check_every_claim
from app.domain.outcomes import Finding, block, hold, warning
from app.domain.periods import Workweek
from app.domain.weekly_maximum import Key

Home = tuple[float, float]


@dataclass(frozen=True, slots=True)
class TravelFacts:
    """What a travel claim is checked against.

    `same_place` are recipients who live where this one lives. `other_travel` is travel claimed
    elsewhere, to anybody, by workweek. `served` are the minutes of care by day for the recipient
    travelled to, as her timesheet has them; `is_signed` says that it is submitted.
    """

    claim: ClaimFacts
    same_place: frozenset[Key] = frozenset()
    other_travel: Mapping[Workweek, int] = field(default_factory=dict)
    served: Mapping[date, int] = field(default_factory=dict)
    is_signed: bool = False


@dataclass(frozen=True, slots=True)
class TravelWeek:
    """Minutes of travel in a workweek, all recipients: claimed elsewhere, and by this claim."""

    week: Workweek
    already: int
    claimed: int

    @property
    def limit(self) -> int:
        """What a week may hold before the county asks."""
        return parameters.value("travel.limit_week", self.week.starts_on)

    @property
    def stop(self) -> int:
        """What no week may hold."""
        return parameters.value("travel.stop_week", self.week.starts_on)

    @property
    def total(self) -> int:
        """Both together."""
        return self.already + self.claimed


def is_same_place(one: tuple[Home | None, str], other: tuple[Home | None, str]) -> bool:
    """Whether two recipients live in one place: by their homes on the map, else by their addresses.

    >>> is_same_place((None, "1 Elm  St."), (None, "1 elm st"))
    True
    >>> is_same_place(((34.0, -118.3), "1 Elm St"), ((34.1, -118.3), "1 Elm St"))
    False
    """
    if one[0] is not None and other[0] is not None:
        return one[0] == other[0]
    return _folded(one[1]) == _folded(other[1])


def check_travel(facts: TravelFacts) -> list[Finding]:
    """All findings about a travel claim: what stops it, what warns, and what it waits for."""
    claim = facts.claim
    found = [*check_every_claim(claim)]
    for day in claim.days:
        found += _places(facts, day)
    found += [finding for day in claim.days for finding in _care(facts, day)]
    found += [finding for day in claim.days for finding in _long_trip(day)]
    found += [finding for week in weeks_of(facts) for finding in _week(week)]
    if not facts.is_signed:
        found.append(hold("TRAVEL_WAITS_FOR_TIMESHEET"))
    return found


def weeks_of(facts: TravelFacts) -> list[TravelWeek]:
    """The workweeks in which the claim has travel, first to last."""
    weeks = sorted({Workweek.of(day.on) for day in facts.claim.days if day.minutes})
    return [
        TravelWeek(
            week,
            facts.other_travel.get(week, 0),
            sum(day.minutes for day in facts.claim.days if day.on in week),
        )
        for week in weeks
    ]


def paid_days(days: Sequence[ClaimedDay], served: Mapping[date, int]) -> dict[date, int]:
    """Minutes to be paid by day: none on days without paid care for the recipient travelled to.

    `served` are the minutes of the timesheet that both have signed.

    >>> monday, tuesday = date(2026, 3, 2), date(2026, 3, 3)
    >>> paid_days([ClaimedDay(monday, 40), ClaimedDay(tuesday, 40)], {tuesday: 180})[monday]
    0
    """
    return {day.on: day.minutes if served.get(day.on) else 0 for day in days}


def _places(facts: TravelFacts, day: ClaimedDay) -> Iterator[Finding]:
    claim = facts.claim
    assigned = {dates.recipient for dates in claim.assignments if dates.covers(day.on)}
    if len(assigned) < 2:
        yield block("TRAVEL_ONE_RECIPIENT", on=day.on)
    elif day.came_from == claim.recipient or day.came_from not in assigned:
        yield block("TRAVEL_FROM_NOBODY", on=day.on)
    elif day.came_from in facts.same_place:
        yield block("TRAVEL_SAME_PLACE", on=day.on)


def _care(facts: TravelFacts, day: ClaimedDay) -> Iterator[Finding]:
    """A day without care is cut; one that is known to stay without cannot be claimed at all."""
    if facts.served.get(day.on):
        return
    if facts.is_signed:
        yield block("TRAVEL_DAY_WITHOUT_CARE", on=day.on)
    else:
        yield hold("TRAVEL_DAY_NEEDS_CARE", on=day.on)


def _long_trip(day: ClaimedDay) -> Iterator[Finding]:
    limit = parameters.value("travel.long_trip", day.on)
    if day.minutes > limit:
        yield warning("TRAVEL_TRIP_LONG", on=day.on, claimed=day.minutes, limit=limit)


def _week(week: TravelWeek) -> Iterator[Finding]:
    facts = {
        "week_starts_on": week.week.starts_on,
        "week_ends_on": week.week.ends_on,
        "already": week.already,
        "claimed": week.claimed,
        "total": week.total,
    }
    if week.total > week.stop:
        yield block("TRAVEL_WEEK_STOPPED", limit=week.stop, by=week.total - week.stop, **facts)
    elif week.total > week.limit:
        yield warning("TRAVEL_WEEK_EXCEEDED", limit=week.limit, by=week.total - week.limit, **facts)


def _folded(address: str) -> str:
    return "".join(letter for letter in address.casefold() if letter.isalnum())
