"""Sick leave is earned by 100 hours, used after 200 more or 60 days, and ends with June (ACL 18-01)."""

from collections.abc import Iterable
from datetime import date, timedelta

import pytest

from app.domain.claims import ClaimedDay, ClaimFacts, needs_reason
from app.domain.outcomes import Finding, Kind
from app.domain.periods import PayPeriod
from app.domain.sick_leave import (
    DayMinutes,
    FiscalYear,
    LeaveFacts,
    Notice,
    Standing,
    check_leave,
    cut_to,
    due_on,
    standing,
)
from app.domain.weekly_maximum import AssignmentDates

ROSA = "rosa"
FIRST = date(2025, 9, 1)
MONDAY = date(2026, 3, 2)
TUESDAY = date(2026, 3, 3)
TODAY = date(2026, 3, 16)


def work(first: date, days: int, hours: int = 10) -> list[DayMinutes]:
    return [DayMinutes(first + timedelta(days=number), hours * 60) for number in range(days)]


def full(used: int = 0) -> Standing:
    """Forty hours that can be used, less what is."""
    taken = [DayMinutes(date(2026, 1, 5), used)]
    return standing(work(FIRST, 180, 8), taken, TODAY)


def found(
    *days: ClaimedDay,
    now: Standing | None = None,
    notice: Notice | None = Notice.PLANNED,
    today: date = TODAY,
    period: date = MONDAY,
) -> list[Finding]:
    claim = ClaimFacts(
        today=today, period=PayPeriod.of(period), recipient=ROSA, days=days,
        assignments=(AssignmentDates(ROSA, date(2025, 1, 1)),),
    )  # fmt: skip
    return check_leave(LeaveFacts(claim, now or full(), notice))


def codes(findings: Iterable[Finding]) -> list[str]:
    return [finding.code for finding in findings]


# ── Earning and using ────────────────────────────────────────────────────────────────────────────


def test_a_minute_short_of_a_hundred_hours_earns_nothing() -> None:
    almost = [*work(FIRST, 9), DayMinutes(FIRST + timedelta(days=9), 599)]
    now = standing(almost, [], TODAY)
    assert (now.amount, now.left, now.earned_on, now.usable_on) == (0, 0, None, None)
    assert (now.to_earn, now.to_use) == (1, 200 * 60 + 1)


def test_a_hundred_hours_earn_the_years_leave_at_once() -> None:
    now = standing(work(FIRST, 10), [], date(2025, 9, 10))
    assert (now.amount, now.earned_on) == (40 * 60, date(2025, 9, 10))
    assert now.to_earn == 0


def test_it_is_usable_sixty_days_later() -> None:
    now = standing(work(FIRST, 10), [], TODAY)
    assert now.usable_on == date(2025, 11, 9)
    assert not now.is_usable_on(date(2025, 11, 8))
    assert now.is_usable_on(date(2025, 11, 9))


def test_or_the_day_after_two_hundred_more_hours() -> None:
    now = standing(work(FIRST, 30), [], TODAY)
    assert now.usable_on == date(2025, 10, 1)
    almost = [*work(FIRST, 29), DayMinutes(FIRST + timedelta(days=29), 599)]
    assert standing(almost, [], TODAY).usable_on == date(2025, 11, 9)
    assert standing(almost, [], TODAY).to_use == 1


def test_hours_of_days_to_come_do_not_count_yet() -> None:
    assert standing(work(FIRST, 10), [], date(2025, 9, 9)).earned_on is None


def test_the_order_of_the_days_does_not_matter() -> None:
    assert standing(work(FIRST, 30)[::-1], [], TODAY) == standing(work(FIRST, 30), [], TODAY)


@pytest.mark.parametrize(
    ("on", "hours"),
    [
        (date(2018, 6, 30), 0),
        (date(2018, 7, 1), 8),
        (date(2020, 6, 30), 8),
        (date(2020, 7, 1), 16),
        (date(2022, 6, 30), 16),
        (date(2022, 7, 1), 24),
        (date(2024, 6, 30), 24),
        (date(2024, 7, 1), 40),
        (date(2026, 7, 1), 40),
    ],
)
def test_the_year_has_the_hours_of_its_law(on: date, hours: int) -> None:
    assert standing(work(on - timedelta(days=29), 20), [], on).amount == hours * 60


def test_what_is_left_ends_on_june_30_and_the_new_year_is_whole() -> None:
    days = work(date(2026, 1, 1), 150, 8)
    used = [DayMinutes(date(2026, 6, 30), 480)]
    last, first = date(2026, 6, 30), date(2026, 7, 1)
    assert standing(days, used, last).left == 32 * 60
    assert standing(days, used, first).left == 40 * 60
    assert standing(days, used, first).year == FiscalYear(first)
    assert FiscalYear(first).ends_on == date(2027, 6, 30)


def test_more_used_than_there_was_leaves_nothing() -> None:
    assert full(used=41 * 60).left == 0


