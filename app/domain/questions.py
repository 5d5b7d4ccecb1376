"""Which questions can somebody choose for the way back, and when are two answers the same (decision 8)?

An answer is only ever a gate before an issued code: it proves nothing (NIST SP 800-63B-4, 3.1.1.2).
So it may forgive how a word is written, but not that it is another word.
"""

import unicodedata
from collections.abc import Mapping
from datetime import datetime

from app.domain import parameters
from app.domain.outcomes import Refused
from app.domain.periods import local_day

# Facts of long ago: they do not change, and few of them stand in a public record.
QUESTIONS = (
    "FIRST_PET",
    "CHILDHOOD_FRIEND",
    "FIRST_STREET",
    "FIRST_SCHOOL",
    "FIRST_JOB",
    "BEST_TEACHER",
    "GRANDMOTHERS_TOWN",
    "FIRST_DISH",
    "CHILDHOOD_DREAM",
    "FIRST_TRIP",
)


def normal(answer: str) -> str:
    """An answer without what people write now so and now so: case, accents, spaces, punctuation.

    >>> normal(" Señor  Gato! "), normal("SENOR GATO"), normal("St. Mary's")
    ('senorgato', 'senorgato', 'stmarys')
    """
    taken_apart = unicodedata.normalize("NFKD", answer.casefold())
    bare = "".join(letter for letter in taken_apart if not unicodedata.combining(letter))
    return "".join(letter for letter in bare.casefold() if letter.isalnum())


def check_answers(answers: Mapping[str, str], at: datetime) -> None:
    """Refuses a set of questions with their answers, by question code.

    QUESTIONS_NEEDED (needed), ANSWER_TOO_SHORT (shortest), ANSWER_TOO_LONG (longest) or
    ANSWERS_ALIKE. A code that is no question raises KeyError: no page of ours sends one.
    """
    unknown = set(answers) - set(QUESTIONS)
    if unknown:
        raise KeyError(*unknown)
    needed = _value("questions.needed", at)
    if len(answers) != needed:
        raise Refused("QUESTIONS_NEEDED", needed=needed)
    bare = [check_answer(answer, at) for answer in answers.values()]
    if len(set(bare)) < needed:
        raise Refused("ANSWERS_ALIKE")


def check_answer(answer: str, at: datetime) -> str:
    """The normal form of one answer. Refused with ANSWER_TOO_SHORT or ANSWER_TOO_LONG."""
    shortest, longest = _value("questions.shortest", at), _value("questions.longest", at)
    if len(answer) > longest:
        raise Refused("ANSWER_TOO_LONG", longest=longest)
    bare = normal(answer)
    if len(bare) < shortest:
        raise Refused("ANSWER_TOO_SHORT", shortest=shortest)
    return bare


def tries(at: datetime) -> int:
    """How often an answer may be wrong on one way back."""
    return _value("questions.tries", at)


def _value(name: str, at: datetime) -> int:
    return parameters.value(name, local_day(at))
