"""What a note between providers may be, and when it goes."""

from datetime import date

import pytest

from app.domain import notes
from app.domain.outcomes import Refused

TODAY = date(2026, 11, 24)


@pytest.mark.parametrize("typed", ["", "  ", "\r\n \t \n"])
def test_a_note_without_words_is_none(typed: str) -> None:
    with pytest.raises(Refused) as refused:
        notes.tidied(typed, TODAY)
    assert refused.value.code == "NOTE_EMPTY"


def test_five_hundred_letters_are_a_note_and_one_more_is_too_long() -> None:
    assert len(notes.tidied("ñ" * 500, TODAY)) == 500

    with pytest.raises(Refused) as refused:
        notes.tidied("ñ" * 501, TODAY)
    assert (refused.value.code, refused.value.facts) == (
        "NOTE_TOO_LONG",
        {"length": 501, "longest": 500},
    )


def test_a_browsers_line_ends_count_as_one_letter() -> None:
    assert notes.tidied("a\r\n" * 250, TODAY) == "\n".join("a" * 250)


def test_a_note_goes_after_thirty_days_also_over_a_change_of_the_clocks() -> None:
    assert notes.goes_on(date(2026, 10, 20)) == date(2026, 11, 19)
