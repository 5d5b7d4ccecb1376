"""The page of places on record: in plain words, for whoever made the tap and for whom it was made."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.domain.positions import Fix
from app.domain.visits import Location
from app.models.accounts import Account
from app.services import audit, locations, visits
from app.services.receipts import FROM_PHONE, Submission
from factories import ROSAS_HOME, World

NOW = datetime(2026, 3, 2, 20, tzinfo=UTC)
SignIn = Callable[[Account], FlaskClient]


@pytest.fixture(autouse=True)
def clock() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def check_in(session: Session, world: World, at: datetime = NOW) -> int:
    """Ana checks in at Rosa's, about three miles off; answers the visit."""
    receipt = visits.check_in(
        session,
        world.ana_for_rosa,
        location=Location.HOME,
        submission=Submission(str(uuid4()), at, "hash", FROM_PHONE),
        by=world.ana,
        at=at,
        position=Fix(ROSAS_HOME[0] + 0.045, ROSAS_HOME[1], 12.0),
    )
    assert receipt.visit_id
    return receipt.visit_id


def test_a_provider_reads_what_it_was_for_what_it_said_and_when_it_goes(
    session: Session, world: World, signed_in: SignIn
) -> None:
    visit = check_in(session, world)
    audit.record(
        session, "location:look", f"visit:{visit}", by=world.casey, at=NOW + timedelta(hours=1)
    )
    session.commit()
    page = signed_in(world.ana).get("/locations").text
    for words in (
        "Check-in for Rosa Delgado", "March 2, 2026, 12:00 PM", "About 3 miles from home.",
        "34.10720, -118.30900, to within 40 feet", "county worker, on March 2, 2026",
        "It will be deleted on June 30, 2026.", f"/visits/{visit}",
    ):  # fmt: skip
        assert words in page


def test_a_recipient_reads_what_it_said_and_no_coordinates(
    session: Session, world: World, signed_in: SignIn
) -> None:
    check_in(session, world)
    page = signed_in(world.rosa).get("/locations").text
    assert "Check-in of Ana Flores" in page
    assert "About 3 miles from home." in page
    assert "Nobody." in page
    assert "34.1" not in page
    assert "118.3" not in page


def test_deleted_places_say_so(session: Session, world: World, signed_in: SignIn) -> None:
    check_in(session, world)
    locations.delete_old(session, at=NOW + timedelta(days=121))
    page = signed_in(world.ana).get("/locations").text
    assert "It was deleted on July 1, 2026. Only what it said is kept." in page
    assert "34.1" not in page


def test_without_any_the_page_says_that(world: World, signed_in: SignIn) -> None:
    for account in (world.ana, world.rosa, world.armen):
        assert "No place is on record." in signed_in(account).get("/locations").text


def test_many_come_a_page_at_a_time(session: Session, world: World, signed_in: SignIn) -> None:
    for number in range(11):
        check_in(session, world, NOW - timedelta(minutes=number))
    ana = signed_in(world.ana)
    first, second = ana.get("/locations").text, ana.get("/locations?page=2").text
    assert first.count("Check-in for Rosa Delgado") == 10
    assert second.count("Check-in for Rosa Delgado") == 1
    assert "/locations?page=2" in first
    assert ana.get("/locations?page=99999999999999").status_code == 200


def test_the_account_page_leads_there_for_whoever_has_places(
    world: World, signed_in: SignIn
) -> None:
    assert 'href="/locations"' in signed_in(world.ana).get("/account").text
    assert 'href="/locations"' in signed_in(world.rosa).get("/account").text
    assert 'href="/locations"' not in signed_in(world.casey).get("/account").text
