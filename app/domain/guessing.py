"""How many wrong tries are taken from one place, whoever's door they are tried at?

The lock of an account stops many guesses at one door; this stops one guess at many. A place is a
browser on which somebody has proved herself, or a network address, behind which there may be a whole
office or town: so the limit is far above what honest people mistype, and far below what a list of stolen
passwords needs. All instants are UTC.
"""

from datetime import datetime, timedelta

from app.domain import parameters
from app.domain.periods import local_day


def most_from_one_place(what: str, at: datetime) -> int:
    """How many wrong tries one place has within the time; `what`: sign_in, send_code, recovery.

    >>> from datetime import UTC
    >>> most_from_one_place("sign_in", datetime(2026, 3, 16, 20, tzinfo=UTC))
    100
    """
    return parameters.value(f"guessing.{what}", local_day(at))


def counted_for(at: datetime) -> timedelta:
    """How long a wrong try counts."""
    return timedelta(minutes=parameters.value("guessing.counted_for", local_day(at)))
