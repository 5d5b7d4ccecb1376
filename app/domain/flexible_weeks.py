"""In which weeks may a recipient move hours by herself, and in which must the county approve it?

ACL 16-01: without the county's approval a week may hold more than the weekly maximum if (a) a recipient
with 40:00 or less stays within 40:00, (b) the month has no more overtime than normal, and (c) the
provider stays within her own limit of the week. Each condition is judged by the finding that warns of
it, so that nothing is reckoned twice.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.domain.outcomes import Finding
from app.domain.periods import Month, Workweek


class Condition(StrEnum):
    """What must hold for a week without approval: each is the code of the finding that says it does not."""

    FORTY_HOURS = "FORTY_HOURS_EXCEEDED"
    MONTHLY_OVERTIME = "MONTHLY_OVERTIME_EXCEEDED"
    PROVIDER_WEEKLY_LIMIT = "PROVIDER_WEEKLY_LIMIT_EXCEEDED"


@dataclass(frozen=True, slots=True)
class MovedWeek:
    """A week with more than the weekly maximum: by how many minutes, and what does not hold in it."""

    week: Workweek
    by: int
    broken: tuple[Condition, ...]

    @property
    def needs_approval(self) -> bool:
        """Whether the county must have approved it: one condition that does not hold is enough."""
        return bool(self.broken)

    @property
    def code(self) -> str:
        """The code of the sentence that says so."""
        return "APPROVAL_NEEDED" if self.needs_approval else "APPROVAL_NOT_NEEDED"

    @property
    def facts(self) -> Mapping[str, object]:
        """What that sentence needs."""
        return {"week_starts_on": self.week.starts_on, "by": self.by}


def moved_weeks(findings: Iterable[Finding]) -> tuple[MovedWeek, ...]:
    """The weeks over their maximum among findings, in their order, each with what does not hold.

    Said of the month so far: later hours may still bring it more overtime than normal. A week belongs
    to the month of its Saturday (decision 5).

    >>> from app.domain.outcomes import warning
    >>> over = warning("WEEKLY_MAXIMUM_EXCEEDED", week_starts_on=date(2026, 3, 1), by=60)
    >>> [each.code for each in moved_weeks([over])]
    ['APPROVAL_NOT_NEEDED']
    """
    said = tuple(findings)
    return tuple(
        _moved(finding, said) for finding in said if finding.code == "WEEKLY_MAXIMUM_EXCEEDED"
    )


def _moved(over: Finding, findings: tuple[Finding, ...]) -> MovedWeek:
    sunday, by = over.facts["week_starts_on"], over.facts["by"]
    if not isinstance(sunday, date) or not isinstance(by, int):
        raise TypeError(f"{over.code} names its week by a day and what is over by minutes.")
    week = Workweek(sunday)
    return MovedWeek(week, by, tuple(each for each in Condition if _breaks(each, week, findings)))


def _breaks(condition: Condition, week: Workweek, findings: tuple[Finding, ...]) -> bool:
    month = Month.of(week.ends_on).starts_on
    return any(
        finding.code == condition
        and (
            finding.facts.get("week_starts_on") == week.starts_on
            or finding.facts.get("month_starts_on") == month
        )
        for finding in findings
    )
