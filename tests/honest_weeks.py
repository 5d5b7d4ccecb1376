"""Weeks as honest providers live them, with phones as they are: made up from a seed, true by construction.

Nobody in here lies. What is odd comes from where it comes in life: fixes that scatter, a network that
is known by one router, streets between high walls, clocks that drift, were set by hand or start at
1970, phones that sleep, days without a signal, new keys, updates, a phone for two sisters, a check-out
that was remembered on the bus. `truly_away` names the taps for Home that were made elsewhere.
"""

import math
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from random import Random

from app.domain.chains import Link
from app.domain.clocks import Told, accepted_time
from app.domain.periods import LOS_ANGELES, local_day
from app.domain.positions import Fix, NoFix, place_verdict
from app.domain.visit_flags import FlagCode, Flagged, judge
from app.domain.visit_history import Enrolled, Event, History, Home

SECOND, MINUTE, HOUR, DAY = (
    timedelta(**{unit: 1}) for unit in ("seconds", "minutes", "hours", "days")
)
A_METRE = 1 / 111_195  # degrees of latitude
TWO_IN_THREE = 1.51  # the radius that holds 68 % of a Rayleigh error, in its own deviations
MONDAYS = tuple(
    date.fromisoformat(text) for text in ("2026-03-02", "2026-06-15", "2026-10-26", "2026-11-23")
)
"""The clocks change at the end of the first and the third of these weeks."""
KINDS_OF_CLOCK = ("right", "drifts", "minutes off", "set by hand", "empty battery")
HOW_OFTEN_CLOCK = (55, 30, 9, 4, 2)
KINDS_OF_PLACE = ("gps", "indoors", "canyon", "one router", "vague", "none")
HOW_OFTEN_PLACE = (25, 35, 12, 10, 12, 6)


@dataclass(frozen=True)
class Week:
    """What the portal came to know of a week, and what only the people in it know."""

    history: History
    truly_away: dict[int, float]
    """How many metres from home, by event."""


