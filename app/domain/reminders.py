"""When is somebody reminded of a timesheet: of one that waits for her signature, of one not submitted?

Nothing is signed or submitted by itself (decision 7), so people are reminded: seldom, by day, and never
all at one moment, for a half month ends for everybody on the same day.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from app.domain import parameters
from app.domain.periods import LOS_ANGELES, PayPeriod, local_day

ONE_DAY = timedelta(days=1)
NOBODY = -1


class Unsent(StrEnum):
    """What is about to be over for hours that are not submitted."""

    PERIOD = "TIMESHEET_PERIOD_ENDS"  # the half month itself
    LATE = "TIMESHEET_SOON_LATE"  # the time within which the county need not look at it first


@dataclass(frozen=True, slots=True)
class UnsentReminder:
    """A reminder of the unsent hours of a half month: it goes out once, on `starts_on` or soon after.

    `last_on` is the last day on which there is still time.
    """

    kind: Unsent
    period: PayPeriod
    starts_on: date
    last_on: date


def is_due_to_signer(signed_on: date, reminded_on: date | None, today: date) -> bool:
    """Whether whoever may sign is reminded today of a sheet that was signed by its provider on a day.

    First after `reminder.signer_after` days, then every `reminder.signer_again` days, and no more
    after `reminder.signer_until` days: by then the county asks (`timesheet.late_after`).

    >>> [day for day in range(16, 25) if is_due_to_signer(date(2026, 3, 16), None, date(2026, 3, day))]
    [17, 18, 19, 20, 21, 22, 23, 24]
    >>> is_due_to_signer(date(2026, 3, 16), date(2026, 3, 17), date(2026, 3, 18))
    False
    """
    waited = (today - signed_on).days
    first = parameters.value("reminder.signer_after", today)
    last = parameters.value("reminder.signer_until", today)
    again = parameters.value("reminder.signer_again", today)
    return first <= waited <= last and (reminded_on is None or (today - reminded_on).days >= again)


def unsent_reminders(today: date) -> tuple[UnsentReminder, ...]:
    """The reminders of unsent hours that may go out today, each for one half month.

    >>> [(str(each.kind), str(each.period.starts_on)) for each in unsent_reminders(date(2026, 3, 15))]
    [('TIMESHEET_PERIOD_ENDS', '2026-03-01'), ('TIMESHEET_SOON_LATE', '2026-02-01')]
    """
    return (*_period_ends(today), *_soon_late(today))


def turns_taken(at: datetime) -> int:
    """How many turns of today's reminders have come: whoever has a `turn_of` below or equal is due.

    One a minute from `reminder.from` on, `reminder.turns` in all; none at night.

    >>> from datetime import UTC
    >>> turns_taken(datetime(2026, 3, 16, 16, 5, tzinfo=UTC)), turns_taken(datetime(2026, 3, 16, 9, tzinfo=UTC))
    (5, -1)
    """
    local = at.astimezone(LOS_ANGELES)
    on, minute = local_day(at), local.hour * 60 + local.minute
    first = parameters.value("reminder.from", on)
    if not first <= minute < parameters.value("reminder.until", on):
        return NOBODY
    return min(minute - first, turns(on) - 1)


def turns(on: date) -> int:
    """Over how many minutes of a day reminders are spread; a person's turn is her number, so divided."""
    return parameters.value("reminder.turns", on)


def turn_of(number: int, on: date) -> int:
    """Whose turn comes when: steady for an account or a sheet, and even over all of them."""
    return number % turns(on)


def _period_ends(today: date) -> tuple[UnsentReminder, ...]:
    period = PayPeriod.of(today)
    starts_on = period.ends_on - parameters.value("reminder.before_period_ends", today) * ONE_DAY
    if today < starts_on:
        return ()
    return (UnsentReminder(Unsent.PERIOD, period, starts_on, period.ends_on),)


def _soon_late(today: date) -> tuple[UnsentReminder, ...]:
    """The half months whose time runs out within the next days."""
    late_after = parameters.value("timesheet.late_after", today)
    before = parameters.value("reminder.before_late", today)
    found = []
    period = PayPeriod.of(today).previous
    while period.ends_on + late_after * ONE_DAY >= today:
        last_on = period.ends_on + late_after * ONE_DAY
        starts_on = last_on - before * ONE_DAY
        if today >= starts_on:
            found.append(UnsentReminder(Unsent.LATE, period, starts_on, last_on))
        period = period.previous
    return tuple(found)
