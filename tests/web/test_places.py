"""Where a tap was, in words, also when the position behind the words was deleted."""

import pytest
from flask import Flask

from app.domain.positions import PlaceValue, Verdict
from app.web.places import place_words


@pytest.mark.parametrize(
    ("verdict", "problem", "words"),
    [
        (Verdict(PlaceValue.AT_HOME, 5, 18), None, "At home. The phone knew the place to within 60 feet."),
        (Verdict(PlaceValue.AT_HOME, 5), None, "At home."),
        (Verdict(PlaceValue.AWAY, 4830), None, "About 3 miles from home."),
        (Verdict(PlaceValue.TOO_VAGUE, 5), None, "Too vague to tell."),
        (Verdict(PlaceValue.NO_POSITION), "unreadable", "The phone sent a place that is none, so it was not kept. The visit counts all the same."),
    ],
)  # fmt: skip
def test_a_place_is_told_no_finer_than_it_is_known(
    app: Flask, verdict: Verdict, problem: str | None, words: str
) -> None:
    with app.test_request_context():
        assert place_words(verdict, problem) == words
