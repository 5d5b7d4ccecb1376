"""A claim goes from saved to paid by one table, and is asked the same of travel as of sick leave."""

from datetime import date

import pytest

from app.domain.claims import (
    CLAIMED,
    PAYMENT_STATUS,
    TRANSITIONS,
    ClaimAction,
    ClaimedDay,
    ClaimFacts,
    ClaimKind,
    ClaimStatus,
    actions_open,
    after,
    check_every_claim,
    check_reason,
)
from app.domain.outcomes import Refused
from app.domain.periods import PayPeriod
from app.domain.permissions import Role
from app.domain.weekly_maximum import AssignmentDates

MONDAY = date(2026, 3, 2)
ROSA, WALTER = "rosa", "walter"
LONG_AGO = date(2025, 1, 1)


def facts(*days: ClaimedDay, **more: object) -> ClaimFacts:
    given: dict[str, object] = {
        "today": date(2026, 3, 16),
        "period": PayPeriod.of(MONDAY),
        "recipient": ROSA,
        "days": days,
        "assignments": (AssignmentDates(ROSA, LONG_AGO),),
    }
    return ClaimFacts(**(given | more))  # type: ignore[arg-type]


def codes(*days: ClaimedDay, **more: object) -> list[str]:
    return [finding.code for finding in check_every_claim(facts(*days, **more))]


@pytest.mark.parametrize(
    ("kind", "first"),
    [(ClaimKind.TRAVEL, ClaimStatus.WAITING), (ClaimKind.SICK_LEAVE, ClaimStatus.READY)],
)
def test_only_travel_waits_for_a_timesheet(kind: ClaimKind, first: ClaimStatus) -> None:
    assert after(kind, ClaimStatus.SAVED, ClaimAction.SUBMIT, by=Role.PROVIDER) is first


def test_a_claim_is_refused_by_the_county_or_by_its_timesheet_and_can_be_claimed_again() -> None:
    for who in (Role.COUNTY_WORKER, None):
        status = after(ClaimKind.TRAVEL, ClaimStatus.WAITING, ClaimAction.REFUSE, by=who)
        assert status is ClaimStatus.REFUSED
    again = after(ClaimKind.TRAVEL, status, ClaimAction.TAKE_BACK, by=Role.PROVIDER)
    assert again is ClaimStatus.SAVED


@pytest.mark.parametrize(
    ("status", "action", "by"),
    [
        (ClaimStatus.PAID, ClaimAction.TAKE_BACK, Role.PROVIDER),
        (ClaimStatus.PAID, ClaimAction.REFUSE, Role.COUNTY_WORKER),
        (ClaimStatus.SAVED, ClaimAction.SUBMIT, Role.RECIPIENT),
        (ClaimStatus.WAITING, ClaimAction.GO_ON, Role.PROVIDER),
        (ClaimStatus.WAITING, ClaimAction.ISSUE_PAYMENT, None),
    ],
)
def test_nobody_does_what_is_not_theirs_or_not_now(
    status: ClaimStatus, action: ClaimAction, by: Role | None
) -> None:
    with pytest.raises(Refused) as refused:
        after(ClaimKind.TRAVEL, status, action, by=by)
    assert refused.value.code == "NOT_ALLOWED_NOW"
    assert refused.value.facts == {"status": status, "action": action}


def test_a_provider_sees_the_buttons_of_the_table() -> None:
    assert actions_open(ClaimKind.TRAVEL, ClaimStatus.SAVED, Role.PROVIDER) == {ClaimAction.SUBMIT}
    assert actions_open(ClaimKind.TRAVEL, ClaimStatus.WAITING, Role.PROVIDER) == {
        ClaimAction.TAKE_BACK
    }
    assert actions_open(ClaimKind.TRAVEL, ClaimStatus.PAID, Role.COUNTY_WORKER) == frozenset()


def test_every_status_is_reached_and_every_payment_counts_as_claimed() -> None:
    reached = {line.leads_to for line in TRANSITIONS}
    assert reached == set(ClaimStatus)
    assert set(PAYMENT_STATUS) < CLAIMED


def test_a_sound_claim_has_no_findings() -> None:
    assert codes(ClaimedDay(MONDAY, 60)) == []


@pytest.mark.parametrize(
    ("day", "code"),
    [
        (ClaimedDay(MONDAY, 0), "CLAIM_EMPTY"),
        (ClaimedDay(date(2026, 2, 28), 60), "CLAIM_OUTSIDE_PERIOD"),
        (ClaimedDay(date(2026, 3, 16), 60), "CLAIM_OUTSIDE_PERIOD"),
    ],
)
def test_a_day_must_lie_in_the_half_month_and_claim_something(day: ClaimedDay, code: str) -> None:
    assert codes(day) == [code]


def test_no_claim_is_for_tomorrow() -> None:
    assert codes(ClaimedDay(MONDAY, 60), today=MONDAY) == []
    assert codes(ClaimedDay(MONDAY, 60), today=date(2026, 3, 1)) == ["CLAIM_IN_FUTURE"]


def test_no_claim_is_for_a_day_without_an_assignment() -> None:
    ended = (AssignmentDates(ROSA, LONG_AGO, date(2026, 3, 1)), AssignmentDates(WALTER, LONG_AGO))
    assert codes(ClaimedDay(MONDAY, 60), assignments=ended) == ["CLAIM_NOT_ASSIGNED"]


def test_a_day_is_claimed_once() -> None:
    assert codes(ClaimedDay(MONDAY, 60), claimed_days=frozenset({MONDAY})) == ["CLAIMED_BEFORE"]


def test_a_day_has_24_hours_all_together() -> None:
    assert codes(ClaimedDay(MONDAY, 60), busy={MONDAY: 23 * 60}) == []
    [finding] = check_every_claim(facts(ClaimedDay(MONDAY, 60), busy={MONDAY: 23 * 60 + 1}))
    assert finding.code == "CLAIM_DAY_OVER_24_HOURS"
    assert finding.facts == {
        "on": MONDAY, "claimed": 60, "already": 1381, "limit": 1440, "by": 1,
    }  # fmt: skip


def test_a_reason_is_a_few_words() -> None:
    assert check_reason("  The bus broke down. ") == "The bus broke down."
    assert check_reason("x" * 500) == "x" * 500
    for typed, code in ((" ", "CLAIM_REASON_MISSING"), (None, "CLAIM_REASON_MISSING"),
                        ("x" * 501, "CLAIM_REASON_TOO_LONG")):  # fmt: skip
        with pytest.raises(Refused) as refused:
            check_reason(typed)
        assert refused.value.code == code
