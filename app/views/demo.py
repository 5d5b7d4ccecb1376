"""What only the demo and the tests have: the mailbox that all e-mail lands in, and the components."""

import tomllib
from pathlib import Path

from flask import Blueprint, abort, current_app, render_template
from flask.typing import ResponseReturnValue

from app.gateways import messaging
from app.web.access import public

bp = Blueprint("demo", __name__, url_prefix="/demo")

PERSONAS = Path(__file__).parents[1] / "cli" / "demo.toml"


@bp.get("/mailbox")
@public
def mailbox() -> ResponseReturnValue:
    """Every e-mail, the newest first."""
    letters = messaging.letters(current_app.extensions["settings"].mailbox)
    return render_template("demo/mailbox.html", letters=letters)


@bp.get("/mailbox/<string:name>")
@public
def message(name: str) -> ResponseReturnValue:
    """One e-mail, whole."""
    letter = messaging.read(current_app.extensions["settings"].mailbox, name)
    if letter is None:
        abort(404)
    return render_template("demo/message.html", letter=letter)


@bp.get("/newcomers")
@public
def newcomers() -> ResponseReturnValue:
    """As whom somebody can try to register: what a letter from the county would say."""
    told = tomllib.loads(PERSONAS.read_text(encoding="utf-8"))
    return render_template("demo/newcomers.html", newcomers=told["newcomers"])


@bp.get("/components")
@public
def components() -> ResponseReturnValue:
    """Every component in each of its states, for whoever builds pages of them."""
    return render_template("demo/components.html")
