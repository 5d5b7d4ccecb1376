"""E-mails are made of three templates, for the reader, and without a request."""

from datetime import UTC, datetime

import pytest
from flask import Flask

from app.web import emails
from factories import World

TEN_PAST = datetime(2026, 11, 24, 20, 10, tzinfo=UTC)


def test_a_code_stands_in_the_subject_and_in_the_text(app: Flask, world: World) -> None:
    with app.app_context():
        letter = emails.compose(
            "SIGN_IN_CODE", {"code": "482913", "expires_at": TEN_PAST}, world.ana
        )

    assert letter.to == "ana@example.com"
    assert letter.subject == "Your code is 482913"
    assert "Hello Ana," in letter.text
    assert "482913" in letter.text
    assert "12:10" in letter.text
    assert letter.html is not None
    assert "482913" in letter.html
    assert "independent" in letter.html


@pytest.mark.parametrize(
    ("code", "facts"),
    [
        ("ACCOUNT_LOCKED", {}),
        ("PASSKEY_ADDED", {"passkey": "Ana <phone>"}),
        ("PASSKEY_REMOVED", {"passkey": "Ana <phone>"}),
    ],
)
def test_what_happens_to_an_account_is_told_with_a_way_on(
    app: Flask, world: World, code: str, facts: dict[str, str]
) -> None:
    with app.app_context():
        letter = emails.compose(code, facts, world.ana)
    assert "(888) 555-0142" in letter.text
    assert letter.html is not None
    assert "<phone>" not in letter.html
    if facts:
        assert "Ana <phone>" in letter.text
        assert "Ana &lt;phone&gt;" in letter.html


def test_a_line_break_in_a_name_stays_out_of_the_subject(app: Flask, world: World) -> None:
    with app.app_context():
        letter = emails.compose("SIGN_IN_CODE", {"code": "1\n2", "expires_at": TEN_PAST}, world.ana)
    assert "\n" not in letter.subject
