"""How many may be at one door at the same time, so that a crowd there leaves room for everybody else?

A sign-in hashes and writes, and the server has few threads. Were all of them at it, a check-in would
queue behind every sign-in that came before it. So a door takes a few at once, lets a few wait, and whoever
comes beyond is told to come back before anything was read, looked up or drawn: that must cost next to nothing, for a
storm brings hundreds a second. Passkeys have no door here: they are cheap and hash nothing.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from flask import Flask, Response, g, render_template

from app.config import Settings
from app.gateways.turns import TooBusy, Turns
from app.web import headers

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

# The first part of an address, for what is sent there by form; what lies below it is the same door.
DOORS = ("/sign-in", "/register", "/recover")
OPEN = frozenset({"/sign-in/passkey", "/sign-in/passkey/options"})
INSIDE_FOR_EACH_HASH = 2  # one hashes, and one reads or writes meanwhile
WAITING_FOR_EACH_HASH = 1


def limit(app: Flask, settings: Settings) -> None:
    """Put the doors before the application."""
    app.wsgi_app = _Doors(app, settings)  # type: ignore[method-assign]


class _Doors:
    """The application behind its doors."""

    def __init__(self, app: Flask, settings: Settings) -> None:
        self._inside: WSGIApplication = app.wsgi_app
        hashes = settings.hashing_threads
        self._doors = {
            door: Turns(hashes * INSIDE_FOR_EACH_HASH, may_wait=hashes * WAITING_FOR_EACH_HASH)
            for door in DOORS
        }
        self._app, self._settings = app, settings
        self._answer: Response | None = None

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        door = self._door(environ)
        if door is None:
            return self._inside(environ, start_response)
        try:
            with door.one():
                return self._inside(environ, start_response)
        except TooBusy:
            return self._come_back()(environ, start_response)

    def _door(self, environ: "WSGIEnvironment") -> Turns | None:
        if environ["REQUEST_METHOD"] != "POST":
            return None
        path = environ["PATH_INFO"]
        if path in OPEN:
            return None
        return self._doors.get("/" + path.split("/", 2)[1])

    def _come_back(self) -> Response:
        """The page that says so, drawn once: it leans on nothing and is the same for everybody."""
        if self._answer is None:
            with self._app.test_request_context():
                g.error_status = 503
                page = render_template("errors/503.html", status=503)
                answer = Response(page, 503, {"Retry-After": str(TooBusy.retry_after)})
                self._answer = headers.protect(answer, self._settings)
        return self._answer
