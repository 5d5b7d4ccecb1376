"""The demo: the same people on any day, each with something to see, and never in production."""

from base64 import b64encode
from datetime import date, datetime
from os import urandom
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app import config, create_app
from app.cli import demo_history, demo_people
from app.cli.demo_people import People
from app.domain.periods import LOS_ANGELES, PayPeriod
from app.models.cases import active_assignments_of
from app.models.payments import payments_of
from app.models.timesheets import Timesheet, timesheets_of
from app.models.visits import open_visits_of
from app.services import approvals, audit, timesheets


def local(*moment: int) -> datetime:
    return datetime(*moment, tzinfo=LOS_ANGELES)  # type: ignore[misc, arg-type]


DAYS = (
    local(2026, 11, 24, 9, 30),
    local(2026, 12, 1, 0, 5),  # a half month that is five minutes old
    local(2027, 1, 16, 6),
    local(2027, 3, 14, 4),  # the night the clocks went forward
    local(2028, 2, 29, 23, 50),
)


@pytest.fixture(params=DAYS, ids=str)
def now(request: pytest.FixtureRequest) -> datetime:
    moment: datetime = request.param
    return moment


@pytest.fixture
def people(session: Session, now: datetime, tmp_path: Path) -> People:
    table = demo_people.personas()
    people = demo_people.load(session, table, at=now)
    demo_history.tell(session, people, table, now=now, folder=tmp_path)
    return people


def sheets(session: Session, people: People, provider: str) -> dict[tuple[str, date], Timesheet]:
    """A provider's sheets by recipient's first name and first day."""
    number = timesheets.provider_of(session, people.accounts[provider]).id
    return {
        (sheet.assignment.recipient.person.first_name, sheet.period_starts_on): sheet
        for sheet in session.scalars(timesheets_of(number)).unique()
    }


def test_everybody_has_something_to_see_on_any_day(
    session: Session, people: People, now: datetime
) -> None:
    present = PayPeriod.of(now.date())
    anas, marias = sheets(session, people, "ana"), sheets(session, people, "maria")
    cases = approvals.cases_of(session, people.accounts["rosa"], now.date())
    waiting = approvals.waiting_for(session, cases)
    ana = timesheets.provider_of(session, people.accounts["ana"]).id

    assert [each.period for each in waiting] == [present.previous]
    assert anas["Rosa", present.starts_on].status == "draft"
    assert anas["Rosa", present.previous.previous.starts_on].payment_status == "payment_issued"
    assert [sheet.status for sheet in anas.values()].count("on_hold") == 1
    assert marias["Nune", present.previous.starts_on].payment_status == "waiting_for_payment"
    assert len(session.scalars(payments_of(ana)).unique().all()) >= 2

    # Nobody has worked today yet, and every act is on record.
    assert session.scalars(open_visits_of(ana)).all() == []
    for sheet in [*anas.values(), *marias.values()]:
        assert all(entry.on < now.date() for entry in sheet.entries if entry.minutes)
    for account in people.accounts.values():
        assert audit.broken_links(session, audit.chain_of(account)) == []


def test_hours_and_homes_are_those_that_other_programs_rely_on(session: Session) -> None:
    now = DAYS[0]
    people = demo_people.load(session, demo_people.personas(), at=now)
    ana = timesheets.provider_of(session, people.accounts["ana"]).id
    found = {
        each.recipient.person.first_name: (
            each.assigned_minutes / 60,
            each.recipient.home,
            each.recipient.county.name,
        )
        for each in session.scalars(active_assignments_of(ana, now.date())).unique()
    }
    assert found == {
        "Rosa": (195, (34.0622, -118.3090), "Los Angeles"),
        "Walter": (120, (34.0935, -118.2910), "Los Angeles"),
    }


def demo_app(folder: Path) -> Flask:
    return create_app(
        config.from_environment({"PORTAL_ENV": "demo", "PORTAL_INSTANCE": str(folder)})
    )


def test_loading_makes_the_database_and_says_who_can_sign_in(tmp_path: Path) -> None:
    told = demo_app(tmp_path).test_cli_runner().invoke(args=["demo", "load"])

    assert told.exit_code == 0, told.output
    assert "correct horse battery staple" in told.output
    for username in ("ana", "rosa", "walter", "maria", "nune", "armen", "casey", "dev"):
        assert f"  {username} " in told.output


def test_loading_again_keeps_what_happened_since(tmp_path: Path) -> None:
    run = demo_app(tmp_path).test_cli_runner()
    run.invoke(args=["demo", "load"])
    before = (tmp_path / "demo.db").stat().st_mtime_ns
    again = run.invoke(args=["demo", "load"])

    assert again.exit_code == 0, again.output
    assert (tmp_path / "demo.db").stat().st_mtime_ns == before


def test_a_reset_makes_place_for_a_fresh_demo(tmp_path: Path) -> None:
    run = demo_app(tmp_path).test_cli_runner()
    run.invoke(args=["demo", "load"])
    (tmp_path / "aggregator").mkdir()
    reset = run.invoke(args=["demo", "reset"])

    assert reset.exit_code == 0, reset.output
    assert not list(tmp_path.glob("demo.db*"))
    assert not (tmp_path / "aggregator").exists()


def test_production_refuses_people_with_a_public_password(tmp_path: Path) -> None:
    app = create_app(
        config.from_environment(
            {
                "PORTAL_ENV": "production",
                "PORTAL_INSTANCE": str(tmp_path),
                "PORTAL_SECRET_KEY": "a key of their own, and long enough",
                "PORTAL_PUBLIC_URL": "https://hours.example",
                "PORTAL_SMTP_URL": "smtp://mail.example",
                "PORTAL_SEALING_KEYS": f"1:{b64encode(urandom(32)).decode()}",
                "PORTAL_FINGERPRINT_KEY": b64encode(urandom(32)).decode(),
            }
        )
    )
    for command in ("load", "reset"):
        told = app.test_cli_runner().invoke(args=["demo", command])
        assert told.exit_code == 1
        assert "not in production" in told.output
