"""With which smallest change to its hours would nothing stop a timesheet, and nothing warn of it?

For planning ahead, and for a slip of the pen: hours that were worked stay as they are and are paid
(decision 5). Days come first, then weeks, then months, the last days first, as the county cuts; what
is taken from a day counts for its week and its month, so that no minute is taken twice.
`app/static/js/forecast.js` does the same on the phone.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date

from app.domain import overtime
from app.domain.balances import DayHours, SubmissionFacts, week_bar
from app.domain.outcomes import Finding
from app.domain.periods import Month, Workweek
from app.domain.submissions import check_submission


@dataclass(frozen=True, slots=True)
class DayCut:
    """A day that would have to say less. Minutes."""

    on: date
    worked: int
    within: int


def smallest_change(facts: SubmissionFacts) -> tuple[DayCut, ...]:
    """The days to change, first to last; nothing where nothing stops or warns.

    A hold is no reason to write less, and an open visit no number of hours.
    """
    left = {entry.on: entry.minutes for entry in facts.worked_entries}
    for cut in (_cut_day, _cut_week, _cut_overtime, _cut_month):
        so_far = _with(facts, left)
        for finding in check_submission(so_far):
            cut(so_far, left, finding)
    return tuple(
        DayCut(entry.on, entry.minutes, left[entry.on])
        for entry in facts.worked_entries
        if entry.minutes != left[entry.on]
    )


def _with(facts: SubmissionFacts, minutes: dict[date, int]) -> SubmissionFacts:
    return replace(facts, entries=tuple(DayHours(on, each) for on, each in minutes.items()))


def _cut_day(_facts: SubmissionFacts, left: dict[date, int], finding: Finding) -> None:
    amount = {
        "FUTURE_HOURS": "worked",
        "NOT_ASSIGNED": "worked",
        "OUTSIDE_PERIOD": "worked",
        "DAY_OVER_24_HOURS": "by",
    }.get(finding.code)
    if amount:
        _take(left, _number(finding, amount), lambda on: on == finding.facts["on"])


def _cut_week(_facts: SubmissionFacts, left: dict[date, int], finding: Finding) -> None:
    """Only what is still too much: another limit of the week may have taken some already."""
    sunday = finding.facts.get("week_starts_on")
    if not isinstance(sunday, date):
        return
    week = Workweek(sunday)
    now = sum(minutes for on, minutes in left.items() if on in week)
    taken = _number(finding, "worked") - now
    _take(left, _number(finding, "by") - taken, week.__contains__)


def _cut_overtime(facts: SubmissionFacts, left: dict[date, int], finding: Finding) -> None:
    """In the last weeks of the month that have overtime, and no more of a week than that."""
    if finding.code != "MONTHLY_OVERTIME_EXCEEDED":
        return
    by, month = _number(finding, "by"), finding.facts["month_starts_on"]
    if not isinstance(month, date):
        return
    for week in reversed(Month(month).workweeks_ending):
        bar = week_bar(facts, week)
        most = min(by, overtime.split(bar.total, week).overtime)
        by -= most - _take(left, most, week.__contains__)


def _cut_month(_facts: SubmissionFacts, left: dict[date, int], finding: Finding) -> None:
    if "left" in finding.facts:
        _take(left, sum(left.values()) - _number(finding, "left"), lambda _on: True)


def _take(left: dict[date, int], minutes: int, is_meant: Callable[[date], bool]) -> int:
    """Take minutes from the last of these days first; answers what could not be taken."""
    missing = max(0, minutes)
    for on in _last_first(left):
        if is_meant(on):
            taken = min(missing, left[on])
            left[on] -= taken
            missing -= taken
    return missing


def _last_first(days: Iterable[date]) -> list[date]:
    return sorted(days, reverse=True)


def _number(finding: Finding, name: str) -> int:
    value = finding.facts[name]
    if not isinstance(value, int):
        raise TypeError(f"{finding.code}: {name} is no number of minutes.")
    return value
