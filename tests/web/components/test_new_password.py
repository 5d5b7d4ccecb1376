"""A field for a new password helps who types, who pastes, and who leaves it to a program."""

from collections.abc import Callable

from flask import Flask
from wtforms import Form, PasswordField
from wtforms.validators import InputRequired


class Page(Form):  # type: ignore[misc]  # WTForms carries no types
    """A form with one new password."""

    new_password = PasswordField("New password", [InputRequired()])


def test_programs_and_pasting_are_welcome_and_the_length_is_said_before(
    app: Flask, draw: Callable[..., str]
) -> None:
    html = draw("new_password", "new_password_of", Page().new_password, 15)
    assert 'autocomplete="new-password"' in html
    assert 'passwordrules="minlength: 15; maxlength: 200;"' in html
    assert "15 characters or more." in html
    assert "maxlength=" not in html
    assert "onpaste" not in html


def test_without_scripts_it_is_a_plain_field(app: Flask, draw: Callable[..., str]) -> None:
    html = draw("new_password", "new_password_of", Page().new_password, 15)
    assert 'type="password"' in html
    assert 'data-show-password="new_password" aria-pressed="false" hidden' in html


def test_help_comes_while_she_types_and_takes_only_the_password_along(
    app: Flask, draw: Callable[..., str]
) -> None:
    html = draw("new_password", "new_password_of", Page().new_password, 8)
    assert 'hx-post="/password/strength?field=new_password&amp;shortest=8"' in html
    assert 'hx-params="csrf_token,new_password"' in html
    assert 'role="status"' in html
