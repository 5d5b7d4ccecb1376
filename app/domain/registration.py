"""Which step of a registration comes next, until when does it wait, and what may be chosen in it?

The steps: who you are, your e-mail, a name to sign in by, a password or a passkey, three security
questions, how to reach you (domain.md §1). Each is kept when it is done.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from app.domain import parameters
from app.domain.outcomes import Refused
from app.domain.periods import local_day

USERNAME = re.compile(r"[A-Za-z0-9_-]+")
# What is written into a letter's header: one address, and nothing that a mail server would unfold.
EMAIL = re.compile(
    r"[a-z0-9.!#$%&'*+/=?^_{|}~-]{1,64}@([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}"
)
LONGEST_EMAIL = 254  # RFC 5321
US_NUMBER = 10  # digits, without the country's 1


class Step(StrEnum):
    """What a registration asks, in its order."""

    IDENTITY = "identity"
    EMAIL = "email"
    CODE = "code"
    USERNAME = "username"
    PASSWORD = "password"  # noqa: S105 - a step's name
    QUESTIONS = "questions"
    CONTACT = "contact"


@dataclass(frozen=True, slots=True)
class Progress:
    """How far somebody has come."""

    has_email: bool
    is_email_confirmed: bool
    has_username: bool
    has_chosen_key: bool  # a password, or a passkey that is made at the end
    has_answers: bool


def next_step(progress: Progress) -> Step:
    """The first step that is not done; the last one is done by making the account.

    A registration begins when somebody matched, so who she is comes never again.

    >>> next_step(Progress(True, False, False, False, False)).value
    'code'
    """
    done = (
        (Step.EMAIL, progress.has_email),
        (Step.CODE, progress.is_email_confirmed),
        (Step.USERNAME, progress.has_username),
        (Step.PASSWORD, progress.has_chosen_key),
        (Step.QUESTIONS, progress.has_answers),
    )
    return next((step for step, is_done in done if not is_done), Step.CONTACT)


def may_open(step: Step, progress: Progress) -> bool:
    """Whether a step may be opened: the next one, or one that was done and may still be changed.

    Who somebody is stays as it matched; for anything else she may go back.

    >>> may_open(Step.USERNAME, Progress(True, False, False, False, False))
    False
    """
    following = next_step(progress)
    if step in (Step.IDENTITY, Step.CODE):
        return step is following
    steps = list(Step)
    return steps.index(step) <= steps.index(following)


def waits_until(saved_at: datetime) -> datetime:
    """Until when a registration can be gone on with after its last saved step."""
    return saved_at + timedelta(minutes=_value("registration.waits", saved_at))


def most_tries(at: datetime) -> int:
    """How often a number, and an address, may try to match within an hour."""
    return _value("registration.tries", at)


def most_letters(at: datetime) -> int:
    """How many letters go to one e-mail address, and from one registration, within an hour."""
    return 1 + _value("sign_in.code_resends", at)


def most_help_requests(at: datetime) -> int:
    """How often a number, and an address, may ask a county for help within an hour."""
    return _value("registration.help_requests", at)


def check_username(typed: str, at: datetime) -> str:
    """The username as it is kept, in lower case.

    Refused with USERNAME_LETTERS (letters: those that may not stand in it, also such as only look
    like a plain one), USERNAME_TOO_SHORT or USERNAME_TOO_LONG.
    """
    shortest, longest = _value("username.shortest", at), _value("username.longest", at)
    name = typed.strip()
    strange = "".join(dict.fromkeys(each for each in name if not USERNAME.fullmatch(each)))
    if strange:
        raise Refused("USERNAME_LETTERS", letters=_shown(strange[:longest]))
    if len(name) < shortest:
        raise Refused("USERNAME_TOO_SHORT", length=len(name), shortest=shortest)
    if len(name) > longest:
        raise Refused("USERNAME_TOO_LONG", length=len(name), longest=longest)
    return name.lower()


def check_email(folded: str) -> str:
    """An address that a letter can go to, already in lower case; refused with EMAIL_WRONG."""
    if len(folded) > LONGEST_EMAIL or not EMAIL.fullmatch(folded):
        raise Refused("EMAIL_WRONG")
    return folded


def check_phone(typed: str) -> str | None:
    """A number in the United States as +1 and ten digits, None when none was typed; or PHONE_WRONG.

    >>> check_phone("(213) 555-0142"), check_phone("+1 213 555 0142"), check_phone("  ")
    ('+12135550142', '+12135550142', None)
    """
    if not typed.strip():
        return None
    digits = "".join(each for each in typed if each in "0123456789").removeprefix("1")
    if len(digits) != US_NUMBER or not re.fullmatch(r"[0-9 ()+./-]+", typed.strip()):
        raise Refused("PHONE_WRONG")
    return f"+1{digits}"


def _shown(letters: str) -> str:
    """Letters one by one, an invisible one by its number."""
    return " ".join(
        each if each.isprintable() and not each.isspace() else f"U+{ord(each):04X}"
        for each in letters
    )


def _value(name: str, at: datetime) -> int:
    return parameters.value(name, local_day(at))
