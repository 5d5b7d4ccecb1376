"""What a policy scenario says, and where the rules say otherwise.

A scenario is a situation in a TOML file that a county worker can read and check by hand: who works
for whom, what was worked, what is submitted, and what must follow (ADR 0026 has every key). An unknown
key is refused, since a misspelt expectation would pass unseen.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from app.domain import scenario_outcomes
from app.domain.balances import DayHours, SubmissionFacts, WorkedElsewhere
from app.domain.periods import Month, PayPeriod, Workweek
from app.domain.scenario_outcomes import Expected
from app.domain.strict_tables import (
    Table,
    TableError,
    day,
    hours,
    local_instant,
    one_of,
    text,
    whole_number,
    yes_or_no,
)
from app.domain.violations import Violation
from app.domain.weekly_maximum import IHSS, WPCS, AssignmentDates, Exemption, Grant


class ScenarioError(Exception):
    """A scenario cannot be read; says at which key and why."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """A situation and what must follow from it."""

    name: str
    facts: SubmissionFacts
    history: tuple[Violation, ...]
    """The provider's violations so far."""
    expected: Expected


@dataclass(frozen=True, slots=True)
class Mismatch:
    """One expectation that the rules do not meet, as text for people."""

    key: str
    expected: str
    got: str


def read(content: str) -> Scenario:
    """The scenario in a TOML text; ScenarioError names the key that is unknown, missing or wrong."""
    try:
        return _scenario(Table(tomllib.loads(content), ""))
    except tomllib.TOMLDecodeError as error:
        raise ScenarioError(f"is no TOML: {error}") from error
    except TableError as error:
        raise ScenarioError(str(error)) from error


def mismatches(scenario: Scenario) -> list[Mismatch]:
    """Where the product's rules differ from what the scenario expects; an empty list is a pass."""
    follows = scenario_outcomes.of(scenario.facts, scenario.history)
    return [
        Mismatch(key, scenario_outcomes.shown(expected), scenario_outcomes.shown(got))
        for key, expected in scenario.expected.items()
        if (got := follows(key)) != expected
    ]


def _scenario(top: Table) -> Scenario:
    name = top.take("name", text)
    top.take("authority", text, None)
    exemption, history = _provider(top.take_table("provider", "none"))
    facts = _facts(top, exemption)
    expected = scenario_outcomes.expected(top.take_table("expect", "nothing"))
    top.finish()
    return Scenario(name, facts, history, expected)


def _provider(table: Table) -> tuple[Exemption, tuple[Violation, ...]]:
    exemption: Exemption = table.take("exemption", Exemption, Exemption.NONE)
    history = tuple(_violation(each) for each in table.take_tables("violations"))
    table.finish()
    return exemption, history


def _violation(table: Table) -> Violation:
    violation = Violation(
        month=table.take("month", lambda first: Month(day(first))),
        noticed_on=table.take("noticed_on", day),
        self_study_on=table.take("self_study_on", day, None),
        overturned=table.take("overturned", yes_or_no, False),
    )
    table.finish()
    return violation


def _facts(top: Table, exemption: Exemption) -> SubmissionFacts:
    submitted_at = top.take("submitted_at", local_instant)
    recipients = _recipients(top.take_table("recipients"))
    worked = tuple(_worked(table, recipients) for table in top.take_tables("worked"))
    sheet = top.take_table("timesheet")
    name = sheet.take("recipient", one_of(recipients))
    recipient, program = recipients[name], sheet.take("program", one_of(_PROGRAMS), IHSS)
    facts = SubmissionFacts(
        submitted_at=submitted_at,
        period=sheet.take("period", lambda first: PayPeriod.starting(day(first))),
        recipient=name,
        entries=_entries(sheet.take_table("hours", "none")),
        grants=recipient.grants,
        assignments=tuple(each for other in recipients.values() for each in other.assignments),
        assigned_minutes=recipient.share(program),
        others_claimed=recipient.others_claimed,
        worked=worked,
        extras=recipient.extras,
        exemption=exemption,
        open_visit=sheet.take("open_visit", yes_or_no, False),
        program=program,
    )
    facts = _amended(facts, sheet)
    sheet.finish()
    return facts


