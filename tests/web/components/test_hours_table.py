"""The days of a week: what was typed stays, what is wrong stands beside it."""

from collections.abc import Callable
from datetime import date
from typing import Any

MONDAY = date(2026, 11, 16)


def day(**changes: Any) -> dict[str, Any]:
    return {
        "on": MONDAY,
        "minutes": 480,
        "proposed": 480,
        "starts": 482,
        "ends": 962,
        "location": "home",
        "by_hand": False,
        "revision": 3,
        "editable": True,
    } | changes


def test_a_day_shows_hours_times_and_place(draw: Callable[..., str]) -> None:
    row = draw("hours_table", "day_row", day())
    assert 'value="8:00"' in row
    assert 'value="08:02"' in row
    assert '<option value="home" selected>' in row


def test_what_a_refused_form_brought_back_is_still_there(draw: Callable[..., str]) -> None:
    row = draw(
        "hours_table", "day_row", day(typed={"minutes": "8.5"}, errors={"minutes": "Write 8:30."})
    )
    assert 'value="8.5"' in row
    assert 'aria-invalid="true"' in row
    assert "Write 8:30." in row


def test_a_wrong_time_is_not_folded_away(draw: Callable[..., str]) -> None:
    assert "<details" in draw("hours_table", "day_row", day())
    assert " open>" in draw("hours_table", "day_row", day(errors={"ends": "Say when it ended."}))


def test_a_change_by_hand_stands_beside_what_the_check_ins_say(draw: Callable[..., str]) -> None:
    row = draw("hours_table", "day_row", day(minutes=540, by_hand=True))
    assert "Changed by you." in row
    assert "8:00" in row.split("Changed by you.")[1]


def test_a_day_that_ended_at_midnight_can_be_shown(draw: Callable[..., str]) -> None:
    assert 'value="00:00"' in draw("hours_table", "day_row", day(ends=1440))


def test_a_live_in_provider_is_asked_for_hours_only(draw: Callable[..., str]) -> None:
    table = draw("hours_table", "hours_table", [day()], with_times=False)
    assert 'type="time"' not in table


def test_a_day_that_cannot_be_changed_says_why(draw: Callable[..., str]) -> None:
    row = draw("hours_table", "day_row", day(editable=False, note="In the other half."))
    assert "disabled" in row
    assert "In the other half." in row


def test_a_day_of_a_closed_sheet_is_words_without_boxes(draw: Callable[..., str]) -> None:
    table = draw("hours_table", "hours_table", [day(minutes=485)], told=True)
    assert "8:05" in table
    assert "<input" not in table
    assert "<select" not in table


def test_the_days_of_another_half_month_stand_in_one_line(draw: Callable[..., str]) -> None:
    table = draw("hours_table", "hours_table", [day()], after="Dec 1 – Dec 5 are elsewhere.")
    assert table.count("data-day ") == 1
    assert "Dec 1 – Dec 5 are elsewhere." in table


def test_a_blank_day_can_be_drawn_for_the_phone(draw: Callable[..., str]) -> None:
    assert "minutes-__ID__" in draw("hours_table", "blank_day_row")
