"""Is the process up, and can it serve?"""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from app.extensions import db
from app.models.migrate import is_ready
from app.web.access import public

bp = Blueprint("system", __name__)


@bp.get("/livez")
@public
def livez() -> ResponseReturnValue:
    """The process answers; no database is asked."""
    return {"status": "up"}


@bp.get("/readyz")
@public
def readyz() -> ResponseReturnValue:
    """200 when the database is at the newest migration and takes writes, else 503."""
    ready, reason = is_ready(db.engine)
    return {"status": "ready" if ready else "not ready", "reason": reason}, 200 if ready else 503
