"""The passkeys of one's own account: added, named and removed by their owner, and by nobody else."""

from collections.abc import Callable

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models.accounts import Account, Passkey
from app.models.messages import Notice
from factories import World
from forms_in_pages import find_form, post_form
from sign_in_steps import csrf_of, is_signed_in, sign_in_fully
from soft_authenticator import SoftAuthenticator

PAGE = "/account/passkeys"


def add_passkey(client: FlaskClient, name: str = "My phone") -> None:
    token = csrf_of(client, PAGE)
    options = client.post(f"{PAGE}/options", json={}, headers=token).json
    answer = {"credential": SoftAuthenticator().register(options), "name": name}
    assert client.post(PAGE, json=answer, headers=token).json == {"location": PAGE}


def test_a_new_account_has_none_and_can_add_several(
    app: Flask, world: World, client: FlaskClient
) -> None:
    sign_in_fully(app, client)
    assert "You have no passkey yet." in client.get(PAGE).text
    add_passkey(client, "Ana\N{RIGHT SINGLE QUOTATION MARK}s <phone>")
    add_passkey(client, "Key ring")
    page = client.get(PAGE).text
    assert "Ana’s &lt;phone&gt;" in page
    assert "Key ring" in page
    assert "was added" in page
    assert "2 passkeys" in client.get("/account").text


def test_the_page_that_makes_one_asks_for_its_name(world: World, app: Flask, client: FlaskClient) -> None:  # fmt: skip
    sign_in_fully(app, client)
    form = find_form(client.get(f"{PAGE}/new").text, {"name": ""})
    assert form.action == f"{PAGE}/new"
    assert dict(form.values)["name"] == "My phone"


def test_one_is_named_anew_and_opens_as_before(
    app: Flask, world: World, client: FlaskClient, session: Session
) -> None:
    sign_in_fully(app, client)
    add_passkey(client)
    (kept,) = session.scalars(select(Passkey)).all()
    renamed = post_form(client, f"{PAGE}/{kept.id}/name", {"name": "Old phone"}, "Save")
    assert renamed.location == PAGE
    assert "Old phone" in client.get(PAGE).text
    nameless = post_form(client, f"{PAGE}/{kept.id}/name", {"name": ""}, "Save")
    assert nameless.status_code == 422


def test_one_is_removed_after_a_question_and_all_others_are_signed_out(
    app: Flask,
    world: World,
    client: FlaskClient,
    session: Session,
    signed_in: Callable[[Account], FlaskClient],
) -> None:
    sign_in_fully(app, client)
    add_passkey(client)
    elsewhere = signed_in(world.ana)
    (kept,) = session.scalars(select(Passkey)).all()
    removed = post_form(client, f"{PAGE}/{kept.id}/remove", button="Remove the passkey")
    assert removed.location == PAGE
    assert "You have no passkey yet." in client.get(PAGE).text
    assert not is_signed_in(elsewhere)
    told = [notice.code for notice in session.scalars(select(Notice).order_by(Notice.id))]
    assert told == ["PASSKEY_ADDED", "PASSKEY_REMOVED"]


def test_that_of_somebody_else_is_not_found(
    app: Flask,
    world: World,
    client: FlaskClient,
    session: Session,
    signed_in: Callable[[Account], FlaskClient],
) -> None:
    sign_in_fully(app, client)
    add_passkey(client)
    (kept,) = session.scalars(select(Passkey)).all()
    rosa = signed_in(world.rosa)
    token = csrf_of(rosa, PAGE)
    for act in ("name", "remove"):
        assert rosa.get(f"{PAGE}/{kept.id}/{act}").status_code == 404
        assert rosa.post(f"{PAGE}/{kept.id}/{act}", headers=token).status_code == 404


def test_one_of_an_impossible_kind_is_refused_in_words(
    app: Flask, world: World, client: FlaskClient
) -> None:
    sign_in_fully(app, client)
    token = csrf_of(client, PAGE)
    refused = client.post(PAGE, json={"credential": {"id": 7}}, headers=token)
    assert refused.status_code == 422
    assert refused.json is not None
    assert "did not work" in refused.json["message"]
    assert client.post(PAGE, json=[1], headers=token).status_code == 400
