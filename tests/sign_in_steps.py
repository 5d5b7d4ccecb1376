"""The steps of signing in, as a person takes them in her browser."""

from re import search

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.gateways import messaging
from factories import PASSWORD
from forms_in_pages import post_form

GOOD = {"username": "ana", "password": PASSWORD}


def newest_code(app: Flask) -> str:
    letter = messaging.letters(app.extensions["settings"].mailbox)[0]
    found = search(r"\b\d{6}\b", letter.text)
    assert found
    return found[0]


def press_sign_in(
    client: FlaskClient, typed: dict[str, str], page: str = "/sign-in"
) -> TestResponse:
    return post_form(client, page, typed, "Sign in")


def ask_for_code(client: FlaskClient, name: str) -> TestResponse:
    return post_form(client, "/sign-in", {"username": name, "password": ""}, "Send me a code")


def enter_code(client: FlaskClient, code: str) -> TestResponse:
    return post_form(client, "/sign-in/code", {"code": code}, "Continue")


def is_signed_in(client: FlaskClient) -> bool:
    return client.get("/account").status_code == 200


def sign_in_fully(app: Flask, client: FlaskClient) -> None:
    press_sign_in(client, GOOD)
    assert enter_code(client, newest_code(app)).status_code == 303
    assert is_signed_in(client)


def sign_out(client: FlaskClient) -> TestResponse:
    return post_form(client, "/account", button="Sign out")


def csrf_of(client: FlaskClient, page: str) -> dict[str, str]:
    """The token of a page, as its scripts send it."""
    found = search(r'<meta name="csrf-token" content="([^"]+)"', client.get(page).text)
    assert found
    return {"X-CSRFToken": found[1]}
