"""How long does an answer take whose time might tell whether a name exists? As long as any other.

Work for a name that somebody has and for one that nobody has is kept alike, but a row that is read and a
row that is added never take quite the same. So such an answer leaves at the next beat of a clock that
started with its request.
"""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from flask import request

from app.extensions import db

View = TypeVar("View", bound=Callable[..., Any])
BEAT_S = 0.05  # more than twice what the work takes on a quiet machine


def at_even_time(view: View) -> View:
    """Let what the view answers to a form leave on the beat; nothing holds the database meanwhile."""

    @wraps(view)
    def timed(*args: Any, **kwargs: Any) -> Any:
        if request.method != "POST":
            return view(*args, **kwargs)
        began = time.monotonic()
        try:
            return view(*args, **kwargs)
        finally:
            db.session.rollback()  # what was to be kept is committed; a page may have read since
            time.sleep(BEAT_S - (time.monotonic() - began) % BEAT_S)

    return cast(View, timed)
