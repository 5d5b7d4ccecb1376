"""What does a recipient say to a timesheet: yes, under penalty of perjury, or what is wrong?"""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, SelectMultipleField, TextAreaField
from wtforms.fields.choices import SelectChoice

from app.services.approvals import RejectReason
from app.web.wording import SENTENCES

REASONS = [(reason.value, SENTENCES[f"REJECTED_{reason.name}"]) for reason in RejectReason]


class ApproveForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF carries no types
    """The recipient's signature; `shown` is the hash of what stands on the page."""

    shown = HiddenField()
    perjury = BooleanField(
        _l(
            "I say under penalty of perjury that this is true. This is my signature, as good as one "
            "on paper. I know that a false claim can be prosecuted."
        )
    )


class RejectForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF carries no types
    """What is wrong: reasons to tap, and words where she wants to say more."""

    shown = HiddenField()
    reasons = SelectMultipleField(
        _l("What is wrong?"), choices=[SelectChoice(code, words) for code, words in REASONS]
    )
    note = TextAreaField(_l("Do you want to say more?"))
