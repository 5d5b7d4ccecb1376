"""What follows from the facts of a policy scenario, and what may a scenario expect of it?

One name for each outcome, as ADR 0026 lists them; every figure comes from the rules themselves.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from app.domain.balances import (
    Balance,
    MonthBalances,
    SubmissionFacts,
    month_balances,
    week_bar,
    within_authorization,
)
from app.domain.flexible_weeks import moved_weeks
from app.domain.hours import as_hhmm
from app.domain.outcomes import Finding, Kind
from app.domain.periods import Workweek
from app.domain.strict_tables import Table, codes, day, days, hours, items, text
from app.domain.submissions import check_submission
from app.domain.violations import Dates, Prospect, Violation, would_follow

Expected = Mapping[str, object]
"""What a scenario names of its outcome, by key: hours as minutes, codes and weeks as a set."""

NO_FURTHER = "no-further"
"""What is said of a month that has its violation already."""


def expected(table: Table) -> Expected:
    """What the `[expect]` table names; TableError for a key that no outcome has."""
    wanted: dict[str, object] = {}
    for key in [name for name in table.names() if name in _READERS]:
        wanted[key] = table.take(key, _READERS[key])
    for week in table.take_tables("workweek"):
        sunday = week.take("starts", lambda first: Workweek(day(first))).starts_on
        for figure in [name for name in week.names() if name in _WEEK_FIGURES]:
            wanted[f"workweek {sunday} {figure}"] = week.take(figure, hours)
        week.finish()
    dates = table.take_table("violation", "none")
    for name in [name for name in dates.names() if name in _DATES]:
        wanted[f"violation {name}"] = dates.take(name, day)
    dates.finish()
    table.finish()
    return wanted


def of(facts: SubmissionFacts, history: Iterable[Violation]) -> Callable[[str], object]:
    """A function from the key of an expectation to what the rules say."""
    findings = check_submission(facts)
    prospects = would_follow(findings, history, facts.today)
    situation = _Situation(facts, findings, prospects)

    def follows(key: str) -> object:
        if key.startswith("workweek "):
            _, sunday, figure = key.split()
            return _WEEK_FIGURES[figure](facts, Workweek(date.fromisoformat(sunday)))
        if key.startswith("violation "):
            return _date_of(prospects, key.removeprefix("violation "))
        return _OUTCOMES[key](situation)

    return follows


def shown(outcome: object) -> str:
    """An outcome as a county worker writes it."""
    if isinstance(outcome, int):
        return as_hhmm(outcome)
    if isinstance(outcome, frozenset):
        return f"[{', '.join(sorted(map(str, outcome)))}]"
    if isinstance(outcome, tuple):
        return f"[{', '.join(outcome)}]"
    return "none" if outcome is None else str(outcome)


@dataclass(frozen=True, slots=True)
class _Situation:
    facts: SubmissionFacts
    findings: list[Finding]
    prospects: tuple[Prospect, ...]


def _weekly_maximum(situation: _Situation) -> int:
    facts = situation.facts
    return week_bar(facts, facts.period.workweeks[0]).maximum


def _provider_weekly_limit(situation: _Situation) -> int:
    """The limit in the weeks with two recipients, or with one recipient her weekly maximum."""
    facts = situation.facts
    limits = [week_bar(facts, week).provider_limit for week in facts.period.workweeks]
    with_two = [limit for limit in limits if limit is not None]
    return min(with_two) if with_two else _weekly_maximum(situation)


def _codes(kind: Kind) -> Callable[[_Situation], frozenset[str]]:
    return lambda situation: frozenset(str(f.code) for f in situation.findings if f.kind is kind)


def _left(balance: Callable[[MonthBalances], Balance | None]) -> Callable[[_Situation], int | None]:
    def left(situation: _Situation) -> int | None:
        found = balance(month_balances(situation.facts))
        return None if found is None else found.left

    return left


def _moved(needs_approval: bool) -> Callable[[_Situation], frozenset[date]]:
    return lambda situation: frozenset(
        moved.week.starts_on
        for moved in moved_weeks(situation.findings)
        if moved.needs_approval is needs_approval
    )


def _violations(situation: _Situation) -> tuple[str, ...]:
    return tuple(
        NO_FURTHER if each.step is None else each.step.name.lower().replace("_", "-")
        for each in situation.prospects
    )


def _not_authorized(situation: _Situation) -> int:
    return sum(claim.not_authorized for claim in within_authorization(situation.facts))


_OUTCOMES: Mapping[str, Callable[[_Situation], object]] = {
    "weekly_maximum": _weekly_maximum,
    "provider_weekly_limit": _provider_weekly_limit,
    "blocks": _codes(Kind.BLOCK),
    "warnings": _codes(Kind.WARNING),
    "holds": _codes(Kind.HOLD),
    "claimed": lambda situation: situation.facts.total,
    "not_authorized": _not_authorized,
    "recipient_left": _left(lambda balances: balances.recipient),
    "assigned_left": _left(lambda balances: balances.assigned),
    "exemption_left": _left(lambda balances: balances.exemption),
    "weeks_without_approval": _moved(needs_approval=False),
    "weeks_needing_approval": _moved(needs_approval=True),
    "violations": _violations,
}

_READERS: Mapping[str, Callable[[object], object]] = {
    **dict.fromkeys(_OUTCOMES, hours),
    **dict.fromkeys(("blocks", "warnings", "holds"), codes),
    **dict.fromkeys(("weeks_without_approval", "weeks_needing_approval"), days),
    "violations": lambda value: tuple(map(text, items(value))),
}

_WEEK_FIGURES: Mapping[str, Callable[[SubmissionFacts, Workweek], int]] = {
    "already_submitted": lambda facts, week: week_bar(facts, week).provider_already,
    "total": lambda facts, week: week_bar(facts, week).provider_total,
    "regular": lambda facts, week: week_bar(facts, week).split.regular,
    "overtime": lambda facts, week: week_bar(facts, week).split.overtime,
    "limit": lambda facts, week: week_bar(facts, week).limit,
}
"""All recipients of the provider together; `limit` is the one recipient's, her exception included."""

_DATES: Mapping[str, Callable[[Dates], date | None]] = {
    "dispute_by": lambda dates: dates.dispute_by,
    "self_study_by": lambda dates: dates.self_study_by,
    "effective_on": lambda dates: dates.effective_on,
    "back_on": lambda dates: dates.back_on,
}


def _date_of(prospects: tuple[Prospect, ...], name: str) -> date | None:
    """Of the first violation that would follow."""
    dates = next((each.dates for each in prospects if each.dates), None)
    return None if dates is None else _DATES[name](dates)
