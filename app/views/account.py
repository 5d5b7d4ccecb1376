"""One's own account at a glance: what is set, what others did with it, and for whom one signs."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user

from app import clock
from app.domain.permissions import Permission, Role
from app.extensions import db
from app.forms.account import OWN_NAMES, LanguageForm
from app.services import account as use_case
from app.services import account_looks, approvals, devices, factors, sessions
from app.web import look_words
from app.web.access import account, requires

bp = Blueprint("account", __name__, url_prefix="/account")


@bp.get("")
@requires(Permission.MANAGE_OWN_ACCOUNT)
def index() -> ResponseReturnValue:
    """Everything that is set, each with a way to change it."""
    at = clock.now()
    return render_template(
        "account/index.html",
        account=account(),
        language_name=OWN_NAMES.get(account().person.language),
        ways=factors.ways_of(db.session, account()),
        devices=devices.devices_of(db.session, account()),
        sessions=sessions.open_sessions_of(db.session, account(), at=at),
    )


@bp.route("/language", methods=["GET", "POST"])
@requires(Permission.MANAGE_OWN_ACCOUNT)
def language() -> ResponseReturnValue:
    """The language of the portal, and of what it sends."""
    form = LanguageForm(data={"language": account().person.language})
    if request.method == "GET" or not form.validate():
        page = render_template(
            "account/language.html", form=form, languages=list(OWN_NAMES.items())
        )
        return page, 422 if form.errors else 200
    use_case.set_language(db.session, form.language.data, by=account(), at=clock.now())
    flash(gettext("Your language was changed."))
    return redirect(url_for("account.index"), code=303)


@bp.get("/signatories")
@requires(Permission.MANAGE_OWN_ACCOUNT)
def signatories() -> ResponseReturnValue:
    """Who signs for her, or for whom she signs."""
    at = clock.now()
    signs = current_user.role is Role.SIGNATORY
    return render_template(
        "account/signatories.html",
        signs_for=approvals.cases_of(db.session, account(), clock.today()) if signs else [],
        signed_for_by=use_case.who_signs_for(db.session, account(), at=at),
    )


@bp.get("/looks")
@requires(Permission.MANAGE_OWN_ACCOUNT)
def looks() -> ResponseReturnValue:
    """Who looked at the account, or did something with it."""
    found = account_looks.by_others(db.session, account())
    return render_template("account/looks.html", looks=[look_words.shown(each) for each in found])
