"""How soon would somebody who guesses come to this password? By zxcvbn, and the words she would know.

NIST SP 800-63B-4, 3.1.1.2: a new password is held against those that are common, expected or were
breached, and the service's and the person's own names. The lists are those that zxcvbn carries.
"""

import re
from collections.abc import Iterable
from enum import IntEnum

from zxcvbn import zxcvbn

from app.gateways.turns import Turns

LONGEST_JUDGED = 32  # characters: what follows can only make a password better, and costs time
SHORTEST_WORD = 3
OF_THE_SERVICE = ("carehours", "ihss", "caregiver", "timesheet", "provider", "recipient")
NO_WORD = re.compile(r"[\W\d_]+")

# zxcvbn keeps the words of the person at hand where all threads see them, and holds Python's lock while
# it counts: one at a time, so that nobody is judged by another's name and check-ins go on.
_turns = Turns(1, may_wait=4)


class Strength(IntEnum):
    """How many guesses a password stands, in powers of ten, roughly."""

    COMMON = 0  # under a million guesses: on everybody's list
    WEAK = 1
    FAIR = 2
    GOOD = 3


def is_common(password: str, about: Iterable[str] = ()) -> bool:
    """Whether a password is among the first that are tried; `about` are the person's own words.

    Raises TooBusy.
    """
    return strength(password, about) is Strength.COMMON


def strength(password: str, about: Iterable[str] = ()) -> Strength:
    """How good a password is, for somebody about whom these words are known; raises TooBusy."""
    known = _words([*about, *OF_THE_SERVICE])
    judged = password[:LONGEST_JUDGED]
    if not judged or _is_made_of(judged, known):
        return Strength.COMMON
    with _turns.one():
        judgement = zxcvbn(judged, user_inputs=sorted(known), max_length=LONGEST_JUDGED)
    return Strength(max(0, judgement["score"] - 1))


def _words(texts: Iterable[str]) -> set[str]:
    """The words in names and addresses that somebody would try: `Ana.Flores@Example.com` has four."""
    parts = {part for text in texts for part in NO_WORD.split(text.lower())}
    return {part for part in parts if len(part) >= SHORTEST_WORD}


def _is_made_of(password: str, words: set[str]) -> bool:
    """Whether nothing is left but digits and marks when these words are taken out."""
    rest = password.lower()
    for word in sorted(words, key=len, reverse=True):
        rest = rest.replace(word, " ")
    return rest != password.lower() and not NO_WORD.sub("", rest)
