"""The service desk: find who calls, see why she cannot get in, and help her, for a reason each time."""

from collections.abc import Callable
from typing import Any, Concatenate

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.exc import NoResultFound

from app import clock
from app.domain.desk import masked_email, read_search
from app.domain.outcomes import Refused
from app.domain.permissions import Permission
from app.extensions import db
from app.forms.service_desk import ActForm, CorrectEmailForm, SearchForm
from app.gateways.messaging import SendingFailed
from app.gateways.turns import TooBusy
from app.models.accounts import Account
from app.services import email_corrections, support, support_account, support_search
from app.services.email_corrections import Waiting
from app.services.support_search import Found, Results
from app.web import correcting, sending_links
from app.web.access import account, asks, public, requires
from app.web.htmx import go, render
from app.web.looks import note_look
from app.web.wording import sentence

bp = Blueprint("service_desk", __name__)


@bp.get("/desk")
@requires(Permission.FIND_ACCOUNT)
def index() -> ResponseReturnValue:
    """The search box, and what waits for a second agent."""
    waiting = email_corrections.waiting(db.session, at=clock.now())
    if waiting:
        note_look("desk:look", "desk", {"accounts": [each.change.account_id for each in waiting]})
    return render_template(
        "service_desk/index.html", search=SearchForm(formdata=None), waiting=waiting, by=account()
    )


@bp.post("/desk")
@requires(Permission.FIND_ACCOUNT)
@asks
def find() -> ResponseReturnValue:
    """Whom the agent means: her page at once when it can be only one."""
    form = SearchForm()
    form.validate_on_submit()
    try:
        search = read_search(form.sought.data)
    except Refused as refused:
        return _found_page(form, None, error=sentence(refused.code, refused.facts))
    results = support_search.find(db.session, search, at=clock.now())
    if len(results.found) == 1:
        return go(_page_of(results.found[0]))
    facts = {
        "by": search.by,
        "accounts": [each.account_id for each in results.found if each.account_id],
    }
    note_look("desk:find", "desk", facts)
    return _found_page(form, results)


@bp.get("/desk/people/<int:person_id>")
@requires(Permission.FIND_ACCOUNT)
def person(person_id: int) -> ResponseReturnValue:
    """Somebody on file who has no account, and how far her registration has come."""
    seen = support_account.look_at_person(db.session, person_id, at=clock.now())
    note_look("person:look", f"person:{person_id}")
    return render_template("service_desk/person.html", search=SearchForm(formdata=None), seen=seen)


@bp.get("/desk/accounts/<int:account_id>")
@requires(Permission.FIND_ACCOUNT)
def show(account_id: int) -> ResponseReturnValue:
    """Who it is, why she cannot get in, and what can be done."""
    return _account_page(account_id, ActForm(formdata=None))


@bp.post("/desk/accounts/<int:account_id>/unlock")
@requires(Permission.UNLOCK_ACCOUNT)
def unlock(account_id: int) -> ResponseReturnValue:
    """Take the right password again."""
    return _act(account_id, support.unlock, _("The password is unlocked. The owner is told."))


@bp.post("/desk/accounts/<int:account_id>/send-reset")
@requires(Permission.SEND_RESET)
def send_reset(account_id: int) -> ResponseReturnValue:
    """Mail a link by which she gets back in."""
    return _act(account_id, _send_reset, _("The link is on its way to the e-mail address on file."))


@bp.post("/desk/accounts/<int:account_id>/thaw")
@requires(Permission.THAW_ACCOUNT)
def thaw(account_id: int) -> ResponseReturnValue:
    """Open an account again that its owner froze."""
    return _act(account_id, support.thaw, _("The account is open again. The owner is told."))


@bp.post("/desk/accounts/<int:account_id>/note")
@requires(Permission.NOTE_ON_ACCOUNT)
def note(account_id: int) -> ResponseReturnValue:
    """Leave word for the next agent."""
    return _act(account_id, support.note, _("The note is saved."))


@bp.get("/desk/accounts/<int:account_id>/email")
@requires(Permission.CORRECT_EMAIL)
def correct(account_id: int) -> ResponseReturnValue:
    """The form for an address that is wrong."""
    return _correct_page(account_id, CorrectEmailForm(formdata=None))


@bp.post("/desk/accounts/<int:account_id>/email")
@requires(Permission.CORRECT_EMAIL)
def ask(account_id: int) -> ResponseReturnValue:
    """Ask a second agent to agree to the right one."""
    owner, form = support_account.find(db.session, account_id), CorrectEmailForm()
    form.validate_on_submit()
    try:
        email_corrections.ask(
            db.session, owner, form.email.data,
            reason=form.reason.data, by=account(), at=clock.now(),
        )  # fmt: skip
    except Refused as refused:
        db.session.rollback()
        field = form.reason if refused.code.startswith("DESK_REASON") else form.email
        field.errors = [sentence(refused.code, refused.facts)]
        return _correct_page(account_id, form)
    flash(_("The new address waits for a second agent."), "success")
    return redirect(url_for("service_desk.show", account_id=account_id), 303)


