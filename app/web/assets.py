"""Under which address does a static file stand, so that a phone may keep it until it changes?

All files stand under one release, a fingerprint of them all: `/static/<release>/js/app.js`. A page and
the modules which that module imports by relative address are then always of the same release, without a
build step that would write hashes into the imports. The service worker's modules stand there as well, as
`/static/<release>/sw/…`, for the pages share the outbox with the worker.
"""

import hashlib
from functools import cache
from pathlib import Path
from typing import Any

from flask import Flask, Response, abort, current_app, send_from_directory, url_for

STATIC = Path(__file__).resolve().parent.parent / "static"
WORKER = Path(__file__).resolve().parent.parent.parent / "service_worker"
RELEASE_LENGTH = 12  # no folder of static/ has a name that long, so the two addresses never meet
A_YEAR = 60 * 60 * 24 * 365


def serve_by_release(app: Flask) -> None:
    """Let static files be asked for under their release; the address without one goes on working."""
    rule = f"/static/<string(length={RELEASE_LENGTH}):fingerprint>/<path:filename>"
    app.view_functions["static"] = _serve
    app.add_url_rule(rule, endpoint="static")
    app.url_defaults(_stamp)


def asset(name: str) -> str:
    """`/static/3f9c0a1b2d4e/css/carehours.css`: may be kept for ever, for it changes with its content."""
    return url_for("static", filename=name)


def shell_assets() -> list[str]:
    """Every static address that the offline shell needs, for the service worker to keep."""
    names = [
        *(f"css/{path.name}" for path in (STATIC / "css").glob("carehours.css")),
        *(
            f"{folder}/{path.name}"
            for folder in ("js", "vendor")
            for path in _scripts(STATIC / folder)
        ),
        *(f"sw/{path.relative_to(WORKER)}" for path in _scripts(WORKER) if path.name != "sw.js"),
    ]
    return [asset(name) for name in sorted(names)]


@cache
def release() -> str:
    """The fingerprint of all static files and of the worker's modules, as this process found them."""
    digest = hashlib.sha256()
    for root in (STATIC, WORKER):
        for path in sorted(path for path in root.rglob("*") if path.is_file()):
            digest.update(f"{path.relative_to(root)}\0".encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:RELEASE_LENGTH]


def worker_module(filename: str) -> Response:
    """A module of the service worker as a response; NotFound for its tests and for what is no module."""
    if not filename.endswith(".js") or filename.startswith("tests/"):
        abort(404)
    return send_from_directory(WORKER, filename, mimetype="text/javascript")


def _stamp(endpoint: str, values: dict[str, Any]) -> None:
    if endpoint == "static":
        values.setdefault("fingerprint", release())


def _serve(filename: str, fingerprint: str = "") -> Response:
    if fingerprint and filename.startswith("sw/"):
        response = worker_module(filename.removeprefix("sw/"))
    else:
        response = current_app.send_static_file(filename)
    if fingerprint == release():
        response.headers["Cache-Control"] = f"public, max-age={A_YEAR}, immutable"
        for needless in ("Content-Disposition", "Last-Modified"):
            response.headers.pop(needless, None)
    return response


def _scripts(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*.js") if "tests" not in path.parts]
