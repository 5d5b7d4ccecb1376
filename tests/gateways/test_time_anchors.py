"""Anchors: our time, which nobody else can say."""

from datetime import UTC, datetime

import pytest

from app.gateways.time_anchors import TimeAnchors

AT = datetime(2026, 3, 16, 15, 0, 0, 123_000, tzinfo=UTC)
anchors = TimeAnchors("one secret")


def test_an_anchor_is_read_as_the_instant_it_was_made_of() -> None:
    assert anchors.read(anchors.make(AT)) == AT


def test_an_anchor_is_short() -> None:
    assert len(anchors.make(AT)) <= 32


@pytest.mark.parametrize(
    "text",
    [
        "",
        ".",
        "mmtkn6x7",
        anchors.make(AT)[:-1],
        "1" + anchors.make(AT),
        TimeAnchors("another secret").make(AT),
        "\ud800.\ud800",
        "٣.x",
    ],
)
def test_any_other_text_is_no_anchor(text: str) -> None:
    assert anchors.read(text) is None
