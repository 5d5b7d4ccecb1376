"""Registering: somebody whom the county knows comes to an account, step by step."""

from flask import Blueprint, Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

from app import clock
from app.domain.identity import Last4
from app.domain.outcomes import Refused
from app.domain.permissions import Permission, Role
from app.domain.registration import Step
from app.extensions import db
from app.forms.registration import (
    ContactForm,
    EmailForm,
    HelpForm,
    IdentityForm,
    LinkForm,
    PasswordForm,
    QuestionsForm,
    RoleForm,
    UsernameForm,
)
from app.forms.sign_in import CodeForm, digits
from app.models.people import County
from app.models.registrations import Registration
from app.services import case_records, help_requests, registration_email
from app.services import registration as use_case
from app.services.help_requests import Asked
from app.services.registration import Contact
from app.web import registering, signing_in, visitors
from app.web.access import account, public, requires
from app.web.registering import PROBLEMS, on_step, page

bp = Blueprint("registration", __name__)

ROLES = frozenset({Role.PROVIDER, Role.RECIPIENT, Role.SIGNATORY})


@bp.route("/register", methods=["GET", "POST"])
@public
def start() -> ResponseReturnValue:
    """In which role, and in which county; whoever began before goes on."""
    if request.method == "GET" and (begun := registering.find()):
        return redirect(registering.next_url(begun), code=303)
    form = RoleForm()
    form.offer([(str(each.id), each.name) for each in help_requests.counties(db.session)])
    if request.method == "GET" or not form.validate():
        return page("start", Step.IDENTITY, form)
    where = {"role": form.role.data, "county": form.county.data}
    return redirect(url_for("registration.identity", **where), code=303)


@bp.route("/register/identity", methods=["GET", "POST"])
@public
def identity() -> ResponseReturnValue:
    """Who somebody is. What does not match is never told."""
    chosen = _chosen()
    if chosen is None:
        return redirect(url_for("registration.start"), code=303)
    role, county = chosen
    by = Last4(county.recipients_know) if role is Role.RECIPIENT else Last4.SSN
    form, problem = IdentityForm(), None
    if request.method == "POST" and (claimed := form.claim(role, by)):
        number, claim = claimed
        try:
            ticket = use_case.begin(
                db.session,
                role,
                number,
                claim,
                address=visitors.address(),
                secrets=signing_in.secrets(),
                at=clock.now(),
            )
        except Refused as refused:
            problem = refused
        else:
            response = redirect(url_for("registration.email"), code=303)
            registering.hold(response, ticket)
            return response
    return page("identity", Step.IDENTITY, form, problem=problem, registers_as=role, county=county, by=by,
                code=getattr(problem, "code", None))  # fmt: skip


@bp.post("/register/ask-county")
@public
def ask_county() -> ResponseReturnValue:
    """A request to the county of somebody whom the records did not match."""
    chosen = _chosen()
    if chosen is None:
        return redirect(url_for("registration.start"), code=303)
    role, county = chosen
    form = HelpForm()
    if "reach" not in request.form:
        return _first_ask(role, county)
    if not form.validate():
        return page("ask_county", Step.IDENTITY, form, registers_as=role, county=county)
    asked = Asked(form.name.data, form.number.data or "", form.reach.data)
    try:
        help_requests.ask(
            db.session,
            county,
            role,
            asked,
            address=visitors.address(),
            secrets=signing_in.secrets(),
            at=clock.now(),
        )
    except Refused as refused:
        return page(
            "ask_county", Step.IDENTITY, form, problem=refused, registers_as=role, county=county
        )
    return redirect(url_for("registration.asked", role=role.value, county=county.id), code=303)


@bp.get("/register/asked")
@public
def asked() -> ResponseReturnValue:
    """The county's desk has the request."""
    chosen = _chosen()
    if chosen is None:
        return redirect(url_for("registration.start"), code=303)
    return page("asked", Step.IDENTITY, None, county=chosen[1])


@bp.route("/register/email", methods=["GET", "POST"])
@public
@on_step(Step.EMAIL)
def email(registration: Registration) -> ResponseReturnValue:
    """Where to write to. The answer is the same when the address is an account's already."""
    form = EmailForm(data={"email": registration.email})
    if request.method == "GET" or not form.validate():
        return page("email", Step.EMAIL, form, registration)
    try:
        registering.send(registration, form.email.data)
    except PROBLEMS as problem:
        return page("email", Step.EMAIL, form, registration, problem, form.email)
    return redirect(url_for("registration.code"), code=303)


@bp.route("/register/code", methods=["GET", "POST"])
@public
@on_step(Step.CODE)
def code(registration: Registration) -> ResponseReturnValue:
    """The six digits from the letter."""
    form = CodeForm()
    if request.method == "GET" or not form.validate():
        return page("code", Step.CODE, form, registration)
    try:
        registration_email.confirm_by_code(
            db.session,
            registration,
            digits(form.code.data),
            secrets=signing_in.secrets(),
            at=clock.now(),
        )
    except Refused as refused:
        return page("code", Step.CODE, form, registration, refused, form.code)
    return redirect(registering.next_url(registration), code=303)


@bp.post("/register/send-code")
@public
@on_step(Step.CODE)
def send_code(registration: Registration) -> ResponseReturnValue:
    """Another letter to the same address."""
    try:
        registering.send(registration, registration.email or "")
    except PROBLEMS as problem:
        return page("code", Step.CODE, CodeForm(formdata=None), registration, problem)
    flash(gettext("We sent a new e-mail. Only the newest one works."), "info")
    return redirect(url_for("registration.code"), code=303)


