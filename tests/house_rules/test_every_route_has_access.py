"""Who may enter which route, as one table: a route that does not stand here fails, and so does a lie.

The table says it in the words of a reader, the routes say it beside their URLs, and the tests walk in
as each role to see whether both are true.
"""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from app.domain.permissions import Permission, Role, may
from app.models.accounts import Account
from app.web.access import PUBLIC
from factories import World
from sign_in_steps import csrf_of

WHO_MAY_ENTER: dict[str, tuple[str, ...]] = {
    PUBLIC: (
        "static",
        "home.index", "home.help",
        "sign_in.sign_in", "sign_in.send_code", "sign_in.code", "sign_in.sign_out",
        "sign_in.passkey_options", "sign_in.passkey",
        "second_step.choose", "second_step.send", "second_step.app", "second_step.kit",
        "disavowal.not_me", "passwords.strength",
        # Who has lost her keys is signed in nowhere; what each step needs, its page asks for.
        "recovery.index", "recovery.username", "recovery.start", "recovery.link",
        "recovery.proofs", "recovery.ask_for_code", "recovery.code", "recovery.kit",
        "recovery.app_code", "recovery.password", "recovery.passkey", "recovery.passkey_options",
        "recovery.take_passkey", "recovery.new_key", "recovery.new_passkey_options",
        "recovery.new_passkey",
        # A check-in needs no live session: what is sent here is signed by the device's key.
        "pwa.events",
        "pwa.shell", "pwa.service_worker", "pwa.worker_module", "pwa.manifest",
        "system.livez", "system.readyz",
        # Asked by anybody, and nothing is kept.
        "what_if.index",
        # Whoever is shown a receipt may check it, signed in or not.
        "receipts.check", "receipts.keys",
        # The link in the letter to an address that two agents agreed on.
        "service_desk.new_email", "service_desk.confirm_email",
        # Who registers has no account yet; her browser's ticket opens one step after another.
        "registration.start", "registration.identity", "registration.ask_county",
        "registration.asked", "registration.email", "registration.code", "registration.send_code",
        "registration.link", "registration.username", "registration.password",
        "registration.questions", "registration.contact", "registration.start_over",
        # Only in the demo and in tests (test_demo.py).
        "demo.mailbox", "demo.message", "demo.components", "demo.newcomers",
    ),
    Permission.MANAGE_OWN_ACCOUNT: (
        "home.notices",
        "sign_in.resume", "sign_in.extend", "registration.done",
        "account.index", "account.language", "account.signatories", "account.looks",
        "contacts.email", "contacts.change_email", "contacts.confirm_email",
        "contacts.phone", "contacts.change_phone", "contacts.confirm_phone", "contacts.remove_phone",
        "contacts.address", "contacts.change_address", "contacts.telling", "contacts.change_telling",
        "passkeys.index", "passkeys.new", "passkeys.options", "passkeys.add", "passkeys.rename",
        "passkeys.remove",
        "factors.password", "factors.app", "factors.remove_app", "factors.kit",
        "devices.index", "devices.forget", "devices.end_session", "devices.end_others",
        "devices.enroll", "devices.leave_phone",
        "recovery.done",
        "step_up.index", "step_up.password", "step_up.passkey_options", "step_up.passkey",
        "step_up.code", "step_up.send_code",
    ),
    Permission.SEE_OWN_RECORDS: ("receipts.show", "receipts.download", "visits.show", "locations.index", "history.document", "history.pdf"),
    Permission.READ_NOTES: ("notes.index", "notes.show", "notes.delete", "notes.remove"),
    Permission.WRITE_NOTE: ("notes.write",),
    Permission.ALLOW_NOTES: ("notes.allow",),
    Permission.STOP_NOTES: ("notes.stop", "notes.end"),
    Permission.RECORD_VISIT: (
        "visits.check_in", "visits.check_out", "visits.index", "visits.undo",
        "visits.noticed", "visits.say", "visits.check_ins",
        "visits.not_a_visit", "visits.say_it_was_none", "visits.close", "visits.say_when_it_ended",
        "pwa.facts",
    ),
    Permission.KEEP_TIMESHEET: (
        "timesheets.index", "timesheets.open", "timesheets.show", "timesheets.save",
        "timesheets.findings", "timesheets.submit", "timesheets.sign", "timesheets.receipt",
        "timesheets.claim_authorized", "timesheets.take_back", "timesheets.correct",
        "timesheets.cancel", "timesheets.remind",
        "corrections.show", "corrections.begin", "corrections.drop", "history.of_provider",
    ),
    Permission.APPROVE_TIMESHEET: (
        "approvals.index", "approvals.show", "approvals.approve",
        "approvals.reject", "approvals.send_back", "history.of_signer",
    ),
    Permission.SEE_OWN_PAY: ("payments.index", "payments.show", "payments.history"),
    Permission.DISPUTE_PAYMENT: ("payments.dispute", "payments.say_it_is_wrong"),
    Permission.MAKE_CLAIM: (
        "claims.index", "claims.open", "claims.show", "claims.save", "claims.submit", "claims.sign",
        "claims.take_back", "claims.discard",
    ),
    Permission.REFUSE_CLAIM: ("county_claims.index", "county_claims.show", "county_claims.refuse"),
    Permission.SEE_CASELOAD: ("county.index", "evv_figures.index", "evv_figures.send_again",
        "county_sheets.index", "county_sheets.find", "county_sheets.show"),
    Permission.RELEASE_HOLD: ("county.release", "county.let_go_on", "county_sheets.hold",
        "pair_flags.index", "pair_flags.place", "pair_flags.lift"),
    Permission.VOID_TIMESHEET: ("county_sheets.void",),
    Permission.SETTLE_DISPUTE: ("county.settle", "county.answer"),
    Permission.ANSWER_HELP_REQUEST: (
        "help_requests.index", "help_requests.show", "help_requests.close",
    ),
    Permission.WEIGH_VISIT: (
        "odd_visits.index", "odd_visits.show", "odd_visits.settle", "odd_visits.take_note",
    ),
    Permission.FIND_ACCOUNT: (
        "service_desk.index", "service_desk.find", "service_desk.person", "service_desk.show",
    ),
    Permission.UNLOCK_ACCOUNT: ("service_desk.unlock",),
    Permission.SEND_RESET: ("service_desk.send_reset",),
    Permission.THAW_ACCOUNT: ("service_desk.thaw",),
    Permission.NOTE_ON_ACCOUNT: ("service_desk.note",),
    Permission.CORRECT_EMAIL: (
        "service_desk.correct", "service_desk.ask", "service_desk.review",
        "service_desk.agree", "service_desk.refuse",
    ),
}  # fmt: skip

