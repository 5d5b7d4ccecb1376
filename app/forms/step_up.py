"""What is typed to prove oneself once more: the password, and then a code."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import PasswordField, StringField
from wtforms.validators import InputRequired, Length

LONGEST_PASSWORD = 1000  # far over what a password may have: only a bound on the work of hashing


class PasswordAgainForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF carries no types
    """The password of whoever is signed in."""

    password = PasswordField(
        _l("Password"),
        [
            InputRequired(_l("Enter your password.")),
            Length(max=LONGEST_PASSWORD, message=_l("This is too long for a password.")),
        ],
    )


class CodeAgainForm(FlaskForm):  # type: ignore[misc]
    """A code that was sent, or that the authenticator app shows."""

    code = StringField(_l("Code"), [InputRequired(_l("Enter the six digits."))])
