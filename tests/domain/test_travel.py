"""Travel between two recipients is paid once, where there was care, and 7:00 a week warns (ACL 16-01)."""

from datetime import date, timedelta

import pytest

from app.domain.claims import ClaimedDay, ClaimFacts, needs_reason
from app.domain.outcomes import Finding, Kind
from app.domain.periods import PayPeriod, Workweek
from app.domain.travel import TravelFacts, check_travel, is_same_place, paid_days, weeks_of
from app.domain.weekly_maximum import AssignmentDates

MONDAY = date(2026, 3, 2)
TUESDAY = date(2026, 3, 3)
WEEK = Workweek.of(MONDAY)
ROSA, WALTER, OMAR = "rosa", "walter", "omar"
LONG_AGO = date(2025, 1, 1)
BOTH = (AssignmentDates(ROSA, LONG_AGO), AssignmentDates(WALTER, LONG_AGO))


def trip(on: date = MONDAY, minutes: int = 40, came_from: str | None = ROSA) -> ClaimedDay:
    return ClaimedDay(on, minutes, came_from)


def week_of_trips(minutes: int) -> list[ClaimedDay]:
    """The same way on each day of the week, Sunday first."""
    return [trip(day, minutes) for day in WEEK.days]


def found(*days: ClaimedDay, **more: object) -> list[Finding]:
    """Travel from Rosa's to Walter's on days with care for him, on a signed timesheet."""
    given: dict[str, object] = {
        "served": {day.on: 180 for day in days},
        "is_signed": True,
        "assignments": BOTH,
    } | more
    assignments = given.pop("assignments")
    claim = ClaimFacts(
        today=date(2026, 3, 16),
        period=PayPeriod.of(MONDAY),
        recipient=WALTER,
        days=tuple(days),
        assignments=assignments,  # type: ignore[arg-type]
    )
    return check_travel(TravelFacts(claim, **given))  # type: ignore[arg-type]


def codes(*days: ClaimedDay, **more: object) -> list[str]:
    return [finding.code for finding in found(*days, **more)]


def test_a_way_between_two_recipients_on_a_day_of_care_is_sound() -> None:
    assert codes(trip()) == []


def test_travel_needs_two_recipients_that_day() -> None:
    ended = (AssignmentDates(ROSA, LONG_AGO, date(2026, 3, 1)), BOTH[1])
    assert codes(trip(), assignments=ended) == ["TRAVEL_ONE_RECIPIENT"]


@pytest.mark.parametrize("came_from", [WALTER, OMAR, None])
def test_travel_comes_from_another_recipient_of_hers(came_from: str | None) -> None:
    assert codes(trip(came_from=came_from)) == ["TRAVEL_FROM_NOBODY"]


def test_there_is_no_way_within_one_place() -> None:
    assert codes(trip(), same_place=frozenset({ROSA})) == ["TRAVEL_SAME_PLACE"]
    assert codes(trip(), same_place=frozenset({OMAR})) == []


def test_a_day_without_care_on_a_signed_timesheet_cannot_be_claimed() -> None:
    [finding] = found(trip(), served={TUESDAY: 180})
    assert (finding.code, finding.kind) == ("TRAVEL_DAY_WITHOUT_CARE", Kind.BLOCK)
    assert codes(trip(), served={MONDAY: 0}) == ["TRAVEL_DAY_WITHOUT_CARE"]


def test_a_day_without_care_yet_waits_with_the_timesheet() -> None:
    findings = found(trip(), served={}, is_signed=False)
    assert [finding.code for finding in findings] == [
        "TRAVEL_DAY_NEEDS_CARE", "TRAVEL_WAITS_FOR_TIMESHEET",
    ]  # fmt: skip
    assert {finding.kind for finding in findings} == {Kind.HOLD}


def test_a_way_of_more_than_two_hours_is_remarked() -> None:
    assert codes(trip(minutes=120)) == []
    [finding] = found(trip(minutes=121))
    assert (finding.code, finding.kind) == ("TRAVEL_TRIP_LONG", Kind.WARNING)
    assert finding.facts == {"on": MONDAY, "claimed": 121, "limit": 120}
    assert needs_reason([finding])


def test_seven_hours_a_week_are_no_violation_and_a_minute_more_warns_of_one() -> None:
    assert codes(*week_of_trips(60)) == []
    [finding] = found(*week_of_trips(60), other_travel={WEEK: 1})
    assert (finding.code, finding.kind) == ("TRAVEL_WEEK_EXCEEDED", Kind.WARNING)
    assert finding.facts == {
        "week_starts_on": date(2026, 3, 1), "week_ends_on": date(2026, 3, 7),
        "already": 1, "claimed": 420, "total": 421, "limit": 420, "by": 1,
    }  # fmt: skip
    assert needs_reason([finding])


def test_travel_of_another_week_does_not_count() -> None:
    before = Workweek(WEEK.starts_on - timedelta(days=7))
    assert codes(*week_of_trips(60), other_travel={before: 420}) == []


def test_more_than_fourteen_hours_a_week_are_not_taken() -> None:
    assert codes(*week_of_trips(120)) == ["TRAVEL_WEEK_EXCEEDED"]
    [finding] = found(*week_of_trips(120), other_travel={WEEK: 1})
    assert (finding.code, finding.kind) == ("TRAVEL_WEEK_STOPPED", Kind.BLOCK)
    assert (finding.facts["limit"], finding.facts["by"]) == (840, 1)


def test_each_week_is_told_of_once_and_in_order() -> None:
    later = trip(date(2026, 3, 9))
    claim = ClaimFacts(
        today=date(2026, 3, 16), period=PayPeriod.of(MONDAY), recipient=WALTER,
        days=(later, trip(), trip(TUESDAY), trip(date(2026, 3, 15), 0)), assignments=BOTH,
    )  # fmt: skip
    weeks = weeks_of(TravelFacts(claim))
    assert [(week.week.starts_on.day, week.claimed) for week in weeks] == [(1, 80), (8, 40)]


def test_days_without_paid_care_are_cut() -> None:
    days = [trip(), trip(TUESDAY, 25)]
    assert paid_days(days, {MONDAY: 180}) == {MONDAY: 40, TUESDAY: 0}
    assert paid_days(days, {MONDAY: 0, TUESDAY: 1}) == {MONDAY: 0, TUESDAY: 25}


def test_a_place_is_known_by_the_map_and_else_by_the_address() -> None:
    home = (34.0, -118.3)
    assert is_same_place((home, "1 Elm St"), (home, "2 Oak St"))
    assert not is_same_place((home, "1 Elm St"), ((34.1, -118.3), "1 Elm St"))
    assert is_same_place((home, "1 Elm St, Apt. 2"), (None, "1 ELM ST APT 2"))
    assert not is_same_place((None, "1 Elm St"), (None, "2 Elm St"))
