"""What does a county write when it has weighed a visit, and a provider when she wants to say something?"""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import TextAreaField


class WeighForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF carries no types
    """What a county worker found."""

    note = TextAreaField(_l("What did you find?"))


class SayForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF carries no types
    """What a provider wants to say about something that was noticed; she need not."""

    said = TextAreaField(_l("What do you want to say?"))
