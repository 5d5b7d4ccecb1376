"""What every page needs: error pages, security headers, filters, and who is looking."""

from typing import Any, cast

from flask import Flask, Response, current_app, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import NoResultFound, OperationalError
from werkzeug.exceptions import HTTPException, TooManyRequests

from app import clock
from app.config import Settings
from app.domain.outcomes import Refused
from app.extensions import compress, db
from app.models.engine import begin_for_writing
from app.web import access, crowds, even_time, frame, headers, offline_words, visitors
from app.web.assets import asset, serve_by_release
from app.web.cookie_sessions import CookieSessions
from app.web.formatting import FILTERS
from app.web.names import recipient_name
from app.web.wording import sentence

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
BROKEN = 500  # from here on, the page must not lean on anything that may have failed
ERROR_PAGES = frozenset({400, 403, 404, 405, 413, 422, 429, 500, 503})


def register(app: Flask, settings: Settings) -> None:
    """Bind the web layer to an application."""
    app.jinja_env.filters.update(FILTERS, recipient_name=recipient_name)
    app.jinja_env.globals.update(asset=asset, sentence=sentence, now=clock.now, today=clock.today)
    app.extensions["ask_to_sign_in"] = ask_to_sign_in
    serve_by_release(app)
    app.session_interface = CookieSessions()
    even_time.keep(app)  # inside the doors: who waits for a beat still counts as being there
    crowds.limit(app, settings)
    visitors.trust_proxies(app, settings.proxies)
    app.before_request(_choose_transaction)
    app.after_request(_compress)  # the last of all, for they go backwards
    app.after_request(lambda response: headers.protect(response, settings))
    app.after_request(_note_seen)
    app.context_processor(_context)
    app.register_error_handler(NoResultFound, lambda _error: _error_page(404))
    app.register_error_handler(Refused, _refused)
    app.register_error_handler(OperationalError, _database_busy)
    app.register_error_handler(CSRFError, _stale_form)
    app.register_error_handler(HTTPException, _http_error)


def ask_to_sign_in() -> ResponseReturnValue:
    """What somebody gets who must sign in first: JSON, an htmx redirect, or the sign-in page.

    What was typed into a form is kept until she is back (web/kept_typing).
    """
    if request.is_json or request.path.startswith("/offline/"):
        return {"error": "sign_in"}, 401
    if request.method not in SAFE_METHODS:
        db.session.rollback()  # what only asks has not begun for writing
        begin_for_writing()
        return cast(ResponseReturnValue, current_app.extensions["keep_typed"]())
    url = url_for("sign_in.sign_in", next=request.full_path.rstrip("?"))
    if request.headers.get("HX-Request"):
        return Response("", 401, {"HX-Redirect": url})
    return redirect(url, code=303)


def _stale_form(_error: CSRFError) -> ResponseReturnValue:
    """The form's token is of another session: it is shown again, and nothing typed is lost."""
    begin_for_writing()  # the token is checked before the transaction is chosen
    if access.signed_in_role() is None and not access.is_public(request.endpoint):
        return ask_to_sign_in()
    if request.is_json:
        return _error_page(400)
    return cast(ResponseReturnValue, current_app.extensions["keep_typed"]())


def _choose_transaction() -> None:
    sends = request.method not in SAFE_METHODS
    begin_for_writing(sends and not access.only_asks(request.endpoint))


def _compress(response: Response) -> Response:
    """What is too small to gain by it is neither looked at nor said to vary."""
    length = response.content_length
    if length is not None and length < current_app.config["COMPRESS_MIN_SIZE"]:
        return response
    return compress.after_request(response)


def _note_seen(response: Response) -> Response:
    if response.status_code < BROKEN:
        access.after_request_see()
    return response


def _context() -> dict[str, Any]:
    if g.get("error_status", 0) >= BROKEN:  # the database may be what is broken: ask it nothing
        return {"settings": current_app.extensions["settings"]}
    return {
        "role": access.signed_in_role(),
        "settings": current_app.extensions["settings"],
        "body_data": frame.body_data(),
        "acts_for": frame.acts_for(),
        "offline_words": offline_words.words(),
    }


def _refused(error: Refused) -> ResponseReturnValue:
    """A rule said no where the view had no form to show it in."""
    return _error_page(422, detail=sentence(error.code, error.facts), code=error.code)


def _http_error(error: HTTPException) -> ResponseReturnValue:
    if error.code not in ERROR_PAGES:
        return error
    page = _error_page(error.code or 500)
    if isinstance(error, TooManyRequests) and error.retry_after is not None:
        page.headers["Retry-After"] = str(error.retry_after)
    return page


def _database_busy(_error: OperationalError) -> ResponseReturnValue:
    """The database is locked, full or away: nothing was kept half, and it is worth another try."""
    db.session.rollback()
    page = _error_page(503)
    page.headers["Retry-After"] = "5"
    return page


def _error_page(status: int, **context: Any) -> Response:
    g.error_status = status
    if request.is_json:
        answer = {"error": context.pop("code", status), **context}
        return Response(current_app.json.dumps(answer), status, mimetype="application/json")
    return Response(render_template(f"errors/{status}.html", status=status, **context), status)
