"""What is odd about a visit: facts for a person to weigh, and never a refusal or a verdict.

Decision 1 and WIC 10836: no check-in is refused, unpaid or punished for where or when it was made. So
each rule here only says what it saw, by dated thresholds wide enough that phones as they are (fixes
that jitter, clocks that drift or were set wrong, days without a signal, a phone for a family) answer no
question of anybody's. `judge` is the one way in. A flag in `REMARKS` has an everyday cause and asks
nobody anything; any other is a question for the county, which a person answers (ADR 0024).
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import Any

from app.domain import chains, parameters
from app.domain.chains import ChainCode
from app.domain.clock_steps import step_back
from app.domain.clocks import clock_doubt
from app.domain.periods import local_day
from app.domain.positions import Fix, metres_between
from app.domain.visit_history import FROM_PHONE, Event, EventId, History, Home


class FlagCode(StrEnum):
    """What was seen; the pairing's own four (domain.visits.Flag) stand beside these."""

    AWAY = "AWAY"  # plainly away from the home for which it was made
    VAGUE_POSITION = "VAGUE_POSITION"
    EXACT_POSITION = "EXACT_POSITION"  # told more finely than any phone knows it
    CLOCK_AHEAD = "CLOCK_AHEAD"
    CLOCK_BEHIND = "CLOCK_BEHIND"
    CLOCK_SET_BACK = "CLOCK_SET_BACK"  # between two events of one phone
    CLOCK_CHANGED = "CLOCK_CHANGED"  # the same, to the right time or by the hour of the season
    LATE_ARRIVAL = "LATE_ARRIVAL"
    IMPOSSIBLE_TRAVEL = "IMPOSSIBLE_TRAVEL"
    DEVICE_OF_SEVERAL = "DEVICE_OF_SEVERAL"  # one phone signs for more than one provider
    SAME_FIX = "SAME_FIX"  # the very same point on several days
    SAME_FIX_TWO_HOMES = "SAME_FIX_TWO_HOMES"
    NOT_SIGNED = "NOT_SIGNED"
    ID_REUSED = "ID_REUSED"  # another event came under the same id
    CHAIN_GAP = "CHAIN_GAP"
    CHAIN_FORK = "CHAIN_FORK"
    CHAIN_BROKEN = "CHAIN_BROKEN"


REMARKS = frozenset(
    {
        FlagCode.VAGUE_POSITION,  # a building, a basement
        FlagCode.EXACT_POSITION,  # a browser that tells nought where it does not know
        FlagCode.CLOCK_AHEAD,  # a clock set by hand, an empty battery
        FlagCode.CLOCK_BEHIND,
        FlagCode.CLOCK_CHANGED,  # set by the network once there was one; summer time set by hand
        FlagCode.LATE_ARRIVAL,  # no signal
        FlagCode.DEVICE_OF_SEVERAL,  # a family's phone (decision 14)
        FlagCode.NOT_SIGNED,  # a browser that lost its key
    }
)


@dataclass(frozen=True, slots=True)
class Flagged:
    """An odd event: the code, and facts without any coordinate. Times are ISO 8601 in UTC.

    `shown_from` is when it begins to be worth anybody's look: before, it may still explain itself.
    """

    event: EventId
    code: FlagCode
    facts: Mapping[str, object]
    shown_from: datetime

    @property
    def is_question(self) -> bool:
        """Whether somebody should ask; otherwise it has an everyday cause."""
        return self.code not in REMARKS


def judge(history: History) -> list[Flagged]:
    """Everything odd that a person may weigh at `history.at`, by event and code.

    It depends on what is in the history and not on its order, so that any order of arrival ends in the
    same flags. An event has a code once at most.
    """
    return [flagged for flagged in find(history) if flagged.shown_from <= history.at]


def find(history: History) -> list[Flagged]:
    """The same with what is not shown yet, so that it can be kept at once and shown in its time."""
    found = {
        (str(flagged.event), flagged.code): flagged for rule in _RULES for flagged in rule(history)
    }
    return [found[key] for key in sorted(found)]


def _places(history: History) -> Iterator[Flagged]:
    """AWAY (distance_metres, accuracy_metres) and VAGUE_POSITION (accuracy_metres).

    The word on the place says "away" sooner (domain.positions): at the radius and once the accuracy.
    To ask somebody takes more, for one honest fix in three is further off than its accuracy.
    """
    for event in _standing(history):
        place = event.place
        if place is None or place.distance_m is None or place.accuracy_m is None:
            continue
        accuracy = {"accuracy_metres": place.accuracy_m}
        if place.accuracy_m > _value("visit.vague_accuracy", event):
            yield _flagged(event, FlagCode.VAGUE_POSITION, accuracy)
            continue
        margin = _value("visit.accuracy_margin", event) * place.accuracy_m
        if place.distance_m > _value("visit.home_radius", event) + margin:
            distance = {"distance_metres": place.distance_m, **accuracy}
            yield _flagged(event, FlagCode.AWAY, distance)


