"""Every answer of every route carries the promises of web/headers.py, whoever asks and whatever becomes of it.

The crawl goes by the URL map, so a new route is in it by itself. It runs as a portal runs that is reached
under https, where cookies are bound to the host.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from http.cookies import SimpleCookie
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.routing import AnyConverter, BaseConverter
from werkzeug.test import TestResponse

from app import clock, create_app
from app.extensions import db
from app.models.accounts import Account
from app.models.engine import begin_for_writing
from app.services import sessions
from app.web import headers
from conftest import Browser, settings_for
from factories import build_world
from forms_in_pages import post_form
from sign_in_steps import GOOD

ADDRESS = "https://portal.example"
A_YEAR = 60 * 60 * 24 * 365
LONGEST_COOKIE = 4096  # bytes of name and value that every browser keeps
SAMPLES = {"IntegerConverter": 1, "UnicodeConverter": "sample", "PathConverter": "sample.js"}
MAY_BE_KEPT = {"static", "pwa.service_worker", "pwa.worker_module", "pwa.manifest"}
DOCUMENT_POLICY = {
    "object-src": "'none'",
    "base-uri": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "form-action": "'self'",
    "connect-src": "'self'",
    "require-trusted-types-for": "'script'",
    "trusted-types": "default",
}
DOCUMENT_HEADERS = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=()",
}
NOBODY = ""
VISITORS = (NOBODY, "ana", "rosa", "armen", "casey", "dev")


class Visitor(Browser):
    """Somebody's browser, which reaches the portal under https."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        kwargs.setdefault("base_url", ADDRESS)
        kwargs.setdefault("headers", {}).setdefault("Referer", f"{ADDRESS}/")
        return super().open(*args, **kwargs)


