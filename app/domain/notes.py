"""What a note between providers may be, and on which day it is deleted (CareHours issue 5)."""

from datetime import date, timedelta

from app.domain import parameters
from app.domain.outcomes import Refused


def tidied(typed: str, on: date) -> str:
    """A note as it is kept: lines without space around them, and none that is empty.

    Refuses with NOTE_EMPTY, and with NOTE_TOO_LONG (length, longest: letters).

    >>> tidied(" She slept well. \\r\\n\\r\\n Lunch is in the fridge.", date(2026, 11, 24))
    'She slept well.\\nLunch is in the fridge.'
    """
    lines = (" ".join(line.split()) for line in typed.splitlines())
    text = "\n".join(line for line in lines if line)
    longest = parameters.value("note.longest", on)
    if not text:
        raise Refused("NOTE_EMPTY")
    if len(text) > longest:
        raise Refused("NOTE_TOO_LONG", length=len(text), longest=longest)
    return text


def goes_on(written_on: date) -> date:
    """The day on which a note of a day is deleted.

    >>> goes_on(date(2026, 11, 24))
    datetime.date(2026, 12, 24)
    """
    return written_on + timedelta(days=parameters.value("note.kept_for", written_on))
