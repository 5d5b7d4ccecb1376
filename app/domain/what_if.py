"""What would follow if somebody worked these hours: the rules' answer to hours that are only thought of.

Nothing here is a rule of its own. The hours are put on the timesheets that they would stand on, one after
another as the half months end, and each is asked what the portal asks when a timesheet is submitted.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from app.domain import earnings, flexible_weeks, violations
from app.domain.balances import (
    DayHours,
    SubmissionFacts,
    WeekBar,
    WorkedElsewhere,
    week_bar,
    within_authorization,
)
from app.domain.earnings import Line, RatedHours
from app.domain.flexible_weeks import MovedWeek
from app.domain.outcomes import Finding, Kind
from app.domain.periods import PayPeriod, Workweek, midnight_after
from app.domain.smallest_change import DayCut, smallest_change
from app.domain.submissions import check_submission
from app.domain.violations import Prospect
from app.domain.weekly_maximum import AssignmentDates, Exemption, Grant

OF_ALL_RECIPIENTS = frozenset({"PROVIDER_WEEKLY_LIMIT_EXCEEDED"})
"""Findings about a provider's whole week: said once, whichever timesheet runs into it."""

_Checked = tuple[SubmissionFacts, list[Finding]]


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who would be cared for. Durations are minutes, rates cents an hour.

    `assigned` is this provider's share of the month (None: all of it); `rates` the wage of each day
    with hours (None: not known, so no pay is reckoned).
    """

    number: int
    monthly: int
    hours: Mapping[date, int]
    assigned: int | None = None
    rates: Mapping[date, int] | None = None

    @property
    def days(self) -> tuple[date, ...]:
        """The days with hours, in order."""
        return tuple(sorted(on for on, minutes in self.hours.items() if minutes))


@dataclass(frozen=True, slots=True)
class Question:
    """What is thought of: the hours for each person, and the provider's exemption."""

    people: tuple[Person, ...]
    exemption: Exemption = Exemption.NONE


@dataclass(frozen=True, slots=True)
class Sheet:
    """A timesheet that these hours would stand on, and what the rules would say of it."""

    person: int
    period: PayPeriod
    total: int
    findings: tuple[Finding, ...]
    changes: tuple[DayCut, ...]
    """With which the rules would have nothing to say; later timesheets count on the earlier ones' changes."""
    moved: tuple[MovedWeek, ...] = ()
    """Its weeks over the maximum, and whether the county must have approved them."""


@dataclass(frozen=True, slots=True)
class Week:
    """A workweek: the figures for each person with hours in it, and those of all together."""

    week: Workweek
    bars: Mapping[int, WeekBar]

    @property
    def together(self) -> WeekBar:
        """Any of them: the provider's own figures stand in each."""
        return next(iter(self.bars.values()))


