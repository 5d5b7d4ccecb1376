"""A week pays the same whichever timesheet comes first, and its premium never falls."""

from datetime import date, timedelta
from fractions import Fraction
from math import floor

from hypothesis import given
from hypothesis import strategies as st

from app.domain.earnings import (
    Line,
    LineKind,
    RatedHours,
    premium_cents,
    sheet_earnings,
    total_cents,
)
from app.domain.periods import Workweek

SUNDAY = date(2026, 3, 1)
WEEK = Workweek(SUNDAY)
LOS_ANGELES_RATE, SAN_FRANCISCO_RATE = 1964, 2300


def hours(total: int, rate: int, start: date = SUNDAY) -> list[RatedHours]:
    """So many minutes from a day on, ten hours a day."""
    days = range(0, total, 600)
    return [
        RatedHours(start + timedelta(days=n), min(600, total - done), rate)
        for n, done in enumerate(days)
    ]


ROSAS = hours(30 * 60, LOS_ANGELES_RATE)
WALTERS = hours(20 * 60, SAN_FRANCISCO_RATE)


def pay_in_order(*sheets: list[RatedHours]) -> list[tuple[Line, ...]]:
    paid: list[RatedHours] = []
    premium: dict[Workweek, int] = {}
    payments = []
    for sheet in sheets:
        lines = sheet_earnings(sheet, paid_before=paid, premium_paid=premium)
        for line in lines:
            if line.week:
                premium[line.week] = premium.get(line.week, 0) + line.cents
        paid += sheet
        payments.append(lines)
    return payments


def test_the_worked_example_pays_the_same_in_either_order() -> None:
    for order in ((ROSAS, WALTERS), (WALTERS, ROSAS)):
        first, second = pay_in_order(*order)
        assert total_cents(first) + total_cents(second) == 115_412


def test_the_timesheet_that_passes_forty_hours_carries_the_premium() -> None:
    first, second = pay_in_order(ROSAS, WALTERS)

    assert first == (Line(LineKind.STRAIGHT, LOS_ANGELES_RATE, 1800, 58_920),)
    assert second == (
        Line(LineKind.STRAIGHT, SAN_FRANCISCO_RATE, 1200, 46_000),
        Line(LineKind.OVERTIME_PREMIUM, 1049, 600, 10_492, WEEK),
    )


def test_forty_hours_exactly_earn_no_premium() -> None:
    forty = hours(2400, LOS_ANGELES_RATE)

    assert [line.kind for line in sheet_earnings(forty)] == [LineKind.STRAIGHT]
    assert premium_cents([*forty, RatedHours(SUNDAY, 1, LOS_ANGELES_RATE)], WEEK) == 16


def test_each_rate_has_one_straight_line() -> None:
    changed = [RatedHours(SUNDAY, 60, 1850), RatedHours(SUNDAY + timedelta(days=1), 60, 1964)]

    lines = sheet_earnings([*changed, RatedHours(SUNDAY, 30, 1850)])

    assert [(line.rate_cents, line.minutes, line.cents) for line in lines] == [
        (1850, 90, 2775),
        (1964, 60, 1964),
    ]


def test_half_a_cent_is_rounded_up_on_the_line() -> None:
    (line,) = sheet_earnings([RatedHours(SUNDAY, 30, 1965)])

    assert line.cents == 983  # 982.5


def test_hours_of_another_week_earn_no_premium_in_this_one() -> None:
    lines = sheet_earnings(
        hours(2400, LOS_ANGELES_RATE),
        paid_before=hours(2400, LOS_ANGELES_RATE, SUNDAY + timedelta(days=7)),
    )

    assert [line.kind for line in lines] == [LineKind.STRAIGHT]


def test_a_straddling_week_pays_its_premium_with_the_second_half() -> None:
    first_half = hours(1800, LOS_ANGELES_RATE, date(2026, 3, 29))
    second_half = hours(1200, LOS_ANGELES_RATE, date(2026, 4, 1))

    _, second = pay_in_order(first_half, second_half)

    assert second[-1].week == Workweek(date(2026, 3, 29))
    assert second[-1].cents == 9_820  # 10:00 at half of 19.64


def test_no_hours_earn_nothing() -> None:
    assert sheet_earnings([RatedHours(SUNDAY, 0, 1964)]) == ()


RATED = st.builds(
    RatedHours,
    on=st.sampled_from(WEEK.days),
    minutes=st.integers(0, 1440),
    rate_cents=st.sampled_from([1690, 1964, 2300, 2160, 1701]),
)
SHEETS = st.lists(st.lists(RATED, max_size=4), min_size=1, max_size=5)


@given(SHEETS, st.randoms())
def test_a_weeks_premium_is_the_same_whatever_the_order(
    sheets: list[list[RatedHours]], random: object
) -> None:
    shuffled = list(sheets)
    random.shuffle(shuffled)  # type: ignore[attr-defined]

    assert total_premium(pay_in_order(*sheets)) == total_premium(pay_in_order(*shuffled))


@given(SHEETS)
def test_the_premium_never_falls_as_hours_are_added(sheets: list[list[RatedHours]]) -> None:
    for payment in pay_in_order(*sheets):
        assert all(line.cents > 0 for line in payment if line.kind is LineKind.OVERTIME_PREMIUM)


@given(SHEETS)
def test_totals_never_drift_from_the_exact_pay_by_more_than_half_a_cent_a_line(
    sheets: list[list[RatedHours]],
) -> None:
    everything = [each for sheet in sheets for each in sheet]
    exact = Fraction(sum(each.minutes * each.rate_cents for each in everything), 60)
    payments = pay_in_order(*sheets)
    straight = [line for lines in payments for line in lines if line.kind is LineKind.STRAIGHT]

    assert abs(total_cents(straight) - exact) <= Fraction(len(straight), 2)
    assert total_premium(payments) == premium_by_hand(everything)


def total_premium(payments: list[tuple[Line, ...]]) -> int:
    return total_cents(
        line for lines in payments for line in lines if line.kind is LineKind.OVERTIME_PREMIUM
    )


def premium_by_hand(everything: list[RatedHours]) -> int:
    """Overtime hours times half of (straight pay over hours), rounded half up once."""
    minutes = sum(each.minutes for each in everything)
    if minutes <= 2400:
        return 0
    straight = Fraction(sum(each.minutes * each.rate_cents for each in everything), 60)
    return floor(straight * (minutes - 2400) / minutes / 2 + Fraction(1, 2))
