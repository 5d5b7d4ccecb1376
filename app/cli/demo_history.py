"""What has happened to the demo's people lately? Told through the same services that people use.

The last half months are lived again in the order of time, up to the present instant: visits with
their check-ins, a correction by hand, signatures, approvals and pay. On any day of any month Rosa
finds one timesheet that waits for her, Ana has an open one and was paid before, Maria's waits for
pay, and one that came too late is held by the county. A few visits are odd (demo_oddities).
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from sqlalchemy.orm import Session

from app.cli import demo_claims, demo_corrections, demo_oddities
from app.cli.demo_oddities import Oddities, Oddity
from app.cli.demo_people import People
from app.domain.business_days import next_run_on
from app.domain.hours import parse_clock
from app.domain.periods import LOS_ANGELES, PayPeriod, local_day
from app.domain.positions import Fix
from app.domain.visits import EventKind, Location
from app.gateways.holidays import CALIFORNIA
from app.models.accounts import Account
from app.models.cases import Assignment
from app.models.timesheets import Timesheet
from app.services import approvals, payroll, submission, timesheets, visits
from app.services.day_log import DayValues
from app.services.receipts import FROM_PHONE, Submission, content_hash

ONE_DAY = timedelta(days=1)
PAID_PERIODS = 2
LATE_PERIOD = 4  # so many half months back; it ended more than 30 days ago on any day of a month
WEDNESDAY = 2
SOMETIMES_MINUTES = 15
STEP_OF_A_DEGREE = 0.00002  # about two metres
USUAL = Oddity()


@dataclass(frozen=True)
class Routine:
    """What a provider does for a recipient on some weekdays; without `starts` she lives there."""

    provider: Account
    signer: Account
    assignment: Assignment
    weekdays: frozenset[int]
    starts: int | None
    minutes: int


Event = tuple[datetime, Callable[..., object]]


def tell(
    session: Session, people: People, table: Mapping[str, Any], *, now: datetime, folder: Path
) -> None:
    """Live the last half months up to `now` (UTC); payment files go to a folder. Commits."""
    routines = [_routine(people, entry) for entry in table["routines"]]
    events = [*_events(routines, _oddities(routines, now), now), *_paydays(now, folder)]
    for at, act in sorted(events, key=lambda event: event[0]):
        act(session, at=min(at, now))
    for routine in routines:
        timesheets.find_or_open(session, routine.assignment, PayPeriod.of(local_day(now)), at=now)
    session.commit()
    walters = routines[1]
    paid = _sheet(session, walters, _periods_back(PayPeriod.of(local_day(now)), 2), now)
    demo_corrections.correct(session, paid, by=walters.provider, now=now)
    demo_oddities.weigh(session, routines[0].provider, routines[0].assignment, now=now)


def _routine(people: People, entry: Mapping[str, Any]) -> Routine:
    return Routine(
        provider=people.accounts[entry["provider"]],
        signer=people.accounts[entry["signer"]],
        assignment=people.assignments[entry["provider"], entry["recipient"]],
        weekdays=frozenset(entry["weekdays"]),
        starts=parse_clock(entry["starts"]) if "starts" in entry else None,
        minutes=parse_clock(entry["hours"]),
    )


def _oddities(routines: list[Routine], now: datetime) -> Oddities:
    """What is odd about the latest days with Rosa and Walter."""
    today = local_day(now)
    present = PayPeriod.of(today)
    rosas, walters, _ = routines
    lately = [*present.previous.days, *present.days]
    odd = demo_oddities.of_visits(
        (rosas.assignment, _worked(rosas, lately, today)),
        (walters.assignment, _worked(walters, lately, today)),
    )
    waited = _worked(walters, present.days, today - demo_oddities.NO_SIGNAL)
    return odd | demo_oddities.without_signal(walters.assignment, waited[0]) if waited else odd


def _worked(routine: Routine, days: Iterable[date], before: date) -> list[date]:
    return [day for day in days if day.weekday() in routine.weekdays and day < before]


def _events(routines: list[Routine], odd: Oddities, now: datetime) -> Iterator[Event]:
    """Everything that people did, in no order; only what lies before today, and today's signatures."""
    today = local_day(now)
    present = PayPeriod.of(today)
    rosas, walters, _ = routines
    for routine in routines:
        for back in range(PAID_PERIODS + 2):
            period = _periods_back(present, back)
            yield from _days_worked(routine, period, odd, today)
            if back:
                signed = back > 1 or routine is not rosas
                yield from _signatures(routine, period, signed=signed)
    gone = [_periods_back(present, back) for back in range(1, PAID_PERIODS + 2)]
    ways = {period: _worked(walters, period.days, today) for period in gone}
    yield from demo_claims.events(rosas.provider, rosas.assignment, walters.assignment, ways)
    late = _periods_back(present, LATE_PERIOD)
    yield from _days_worked(walters, late, {}, today)
    yield _at(today - ONE_DAY, 19 * 60), partial(_submit, walters, late)


def _periods_back(period: PayPeriod, count: int) -> PayPeriod:
    for _ in range(count):
        period = period.previous
    return period


