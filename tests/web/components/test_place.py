"""Where a visit was: the words always, the picture only where there are figures."""

import re
from collections.abc import Callable

import pytest


def test_without_figures_there_are_only_words(draw: Callable[..., str]) -> None:
    html = draw("place", "place", "The phone gave no place.")
    assert "<svg" not in html
    assert "The phone gave no place." in html


@pytest.mark.parametrize(
    ("distance", "accuracy"), [(0, 0), (20, 18), (150, 150), (300, 50_000), (4_800_000, 5)]
)
def test_circle_and_dot_stay_inside_the_picture(
    draw: Callable[..., str], distance: int, accuracy: int
) -> None:
    html = draw("place", "place", "Here.", distance_m=distance, accuracy_m=accuracy)
    for x, r in re.findall(r'cx="([\d.]+)" cy="20" r="([\d.]+)"', html):
        assert float(x) - float(r) >= 0
        assert float(x) + float(r) <= 40
