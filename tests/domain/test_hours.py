"""Hours as people type them: what is understood, and what is refused with a reason."""

import pytest

from app.domain.hours import as_clock, as_hhmm, parse_clock, parse_duration, parse_hhmm
from app.domain.outcomes import Refused


@pytest.mark.parametrize(
    ("hours", "minutes", "expected"),
    [("8", "05", 485), ("", "30", 30), ("8", "", 480), (" 8 ", " 5 ", 485), ("8:05", "", 485)],
)
def test_hours_and_minutes_are_read(hours: str, minutes: str, expected: int) -> None:
    assert parse_duration(hours, minutes) == expected


def test_a_day_holds_up_to_twenty_four_hours() -> None:
    assert parse_duration("24", "00") == 1440
    with pytest.raises(Refused, match="HOURS_OUT_OF_RANGE"):
        parse_duration("24", "01")


@pytest.mark.parametrize(
    ("hours", "minutes", "code"),
    [
        ("", "", "HOURS_MISSING"),
        ("eight", "", "HOURS_NOT_A_NUMBER"),
        ("25", "00", "HOURS_OUT_OF_RANGE"),
        ("25:00", "", "HOURS_OUT_OF_RANGE"),
        ("8:75", "", "MINUTES_OUT_OF_RANGE"),
        ("8:05", "10", "HOURS_NOT_A_NUMBER"),
        ("-1", "", "HOURS_NEGATIVE"),
        ("\N{MINUS SIGN}1", "", "HOURS_NEGATIVE"),
        ("8", "60", "MINUTES_OUT_OF_RANGE"),
        ("8", "x", "MINUTES_NOT_A_NUMBER"),
        ("8", "-5", "HOURS_NEGATIVE"),
        ("9" * 5000, "", "HOURS_NOT_A_NUMBER"),
        ("٨", "", "OTHER_DIGITS"),
        ("8", "٣٠", "OTHER_DIGITS"),
        ("²", "", "HOURS_NOT_A_NUMBER"),
    ],
)
def test_what_is_no_duration_is_refused_with_a_code(hours: str, minutes: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        parse_duration(hours, minutes)

    assert refused.value.code == code


def test_decimal_hours_are_refused_with_the_hours_and_minutes_meant() -> None:
    with pytest.raises(Refused) as refused:
        parse_duration("8,25", "")

    assert refused.value.code == "DECIMAL_HOURS"
    assert (refused.value.facts["hours"], refused.value.facts["minutes"]) == (8, 15)


def test_digits_of_another_script_are_refused_with_the_number_meant() -> None:
    with pytest.raises(Refused) as refused:
        parse_duration("٨", "")

    assert refused.value.facts == {"typed": "٨", "meant": "8"}


@pytest.mark.parametrize(
    ("text", "minute"),
    [
        ("00:00", 0),
        ("8:05", 485),
        ("08:05:30", 485),
        ("09:00AM", 540),
        ("12:30 am", 30),
        ("12 p.m.", 720),
        ("23:59", 1439),
        ("24:00", 1440),
    ],
)
def test_a_time_of_day_is_read(text: str, minute: int) -> None:
    assert parse_clock(text) == minute


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "TIME_NOT_UNDERSTOOD"),
        ("8", "TIME_NOT_UNDERSTOOD"),
        ("8.30", "TIME_NOT_UNDERSTOOD"),
        ("24:01", "TIME_OUT_OF_RANGE"),
        ("8:60", "TIME_OUT_OF_RANGE"),
        ("13:00 pm", "TIME_OUT_OF_RANGE"),
        ("0:30 am", "TIME_OUT_OF_RANGE"),
        ("٨:٣٠", "OTHER_DIGITS"),
    ],
)
def test_what_is_no_time_of_day_is_refused_with_a_code(text: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        parse_clock(text)

    assert refused.value.code == code


@pytest.mark.parametrize("text", ["8", "8:60", "8:5", "-8:00", "٨:٠٠", ""])
def test_hours_in_a_file_are_hours_colon_minutes(text: str) -> None:
    with pytest.raises(Refused, match="HOURS_NOT_A_NUMBER"):
        parse_hhmm(text)


def test_hours_are_shown_for_people_and_for_files() -> None:
    assert as_clock(5) == "0:05"
    assert as_hhmm(parse_hhmm("195:00")) == "195:00"


@pytest.mark.parametrize(
    ("hours", "minutes", "facts"),
    [
        ("8", "60", {"typed": "60"}),
        ("8", "59", None),
        ("24", "01", {"typed": "24:01", "limit": 1440}),
        ("eight", "", {"typed": "eight"}),
        ("-1", "", {"typed": "-1"}),
        (".5", "", {"typed": ".5", "hours": 0, "minutes": 30}),
        ("8.50", "", {"typed": "8.50", "hours": 8, "minutes": 30}),
        ("7.999", "", {"typed": "7.999", "hours": 8, "minutes": 0}),
        ("0.97", "", {"typed": "0.97", "hours": 0, "minutes": 58}),
        ("x" * 50, "", {"typed": "x" * 40}),
        ("-" * 50, "", {"typed": "-" * 40}),
        ("٨" * 50, "", {"typed": "٨" * 40, "meant": "8" * 40}),
    ],
)
def test_a_refusal_shows_what_was_typed_and_no_more_than_forty_letters_of_it(
    hours: str, minutes: str, facts: dict[str, object] | None
) -> None:
    if facts is None:
        assert parse_duration(hours, minutes) == 539
        return
    with pytest.raises(Refused) as refused:
        parse_duration(hours, minutes)

    assert refused.value.facts == facts


@pytest.mark.parametrize(
    ("text", "typed"),
    [("x" * 50, "x" * 40), ("13:00 pm", "13:00 pm"), ("24:01", "24:01"), ("8:60", "8:60")],
)
def test_a_refused_time_of_day_is_shown(text: str, typed: str) -> None:
    with pytest.raises(Refused) as refused:
        parse_clock(text)

    assert refused.value.facts == {"typed": typed}


@pytest.mark.parametrize(
    ("text", "minute"), [("1 am", 60), ("1:00 PM", 780), ("12 am", 0), ("11:59 p.m.", 1439)]
)
def test_the_hours_of_both_halves_of_the_day_are_read(text: str, minute: int) -> None:
    assert parse_clock(text) == minute


def test_hours_of_a_file_are_refused_with_what_was_written() -> None:
    with pytest.raises(Refused) as refused:
        parse_hhmm("x" * 50)

    assert refused.value.code == "HOURS_NOT_A_NUMBER"
    assert refused.value.facts == {"typed": "x" * 40}
