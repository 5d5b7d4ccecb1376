"""What does a provider say is wrong with a payment?"""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import StringField, TextAreaField

from app.domain.disputes import DisputeReason
from app.web.wording import SENTENCES

REASONS = [(reason.value, SENTENCES[f"DISPUTED_{reason.name}"]) for reason in DisputeReason]


class DisputeForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF carries no types
    """One reason to tap, and words where she wants to say more; the rules are domain/disputes'."""

    reason = StringField(_l("What is wrong?"))
    note = TextAreaField(_l("Do you want to say more?"))
