"""What does a county worker write when she lets a timesheet go on, or answers a dispute?"""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import TextAreaField


class ReleaseForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF carries no types
    """Why a held timesheet may go on."""

    reason = TextAreaField(_l("Why may it go on?"))


class SettleForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF carries no types
    """What the county found about a disputed payment."""

    answer = TextAreaField(_l("What did you find?"))