@bp.get("/desk/email-changes/<int:change_id>")
@requires(Permission.CORRECT_EMAIL)
def review(change_id: int) -> ResponseReturnValue:
    """A new address that waits, with the reason for it."""
    return _review_page(_waiting(change_id), ActForm(formdata=None))


@bp.post("/desk/email-changes/<int:change_id>/agree")
@requires(Permission.CORRECT_EMAIL)
def agree(change_id: int) -> ResponseReturnValue:
    """Agree to it; its owner gets a link there."""

    def mail_link(*arguments: Any, **said: Any) -> None:
        correcting.send_link(email_corrections.agree(*arguments, **said))

    return _decide(change_id, mail_link, _("A link is on its way to the new address."))


@bp.post("/desk/email-changes/<int:change_id>/refuse")
@requires(Permission.CORRECT_EMAIL)
def refuse(change_id: int) -> ResponseReturnValue:
    """Refuse it, or take back what one asked for."""
    return _decide(change_id, email_corrections.refuse, _("The address stays as it is."))


@bp.get("/new-email/<string:token>")
@public
def new_email(token: str) -> ResponseReturnValue:
    """What the link in the letter to the new address opens."""
    try:
        change = email_corrections.find_agreed(db.session, token, at=clock.now())
    except NoResultFound:
        return render_template("service_desk/link_gone.html"), 404
    return render_template(
        "service_desk/new_email.html", token=token, email=masked_email(change.value)
    )


@bp.post("/new-email/<string:token>")
@public
def confirm_email(token: str) -> ResponseReturnValue:
    """Its owner says that the address is hers."""
    try:
        email_corrections.confirm(db.session, token, at=clock.now())
    except NoResultFound:
        return render_template("service_desk/link_gone.html"), 404
    return render_template("service_desk/email_confirmed.html")


def _page_of(found: Found) -> str:
    if found.account_id is None:
        return url_for("service_desk.person", person_id=found.person_id)
    return url_for("service_desk.show", account_id=found.account_id)


def _found_page(form: SearchForm, results: Results | None, error: str | None = None) -> Response:
    return render(
        "service_desk/found.html",
        "service_desk/_found.html",
        422 if error else 200,
        search=form,
        results=results,
        error=error,
        page_of=_page_of,
    )


def _account_page(account_id: int, form: ActForm) -> Response:
    seen = support_account.look_at(db.session, account_id, at=clock.now())
    note_look("account:look", f"account:{account_id}", {"what": "look"})
    page = render_template(
        "service_desk/show.html",
        search=SearchForm(formdata=None),
        seen=seen,
        form=form,
        by=account(),
    )
    return Response(page, 422 if form.errors else 200)


def _correct_page(account_id: int, form: CorrectEmailForm) -> Response:
    owner = support_account.find(db.session, account_id)
    note_look("account:look", f"account:{account_id}", {"what": "look"})
    page = render_template(
        "service_desk/correct.html", form=form, owner=owner, email=masked_email(owner.email)
    )
    return Response(page, 422 if form.errors else 200)


def _waiting(change_id: int) -> Waiting:
    return email_corrections.find_waiting(db.session, change_id, at=clock.now())


def _review_page(found: Waiting, form: ActForm) -> Response:
    owner = found.change.account
    note_look("account:look", f"account:{owner.id}", {"what": "look"})
    page = render_template(
        "service_desk/review.html",
        form=form,
        found=found,
        owner=owner,
        email=masked_email(owner.email),
        may_agree=found.may_be_agreed_by(account()),
    )
    return Response(page, 422 if form.errors else 200)


def _act(
    account_id: int, verb: Callable[Concatenate[Any, Account, ...], None], done: str
) -> ResponseReturnValue:
    """Do one thing for an account, for the reason that was typed."""
    owner = support_account.find(db.session, account_id)
    form = ActForm()
    if error := _tried(verb, owner, form):
        form.reason.errors = [error]
        return _account_page(account_id, form)
    flash(done, "success")
    return redirect(url_for("service_desk.show", account_id=account_id), 303)


def _decide(
    change_id: int, verb: Callable[Concatenate[Any, Waiting, ...], None], done: str
) -> ResponseReturnValue:
    """Settle what waits for a second agent, for the reason that was typed."""
    found, form = _waiting(change_id), ActForm()
    if error := _tried(verb, found, form):
        form.reason.errors = [error]
        return _review_page(_waiting(change_id), form)
    flash(done, "success")
    return redirect(url_for("service_desk.index"), 303)


def _tried(verb: Callable[..., None], about: object, form: ActForm) -> str | None:
    """Why it could not be done, in words; None when it is done."""
    form.validate_on_submit()
    try:
        verb(db.session, about, reason=form.reason.data, by=account(), at=clock.now())
    except Refused as refused:
        db.session.rollback()
        return sentence(refused.code, refused.facts)
    except (SendingFailed, TooBusy):
        return sentence("DESK_MAIL_DOWN")
    return None


def _send_reset(
    _session: object, owner: Account, *, reason: str | None, by: Account, at: object
) -> None:
    told = support.check_may_act(owner, reason, by=by)
    sending_links.send_reset(owner, reason=told, by=by)
