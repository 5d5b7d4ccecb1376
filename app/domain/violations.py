"""Which hours count as a violation, which step it is, what it means, and until when to answer it.

WIC 12300.4; ACL 16-01 and 16-36; domain.md §4. Only hours and travel claimed beyond what was granted
can be a violation. Nothing that comes from a check-in ever is: WIC 10836 forbids it, so the table of
triggers below is the whole list, and this module knows nothing of visits.

A violation never holds pay: what was worked is paid (decision 5).
"""

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import IntEnum, StrEnum

from app.domain import parameters
from app.domain.business_days import add_business_days
from app.domain.outcomes import Finding
from app.domain.periods import Month


class Trigger(StrEnum):
    """What can be a violation: each is the code of the finding that warns of it (ACL 16-36).

    More than the weekly maximum alone is none; it is one when the month's overtime grows by it.
    """

    FORTY_HOURS = "FORTY_HOURS_EXCEEDED"
    MONTHLY_OVERTIME = "MONTHLY_OVERTIME_EXCEEDED"
    PROVIDER_WEEKLY_LIMIT = "PROVIDER_WEEKLY_LIMIT_EXCEEDED"
    TRAVEL = "TRAVEL_WEEK_EXCEEDED"


class Step(IntEnum):
    """How many violations count, and what the last of them means."""

    NOTICE = 1
    SECOND_NOTICE = 2  # once, self-study in time undoes it
    SUSPENDED = 3  # back by itself after 90 days
    INELIGIBLE = 4  # for 365 days; who enrols again begins at none


STATE_REVIEWS = frozenset({Step.SUSPENDED, Step.INELIGIBLE})
"""Steps that the State looks at again when the county has not changed its mind."""


@dataclass(frozen=True, slots=True)
class Violation:
    """A violation that the county gave notice of, and what became of it."""

    month: Month
    """The calendar month whose hours it is about."""
    noticed_on: date
    """The date on the notice, from which every deadline runs."""
    self_study_on: date | None = None
    """The day on which the provider finished the self-study."""
    overturned: bool = False
    """Whether the county or the State took it back."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How many violations count against a provider on a day, and what is used up."""

    count: int = 0
    since: date | None = None
    """From when the next year without a violation runs; None while nothing counts."""
    self_study_used: bool = False
    months: frozenset[Month] = frozenset()
    """Months that have their one violation."""

    @property
    def next_step(self) -> Step:
        """Which step one more would be; there is none after the fourth."""
        return Step(min(self.count + 1, Step.INELIGIBLE))

    @property
    def self_study_open(self) -> bool:
        """Whether self-study could undo one more: the second, once only."""
        return self.next_step is Step.SECOND_NOTICE and not self.self_study_used


@dataclass(frozen=True, slots=True)
class Dates:
    """The days that follow from a notice; each deadline is the last day on which it is kept."""

    noticed_on: date
    dispute_by: date
    effective_on: date
    self_study_by: date | None = None
    """None where no self-study can undo it."""
    back_on: date | None = None
    """The first day of work again; after step 4, the first day on which she can enrol anew."""


@dataclass(frozen=True, slots=True)
class Prospect:
    """A month whose hours would be a violation, and what that would mean if notice came today."""

    month: Month
    triggers: tuple[Trigger, ...]
    """Why, each once, in the order of the findings."""
    step: Step | None
    """Which step it would be; None where the month has its one violation, so no further step follows."""
    dates: Dates | None
    """What follows when; None with the step."""

    @property
    def code(self) -> str:
        """The code of the sentence that says what it would mean; there is one for each step."""
        if self.step is None or self.dates is None:
            return "VIOLATION_NO_FURTHER"
        if self.dates.self_study_by is not None:
            return "VIOLATION_SELF_STUDY"
        return f"VIOLATION_{self.step.name}"

    @property
    def facts(self) -> Mapping[str, object]:
        """What that sentence needs: the month, and every date that follows."""
        facts: dict[str, object] = {"month_starts_on": self.month.starts_on}
        if self.dates is None:
            return facts
        return facts | {
            "dispute_by_date": self.dates.dispute_by,
            "effective_date": self.dates.effective_on,
            "self_study_by_date": self.dates.self_study_by,
            "back_date": self.dates.back_on,
        }


