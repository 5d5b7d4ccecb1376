"""A field: its label, hint and error belong to it for everybody."""

from collections.abc import Callable


def test_an_error_is_tied_to_its_field(draw: Callable[..., str]) -> None:
    html = draw("field", "field", "code", "Code", hint="Six digits.", error="Too short.")
    assert 'aria-describedby="code-error code-hint"' in html
    assert 'id="code-error"' in html


def test_a_password_is_never_shown_again(draw: Callable[..., str]) -> None:
    html = draw("field", "field", "password", "Password", value="secret", type="password")
    assert "secret" not in html


def test_a_code_may_be_filled_in_by_the_phone(draw: Callable[..., str]) -> None:
    html = draw("field", "field", "code", "Code", type="code")
    assert 'autocomplete="one-time-code"' in html
    assert 'inputmode="numeric"' in html


def test_what_was_typed_cannot_become_markup(draw: Callable[..., str]) -> None:
    html = draw("field", "field", "name", "Name", value='"><script>')
    assert "<script>" not in html
