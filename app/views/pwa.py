"""The installed app: its worker and manifest, what it keeps for want of a network, what it sends later."""

import json
from typing import Any

from flask import Blueprint, Response, current_app, g, render_template, request
from flask.typing import ResponseReturnValue

from app import clock
from app.domain.permissions import Permission
from app.extensions import csrf, db
from app.services import offline, sheet_facts
from app.services.offline import MOST_AT_ONCE, SignInNeeded
from app.web import access, assets, offline_answers, packed, receipt_files, sheet_forecast
from app.web.access import account, public, requires
from app.web.headers import is_same_origin

bp = Blueprint("pwa", __name__)

LONGEST_NUMBER = 15  # digits; a longer one stays text, and is refused where a number is wanted
OURS = "carehours"


@bp.post("/offline/events")
@csrf.exempt  # type: ignore[untyped-decorator]
@public
def events() -> ResponseReturnValue:
    """What a phone kept until now, each item with its own answer (docs/offline.md).

    No form token: a queue outlives it. The browser's own word on where the request comes from stands
    in for it, and a session or each item's signature says whose the items are.
    """
    if refusal := _not_from_our_scripts():
        return refusal
    items = _items()
    if items is None:
        return {"error": "not_a_list"}, 400
    if len(items) > MOST_AT_ONCE:
        return {"error": "too_many", "most": MOST_AT_ONCE}, 413
    at, token = clock.now(), access.session_token()
    anchors = current_app.extensions["time_anchors"]
    g.keeps_session_idle = True  # noted as part of the act, without loading what the pages load
    try:
        results = offline.accept(
            items, token=token, at=at, read_anchor=anchors.read, session=lambda: db.session,
            shared=current_app.extensions["shared_commit"],
        )  # fmt: skip
    except SignInNeeded:
        return {"error": "sign_in"}, 401
    answers = [offline_answers.as_json(result) for result in results]
    return _small_json({"results": answers, "anchor": anchors.make(at)})


@bp.get("/offline/facts")
@requires(Permission.RECORD_VISIT)
def facts() -> ResponseReturnValue:
    """What a provider's phone keeps, sealed, to go on without a network."""
    at = clock.now()
    anchor = current_app.extensions["time_anchors"].make(at)
    return _small_json(sheet_facts.offline_facts(db.session, account(), at=at) | {"anchor": anchor})


@bp.get("/offline/shell")
@public
def shell() -> ResponseReturnValue:
    """The page that stands in for all others offline; it knows nobody, so any phone may keep it."""
    return render_template(
        "offline/shell.html",
        role=None,
        checker=receipt_files.for_the_checker(),
        sheet_words=sheet_forecast.words(),
    )


@bp.get("/sw.js")
@public
def service_worker() -> ResponseReturnValue:
    """The worker with its release and the addresses that it keeps written in.

    It imports its modules from the release that the pages use, so that they are fetched once.
    """
    source = (assets.WORKER / "sw.js").read_text(encoding="utf-8")
    source = source.replace('"__VERSION__"', json.dumps(assets.release()), 1)
    source = source.replace('["__ASSETS__"]', json.dumps(assets.shell_assets()), 1)
    source = source.replace('from "/sw/', f'from "{assets.asset("sw/")}')
    return Response(source, mimetype="text/javascript", headers={"Cache-Control": "no-cache"})


@bp.get("/sw/<path:filename>")
@public
def worker_module(filename: str) -> ResponseReturnValue:
    """A module that the worker imports; never its tests."""
    response = assets.worker_module(filename)
    response.headers["Cache-Control"] = "no-cache"
    return response


@bp.get("/manifest.webmanifest")
@public
def manifest() -> ResponseReturnValue:
    """How the portal looks on a home screen."""
    content = (assets.STATIC / "manifest.webmanifest").read_bytes()
    return Response(
        content,
        mimetype="application/manifest+json",
        headers={"Cache-Control": "no-cache"},
    )


def _not_from_our_scripts() -> ResponseReturnValue | None:
    """Why a request cannot be one of our own scripts'; None when it can."""
    if not is_same_origin(current_app.extensions["settings"].public_url):
        return {"error": "not_from_here"}, 403
    is_ours = request.headers.get("X-Requested-With") == OURS
    if request.mimetype != "application/json" or not is_ours or not packed.is_readable():
        return {"error": "not_json"}, 415
    return None


def _items() -> list[Any] | None:
    """The list that was sent; None for anything else, however it is broken."""
    try:
        body = _READER.decode(packed.body().decode())
    except (ValueError, RecursionError):
        return None
    return body if isinstance(body, list) else None


def _whole_number(digits: str) -> int | str:
    return int(digits) if len(digits) <= LONGEST_NUMBER else digits


_READER = json.JSONDecoder(parse_int=_whole_number, parse_constant=str)
_small = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False).encode


def _small_json(content: dict[str, Any]) -> Response:
    """JSON for a script, with no more headers than JSON needs: a check-in should cost little data."""
    text = _small(content)
    return Response(
        text,
        mimetype="application/json",
        headers={"Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'"},
    )
