"""A receipt number opens what it was given for, to whom it belongs; its file is genuine until it is changed."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.positions import Fix
from app.domain.visits import Location
from app.gateways.receipt_keys import check
from app.models.accounts import Account
from app.models.visits import VisitEvent
from app.services import visits
from app.services.receipts import FROM_PHONE, Submission
from app.web import receipt_files
from factories import ROSAS_HOME, World
from sheets import FIRST_HALF, THE_SIXTEENTH, fill_in, sign

AT = datetime(2026, 3, 2, 16, 2, 0, 250_000, tzinfo=UTC)
SignIn = Callable[[Account], FlaskClient]


@pytest.fixture
def event(session: Session, world: World) -> VisitEvent:
    """Ana's check-in at Rosa's, with where she was."""
    visits.check_in(
        session,
        world.ana_for_rosa,
        location=Location.HOME,
        submission=Submission(
            "7d1f0c52-4a88-4b6f-9d0a-3f5a5c1b2e01", AT, "hash", FROM_PHONE,
            anchored_at=AT - timedelta(minutes=4),
        ),
        by=world.ana,
        at=AT + timedelta(seconds=3),
        position=Fix(*ROSAS_HOME, 12.0),
    )  # fmt: skip
    return session.scalars(select(VisitEvent)).one()


def opened(app: Flask, client: FlaskClient, number: str) -> dict[str, Any]:
    """The content of the file, as whoever has the public keys reads it."""
    answer = client.get(f"/receipts/{number}/receipt.json")
    assert answer.headers["Content-Disposition"] == f'attachment; filename="receipt-{number}.json"'
    published = client.get("/receipts/keys.json").json
    assert published
    return check(answer.data, published["keys"])


def test_a_check_in_is_told_in_words_and_proved_by_a_file(
    app: Flask, event: VisitEvent, world: World, signed_in: SignIn
) -> None:
    ana = signed_in(world.ana)
    page = ana.get(f"/receipts/{event.receipt}").text
    for words in ("Check-in", "Rosa", "A. F.", "March 2, 2026, 8:02 AM", "7:58 AM", "At home"):
        assert words in page
    content = opened(app, ana, event.receipt)
    assert content["counts_at"] == content["made_at"] == "2026-03-02T16:02:00.250Z"
    assert content["received_at"] == "2026-03-02T16:02:03.250Z"
    assert content["not_before"] == "2026-03-02T15:58:00.250Z"
    assert (content["event"], content["content_hash"]) == (event.submission_id, event.content_hash)


def test_a_receipt_names_people_no_more_than_it_must_and_tells_no_coordinates(
    app: Flask, event: VisitEvent, world: World, signed_in: SignIn
) -> None:
    ana = signed_in(world.ana)
    for address in (f"/receipts/{event.receipt}/receipt.json", f"/receipts/{event.receipt}"):
        told = ana.get(address).text.partition("<main")[2] or ana.get(address).text
        for private in ("Flores", "Delgado", str(ROSAS_HOME[0]), str(ROSAS_HOME[1])):
            assert private not in told


def test_a_timesheet_is_proved_to_its_provider_and_to_whoever_signs_next(
    app: Flask, session: Session, world: World, signed_in: SignIn
) -> None:
    sheet = fill_in(session, world.ana_for_rosa, {2: 4, 3: 2}, by=world.ana)
    version = sign(session, sheet, by=world.ana, at=THE_SIXTEENTH)
    for account in (world.ana, world.rosa):
        content = opened(app, signed_in(account), version.receipt)
        assert (content["minutes"], content["starts_on"]) == (360, FIRST_HALF.isoformat())
        assert content["content_hash"] == version.content_hash
        assert [day["minutes"] for day in content["days"] if day["minutes"]] == [240, 120]
    assert "6 hours" in signed_in(world.rosa).get(f"/receipts/{version.receipt}").text


def test_a_check_in_is_no_business_of_the_recipients(
    event: VisitEvent, world: World, signed_in: SignIn
) -> None:
    for account in (world.rosa, world.armen):
        assert signed_in(account).get(f"/receipts/{event.receipt}").status_code == 404


def test_a_number_that_nobody_was_given_is_not_found(world: World, signed_in: SignIn) -> None:
    for number in ("R-0000-0000", "x", "R-7F3K-9QXD%00", "ñ"):
        assert signed_in(world.ana).get(f"/receipts/{number}").status_code == 404


def test_anybody_may_check_a_receipt_without_signing_in(app: Flask, client: FlaskClient) -> None:
    page = client.get("/receipts/check")
    assert page.status_code == 200
    with app.test_request_context():
        [key] = receipt_files.keys().published
    assert key["kid"] in page.text
    assert key["kid"] in client.get("/offline/shell").text


def test_the_numbers_on_pages_lead_to_their_receipts(
    event: VisitEvent, world: World, signed_in: SignIn
) -> None:
    page = signed_in(world.ana).get(f"/visits/{event.visit_id}").text
    assert f'href="/receipts/{event.receipt}"' in page


def test_the_file_is_plain_json_that_people_can_read(
    event: VisitEvent, world: World, signed_in: SignIn
) -> None:
    text = signed_in(world.ana).get(f"/receipts/{event.receipt}/receipt.json").text
    assert json.loads(text)["receipt"]["recipient"] == "Rosa"
    assert len(text.splitlines()) > 20


def test_whoever_signs_next_finds_the_receipt_on_the_timesheet(
    session: Session, world: World, signed_in: SignIn
) -> None:
    sheet = fill_in(session, world.ana_for_rosa, {2: 4}, by=world.ana)
    version = sign(session, sheet, by=world.ana, at=THE_SIXTEENTH)
    page = signed_in(world.rosa).get(f"/approvals/{sheet.id}").text
    assert f'href="/receipts/{version.receipt}"' in page
