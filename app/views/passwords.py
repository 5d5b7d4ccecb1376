"""What is said of a new password while it is typed, before it is sent."""

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.domain import sign_in as rules
from app.forms.sign_in import LONGEST_PASSWORD
from app.gateways import common_passwords
from app.gateways.turns import TooBusy
from app.services import factors
from app.web.access import account, public

bp = Blueprint("passwords", __name__)


@bp.post("/password/strength")
@public
def strength() -> ResponseReturnValue:
    """How good it is, or how much is missing; nothing of it is kept.

    `field` names the field, `shortest` how many characters the page asks for. The rules are held
    against the password when the form is sent (services.factors): this only helps.
    """
    typed = request.form.get(request.args.get("field", ""), "")
    shortest = request.args.get("shortest", type=int)
    if shortest is None:
        abort(400)
    missing = max(0, shortest - rules.length_of(typed))
    try:
        judged = 0 if missing else common_passwords.strength(typed[:LONGEST_PASSWORD], _about())
    except TooBusy:  # many are choosing one just now, and it is only help
        return ""
    return "" if not typed else _help(missing, judged)


def _about() -> list[str]:
    return factors.words_about(account()) if current_user.is_authenticated else []


def _help(missing: int, strength: int) -> str:
    return render_template("passwords/_strength.html", missing=missing, strength=strength)
