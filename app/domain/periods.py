"""Which workweek, pay period and month a day belongs to, and which day an instant falls on.

Workweeks run Sunday to Saturday (WIC 12300.4); pay periods are the 1st to the 15th and the 16th to
the end of the month, so a workweek may lie in two of them. Days are those of Los Angeles.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

LOS_ANGELES = ZoneInfo("America/Los_Angeles")
ONE_DAY = timedelta(days=1)


def local_day(instant: datetime) -> date:
    """The day in Los Angeles on which an aware instant falls.

    >>> local_day(datetime(2026, 3, 16, 6, 30, tzinfo=UTC))
    datetime.date(2026, 3, 15)
    """
    return instant.astimezone(LOS_ANGELES).date()


def midnight_before(day: date) -> datetime:
    """The UTC instant at which a local day begins.

    >>> midnight_before(date(2026, 3, 16)).isoformat()
    '2026-03-16T07:00:00+00:00'
    """
    return datetime.combine(day, time.min, LOS_ANGELES).astimezone(UTC)


def midnight_after(day: date) -> datetime:
    """The UTC instant at which a local day is over."""
    return midnight_before(day + ONE_DAY)


def _days(first: date, last: date) -> Iterator[date]:
    while first <= last:
        yield first
        first += ONE_DAY


@dataclass(frozen=True, slots=True, order=True)
class Workweek:
    """Sunday 00:00 to Saturday 24:00, named by its Sunday.

    >>> Workweek.of(date(2026, 3, 16))
    Workweek(starts_on=datetime.date(2026, 3, 15))
    """

    starts_on: date

    def __post_init__(self) -> None:
        if self.starts_on.isoweekday() != 7:
            raise ValueError(f"A workweek starts on a Sunday; {self.starts_on} is none.")

    @classmethod
    def of(cls, day: date) -> "Workweek":
        """The workweek that holds a day."""
        return cls(day - timedelta(days=day.isoweekday() % 7))

    @property
    def ends_on(self) -> date:
        """Its Saturday."""
        return self.starts_on + timedelta(days=6)

    @property
    def days(self) -> tuple[date, ...]:
        """Its seven days, Sunday first."""
        return tuple(_days(self.starts_on, self.ends_on))

    def __contains__(self, day: date) -> bool:
        return self.starts_on <= day <= self.ends_on


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """A calendar month, named by its first day; hours are authorized by the month."""

    starts_on: date

    def __post_init__(self) -> None:
        if self.starts_on.day != 1:
            raise ValueError(f"A month starts on the 1st, not on {self.starts_on}.")

    @classmethod
    def of(cls, day: date) -> "Month":
        """The month that holds a day."""
        return cls(day.replace(day=1))

    @property
    def ends_on(self) -> date:
        """Its last day.

        >>> Month(date(2028, 2, 1)).ends_on
        datetime.date(2028, 2, 29)
        """
        return (self.starts_on + timedelta(days=31)).replace(day=1) - ONE_DAY

    @property
    def days(self) -> tuple[date, ...]:
        """All its days, first to last."""
        return tuple(_days(self.starts_on, self.ends_on))

    @property
    def workweeks_ending(self) -> tuple[Workweek, ...]:
        """The workweeks whose Saturday lies in the month (ACL 16-01), first to last.

        >>> [str(week.ends_on) for week in Month(date(2026, 2, 1)).workweeks_ending]
        ['2026-02-07', '2026-02-14', '2026-02-21', '2026-02-28']
        """
        saturdays = (day for day in self.days if day.isoweekday() == 6)
        return tuple(Workweek.of(day) for day in saturdays)

    def __contains__(self, day: date) -> bool:
        return self.starts_on <= day <= self.ends_on


@dataclass(frozen=True, slots=True, order=True)
class PayPeriod:
    """Half a month: the 1st to the 15th, or the 16th to the end; named by its first day.

    >>> PayPeriod.of(date(2028, 2, 20)).ends_on
    datetime.date(2028, 2, 29)
    """

    starts_on: date

    def __post_init__(self) -> None:
        if self.starts_on.day not in (1, 16):
            raise ValueError(
                f"A pay period starts on the 1st or the 16th, not on {self.starts_on}."
            )

    @classmethod
    def of(cls, day: date) -> "PayPeriod":
        """The pay period that holds a day."""
        return cls(day.replace(day=1 if day.day < 16 else 16))

    @classmethod
    def starting(cls, day: date) -> "PayPeriod":
        """The pay period that starts on a day; ValueError when none does."""
        return cls(day)

    @property
    def is_first_half(self) -> bool:
        """Whether this is the half from the 1st to the 15th."""
        return self.starts_on.day == 1

    @property
    def month(self) -> Month:
        """The month it is a half of."""
        return Month.of(self.starts_on)

    @property
    def ends_on(self) -> date:
        """Its last day: the 15th or the last of the month."""
        return self.starts_on.replace(day=15) if self.is_first_half else self.month.ends_on

    @property
    def days(self) -> tuple[date, ...]:
        """All its days, first to last."""
        return tuple(_days(self.starts_on, self.ends_on))

    @property
    def workweeks(self) -> tuple[Workweek, ...]:
        """The workweeks that touch it, first to last; the outer ones may lie in two periods."""
        return tuple(dict.fromkeys(Workweek.of(day) for day in self.days))

    def last(self, count: int) -> "tuple[PayPeriod, ...]":
        """This half month and those before it, the newest first, so many in all.

        >>> [str(each.starts_on) for each in PayPeriod(date(2026, 3, 16)).last(3)]
        ['2026-03-16', '2026-03-01', '2026-02-16']
        """
        periods = [self]
        while len(periods) < count:
            periods.append(periods[-1].previous)
        return tuple(periods)

    @property
    def previous(self) -> "PayPeriod":
        """The half month before."""
        return PayPeriod.of(self.starts_on - ONE_DAY)

    @property
    def next(self) -> "PayPeriod":
        """The half month after."""
        return PayPeriod.of(self.ends_on + ONE_DAY)

    def __contains__(self, day: date) -> bool:
        return self.starts_on <= day <= self.ends_on
