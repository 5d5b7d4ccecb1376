"""What a policy scenario says, and where the rules say otherwise.

A scenario is a situation in a TOML file that a county worker can read and check by hand: who works
for whom, what was worked, what is submitted, and what must follow. An unknown key is refused, since
a misspelt expectation would pass unseen.
"""

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar

from app.domain import weekly_maximum
from app.domain.balances import DayHours, SubmissionFacts, WorkedElsewhere, week_bar
from app.domain.hours import as_hhmm, parse_hhmm
from app.domain.outcomes import Finding, Kind, Refused
from app.domain.periods import LOS_ANGELES, PayPeriod, Workweek
from app.domain.submissions import check_submission
from app.domain.weekly_maximum import AssignmentDates, Exemption, Grant

T = TypeVar("T")

Expected = Mapping[str, object]
"""What a scenario names of its outcome, by key: hours as minutes, codes as a set."""


class ScenarioError(Exception):
    """A scenario cannot be read; says at which key and why."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """A situation and what must follow from it."""

    name: str
    facts: SubmissionFacts
    expected: Expected


@dataclass(frozen=True, slots=True)
class Mismatch:
    """One expectation that the rules do not meet, as text for people."""

    key: str
    expected: str
    got: str


def read(text: str) -> Scenario:
    """The scenario in a TOML text; ScenarioError names the key that is unknown, missing or wrong."""
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ScenarioError(f"is no TOML: {error}") from error
    top = _Table(content, "")
    name = top.take("name", _text)
    top.take("authority", _text, None)
    facts = _facts(top)
    expected = _expected(top.take("expect", _table_at("expect"), _Table({}, "expect")))
    top.finish()
    return Scenario(name, facts, expected)


def mismatches(scenario: Scenario) -> list[Mismatch]:
    """Where the product's rules differ from what the scenario expects; an empty list is a pass."""
    findings = check_submission(scenario.facts)
    found = []
    for key, expected in scenario.expected.items():
        got = _outcome(key, scenario.facts, findings)
        if got != expected:
            found.append(Mismatch(key, _shown(expected), _shown(got)))
    return found


# ── What follows from the facts ──────────────────────────────────────────────────────────────────


def _outcome(key: str, facts: SubmissionFacts, findings: list[Finding]) -> object:
    if key.startswith("workweek "):
        _, sunday, figure = key.split()
        return _workweek_figure(facts, Workweek(date.fromisoformat(sunday)), figure)
    return _OUTCOMES[key](facts, findings)


def _weekly_maximum(facts: SubmissionFacts) -> int:
    return weekly_maximum.of_week(facts.grants, facts.period.workweeks[0], facts.period)


def _provider_weekly_limit(facts: SubmissionFacts) -> int:
    """The limit in the weeks with two recipients, or with one recipient her weekly maximum."""
    weeks = facts.period.workweeks
    limits = [
        weekly_maximum.provider_limit(facts.assignments, facts.exemption, week) for week in weeks
    ]
    with_two = [limit for limit in limits if limit is not None]
    return min(with_two) if with_two else _weekly_maximum(facts)


def _codes(kind: Kind) -> Callable[[SubmissionFacts, list[Finding]], frozenset[str]]:
    return lambda facts, findings: frozenset(str(f.code) for f in findings if f.kind is kind)


_OUTCOMES: Mapping[str, Callable[[SubmissionFacts, list[Finding]], object]] = {
    "weekly_maximum": lambda facts, findings: _weekly_maximum(facts),
    "provider_weekly_limit": lambda facts, findings: _provider_weekly_limit(facts),
    "blocks": _codes(Kind.BLOCK),
    "warnings": _codes(Kind.WARNING),
    "holds": _codes(Kind.HOLD),
    "claimed": lambda facts, findings: facts.total,
}


def _workweek_figure(facts: SubmissionFacts, week: Workweek, figure: str) -> int:
    """Figures of all recipients of the provider together."""
    bar = week_bar(facts, week)
    figures = {
        "already_submitted": bar.provider_already,
        "total": bar.provider_total,
        "regular": bar.split.regular,
        "overtime": bar.split.overtime,
    }
    return figures[figure]


def _shown(outcome: object) -> str:
    if isinstance(outcome, int):
        return as_hhmm(outcome)
    if isinstance(outcome, frozenset):
        return f"[{', '.join(sorted(outcome))}]"
    return str(outcome)


# ── Reading, strictly ────────────────────────────────────────────────────────────────────────────


class _Table:
    """A table of the file, of which every key must be taken."""

    def __init__(self, content: object, at: str) -> None:
        if not isinstance(content, dict):
            raise ScenarioError(f"{at}: must be a table")
        self._rest: dict[str, Any] = dict(content)
        self.at = at

    def key(self, name: str) -> str:
        return f"{self.at}.{name}" if self.at else name

    def take(self, name: str, read: Callable[[Any], T], *default: T | None) -> Any:
        """The value of a key as `read` has it; without a default the key must be there."""
        if name not in self._rest:
            if default:
                return default[0]
            raise ScenarioError(f"{self.key(name)}: missing key")
        try:
            return read(self._rest.pop(name))
        except (TypeError, ValueError, Refused) as error:
            raise ScenarioError(f"{self.key(name)}: {error}") from error

    def take_tables(self, name: str) -> "list[_Table]":
        """An array of tables; none where the key is not there."""
        tables = self.take(name, _list, [])
        return [_Table(content, self.key(name)) for content in tables]

    def names(self) -> list[str]:
        return list(self._rest)

    def finish(self) -> None:
        if self._rest:
            raise ScenarioError(f"{self.key(next(iter(self._rest)))}: unknown key")


