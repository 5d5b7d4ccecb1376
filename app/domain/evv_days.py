"""What does a day that was changed by hand say of the visits that were tapped on it?

Pay follows the hours that a person entered (decision 2), and so must what the State is told. Times given
by hand move the begin of the day's first visit and the end of its last. The interface takes no begin after a
visit's tapped end and no end before its tapped begin: a visit that lies outside the day's hours is told of as
not claimed, and a day that holds no visit at all becomes one without taps.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from app.domain.evv_codes import Why
from app.domain.hours import A_DAY
from app.domain.periods import LOS_ANGELES, local_day
from app.domain.visits import Place


@dataclass(frozen=True, slots=True)
class Stay:
    """A visit by its taps, one of which may be missing."""

    key: int
    came_at: datetime | None
    went_at: datetime | None


@dataclass(frozen=True, slots=True)
class DayByHand:
    """A day of a signed sheet that somebody changed by hand: times are minutes of the local day."""

    on: date
    minutes: int
    starts: int | None
    ends: int | None
    place: Place | None
    moves_place: bool  # it is another than the taps say
    changed_at: datetime


@dataclass(slots=True)
class Adjusted:
    """What days by hand make of one visit."""

    begins_at: datetime | None = None
    ends_at: datetime | None = None
    is_claimed: bool = True
    reasons: list[tuple[Why, datetime]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Piece:
    """The part of a stay on one day, in minutes of that day; a single tap is a point."""

    stay: Stay
    start: int
    end: int
    begins_here: bool
    ends_here: bool

    def lies_in(self, day: DayByHand) -> bool:
        if day.starts is None or day.ends is None:
            return day.minutes > 0
        if self.start == self.end:
            return day.starts <= self.start <= day.ends
        return self.start < day.ends and day.starts < self.end


def adjust(
    stays: Sequence[Stay], days: Iterable[DayByHand]
) -> tuple[dict[int, Adjusted], list[DayByHand]]:
    """The stays that days by hand change, by key, and the days that no tap stands behind."""
    adjusted: dict[int, Adjusted] = {}
    without_taps: list[DayByHand] = []
    for day in days:
        pieces = sorted(_pieces(stays, day.on), key=lambda piece: (piece.start, piece.end))
        inside = [piece for piece in pieces if piece.lies_in(day)]
        for piece in pieces:
            if piece not in inside:
                outside = adjusted.setdefault(piece.stay.key, Adjusted())
                outside.is_claimed = False
                outside.reasons.append((Why.OUTSIDE_THE_DAY, day.changed_at))
        if inside:
            _move(inside[0], inside[-1], day, adjusted)
        elif day.minutes > 0:
            without_taps.append(day)
    return adjusted, without_taps


def instant_of(on: date, minute: int) -> datetime:
    """When it is that minute of a local day, in UTC; 1440 is the midnight after.

    >>> instant_of(date(2026, 3, 16), 1440).isoformat()
    '2026-03-17T07:00:00+00:00'
    """
    if minute >= A_DAY:
        on, minute = on + timedelta(days=1), minute - A_DAY
    clock_face = datetime.combine(on, time(minute // 60, minute % 60), LOS_ANGELES)
    return clock_face.astimezone(UTC)


def _move(first: _Piece, last: _Piece, day: DayByHand, adjusted: dict[int, Adjusted]) -> None:
    if day.starts is not None and first.begins_here and _differs(first, day.starts, is_in=True):
        one = adjusted.setdefault(first.stay.key, Adjusted())
        one.begins_at = instant_of(day.on, day.starts)
        why = Why.NO_TAP_IN if first.stay.came_at is None else Why.TIMES_CHANGED
        one.reasons.append((why, day.changed_at))
    if day.ends is not None and last.ends_here and _differs(last, day.ends, is_in=False):
        one = adjusted.setdefault(last.stay.key, Adjusted())
        one.ends_at = instant_of(day.on, day.ends)
        why = Why.NO_TAP_OUT if last.stay.went_at is None else Why.TIMES_CHANGED
        if (why, day.changed_at) not in one.reasons:
            one.reasons.append((why, day.changed_at))
    if day.moves_place:
        one = adjusted.setdefault(first.stay.key, Adjusted())
        one.reasons.append((Why.PLACE_CHANGED, day.changed_at))


def _differs(piece: _Piece, minute: int, *, is_in: bool) -> bool:
    """Whether a time by hand says another thing than the tap, or there is no such tap."""
    tapped = piece.stay.came_at if is_in else piece.stay.went_at
    return tapped is None or minute != (piece.start if is_in else piece.end)


def _pieces(stays: Sequence[Stay], on: date) -> Iterable[_Piece]:
    for stay in stays:
        taps = [at for at in (stay.came_at, stay.went_at) if at is not None]
        if not taps:
            continue
        first, last = local_day(taps[0]), local_day(taps[-1])
        if first <= on <= last:
            yield _Piece(
                stay,
                start=_minute(taps[0]) if first == on else 0,
                end=_minute(taps[-1]) if last == on else A_DAY,
                begins_here=first == on,
                ends_here=last == on,
            )


def _minute(at: datetime) -> int:
    local = at.astimezone(LOS_ANGELES)
    return local.hour * 60 + local.minute
