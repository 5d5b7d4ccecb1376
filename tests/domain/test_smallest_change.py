"""The smallest change avoids all that stops or warns, and no smaller one does."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.balances import DayHours, SubmissionFacts, WorkedElsewhere
from app.domain.outcomes import Kind
from app.domain.periods import PayPeriod
from app.domain.smallest_change import DayCut, smallest_change
from app.domain.submissions import check_submission
from app.domain.weekly_maximum import AssignmentDates, Exemption, Grant

PERIOD = PayPeriod(date(2026, 3, 16))
LONG_AGO = date(2025, 1, 1)


def march(number: int) -> date:
    return date(2026, 3, number)


def facts(**others: object) -> SubmissionFacts:
    """Rosa with 195:00 a month, Walter beside her, and nothing worked yet."""
    plain = SubmissionFacts(
        submitted_at=datetime.fromisoformat("2026-04-01T17:00:00Z"),
        period=PERIOD,
        recipient="rosa",
        entries=(),
        grants=(Grant(195 * 60, LONG_AGO),),
        assignments=(AssignmentDates("rosa", LONG_AGO), AssignmentDates("walter", LONG_AGO)),
    )
    return replace(plain, **others)  # type: ignore[arg-type]


def hours(**days: int) -> tuple[DayHours, ...]:
    return tuple(DayHours(march(int(name[1:])), minutes) for name, minutes in days.items())


def disturbing(of: SubmissionFacts) -> list[str]:
    """The codes that more or fewer hours can avoid; a sheet without hours is no better."""
    kinds = (Kind.BLOCK, Kind.WARNING)
    return [f.code for f in check_submission(of) if f.kind in kinds and f.code != "NO_HOURS"]


def with_change(of: SubmissionFacts, cuts: tuple[DayCut, ...]) -> SubmissionFacts:
    within = {cut.on: cut.within for cut in cuts}
    entries = tuple(DayHours(e.on, within.get(e.on, e.minutes)) for e in of.entries)
    return replace(of, entries=entries)


def test_hours_within_all_limits_need_no_change() -> None:
    assert smallest_change(facts(entries=hours(d16=480, d17=480))) == ()


def test_a_week_over_its_maximum_loses_its_last_minutes() -> None:
    week = facts(entries=hours(d16=600, d17=600, d18=600, d19=600, d20=600))

    assert smallest_change(week) == (DayCut(march(20), 600, 525),)


def test_two_limits_of_one_week_are_kept_by_one_cut() -> None:
    walters = tuple(WorkedElsewhere("walter", march(day), 300) for day in range(16, 21))
    week = facts(entries=hours(d16=600, d17=600, d18=600, d19=600, d20=600), worked=walters)

    assert smallest_change(week) == (DayCut(march(20), 600, 60),)
    assert disturbing(with_change(week, smallest_change(week))) == []


def test_hours_to_come_go_whole() -> None:
    early = facts(
        entries=hours(d16=300, d18=240), submitted_at=datetime.fromisoformat("2026-03-17T17:00:00Z")
    )

    assert smallest_change(early) == (DayCut(march(18), 240, 0),)


def test_an_open_visit_is_no_number_of_hours() -> None:
    assert smallest_change(facts(entries=hours(d16=300), open_visit=True)) == ()


MINUTES = st.integers(0, 1440)
DAYS = st.dictionaries(st.sampled_from(PERIOD.days), MINUTES, max_size=12)


@st.composite
def sheets(draw: st.DrawFn) -> SubmissionFacts:
    around = [PERIOD.starts_on + timedelta(days=day) for day in range(-15, 18)]
    elsewhere = draw(
        st.lists(
            st.tuples(st.sampled_from(["rosa", "walter"]), st.sampled_from(around), MINUTES),
            max_size=6,
        )
    )
    return facts(
        entries=tuple(DayHours(on, minutes) for on, minutes in draw(DAYS).items()),
        worked=tuple(WorkedElsewhere(*each) for each in elsewhere),
        grants=(Grant(draw(st.integers(0, 283)) * 60, LONG_AGO),),
        assigned_minutes=draw(st.one_of(st.none(), st.integers(0, 283 * 60))),
        exemption=draw(st.sampled_from(Exemption)),
        submitted_at=datetime(2026, 3, draw(st.integers(16, 31)), 19).astimezone(),
    )


@settings(max_examples=150, deadline=None)
@given(sheets())
def test_no_smaller_change_would_do(sheet: SubmissionFacts) -> None:
    cuts = smallest_change(sheet)

    changed = with_change(sheet, cuts)
    unavoidable = disturbing(replace(sheet, entries=()))
    assert disturbing(changed) == unavoidable
    for cut in cuts:
        one_more = replace(cut, within=cut.within + 1)
        others = tuple(one_more if each is cut else each for each in cuts)
        assert disturbing(with_change(sheet, others)) != unavoidable


@pytest.mark.parametrize("kind", [Exemption.NONE, Exemption.EXEMPTION_2])
def test_a_month_over_its_overtime_loses_overtime_only(kind: Exemption) -> None:
    full = facts(
        grants=(Grant(283 * 60, LONG_AGO),),
        entries=hours(d16=1000, d17=1000, d18=1000, d19=1000, d23=600, d30=600),
        exemption=kind,
    )

    assert disturbing(with_change(full, smallest_change(full))) == []
