"""Codes on paper stand in a numbered list, and no program translates them."""

from collections.abc import Callable


def test_each_code_is_a_line_of_its_own(draw: Callable[..., str]) -> None:
    html = draw("recovery_kit", "recovery_kit", ["AAAA-BBBB", "CCCC-DDDD"])
    assert html.count("<li>") == 2
    assert html.count('translate="no"') == 2
    assert "AAAA-BBBB" in html
