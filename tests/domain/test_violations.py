"""Which hours are a violation, how they are counted, and the days that follow."""

import ast
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import violations
from app.domain.outcomes import Finding, block, warning
from app.domain.periods import Month
from app.domain.violations import (
    Dates,
    Prospect,
    Standing,
    Step,
    Trigger,
    Violation,
    county_answers_by,
    dates_of,
    standing,
    state_review_by,
    would_follow,
)
from app.domain.visit_flags import FlagCode
from app.web.wording import SENTENCES

MARCH, APRIL, MAY = (Month(date(2026, month, 1)) for month in (3, 4, 5))
TODAY = date(2026, 4, 20)
FORTY = warning("FORTY_HOURS_EXCEEDED", week_ends_on=date(2026, 4, 11))
SIXTY_SIX = warning("PROVIDER_WEEKLY_LIMIT_EXCEEDED", week_ends_on=date(2026, 4, 18))
OVERTIME = warning("MONTHLY_OVERTIME_EXCEEDED", month_starts_on=date(2026, 4, 1))
TRAVEL = warning("TRAVEL_WEEK_EXCEEDED", week_ends_on=date(2026, 4, 18))


def noticed(*days: date, **rest: bool) -> tuple[Violation, ...]:
    """Violations by their notices, each about the month before."""
    return tuple(
        Violation(Month.of(day.replace(day=1) - timedelta(days=1)), day, **rest) for day in days
    )


FIRST, SECOND, THIRD = date(2026, 1, 10), date(2026, 2, 10), date(2026, 3, 10)


# ── What is one ──────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("finding", [FORTY, SIXTY_SIX, OVERTIME, TRAVEL], ids=lambda f: f.code)
def test_each_of_the_four_triggers_is_a_first_violation(finding: Finding) -> None:
    (prospect,) = would_follow([finding], (), TODAY)

    assert (prospect.month, prospect.step) == (APRIL, Step.NOTICE)
    assert prospect.triggers == (Trigger(finding.code),)


def test_more_than_the_weekly_maximum_alone_is_no_violation() -> None:
    over = warning("WEEKLY_MAXIMUM_EXCEEDED", week_ends_on=date(2026, 4, 11))

    assert would_follow([over], (), TODAY) == ()


def test_nothing_that_comes_from_a_check_in_is_ever_a_violation() -> None:
    """WIC 10836: of all codes that the portal speaks, only the four about hours and travel."""
    codes = {*SENTENCES, *FlagCode, *Trigger}
    found = {
        code
        for code in codes
        if would_follow([block(code, week_ends_on=TODAY, month_starts_on=TODAY)], (), TODAY)
    }

    assert found == set(Trigger)


def test_the_rules_of_violations_cannot_see_visits() -> None:
    domain = Path(violations.__file__).parent
    seen, ahead = set(), {"violations"}
    while ahead:
        name = ahead.pop()
        seen.add(name)
        tree = ast.parse((domain / f"{name}.py").read_text(encoding="utf-8"))
        ahead |= {name for node in ast.walk(tree) for name in _imported(node)} - seen

    assert not {name for name in seen if name.startswith(("visit", "evv", "position", "clock"))}


def _imported(node: ast.AST) -> set[str]:
    if isinstance(node, ast.ImportFrom) and node.module == "app.domain":
        return {alias.name for alias in node.names}
    if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("app.domain."):
        return {str(node.module).removeprefix("app.domain.")}
    return set()


def test_a_calendar_month_has_one_violation_whatever_happened_in_it() -> None:
    (prospect,) = would_follow([FORTY, SIXTY_SIX, OVERTIME, FORTY], (), TODAY)

    assert prospect.triggers == (
        Trigger.FORTY_HOURS,
        Trigger.PROVIDER_WEEKLY_LIMIT,
        Trigger.MONTHLY_OVERTIME,
    )


def test_a_month_that_has_its_violation_gets_no_other() -> None:
    history = (Violation(APRIL, date(2026, 4, 15)),)

    (prospect,) = would_follow([FORTY], history, TODAY)

    assert prospect == Prospect(APRIL, (Trigger.FORTY_HOURS,), None, None)
    assert prospect.code == "VIOLATION_NO_FURTHER"
    assert prospect.facts == {"month_starts_on": APRIL.starts_on}


def test_a_month_whose_violation_was_taken_back_can_have_another() -> None:
    history = (Violation(APRIL, date(2026, 4, 15), overturned=True),)

    assert would_follow([FORTY], history, TODAY)[0].step is Step.NOTICE


def test_a_month_whose_violation_self_study_undid_had_its_one() -> None:
    history = (*noticed(FIRST), Violation(APRIL, TODAY, self_study_on=TODAY))

    assert would_follow([FORTY], history, TODAY)[0].step is None


def test_a_week_belongs_to_the_month_of_its_saturday() -> None:
    straddling = warning("FORTY_HOURS_EXCEEDED", week_ends_on=date(2026, 5, 2))

    assert [each.month for each in would_follow([straddling], (), TODAY)] == [MAY]


