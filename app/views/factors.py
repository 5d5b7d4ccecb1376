"""The other ways to prove who one is: password, authenticator app, printed recovery kit."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user

from app import clock
from app.domain import sign_in as rules
from app.domain.outcomes import Refused
from app.domain.permissions import Permission
from app.extensions import db
from app.forms.account import NewPasswordForm, SentCodeForm
from app.forms.sign_in import digits
from app.gateways.turns import TooBusy
from app.services import factors
from app.web import qr_code
from app.web.access import account, requires
from app.web.step_up import step_up
from app.web.wording import sentence

bp = Blueprint("factors", __name__, url_prefix="/account")


@bp.route("/password", methods=["GET", "POST"])
@requires(Permission.MANAGE_OWN_ACCOUNT)
@step_up
def password() -> ResponseReturnValue:
    """A new password. It is never kept to be shown again, so the proof comes before the typing."""
    form = NewPasswordForm()
    if request.method == "GET" or not form.validate():
        return _password_page(form, 422 if form.errors else 200)
    try:
        factors.set_password(
            db.session,
            account(),
            form.new_password.data,
            by=account(),
            at=clock.now(),
            but=current_user.session.id,
        )
    except Refused as refused:
        form.new_password.errors = [sentence(refused.code, refused.facts)]
        return _password_page(form, 422)
    except TooBusy:
        words = gettext("Many people are signing in just now. Please try again in a moment.")
        form.form_errors.append(words)
        return _password_page(form, 503)
    return _done(gettext("Your new password counts from now on."))


@bp.route("/app", methods=["GET", "POST"])
@requires(Permission.MANAGE_OWN_ACCOUNT)
@step_up
def app() -> ResponseReturnValue:
    """An authenticator app: what it scans, and its first code, by which it counts."""
    if factors.ways_of(db.session, account()).has_app:
        return redirect(url_for("factors.remove_app"), code=303)
    form = SentCodeForm()
    if request.method == "POST" and form.validate():
        try:
            factors.confirm_app(
                db.session,
                account(),
                digits(form.code.data),
                by=account(),
                at=clock.now(),
                but=current_user.session.id,
            )
            return _done(gettext("Your authenticator app counts from now on."))
        except Refused as refused:
            form.code.errors = [sentence(refused.code, refused.facts)]
    to_add = factors.begin_app(db.session, account(), at=clock.now())
    page = render_template(
        "account/app.html", form=form, secret=to_add.secret, drawing=qr_code.of(to_add.address)
    )
    return page, 422 if form.errors else 200


@bp.route("/app/remove", methods=["GET", "POST"])
@requires(Permission.MANAGE_OWN_ACCOUNT)
@step_up
def remove_app() -> ResponseReturnValue:
    """The app shall prove nothing any more; asked once."""
    if not factors.ways_of(db.session, account()).has_app:
        return redirect(url_for("account.index"), code=303)
    if request.method == "GET":
        return render_template("account/remove_app.html")
    factors.remove_app(
        db.session, account(), by=account(), at=clock.now(), but=current_user.session.id
    )
    return _done(gettext("The authenticator app was removed."))


@bp.route("/recovery-kit", methods=["GET", "POST"])
@requires(Permission.MANAGE_OWN_ACCOUNT)
@step_up
def kit() -> ResponseReturnValue:
    """Codes to print. They are shown in the answer to the button, once, and kept only as hashes."""
    if request.method == "GET":
        ways = factors.ways_of(db.session, account())
        return render_template("account/kit.html", left=ways.kit_codes)
    at = clock.now()
    made = factors.make_kit(db.session, account(), by=account(), at=at, but=current_user.session.id)
    return render_template("account/kit_made.html", codes=made, account=account(), at=at)


def _password_page(form: NewPasswordForm, status: int) -> ResponseReturnValue:
    ways = factors.ways_of(db.session, account())
    page = render_template(
        "account/password.html",
        form=form,
        ways=ways,
        account=account(),
        shortest=rules.shortest_password(
            has_another_factor=ways.has_another_factor, at=clock.now()
        ),
    )
    return page, status


def _done(words: str) -> ResponseReturnValue:
    flash(words)
    return redirect(url_for("account.index"), code=303)
