"""How is it put on record who looked at somebody else's hours or pay?"""

from collections.abc import Mapping
from typing import Any

from flask import Response, after_this_request

from app import clock
from app.extensions import db
from app.models.engine import writing
from app.services import audit
from app.web.access import account


def note_look(action: str, subject: str, facts: Mapping[str, Any] | None = None) -> None:
    """Put on record, once the page is made, that the signed-in account looked at a subject.

    A transaction of its own, short and last, so that reading a page never waits for writers; were it
    to fail, the page is not shown.
    """
    by = account()

    @after_this_request
    def write(response: Response) -> Response:
        db.session.rollback()
        with writing():
            audit.record(db.session, action, subject, by=by, at=clock.now(), facts=facts)
            db.session.commit()
        return response
