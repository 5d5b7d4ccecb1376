"""The week bar: the picture and the sentence say the same."""

import re
from collections.abc import Callable


def widths(bar: str) -> dict[str, float]:
    return {
        name: float(width)
        for name, width in re.findall(r'data-bar="(\w+)".*?width="([\d.]+)"', bar)
    }


def test_what_is_left_is_the_empty_end_of_the_bar(draw: Callable[..., str]) -> None:
    bar = draw("week_bar", "week_bar", worked=300, limit=600, carried=60)
    assert widths(bar) == {"carried": 10, "already": 0, "worked": 50, "over": 0}
    assert "6:00 of 10:00 this week. 4:00 left." in bar


def test_hours_over_the_limit_fill_the_bar_and_stand_apart(draw: Callable[..., str]) -> None:
    bar = draw("week_bar", "week_bar", worked=750, limit=600)
    assert widths(bar) == {"carried": 0, "already": 0, "worked": 80, "over": 20}
    assert "2:30 over the limit of 10:00" in bar


def test_carried_hours_alone_over_the_limit_stay_inside_the_picture(
    draw: Callable[..., str],
) -> None:
    bar = draw("week_bar", "week_bar", worked=0, limit=600, carried=900)
    assert sum(widths(bar).values()) == 100


def test_a_week_without_limit_only_says_its_hours(draw: Callable[..., str]) -> None:
    bar = draw("week_bar", "week_bar", worked=90)
    assert "1:30 this week." in bar
    assert "left" not in bar


def test_an_empty_week_is_drawn(draw: Callable[..., str]) -> None:
    assert sum(widths(draw("week_bar", "week_bar")).values()) == 0
