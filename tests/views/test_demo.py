"""The demo's mailbox can be read by people and by programs, and no production portal has one."""

from dataclasses import replace
from pathlib import Path
from re import findall

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import config, create_app
from app.gateways.messaging import Email, MailboxMailer
from factories import World
from sign_in_steps import ask_for_code, newest_code


def test_the_mailbox_shows_the_newest_first_and_leads_to_each_letter(
    app: Flask, world: World, client: FlaskClient
) -> None:
    MailboxMailer(app.extensions["settings"].mailbox, "x@example.com").send(
        Email("rosa@example.com", "An <older> letter", "Hello <b>Rosa</b>\n")
    )
    ask_for_code(client, "ana")

    page = client.get("/demo/mailbox").text
    newest, older = findall(r'href="(/demo/mailbox/[^"]+)"', page)

    assert page.index("ana@example.com") < page.index("rosa@example.com")
    assert "An &lt;older&gt; letter" in page
    assert newest_code(app) in client.get(newest).text
    assert "Hello &lt;b&gt;Rosa&lt;/b&gt;" in client.get(older).text


def test_an_empty_mailbox_says_so(client: FlaskClient) -> None:
    assert "There is no mail yet." in client.get("/demo/mailbox").text


@pytest.mark.parametrize("name", ["no.eml", "..", "20261124120000000000-00000000.eml"])
def test_a_letter_that_is_none_is_not_found(client: FlaskClient, name: str) -> None:
    assert client.get(f"/demo/mailbox/{name}").status_code == 404


def test_the_components_are_shown(client: FlaskClient) -> None:
    assert client.get("/demo/components").status_code == 200


def test_a_production_portal_shows_no_mail(app: Flask, tmp_path: Path) -> None:
    settings = replace(
        app.extensions["settings"],
        environment="production",
        database_url=f"sqlite:///{tmp_path / 'none.db'}",
    )
    assert isinstance(settings, config.Settings)
    rules = {rule.rule for rule in create_app(settings).url_map.iter_rules()}
    assert not [rule for rule in rules if rule.startswith("/demo")]
