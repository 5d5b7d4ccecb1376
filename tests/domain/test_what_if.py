"""Hours that are only thought of get the answer that they would get on timesheets."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain import scenarios, what_if
from app.domain.earnings import total_cents
from app.domain.outcomes import Kind
from app.domain.periods import PayPeriod, Workweek
from app.domain.submissions import check_submission
from app.domain.weekly_maximum import Exemption
from app.domain.what_if import Person, Question

TODAY = date(2026, 11, 24)
SUNDAY = date(2026, 3, 1)
HOUR = 60
SCENARIOS = Path(__file__).parents[1] / "scenarios"


def week(hours: int, *, first: date = SUNDAY, days: int = 7) -> dict[date, int]:
    return {first + timedelta(days=day): hours * HOUR for day in range(days)}


def codes(*people: Person, exemption: Exemption = Exemption.NONE) -> list[str]:
    answer = what_if.answer(Question(people, exemption), TODAY)
    return [finding.code for finding in answer.findings]


def test_hours_within_the_rules_are_said_nothing_of() -> None:
    answer = what_if.answer(Question((Person(1, 195 * HOUR, week(6)),)), TODAY)
    assert (answer.findings, answer.prospects) == ((), ())
    assert [sheet.changes for sheet in answer.sheets] == [()]


def test_the_weeks_figures_are_those_of_the_timesheet() -> None:
    rosa, walter = Person(1, 195 * HOUR, week(5)), Person(2, 120 * HOUR, week(3))
    [told] = what_if.answer(Question((rosa, walter)), TODAY).weeks
    assert (told.bars[1].limit, told.bars[2].limit) == (48 * HOUR + 45, 30 * HOUR)
    assert (told.together.provider_total, told.together.provider_limit) == (56 * HOUR, 66 * HOUR)
    assert (told.together.split.regular, told.together.split.overtime) == (40 * HOUR, 16 * HOUR)


def test_a_week_of_all_recipients_is_warned_of_once_with_all_its_hours() -> None:
    rosa, walter = Person(1, 283 * HOUR, week(7)), Person(2, 283 * HOUR, week(6))
    answer = what_if.answer(Question((rosa, walter)), TODAY)
    [over] = [f for f in answer.findings if f.code == "PROVIDER_WEEKLY_LIMIT_EXCEEDED"]
    assert (over.facts["total"], over.facts["by"]) == (91 * HOUR, 25 * HOUR)
    assert "PROVIDER_WEEKLY_LIMIT_EXCEEDED" in codes(rosa, walter, exemption=Exemption.EXEMPTION_2)


def test_a_week_in_two_half_months_counts_as_one() -> None:
    straddled = week(10, first=date(2026, 3, 15))  # its Sunday is the last day of the first half
    answer = what_if.answer(Question((Person(1, 195 * HOUR, straddled),)), TODAY)
    assert [sheet.period.starts_on.day for sheet in answer.sheets] == [1, 16]
    first, second = answer.sheets
    assert first.findings == ()
    [over] = [f for f in second.findings if f.code == "WEEKLY_MAXIMUM_EXCEEDED"]
    assert (over.facts["total"], over.facts["carried_in"]) == (70 * HOUR, 10 * HOUR)


def test_a_months_hours_are_refused_by_what_is_too_much_on_each_timesheet() -> None:
    first_half = {date(2026, 3, day): 8 * HOUR for day in range(1, 11)}
    second_half = {date(2026, 3, day): 8 * HOUR for day in range(16, 21)}
    answer = what_if.answer(Question((Person(1, 75 * HOUR, first_half | second_half),)), TODAY)
    blocks = [f for f in answer.findings if f.kind is Kind.BLOCK]
    too_much = [f.facts["by"] for f in blocks if f.code == "RECIPIENT_HOURS_EXCEEDED"]
    assert too_much == [5 * HOUR, 40 * HOUR]
    assert answer.not_authorized == 45 * HOUR


def test_hours_are_never_future_early_or_late() -> None:
    ahead = TODAY + timedelta(days=400)
    found = codes(Person(1, 195 * HOUR, week(1, first=Workweek.of(ahead).starts_on)))
    assert not {"FUTURE_HOURS", "EARLY", "LATE"} & set(found)
    assert not {"EARLY", "LATE"} & set(codes(Person(1, 195 * HOUR, week(1))))


def test_pay_is_that_of_decision_11() -> None:
    rosas = {SUNDAY + timedelta(days=day): 10 * HOUR for day in (1, 2, 3)}
    others = {SUNDAY + timedelta(days=day): 10 * HOUR for day in (4, 5)}
    rosa = Person(1, 195 * HOUR, rosas, rates=dict.fromkeys(rosas, 1964))
    other = Person(2, 195 * HOUR, others, rates=dict.fromkeys(others, 2300))
    answer = what_if.answer(Question((rosa, other)), TODAY)
    assert answer.lines is not None
    assert total_cents(answer.lines) == 115_412


def test_what_is_not_authorized_is_in_no_sum_of_pay() -> None:
    hours = week(5, days=4)
    rosa = Person(1, 10 * HOUR, hours, rates=dict.fromkeys(hours, 2000))
    answer = what_if.answer(Question((rosa,)), TODAY)
    assert answer.lines is not None
    assert (total_cents(answer.lines), answer.not_authorized) == (20_000, 10 * HOUR)


def test_without_a_wage_there_is_no_pay() -> None:
    assert what_if.answer(Question((Person(1, HOUR, week(1)),)), TODAY).lines is None


def test_a_violation_that_would_follow_is_the_first_one() -> None:
    walter = Person(1, 120 * HOUR, week(7))
    [prospect] = what_if.answer(Question((walter,)), TODAY).prospects
    assert (prospect.code, prospect.month.starts_on) == ("VIOLATION_NOTICE", date(2026, 3, 1))


def test_a_week_that_was_moved_says_if_the_county_must_approve_it() -> None:
    walter = Person(1, 120 * HOUR, week(5))  # 35:00 of 30:00, and within 40:00
    [sheet] = what_if.answer(Question((walter,)), TODAY).sheets
    assert [moved.needs_approval for moved in sheet.moved] == [False]


def comparable() -> list[Path]:
    """The scenarios of one recipient, of whose month nothing is known but the timesheet itself."""
    found = []
    for path in sorted(SCENARIOS.glob("*.toml")):
        facts = scenarios.read(path.read_text(encoding="utf-8")).facts
        known = (
            facts.worked, facts.others_claimed, facts.extras, facts.open_visit,
            facts.stands, facts.is_flagged, facts.was_voided,
        )  # fmt: skip
        month = facts.period.month.starts_on
        dated = (*facts.assignments[:1], *facts.grants)
        always = all(each.ends_on is None and each.starts_on < month for each in dated)
        alone = len(facts.assignments) == len(facts.grants) == 1
        in_time = all(
            entry.on in facts.period and entry.on < facts.today for entry in facts.entries
        )
        if facts.total and alone and always and in_time and not any(known):
            found.append(path)
    return found


@pytest.mark.parametrize("path", comparable(), ids=lambda path: path.stem)
def test_a_scenario_that_is_only_thought_of_gets_the_same_answer(path: Path) -> None:
    facts = scenarios.read(path.read_text(encoding="utf-8")).facts
    hours = {entry.on: entry.minutes for entry in facts.entries}
    person = Person(1, facts.grants[0].minutes, hours, facts.assigned_minutes)
    answer = what_if.answer(Question((person,), facts.exemption), TODAY)
    asked = [(f.code, f.facts) for f in check_submission(facts) if f.code != "LATE"]
    assert [(finding.code, finding.facts) for finding in answer.findings] == asked


def test_there_are_such_scenarios() -> None:
    assert len(comparable()) >= 10


questions = st.lists(
    st.tuples(
        st.integers(0, 300),
        st.dictionaries(st.integers(0, 34), st.integers(0, 24 * 60), max_size=20),
    ),
    min_size=1,
    max_size=3,
)


@settings(max_examples=60)
@given(questions, st.sampled_from(Exemption))
def test_with_the_smallest_change_nothing_stops_and_nothing_warns(
    thought_of: list[tuple[int, dict[int, int]]], exemption: Exemption
) -> None:
    people = tuple(
        Person(
            number,
            monthly * HOUR,
            {SUNDAY + timedelta(days=day): minutes for day, minutes in hours.items()},
        )
        for number, (monthly, hours) in enumerate(thought_of, 1)
    )
    answer = what_if.answer(Question(people, exemption), TODAY)
    cuts = {(sheet.person, cut.on): cut.within for sheet in answer.sheets for cut in sheet.changes}
    changed = tuple(
        Person(
            person.number,
            person.monthly,
            {on: cuts.get((person.number, on), minutes) for on, minutes in person.hours.items()},
        )
        for person in people
    )
    after = what_if.answer(Question(changed, exemption), TODAY)
    assert [f for f in after.findings if f.kind is not Kind.HOLD] == []
    assert all(PayPeriod.of(on) for _, on in cuts)
