"""The first page, for whoever is looking."""

from collections.abc import Callable

from flask.testing import FlaskClient

from app import clock
from app.models.accounts import Account
from app.services import notices
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
    assert "Dev Patel" in signed_in(world.dev).get("/").text


def test_help_is_open_to_all(client: FlaskClient) -> None:
    assert "Is my place tracked?" in client.get("/help").text


def test_notices_are_new_once(session, world: World, signed_in: SignIn) -> None:
    notices.queue(session, [world.ana], "PASSKEY_ADDED", {"passkey": "Phone"}, at=clock.now())
    session.commit()
    ana = signed_in(world.ana)
    assert ">New</span>" in ana.get("/notices").text
    assert ">New</span>" not in ana.get("/notices").text