def _days_worked(
    routine: Routine, period: PayPeriod, odd: Oddities, today: date
) -> Iterator[Event]:
    worked = _worked(routine, period.days, today)
    for day in worked:
        if routine.starts is None:
            yield _at(day, 20 * 60), partial(_write, routine, day, routine.minutes)
        else:
            yield from _visit(routine, day, routine.starts, routine.minutes, odd)
    if routine.starts is not None and len(worked) > 1:
        corrected = routine.minutes + SOMETIMES_MINUTES
        yield _at(worked[1], 20 * 60), partial(_write, routine, worked[1], corrected)


def _visit(
    routine: Routine, day: date, starts: int, minutes: int, odd: Oddities
) -> Iterator[Event]:
    """Nobody is on the minute: a few early or late, the same on every run of the same day."""
    came = odd.get((routine.assignment.id, day, EventKind.CHECK_IN), USUAL)
    went = odd.get((routine.assignment.id, day, EventKind.CHECK_OUT), USUAL)
    early, late = day.toordinal() * 7 % 9 - 4, day.toordinal() * 5 % 7
    place = Location.COMMUNITY if day.weekday() == WEDNESDAY else Location.HOME
    yield _at(day, starts + early) + came.late, partial(_check_in, routine, came)
    yield _at(day, starts + minutes + late) + went.late, partial(_check_out, routine, place, went)


def _signatures(routine: Routine, period: PayPeriod, *, signed: bool) -> Iterator[Event]:
    yield _at(period.ends_on + ONE_DAY, 18 * 60), partial(_submit, routine, period)
    if signed:
        yield _at(period.ends_on + 2 * ONE_DAY, 9 * 60), partial(_approve, routine, period)


def _paydays(now: datetime, folder: Path) -> Iterator[Event]:
    """The run after the approvals of each half month that is paid."""
    present = PayPeriod.of(local_day(now))
    for back in range(2, PAID_PERIODS + 2):
        approved_on = _periods_back(present, back).ends_on + 2 * ONE_DAY
        issue_on = next_run_on(approved_on, CALIFORNIA)
        yield _at(issue_on, 6 * 60), partial(_pay, issue_on, folder)


def _at(day: date, minute: int) -> datetime:
    """The instant of a minute of a local day."""
    return datetime.combine(day, time(minute // 60, minute % 60), LOS_ANGELES)


def _check_in(routine: Routine, how: Oddity, session: Session, *, at: datetime) -> None:
    visits.check_in(
        session,
        routine.assignment,
        location=Location.HOME,
        submission=_submission("check-in", routine, at, how),
        by=routine.provider,
        at=at,
        position=how.fix or _near_home(routine, at),
    )


def _check_out(
    routine: Routine, place: Location, how: Oddity, session: Session, *, at: datetime
) -> None:
    visits.check_out(
        session,
        routine.assignment,
        location=place,
        submission=_submission("check-out", routine, at, how),
        by=routine.provider,
        at=at,
        position=_near_home(routine, at) if place is Location.HOME else None,
    )


def _write(routine: Routine, day: date, minutes: int, session: Session, *, at: datetime) -> None:
    """Enter hours by hand, and keep what else the day says."""
    sheet = timesheets.find_or_open(session, routine.assignment, PayPeriod.of(day), at=at)
    session.refresh(sheet, ["entries"])
    entry = next((entry for entry in sheet.entries if entry.on == day), None)
    values = DayValues(
        minutes,
        entry.starts if entry else None,
        entry.ends if entry else None,
        (entry.location if entry else None) or Location.HOME.value,
    )
    timesheets.change_day(
        session, sheet, day, values, base=entry.revision if entry else 0, by=routine.provider, at=at
    )


def _submit(routine: Routine, period: PayPeriod, session: Session, *, at: datetime) -> None:
    sheet = _sheet(session, routine, period, at)
    draft = submission.prepare(session, sheet, at=at)
    submission.submit(session, sheet, shown=draft.shown, reason=None, by=routine.provider, at=at)


def _approve(routine: Routine, period: PayPeriod, session: Session, *, at: datetime) -> None:
    sheet = _sheet(session, routine, period, at)
    signed = approvals.find(session, routine.signer, sheet.id, local_day(at))
    shown = signed.version.content_hash
    approvals.approve(session, sheet, shown=shown, by=routine.signer, at=at)


def _pay(issue_on: date, folder: Path, session: Session, *, at: datetime) -> None:
    payroll.run(session, issue_on, at=at, folder=folder)


def _sheet(session: Session, routine: Routine, period: PayPeriod, at: datetime) -> Timesheet:
    return timesheets.find_or_open(session, routine.assignment, period, at=at)


def _submission(kind: str, routine: Routine, at: datetime, how: Oddity) -> Submission:
    what = [kind, routine.assignment.id, at.isoformat()]
    return Submission(
        id=str(uuid5(NAMESPACE_URL, f"carehours-demo:{what}")),
        made_at=at - how.late + how.clock_off,
        content_hash=content_hash(what),
        source=FROM_PHONE,
    )


def _near_home(routine: Routine, at: datetime) -> Fix | None:
    """A few metres off the recipient's home, as a phone would say it."""
    home = routine.assignment.recipient.home
    if home is None:
        return None
    steps = at.toordinal() * 7 % 11 - 5 + at.minute / 90
    step = steps * STEP_OF_A_DEGREE
    return Fix(home[0] + step, home[1] - step / 2, accuracy=12 + at.minute % 20)
