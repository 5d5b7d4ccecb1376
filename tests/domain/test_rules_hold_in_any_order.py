"""Properties of whole weeks and months, whatever the hours and in whatever order they are claimed."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import accumulate

from hypothesis import given
from hypothesis import strategies as st

from app.domain import overtime
from app.domain.balances import (
    DayHours,
    SubmissionFacts,
    WorkedElsewhere,
    month_balances,
    week_bar,
    within_authorization,
)
from app.domain.outcomes import Kind
from app.domain.periods import Month, PayPeriod
from app.domain.submissions import check_submission
from app.domain.weekly_maximum import AssignmentDates, Exemption, Grant

MARCH = Month(date(2026, 3, 1))
HALVES = (PayPeriod(date(2026, 3, 1)), PayPeriod(date(2026, 3, 16)))
YEAR = date(2026, 1, 1)
PEOPLE = ("rosa", "walter")
MONTHLY = 100 * 60

Sheet = tuple[str, PayPeriod, tuple[DayHours, ...]]
"""Whose it is, its half month, and its hours."""


def a_sheet(recipient: str, period: PayPeriod) -> st.SearchStrategy[Sheet]:
    days = st.dictionaries(st.sampled_from(period.days), st.integers(0, 900), max_size=8)
    return days.map(
        lambda worked: (recipient, period, tuple(DayHours(on, m) for on, m in worked.items()))
    )


SHEETS = st.tuples(*(a_sheet(who, half) for who in PEOPLE for half in HALVES)).flatmap(
    st.permutations
)
"""The four timesheets of a provider's month, in any order."""


def facts_of(
    sheet: Sheet, claimed: Sequence[Sheet], exemption: Exemption = Exemption.NONE
) -> SubmissionFacts:
    recipient, period, entries = sheet
    return SubmissionFacts(
        submitted_at=datetime(2026, 4, 2, 16, tzinfo=UTC),
        period=period,
        recipient=recipient,
        entries=entries,
        grants=(Grant(MONTHLY, YEAR),),
        assignments=tuple(AssignmentDates(who, YEAR) for who in PEOPLE),
        worked=tuple(
            WorkedElsewhere(who, entry.on, entry.minutes)
            for who, _, hours in claimed
            for entry in hours
        ),
        exemption=exemption,
    )


@given(SHEETS)
def test_the_split_of_a_week_is_the_same_however_its_timesheets_are_ordered(
    sheets: Sequence[Sheet],
) -> None:
    """Each timesheet adds to the week what it has, and the last one leaves the whole."""
    for week in MARCH.workweeks_ending:
        bars = [week_bar(facts_of(each, sheets[:n]), week) for n, each in enumerate(sheets)]
        everything = sum(e.minutes for _, _, hours in sheets for e in hours if e.on in week)

        assert bars[-1].provider_total == everything
        assert bars[-1].split == overtime.split(everything, week)
        assert [bar.provider_already for bar in bars] == [
            0, *accumulate(bar.worked for bar in bars[:-1]),
        ]  # fmt: skip


@given(SHEETS)
def test_the_overtime_that_timesheets_add_sums_up_to_that_of_the_week(
    sheets: Sequence[Sheet],
) -> None:
    for week in MARCH.workweeks_ending:
        bars = [week_bar(facts_of(each, sheets[:n]), week) for n, each in enumerate(sheets)]
        added = sum(
            bar.split.overtime - overtime.split(bar.provider_already, week).overtime for bar in bars
        )

        assert added == bars[-1].split.overtime


def submit_all(sheets: Sequence[Sheet], exemption: Exemption = Exemption.NONE) -> list[Sheet]:
    """What stands claimed after each was submitted, where the rules let it."""
    claimed: list[Sheet] = []
    for sheet in sheets:
        findings = check_submission(facts_of(sheet, claimed, exemption))
        if not any(finding.kind is Kind.BLOCK for finding in findings):
            claimed.append(sheet)
    return claimed


@given(SHEETS)
def test_no_order_of_submissions_gets_past_a_recipients_month(sheets: Sequence[Sheet]) -> None:
    claimed = submit_all(sheets)

    for recipient in PEOPLE:
        assert total([sheet for sheet in claimed if sheet[0] == recipient]) <= MONTHLY


@given(SHEETS)
def test_no_order_of_submissions_gets_past_an_exempt_providers_month(
    sheets: Sequence[Sheet],
) -> None:
    assert total(submit_all(sheets, Exemption.EXEMPTION_2)) <= 360 * 60


@given(SHEETS)
def test_no_order_of_submissions_gets_more_than_a_day_into_a_day(sheets: Sequence[Sheet]) -> None:
    claimed = submit_all(sheets)

    for day in MARCH.days:
        assert sum(e.minutes for _, _, hours in claimed for e in hours if e.on == day) <= 24 * 60


@given(SHEETS, st.integers(0, MONTHLY))
def test_what_is_within_the_authorization_is_never_stopped_by_it(
    sheets: Sequence[Sheet], assigned: int
) -> None:
    """Claiming what is authorized, as the page offers, leaves no balance exceeded and no minute lost."""
    *before, sheet = sheets
    facts = replace(facts_of(sheet, submit_all(before)), assigned_minutes=assigned)
    claims = within_authorization(facts)

    cut = replace(facts, entries=tuple(DayHours(each.on, each.claimed) for each in claims))

    assert not [f for f in check_submission(cut) if f.code.endswith("HOURS_EXCEEDED")]
    assert sum(each.claimed + each.not_authorized for each in claims) == facts.total
    assert cut.total == min(facts.total, month_balances(facts).claimable)


@given(SHEETS, st.integers(1, 31), st.integers(1, 31))
def test_a_part_of_a_month_never_has_more_than_the_month(
    sheets: Sequence[Sheet], first: int, last: int
) -> None:
    grant = Grant(MONTHLY, date(2026, 3, min(first, last)), date(2026, 3, max(first, last)))
    facts = replace(facts_of(sheets[0], sheets[1:]), grants=(grant,))

    limit = month_balances(facts).recipient.limit

    assert 0 <= limit <= MONTHLY
    assert limit == MONTHLY or grant.starts_on.day > 1 or (grant.ends_on or date.max).day < 31


def total(sheets: Sequence[Sheet]) -> int:
    return sum(entry.minutes for _, _, hours in sheets for entry in hours)