def _too_exact(history: History) -> Iterator[Flagged]:
    """EXACT_POSITION, where a fix is told to less than any phone knows: made up, or not known at all."""
    for event in _standing(history):
        if event.fix and event.fix.accuracy < _value("visit.finest_accuracy", event):
            yield _flagged(event, FlagCode.EXACT_POSITION, {})


def _clocks(history: History) -> Iterator[Flagged]:
    """CLOCK_AHEAD and CLOCK_BEHIND (off_minutes): how far from our time at receipt, or from the anchor."""
    for event in _from_phones(history):
        doubt = clock_doubt(event.told)
        if doubt is not None:
            facts = {"off_minutes": doubt.facts["minutes"], **_moments(event)}
            yield _flagged(event, FlagCode(doubt.code), facts)


def _late(history: History) -> Iterator[Flagged]:
    """LATE_ARRIVAL (late_minutes) with when it was made and received and what proves not before."""
    for event in _from_phones(history):
        late = event.told.received_at - event.told.made_at
        longest = timedelta(minutes=_value("visit.late_arrival", event))
        if clock_doubt(event.told) is None and late > longest:
            facts = {"late_minutes": late // timedelta(minutes=1), **_moments(event)}
            yield _flagged(event, FlagCode.LATE_ARRIVAL, facts)


def _clocks_set_back(history: History) -> Iterator[Flagged]:
    """CLOCK_SET_BACK and CLOCK_CHANGED (back_minutes), between two events of one key.

    Their numbers tell their order. A clock that nobody believed anyway gained nothing by it.
    """
    chained = defaultdict(list)
    for event in _from_phones(history):
        if event.link is not None and clock_doubt(event.told) is None:
            chained[event.link.key].append((event.link.number, str(event.id), event))
    for key in sorted(chained):
        for (_, _, earlier), (_, _, later) in pairwise(sorted(chained[key], key=lambda e: e[:2])):
            step = step_back(earlier.told, later.told)
            if step is not None:
                code = FlagCode.CLOCK_CHANGED if step.is_everyday else FlagCode.CLOCK_SET_BACK
                yield _flagged(later, code, {"back_minutes": step.minutes})


def _travels(history: History) -> Iterator[Flagged]:
    """IMPOSSIBLE_TRAVEL (apart_metres, apart_minutes): two fixes that nobody could drive between."""
    fixed = [e for e in _with_fix(history, "visit.vague_accuracy") if _is_believed(e)]
    for events in _grouped(fixed, lambda event: event.provider):
        for before, after in pairwise(events):
            metres = _metres_surely_between(before, after)
            minutes = (after.counts_at - before.counts_at) / timedelta(minutes=1)
            fastest = _value("visit.fastest_travel", after) * 1000 / 60  # metres a minute
            if metres <= _value("visit.shortest_travel", after):
                continue
            if metres > fastest * (minutes + _minutes_in_doubt(before, after)):
                facts = {"apart_metres": round(metres), "apart_minutes": round(minutes)}
                yield _flagged(after, FlagCode.IMPOSSIBLE_TRAVEL, facts)


def _metres_surely_between(before: Event, after: Event) -> float:
    """The least distance of two fixes: both are taken to be off by more than phones ever are."""
    if before.fix is None or after.fix is None:
        return 0
    margin = _value("visit.accuracy_margin", after)
    off = margin * (before.fix.accuracy + after.fix.accuracy)
    return metres_between(_point(before.fix), _point(after.fix)) - off


def _minutes_in_doubt(before: Event, after: Event) -> int:
    """How much longer it may have been: a fix may be a minute old, and two clocks may differ."""
    age = _value("visit.fix_age", after)
    if before.device == after.device and before.source == after.source:
        return age
    phones = sum(event.source == FROM_PHONE for event in (before, after))
    return age + phones * _value("visit.clock_ahead", after)


def _same_fixes(history: History) -> Iterator[Flagged]:
    """SAME_FIX (days, since_on) and SAME_FIX_TWO_HOMES (apart_metres): a point to the last digit.

    The fixes of a phone jitter by far more than the centimetre to which they are told, even on a table.
    """
    fixed = list(_with_fix(history, "visit.fine_accuracy"))
    for events in _grouped(fixed, lambda event: (event.provider, *_digits(event.fix))):
        yield from _on_several_days(events)
        yield from _at_two_homes(events, history.homes)


def _on_several_days(events: list[Event]) -> Iterator[Flagged]:
    first_of: dict[date, Event] = {}
    for event in events:
        first_of.setdefault(local_day(event.counts_at), event)
    days = sorted(first_of)
    for index, on in enumerate(days):
        event = first_of[on]
        within = timedelta(days=_value("visit.look_back", event))
        since = [day for day in days[: index + 1] if on - day <= within]
        if len(since) >= _value("visit.same_fix_days", event):
            facts = {"days": len(since), "since_on": since[0].isoformat()}
            yield _flagged(event, FlagCode.SAME_FIX, facts)
            return


def _at_two_homes(events: list[Event], homes: Mapping[int, Home]) -> Iterator[Flagged]:
    before: list[Home] = []
    for event in events:
        home = homes.get(event.recipient or 0)
        if home is None:
            continue
        apart = max((metres_between(home, other) for other in before), default=0)
        if apart > _value("visit.homes_apart", event):
            yield _flagged(event, FlagCode.SAME_FIX_TWO_HOMES, {"apart_metres": round(apart)})
            return
        before.append(home)


def _signatures(history: History) -> Iterator[Flagged]:
    """NOT_SIGNED, where the account had a phone that signs, by any reading of the time."""
    for event in _from_phones(history):
        if event.signed or clock_doubt(event.told) is not None:
            continue
        began = min(event.counts_at, event.told.made_at)
        if any(
            each.provider == event.provider
            and each.since <= began
            and (each.until is None or event.told.received_at < each.until)
            for each in history.enrolled
        ):
            yield _flagged(event, FlagCode.NOT_SIGNED, {})


def _devices(history: History) -> Iterator[Flagged]:
    """DEVICE_OF_SEVERAL (providers), at the first event that each of them signed there."""
    signed = [event for event in _ordered(history.events) if event.signed and event.device]
    signers: dict[int, set[int]] = defaultdict(set)
    for event in signed:
        signers[event.device or 0].add(event.provider)
    for device, providers in history.signers.items():
        signers[device] |= providers
    told = set[tuple[int, int]]()
    for event in signed:
        who = (event.device or 0, event.provider)
        if len(signers[who[0]]) > 1 and who not in told:
            told.add(who)
            facts = {"providers": len(signers[who[0]])}
            yield _flagged(event, FlagCode.DEVICE_OF_SEVERAL, facts)


def _chains(history: History) -> Iterator[Flagged]:
    """CHAIN_GAP (missing, shown after some days), CHAIN_FORK (same) and CHAIN_BROKEN; ID_REUSED."""
    event_of = {event.id: event for event in history.events}
    links = {*history.links, *(event.link for event in history.events if event.link)}
    for doubt in chains.look(links, history.links_from):
        event = event_of.get(doubt.link.event or 0)
        if event is None:
            continue
        fact = {ChainCode.GAP: {"missing": doubt.count}, ChainCode.FORK: {"same": doubt.count}}
        flagged = _flagged(event, FlagCode(doubt.code), fact.get(doubt.code, {}))
        if doubt.code is ChainCode.GAP:  # what is missing may still be on its way
            waits = timedelta(days=_value("visit.chain_gap_waits", event))
            flagged = replace(flagged, shown_from=event.told.received_at + waits)
        yield flagged
    for event in history.events:
        if event.id in history.reused:
            yield _flagged(event, FlagCode.ID_REUSED, {})


_RULES: tuple[Callable[[History], Iterator[Flagged]], ...] = (
    _places,
    _too_exact,
    _clocks,
    _late,
    _clocks_set_back,
    _travels,
    _same_fixes,
    _signatures,
    _devices,
    _chains,
)


def _flagged(event: Event, code: FlagCode, facts: Mapping[str, object]) -> Flagged:
    return Flagged(event.id, code, facts, event.told.received_at)


def _moments(event: Event) -> dict[str, object]:
    """When it was made as the phone says, when it came, and after what it must have been made."""
    earliest = event.told.earliest_at
    return {
        "made_at": event.told.made_at.isoformat(),
        "received_at": event.told.received_at.isoformat(),
        "earliest_at": None if earliest is None else earliest.isoformat(),
    }


def _ordered(events: Iterable[Event]) -> list[Event]:
    return sorted(events, key=lambda event: (event.counts_at, event.told.made_at, str(event.id)))


def _standing(history: History) -> list[Event]:
    return [event for event in _ordered(history.events) if not event.withdrawn]


def _from_phones(history: History) -> list[Event]:
    return [event for event in _standing(history) if event.source == FROM_PHONE]


def _with_fix(history: History, accuracy: str) -> Iterator[Event]:
    """Events with a fix that is as accurate as a parameter asks, or better."""
    for event in _standing(history):
        if event.fix is not None and event.fix.accuracy <= _value(accuracy, event):
            yield event


def _is_believed(event: Event) -> bool:
    return event.source != FROM_PHONE or clock_doubt(event.told) is None


def _grouped(events: Iterable[Event], by: Callable[[Event], Any]) -> list[list[Event]]:
    groups: dict[Any, list[Event]] = defaultdict(list)
    for event in events:
        groups[by(event)].append(event)
    return list(groups.values())


def _digits(fix: Fix | None) -> tuple[int, int]:
    """A point to seven decimals, about a centimetre: as finely as phones tell it."""
    return (0, 0) if fix is None else (round(fix.latitude * 1e7), round(fix.longitude * 1e7))


def _point(fix: Fix) -> Home:
    return fix.latitude, fix.longitude


def _value(name: str, event: Event) -> int:
    return parameters.value(name, local_day(event.counts_at))
