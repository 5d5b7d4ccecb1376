"""A line of what is set says of what its link is, for whoever hears the link alone."""

from collections.abc import Callable


def test_the_link_names_what_it_changes(draw: Callable[..., str]) -> None:
    html = draw("setting", "setting", "E-mail", "ana@example.com", "/account/email")
    assert '<dt class="setting__label">E-mail</dt>' in html
    assert 'href="/account/email" aria-label="Change: E-mail">Change</a>' in html


def test_other_words_and_a_note(draw: Callable[..., str]) -> None:
    html = draw("setting", "setting", "Passkeys", "None", "/p", "Add", "The easiest way.")
    assert 'aria-label="Add: Passkeys">Add</a>' in html
    assert "The easiest way." in html


def test_what_cannot_be_changed_has_no_link(draw: Callable[..., str]) -> None:
    assert "<a" not in draw("setting", "setting", "Username", "ana")