def would_follow(
    findings: Iterable[Finding], history: Iterable[Violation], on: date
) -> tuple[Prospect, ...]:
    """The violations that these findings would bring, by month, as things stand on a day.

    Only the first of a calendar month counts, whatever its triggers. A week belongs to the month of
    its Saturday, as in decision 5. `history` are all violations of this provider, also those that
    were taken back. Exceptions that the county approved are in the findings already.

    >>> from app.domain.outcomes import warning
    >>> over = warning("FORTY_HOURS_EXCEEDED", week_ends_on=date(2026, 3, 7))
    >>> [prospect] = would_follow([over], (), date(2026, 3, 16))
    >>> prospect.code, prospect.dates.effective_on
    ('VIOLATION_NOTICE', datetime.date(2026, 4, 5))
    """
    state = standing(history, on)
    prospects = []
    for month, triggers in sorted(_by_month(findings).items()):
        if month in state.months:
            prospects.append(Prospect(month, triggers, None, None))
            continue
        step = state.next_step
        dates = dates_of(step, on, self_study=state.self_study_open)
        prospects.append(Prospect(month, triggers, step, dates))
        state = _after(state, Violation(month, on))
    return tuple(prospects)


def standing(history: Iterable[Violation], on: date) -> Standing:
    """What counts against a provider on a day.

    One less after each year without a new violation, and none once the 365 days of the fourth are
    over. A violation that was taken back never was; one that self-study undid does not count, but
    the month had its one, and self-study is used up.
    """
    state = Standing()
    noticed = sorted(history, key=lambda violation: (violation.noticed_on, violation.month))
    for violation in noticed:
        if violation.noticed_on <= on and not violation.overturned:
            state = _after(_aged(state, violation.noticed_on), violation)
    return _aged(state, on)


def dates_of(step: Step, noticed_on: date, *, self_study: bool = False) -> Dates:
    """The days that follow from a notice of a step; `self_study` says whether it could be undone."""
    effective_on = _later(noticed_on, "effective_after", noticed_on)
    away = {Step.SUSPENDED: "suspended_for", Step.INELIGIBLE: "ineligible_for"}.get(step)
    return Dates(
        noticed_on=noticed_on,
        dispute_by=_later(noticed_on, "dispute_within", noticed_on),
        effective_on=effective_on,
        self_study_by=_later(noticed_on, "self_study_within", noticed_on) if self_study else None,
        back_on=_later(effective_on, away, noticed_on) if away else None,
    )


def county_answers_by(disputed_on: date, holidays: Container[date]) -> date:
    """The last day for the county's answer to a dispute: business days, the State's holidays left out."""
    days = parameters.value("violation.county_answers_within", disputed_on)
    return add_business_days(disputed_on, days, holidays)


def state_review_by(step: Step, answered_on: date) -> date | None:
    """The last day for the postmark of a request to the State; None where it looks at no such step."""
    if step not in STATE_REVIEWS:
        return None
    return _later(answered_on, "state_review_within", answered_on)


def _by_month(findings: Iterable[Finding]) -> dict[Month, tuple[Trigger, ...]]:
    months: dict[Month, tuple[Trigger, ...]] = {}
    for finding in findings:
        if finding.code in set(Trigger):
            month, trigger = _month_of(finding), Trigger(finding.code)
            months[month] = tuple(dict.fromkeys((*months.get(month, ()), trigger)))
    return months


def _month_of(finding: Finding) -> Month:
    day = finding.facts.get("week_ends_on", finding.facts.get("month_starts_on"))
    if not isinstance(day, date):
        raise ValueError(f"{finding.code} names neither its week nor its month.")
    return Month.of(day)


def _after(state: Standing, violation: Violation) -> Standing:
    """What stands once one more has come; only the first of its month counts."""
    if violation.month in state.months:
        return state
    state = replace(state, months=state.months | {violation.month})
    if state.self_study_open and _is_undone(violation):
        return replace(state, self_study_used=True)
    return replace(state, count=int(state.next_step), since=violation.noticed_on)


def _is_undone(violation: Violation) -> bool:
    last_day = _later(violation.noticed_on, "self_study_within", violation.noticed_on)
    return violation.self_study_on is not None and violation.self_study_on <= last_day


def _aged(state: Standing, on: date) -> Standing:
    """What is left of it by a day: less after each clean year, none after the year of the fourth."""
    if state.since is None:
        return state
    if state.count == Step.INELIGIBLE:
        back_on = dates_of(Step.INELIGIBLE, state.since).back_on
        over = back_on is not None and on >= back_on
        return replace(state, count=0, since=None) if over else state
    year = timedelta(days=parameters.value("violation.clean_year", state.since))
    while state.count and state.since + year <= on:
        state = replace(state, count=state.count - 1, since=state.since + year)
    return state if state.count else replace(state, since=None)


def _later(day: date, name: str, on: date) -> date:
    """So many calendar days after a day, by the parameter in force on another."""
    return day + timedelta(days=parameters.value(f"violation.{name}", on))
