"""How one is reached: e-mail, phone, mailing address, and by which way one is told of things."""

from flask import (
    Blueprint,
    Response,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user
from flask_wtf import FlaskForm

from app import clock
from app.domain.outcomes import Refused
from app.domain.permissions import Permission
from app.extensions import db
from app.forms.account import AddressForm, EmailForm, PhoneForm, SentCodeForm, TellingForm
from app.forms.sign_in import digits
from app.gateways.messaging import SendingFailed
from app.gateways.turns import TooBusy
from app.services import account as use_case
from app.services import contact_changes
from app.services.account import Telling
from app.services.contact_changes import Kind
from app.web import sending_contact_codes, signing_in
from app.web.access import account, requires
from app.web.step_up import step_up, typed
from app.web.wording import sentence

bp = Blueprint("contacts", __name__, url_prefix="/account")

RETRY_AFTER = 60  # seconds, when mail or texts are down


@bp.get("/email")
@requires(Permission.MANAGE_OWN_ACCOUNT)
def email() -> ResponseReturnValue:
    """The e-mail address, and a form for another."""
    return _page("email", EmailForm(formdata=typed()))


@bp.post("/email")
@requires(Permission.MANAGE_OWN_ACCOUNT)
@step_up
def change_email() -> ResponseReturnValue:
    """A new address: a code goes to it first."""
    form = EmailForm()
    if not form.validate():
        return _page("email", form, 422)
    return _ask("email", form.email.data, form)


@bp.get("/phone")
@requires(Permission.MANAGE_OWN_ACCOUNT)
def phone() -> ResponseReturnValue:
    """The phone number, and a form for another."""
    return _page("phone", PhoneForm(formdata=typed()))


@bp.post("/phone")
@requires(Permission.MANAGE_OWN_ACCOUNT)
@step_up
def change_phone() -> ResponseReturnValue:
    """A new number: a code goes to it first."""
    form = PhoneForm()
    if not form.validate():
        return _page("phone", form, 422)
    return _ask("phone", form.phone.data, form)


@bp.route("/phone/remove", methods=["GET", "POST"])
@requires(Permission.MANAGE_OWN_ACCOUNT)
@step_up
def remove_phone() -> ResponseReturnValue:
    """No texts any more: asked once, for codes come that way too."""
    if account().phone is None:
        return redirect(url_for("account.index"), code=303)
    if request.method == "GET":
        return render_template("account/remove_phone.html", account=account())
    contact_changes.drop_phone(
        db.session, session_id=current_user.session.id, by=account(), at=clock.now()
    )
    return _done(gettext("Your phone number was removed."))


@bp.route("/email/code", methods=["GET", "POST"])
@requires(Permission.MANAGE_OWN_ACCOUNT)
def confirm_email() -> ResponseReturnValue:
    """The code that went to the new address."""
    return _confirm("email", gettext("Your new e-mail address counts from now on."))


@bp.route("/phone/code", methods=["GET", "POST"])
@requires(Permission.MANAGE_OWN_ACCOUNT)
def confirm_phone() -> ResponseReturnValue:
    """The code that went to the new number."""
    return _confirm("phone", gettext("Your new phone number counts from now on."))


@bp.get("/address")
@requires(Permission.MANAGE_OWN_ACCOUNT)
def address() -> ResponseReturnValue:
    """Where letters go."""
    form = AddressForm(formdata=typed(), data={"address": account().mailing_address})
    return _page("address", form)


@bp.post("/address")
@requires(Permission.MANAGE_OWN_ACCOUNT)
@step_up
def change_address() -> ResponseReturnValue:
    """Another mailing address."""
    form = AddressForm()
    if not form.validate():
        return _page("address", form, 422)
    try:
        use_case.set_mailing_address(
            db.session,
            form.address.data,
            session_id=current_user.session.id,
            by=account(),
            at=clock.now(),
        )
    except Refused as refused:
        form.address.errors = [sentence(refused.code, refused.facts)]
        return _page("address", form, 422)
    return _done(gettext("Your mailing address was changed."))


@bp.get("/notices")
@requires(Permission.MANAGE_OWN_ACCOUNT)
def telling() -> ResponseReturnValue:
    """By which ways one is told of things."""
    by = account()
    now = {
        "by_email": by.tells_by_email,
        "by_text": by.tells_by_text,
        "of_taps": by.reminds_of_taps,
        "of_timesheets": by.reminds_of_timesheets,
    }
    return _page("telling", TellingForm(formdata=typed(), data=now))


@bp.post("/notices")
@requires(Permission.MANAGE_OWN_ACCOUNT)
@step_up
def change_telling() -> ResponseReturnValue:
    """Other ways."""
    form = TellingForm()
    try:
        use_case.set_telling(
            db.session,
            Telling(
                form.by_email.data,
                form.by_text.data,
                form.of_taps.data,
                form.of_timesheets.data,
            ),
            session_id=current_user.session.id,
            by=account(),
            at=clock.now(),
        )
    except Refused as refused:
        form.form_errors.append(sentence(refused.code, refused.facts))
        return _page("telling", form, 422)
    return _done(gettext("We will tell you in this way from now on."))


def _ask(kind: Kind, value: str, form: FlaskForm) -> ResponseReturnValue:
    at, secrets = clock.now(), signing_in.secrets()
    try:
        asked = contact_changes.ask(db.session, kind, value, secrets=secrets, by=account(), at=at)
    except Refused as refused:
        form[kind].errors = [sentence(refused.code, refused.facts)]
        wait = refused.facts.get("retry_after")
        return _page(kind, form, 429 if wait else 422, int(str(wait)) if wait else None)
    try:
        sending_contact_codes.send(asked, account())
    except (SendingFailed, TooBusy):
        contact_changes.withdraw(db.session, asked, secrets=secrets, by=account(), at=at)
        form.form_errors.append(
            gettext("We cannot send a code just now, so nothing was changed. Please try later.")
        )
        return _page(kind, form, 503, RETRY_AFTER)
    return redirect(url_for(f"contacts.confirm_{kind}"), code=303)


def _confirm(kind: Kind, words: str) -> ResponseReturnValue:
    """No step-up here: whoever asked for the change had proved herself, and the code is the rest."""
    at = clock.now()
    change = contact_changes.pending(db.session, kind, account(), at=at)
    if change is None:
        return redirect(url_for(f"contacts.{kind}"), code=303)
    form = SentCodeForm()
    page = "account/contact_code.html"
    if not form.is_submitted():
        return render_template(page, form=form, change=change)
    if not form.validate():
        return render_template(page, form=form, change=change), 422
    try:
        contact_changes.confirm(
            db.session,
            kind,
            digits(form.code.data),
            secrets=signing_in.secrets(),
            session_id=current_user.session.id,
            by=account(),
            at=at,
        )
    except Refused as refused:
        form.code.errors = [sentence(refused.code, refused.facts)]
        return render_template(page, form=form, change=change), 422
    return _done(words)


def _done(words: str) -> ResponseReturnValue:
    flash(words)
    return redirect(url_for("account.index"), code=303)


def _page(
    topic: str, form: FlaskForm, status: int = 200, retry_after: int | None = None
) -> Response:
    page = render_template(f"account/{topic}.html", form=form, account=account())
    response = make_response(page, status)
    if retry_after is not None:
        response.headers["Retry-After"] = str(retry_after)
    return response
