"""What must a phone know of a sheet, so that it reckons the same findings while hours are typed?

Everything that typing does not change is worked out here, by the rules themselves: limits, what
stands claimed elsewhere, what is normal in a month. What is left to the phone is to add and compare
(`app/static/js/forecast.js`). Others' hours are in the sums and bear no name. Plain values only:
minutes and cents as whole numbers, days in ISO form.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from itertools import combinations
from typing import Any

from app.domain import overtime, parameters, violations
from app.domain.balances import (
    Balance,
    DayHours,
    SubmissionFacts,
    WeekBar,
    month_balances,
    week_bar,
)
from app.domain.earnings import LineKind, RatedHours
from app.domain.outcomes import Finding, plain_facts, warning
from app.domain.periods import Month, PayPeriod, Workweek
from app.domain.submissions import check_submission, first_half_share
from app.domain.violations import Trigger, Violation

UNTOUCHED_BY_TYPING = frozenset({"OPEN_VISIT", "LATE"})
"""Findings that hold whatever is typed, so that the phone only repeats them."""
WITH_ANY_HOURS = frozenset({"FLAGGED_PAIR", "COUNTY_REVIEW"})
"""Findings that hold as soon as anything is typed."""


def for_phone(facts: SubmissionFacts, history: Iterable[Violation] = ()) -> dict[str, Any]:
    """The facts of a sheet as the phone reckons with them; `history` are the provider's violations."""
    period = facts.period
    balances = month_balances(facts)
    one_minute = replace(facts, entries=(DayHours(period.starts_on, 1),))
    findings = [plain(finding) for finding in check_submission(one_minute)]
    return {
        "today": facts.today.isoformat(),
        "standing": [each for each in findings if each["code"] in UNTOUCHED_BY_TYPING],
        "with_hours": [each for each in findings if each["code"] in WITH_ANY_HOURS],
        "stands": {on.isoformat(): minutes for on, minutes in (facts.stands or {}).items()},
        "adds_only": facts.adds_only,
        "longest_day": parameters.value("timesheet.longest_day", period.starts_on),
        "elsewhere": _elsewhere(facts),
        "not_assigned": [
            on.isoformat()
            for on in period.days
            if not any(dates.covers(on) for dates in facts.own_assignments)
        ],
        "weeks": [_week(week_bar(facts, week)) for week in period.workweeks],
        "month": {
            "starts_on": period.month.starts_on.isoformat(),
            "recipient": _balance(balances.recipient),
            "assigned": _balance(balances.assigned),
            "exemption": _balance(balances.exemption),
            # What a phone of the release before this one looks for.
            "recipient_left": balances.recipient.left,
            "assigned_left": balances.assigned.left,
            "others": sum(
                claim.minutes for claim in facts.others_claimed if claim.on in period.month
            ),
        },
        "overtime": [_overtime(facts, month) for month in _months(facts)],
        "first_half": _first_half(facts),
        "violations": _violations(facts, tuple(history)),
    }


def pay_for_phone(
    period: PayPeriod,
    rates: Mapping[date, int],
    before: Iterable[RatedHours],
    premium_paid: Mapping[Workweek, int],
) -> dict[str, Any]:
    """What the phone needs to reckon the gross pay of a sheet; cents.

    `rates` are the cents an hour on each day of the period, `before` the hours already paid to this
    provider in its weeks, all recipients, and `premium_paid` their premium. `minute_cents` are minutes
    times cents an hour, so that nothing is rounded before its line is.
    """
    counted = [each for each in before if each.kind is not LineKind.SICK_LEAVE]
    weeks = []
    for week in period.workweeks:
        paid = [each for each in counted if each.on in week]
        weeks.append(
            {
                "starts_on": week.starts_on.isoformat(),
                "minutes": sum(each.minutes for each in paid),
                "minute_cents": sum(each.minutes * each.rate_cents for each in paid),
                "paid": premium_paid.get(week, 0),
                "percent": parameters.value("pay.overtime_premium", week.starts_on),
                "overtime_after": overtime.threshold(week),
            }
        )
    return {"rates": _changes(rates), "weeks": weeks}


