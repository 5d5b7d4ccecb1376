"""What can be typed on the pages of one's own account."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, PasswordField, RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from app.services.account import LANGUAGES

LONGEST_EMAIL = 254  # RFC 5321
LONGEST_NUMBER = 40  # of a phone, as somebody may write it
LONGEST_TYPED = 1000  # far over what a password or an address may have: only a bound on the work
OWN_NAMES = {  # each language in its own words, for whoever reads no other
    "en": "English",
    "es": "Español",
    "zh_Hant": "中文",
    "hy": "Հայերեն",
}


class EmailForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF carries no types
    """A new e-mail address."""

    email = StringField(
        _l("New e-mail address"),
        [
            InputRequired(_l("Enter your new e-mail address.")),
            Length(max=LONGEST_EMAIL, message=_l("This is too long for an e-mail address.")),
        ],
    )


class PhoneForm(FlaskForm):  # type: ignore[misc]
    """A new phone number."""

    phone = StringField(
        _l("New phone number"),
        [
            InputRequired(_l("Enter your new phone number.")),
            Length(max=LONGEST_NUMBER, message=_l("This is too long for a phone number.")),
        ],
    )


class SentCodeForm(FlaskForm):  # type: ignore[misc]
    """The code that went to a new address or number, or that an authenticator app shows."""

    code = StringField(_l("Code"), [InputRequired(_l("Enter the six digits."))])


class AddressForm(FlaskForm):  # type: ignore[misc]
    """Where letters go."""

    address = TextAreaField(
        _l("Mailing address"),
        [
            InputRequired(_l("Enter your mailing address.")),
            Length(max=LONGEST_TYPED, message=_l("This is too long for an address.")),
        ],
    )


class LanguageForm(FlaskForm):  # type: ignore[misc]
    """The language of the portal and of what it sends."""

    language = RadioField(
        _l("Language"),
        [InputRequired(_l("Choose a language."))],
        choices=[SelectChoice(code, OWN_NAMES[code]) for code in LANGUAGES],
    )


class TellingForm(FlaskForm):  # type: ignore[misc]
    """How somebody wants to hear of things."""

    by_email = BooleanField(_l("By e-mail"))
    by_text = BooleanField(_l("By text message"))
    of_taps = BooleanField(_l("Remind me when I may have forgotten to check in or out"))
    of_timesheets = BooleanField(_l("Remind me of timesheets that wait for me"))


class NewPasswordForm(FlaskForm):  # type: ignore[misc]
    """A new password; once is enough, for it can be looked at while it is typed."""

    new_password = PasswordField(
        _l("New password"),
        [
            InputRequired(_l("Enter a new password.")),
            Length(max=LONGEST_TYPED, message=_l("This is too long for a password.")),
        ],
    )


class PasskeyNameForm(FlaskForm):  # type: ignore[misc]
    """What somebody calls a passkey."""

    name = StringField(
        _l("Name of the passkey"),
        [
            InputRequired(_l("Give the passkey a name.")),
            Length(max=60, message=_l("This name is too long.")),
        ],
    )
