"""How is a browser recognised when it comes again? By a long random token in a cookie of its own."""

import re
from datetime import timedelta

from flask import Response, current_app, request
from flask_babel import gettext
from werkzeug.wrappers import Response as BaseResponse

KEPT_FOR = timedelta(days=400)  # browsers keep no cookie for longer

# The first that fits: most browsers also claim to be some of those below them.
BROWSERS = (
    ("Edge", re.compile(r"Edg(e|A|iOS)?/")),
    ("Samsung Internet", re.compile(r"SamsungBrowser/")),
    ("Firefox", re.compile(r"(Firefox|FxiOS)/")),
    ("Chrome", re.compile(r"(Chrome|CriOS)/")),
    ("Safari", re.compile(r"Safari/")),
)
SYSTEMS = (
    ("iPhone", re.compile(r"iPhone")),
    ("iPad", re.compile(r"iPad")),
    ("Android", re.compile(r"Android")),
    ("Windows", re.compile(r"Windows")),
    ("Mac", re.compile(r"Mac OS X|Macintosh")),
    ("Linux", re.compile(r"Linux|CrOS")),
)


def token() -> str | None:
    """The token that this browser holds."""
    return request.cookies.get(_name())


def keep(response: Response | BaseResponse, token: str) -> None:
    """Let the browser hold the token, from now on for as long as it keeps any cookie."""
    response.set_cookie(
        _name(),
        token,
        max_age=KEPT_FOR,
        path="/",
        secure=current_app.extensions["settings"].has_https,
        httponly=True,
        samesite="Lax",
    )


def browser_name(user_agent: str) -> str:
    """What the browser calls itself, so that a person may know it again: `Chrome on Android`."""
    browser = next((name for name, mark in BROWSERS if mark.search(user_agent)), None)
    system = next((name for name, mark in SYSTEMS if mark.search(user_agent)), None)
    if browser and system:
        return str(gettext("%(browser)s on %(system)s", browser=browser, system=system))
    return str(browser or system or gettext("A browser"))


def _name() -> str:
    return "__Host-device" if current_app.extensions["settings"].has_https else "device"