@bp.route("/register/continue/<string:token>", methods=["GET", "POST"])
@public
def link(token: str) -> ResponseReturnValue:
    """The link in the letter, on this or another phone. Only pressing the button does anything:
    mail programs open links by themselves."""
    registration = use_case.find_by_link(db.session, token, at=clock.now())
    if registration is None:
        return page("link_is_old", Step.EMAIL, None)
    form, here = LinkForm(), registering.find()
    is_here = here is not None and here.id == registration.id
    if request.method == "GET":
        return page("link", Step.EMAIL, form, registration, token=token, is_here=is_here)
    try:
        ticket = registration_email.confirm_by_link(
            db.session,
            registration,
            form.number.data,
            ticket=registering.ticket(),
            address=visitors.address(),
            secrets=signing_in.secrets(),
            at=clock.now(),
        )
    except Refused as refused:
        return page("link", Step.EMAIL, form, registration, refused, form.number,
                    token=token, is_here=is_here)  # fmt: skip
    response = redirect(registering.next_url(registration), code=303)
    registering.hold(response, ticket)
    return response


@bp.route("/register/username", methods=["GET", "POST"])
@public
@on_step(Step.USERNAME)
def username(registration: Registration) -> ResponseReturnValue:
    """A name to sign in by."""
    form = UsernameForm(data={"username": registration.username})
    if request.method == "GET" or not form.validate():
        return page("username", Step.USERNAME, form, registration)
    try:
        use_case.choose_username(db.session, registration, form.username.data, at=clock.now())
    except Refused as refused:
        return page("username", Step.USERNAME, form, registration, refused, form.username)
    return redirect(registering.next_url(registration), code=303)


@bp.route("/register/password", methods=["GET", "POST"])
@public
@on_step(Step.PASSWORD)
def password(registration: Registration) -> ResponseReturnValue:
    """A password, or a passkey in its place."""
    form = PasswordForm()
    if request.method == "POST" and "passkey" in request.form:
        use_case.choose_passkey(db.session, registration, at=clock.now())
        return redirect(registering.next_url(registration), code=303)
    if request.method == "GET" or not form.validate():
        return page("password", Step.PASSWORD, form, registration)
    try:
        use_case.choose_password(db.session, registration, form.password.data, at=clock.now())
    except PROBLEMS as problem:
        return page("password", Step.PASSWORD, form, registration, problem, form.password)
    return redirect(registering.next_url(registration), code=303)


@bp.route("/register/questions", methods=["GET", "POST"])
@public
@on_step(Step.QUESTIONS)
def questions(registration: Registration) -> ResponseReturnValue:
    """Three questions and their answers."""
    form = QuestionsForm()
    if request.method == "GET" or not form.validate():
        return page("questions", Step.QUESTIONS, form, registration)
    try:
        use_case.answer_questions(db.session, registration, form.answers(), at=clock.now())
    except PROBLEMS as problem:
        return page("questions", Step.QUESTIONS, form, registration, problem)
    return redirect(registering.next_url(registration), code=303)


@bp.route("/register/contact", methods=["GET", "POST"])
@public
@on_step(Step.CONTACT)
def contact(registration: Registration) -> ResponseReturnValue:
    """How to reach her; then the account is there, and she is signed in."""
    form = ContactForm(obj=registration)
    if request.method == "GET" or not form.validate():
        return page("contact", Step.CONTACT, form, registration)
    wanted = Contact(form.language.data, form.phone.data or "", form.tells_by_text.data)
    try:
        made = use_case.finish(db.session, registration, wanted, at=clock.now())
    except Refused as refused:
        return _not_finished(form, registration, refused)
    response = redirect(url_for("registration.done"), code=303)
    signing_in.enter(response, made, method="registration", proves_device=True)
    registering.let_go(response)
    return response


@bp.get("/register/done")
@requires(Permission.MANAGE_OWN_ACCOUNT)
def done() -> ResponseReturnValue:
    """The account is there: how to sign in from now on, and a passkey to make."""
    signs_for = case_records.signed_for_by(db.session, account().person_id, clock.today())
    return page("done", Step.CONTACT, None, owner=account(),
                signs_for=signs_for if account().role == Role.SIGNATORY else [])  # fmt: skip


@bp.post("/register/start-over")
@public
def start_over() -> ResponseReturnValue:
    """Forget what was begun in this browser."""
    response: Response | BaseResponse = redirect(url_for("registration.start"), code=303)
    registering.let_go(response)
    return response


def _chosen() -> tuple[Role, County] | None:
    """The role and the county that were chosen on the first page; they stand in the address."""
    role = request.values.get("role", "")
    county = help_requests.county(db.session, request.values.get("county", 0, type=int))
    return (Role(role), county) if role in ROLES and county else None


def _first_ask(role: Role, county: County) -> ResponseReturnValue:
    """The request as it can be filled in already from what did not match."""
    typed = request.form
    name = f"{typed.get('first_name', '')} {typed.get('last_name', '')}".strip()
    form = HelpForm(formdata=None, data={"name": name, "number": typed.get("number", "")})
    return page("ask_county", Step.IDENTITY, form, registers_as=role, county=county)


def _not_finished(
    form: ContactForm, registration: Registration, refused: Refused
) -> ResponseReturnValue:
    if refused.code in {"PHONE_WRONG", "PHONE_NEEDED"}:
        return page("contact", Step.CONTACT, form, registration, refused, form.phone)
    if refused.code == "ALREADY_REGISTERED":
        if current_user.is_authenticated:  # by another press of the same button
            return redirect(url_for("registration.done"), code=303)
        return page("contact", Step.CONTACT, form, registration, refused)
    flash(registering.explain(refused)[0], "warning")
    return redirect(registering.next_url(registration), code=303)
