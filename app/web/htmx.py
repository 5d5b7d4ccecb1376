"""Does htmx ask for a part of a page, and how do we answer it?"""

from typing import Any

from flask import Response, make_response, redirect, render_template, request
from werkzeug.wrappers import Response as BaseResponse


def wants_fragment() -> bool:
    """True when htmx asks for a fragment: not for a boosted page or a history restore."""
    return request.headers.get("HX-Request") == "true" and not (
        request.headers.get("HX-Boosted") or request.headers.get("HX-History-Restore-Request")
    )


def render(page: str, fragment: str, status: int = 200, **context: Any) -> Response:
    """The fragment where htmx asks for it, else the page that includes the same file."""
    response = make_response(
        render_template(fragment if wants_fragment() else page, **context), status
    )
    response.vary.add("HX-Request")
    return response


def go(url: str) -> BaseResponse:
    """Send the person on: by redirect, or by htmx's own header when it asked."""
    if not wants_fragment():
        return redirect(url, code=303)
    response = make_response("", 204)
    response.headers["HX-Redirect"] = url
    return response