def test_a_year_without_paid_hours_begins_it_anew() -> None:
    last = date(2025, 9, 10)
    assert standing(work(FIRST, 10), [], last + timedelta(days=365)).earned_on == last
    assert standing(work(FIRST, 10), [], last + timedelta(days=366)).earned_on is None


def test_after_such_a_year_the_old_hours_are_forgotten() -> None:
    back = date(2026, 9, 12)
    again = [*work(FIRST, 10), *work(back, 5)]
    assert standing(again, [], back + timedelta(days=4)).to_earn == 50 * 60
    in_time = [*work(FIRST, 10), *work(date(2026, 9, 10), 5)]
    assert standing(in_time, [], date(2026, 9, 14)).to_earn == 0


# ── Claims ───────────────────────────────────────────────────────────────────────────────────────


def test_a_day_of_sick_leave_is_sound() -> None:
    assert found(ClaimedDay(MONDAY, 480)) == []


@pytest.mark.parametrize(
    ("minutes", "code"),
    [
        (59, "SICK_TOO_SHORT"),
        (60, None),
        (75, "SICK_ODD_MINUTES"),
        (90, None),
        (91, "SICK_ODD_MINUTES"),
        (480, None),
    ],
)
def test_leave_is_an_hour_and_then_half_hours(minutes: int, code: str | None) -> None:
    assert codes(found(ClaimedDay(MONDAY, minutes))) == ([code] if code else [])


def test_leave_before_it_is_earned_or_usable_is_refused() -> None:
    nothing = standing(work(FIRST, 9), [], TODAY)
    [finding] = found(ClaimedDay(MONDAY, 60), now=nothing)
    assert finding.code == "SICK_NOT_EARNED"
    assert finding.facts == {"missing_minutes": 600}
    soon = standing(work(date(2026, 2, 1), 10), [], TODAY)
    [finding] = found(ClaimedDay(MONDAY, 60), now=soon)
    assert finding.code == "SICK_NOT_USABLE_YET"
    assert finding.facts == {"on": MONDAY, "usable_on": date(2026, 4, 11)}


def test_what_is_left_can_be_claimed_to_the_minute_and_more_is_cut() -> None:
    day = ClaimedDay(MONDAY, 480)
    assert found(day, now=full(used=32 * 60)) == []
    [finding] = found(day, now=full(used=33 * 60))
    assert (finding.code, finding.kind) == ("SICK_CUT", Kind.WARNING)
    assert finding.facts == {"claimed": 480, "left_minutes": 420, "by": 60}
    assert not needs_reason([finding])


def test_nothing_left_is_refused() -> None:
    [finding] = found(ClaimedDay(MONDAY, 60), now=full(used=40 * 60))
    assert (finding.code, finding.kind) == ("SICK_NONE_LEFT", Kind.BLOCK)
    assert finding.facts == {"ends_on": date(2026, 6, 30)}


def test_the_last_days_are_cut_first_and_to_nothing() -> None:
    days = [ClaimedDay(TUESDAY, 480), ClaimedDay(MONDAY, 480), ClaimedDay(date(2026, 3, 4), 60)]
    assert cut_to(600, days) == {MONDAY: 480, TUESDAY: 120, date(2026, 3, 4): 0}
    assert sum(cut_to(0, days).values()) == 0
    assert sum(cut_to(5000, days).values()) == 1020


@pytest.mark.parametrize(
    ("leave_on", "last"),
    [
        (date(2026, 3, 1), date(2026, 4, 30)),
        (date(2026, 3, 31), date(2026, 4, 30)),
        (date(2028, 1, 31), date(2028, 2, 29)),
        (date(2026, 12, 15), date(2027, 1, 31)),
        (date(2026, 6, 30), date(2026, 7, 31)),
        (date(2026, 5, 31), date(2026, 6, 30)),
    ],
)
def test_leave_is_claimed_by_the_end_of_the_next_month(leave_on: date, last: date) -> None:
    assert due_on(leave_on) == last


def test_a_claim_is_late_on_the_day_after() -> None:
    day = ClaimedDay(MONDAY, 60)
    assert found(day, today=date(2026, 4, 30)) == []
    [finding] = found(day, today=date(2026, 5, 1))
    assert finding.code == "SICK_CLAIM_LATE"
    assert finding.facts == {"on": MONDAY, "due_on": date(2026, 4, 30)}


def test_somebody_must_have_been_told_and_too_late_is_a_remark() -> None:
    day = ClaimedDay(MONDAY, 60)
    assert found(day, notice=Notice.URGENT) == []
    assert codes(found(day, notice=None)) == ["SICK_NOTICE_MISSING"]
    [finding] = found(day, notice=Notice.LATE)
    assert (finding.code, finding.kind) == ("SICK_NOTICE_SHORT", Kind.WARNING)
    assert finding.facts == {"planned_minutes": 48 * 60, "urgent_minutes": 120}
    assert needs_reason([finding])