ACCESS = {endpoint: who for who, endpoints in WHO_MAY_ENTER.items() for endpoint in endpoints}


@pytest.fixture
def browsers(world: World, signed_in: Callable[[Account], FlaskClient]) -> dict[Role, FlaskClient]:
    """One person of each role, signed in."""
    people = (world.ana, world.rosa, world.armen, world.casey, world.dev)
    return {Role(account.role): signed_in(account) for account in people}


def guarded(app: Flask) -> Iterator[tuple[Rule, str, str]]:
    """Every guarded route with a method of it and an address that nothing stands behind."""
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            if ACCESS.get(rule.endpoint, PUBLIC) != PUBLIC:
                address = rule.rule
                for name in rule.arguments:
                    address = address.replace(f"<int:{name}>", "999999")
                for method in sorted((rule.methods or set()) & {"GET", "POST"}):
                    yield rule, method, address


def test_every_route_stands_in_the_table_once_and_none_that_is_gone(app: Flask) -> None:
    endpoints = {rule.endpoint for rule in app.url_map.iter_rules()}
    listed = [endpoint for each in WHO_MAY_ENTER.values() for endpoint in each]
    assert sorted(listed) == sorted(endpoints)


def test_every_route_says_beside_its_url_what_the_table_says(app: Flask) -> None:
    said = {
        endpoint: getattr(view, "access", None)
        for endpoint, view in app.view_functions.items()
        if endpoint != "static"  # Flask's own
    }
    assert said == {endpoint: who for endpoint, who in ACCESS.items() if endpoint != "static"}


def test_nobody_enters_a_guarded_route_without_signing_in(app: Flask, client: FlaskClient) -> None:
    for rule, method, address in guarded(app):
        answer = client.open(address, method=method)
        if method == "POST" or address.startswith("/offline/"):
            assert answer.status_code == 401, f"{method} {rule.rule}"
        else:
            assert answer.location is not None, rule.rule
            assert answer.location.startswith("/sign-in?next="), rule.rule


def test_a_role_without_the_permission_is_turned_away_at_the_door(
    app: Flask, browsers: dict[Role, FlaskClient]
) -> None:
    tokens = {role: csrf_of(browser, "/account") for role, browser in browsers.items()}
    for rule, method, address in guarded(app):
        for role, browser in browsers.items():
            if not may(role, Permission(ACCESS[rule.endpoint])):
                answer = browser.open(address, method=method, headers=tokens[role])
                assert answer.status_code == 403, f"{role} {method} {rule.rule}"


def test_what_belongs_to_nobody_here_is_not_found_even_with_the_permission(
    app: Flask, browsers: dict[Role, FlaskClient]
) -> None:
    tokens = {role: csrf_of(browser, "/account") for role, browser in browsers.items()}
    for rule, method, address in guarded(app):
        if "999999" not in address or method != "GET":
            continue
        for role, browser in browsers.items():
            if may(role, Permission(ACCESS[rule.endpoint])):
                answer = browser.open(address, method=method, headers=tokens[role])
                assert answer.status_code == 404, f"{role} {method} {rule.rule}"


def test_every_address_takes_get_or_post_only(app: Flask) -> None:
    for rule in app.url_map.iter_rules():
        assert (rule.methods or set()) <= {"GET", "HEAD", "OPTIONS", "POST"}, rule.rule
