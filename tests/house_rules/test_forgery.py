"""A strange page that makes somebody's browser send a request to us achieves nothing (ASVS V3.5).

Forms need the token of their session. The one address that takes none, for a queue outlives it, asks the
browser where the request comes from (test_pwa.py).
"""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.routing import AnyConverter, BaseConverter, Rule

from all_rows import changed, everything
from app.models.accounts import Account
from factories import World
from quillfeathers import Household, move_in

QUEUE = "pwa.events"
# The secret of an app is made to be scanned, and counts for nothing before its first right code.
MADE_TO_BE_SHOWN = {"authenticator_app"}
FROM_A_STRANGE_PAGE = {
    "Origin": "https://elsewhere.example",
    "Referer": "https://elsewhere.example/",
    "Sec-Fetch-Site": "cross-site",
}
REFUSED = {303, 400, 401, 403, 404}


@pytest.fixture
def household(session: Session, world: World) -> Household:
    return move_in(session)


@pytest.fixture
def owners(
    household: Household, world: World, signed_in: Callable[[Account], FlaskClient]
) -> list[FlaskClient]:
    """The people whose objects the addresses name, each signed in."""
    people = (household.provider, household.recipient, household.worker, world.dev)
    return [signed_in(account) for account in people]


def addresses(app: Flask, household: Household, method: str) -> Iterator[tuple[Rule, str]]:
    """Every route that takes the method, with the first sample of each argument."""
    adapter = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        if method in (rule.methods or ()) and rule.endpoint != "static":
            values = {
                name: household.ids[name][0] if name in household.ids else a_word(converter)
                for name, converter in rule._converters.items()
            }
            yield rule, adapter.build(rule.endpoint, values)


def a_word(converter: BaseConverter) -> str:
    """What an address may have in a place that names nothing of anybody's."""
    return min(converter.items) if isinstance(converter, AnyConverter) else "sample.js"


def test_no_form_is_taken_without_a_token_of_its_session(
    app: Flask, session: Session, household: Household, owners: list[FlaskClient]
) -> None:
    before = everything(session)
    taken = []
    for rule, address in addresses(app, household, "POST"):
        if rule.endpoint == QUEUE:
            continue
        for owner in owners:
            for sent in ({"data": {"reason": "forged", "csrf_token": "forged"}}, {"json": {}}):
                answer = owner.post(address, headers=FROM_A_STRANGE_PAGE, **sent)
                if answer.status_code not in REFUSED:
                    taken.append((address, answer.status_code))
    assert taken == []
    assert changed(before, everything(session)) == []
    assert [owner.get("/account").status_code for owner in owners] == [200] * len(owners)


def test_looking_changes_nothing(
    app: Flask, session: Session, household: Household, owners: list[FlaskClient]
) -> None:
    before = everything(session)
    for _, address in addresses(app, household, "GET"):
        for owner in owners:
            owner.get(address)
    found = changed(before, everything(session))
    assert [row for row in found if row[0] not in MADE_TO_BE_SHOWN] == []
