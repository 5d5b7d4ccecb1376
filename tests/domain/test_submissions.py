"""What the findings carry for a sentence; which codes arise when is told by the scenarios."""

from dataclasses import replace
from datetime import UTC, date, datetime

from app.domain.balances import DayHours, SubmissionFacts, WorkedElsewhere
from app.domain.outcomes import Finding, Kind
from app.domain.periods import PayPeriod, Workweek
from app.domain.submissions import check_submission, early_hold_ends_at, holds_of
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
