"""The first page, for whoever is looking."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

from flask.testing import FlaskClient
from sqlalchemy import event

from app import clock
from app.domain.visits import Location
from app.extensions import db
from app.models.accounts import Account
from app.services import notices, visits
from app.services.receipts import Submission
from factories import World

SignIn = Callable[[Account], FlaskClient]


def test_signed_out_there_is_a_link_to_sign_in_and_no_form(client: FlaskClient) -> None:
    page = client.get("/").text
    assert ">Sign in</a>" in page
    assert '<form method="post"' not in page.split("<template")[0]
    assert "data-phone-cards" in page


def test_each_role_has_a_first_page(world: World, signed_in: SignIn) -> None:
    assert "Ana" in signed_in(world.ana).get("/").text
    assert "Nothing waits for you" in signed_in(world.rosa).get("/").text
    assert signed_in(world.armen).get("/").status_code == 200
    assert signed_in(world.casey).get("/").location == "/county"
    assert signed_in(world.dev).get("/").location == "/desk"


def test_help_is_open_to_all(client: FlaskClient) -> None:
    assert "Is my place tracked?" in client.get("/help").text


def test_notices_are_new_once(session, world: World, signed_in: SignIn) -> None:
    notices.queue(session, [world.ana], "PASSKEY_ADDED", {"passkey": "Phone"}, at=clock.now())
    session.commit()
    ana = signed_in(world.ana)
    assert ">New</span>" in ana.get("/notices").text
    assert ">New</span>" not in ana.get("/notices").text


def test_the_home_of_a_provider_takes_as_many_statements_after_months_as_on_the_first_day(
    session, world: World, signed_in: SignIn
) -> None:
    at = clock.now() - timedelta(days=30)
    ana = signed_in(world.ana)

    def work_a_day(day: int) -> None:
        for verb, later in ((visits.check_in, 0), (visits.check_out, 4)):
            made_at = at + timedelta(days=day, hours=later)
            verb(
                session,
                world.ana_for_rosa,
                location=Location.HOME,
                submission=Submission(str(uuid4()), made_at, "hash", "phone"),
                by=world.ana,
                at=made_at,
            )

    def statements() -> int:
        seen: list[str] = []

        def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
            seen.append(statement)

        event.listen(db.engine, "before_cursor_execute", note)
        try:
            assert ana.get("/").status_code == 200
        finally:
            event.remove(db.engine, "before_cursor_execute", note)
        return len(seen)

    work_a_day(0)
    work_a_day(29)
    session.expunge_all()
    few = statements()
    for day in range(1, 28):
        work_a_day(day)
    session.expunge_all()
    assert statements() == few
