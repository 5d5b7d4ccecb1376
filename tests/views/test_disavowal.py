"""The link for “this was not me”: looking does nothing, the button freezes, and every door says so."""

from collections.abc import Callable
from datetime import timedelta
from re import search

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from time_machine import Traveller

from app import clock
from app.gateways import messaging
from app.gateways.messaging import mailer_for
from app.gateways.texting import texter_for
from app.models.accounts import Account
from app.services import factors, outgoing, passkeys
from app.web import emails, signing_in, texts
from factories import World
from forms_in_pages import post_form
from sign_in_steps import csrf_of
from soft_authenticator import SoftAuthenticator

NEW = "seven quiet herons by the canal"
BUTTON = "Close my account for now"


def link_in_the_letter(app: Flask, session: Session, account: Account) -> str:
    """Change the password, and take the link from the letter that tells of it."""
    factors.set_password(session, account, NEW, by=account, at=clock.now())
    settings = app.extensions["settings"]
    outgoing.send_due(session, emails.compose, mailer_for(settings), at=clock.now())
    outgoing.send_texts_due(session, texts.compose, texter_for(settings), at=clock.now())
    return link_in(messaging.letters(settings.mailbox)[-1].text)


def link_in(text: str) -> str:
    found = search(r"http://localhost(/not-me/[\w-]+)", text)
    assert found
    return found[1]


def test_looking_does_nothing_and_the_button_closes_every_door(
    app: Flask,
    world: World,
    session: Session,
    client: FlaskClient,
    signed_in: Callable[[Account], FlaskClient],
) -> None:
    link = link_in_the_letter(app, session, world.ana)
    thief = signed_in(world.ana)

    assert "Was this not you?" in client.get(link).text
    assert thief.get("/account").status_code == 200

    done = post_form(client, link, button=BUTTON)

    assert (done.status_code, done.location) == (303, link)
    assert "Your account is closed for now" in client.get(link).text
    assert thief.get("/account").location == "/sign-in?next=/account"
    assert world.ana.frozen_at is not None


def test_the_text_has_a_link_too_and_is_short(
    app: Flask, world: World, session: Session, client: FlaskClient
) -> None:
    world.ana.phone, world.ana.phone_confirmed_at = "+12135550142", clock.now()
    session.commit()
    link_in_the_letter(app, session, world.ana)
    letters = messaging.letters(app.extensions["settings"].mailbox)
    (text,) = [each.text for each in letters if each.subject == "Text message"]
    assert text.startswith("CareHours: Your password was changed.")
    assert len(text) < 160
    assert client.get(link_in(text)).status_code == 200


def test_a_passkey_does_not_open_a_frozen_account(
    app: Flask, world: World, session: Session, client: FlaskClient
) -> None:
    key = SoftAuthenticator()
    with app.test_request_context():
        party, secrets = signing_in.party(), signing_in.secrets()
    options = passkeys.begin_enrolment(
        session, party=party, secrets=secrets, by=world.ana, at=clock.now()
    )
    passkeys.enrol(
        session, key.register(options), "My phone",
        party=party, secrets=secrets, session_id=0, by=world.ana, at=clock.now(),
    )  # fmt: skip
    world.ana.frozen_at = clock.now()
    session.commit()

    token = csrf_of(client, "/sign-in")
    asked = client.post("/sign-in/passkey/options", headers=token, json={}).json
    answer = client.post(
        "/sign-in/passkey", headers=token, json={"credential": key.sign_in(asked or {})}
    )

    assert answer.status_code == 422
    assert "This account is closed for now" in (answer.json or {})["message"]
    assert client.get("/account").status_code == 303


def test_a_made_up_link_is_not_found_and_an_old_one_says_so(
    app: Flask, world: World, session: Session, client: FlaskClient, noon: Traveller
) -> None:
    link = link_in_the_letter(app, session, world.ana)
    assert client.get(link[:-1]).status_code == 404
    noon.shift(timedelta(days=10))
    old = client.get(link)
    assert old.status_code == 422
    assert "This link is too old." in old.text
