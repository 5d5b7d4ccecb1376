"""What a timesheet runs into when it is submitted: what stops it, what warns, and what holds it.

Decisions 4 to 6. The same findings are shown while hours are typed and when they are signed.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from app.domain import corrections, overtime, parameters
from app.domain.balances import (
    SubmissionFacts,
    WeekBar,
    month_balances,
    month_granted,
    week_bar,
)
from app.domain.outcomes import Finding, Kind, block, hold, warning
from app.domain.periods import Month, midnight_after
from app.domain.timesheets import Hold
from app.domain.weekly_maximum import IHSS


def check_submission(facts: SubmissionFacts) -> list[Finding]:
    """All findings about a timesheet: first what stops it, then what warns, then what holds it.

    A rule about days, weeks or months remarks each of them in a finding of its own. The facts of
    every finding are said at its rule below; durations are minutes.
    """
    return [finding for check in _CHECKS for finding in check(facts)]


def holds_of(findings: Iterable[Finding]) -> frozenset[Hold]:
    """The holds among findings, as the table of transitions takes them."""
    return frozenset(Hold(finding.code) for finding in findings if finding.kind is Kind.HOLD)


def early_hold_ends_at(last_worked_on: date) -> datetime:
    """When an EARLY hold ends by itself: at the local midnight after the last worked day (UTC)."""
    return midnight_after(last_worked_on)


# ── What stops a submission: it cannot be paid as it stands (decision 4) ─────────────────────────


def _no_hours(facts: SubmissionFacts) -> Iterator[Finding]:
    if not facts.total:
        yield block("NO_HOURS")


def _open_visit(facts: SubmissionFacts) -> Iterator[Finding]:
    if facts.open_visit:
        yield block("OPEN_VISIT")


def _day_over_24_hours(facts: SubmissionFacts) -> Iterator[Finding]:
    """All recipients together; also on the day of 25 hours."""
    for entry in facts.worked_entries:
        elsewhere = sum(worked.minutes for worked in facts.worked if worked.on == entry.on)
        limit = parameters.value("timesheet.longest_day", entry.on)
        by = entry.minutes + elsewhere - limit
        if by > 0:
            yield block(
                "DAY_OVER_24_HOURS",
                on=entry.on,
                worked=entry.minutes,
                already=elsewhere,
                limit=limit,
                by=by,
            )


def _outside_period(facts: SubmissionFacts) -> Iterator[Finding]:
    for entry in facts.worked_entries:
        if entry.on not in facts.period:
            yield block(
                "OUTSIDE_PERIOD",
                on=entry.on,
                worked=entry.minutes,
                starts_on=facts.period.starts_on,
                ends_on=facts.period.ends_on,
            )


def _future_hours(facts: SubmissionFacts) -> Iterator[Finding]:
    """A future hour is one on a day after today's local date; one later today is not."""
    for entry in facts.worked_entries:
        if entry.on > facts.today:
            yield block("FUTURE_HOURS", on=entry.on, worked=entry.minutes, today=facts.today)


def _not_assigned(facts: SubmissionFacts) -> Iterator[Finding]:
    for entry in facts.worked_entries:
        if not any(dates.covers(entry.on) for dates in facts.own_assignments):
            yield block("NOT_ASSIGNED", on=entry.on, worked=entry.minutes)


def _nothing_changed(facts: SubmissionFacts) -> Iterator[Finding]:
    if facts.stands is not None and facts.total and not _changes(facts):
        yield block("NOTHING_CHANGED")


def _day_already_claimed(facts: SubmissionFacts) -> Iterator[Finding]:
    """A supplement adds days; one that is approved, and perhaps paid, is not claimed twice."""
    if not facts.adds_only:
        return
    for change in _changes(facts):
        if change.before:
            yield block(
                "DAY_ALREADY_CLAIMED", on=change.on, already=change.before, worked=change.after
            )


def _changes(facts: SubmissionFacts) -> tuple[corrections.DayChange, ...]:
    now = {entry.on: entry.minutes for entry in facts.worked_entries}
    return corrections.days_changed(facts.stands or {}, now)


def _month_exceeded(facts: SubmissionFacts) -> Iterator[Finding]:
    """The recipient's month, this provider's share of it, and an exemption's 360:00."""
    balances = month_balances(facts)
    named = (
        ("RECIPIENT_HOURS_EXCEEDED", balances.recipient),
        ("ASSIGNED_HOURS_EXCEEDED", balances.assigned),
        ("EXEMPTION_MONTH_EXCEEDED", balances.exemption),
    )
    for code, balance in named:
        if balance and facts.total > balance.left:
            yield block(
                code,
                month_starts_on=facts.period.month.starts_on,
                limit=balance.limit,
                already=balance.claimed,
                left=balance.left,
                worked=facts.total,
                by=facts.total - balance.left,
            )


# ── What warns and goes on with a reason (decision 5) ────────────────────────────────────────────


def _weekly_maximum_exceeded(facts: SubmissionFacts) -> Iterator[Finding]:
    for bar in _bars(facts):
        if bar.over:
            yield _weekly_warning("WEEKLY_MAXIMUM_EXCEEDED", bar, bar.limit)


def _forty_hours_exceeded(facts: SubmissionFacts) -> Iterator[Finding]:
    """Where a recipient's week may hold 40:00 or less, overtime for her is more than was granted."""
    for bar in _bars(facts):
        forty = overtime.threshold(bar.week)
        if bar.limit <= forty < bar.total:
            yield _weekly_warning("FORTY_HOURS_EXCEEDED", bar, forty)