def test_two_months_are_two_steps_the_earlier_first() -> None:
    march = warning("FORTY_HOURS_EXCEEDED", week_ends_on=date(2026, 3, 28))

    prospects = would_follow([FORTY, march], (), TODAY)

    assert [(each.month, each.step) for each in prospects] == [
        (MARCH, Step.NOTICE),
        (APRIL, Step.SECOND_NOTICE),
    ]


def test_a_finding_without_its_week_is_a_fault_of_the_program() -> None:
    with pytest.raises(ValueError, match="FORTY_HOURS_EXCEEDED names neither"):
        would_follow([warning("FORTY_HOURS_EXCEEDED")], (), TODAY)


# ── Steps ────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("before", "step", "code"),
    [
        ((), Step.NOTICE, "VIOLATION_NOTICE"),
        ((FIRST,), Step.SECOND_NOTICE, "VIOLATION_SELF_STUDY"),
        ((FIRST, SECOND), Step.SUSPENDED, "VIOLATION_SUSPENDED"),
        ((FIRST, SECOND, THIRD), Step.INELIGIBLE, "VIOLATION_INELIGIBLE"),
        ((FIRST, SECOND, THIRD, date(2026, 4, 10)), Step.INELIGIBLE, "VIOLATION_INELIGIBLE"),
    ],
)
def test_each_violation_is_a_step_further_and_there_are_four(
    before: tuple[date, ...], step: Step, code: str
) -> None:
    (prospect,) = would_follow(
        [warning("TRAVEL_WEEK_EXCEEDED", week_ends_on=date(2026, 5, 9))], noticed(*before), TODAY
    )

    assert (prospect.step, prospect.code) == (step, code)


def test_self_study_on_the_fourteenth_day_undoes_the_second_and_a_day_later_it_does_not() -> None:
    fourteenth = SECOND + timedelta(days=14)

    def second(finished_on: date) -> Standing:
        about = Violation(Month(date(2026, 1, 1)), SECOND, self_study_on=finished_on)
        return standing((*noticed(FIRST), about), TODAY)

    assert (second(fourteenth).count, second(fourteenth).self_study_used) == (1, True)
    assert second(fourteenth).since == FIRST  # an undone one does not begin the year anew
    late = second(fourteenth + timedelta(days=1))
    assert (late.count, late.self_study_used, late.since) == (2, False, SECOND)


def test_self_study_undoes_a_second_violation_once_only() -> None:
    studied = Violation(MARCH, date(2026, 4, 1), self_study_on=date(2026, 4, 2))
    again = Violation(APRIL, date(2026, 5, 1), self_study_on=date(2026, 5, 2))
    after = date(2026, 5, 10)

    assert standing((*noticed(FIRST), studied, again), after).count == 2
    (prospect,) = would_follow([FORTY], (*noticed(FIRST), studied), TODAY)
    assert (prospect.step, prospect.code) == (Step.SECOND_NOTICE, "VIOLATION_SECOND_NOTICE")
    assert prospect.dates is not None
    assert prospect.dates.self_study_by is None


def test_self_study_undoes_no_first_and_no_third_violation() -> None:
    first = Violation(MARCH, date(2026, 4, 1), self_study_on=date(2026, 4, 2))

    assert standing((first,), TODAY).count == 1
    assert standing((*noticed(FIRST, SECOND), first), TODAY).count == 3


def test_a_violation_that_was_taken_back_never_was() -> None:
    assert standing(noticed(FIRST, SECOND, overturned=True), TODAY) == Standing()


def test_a_notice_still_to_come_does_not_count_yet() -> None:
    history = noticed(date(2026, 4, 21))

    assert standing(history, date(2026, 4, 20)).count == 0
    assert standing(history, date(2026, 4, 21)).count == 1


def test_the_second_of_a_month_in_the_records_counts_for_nothing() -> None:
    twice = (Violation(MARCH, date(2026, 4, 1)), Violation(MARCH, date(2026, 4, 2)))

    assert standing(twice, TODAY) == Standing(1, date(2026, 4, 1), False, frozenset({MARCH}))


def test_the_order_in_which_violations_are_handed_over_does_not_matter() -> None:
    history = noticed(FIRST, SECOND, THIRD)

    assert standing(reversed(history), TODAY) == standing(history, TODAY)


@pytest.mark.parametrize(
    ("days", "count"), [(364, 3), (365, 2), (729, 2), (730, 1), (1094, 1), (1095, 0)]
)
def test_after_each_clean_year_one_less_counts(days: int, count: int) -> None:
    history = noticed(FIRST, SECOND, THIRD)

    assert standing(history, THIRD + timedelta(days=days)).count == count


def test_a_new_violation_begins_the_year_anew() -> None:
    later = THIRD + timedelta(days=400)  # two count by then, so this is the third again
    history = noticed(FIRST, SECOND, THIRD, later)

    assert standing(history, later + timedelta(days=364)).count == 3
    assert standing(history, later + timedelta(days=365)).count == 2


