"""What does a service desk agent type: whom she looks for, why she acts, which address is right?"""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import StringField, TextAreaField


class SearchForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF carries no types
    """Whom to find; it is sent, and so stands in no address."""

    sought = StringField(_l("E-mail, name, number or username"))


class ActForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF carries no types
    """Why an agent does something, or what she notes."""

    reason = TextAreaField(_l("Why do you do this?"))


class CorrectEmailForm(ActForm):
    """The address that is right."""

    email = StringField(_l("The right e-mail address"))
