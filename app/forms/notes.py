"""What does a provider write to the others who care for the same person?"""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import TextAreaField


class NoteForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF carries no types
    """A few words for the next one who comes."""

    text = TextAreaField(_l("Your note"))
