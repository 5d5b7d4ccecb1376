"""What keeps an account safe is changed only by somebody who proved herself just now.

Each route by which somebody changes something of her own account stands in one of two tables. A new
one fails here until somebody has thought about it, and so does a route whose address speaks of what
opens an account or of where pay goes.
"""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from time_machine import Traveller
from werkzeug.routing import Rule

from app.domain.permissions import Permission
from app.models.accounts import Account
from app.web.access import PUBLIC
from factories import World
from sign_in_steps import csrf_of

MINUTE = timedelta(minutes=1)

ASKS = {
    # contact
    "contacts.change_email", "contacts.change_phone", "contacts.remove_phone",
    "contacts.change_address", "contacts.change_telling",
    # password and factors
    "factors.password", "factors.app", "factors.remove_app", "factors.kit",
    "passkeys.new", "passkeys.options", "passkeys.add", "passkeys.remove",
}  # fmt: skip
ASKS_NOT = {
    "contacts.confirm_email": "it was asked for by somebody who had proved herself, and a code came back",
    "contacts.confirm_phone": "it was asked for by somebody who had proved herself, and a code came back",
    "passkeys.rename": "a name opens and closes nothing",
    "account.language": "a language opens and closes nothing",
    "devices.forget": "it only closes: somebody in distress must not be stopped",
    "devices.end_session": "it only closes",
    "devices.end_others": "it only closes",
    "devices.leave_phone": "it only closes",
    "devices.enroll": "its key signs check-ins and reads nothing; the device proved itself by a code",
    "sign_in.resume": "it only throws away what was typed",
    "sign_in.extend": "it only says that somebody is there",
    "step_up.password": "it is the proof itself",
    "step_up.passkey_options": "it is the proof itself",
    "step_up.passkey": "it is the proof itself",
    "step_up.code": "it is the proof itself",
    "step_up.send_code": "it is the proof itself",
}
TELLING = re.compile(
    r"account|password|passkey|factor|kit|email|phone|contact|bank|deposit|signator|question"
)
OF_OTHERS = ("service_desk.", "help_requests.")  # staff, who act for a reason and never alone


def changing(app: Flask) -> Iterator[Rule]:
    """Every route that takes a form or JSON of somebody who is signed in."""
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        access = getattr(view, "access", PUBLIC)
        tells = TELLING.search(rule.rule) and not rule.endpoint.startswith(OF_OTHERS)
        is_own = access == Permission.MANAGE_OWN_ACCOUNT or (tells and access != PUBLIC)
        if "POST" in (rule.methods or set()) and is_own:
            yield rule


def test_every_route_that_changes_ones_account_stands_in_one_table(app: Flask) -> None:
    assert not ASKS & set(ASKS_NOT)
    assert {rule.endpoint for rule in changing(app)} == ASKS | set(ASKS_NOT)


def test_every_route_says_beside_its_url_what_the_table_says(app: Flask) -> None:
    asking = {
        endpoint
        for endpoint, view in app.view_functions.items()
        if getattr(view, "asks_to_step_up", False)
    }
    assert asking == ASKS


def test_none_of_them_goes_on_two_minutes_after_the_last_proof(
    app: Flask, world: World, signed_in: Callable[[Account], FlaskClient], noon: Traveller
) -> None:
    client = signed_in(world.ana)
    token = csrf_of(client, "/account")
    noon.shift(2 * MINUTE)
    for rule in changing(app):
        if rule.endpoint in ASKS:
            address = re.sub(r"<int:\w+>", "999999", rule.rule)
            answer = client.post(address, headers=token)
            assert answer.status_code == 303, rule.rule
            assert answer.location.startswith("/step-up?next="), rule.rule
            told = client.post(address, json={}, headers=token)
            assert told.status_code == 403, rule.rule
            assert told.json is not None
            assert told.json["error"] == "step_up", rule.rule


@pytest.mark.parametrize("seconds", [0, 119])
def test_until_then_they_do(
    world: World, signed_in: Callable[[Account], FlaskClient], noon: Traveller, seconds: int
) -> None:
    client = signed_in(world.ana)
    noon.shift(timedelta(seconds=seconds))
    assert client.get("/account/password").status_code == 200
