"""What is typed on the way back: who she is, an answer, a code of the kit or of the app."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms.validators import InputRequired, Length

from app.forms.sign_in import LONGEST_NAME, digits

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
