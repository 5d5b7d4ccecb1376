"""The demo's newcomers: what their letters say is on file, so anybody can try registering as them."""

from datetime import UTC, datetime

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.cli import demo_newcomers, demo_people
from app.domain.identity import Claim
from app.domain.permissions import Role
from app.gateways.secrets import Secrets
from app.models.accounts import Account
from app.models.people import Person
from app.services import registration

NOON = datetime(2026, 11, 24, 20, tzinfo=UTC)
SECRETS = Secrets("a key of thirty-two characters...")
NEWCOMERS = demo_people.personas()["newcomers"]


@pytest.mark.parametrize("entry", NEWCOMERS, ids=lambda entry: entry["role"])
def test_what_the_demo_tells_of_a_newcomer_is_on_file(
    session: Session, entry: demo_newcomers.Table
) -> None:
    demo_people.load(session, demo_people.personas(), at=NOON)

    claim = Claim(
        entry["first_name"], entry["last_name"], entry["date_of_birth"], entry["ssn_last4"]
    )
    assert registration.begin(
        session, Role(entry["role"]), entry["number"], claim,
        address="203.0.113.7", secrets=SECRETS, at=NOON,
    )  # fmt: skip


def test_newcomers_have_no_account_yet(session: Session) -> None:
    demo_people.load(session, demo_people.personas(), at=NOON)

    names = [entry["first_name"] for entry in NEWCOMERS]
    having = select(func.count()).select_from(Account).join(Account.person)
    assert session.scalar(having.where(Person.first_name.in_(names))) == 0


def test_the_demo_shows_what_their_letters_say(client: FlaskClient) -> None:
    page = client.get("/demo/newcomers").text

    for entry in NEWCOMERS:
        for told in (entry["first_name"], entry["number"], entry["ssn_last4"]):
            assert told in page