def _facts(top: _Table) -> SubmissionFacts:
    submitted_at: datetime = top.take("submitted_at", _local_instant)
    exemption = _exemption(top.take("provider", _table_at("provider"), _Table({}, "provider")))
    recipients = _recipients(top.take("recipients", _table_at("recipients")))
    worked = [_worked(table, recipients) for table in top.take_tables("worked")]
    sheet: _Table = top.take("timesheet", _table_at("timesheet"))
    name = sheet.take("recipient", _one_of(recipients))
    period = sheet.take("period", lambda day: PayPeriod.starting(_day(day)))
    entries = _entries(sheet.take("hours", _table_at("timesheet.hours"), _Table({}, "hours")))
    sheet.finish()
    recipient = recipients[name]
    return SubmissionFacts(
        submitted_at=submitted_at,
        period=period,
        recipient=name,
        entries=entries,
        grants=(Grant(recipient.monthly_authorized, date.min),),
        assignments=tuple(other.assignment for other in recipients.values()),
        assigned_minutes=recipient.assigned,
        others_claimed=recipient.others_claimed,
        worked=tuple(worked),
        extras=recipient.extras,
        exemption=exemption,
    )


@dataclass(frozen=True, slots=True)
class _Recipient:
    monthly_authorized: int
    assigned: int | None
    assignment: AssignmentDates
    others_claimed: tuple[DayHours, ...]
    extras: Mapping[Workweek, int]


def _exemption(table: _Table) -> Exemption:
    exemption: Exemption = table.take("exemption", Exemption, Exemption.NONE)
    table.finish()
    return exemption


def _recipients(table: _Table) -> dict[str, _Recipient]:
    names = table.names()
    return {
        name: _recipient(name, table.take(name, _table_at(f"recipients.{name}"))) for name in names
    }


def _recipient(name: str, table: _Table) -> _Recipient:
    monthly: int = table.take("monthly_authorized", _hours)
    recipient = _Recipient(
        monthly_authorized=monthly,
        assigned=table.take("assigned", _hours, None),
        assignment=_assignment(name, table.take("active", _table_at(table.key("active")))),
        others_claimed=tuple(
            _day_hours(each, "on") for each in table.take_tables("others_claimed")
        ),
        extras=_extras(table),
    )
    table.take("wage_cents", _whole_number, None)
    table.finish()
    return recipient


def _assignment(name: str, active: _Table) -> AssignmentDates:
    dates = AssignmentDates(name, active.take("from", _day), active.take("until", _day, None))
    active.finish()
    return dates


def _extras(table: _Table) -> Mapping[Workweek, int]:
    extras: dict[Workweek, int] = {}
    for each in table.take_tables("extra_weekly"):
        week: Workweek = each.take("week_of", lambda day: Workweek(_day(day)))
        extras[week] = extras.get(week, 0) + each.take("hours", _hours)
        each.finish()
    return extras


def _worked(table: _Table, recipients: Mapping[str, _Recipient]) -> WorkedElsewhere:
    recipient = table.take("recipient", _one_of(recipients))
    hours = _day_hours(table, "on")
    return WorkedElsewhere(recipient, hours.on, hours.minutes)


def _day_hours(table: _Table, day_key: str) -> DayHours:
    hours = DayHours(table.take(day_key, _day), table.take("hours", _hours))
    table.finish()
    return hours


def _entries(table: _Table) -> tuple[DayHours, ...]:
    days = table.names()
    return tuple(DayHours(_day_in_key(table, day), table.take(day, _hours)) for day in days)


def _day_in_key(table: _Table, day: str) -> date:
    try:
        return date.fromisoformat(day)
    except ValueError as error:
        raise ScenarioError(f"{table.key(day)}: unknown key; a day is wanted") from error


_FIGURES = ("already_submitted", "total", "regular", "overtime")


def _expected(table: _Table) -> Expected:
    expected: dict[str, object] = {}
    for key in table.names():
        if key in ("weekly_maximum", "provider_weekly_limit", "claimed"):
            expected[key] = table.take(key, _hours)
        elif key in ("blocks", "warnings", "holds"):
            expected[key] = table.take(key, lambda codes: frozenset(map(_text, _list(codes))))
    for week in table.take_tables("workweek"):
        sunday = week.take("starts", lambda day: Workweek(_day(day))).starts_on
        for figure in _FIGURES:
            if figure in week.names():
                expected[f"workweek {sunday} {figure}"] = week.take(figure, _hours)
        week.finish()
    table.finish()
    return expected


def _table_at(at: str) -> Callable[[Any], _Table]:
    return lambda content: _Table(content, at)


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("must be text")
    return value


def _whole_number(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError("must be a whole number")
    return value


def _hours(value: Any) -> int:
    try:
        return parse_hhmm(_text(value))
    except (Refused, TypeError) as error:
        raise ValueError(f'must be hours as "HH:MM", not {value!r}') from error


def _day(value: Any) -> date:
    if not isinstance(value, date) or isinstance(value, datetime):
        raise TypeError("must be a date")
    return value


def _local_instant(value: Any) -> datetime:
    if not isinstance(value, datetime) or value.tzinfo is not None:
        raise TypeError("must be a local date and time")
    return value.replace(tzinfo=LOS_ANGELES)


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise TypeError("must be a list")
    return value


def _one_of(names: Mapping[str, object]) -> Callable[[Any], str]:
    def read(value: Any) -> str:
        if value not in names:
            raise ValueError(f"{value!r} is none of the recipients")
        return _text(value)

    return read