@dataclass
class Clocks:
    """A phone's two clocks: one that can be wrong, and one that stands still while it sleeps."""

    random: Random
    kind: str
    off: timedelta
    corrects_itself: bool
    changes_on: date | None = None
    """Set by an hour by hand when the clocks change, for its zone was never right."""

    @classmethod
    def of(cls, random: Random, monday: date) -> "Clocks":
        kind = random.choices(KINDS_OF_CLOCK, HOW_OFTEN_CLOCK)[0]
        off = {
            "right": SECOND * random.uniform(-2, 2),
            "drifts": SECOND * random.uniform(-90, 90),
            "minutes off": MINUTE * random.uniform(-14, 14),
            "set by hand": MINUTE * random.uniform(-6, 10),
            "empty battery": DAY * random.uniform(-400, 400),
        }[kind]
        by_hand = kind == "set by hand"
        sunday = monday + 6 * DAY
        changes = _at(sunday + DAY, 0) - _at(sunday, 0) != DAY
        return cls(random, kind, off, not by_hand, sunday if by_hand and changes else None)

    def shows(self, truth: datetime) -> datetime:
        off = self.off
        if self.changes_on and local_day(truth) >= self.changes_on:
            off += HOUR if truth.month < 6 else -HOUR
        drift = (
            SECOND * 3 * math.sin(truth.timestamp() / 86_400)
            if self.kind == "drifts"
            else timedelta()
        )
        shown = truth + off + drift
        return shown.replace(microsecond=shown.microsecond // 1000 * 1000)

    def hears_the_network(self) -> None:
        """A phone that sets its clock by the network does so when it has one, most of the time."""
        if self.corrects_itself and self.random.random() < 0.7:
            self.off = SECOND * self.random.uniform(-1.5, 1.5)


@dataclass
class Phone:
    """A phone of one provider: what it signs, what it heard of our time, when it can send."""

    random: Random
    device: int
    provider: int
    clocks: Clocks
    offline: list[tuple[datetime, datetime]]
    router_at: dict[int, Fix] = field(default_factory=dict)
    keys: int = 0
    number: int = 0
    signs: bool = True
    anchor: datetime | None = None
    page_since: datetime | None = None
    awake: timedelta = timedelta()
    seen_at: datetime | None = None

    def opens(self, at: datetime) -> None:
        """The page comes to the front: a fresh one, or that of the last time, which slept meanwhile."""
        online = self.sends_at(at) == at
        if self.page_since is not None and self.seen_at is not None and self.random.random() < 0.4:
            self.awake += (at - self.seen_at) * self.random.choice((0, 0, 0.1, 0.6, 1))
        else:
            self.page_since, self.awake = None, timedelta()
        if online:
            self.clocks.hears_the_network()
            self.anchor = at - SECOND * self.random.uniform(0.05, 4)
            self.page_since, self.awake = self.anchor, at - self.anchor
        self.seen_at = at

    def passes(self, at: datetime) -> None:
        """The page stays open and awake until then."""
        if self.seen_at is not None:
            self.awake += at - self.seen_at
        self.seen_at = at

    def sends_at(self, at: datetime) -> datetime:
        """When something made then reaches the portal."""
        for start, end in self.offline:
            if start <= at < end:
                return end
        return at

    def tells(self, at: datetime) -> Told:
        received_at = self.sends_at(at) + SECOND * self.random.choice((0.2, 0.4, 1, 6, 40))
        since = None
        if self.anchor is not None and self.page_since == self.anchor:
            since = timedelta(seconds=math.floor(self.awake / SECOND))
        return Told(self.clocks.shows(at), received_at, self.anchor, since)

    def link(self, received_at: datetime, event: int) -> Link | None:
        if not self.signs:
            return None
        self.number += 1
        key = f"{self.device}/{self.provider}/{self.keys}"
        previous = f"{key}:{self.number - 1}" if self.number > 1 else ""
        return Link(key, self.number, previous, f"{key}:{self.number}", received_at, event)

    def enrols_anew(self) -> None:
        """The browser lost its data, or she has a new phone: a new key, which begins at one."""
        self.keys, self.number, self.anchor, self.page_since = self.keys + 1, 0, None, None


def week(seed: int) -> Week:
    """One week of one provider, or of two sisters who share a phone."""
    random = Random(seed)  # noqa: S311 - it is noise, not a secret
    monday = random.choice(MONDAYS)
    homes = _homes(random)
    sisters = 2 if random.random() < 0.05 else 1
    told = _Told(random, homes)
    clocks = Clocks.of(random, monday)
    offline = _without_signal(random, monday)
    enrolled = []
    for provider in range(1, sisters + 1):
        phone = Phone(random, 7, provider, clocks, offline, signs=random.random() < 0.97)
        if phone.signs:
            enrolled.append(Enrolled(provider, _at(monday, 0) - 30 * DAY))
        for day in range(7):
            if random.random() < 0.8:
                told.day(phone, monday + day * DAY)
            if random.random() < 0.01:
                phone.enrols_anew()
    end = max([event.told.received_at for event in told.events], default=_at(monday, 0))
    history = History(
        at=end + 20 * DAY, events=tuple(told.events), homes=homes, enrolled=tuple(enrolled)
    )
    return Week(history, told.truly_away)


def accused(lived: Week) -> list[Flagged]:
    """The questions that a week raises, but for those that tell truly how far from home a tap was."""
    return [
        flagged
        for flagged in judge(lived.history)
        if flagged.is_question and not _is_true(flagged, lived)
    ]


def _is_true(flagged: Flagged, lived: Week) -> bool:
    truth = lived.truly_away.get(int(flagged.event))
    if flagged.code is not FlagCode.AWAY or truth is None:
        return False
    said, accuracy = (
        int(str(flagged.facts[f"{name}_metres"])) for name in ("distance", "accuracy")
    )
    return abs(said - truth) <= 3 * accuracy + 120  # as far as echoes from walls may move it


def _homes(random: Random) -> dict[int, Home]:
    """One to four recipients in one county; two of them may share a home."""
    homes: dict[int, Home] = {}
    for recipient in range(11, 11 + random.choice((1, 2, 2, 3, 4))):
        near = (34.05 + random.uniform(-0.15, 0.15), -118.30 + random.uniform(-0.2, 0.2))
        shares = homes and random.random() < 0.2
        homes[recipient] = random.choice(list(homes.values())) if shares else near
    return homes


def _without_signal(random: Random, monday: date) -> list[tuple[datetime, datetime]]:
    """Hours now and then; for some the whole fortnight."""
    start = _at(monday, 0)
    if random.random() < 0.06:
        return [(start, start + DAY * random.uniform(7, 14))]
    found = []
    for _ in range(random.choice((0, 0, 1, 2, 4))):
        begins = start + DAY * random.uniform(0, 7)
        found.append((begins, begins + HOUR * random.choice((0.2, 1, 3, 9, 30))))
    return sorted(found)


@dataclass
class _Told:
    """Collects what phones tell."""

    random: Random
    homes: dict[int, Home]
    events: list[Event] = field(default_factory=list)
    truly_away: dict[int, float] = field(default_factory=dict)

    def day(self, phone: Phone, on: date) -> None:
        """Visits one after another, with the way between; who live together are checked in together."""
        now = _at(on, self.random.uniform(6.5, 10))
        if phone.seen_at is not None:  # a long night before makes for a late morning
            now = max(now, phone.seen_at + 7 * HOUR)
        before: Home | None = None
        for group in self._rounds():
            home = self.homes[group[0]]
            now += MINUTE * self.random.uniform(2, 40) + self._way(before, home)
            phone.opens(now)
            for recipient in group:
                now += SECOND * self.random.uniform(3, 50)
                phone.passes(now)
                now = self._tap(phone, now, "check-in", recipient, home)
            stays = HOUR * self.random.choice((0.75, 2, 3, 5, 9))
            now += stays + MINUTE * self.random.uniform(0, 15)
            away = self.random.uniform(400, 9000) if self.random.random() < 0.02 else 0.0
            where = _moved(self.random, home, away)  # on the bus, where she remembers it
            now += MINUTE * (away / 300)
            phone.opens(now)
            for recipient in group:
                now += SECOND * self.random.uniform(3, 50)
                phone.passes(now)
                now = self._tap(phone, now, "check-out", recipient, where, away)
            before = where

    def _rounds(self) -> list[list[int]]:
        """Whom she visits today, in what order; housemates in one round."""
        together: dict[Home, list[int]] = {}
        for recipient, home in self.homes.items():
            together.setdefault(home, []).append(recipient)
        rounds = list(together.values())
        self.random.shuffle(rounds)
        twice = rounds[:1] if self.random.random() < 0.2 else []
        return [*rounds[: self.random.choice((1, 2, 2))], *twice]

    def _way(self, before: Home | None, home: Home) -> timedelta:
        if before is None:
            return timedelta()
        degrees = math.hypot(before[0] - home[0], (before[1] - home[1]) * 0.83)
        return HOUR * (degrees / A_METRE / 1000 / self.random.uniform(25, 60))

    def _tap(
        self, phone: Phone, at: datetime, kind: str, recipient: int, where: Home, away: float = 0.0
    ) -> datetime:
        """The tap, its fix some seconds later, and now and then a second tap that is undone."""
        if kind == "check-in" and self.random.random() < 0.02:
            self._keep(phone, at, kind, recipient, withdrawn=True)
            at += SECOND * self.random.uniform(5, 100)
            phone.passes(at)
            self._keep(phone, at, "undo", recipient)
            at += SECOND * self.random.uniform(1, 30)
            phone.passes(at)
        community = self.random.random() < 0.12
        self._keep(phone, at, kind, recipient)
        at += SECOND * self.random.uniform(1, 20)
        phone.passes(at)
        if not community:
            event = self._keep(phone, at, "position", recipient, self._fix(phone, where, away))
            if away:
                self.truly_away[event] = away
        return at

    def _keep(
        self, phone: Phone, at: datetime, kind: str, recipient: int,
        fix: Fix | NoFix | None = None, *, withdrawn: bool = False,
    ) -> int:  # fmt: skip
        number = len(self.events) + 1
        told = phone.tells(at)
        counts_at = accepted_time(told)
        place = place_verdict(self.homes[recipient], fix, local_day(counts_at)) if fix else None
        self.events.append(
            Event(
                id=number,
                kind=kind,
                provider=phone.provider,
                told=told,
                counts_at=counts_at,
                recipient=recipient,
                device=phone.device,
                signed=phone.signs,
                place=place,
                fix=fix if isinstance(fix, Fix) else None,
                link=phone.link(told.received_at, number),
                withdrawn=withdrawn,
            )
        )
        return number

    def _fix(self, phone: Phone, where: Home, away: float) -> Fix | NoFix:
        """What a phone says of where it is: off by as much as it says, or by more between walls."""
        kind = self.random.choices(KINDS_OF_PLACE, HOW_OFTEN_PLACE)[0]
        if kind == "none":
            return self.random.choice((NoFix.DENIED, NoFix.UNAVAILABLE, NoFix.TIMEOUT))
        if kind == "one router" and not away:
            return phone.router_at.setdefault(
                hash(where), self._scattered(where, self.random.uniform(20, 60))
            )
        low, high = {"gps": (4, 12), "vague": (200, 2000)}.get(kind, (5, 60))
        fix = self._scattered(where, self.random.uniform(low, high))
        if kind == "canyon":  # echoes from walls, which the phone does not know of
            moved = _moved(self.random, (fix.latitude, fix.longitude), self.random.uniform(20, 120))
            return Fix(*moved, accuracy=fix.accuracy)
        return fix

    def _scattered(self, where: Home, accuracy: float) -> Fix:
        spread = accuracy / TWO_IN_THREE
        error = math.hypot(self.random.gauss(0, spread), self.random.gauss(0, spread))
        latitude, longitude = _moved(self.random, where, error)
        return Fix(round(latitude, 7), round(longitude, 7), round(accuracy, 1))


def _moved(random: Random, where: Home, metres: float) -> Home:
    turn = random.uniform(0, 2 * math.pi)
    north, east = math.cos(turn) * metres * A_METRE, math.sin(turn) * metres * A_METRE
    return where[0] + north, where[1] + east / math.cos(math.radians(where[0]))


def _at(day: date, hour: float) -> datetime:
    """The instant of an hour of a local day."""
    midnight = datetime(day.year, day.month, day.day, tzinfo=LOS_ANGELES)
    return midnight.astimezone(UTC) + HOUR * hour
