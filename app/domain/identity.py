"""Is somebody who registers the person on file (decision 9)? Only the writing of names is forgiven.

Case, accents, hyphens and spaces do not matter; everything else must be equal. All of it is always
compared, and the answer is yes or no: a mismatch never says which field was wrong.
"""

import hmac
import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.domain.outcomes import Refused

# Accents that Unicode counts as part of a letter, so that taking letters apart does not remove them.
STROKES = str.maketrans("øłđħŧı", "oldhti")
# One sign, however a keyboard writes it: phones turn the straight one into the curly one by themselves.
APOSTROPHES = str.maketrans(dict.fromkeys("\u2018\u2019\u02bc\u2032`\u00b4", "'"))
NOT_COMPARED = frozenset(
    {"Mn", "Pd", "Zs", "Cc", "Cf"}
)  # accents, hyphens, spaces, invisible signs

PROVIDER_NUMBER = re.compile(r"[0-9]{9}")
CASE_NUMBER = re.compile(r"[0-9]{7}")
SSN_LAST4 = re.compile(r"[0-9]{4}")
CIN_LAST4 = re.compile(r"[0-9]{3}[0-9A-Z]")  # a CIN is eight digits and a check letter or digit


class Last4(StrEnum):
    """Of which number a county's records know the last four."""

    SSN = "ssn"
    CIN = "cin"


@dataclass(frozen=True, slots=True)
class Claim:
    """What somebody typed: her names, her day of birth and the last four of a number."""

    first_name: str
    last_name: str
    born_on: date
    last4: str


@dataclass(frozen=True, slots=True)
class OnFile:
    """What the county has on file; `last4` is of the number that this county goes by."""

    first_name: str
    last_name: str
    born_on: date | None
    last4: str | None


NOBODY = OnFile("nobody", "nobody", date(1900, 1, 1), "none")
"""Compared with where a number is unknown, so that the work is the same."""


def normal(name: str) -> str:
    """A name as it is compared: without case, accents, hyphens and spaces.

    >>> normal(" GARCÍA-López ") == normal("Garcia Lopez"), normal("Ana") == normal("Anna")
    (True, False)
    """
    letters = unicodedata.normalize("NFKD", name.translate(APOSTROPHES)).casefold()
    plain = unicodedata.normalize("NFKD", letters).translate(STROKES)
    return "".join(each for each in plain if unicodedata.category(each) not in NOT_COMPARED)


def matches(claim: Claim, on_file: OnFile) -> bool:
    """Whether all of it is the same. A record without a day of birth or last four matches nobody."""
    same = [
        _same(normal(claim.first_name), normal(on_file.first_name)),
        _same(normal(claim.last_name), normal(on_file.last_name)),
        _same(claim.born_on.isoformat(), on_file.born_on.isoformat() if on_file.born_on else ""),
        _same(claim.last4.upper(), on_file.last4 or ""),
    ]
    return all(same) and on_file.born_on is not None and bool(on_file.last4)


def digits(typed: str) -> str:
    """A number as people copy it from a letter: without the spaces and hyphens between.

    >>> digits(" 100 000-001 ")
    '100000001'
    """
    return "".join(
        each for each in unicodedata.normalize("NFKC", typed) if each not in " -\u2013\t\u200b"
    )


def check_number(number: str, *, is_case: bool) -> None:
    """Refuses what no number on file could be: PROVIDER_NUMBER_SHAPE or CASE_NUMBER_SHAPE."""
    if is_case and not CASE_NUMBER.fullmatch(number):
        raise Refused("CASE_NUMBER_SHAPE")
    if not is_case and not PROVIDER_NUMBER.fullmatch(number):
        raise Refused("PROVIDER_NUMBER_SHAPE")


def check_last4(last4: str, of: Last4) -> str:
    """The last four as they are kept; refuses what they could not be: SSN_SHAPE or CIN_SHAPE."""
    if of is Last4.SSN and not SSN_LAST4.fullmatch(last4):
        raise Refused("SSN_SHAPE")
    if of is Last4.CIN and not CIN_LAST4.fullmatch(last4.upper()):
        raise Refused("CIN_SHAPE")
    return last4.upper()


def day_of(typed: str) -> date | None:
    """A day of birth as people type it, month first; None when it is no day.

    >>> day_of("05/03/1950") == day_of("5-3-1950") == day_of("05031950") == day_of("1950-05-03")
    True
    """
    parts = re.findall(r"[0-9]+", unicodedata.normalize("NFKC", typed))
    if len(parts) == 1 and len(parts[0]) == len("MMDDYYYY"):
        parts = [parts[0][:2], parts[0][2:4], parts[0][4:]]
    if len(parts) != len(("month", "day", "year")):
        return None
    month, day, year = parts if len(parts[0]) <= len("MM") else (parts[1], parts[2], parts[0])
    try:
        return date(int(year), int(month), int(day)) if len(year) == len("YYYY") else None
    except ValueError:
        return None


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(), other.encode())