def test_nothing_runs_once_nothing_counts() -> None:
    assert standing(noticed(FIRST), FIRST + timedelta(days=5000)).since is None


def test_the_fourth_counts_until_its_year_is_over_and_then_nothing_does() -> None:
    fourth = date(2026, 4, 10)
    history = noticed(FIRST, SECOND, THIRD, fourth)
    back_on = fourth + timedelta(days=20 + 365)

    assert standing(history, back_on - timedelta(days=1)).count == 4
    assert (standing(history, back_on).count, standing(history, back_on).since) == (0, None)
    again = warning("FORTY_HOURS_EXCEEDED", week_ends_on=back_on)
    assert would_follow([again], history, back_on)[0].step is Step.NOTICE


@given(st.lists(st.dates(date(2020, 1, 1), date(2026, 4, 20)), max_size=12))
def test_no_history_counts_more_than_four_or_less_than_none(days: list[date]) -> None:
    state = standing(noticed(*days), TODAY)

    assert 0 <= state.count <= 4
    assert (state.since is None) == (state.count == 0)


@given(
    st.lists(st.dates(date(2020, 1, 1), date(2026, 4, 20)), max_size=2),
    st.dates(date(2020, 1, 1), date(2026, 4, 20)),
)
def test_taking_one_back_never_makes_it_worse(days: list[date], gone: date) -> None:
    """Up to the third: the fourth wipes the slate in the end, so that without it more may count."""
    with_it, without = noticed(*days, gone), (*noticed(*days), *noticed(gone, overturned=True))
    before, after = standing(with_it, TODAY).count, standing(without, TODAY).count

    assert after <= before


# ── Days ─────────────────────────────────────────────────────────────────────────────────────────


def test_a_first_notice_can_be_disputed_for_ten_days_and_takes_effect_after_twenty() -> None:
    assert dates_of(Step.NOTICE, date(2026, 4, 20)) == Dates(
        noticed_on=date(2026, 4, 20),
        dispute_by=date(2026, 4, 30),
        effective_on=date(2026, 5, 10),
    )


def test_the_second_can_be_undone_by_self_study_for_fourteen_days() -> None:
    (prospect,) = would_follow([FORTY], noticed(FIRST), TODAY)

    assert prospect.facts == {
        "month_starts_on": date(2026, 4, 1),
        "dispute_by_date": date(2026, 4, 30),
        "effective_date": date(2026, 5, 10),
        "self_study_by_date": date(2026, 5, 4),
        "back_date": None,
    }


def test_the_third_ends_by_itself_ninety_days_after_it_took_effect() -> None:
    dates = dates_of(Step.SUSPENDED, TODAY)

    assert (dates.effective_on, dates.back_on) == (date(2026, 5, 10), date(2026, 8, 8))


def test_after_the_fourth_she_can_enrol_again_after_365_days() -> None:
    dates = dates_of(Step.INELIGIBLE, TODAY)

    assert (dates.effective_on, dates.back_on) == (date(2026, 5, 10), date(2027, 5, 10))


def test_the_county_answers_in_ten_business_days_without_the_states_holidays() -> None:
    thanksgiving = {date(2026, 11, 26), date(2026, 11, 27)}

    assert county_answers_by(date(2026, 11, 16), ()) == date(2026, 11, 30)
    assert county_answers_by(date(2026, 11, 16), thanksgiving) == date(2026, 12, 2)


def test_only_the_third_and_the_fourth_can_go_to_the_state() -> None:
    assert state_review_by(Step.NOTICE, TODAY) is None
    assert state_review_by(Step.SECOND_NOTICE, TODAY) is None
    assert state_review_by(Step.SUSPENDED, TODAY) == date(2026, 4, 30)
    assert state_review_by(Step.INELIGIBLE, TODAY) == date(2026, 4, 30)


def test_after_a_month_that_has_its_violation_the_next_one_is_still_judged() -> None:
    may = warning("FORTY_HOURS_EXCEEDED", week_ends_on=date(2026, 5, 2))

    prospects = would_follow([FORTY, may], (Violation(APRIL, date(2026, 4, 15)),), TODAY)

    assert [each.step for each in prospects] == [None, Step.SECOND_NOTICE]


def test_the_second_of_two_months_has_the_dates_of_its_own_step() -> None:
    march = warning("FORTY_HOURS_EXCEEDED", week_ends_on=date(2026, 3, 28))

    second, third = would_follow([FORTY, march], noticed(FIRST), TODAY)

    assert second.dates == dates_of(Step.SECOND_NOTICE, TODAY, self_study=True)
    assert third.dates == dates_of(Step.SUSPENDED, TODAY)


def test_no_month_is_told_twice_and_each_takes_up_its_own() -> None:
    months = [
        warning("FORTY_HOURS_EXCEEDED", week_ends_on=date(2026, m, 7)) for m in (2, 3, 4, 5, 6)
    ]

    steps = [(each.month.starts_on.month, each.step) for each in would_follow(months, (), TODAY)]

    assert steps == [(2, 1), (3, 2), (4, 3), (5, 4), (6, 4)]
