"""How is the start page of a provider drawn, by itself and after a tap that could not be kept?"""

from uuid import uuid4

from flask import render_template

from app import clock
from app.domain.periods import LOS_ANGELES
from app.extensions import db
from app.services.provider_home import provider_home
from app.web import visit_words
from app.web.access import account


def draw(refused: str | None = None) -> str:
    """The start page of the signed-in provider; `refused` says what could not be kept, and why."""
    at = clock.now()
    person = account().person
    return render_template(
        "home/provider.html",
        home=provider_home(db.session, account(), at=at),
        greeting=visit_words.greeting(at.astimezone(LOS_ANGELES), person.first_name),
        words=visit_words,
        at=at,
        new_id=lambda: str(uuid4()),
        refused=refused,
    )