def _provider_weekly_limit_exceeded(facts: SubmissionFacts) -> Iterator[Finding]:
    """All recipients together; `already` and `carried_in` count everyone's hours."""
    for bar in _bars(facts):
        if bar.provider_limit is not None and bar.provider_total > bar.provider_limit:
            yield warning(
                "PROVIDER_WEEKLY_LIMIT_EXCEEDED",
                week_starts_on=bar.week.starts_on,
                week_ends_on=bar.week.ends_on,
                limit=bar.provider_limit,
                worked=bar.worked,
                already=bar.provider_already,
                carried_in=bar.provider_carried_in,
                total=bar.provider_total,
                by=bar.provider_total - bar.provider_limit,
            )


def _monthly_overtime_exceeded(facts: SubmissionFacts) -> Iterator[Finding]:
    """The months in which its workweeks end, where the recipient's own week is more than 40:00."""
    own_weeks = facts.weeks_with_hours
    for month in dict.fromkeys(Month.of(week.ends_on) for week in own_weeks):
        bars = [week_bar(facts, week) for week in month.workweeks_ending]
        own_bars = [bar for bar in bars if bar.week in own_weeks]
        if not any(bar.maximum > overtime.threshold(bar.week) for bar in own_bars):
            continue
        normal = overtime.normal_in_month((bar.week, bar.limit) for bar in bars)
        total = overtime.of_weeks({bar.week: bar.total for bar in bars})
        if total > normal:
            yield warning(
                "MONTHLY_OVERTIME_EXCEEDED",
                month_starts_on=month.starts_on,
                limit=normal,
                total=total,
                by=total - normal,
            )


def _bars(facts: SubmissionFacts) -> Iterator[WeekBar]:
    """Only the workweeks in which this timesheet has hours: no one is warned of another's twice."""
    return (week_bar(facts, week) for week in facts.weeks_with_hours)


def _weekly_warning(code: str, bar: WeekBar, limit: int) -> Finding:
    return warning(
        code,
        week_starts_on=bar.week.starts_on,
        week_ends_on=bar.week.ends_on,
        limit=limit,
        extra=bar.extra,
        worked=bar.worked,
        already=bar.already,
        carried_in=bar.carried_in,
        total=bar.total,
        by=bar.total - limit,
    )


# ── What holds: it is accepted and waits (decision 6) ────────────────────────────────────────────


def _early(facts: SubmissionFacts) -> Iterator[Finding]:
    if facts.worked_entries and facts.worked_entries[-1].on == facts.today:
        yield hold(Hold.EARLY, on=facts.today, ends_at=early_hold_ends_at(facts.today))


def _late(facts: SubmissionFacts) -> Iterator[Finding]:
    limit = parameters.value("timesheet.late_after", facts.today)
    if facts.today > facts.period.ends_on + timedelta(days=limit):
        days = (facts.today - facts.period.ends_on).days
        yield hold(Hold.LATE, ends_on=facts.period.ends_on, days=days, limit=limit)


def _over_70_percent(facts: SubmissionFacts) -> Iterator[Finding]:
    """Hours of the first half, all providers together; those of the second half do not count."""
    share = first_half_share(facts)
    if share is None or not facts.total:
        return
    claimed = share.claimed + facts.total
    if claimed * 100 > share.authorized * share.percent:
        yield hold(
            Hold.OVER_70_PERCENT,
            claimed=claimed,
            authorized=share.authorized,
            percent=share.percent,
        )


@dataclass(frozen=True, slots=True)
class FirstHalfShare:
    """How much of a month may be claimed in its first half without a look by the county. Minutes.

    `claimed` are the hours of the half month that stand in other timesheets, all providers together.
    """

    claimed: int
    authorized: int
    percent: int


def first_half_share(facts: SubmissionFacts) -> FirstHalfShare | None:
    """The share of the month that its first half may take; None in a second half and for WPCS.

    Of a whole month's hours: who is authorized until the 15th only has all of them in the first half.
    """
    if not facts.period.is_first_half or facts.program != IHSS:
        return None
    own = (
        worked
        for worked in facts.worked
        if (worked.recipient, worked.program) == (facts.recipient, IHSS)
    )
    others = (claim for claim in facts.others_claimed if claim.on in facts.period)
    return FirstHalfShare(
        claimed=sum(worked.minutes for worked in own if worked.on in facts.period)
        + sum(claim.minutes for claim in others),
        authorized=month_granted(facts),
        percent=parameters.value("timesheet.first_half_share", facts.period.starts_on),
    )


def _flagged_pair(facts: SubmissionFacts) -> Iterator[Finding]:
    if facts.is_flagged and facts.total:
        yield hold(Hold.FLAGGED_PAIR)


def _county_review(facts: SubmissionFacts) -> Iterator[Finding]:
    """What follows a void timesheet is looked at by the county, for it voided the one before."""
    if facts.was_voided and facts.total:
        yield hold(Hold.COUNTY_REVIEW)


_CHECKS: tuple[Callable[[SubmissionFacts], Iterator[Finding]], ...] = (
    _no_hours,
    _open_visit,
    _day_over_24_hours,
    _outside_period,
    _future_hours,
    _not_assigned,
    _nothing_changed,
    _day_already_claimed,
    _month_exceeded,
    _weekly_maximum_exceeded,
    _forty_hours_exceeded,
    _provider_weekly_limit_exceeded,
    _monthly_overtime_exceeded,
    _early,
    _late,
    _over_70_percent,
    _flagged_pair,
    _county_review,
)
