"""What can be typed to sign in: a name and a password, a name alone, or a code."""

import unicodedata

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, PasswordField, StringField
from wtforms.validators import InputRequired, Length

LONGEST_NAME = 254  # RFC 5321: no e-mail address is longer
LONGEST_PASSWORD = 1000  # far over what a password may have: only a bound on the work of hashing


def digits(typed: str | None) -> str:
    """The digits in what was typed or pasted, whatever stands between them and in any script.

    >>> digits("482 913"), digits("٤٨٢٩١٣")
    ('482913', '482913')
    """
    return "".join(str(unicodedata.digit(each)) for each in typed or "" if each.isdecimal())


class NameForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF carries no types
    """Somebody who wants a code needs only say who she is."""

    username = StringField(
        _l("Username or e-mail"),
        [
            InputRequired(_l("Enter your username or your e-mail address.")),
            Length(max=LONGEST_NAME, message=_l("This is too long for a username.")),
        ],
    )
    next = HiddenField()


class SignInForm(NameForm):
    """A name and its password."""

    password = PasswordField(
        _l("Password"),
        [
            InputRequired(_l("Enter your password, or choose “Send me a code”.")),
            Length(max=LONGEST_PASSWORD, message=_l("This is too long for a password.")),
        ],
    )


class CodeForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF carries no types
    """A code that we sent."""

    code = StringField(_l("Code"), [InputRequired(_l("Enter the six digits that we sent."))])


class AppCodeForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF carries no types
    """A code that an authenticator app shows."""

    code = StringField(_l("Code"), [InputRequired(_l("Enter the six digits from the app."))])


class RecoveryCodeForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF carries no types
    """A code of the printed kit."""

    recovery_code = StringField(
        _l("Recovery code"),
        [
            InputRequired(_l("Enter one of the codes that you printed.")),
            Length(max=LONGEST_NAME, message=_l("This is too long for a recovery code.")),
        ],
    )