@pytest.fixture(scope="module")
def portal(
    new_database: Callable[[], str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Flask]:
    """A portal under https, with the people whom every test knows."""
    settings = settings_for(new_database(), tmp_path_factory.mktemp("instance"))
    app = create_app(replace(settings, public_url=ADDRESS))
    app.test_client_class = Visitor
    begin_for_writing()
    with app.app_context():
        build_world(db.session)
    yield app
    with app.app_context():
        db.engine.dispose()


def visitor(portal: Flask, username: str = NOBODY) -> FlaskClient:
    """A browser of somebody who is signed in, or of nobody."""
    client = portal.test_client()
    if username == NOBODY:
        return client
    begin_for_writing()
    with portal.app_context():
        account = db.session.scalars(select(Account).where(Account.username == username)).one()
        token = sessions.start(
            db.session, account, method="passkey", device_id=None, at=clock.now()
        )
        db.session.commit()
    with client.session_transaction(base_url=ADDRESS) as cookie:
        cookie.update({"_user_id": token, "_fresh": True})
    return client


def sample(converter: BaseConverter) -> int | str:
    if isinstance(converter, AnyConverter):
        return min(converter.items)
    return SAMPLES[type(converter).__name__]


def crawl(portal: Flask, client: FlaskClient) -> Iterator[tuple[str, str, TestResponse]]:
    """The endpoint, the request in words and the answer, for each route and method that it takes."""
    adapter = portal.url_map.bind("portal.example", url_scheme="https")
    for rule in portal.url_map.iter_rules():
        values = {
            name: "0" * 12 if name == "fingerprint" else sample(converter)
            for name, converter in rule._converters.items()
        }
        address = adapter.build(rule.endpoint, values, force_external=False)
        for method in sorted({*(rule.methods or ()), "GET", "POST"} - {"HEAD"}):
            answer = client.open(address, method=method)
            yield rule.endpoint, f"{method} {address}", answer


@pytest.mark.parametrize("username", VISITORS)
def test_every_answer_to_everybody_keeps_every_promise(portal: Flask, username: str) -> None:
    broken = [
        f"{request}: {promise}"
        for endpoint, request, answer in crawl(portal, visitor(portal, username))
        for promise in broken_promises(endpoint, answer)
    ]
    assert broken == []


@pytest.mark.parametrize("address", ["/no-such-page", "/static/none.css", "/visits/x", "/%00"])
def test_an_address_that_is_none_keeps_them_too(portal: Flask, address: str) -> None:
    answer = visitor(portal, "ana").get(address)
    assert answer.status_code == 404
    assert list(broken_promises("no route", answer)) == []


def test_an_error_keeps_them_too(portal: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise RuntimeError("broken on purpose")

    monkeypatch.setitem(portal.view_functions, "home.help", fail)
    monkeypatch.setitem(portal.config, "TESTING", False)
    answer = visitor(portal).get("/help")
    assert answer.status_code == 500
    assert list(broken_promises("home.help", answer)) == []


def broken_promises(endpoint: str, answer: TestResponse) -> Iterator[str]:
    """What an answer lacks, a sentence each."""
    yield from _broken_for_all(answer)
    if answer.mimetype == "text/html":
        yield from _broken_for_documents(answer)
    keeps = answer.headers.get("Cache-Control", "")
    if "no-store" not in keeps and endpoint not in MAY_BE_KEPT:
        yield f"may be kept by a cache: {keeps!r}"
    yield from _broken_cookies(answer)


def _broken_for_all(answer: TestResponse) -> Iterator[str]:
    policy = directives(answer)
    if policy.get("default-src") != "'none'" or policy.get("frame-ancestors") != "'none'":
        yield f"lets something in by default: {policy}"
    if "unsafe" in str(policy) or "*" in str(policy):
        yield f"lets too much in: {policy}"
    transport = answer.headers.get("Strict-Transport-Security", "max-age=0")
    if int(transport.split(";")[0].removeprefix("max-age=")) < A_YEAR:
        yield f"does not bind to https for a year: {transport}"
    if "includeSubDomains" not in transport:
        yield "does not bind subdomains to https"
    if answer.headers.get("X-Content-Type-Options") != "nosniff":
        yield "may be taken for another type"
    if answer.headers.get("Cross-Origin-Resource-Policy") != "same-origin":
        yield "may be embedded by strangers"
    if [name for name, _ in answer.headers if name.startswith("Access-Control")]:
        yield "opens itself to other origins"


def _broken_for_documents(answer: TestResponse) -> Iterator[str]:
    policy = directives(answer)
    for name, wanted in DOCUMENT_POLICY.items():
        if policy.get(name) != wanted:
            yield f"{name} is {policy.get(name)}"
    for name, wanted in DOCUMENT_HEADERS.items():
        if wanted not in answer.headers.get(name, ""):
            yield f"{name} is {answer.headers.get(name)}"


def _broken_cookies(answer: TestResponse) -> Iterator[str]:
    for line in answer.headers.getlist("Set-Cookie"):
        [(name, cookie)] = SimpleCookie(line).items()
        if not (name.startswith("__Host-") and cookie["secure"] and cookie["path"] == "/"):
            yield f"{name} is not bound to the host"
        if cookie["domain"] or not cookie["httponly"] or cookie["samesite"] != "Lax":
            yield f"{name} can be had by others"
        if len(name) + len(cookie.value) > LONGEST_COOKIE:
            yield f"{name} is too long to be kept"


def directives(answer: TestResponse) -> dict[str, str]:
    """The content security policy of an answer, directive by directive."""
    policy = answer.headers.get("Content-Security-Policy", "")
    parts = (directive.strip().partition(" ") for directive in policy.split(";"))
    return {name: value for name, _, value in parts}


def test_signing_in_sets_two_cookies_that_are_bound_to_the_host(portal: Flask) -> None:
    client = visitor(portal)
    answer = post_form(client, "/sign-in", GOOD, "Sign in")
    assert answer.location == "/sign-in/code"
    assert broken_promises_of_cookies(answer) == {"__Host-session"}


def test_signing_out_clears_the_http_cache_and_nothing_else(portal: Flask) -> None:
    """“storage” would wipe the outbox and the device's key, “cookies” the cookie of the device."""
    client = visitor(portal, "ana")
    answer = post_form(client, "/account", button="Sign out")
    assert answer.headers["Clear-Site-Data"] == '"cache"'
    assert client.get("/account").location == "/sign-in?next=/account"


def broken_promises_of_cookies(answer: TestResponse) -> set[str]:
    assert list(_broken_cookies(answer)) == []
    return {line.split("=", 1)[0] for line in answer.headers.getlist("Set-Cookie")}


def test_a_page_of_the_portal_under_http_has_no_promise_of_https(client: FlaskClient) -> None:
    """At home, under http://localhost, a promise of https would lock the browser out for two years."""
    answer = client.get("/sign-in")
    assert "Strict-Transport-Security" not in answer.headers
    assert answer.headers["Content-Security-Policy"] == headers.CONTENT_SECURITY_POLICY