_PROGRAMS = {IHSS: "In-Home Supportive Services", WPCS: "Waiver Personal Care Services"}


def _amended(facts: SubmissionFacts, sheet: Table) -> SubmissionFacts:
    """The same where something stands approved on the timesheet, or the county had a hand in it."""
    stands = {entry.on: entry.minutes for entry in _entries(sheet.take_table("approved", "none"))}
    return replace(
        facts,
        stands=stands or None,
        adds_only=sheet.take("supplement", yes_or_no, False),
        is_flagged=sheet.take("flagged_pair", yes_or_no, False),
        was_voided=sheet.take("voided", yes_or_no, False),
    )


@dataclass(frozen=True, slots=True)
class _Recipient:
    grants: tuple[Grant, ...]
    assignments: tuple[AssignmentDates, ...]
    others_claimed: tuple[DayHours, ...]
    extras: Mapping[Workweek, int]

    def share(self, program: str) -> int | None:
        return next((a.monthly_minutes for a in self.assignments if a.program == program), None)


def _recipients(table: Table) -> dict[str, _Recipient]:
    return {name: _recipient(name, table.take_table(name)) for name in table.names()}


def _recipient(name: str, table: Table) -> _Recipient:
    recipient = _Recipient(
        grants=_grants(table),
        assignments=_assignments(name, table),
        others_claimed=tuple(_day_hours(each) for each in table.take_tables("others_claimed")),
        extras=_extras(table),
    )
    table.take("wage_cents", whole_number, None)
    table.finish()
    return recipient


def _grants(table: Table) -> tuple[Grant, ...]:
    """One amount for good, or dated ones."""
    dated = table.take_tables("grants")
    if not dated:
        return (Grant(table.take("monthly_authorized", hours), date.min),)
    return tuple(_grant(each) for each in dated)


def _grant(table: Table) -> Grant:
    grant = Grant(
        table.take("monthly_authorized", hours),
        table.take("from", day),
        table.take("until", day, None),
    )
    table.finish()
    return grant


def _assignments(name: str, table: Table) -> tuple[AssignmentDates, ...]:
    own = _assignment(name, table, IHSS)
    wpcs = table.take("wpcs", lambda content: Table(content, table.key("wpcs")), None)
    if wpcs is None:
        return (own,)
    beside = _assignment(name, wpcs, WPCS)
    wpcs.finish()
    return (own, beside)


def _assignment(name: str, table: Table, program: str) -> AssignmentDates:
    active = table.take_table("active")
    share: int | None = table.take("assigned", hours, *(() if program == WPCS else (None,)))
    dates = AssignmentDates(
        name, active.take("from", day), active.take("until", day, None), program, share
    )
    active.finish()
    return dates


def _extras(table: Table) -> Mapping[Workweek, int]:
    extras: dict[Workweek, int] = {}
    for each in table.take_tables("extra_weekly"):
        week: Workweek = each.take("week_of", lambda sunday: Workweek(day(sunday)))
        extras[week] = extras.get(week, 0) + each.take("hours", hours)
        each.finish()
    return extras


def _worked(table: Table, recipients: Mapping[str, _Recipient]) -> WorkedElsewhere:
    recipient = table.take("recipient", one_of(recipients))
    program = table.take("program", one_of(_PROGRAMS), IHSS)
    worked = _day_hours(table)
    return WorkedElsewhere(recipient, worked.on, worked.minutes, program)


def _day_hours(table: Table) -> DayHours:
    worked = DayHours(table.take("on", day), table.take("hours", hours))
    table.finish()
    return worked


def _entries(table: Table) -> tuple[DayHours, ...]:
    return tuple(DayHours(_day_in_key(table, on), table.take(on, hours)) for on in table.names())


def _day_in_key(table: Table, on: str) -> date:
    try:
        return date.fromisoformat(on)
    except ValueError as error:
        raise TableError(f"{table.key(on)}: unknown key; a day is wanted") from error
