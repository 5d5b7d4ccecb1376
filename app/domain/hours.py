"""How hours are written, read and shown: whole minutes, never a fraction of an hour."""

import re
import unicodedata
from typing import NewType

from app.domain.outcomes import Refused

Minutes = NewType("Minutes", int)
"""A duration that was read and found sound; rules also take plain ints of minutes."""

A_DAY = 24 * 60
"""Minutes on the clock face; also the most that one day of a timesheet can hold."""

_NUMBER = re.compile(r"[0-9]{1,4}")
_HOURS_AND_MINUTES = re.compile(r"([0-9]{1,4}):([0-9]{2})")
_DECIMAL = re.compile(r"([0-9]{0,4})[.,]([0-9]{1,4})")
_MINUS_SIGNS = "-\N{MINUS SIGN}"
_CLOCK = re.compile(
    r"([0-9]{1,2})(?::([0-9]{2})(?::[0-9]{2})?)? ?(?:([ap])\.?m\.?)?", re.IGNORECASE
)


def parse_duration(hours: str, minutes: str) -> Minutes:
    """The hours of one day as a person typed them in two fields; a blank field counts as nought.

    Refuses with HOURS_MISSING (both blank), HOURS_NOT_A_NUMBER, MINUTES_NOT_A_NUMBER, DECIMAL_HOURS
    (with the hours and minutes meant), OTHER_DIGITS (with the digits meant), HOURS_NEGATIVE,
    MINUTES_OUT_OF_RANGE and HOURS_OUT_OF_RANGE (more than 24:00).

    >>> parse_duration("8", "05")
    485
    >>> parse_duration("8:05", "")
    485
    >>> parse_duration("8.5", "")
    Traceback (most recent call last):
    app.domain.outcomes.Refused: Refused('DECIMAL_HOURS', typed='8.5', hours=8, minutes=30)
    """
    hours, minutes = hours.strip(), minutes.strip()
    if not hours and not minutes:
        raise Refused("HOURS_MISSING")
    together = _HOURS_AND_MINUTES.fullmatch(hours)
    if together and not minutes:
        hours, minutes = together.groups()
    whole_hours = _whole_number(hours, "HOURS_NOT_A_NUMBER")
    odd_minutes = _whole_number(minutes, "MINUTES_NOT_A_NUMBER")
    if odd_minutes > 59:
        raise Refused("MINUTES_OUT_OF_RANGE", typed=minutes)
    total = whole_hours * 60 + odd_minutes
    if total > A_DAY:
        raise Refused("HOURS_OUT_OF_RANGE", typed=f"{hours}:{odd_minutes:02}", limit=A_DAY)
    return Minutes(total)


def parse_clock(text: str) -> int:
    """A time of day as the minute of the day, 0 to 1440; 24:00 is the midnight that ends it.

    Refuses with TIME_NOT_UNDERSTOOD, TIME_OUT_OF_RANGE and OTHER_DIGITS.

    >>> parse_clock("8:05"), parse_clock("08:05 PM"), parse_clock("12 a.m."), parse_clock("24:00")
    (485, 1205, 0, 1440)
    >>> parse_clock("noon")
    Traceback (most recent call last):
    app.domain.outcomes.Refused: Refused('TIME_NOT_UNDERSTOOD', typed='noon')
    """
    text = text.strip()
    _refuse_other_digits(text)
    match = _CLOCK.fullmatch(text)
    if not match or not (match[2] or match[3]):
        raise Refused("TIME_NOT_UNDERSTOOD", typed=text[:40])
    hour, minute, half = int(match[1]), int(match[2] or 0), match[3]
    if half and not 1 <= hour <= 12:
        raise Refused("TIME_OUT_OF_RANGE", typed=text)
    if half:
        hour = hour % 12 + (12 if half in "pP" else 0)
    if minute > 59 or hour * 60 + minute > A_DAY:
        raise Refused("TIME_OUT_OF_RANGE", typed=text)
    return hour * 60 + minute


def parse_hhmm(text: str) -> Minutes:
    """Hours of a week or a month written HH:MM, as in files; refuses with HOURS_NOT_A_NUMBER.

    >>> parse_hhmm("195:00")
    11700
    """
    match = _HOURS_AND_MINUTES.fullmatch(text)
    if not match or int(match[2]) > 59:
        raise Refused("HOURS_NOT_A_NUMBER", typed=text[:40])
    return Minutes(int(match[1]) * 60 + int(match[2]))


def as_clock(minutes: int) -> str:
    """Minutes as people read them.

    >>> as_clock(485), as_clock(11700)
    ('8:05', '195:00')
    """
    return f"{minutes // 60}:{minutes % 60:02}"


def as_hhmm(minutes: int) -> str:
    """Minutes as files and time fields hold them.

    >>> as_hhmm(485), as_hhmm(11700)
    ('08:05', '195:00')
    """
    return f"{minutes // 60:02}:{minutes % 60:02}"


def _whole_number(text: str, code: str) -> int:
    if not text:
        return 0
    if _NUMBER.fullmatch(text):
        return int(text)
    _refuse_other_digits(text)
    if text[0] in _MINUS_SIGNS:
        raise Refused("HOURS_NEGATIVE", typed=text[:40])
    decimal = _DECIMAL.fullmatch(text)
    if decimal:
        share = round(int(decimal[2]) * 60 / 10 ** len(decimal[2]))
        hours, minutes = divmod(int(decimal[1] or 0) * 60 + share, 60)
        raise Refused("DECIMAL_HOURS", typed=text, hours=hours, minutes=minutes)
    raise Refused(code, typed=text[:40])


def _refuse_other_digits(text: str) -> None:
    """Other scripts' digits are never read silently: a ٨ taken for an 8 would be signed unseen."""
    meant = "".join(str(unicodedata.decimal(letter, letter)) for letter in text)
    if meant != text:
        raise Refused("OTHER_DIGITS", typed=text[:40], meant=meant[:40])
