"""Why does a provider open a timesheet that both have signed?"""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import StringField, TextAreaField

from app.domain.corrections import CorrectionReason
from app.web.wording import SENTENCES

REASONS = [(reason.value, SENTENCES[f"CORRECTION_{reason.name}"]) for reason in CorrectionReason]


class CorrectionForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF carries no types
    """One reason to tap, and words for the recipient; the rules are domain/corrections'."""

    reason = StringField(_l("What is wrong?"))
    note = TextAreaField(_l("Do you want to say more?"))
