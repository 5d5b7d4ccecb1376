"""How long does an answer take whose time might tell whether a name exists? As long as any other.

Work for a name that somebody has and for one that nobody has is kept alike, but a row that is read and a
row that is added never take quite the same. So such an answer leaves at the next beat of a clock that
started when its request came in, and is whole by then: drawn, packed, and the database let go of.
"""

import time
from collections.abc import Callable, Iterable
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar, cast

from flask import Flask, request

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

View = TypeVar("View", bound=Callable[..., Any])
BEAT_S = 0.1  # some five times what the work takes on a quiet machine, so that few answers miss the first
IS_EVEN = "carehours.leaves_on_the_beat"


def at_even_time(view: View) -> View:
    """Let what the view answers to a form leave on the beat."""

    @wraps(view)
    def timed(*args: Any, **kwargs: Any) -> Any:
        if request.method == "POST":
            request.environ[IS_EVEN] = True
        return view(*args, **kwargs)

    return cast(View, timed)


def keep(app: Flask) -> None:
    """Put the clock before the application, where all that is done for an answer lies between its beats."""
    inside: WSGIApplication = app.wsgi_app

    def on_the_beat(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        began = time.monotonic()
        answer = inside(environ, start_response)
        if environ.get(IS_EVEN):
            time.sleep(BEAT_S - (time.monotonic() - began) % BEAT_S)
        return answer

    app.wsgi_app = on_the_beat  # type: ignore[method-assign]
