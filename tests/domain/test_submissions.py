"""What the findings carry for a sentence; which codes arise when is told by the scenarios."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from app.domain.balances import DayHours, SubmissionFacts, WorkedElsewhere
from app.domain.outcomes import Finding, Kind
from app.domain.periods import PayPeriod, Workweek
from app.domain.submissions import (
    FirstHalfShare,
    check_submission,
    early_hold_ends_at,
    first_half_share,
    holds_of,
)
from app.domain.timesheets import Hold
from app.domain.weekly_maximum import AssignmentDates, Grant

YEAR = date(2026, 1, 1)
ANAS_SHEET = SubmissionFacts(
    submitted_at=datetime(2026, 4, 1, 16, tzinfo=UTC),
    period=PayPeriod(date(2026, 3, 16)),
    recipient="rosa",
    entries=tuple(DayHours(date(2026, 3, day), 480) for day in range(16, 21)),
    grants=(Grant(195 * 60, YEAR),),
    assignments=(AssignmentDates("rosa", YEAR),),
)


def find(facts: SubmissionFacts, code: str) -> Finding:
    (finding,) = [found for found in check_submission(facts) if found.code == code]
    return finding


def test_a_sound_timesheet_has_no_findings() -> None:
    assert check_submission(ANAS_SHEET) == []


def test_an_open_visit_stops_the_submission() -> None:
    assert find(replace(ANAS_SHEET, open_visit=True), "OPEN_VISIT").kind is Kind.BLOCK


def test_a_week_over_the_maximum_tells_by_how_much_and_what_was_carried_in() -> None:
    carried = (WorkedElsewhere("rosa", date(2026, 3, 15), 600),)

    finding = find(replace(ANAS_SHEET, worked=carried), "WEEKLY_MAXIMUM_EXCEEDED")

    assert finding.kind is Kind.WARNING
    assert finding.facts == {
        "week_starts_on": date(2026, 3, 15),
        "week_ends_on": date(2026, 3, 21),
        "limit": 2925,
        "extra": 0,
        "worked": 2400,
        "already": 600,
        "carried_in": 600,
        "total": 3000,
        "by": 75,
    }


def test_every_week_that_is_over_is_told_apart() -> None:
    facts = replace(
        ANAS_SHEET,
        entries=tuple(
            DayHours(date(2026, 3, day), 720) for day in (*range(16, 21), *range(23, 28))
        ),
    )
    over = [found for found in check_submission(facts) if found.code == "WEEKLY_MAXIMUM_EXCEEDED"]

    assert [found.facts["week_starts_on"] for found in over] == [
        date(2026, 3, 15),
        date(2026, 3, 22),
    ]


def test_a_week_another_timesheet_overfilled_is_not_warned_of_here() -> None:
    elsewhere = tuple(WorkedElsewhere("rosa", date(2026, 3, day), 720) for day in range(1, 7))

    assert check_submission(replace(ANAS_SHEET, worked=elsewhere)) == []


def test_hours_beyond_the_month_tell_what_is_left() -> None:
    finding = find(replace(ANAS_SHEET, assigned_minutes=2000), "ASSIGNED_HOURS_EXCEEDED")

    assert finding.facts == {
        "month_starts_on": date(2026, 3, 1),
        "limit": 2000,
        "already": 0,
        "left": 2000,
        "worked": 2400,
        "by": 400,
    }


def test_an_exception_of_the_week_is_told_with_its_limit() -> None:
    facts = replace(
        ANAS_SHEET, grants=(Grant(120 * 60, YEAR),), extras={Workweek(date(2026, 3, 15)): 60}
    )

    finding = find(facts, "WEEKLY_MAXIMUM_EXCEEDED")

    assert (finding.facts["limit"], finding.facts["extra"]) == (1860, 60)


def test_a_recipient_without_a_grant_has_no_hours_to_claim() -> None:
    codes = {found.code for found in check_submission(replace(ANAS_SHEET, grants=()))}

    assert {"RECIPIENT_HOURS_EXCEEDED", "ASSIGNED_HOURS_EXCEEDED"} <= codes


def test_what_stops_is_told_before_what_warns_and_what_holds() -> None:
    facts = replace(
        ANAS_SHEET,
        entries=tuple(DayHours(date(2026, 3, day), 1440) for day in range(16, 32)),
        submitted_at=datetime(2026, 5, 1, 16, tzinfo=UTC),
    )
    kinds = [found.kind for found in check_submission(facts)]

    assert set(kinds) == set(Kind)
    assert kinds == sorted(kinds, key=list(Kind).index)


def test_an_early_hold_ends_at_the_local_midnight_after_the_last_worked_day() -> None:
    winter, summer = early_hold_ends_at(date(2026, 1, 15)), early_hold_ends_at(date(2026, 7, 15))

    assert winter == datetime(2026, 1, 16, 8, tzinfo=UTC)
    assert summer == datetime(2026, 7, 16, 7, tzinfo=UTC)


def test_the_holds_among_findings_are_those_of_the_table() -> None:
    late = replace(ANAS_SHEET, submitted_at=datetime(2026, 5, 2, 16, tzinfo=UTC))

    assert holds_of(check_submission(late)) == {Hold.LATE}
    assert holds_of(check_submission(ANAS_SHEET)) == frozenset()


# ── The facts of every finding, to the last one: sentences and the phone are made of them ────────

ALL_DAY = replace(
    ANAS_SHEET,
    entries=(DayHours(date(2026, 3, 16), 1300),),
    worked=(
        WorkedElsewhere("walter", date(2026, 3, 16), 141),
        WorkedElsewhere("walter", date(2026, 3, 17), 999),
    ),
)


def test_a_day_over_24_hours_tells_what_was_worked_elsewhere() -> None:
    finding = find(ALL_DAY, "DAY_OVER_24_HOURS")

    assert finding.kind is Kind.BLOCK
    assert finding.facts == {
        "on": date(2026, 3, 16),
        "worked": 1300,
        "already": 141,
        "limit": 1440,
        "by": 1,
    }


@pytest.mark.parametrize(
    ("on", "submitted_at", "code", "facts"),
    [
        (
            date(2026, 3, 15),
            datetime(2026, 4, 1, 16, tzinfo=UTC),
            "OUTSIDE_PERIOD",
            {"starts_on": date(2026, 3, 16), "ends_on": date(2026, 3, 31)},
        ),
        (
            date(2026, 3, 17),
            datetime(2026, 3, 16, 16, tzinfo=UTC),
            "FUTURE_HOURS",
            {"today": date(2026, 3, 16)},
        ),
        (date(2026, 3, 20), datetime(2026, 4, 1, 16, tzinfo=UTC), "NOT_ASSIGNED", {}),
    ],
)
def test_a_day_that_cannot_be_paid_is_told_with_its_hours(
    on: date, submitted_at: datetime, code: str, facts: dict[str, object]
) -> None:
    finding = find(
        replace(
            ANAS_SHEET,
            entries=(DayHours(on, 61),),
            submitted_at=submitted_at,
            assignments=(AssignmentDates("rosa", YEAR, date(2026, 3, 19)),),
        ),
        code,
    )

    assert finding.kind is Kind.BLOCK
    assert finding.facts == {"on": on, "worked": 61, **facts}


def test_forty_hours_and_the_weekly_limit_tell_the_whole_week() -> None:
    facts = replace(
        ANAS_SHEET,
        grants=(Grant(120 * 60, YEAR),),
        assignments=(AssignmentDates("rosa", YEAR), AssignmentDates("walter", YEAR)),
        worked=(
            WorkedElsewhere("rosa", date(2026, 3, 15), 61),
            WorkedElsewhere("walter", date(2026, 3, 15), 1000),
            WorkedElsewhere("walter", date(2026, 3, 20), 500),
        ),
    )
    week = {"week_starts_on": date(2026, 3, 15), "week_ends_on": date(2026, 3, 21), "worked": 2400}

    forty, limit = (
        find(facts, "FORTY_HOURS_EXCEEDED"),
        find(facts, "PROVIDER_WEEKLY_LIMIT_EXCEEDED"),
    )

    assert (forty.kind, limit.kind) == (Kind.WARNING, Kind.WARNING)
    own = {"limit": 2400, "extra": 0, "already": 61, "carried_in": 61, "total": 2461, "by": 61}
    assert forty.facts == {**week, **own}
    assert limit.facts == {
        **week,
        "limit": 3960,
        "already": 1561,
        "carried_in": 1061,
        "total": 3961,
        "by": 1,
    }


def test_the_weekly_limit_exactly_is_no_finding() -> None:
    facts = replace(
        ANAS_SHEET,
        assignments=(AssignmentDates("rosa", YEAR), AssignmentDates("walter", YEAR)),
        worked=(WorkedElsewhere("walter", date(2026, 3, 20), 960), WorkedElsewhere("walter", date(2026, 3, 19), 600)),
    )  # fmt: skip

    assert check_submission(facts) == []


def test_more_overtime_than_normal_tells_the_month_and_by_how_much() -> None:
    long_weeks = tuple(
        WorkedElsewhere("rosa", date(2026, 3, first + day), 624)
        for first in (2, 9)
        for day in range(5)
    )
    facts = replace(
        ANAS_SHEET,
        entries=tuple(DayHours(date(2026, 3, day), 624) for day in range(16, 21)),
        worked=long_weeks,
    )

    finding = find(facts, "MONTHLY_OVERTIME_EXCEEDED")

    assert finding.kind is Kind.WARNING
    assert finding.facts == {
        "month_starts_on": date(2026, 3, 1),
        "limit": 4 * 525,
        "total": 3 * 720,
        "by": 60,
    }
    one_less = (*facts.entries[:-1], DayHours(date(2026, 3, 20), 564))
    assert "MONTHLY_OVERTIME_EXCEEDED" not in {
        found.code for found in check_submission(replace(facts, entries=one_less))
    }


def test_a_month_without_overtime_of_its_own_does_not_hide_the_next() -> None:
    """March has no week over 40:00 granted; April has, and more overtime than normal."""
    facts = replace(
        ANAS_SHEET,
        grants=(Grant(160 * 60, YEAR, date(2026, 3, 28)), Grant(161 * 60, date(2026, 3, 29))),
        entries=(
            DayHours(date(2026, 3, 16), 60),
            *(DayHours(date(2026, 3, day), 1000) for day in (29, 30, 31)),
        ),
    )

    assert find(facts, "MONTHLY_OVERTIME_EXCEEDED").facts["month_starts_on"] == date(2026, 4, 1)


def test_holds_tell_what_they_wait_for() -> None:
    early = replace(ANAS_SHEET, submitted_at=datetime(2026, 3, 20, 16, tzinfo=UTC))
    late = replace(ANAS_SHEET, submitted_at=datetime(2026, 5, 2, 16, tzinfo=UTC))
    first_half = replace(
        ANAS_SHEET,
        period=PayPeriod(date(2026, 3, 1)),
        entries=tuple(DayHours(date(2026, 3, day), 600) for day in range(1, 14)),
        others_claimed=(DayHours(date(2026, 3, 14), 390), DayHours(date(2026, 3, 16), 999)),
        worked=(
            WorkedElsewhere("rosa", date(2026, 3, 15), 1),
            WorkedElsewhere("rosa", date(2026, 3, 17), 999),
            WorkedElsewhere("walter", date(2026, 3, 15), 999),
        ),
    )

    assert find(early, "EARLY").facts == {
        "on": date(2026, 3, 20),
        "ends_at": datetime(2026, 3, 21, 7, tzinfo=UTC),
    }
    assert find(late, "LATE").facts == {"ends_on": date(2026, 3, 31), "days": 32, "limit": 30}
    assert find(first_half, "OVER_70_PERCENT").facts == {
        "claimed": 8191,
        "authorized": 11_700,
        "percent": 70,
    }
    assert first_half_share(first_half) == FirstHalfShare(391, 11_700, 70)
    assert {found.kind for each in (early, late) for found in check_submission(each)} == {Kind.HOLD}


def test_an_empty_timesheet_is_told_only_that() -> None:
    empty = replace(ANAS_SHEET, entries=(), is_flagged=True, was_voided=True)

    assert [found.code for found in check_submission(empty)] == ["NO_HOURS"]
