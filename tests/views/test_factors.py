"""Password, authenticator app and recovery kit of one's own account."""

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.gateways import authenticator_apps, passwords
from app.models.accounts import Account
from app.models.factors import AuthenticatorApp, RecoveryCode
from app.models.messages import QueuedEmail
from factories import World
from forms_in_pages import post_form, send_form
from sign_in_steps import is_signed_in

LONG = "seven quiet herons at dusk"
CODE = re.compile(r"(?:[0-9A-Z]{4}-){3}[0-9A-Z]{4}")


@pytest.fixture
def ana(world: World, signed_in: Callable[[Account], FlaskClient]) -> FlaskClient:
    return signed_in(world.ana)


def told(session: Session) -> list[str]:
    return [letter.code for letter in session.scalars(select(QueuedEmail).order_by(QueuedEmail.id))]


class TestPassword:
    def test_a_new_one_counts_and_everybody_else_is_signed_out(
        self,
        ana: FlaskClient,
        world: World,
        session: Session,
        signed_in: Callable[[Account], FlaskClient],
    ) -> None:
        elsewhere = signed_in(world.ana)
        changed = post_form(ana, "/account/password", {"new_password": LONG}, "Save")
        assert changed.location == "/account"
        session.refresh(world.ana)
        assert passwords.verify(world.ana.password_hash, LONG)
        assert is_signed_in(ana)
        assert not is_signed_in(elsewhere)
        assert told(session) == ["PASSWORD_CHANGED"]

    @pytest.mark.parametrize(
        ("typed", "words"),
        [
            ("", "Enter a new password."),
            ("short", "It needs 15 or more."),
            ("passwordpassword", "easy to guess"),
            ("x" * 900, "It may have 200 at most."),
            ("y" * 1001, "too long"),
        ],
    )
    def test_one_that_is_no_good_is_refused_with_the_reason_and_not_shown(
        self, ana: FlaskClient, typed: str, words: str
    ) -> None:
        refused = post_form(ana, "/account/password", {"new_password": typed}, "Save")
        assert refused.status_code == 422
        assert words in refused.text
        assert f'value="{typed}"' not in refused.text

    def test_ten_megabytes_are_not_even_read(self, ana: FlaskClient) -> None:
        page = ana.get("/account/password")
        huge = send_form(ana, page, {"new_password": "z" * 10_000_000}, "Save")
        assert huge.status_code == 413


class TestAuthenticatorApp:
    def secret(self, session: Session) -> str:
        return session.scalars(select(AuthenticatorApp)).one().secret

    def test_it_is_scanned_or_typed_and_counts_after_its_first_code(
        self, ana: FlaskClient, session: Session
    ) -> None:
        page = ana.get("/account/app")
        secret = self.secret(session)
        assert " ".join(re.findall("....", secret)) in page.text
        assert '<path class="qr-code__squares"' in page.text
        assert secret not in ana.get("/account").text

        wrong = send_form(ana, page, {"code": "abc"}, "Continue")
        assert wrong.status_code == 422
        assert self.secret(session) == secret  # the phone need not scan again
        code = authenticator_apps.code_at(secret, clock.now())
        added = send_form(ana, page, {"code": f"{code[:3]} {code[3:]}"}, "Continue")

        assert added.location == "/account"
        assert ana.get("/account/app").location == "/account/app/remove"
        assert told(session) == ["APP_ADDED"]

    def test_it_is_removed_after_a_question(self, ana: FlaskClient, session: Session) -> None:
        assert ana.get("/account/app/remove").location == "/account"
        page = ana.get("/account/app")
        code = authenticator_apps.code_at(self.secret(session), clock.now())
        send_form(ana, page, {"code": code}, "Continue")

        removed = post_form(ana, "/account/app/remove", button="Remove the app")

        assert removed.location == "/account"
        assert session.scalars(select(AuthenticatorApp)).all() == []
        assert told(session) == ["APP_ADDED", "APP_REMOVED"]


class TestRecoveryKit:
    def test_its_codes_are_shown_once_and_kept_as_hashes_only(
        self, ana: FlaskClient, session: Session
    ) -> None:
        made = post_form(ana, "/account/recovery-kit", button="Make a kit")
        codes = CODE.findall(made.text)
        assert len(set(codes)) == 10
        assert made.headers["Cache-Control"] == "no-store"
        kept = {row.code_hash for row in session.scalars(select(RecoveryCode))}
        assert len(kept) == 10
        assert not any(code in row for code in codes for row in kept)
        assert CODE.search(ana.get("/account/recovery-kit").text) is None
        assert "10 codes are left" in ana.get("/account").text

    def test_a_new_kit_takes_the_place_of_the_old_one(
        self, ana: FlaskClient, session: Session
    ) -> None:
        first = CODE.findall(post_form(ana, "/account/recovery-kit", button="Make a kit").text)
        second = CODE.findall(post_form(ana, "/account/recovery-kit", button="Make a kit").text)
        assert not set(first) & set(second)
        assert len(session.scalars(select(RecoveryCode)).all()) == 10
        assert told(session) == ["KIT_MADE", "KIT_MADE"]
