"""What a week and a month hold: carried in, left and over, and what can still be claimed."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.balances import (
    Balance,
    DayClaim,
    DayHours,
    SubmissionFacts,
    WorkedElsewhere,
    month_balances,
    week_bar,
    within_authorization,
)
from app.domain.periods import PayPeriod, Workweek
from app.domain.weekly_maximum import AssignmentDates, Exemption, Grant

YEAR = date(2026, 1, 1)
WEEK = Workweek(date(2026, 3, 15))
ANAS_SECOND_HALF = SubmissionFacts(
    submitted_at=datetime(2026, 4, 1, 16, tzinfo=UTC),
    period=PayPeriod(date(2026, 3, 16)),
    recipient="rosa",
    entries=(DayHours(date(2026, 3, 16), 600), DayHours(date(2026, 3, 17), 300)),
    grants=(Grant(195 * 60, YEAR),),
    assignments=(AssignmentDates("rosa", YEAR), AssignmentDates("walter", YEAR)),
    others_claimed=(DayHours(date(2026, 3, 4), 120), DayHours(date(2026, 2, 4), 999)),
    worked=(
        WorkedElsewhere("rosa", date(2026, 3, 15), 240),
        WorkedElsewhere("walter", date(2026, 3, 15), 60),
        WorkedElsewhere("walter", date(2026, 3, 20), 180),
        WorkedElsewhere("rosa", date(2026, 2, 28), 999),
    ),
    extras={WEEK: 30},
)


def test_the_week_bar_tells_worked_carried_in_left_and_over() -> None:
    bar = week_bar(ANAS_SECOND_HALF, WEEK)

    assert (bar.worked, bar.already, bar.carried_in) == (900, 240, 240)
    assert (bar.maximum, bar.extra, bar.limit) == (2925, 30, 2955)
    assert (bar.total, bar.left, bar.over) == (1140, 1815, 0)


def test_the_week_bar_counts_all_recipients_beside_the_one() -> None:
    bar = week_bar(ANAS_SECOND_HALF, WEEK)

    assert (bar.provider_already, bar.provider_carried_in) == (480, 300)
    assert (bar.provider_total, bar.provider_limit) == (1380, 66 * 60)


def test_a_week_over_its_limit_has_nothing_left() -> None:
    bar = week_bar(replace(ANAS_SECOND_HALF, grants=(Grant(4 * 60, YEAR),), extras={}), WEEK)

    assert (bar.limit, bar.left, bar.over) == (60, 0, 1080)


def test_the_months_balances_leave_out_this_timesheet_and_other_months() -> None:
    balances = month_balances(replace(ANAS_SECOND_HALF, assigned_minutes=6000))

    assert balances.recipient == Balance(limit=11_700, claimed=360)
    assert balances.assigned == Balance(limit=6000, claimed=240)
    assert balances.exemption is None
    assert balances.claimable == 5760


def test_each_program_of_a_recipient_has_a_balance_of_its_own_and_a_week_holds_both() -> None:
    elsewhere = (*ANAS_SECOND_HALF.worked, WorkedElsewhere("rosa", date(2026, 3, 16), 90, "wpcs"))
    ihss = replace(ANAS_SECOND_HALF, worked=elsewhere)
    wpcs = replace(ihss, program="wpcs", assigned_minutes=600, others_claimed=())

    assert month_balances(ihss) == month_balances(ANAS_SECOND_HALF)
    assert month_balances(wpcs).recipient == month_balances(wpcs).assigned == Balance(600, 90)
    assert week_bar(ihss, WEEK).already == week_bar(wpcs, WEEK).already == 240 + 90


def test_an_exempt_providers_month_counts_all_recipients() -> None:
    balances = month_balances(replace(ANAS_SECOND_HALF, exemption=Exemption.EXEMPTION_2))

    assert balances.exemption == Balance(limit=360 * 60, claimed=480)


def test_an_assignment_without_hours_leaves_nothing_to_claim() -> None:
    assert month_balances(replace(ANAS_SECOND_HALF, assigned_minutes=0)).claimable == 0


def test_a_grant_that_shrinks_within_the_period_takes_no_hours_away() -> None:
    grants = (Grant(11_700, YEAR, date(2026, 3, 20)), Grant(6000, date(2026, 3, 21)))

    assert month_balances(replace(ANAS_SECOND_HALF, grants=grants)).recipient.limit == 11_700


def test_what_is_beyond_the_authorization_is_cut_from_the_last_days_and_kept() -> None:
    facts = replace(ANAS_SECOND_HALF, assigned_minutes=240 + 700)

    assert within_authorization(facts) == (
        DayClaim(date(2026, 3, 16), claimed=600, not_authorized=0),
        DayClaim(date(2026, 3, 17), claimed=100, not_authorized=200),
    )


@given(
    st.dictionaries(st.sampled_from(ANAS_SECOND_HALF.period.days), st.integers(0, 1440)),
    st.integers(0, 20_000),
)
def test_claimed_and_not_authorized_are_together_what_was_worked(
    worked: dict[date, int], assigned: int
) -> None:
    entries = tuple(DayHours(on, minutes) for on, minutes in worked.items())
    facts = replace(ANAS_SECOND_HALF, entries=entries, assigned_minutes=assigned)
    claims = within_authorization(facts)

    assert sum(claim.claimed + claim.not_authorized for claim in claims) == facts.total
    assert sum(claim.claimed for claim in claims) == min(
        facts.total, month_balances(facts).claimable
    )


def test_negative_minutes_cannot_be_worked() -> None:
    with pytest.raises(ValueError, match="cannot be worked"):
        DayHours(date(2026, 3, 16), -1)


def test_a_grant_or_a_share_for_a_part_of_the_month_is_for_that_part_of_its_hours() -> None:
    from_the_21st = AssignmentDates("rosa", date(2026, 3, 21), monthly_minutes=6000)
    facts = replace(
        ANAS_SECOND_HALF,
        grants=(Grant(11_700, date(2026, 3, 16)),),
        assignments=(from_the_21st, AssignmentDates("walter", YEAR)),
        assigned_minutes=6000,
        others_claimed=(),
        worked=(),
    )

    balances = month_balances(facts)

    assert balances.recipient == Balance(limit=11_700 * 16 // 31, claimed=0)
    assert balances.assigned == Balance(limit=6000 * 11 // 31, claimed=0)


def test_two_grants_or_assignments_that_follow_each_other_are_a_whole_month() -> None:
    facts = replace(
        ANAS_SECOND_HALF,
        grants=(Grant(6000, YEAR, date(2026, 3, 9)), Grant(11_700, date(2026, 3, 10))),
        assignments=(
            AssignmentDates("rosa", YEAR, date(2026, 3, 9)),
            AssignmentDates("rosa", date(2026, 3, 10)),
        ),
        assigned_minutes=6000,
    )

    balances = month_balances(facts)

    assert (balances.recipient.limit, balances.assigned.limit) == (11_700, 6000)


def test_without_a_day_in_the_month_nothing_is_authorized_and_a_share_stays_whole() -> None:
    facts = replace(
        ANAS_SECOND_HALF,
        grants=(Grant(11_700, date(2026, 4, 1)),),
        assignments=(AssignmentDates("rosa", date(2026, 4, 1)),),
        assigned_minutes=6000,
    )

    balances = month_balances(facts)

    assert (balances.recipient.limit, balances.assigned.limit) == (0, 6000)


def test_a_part_of_a_month_is_rounded_down_to_whole_minutes() -> None:
    limit = month_balances(
        replace(ANAS_SECOND_HALF, grants=(Grant(11_699, date(2026, 3, 16)),))
    ).recipient.limit

    assert limit == 6038
    assert type(limit) is int


def test_the_assignment_of_a_timesheet_is_of_its_recipient_and_its_program() -> None:
    ihss, wpcs = (AssignmentDates("rosa", YEAR, program=name) for name in ("ihss", "wpcs"))
    facts = replace(ANAS_SECOND_HALF, assignments=(ihss, wpcs, AssignmentDates("walter", YEAR)))

    assert facts.own_assignments == (ihss,)
    assert replace(facts, program="wpcs").own_assignments == (wpcs,)


def test_a_straddling_weeks_maximum_goes_by_the_timesheet_it_is_looked_at_from() -> None:
    grants = (Grant(11_700, YEAR, date(2026, 3, 31)), Grant(6000, date(2026, 4, 1)))
    straddling = Workweek(date(2026, 3, 29))
    april = replace(ANAS_SECOND_HALF, grants=grants, period=PayPeriod(date(2026, 4, 1)))

    assert week_bar(replace(ANAS_SECOND_HALF, grants=grants), straddling).maximum == 2925
    assert week_bar(april, straddling).maximum == 1500
    assert week_bar(replace(april, period=PayPeriod(date(2026, 5, 1))), straddling).maximum == 2925


def test_the_wpcs_hours_of_another_recipient_are_not_hers() -> None:
    shares = (
        AssignmentDates("rosa", YEAR, program="wpcs", monthly_minutes=240),
        AssignmentDates("walter", YEAR, program="wpcs", monthly_minutes=999),
    )

    facts = replace(ANAS_SECOND_HALF, assignments=(*ANAS_SECOND_HALF.assignments, *shares))

    assert week_bar(facts, WEEK).maximum == 2925 + 60
