"""Nobody sees or changes what is another's: every route with an id × every role × somebody else's object.

Generated from the URL map. A new route whose argument has no sample fails here: give the household of
tests/quillfeathers.py one of what it names.
"""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from all_rows import changed, everything
from app.domain.permissions import Permission, Role, may
from app.models.accounts import Account
from app.web.access import PUBLIC
from factories import World
from quillfeathers import CANARIES, Household, move_in
from sign_in_steps import csrf_of

# What has an argument and is the same for everybody: nothing here belongs to anybody.
# Of a way back it is what somebody lost, and how; its link is for whoever was mailed it.
FOR_EVERYBODY = {
    "static", "pwa.worker_module", "demo.message",
    "recovery.start", "recovery.ask_for_code", "recovery.link", "registration.link",
}  # fmt: skip
# A link out of a letter is a key of its own: whoever holds it may come in, and no id is in it.
KEYS = {"token"}
# Whose work it is to look after everybody: what the desk may see is asked in test_service_desk.py.
RIGHTFUL = {Role.SERVICE_DESK: "service_desk."}
NOT_HIS = {403, 404}
# Routes whose object is named in the form, not in the address.
NAMED_IN_THE_FORM = {
    "visits.check_in": ("assignment", {"location": "home"}),
    "visits.check_out": ("assignment", {"location": "home"}),
    "timesheets.open": ("assignment_id", {"period": "2026-03-01"}),
    "claims.open": ("assignment_id", {"period": "2026-03-01", "kind": "sick_leave"}),
}


@pytest.fixture
def household(session: Session, world: World) -> Household:
    return move_in(session)


@pytest.fixture
def strangers(world: World, signed_in: Callable[[Account], FlaskClient]) -> dict[Role, FlaskClient]:
    """Somebody of each role who has nothing to do with the household, signed in."""
    people = (world.ana, world.rosa, world.armen, world.casey, world.dev)
    return {Role(account.role): signed_in(account) for account in people}


def routes_with_an_object(app: Flask) -> Iterator[tuple[Rule, str]]:
    """Every route with an argument, with each method that it takes."""
    for rule in app.url_map.iter_rules():
        if rule.arguments - KEYS and rule.endpoint not in FOR_EVERYBODY:
            for method in sorted((rule.methods or set()) & {"GET", "POST"}):
                yield rule, method


def addresses(rule: Rule, household: Household) -> list[str]:
    """The addresses of a route for each object of the household that it may name."""
    found = [rule.rule]
    for name, converter in rule._converters.items():
        kind = type(converter).__name__.removesuffix("Converter").lower()
        place = f"<{'int' if kind == 'integer' else 'string'}:{name}>"
        found = [
            each.replace(place, str(sample)).replace(f"<{name}>", str(sample))
            for each in found
            for sample in household.ids[name]
        ]
    return found


def test_every_argument_of_the_url_map_has_a_sample(app: Flask, household: Household) -> None:
    named = {name for rule, _ in routes_with_an_object(app) for name in rule.arguments}
    assert named - set(household.ids) == set()


def test_a_stranger_of_any_role_finds_nothing_and_changes_nothing(
    app: Flask, session: Session, household: Household, strangers: dict[Role, FlaskClient]
) -> None:
    tokens = {role: csrf_of(browser, "/account") for role, browser in strangers.items()}
    before = everything(session)
    wrong = []
    for rule, method in routes_with_an_object(app):
        for role, browser in strangers.items():
            if rule.endpoint.startswith(RIGHTFUL.get(role, "nothing at all")):
                continue
            for address in addresses(rule, household):
                answer = browser.open(address, method=method, headers=tokens[role])
                wrong += told(f"{role} {method} {address}", answer, NOT_HIS)
    assert wrong == []
    assert changed(before, everything(session)) == []


def test_nobody_finds_anything_without_signing_in(
    app: Flask, session: Session, household: Household, client: FlaskClient
) -> None:
    token = csrf_of(client, "/sign-in")
    before = everything(session)
    wrong = []
    for rule, method in routes_with_an_object(app):
        public = getattr(app.view_functions[rule.endpoint], "access", None) == PUBLIC
        for address in addresses(rule, household):
            answer = client.open(address, method=method, headers=token)
            allowed = {200, 303, 404, 422} if public else {303, 401}
            wrong += told(f"{method} {address}", answer, allowed)
            if not public and answer.status_code == 303:
                assert answer.location.startswith("/sign-in?next="), address
    assert wrong == []
    assert changed(before, everything(session)) == []


def test_an_object_that_a_form_names_is_not_found_either(
    session: Session,
    household: Household,
    strangers: dict[Role, FlaskClient],
    app: Flask,
) -> None:
    before = everything(session)
    wrong = []
    for endpoint, (field, others) in NAMED_IN_THE_FORM.items():
        [rule] = list(app.url_map.iter_rules(endpoint))
        for role, browser in strangers.items():
            sent = {field: str(household.assignment.id), **others}
            answer = browser.post(rule.rule, data=sent, headers=csrf_of(browser, "/account"))
            wrong += told(f"{role} {rule.rule}", answer, NOT_HIS)
    assert wrong == []
    assert changed(before, everything(session)) == []


def test_the_samples_are_real_for_their_owners(
    app: Flask,
    household: Household,
    world: World,
    signed_in: Callable[[Account], FlaskClient],
) -> None:
    """Else all of the above would be not found for a reason that proves nothing."""
    owners = [household.provider, household.recipient, household.worker, world.dev]
    browsers = {Role(owner.role): signed_in(owner) for owner in owners}
    unseen = []
    for rule, method in routes_with_an_object(app):
        permission = getattr(app.view_functions[rule.endpoint], "access", None)
        if method == "GET" and permission != PUBLIC:
            statuses = {
                browser.get(address).status_code
                for role, browser in browsers.items()
                if may(role, Permission(permission))
                for address in addresses(rule, household)
            }
            if not statuses & {200, 303}:
                unseen.append((rule.rule, statuses))
    assert unseen == []


def told(request: str, answer: TestResponse, allowed: set[int]) -> Iterator[str]:
    """What is wrong about an answer to a stranger: its status, or a value that it tells."""
    if answer.status_code not in allowed:
        yield f"{request} answered {answer.status_code}"
    heard = f"{answer.text} {answer.headers}"
    yield from (f"{request} tells {canary}" for canary in CANARIES if canary in heard)
