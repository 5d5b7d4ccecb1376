"""Casey sees how her county's visits do, what the State does not have yet, and has it sent once more."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models.accounts import Account
from app.models.aggregator import AggregatorRecord
from app.models.audit import AuditEvent
from app.models.people import County
from app.services import evv_figures
from factories import World
from forms_in_pages import post_form
from sheets import Statements

SignIn = Callable[[Account], FlaskClient]
AT = datetime(2026, 11, 24, 20, tzinfo=UTC)
URL = "/county/visits/figures"


@pytest.fixture(autouse=True)
def told(app: Flask, noon: object, monkeypatch: pytest.MonkeyPatch) -> None:
    """A portal that has an aggregator."""
    settings = replace(app.extensions["settings"], aggregator_url="https://aggregator.example")
    monkeypatch.setitem(app.extensions, "settings", settings)


def add(
    session: Session,
    world: World,
    on: date,
    state: str,
    county: County | None = None,
    **more: object,
) -> AggregatorRecord:
    """A visit's record in a state."""
    record = AggregatorRecord(
        kind="visit", assignment_id=world.ana_for_rosa.id, worked_on=on, state=state, sequence=1,
        rejections=0, county_id=(county or world.los_angeles).id, fingerprint="x", looked_at=AT,
        **({"has_manual_edit": False, "is_cancelled": False} | more),
    )  # fmt: skip
    session.add(record)
    session.commit()
    return record


def rejected(session: Session, world: World) -> AggregatorRecord:
    reasons = [{"code": "FORMAT", "number": "-101", "field": "CallType"}]
    return add(session, world, date(2026, 11, 2), "rejected", reasons=reasons)


def test_figures_count_what_was_tapped_and_what_was_taken(session: Session, world: World) -> None:
    for day in range(1, 8):
        add(session, world, date(2026, 11, day), "accepted", has_manual_edit=day < 3)
    add(session, world, date(2026, 11, 8), "sent")
    add(session, world, date(2026, 11, 9), "waiting")
    add(session, world, date(2026, 11, 10), "incomplete", missing=["END"])
    add(session, world, date(2026, 11, 11), "accepted", is_cancelled=True)
    add(session, world, date(2026, 10, 31), "rejected")
    add(session, world, date(2025, 1, 1), "accepted")
    add(session, world, date(2026, 11, 1), "accepted", world.fresno)

    with Statements(session) as statements:
        november, october = evv_figures.by_month(
            session, world.los_angeles.id, since=date(2026, 1, 1)
        )
    assert len(statements.sent) == 1
    assert (november.month, november.visits, november.accepted) == (date(2026, 11, 1), 10, 7)
    assert (november.as_tapped_percent, november.accepted_percent) == (80, 70)
    assert (november.waiting, november.rejected, november.incomplete) == (2, 0, 1)
    assert (october.visits, october.rejected) == (1, 1)


def test_the_page_shows_the_figures_and_what_is_stuck_with_its_reason(
    session: Session, world: World, signed_in: SignIn
) -> None:
    add(session, world, date(2026, 11, 1), "accepted")
    rejected(session, world)
    add(session, world, date(2026, 11, 3), "incomplete", missing=["END"])
    page = signed_in(world.casey).get(URL).text
    assert "November 2026" in page
    assert "33% (1)" in page
    assert "The collector cannot read one field. CallType -101" in page
    assert "The time it ended is missing." in page
    assert "Visit on Monday, November 2" in page
    assert page.count("Send again<") == 1


def test_a_person_who_was_not_taken_is_named_to_her_county(
    session: Session, world: World, signed_in: SignIn
) -> None:
    rosa = world.ana_for_rosa
    for kind, of in (
        ("client", {"case_id": rosa.case_id, "county_id": world.los_angeles.id}),
        ("employee", {"provider_id": rosa.provider_id}),
    ):
        session.add(
            AggregatorRecord(
                kind=kind, state="rejected", sequence=1, rejections=1, looked_at=AT, **of,
                reasons=[{"code": "FORMAT", "number": "-101", "field": ""}],
            )
        )  # fmt: skip
    session.commit()
    page = signed_in(world.casey).get(URL).text
    assert "Recipient’s record" in page
    assert "Provider’s record" in page
    assert "Rosa Delgado" in page
    assert "Ana Flores" in page
    assert [each.record.kind for each in evv_figures.stuck(session, world.fresno.id, limit=9)] == []


def test_what_is_set_right_is_sent_once_more(
    session: Session, world: World, signed_in: SignIn
) -> None:
    record = rejected(session, world)
    answer = post_form(signed_in(world.casey), URL, {}, "Send again")
    assert answer.status_code == 303
    session.refresh(record)
    assert record.fingerprint is None
    acts = session.scalars(select(AuditEvent.subject).where(AuditEvent.action == "evv:send_again"))
    assert acts.all() == [f"evv_record:{record.id}"]


def test_a_look_is_on_record(session: Session, world: World, signed_in: SignIn) -> None:
    record = rejected(session, world)
    signed_in(world.casey).get(URL)
    (facts,) = session.scalars(
        select(AuditEvent.facts).where(AuditEvent.action == "visits:figures")
    )
    assert facts == {"records": [record.id]}


def test_where_nobody_is_told_the_page_says_so(
    app: Flask, world: World, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = replace(app.extensions["settings"], aggregator_url="")
    monkeypatch.setitem(app.extensions, "settings", settings)
    assert "does not send visits" in signed_in(world.casey).get(URL).text