@dataclass(frozen=True, slots=True)
class Answer:
    """All that would follow. `lines` is None where a wage is not known."""

    sheets: tuple[Sheet, ...]
    weeks: tuple[Week, ...]
    prospects: tuple[Prospect, ...]
    not_authorized: int
    lines: tuple[Line, ...] | None

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Of all timesheets."""
        return tuple(finding for sheet in self.sheets for finding in sheet.findings)

    @property
    def total(self) -> int:
        """Minutes of all timesheets."""
        return sum(sheet.total for sheet in self.sheets)


def answer(question: Question, on: date) -> Answer:
    """What would follow; violations as if their notice came on a day and there were none before.

    >>> rosa = Person(1, 195 * 60, {date(2026, 3, 2 + day): 10 * 60 for day in range(5)})
    >>> [finding.code for finding in answer(Question((rosa,)), date(2026, 3, 20)).findings]
    ['WEEKLY_MAXIMUM_EXCEEDED']
    """
    facts = tuple(_in_turn(question))
    checked = [(each, check_submission(each)) for each in facts]
    planned = tuple(_changes(checked))
    findings = _last_said(checked)
    sheets = tuple(
        Sheet(int(each.recipient), each.period, each.total, said, changes)
        for each, said, changes in zip(facts, findings, planned, strict=True)
    )
    claims = [claim for each in facts for claim in within_authorization(each)]
    return Answer(
        sheets=tuple(replace(sheet, moved=_moved(sheet, sheets)) for sheet in sheets),
        weeks=tuple(_weeks(question, facts)),
        prospects=violations.would_follow(
            (finding for sheet in sheets for finding in sheet.findings), (), on
        ),
        not_authorized=sum(claim.not_authorized for claim in claims),
        lines=_lines(question, facts),
    )


def _in_turn(question: Question) -> Iterator[SubmissionFacts]:
    """The timesheets in the order in which they would be submitted, each when its half month is over."""
    before: list[WorkedElsewhere] = []
    for period, person in _halves(question):
        facts = _facts(question, person, period, before)
        yield facts
        before += [
            WorkedElsewhere(person.number, entry.on, entry.minutes) for entry in facts.entries
        ]


def _halves(question: Question) -> list[tuple[PayPeriod, Person]]:
    pairs = {
        (PayPeriod.of(on), person.number): person
        for person in question.people
        for on in person.days
    }
    return [(period, pairs[period, number]) for period, number in sorted(pairs)]


def _facts(
    question: Question, person: Person, period: PayPeriod, before: Sequence[WorkedElsewhere]
) -> SubmissionFacts:
    return SubmissionFacts(
        submitted_at=midnight_after(period.ends_on),
        period=period,
        recipient=person.number,
        entries=tuple(DayHours(on, person.hours[on]) for on in person.days if on in period),
        grants=(Grant(person.monthly, date.min),),
        assignments=tuple(AssignmentDates(each.number, date.min) for each in question.people),
        assigned_minutes=person.assigned,
        worked=tuple(before),
        exemption=question.exemption,
    )


def _changes(checked: Iterable[_Checked]) -> Iterator[tuple[DayCut, ...]]:
    """The changes of each timesheet, where those before it had been changed already.

    What nothing is said of needs none: less before it can only leave more to it.
    """
    before: list[WorkedElsewhere] = []
    for each, found in checked:
        too_much = any(finding.kind is not Kind.HOLD for finding in found)
        cuts = smallest_change(replace(each, worked=tuple(before))) if too_much else ()
        yield cuts
        left = {entry.on: entry.minutes for entry in each.entries}
        left |= {cut.on: cut.within for cut in cuts}
        before += [WorkedElsewhere(each.recipient, on, minutes) for on, minutes in left.items()]


def _last_said(checked: Sequence[_Checked]) -> list[tuple[Finding, ...]]:
    """What warns of a week or a month is said once, by the last timesheet, which knows all its hours."""
    last: dict[object, int] = {}
    for place, (facts, found) in enumerate(checked):
        last |= {_about(facts, finding): place for finding in found}
    return [
        tuple(finding for finding in found if last[_about(facts, finding)] == place)
        for place, (facts, found) in enumerate(checked)
    ]


def _about(facts: SubmissionFacts, finding: Finding) -> object:
    """What tells one finding from another that says the same of the same."""
    if finding.kind is not Kind.WARNING:
        return facts.period, facts.recipient, finding.code, finding.facts.get("on")
    whose = None if finding.code in OF_ALL_RECIPIENTS else facts.recipient
    when = finding.facts.get("week_starts_on", finding.facts.get("month_starts_on"))
    return finding.code, whose, when


def _weeks(question: Question, facts: Sequence[SubmissionFacts]) -> Iterator[Week]:
    """Every workweek with hours, all timesheets counted."""
    everything = tuple(
        WorkedElsewhere(each.recipient, entry.on, entry.minutes)
        for each in facts
        for entry in each.entries
    )
    for week in sorted({Workweek.of(worked.on) for worked in everything}):
        there = {worked.recipient for worked in everything if worked.on in week}
        yield Week(
            week,
            {
                person.number: week_bar(_looking_back(question, person, week, everything), week)
                for person in question.people
                if person.number in there
            },
        )


def _looking_back(
    question: Question, person: Person, week: Workweek, everything: Sequence[WorkedElsewhere]
) -> SubmissionFacts:
    period = PayPeriod.of(week.starts_on)
    return replace(_facts(question, person, period, everything), entries=())


def _moved(sheet: Sheet, sheets: Sequence[Sheet]) -> tuple[MovedWeek, ...]:
    """The weeks that it warns of, judged by all that is said of the person and of all together."""
    warned_of = {
        finding.facts["week_starts_on"]
        for finding in sheet.findings
        if finding.code == "WEEKLY_MAXIMUM_EXCEEDED"
    }
    said = [
        finding
        for each in sheets
        for finding in each.findings
        if each.person == sheet.person or finding.code in OF_ALL_RECIPIENTS
    ]
    moved = flexible_weeks.moved_weeks(said)
    return tuple(each for each in moved if each.week.starts_on in warned_of)


def _lines(question: Question, facts: Sequence[SubmissionFacts]) -> tuple[Line, ...] | None:
    """The pay of what can be claimed, as if all of it were paid at once."""
    rates = {person.number: person.rates for person in question.people}
    hours = []
    for each in facts:
        known = rates[int(each.recipient)]
        if known is None:
            return None
        hours += [
            RatedHours(claim.on, claim.claimed, known[claim.on])
            for claim in within_authorization(each)
            if claim.claimed
        ]
    return earnings.sheet_earnings(hours)
