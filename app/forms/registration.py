"""What can be typed to register: each step's fields and their shape."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TypeAlias

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, PasswordField, StringField
from wtforms.validators import AnyOf, InputRequired, Length

from app.domain import identity
from app.domain.identity import Claim, Last4
from app.domain.outcomes import Refused
from app.domain.permissions import Role
from app.domain.questions import QUESTIONS
from app.web.wording import sentence

Options: TypeAlias = Sequence[tuple[str, object]]

LONGEST_NAME = 100
LONGEST_EMAIL = 254  # RFC 5321
LONGEST_PASSWORD = 1000  # far over what a password may have: only a bound on the work of hashing
LONGEST_REACH = 200

ROLES = (
    (
        Role.PROVIDER.value,
        _l("I give care"),
        _l("You are a provider and have a provider number."),
    ),
    (
        Role.RECIPIENT.value,
        _l("I receive care"),
        _l("You are a recipient and have a case number."),
    ),
    (
        Role.SIGNATORY.value,
        _l("I sign for a recipient"),
        _l("The county has you on file as her or his signatory."),
    ),
)
# Each in its own language, so that whoever needs it can read it.
LANGUAGES = (
    ("en", _l("English")),
    ("es", _l("Spanish (Español)")),
    ("zh_Hant", _l("Chinese (中文)")),
    ("hy", _l("Armenian (Հայերեն)")),
)
NAME_TOO_LONG = _l("This is too long for a name.")


class RoleForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF carries no types
    """In which role, and in which county."""

    roles = ROLES
    counties: Options = ()

    role = StringField(
        _l("What brings you here?"),
        [
            InputRequired(_l("Choose what brings you here.")),
            AnyOf([role for role, *_words in ROLES], _l("Choose what brings you here.")),
        ],
    )
    county = StringField(_l("County"), [InputRequired(_l("Choose the county."))])

    def offer(self, counties: Options) -> None:
        """The counties to choose from, as values and names."""
        self.counties = (("", str(_l("Choose one"))), *counties)


class IdentityForm(FlaskForm):  # type: ignore[misc]
    """Who somebody is, as it stands in her letters from the county."""

    number = StringField(validators=[InputRequired(_l("Enter the number."))])
    first_name = StringField(
        _l("First name"),
        [
            InputRequired(_l("Enter the first name.")),
            Length(max=LONGEST_NAME, message=NAME_TOO_LONG),
        ],
    )
    last_name = StringField(
        _l("Last name"),
        [
            InputRequired(_l("Enter the last name.")),
            Length(max=LONGEST_NAME, message=NAME_TOO_LONG),
        ],
    )
    born_on = StringField(_l("Date of birth"), [InputRequired(_l("Enter the date of birth."))])
    last4 = StringField(validators=[InputRequired(_l("Enter the last four."))])

    def claim(self, role: Role, by: Last4) -> tuple[str, Claim] | None:
        """The number and what is claimed; None when something has not the right shape."""
        if not self.validate():
            return None
        number, last4 = identity.digits(self.number.data), identity.digits(self.last4.data)
        born_on = identity.day_of(self.born_on.data)
        is_case = role is not Role.PROVIDER
        _check(self.number, partial(identity.check_number, number, is_case=is_case))
        _check(self.last4, partial(identity.check_last4, last4, by))
        if born_on is None:
            self.born_on.errors = [
                _l("This is no date. Type month, day and year, like 05/31/1950.")
            ]
        if self.errors or born_on is None:
            return None
        return number, Claim(self.first_name.data, self.last_name.data, born_on, last4)


class EmailForm(FlaskForm):  # type: ignore[misc]
    """Where to write to."""

    email = StringField(_l("E-mail"), [InputRequired(_l("Enter your e-mail address."))])


class LinkForm(FlaskForm):  # type: ignore[misc]
    """The number once more, on another phone."""

    number = StringField()


class UsernameForm(FlaskForm):  # type: ignore[misc]
    """A name to sign in by."""

    username = StringField(_l("Username"), [InputRequired(_l("Choose a username."))])


class PasswordForm(FlaskForm):  # type: ignore[misc]
    """A password; it is not asked for where a passkey is chosen."""

    password = PasswordField(
        _l("Password"),
        [
            InputRequired(_l("Choose a password, or choose “Use a passkey instead”.")),
            Length(max=LONGEST_PASSWORD, message=_l("This is too long for a password.")),
        ],
    )


class QuestionsForm(FlaskForm):  # type: ignore[misc]
    """Three questions, each with its answer."""

    question_1 = StringField(_l("First question"), default=QUESTIONS[0])
    answer_1 = StringField(_l("Answer to the first question"))
    question_2 = StringField(_l("Second question"), default=QUESTIONS[1])
    answer_2 = StringField(_l("Answer to the second question"))
    question_3 = StringField(_l("Third question"), default=QUESTIONS[2])
    answer_3 = StringField(_l("Answer to the third question"))

    def pairs(self) -> tuple[tuple[StringField, StringField], ...]:
        return (
            (self.question_1, self.answer_1),
            (self.question_2, self.answer_2),
            (self.question_3, self.answer_3),
        )

    def questions(self) -> Options:
        """All that can be chosen."""
        return tuple((code, sentence(f"QUESTION_{code}")) for code in QUESTIONS)

    def answers(self) -> Mapping[str, str]:
        """What was answered, by question; a question that was chosen twice is there once."""
        return {
            question.data: answer.data or ""
            for question, answer in self.pairs()
            if question.data in QUESTIONS
        }


class ContactForm(FlaskForm):  # type: ignore[misc]
    """How to reach somebody."""

    languages = LANGUAGES

    language = StringField(
        _l("Language for messages"),
        [AnyOf([code for code, _words in LANGUAGES], _l("Choose a language."))],
    )
    phone = StringField(_l("Mobile phone (if you like)"), [Length(max=LONGEST_REACH)])
    tells_by_text = BooleanField(_l("Also tell me by text message"))


class HelpForm(FlaskForm):  # type: ignore[misc]
    """What a county needs to look into it, and nothing that would prove who somebody is."""

    role = HiddenField()
    county = HiddenField()
    name = StringField(
        _l("Your name"),
        [
            InputRequired(_l("Enter your name.")),
            Length(max=2 * LONGEST_NAME, message=NAME_TOO_LONG),
        ],
    )
    number = StringField(_l("Provider or case number, if you have it"), [Length(max=LONGEST_NAME)])
    reach = StringField(
        _l("Phone or e-mail"),
        [
            InputRequired(_l("Enter how the county can reach you.")),
            Length(max=LONGEST_REACH, message=_l("This is too long.")),
        ],
    )


class OutcomeForm(FlaskForm):  # type: ignore[misc]
    """What came of a request for help."""

    outcome = StringField(_l("What came of it?"))


def _check(field: StringField, check: Callable[[], object]) -> None:
    try:
        check()
    except Refused as refused:
        field.errors = [sentence(refused.code, refused.facts)]
