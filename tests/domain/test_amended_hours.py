"""What stands approved is not claimed twice, and a correction pays the difference, no more and no less."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.domain.balances import DayHours, SubmissionFacts
from app.domain.earnings import (
    Line,
    LineKind,
    RatedHours,
    Replaced,
    sheet_earnings,
    total_cents,
)
from app.domain.outcomes import Kind
from app.domain.periods import PayPeriod, Workweek
from app.domain.submissions import check_submission
from app.domain.weekly_maximum import AssignmentDates, Grant

SUNDAY = date(2026, 3, 1)
WEEK = Workweek(SUNDAY)
YEAR = date(2026, 1, 1)


def amended(*entries: DayHours, supplement: bool) -> SubmissionFacts:
    return SubmissionFacts(
        submitted_at=datetime(2026, 4, 1, 16, tzinfo=UTC),
        period=PayPeriod(SUNDAY),
        recipient="rosa",
        entries=entries,
        grants=(Grant(195 * 60, YEAR),),
        assignments=(AssignmentDates("rosa", YEAR),),
        stands={date(2026, 3, 2): 480, date(2026, 3, 3): 60},
        adds_only=supplement,
    )


def test_a_supplement_names_each_day_that_is_claimed_already() -> None:
    entries = (DayHours(date(2026, 3, 2), 500), DayHours(date(2026, 3, 3), 60))

    (finding,) = check_submission(amended(*entries, supplement=True))

    assert (finding.code, finding.kind) == ("DAY_ALREADY_CLAIMED", Kind.BLOCK)
    assert finding.facts == {"on": date(2026, 3, 2), "already": 480, "worked": 500}


def test_a_correction_may_change_a_day_that_is_paid() -> None:
    entries = (DayHours(date(2026, 3, 2), 500), DayHours(date(2026, 3, 3), 60))

    assert check_submission(amended(*entries, supplement=False)) == []


def test_a_correction_that_says_the_same_is_none() -> None:
    entries = (DayHours(date(2026, 3, 2), 480), DayHours(date(2026, 3, 3), 60))

    (finding,) = check_submission(amended(*entries, supplement=False))

    assert (finding.code, finding.kind) == ("NOTHING_CHANGED", Kind.BLOCK)


# ── Its pay ──────────────────────────────────────────────────────────────────────────────────────


def worked(*minutes: int, rate: int = 1964) -> tuple[RatedHours, ...]:
    return tuple(RatedHours(SUNDAY + timedelta(days=n), m, rate) for n, m in enumerate(minutes))


def straight(lines: tuple[Line, ...]) -> tuple[Line, ...]:
    return tuple(line for line in lines if line.kind is LineKind.STRAIGHT)


def premium(lines: tuple[Line, ...]) -> dict[Workweek, int]:
    return {line.week: line.cents for line in lines if line.week}


def corrected(before: tuple[RatedHours, ...], after: tuple[RatedHours, ...]) -> tuple[Line, ...]:
    paid = sheet_earnings(before)
    return sheet_earnings(
        after, premium_paid=premium(paid), replaces=Replaced(before, straight(paid))
    )


def test_a_correction_pays_the_minutes_and_cents_that_were_added() -> None:
    assert corrected(worked(480, 60), worked(510, 60)) == (Line(LineKind.STRAIGHT, 1964, 30, 982),)


def test_a_correction_that_earns_less_takes_the_difference_back() -> None:
    lines = corrected(worked(600, 600, 600, 600, 60), worked(600, 600, 600, 600, 30))

    assert lines == (
        Line(LineKind.STRAIGHT, 1964, -30, -982),
        Line(LineKind.OVERTIME_PREMIUM, 982, -30, -491, WEEK),
    )


def test_a_correction_to_another_rate_has_a_line_for_each() -> None:
    lines = corrected(worked(60), worked(60, rate=2000))

    assert lines == (
        Line(LineKind.STRAIGHT, 1964, -60, -1964),
        Line(LineKind.STRAIGHT, 2000, 60, 2000),
    )


def test_a_correction_that_changes_nothing_pays_nothing() -> None:
    assert corrected(worked(600, 600, 600, 600, 60), worked(600, 600, 600, 600, 60)) == ()


def test_hours_that_were_taken_out_of_a_week_take_their_premium_with_them() -> None:
    lines = corrected(worked(600, 600, 600, 600, 60), ())

    assert sum(line.cents for line in lines) == -total_cents(
        sheet_earnings(worked(600, 600, 600, 600, 60))
    )


MINUTES = st.lists(st.integers(0, 900), max_size=7)


@given(MINUTES, MINUTES)
def test_what_was_paid_and_its_difference_are_together_what_the_hours_earn(
    before: list[int], after: list[int]
) -> None:
    paid, difference = sheet_earnings(worked(*before)), corrected(worked(*before), worked(*after))

    assert total_cents(paid) + total_cents(difference) == total_cents(
        sheet_earnings(worked(*after))
    )
