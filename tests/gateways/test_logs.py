"""Whatever is logged, by whomever, says nothing that is private."""

import logging

import pytest
from flask import Flask
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.gateways.logs import scrubbed
from app.models.accounts import Account
from factories import World


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("550 ana.flores+x@mail.example.com unknown", "550 [e-mail] unknown"),
        ("To +12135550142 is not valid", "To [phone] is not valid"),
        ("call (213) 555-0142 or 213-555-0142", "call [phone] or [phone]"),
        ("SSN 123-45-6789.", "SSN [number]."),
        ("GET /not-me/aB3dE-6gH9_jKlMn0pQrStUvWxYz12345678abcdefg", "GET /not-me/[ticket]"),
        ("DETAIL:  Key (username)=(ana) already exists.", "DETAIL: …"),
        ("DETAIL:  Failing row contains (1, Ana,\n1 Street).\n[SQL: x]", "DETAIL: …\n[SQL: x]"),
    ],
)
def test_what_is_private_is_taken_out(text: str, meant: str) -> None:
    assert scrubbed(text) == meant


@pytest.mark.parametrize(
    "text",
    [
        "jobs: mail did 12",
        "Payroll 2026-11-25: 3 payments, 98:00 hours, $1,924.72",
        "2026-11-24 09:54:47,123 WARNING mail is down: ConnectionRefusedError at localhost:1025",
        'File "app/services/case_import.py", line 120, in take',
        "in test_what_is_private_is_taken_out_of_every_line_and_nothing_else",
        "migration 0004 -> 0005",
    ],
)
def test_everything_else_stays(text: str) -> None:
    assert scrubbed(text) == text


def test_a_database_that_quotes_a_row_is_not_repeated(
    session: Session, world: World, caplog: pytest.LogCaptureFixture
) -> None:
    world.rosa.username = "ana"
    world.rosa.email = "rosa.canary@example.com"
    try:
        session.commit()
    except IntegrityError:
        logging.getLogger("somebody.else").exception("for %s", "rosa.canary@example.com")
    session.rollback()
    assert "IntegrityError" in caplog.text
    assert "for [e-mail]" in caplog.text
    for private in ("canary", "=(ana)", "'ana'"):
        assert private not in caplog.text


def test_no_statement_shows_its_parameters(session: Session, world: World) -> None:
    double = insert(Account).values(id=world.ana.id, username="canary", email_fingerprint="x")
    with pytest.raises(IntegrityError, match="hidden due to hide_parameters") as told:
        session.execute(double)
    session.rollback()
    assert "canary" not in scrubbed(str(told.value))


def test_a_line_that_cannot_be_made_is_written_all_the_same(
    app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    logging.getLogger("somebody.else").warning("%d letters", "ana@example.com")
    assert "%d letters" in caplog.text
    assert "ana@" not in caplog.text
