"""How does a timesheet stand on its page: its weeks and days, saved, typed, or in doubt?"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from flask_babel import gettext as _
from flask_babel import ngettext

from app.domain.balances import SubmissionFacts, WeekBar, week_bar
from app.domain.periods import PayPeriod
from app.models.timesheets import TimeEntry, Timesheet
from app.services import sheet_facts
from app.services.day_log import DayValues
from app.web.formatting import clock_time, hours, period, short_date


@dataclass
class DayRow:
    """One day for components/hours_table: `typed` is what a refused form brought back."""

    on: date
    minutes: int | None = None
    starts: int | None = None
    ends: int | None = None
    location: str | None = None
    proposed: int | None = None
    by_hand: bool = False
    revision: int = 0
    editable: bool = True
    note: str | None = None
    question: str | None = None
    typed: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class WeekBlock:
    """One workweek of a sheet: its figures, its days, and in a sentence those of other half months."""

    bar: WeekBar
    days: list[DayRow]
    before: str | None
    after: str | None

    @property
    def starts_on(self) -> date:
        return self.bar.week.starts_on


@dataclass(frozen=True)
class Refilled:
    """A day of a form that came back: what was typed, on which revision, and what is wrong with it."""

    base: int
    typed: Mapping[str, str]
    errors: Mapping[str, str]


def weeks_of(
    timesheet: Timesheet,
    facts: SubmissionFacts,
    not_claimed: Mapping[date, int],
    refilled: Mapping[date, Refilled] | None = None,
) -> list[WeekBlock]:
    """The sheet's workweeks; what of a week lies in another half month is told in a sentence."""
    entries = {entry.on: entry for entry in timesheet.entries}
    refilled = refilled or {}
    return [
        WeekBlock(
            week_bar(facts, week),
            [
                _row(on, entries.get(on), timesheet, not_claimed.get(on), refilled.get(on))
                for on in week.days
                if on in facts.period
            ],
            before=_elsewhere([on for on in week.days if on < facts.period.starts_on], facts),
            after=_elsewhere([on for on in week.days if on > facts.period.ends_on], facts),
        )
        for week in facts.period.workweeks
    ]


def version_rows(
    values: DayValues, typed: Mapping[str, str] | None = None
) -> list[tuple[str, str]]:
    """A day in pairs of name and value, to be laid beside another version of it."""
    if typed is not None:
        return _named(typed["minutes"], typed["starts"], typed["ends"], typed["location"])
    return _named(
        hours(values.minutes),
        "" if values.starts is None else clock_time(values.starts),
        "" if values.ends is None else clock_time(values.ends),
        values.location or "",
    )


def _named(minutes: str, starts: str, ends: str, location: str) -> list[tuple[str, str]]:
    places = {"home": _("Home"), "community": _("Community"), "both": _("Both")}
    pairs = [
        (_("Hours"), minutes or _("none")),
        (_("Start"), starts),
        (_("End"), ends),
        (_("Place"), places.get(location, "")),
    ]
    return [(name, value) for name, value in pairs if value]


def _row(
    on: date,
    entry: TimeEntry | None,
    timesheet: Timesheet,
    not_claimed: int | None,
    refilled: Refilled | None,
) -> DayRow:
    entry = entry or TimeEntry(on=on, revision=0, by_hand=False)
    is_assigned = timesheet.assignment.active_on(on)
    notes = []
    is_locked = sheet_facts.is_locked(timesheet, on)
    if is_locked:
        notes.append(_("This day is approved. Here you can only add days."))
    if not is_assigned:
        notes.append(_("You are not assigned on this day."))
    if not_claimed:
        notes.append(_("%(hours)s more worked, not authorized.", hours=hours(not_claimed)))
    return DayRow(
        on=on,
        minutes=entry.minutes,
        starts=entry.starts,
        ends=entry.ends,
        location=entry.location,
        proposed=entry.proposed_minutes,
        by_hand=entry.by_hand and entry.proposed_minutes is not None,
        revision=entry.revision if refilled is None else refilled.base,
        editable=(is_assigned or bool(entry.minutes)) and not is_locked,
        note=" ".join(notes) or None,
        typed={} if refilled is None else refilled.typed,
        errors={} if refilled is None else refilled.errors,
    )


def _elsewhere(days: list[date], facts: SubmissionFacts) -> str | None:
    """Where the hours of these days are written; theirs are told, for they count in the week."""
    if not days:
        return None
    named = short_date(days[0])
    if len(days) > 1:
        named = _("%(first_day)s – %(last)s", first_day=named, last=short_date(days[-1]))
    told = {"days": named, "period": period(PayPeriod.of(days[0]).starts_on)}
    minutes = sum(_minutes_on(on, facts) for on in days)
    if not minutes:
        return str(
            ngettext(
                "%(days)s is on the timesheet of %(period)s.",
                "%(days)s are on the timesheet of %(period)s.",
                len(days),
                **told,
            )
        )
    return str(
        ngettext(
            "%(days)s is on the timesheet of %(period)s, with %(hours)s.",
            "%(days)s are on the timesheet of %(period)s, with %(hours)s.",
            len(days),
            hours=hours(minutes),
            **told,
        )
    )


def _minutes_on(on: date, facts: SubmissionFacts) -> int:
    own: Iterable[int] = (
        worked.minutes
        for worked in facts.worked
        if worked.on == on and worked.recipient == facts.recipient
    )
    return sum(own)