def _changes(rates: Mapping[date, int]) -> list[dict[str, Any]]:
    """The days on which the rate is another than the day before."""
    changes: list[dict[str, Any]] = []
    for on, cents in sorted(rates.items()):
        if not changes or changes[-1]["cents"] != cents:
            changes.append({"from": on.isoformat(), "cents": cents})
    return changes


def plain(finding: Finding) -> dict[str, Any]:
    """A finding as JSON has it."""
    return {
        "code": str(finding.code),
        "kind": finding.kind.value,
        "facts": plain_facts(finding.facts),
    }


def _elsewhere(facts: SubmissionFacts) -> dict[str, int]:
    """Minutes that this provider has claimed in other sheets on the days of this one."""
    minutes: dict[str, int] = {}
    for worked in facts.worked:
        if worked.on in facts.period:
            on = worked.on.isoformat()
            minutes[on] = minutes.get(on, 0) + worked.minutes
    return minutes


def _week(bar: WeekBar) -> dict[str, Any]:
    return {
        "starts_on": bar.week.starts_on.isoformat(),
        "ends_on": bar.week.ends_on.isoformat(),
        "limit": bar.limit,
        "extra": bar.extra,
        "already": bar.already,
        "carried_in": bar.carried_in,
        "provider_limit": bar.provider_limit,
        "provider_already": bar.provider_already,
        "provider_carried_in": bar.provider_carried_in,
        "overtime_after": overtime.threshold(bar.week),
    }


def _balance(balance: Balance | None) -> dict[str, int] | None:
    if balance is None:
        return None
    return {"limit": balance.limit, "claimed": balance.claimed, "left": balance.left}


def _months(facts: SubmissionFacts) -> list[Month]:
    """The months in which the sheet's workweeks end."""
    return list(dict.fromkeys(Month.of(week.ends_on) for week in facts.period.workweeks))


def _overtime(facts: SubmissionFacts, month: Month) -> dict[str, Any]:
    """What overtime a month has elsewhere, and what is normal in it; `judged` as in decision 5."""
    bars = [week_bar(facts, week) for week in month.workweeks_ending]
    return {
        "month_starts_on": month.starts_on.isoformat(),
        "normal": overtime.normal_in_month((bar.week, bar.limit) for bar in bars),
        "weeks": [
            {
                "starts_on": bar.week.starts_on.isoformat(),
                "already": bar.already,
                "overtime_after": overtime.threshold(bar.week),
                "judged": bar.maximum > overtime.threshold(bar.week),
            }
            for bar in bars
        ],
    }


def _first_half(facts: SubmissionFacts) -> dict[str, int] | None:
    share = first_half_share(facts)
    if share is None:
        return None
    return {"claimed": share.claimed, "authorized": share.authorized, "percent": share.percent}


def _violations(facts: SubmissionFacts, history: tuple[Violation, ...]) -> dict[str, Any]:
    """What would follow for each set of months that could have one, and which codes would do it."""
    months = _months(facts)
    sets = [each for size in range(1, len(months) + 1) for each in combinations(months, size)]
    return {
        "triggers": [trigger.value for trigger in Trigger],
        "prospects": {
            ",".join(month.starts_on.isoformat() for month in each): _prospects(
                facts, each, history
            )
            for each in sets
        },
    }


def _prospects(
    facts: SubmissionFacts, months: Iterable[Month], history: tuple[Violation, ...]
) -> list[dict[str, Any]]:
    in_each = [warning(Trigger.FORTY_HOURS, week_ends_on=month.ends_on) for month in months]
    return [
        {"code": prospect.code, "facts": plain_facts(prospect.facts)}
        for prospect in violations.would_follow(in_each, history, facts.today)
    ]
