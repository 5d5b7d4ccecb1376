"""What is typed on the way back: who she is, an answer, a code of a kit, a password old or new."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import PasswordField, StringField
from wtforms.validators import InputRequired, Length

from app.forms.sign_in import LONGEST_NAME, LONGEST_PASSWORD, digits

LONGEST_ANSWER = 1000  # far over what an answer may have: only a bound on the work of hashing
LONGEST_CODE = 200


class WhoForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF carries no types
    """Whose account it is."""

    username = StringField(
        _l("Username or e-mail"),
        [
            InputRequired(_l("Enter your username or your e-mail address.")),
            Length(max=LONGEST_NAME, message=_l("This is too long for a username.")),
        ],
    )


class EmailForm(FlaskForm):  # type: ignore[misc]
    """Where to mail the username."""

    email = StringField(
        _l("E-mail"),
        [
            InputRequired(_l("Enter your e-mail address.")),
            Length(max=LONGEST_NAME, message=_l("This is too long for an e-mail address.")),
        ],
    )


class AnswerForm(FlaskForm):  # type: ignore[misc]
    """An answer to a security question."""

    answer = StringField(
        _l("Your answer"),
        [
            InputRequired(_l("Enter your answer.")),
            Length(max=LONGEST_ANSWER, message=_l("This answer is too long.")),
        ],
    )


class KitForm(FlaskForm):  # type: ignore[misc]
    """A code of the printed recovery kit."""

    code = StringField(
        _l("Code from your recovery kit"),
        [
            InputRequired(_l("Enter a code from your recovery kit.")),
            Length(max=LONGEST_CODE, message=_l("This is too long for a code.")),
        ],
    )


class AppForm(FlaskForm):  # type: ignore[misc]
    """A code of the authenticator app."""

    code = StringField(
        _l("Code"), [InputRequired(_l("Enter the six digits from the app."))], filters=[digits]
    )


class OldPasswordForm(FlaskForm):  # type: ignore[misc]
    """The password that she still knows."""

    password = PasswordField(
        _l("Password"),
        [
            InputRequired(_l("Enter your password.")),
            Length(max=LONGEST_PASSWORD, message=_l("This is too long for a password.")),
        ],
    )


class NewPasswordForm(FlaskForm):  # type: ignore[misc]
    """A new password, typed once: it can be shown, and pasted."""

    new_password = PasswordField(
        _l("New password"),
        [
            InputRequired(_l("Enter a new password.")),
            Length(max=LONGEST_PASSWORD, message=_l("This is too long for a password.")),
        ],
    )
