"""What an agent of the service desk looks for, sees and may do."""

from datetime import UTC, datetime, timedelta

import pytest

from app.domain import desk
from app.domain.desk import Search, SearchBy, Standing, State
from app.domain.outcomes import Refused

NOW = datetime(2026, 11, 24, 20, tzinfo=UTC)
DEV, NOOR, ANA = 1, 2, 3
FINE = {
    "failures_in_a_row": 0,
    "locked_at": None,
    "frozen_at": None,
    "email_confirmed_at": NOW,
    "has_password": True,
    "passkeys": 0,
}


def standing(**changed: object) -> Standing:
    return Standing(**(FINE | changed))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        (" Ana@Example.com ", Search(SearchBy.EMAIL, "Ana@Example.com")),
        ("100000001", Search(SearchBy.NUMBER, "100000001")),
        ("1000 001", Search(SearchBy.NUMBER, "1000001")),
        ("García, ANA", Search(SearchBy.NAME, "garcía, ana", ("garcia", "ana"))),
        ("ana_f-1", Search(SearchBy.NAME, "ana_f-1", ("ana", "f", "1"))),
        ("Ana ana", Search(SearchBy.NAME, "ana ana", ("ana",))),
    ],
)
def test_what_is_typed_says_by_what_to_look(typed: str, read: Search) -> None:
    assert desk.read_search(typed) == read


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        (None, "SEARCH_TOO_SHORT"),
        ("  ", "SEARCH_TOO_SHORT"),
        ("a", "SEARCH_TOO_SHORT"),
        ("-- ’", "SEARCH_TOO_SHORT"),
        ("\x00", "SEARCH_TOO_SHORT"),
        ("a" * 101, "SEARCH_TOO_LONG"),
    ],
)
def test_a_search_for_nearly_nothing_or_too_much_is_refused(typed: str | None, code: str) -> None:
    with pytest.raises(Refused) as refused:
        desk.read_search(typed)
    assert refused.value.code == code


def test_a_very_long_name_is_looked_for_by_its_first_words() -> None:
    assert len(desk.read_search("a b c d e f g h i j").words) == desk.MOST_WORDS


def test_a_reason_is_tidied_and_never_missing() -> None:
    assert desk.check_reason("  She called,\n number known. ") == "She called, number known."
    for typed, code in (
        (None, "DESK_REASON_MISSING"),
        (" \n", "DESK_REASON_MISSING"),
        ("x" * 501, "DESK_REASON_TOO_LONG"),
    ):
        with pytest.raises(Refused) as refused:
            desk.check_reason(typed)
        assert refused.value.code == code


@pytest.mark.parametrize(
    ("asked_by", "agrees", "owner", "code"),
    [
        (DEV, NOOR, ANA, None),
        (DEV, DEV, ANA, "SAME_AGENT"),
        (DEV, NOOR, NOOR, "OWN_ACCOUNT"),
        (DEV, NOOR, DEV, "OWN_ACCOUNT"),
        (DEV, DEV, DEV, "OWN_ACCOUNT"),
    ],
)
def test_two_agents_must_agree_and_neither_for_herself(
    asked_by: int, agrees: int, owner: int, code: str | None
) -> None:
    try:
        desk.check_two_agents(asked_by=asked_by, agrees=agrees, owner=owner)
        refused = None
    except Refused as said:
        refused = said.code
    assert refused == code


@pytest.mark.parametrize(
    ("changed", "codes", "state"),
    [
        ({}, [], State.REGISTERED),
        ({"failures_in_a_row": 4}, [], State.REGISTERED),
        ({"failures_in_a_row": 5, "locked_at": NOW}, ["DESK_LOCKED"], State.LOCKED),
        ({"failures_in_a_row": 5, "locked_at": NOW - timedelta(days=1)}, [], State.REGISTERED),
        ({"failures_in_a_row": 100}, ["DESK_PASSWORD_OFF"], State.LOCKED),
        ({"frozen_at": NOW}, ["DESK_FROZEN"], State.FROZEN),
        ({"app_failures": 5, "app_failed_at": NOW}, ["DESK_APP_LOCKED"], State.REGISTERED),
        ({"app_failures": 100, "app_failed_at": NOW}, ["DESK_APP_OFF"], State.REGISTERED),
        ({"email_confirmed_at": None}, ["DESK_EMAIL_NOT_CONFIRMED"], State.UNCONFIRMED),
        ({"has_password": False, "passkeys": 1}, ["DESK_NO_PASSWORD"], State.REGISTERED),
        ({"has_password": False}, ["DESK_ONLY_CODES"], State.REGISTERED),
        (
            {"frozen_at": NOW, "failures_in_a_row": 100, "email_confirmed_at": None},
            ["DESK_FROZEN", "DESK_PASSWORD_OFF", "DESK_EMAIL_NOT_CONFIRMED"],
            State.FROZEN,
        ),
    ],
)
def test_what_stops_somebody_is_said_the_worst_first(
    changed: dict[str, object], codes: list[str], state: State
) -> None:
    stands = standing(**changed)
    assert [finding.code for finding in desk.what_stops(stands, NOW)] == codes
    assert desk.state_of(stands, NOW) is state


def test_somebody_without_an_account_is_not_registered() -> None:
    assert desk.state_of(None, NOW) is State.NOT_REGISTERED


def test_a_correction_waits_over_a_weekend_and_its_link_a_day() -> None:
    assert desk.correction_waits_until(NOW) - NOW == timedelta(days=3)
    assert desk.correction_may_be_confirmed_until(NOW) - NOW == timedelta(hours=24)
