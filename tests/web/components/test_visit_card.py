"""The visit card: what a person at the door can do, with scripts and without."""

import re
from collections.abc import Callable
from datetime import UTC, datetime

EIGHT_IN_LOS_ANGELES = datetime(2026, 11, 16, 16, 2, tzinfo=UTC)


def shown_state(card: str) -> set[str]:
    return {
        state
        for state, rest in re.findall(r'data-visit-state="(\w+)"([^>]*)>', card)
        if "hidden" not in rest
    }


def test_a_card_is_headed_by_the_recipient_alone(draw: Callable[..., str]) -> None:
    card = draw("visit_card", "visit_card", 7, "Rosa Delgado")
    assert re.findall(r"<h\d[^>]*>([^<]*)", card) == ["Rosa Delgado"]


def test_somebody_who_is_out_can_check_in(draw: Callable[..., str]) -> None:
    card = draw("visit_card", "visit_card", 7, "Rosa Delgado")
    assert shown_state(card) == {"out"}
    assert 'action="/visits/check-in"' in card


def test_somebody_who_is_in_sees_since_when_and_can_check_out(draw: Callable[..., str]) -> None:
    card = draw(
        "visit_card", "visit_card", 7, "Rosa", checked_in_at=EIGHT_IN_LOS_ANGELES, elapsed=134
    )
    assert shown_state(card) == {"in"}
    assert "since 8:02" in card
    assert "2 h 14 min" in card


def test_two_cards_share_no_id(draw: Callable[..., str]) -> None:
    page = draw("visit_card", "visit_card", 7, "Rosa") + draw(
        "visit_card", "visit_card", 8, "Walter"
    )
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len(set(ids))


def test_a_blank_card_carries_no_token_and_no_name(draw: Callable[..., str]) -> None:
    card = draw("visit_card", "blank_visit_card")
    assert "csrf_token" not in card
    assert 'data-assignment=""' in card
