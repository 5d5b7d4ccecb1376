"""Before something that matters, has the person at this browser proved herself just now?

`@step_up` stands under `@requires` on every route that changes bank, contact, password, factor or
signatory. Who has not proved herself within two minutes is led to `/step-up` and back, and what she
had typed stands in the form again: a view makes its form with `formdata=step_up.typed()`.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from flask import Response, current_app, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user
from werkzeug.datastructures import MultiDict

from app import clock
from app.domain import step_up as rules
from app.web import kept_typing
from app.web.access import account

View = TypeVar("View", bound=Callable[..., Any])


def step_up(view: View) -> View:
    """Only somebody who proved herself just now may go on; behind `@requires`."""

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> ResponseReturnValue:
        if not is_fresh():
            return _ask()
        if request.method == "POST":
            _let_go_of_kept()
        return cast(ResponseReturnValue, view(*args, **kwargs))

    guarded.asks_to_step_up = True  # type: ignore[attr-defined]
    return cast(View, guarded)


def is_fresh() -> bool:
    """Whether whoever is signed in proved herself just now."""
    return rules.is_fresh(current_user.session.proved_at, clock.now())


def typed() -> MultiDict[str, str] | None:
    """What a form holds: what was sent just now, or what its sender had typed before she proved
    herself; None for a form that is asked for the first time.
    """
    if request.method == "POST":
        return request.form
    kept = _kept_here()
    return None if kept is None else MultiDict(kept.fields)


def _ask() -> ResponseReturnValue:
    if request.is_json:
        words = gettext("Show first that it is you.")
        return {"error": "step_up", "message": words, "location": _address(_page_here())}, 403
    address = _address(_keep_typed() if request.method == "POST" else _page_here())
    if request.headers.get("HX-Request"):
        return Response("", 204, {"HX-Redirect": address})
    return redirect(address, code=303)


def _keep_typed() -> str:
    """Keep the form, and answer the page on which it is shown again."""
    if not kept_typing.keep():
        return url_for("account.index")
    adapter = current_app.create_url_adapter(request)
    has_page = adapter is not None and "GET" in adapter.allowed_methods(request.path)
    return _page_here() if has_page else url_for("sign_in.resume")


def _page_here() -> str:
    return request.full_path.rstrip("?")


def _address(wanted: str) -> str:
    return url_for("step_up.index", next=wanted)


def _kept_here() -> kept_typing.KeptTyping | None:
    if kept_typing.COOKIE_KEY not in session:
        return None
    kept = kept_typing.find(account())
    return kept if kept and kept.path.partition("?")[0] == request.path else None


def _let_go_of_kept() -> None:
    """It is sent again now: from here on the view shows it, should it be refused."""
    if _kept_here() is not None:
        kept_typing.drop(account())
