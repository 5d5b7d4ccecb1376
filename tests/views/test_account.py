"""One's own account at a glance: what is set, who signs for whom, and who else looked."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.models.accounts import Account
from app.services import audit
from factories import World
from forms_in_pages import post_form

NOON = datetime(2026, 11, 24, 20, tzinfo=UTC)


def test_everything_that_is_set_stands_on_one_page_with_a_way_to_change_it(
    world: World, signed_in: Callable[[Account], FlaskClient]
) -> None:
    page = signed_in(world.ana).get("/account").text
    for words in ("ana@example.com", "Only your county can change them."):
        assert words in page
    for address in (
        "email", "phone", "address", "notices", "language", "passkeys", "password", "app",
        "recovery-kit", "devices", "looks", "leave-phone",
    ):  # fmt: skip
        assert f'href="/account/{address}"' in page, address


@pytest.mark.parametrize("name", ["rosa", "armen", "casey", "dev"])
def test_every_role_has_the_page(
    world: World, signed_in: Callable[[Account], FlaskClient], name: str
) -> None:
    assert signed_in(getattr(world, name)).get("/account").status_code == 200


class TestLanguage:
    def test_it_is_chosen_in_its_own_words(
        self, world: World, session: Session, signed_in: Callable[[Account], FlaskClient]
    ) -> None:
        ana = signed_in(world.ana)
        assert "Español" in ana.get("/account/language").text
        changed = post_form(ana, "/account/language", {"language": "es"}, "Save")
        assert changed.location == "/account"
        session.refresh(world.ana.person)
        assert world.ana.person.language == "es"

    def test_one_that_we_do_not_have_is_refused(
        self, world: World, signed_in: Callable[[Account], FlaskClient]
    ) -> None:
        ana = signed_in(world.ana)
        refused = post_form(ana, "/account/language", {"language": "tlh"}, "Save")
        assert refused.status_code == 422


class TestSignatories:
    def test_a_recipient_sees_who_signs_for_her(
        self, world: World, signed_in: Callable[[Account], FlaskClient]
    ) -> None:
        page = signed_in(world.nune).get("/account/signatories").text
        assert "Armen Petrosyan" in page
        assert "Since January 1, 2025." in page
        assert "Nobody signs for you." in signed_in(world.rosa).get("/account/signatories").text

    def test_a_signatory_sees_for_whom_on_every_page(
        self, world: World, signed_in: Callable[[Account], FlaskClient]
    ) -> None:
        armen = signed_in(world.armen)
        assert "Nune Petrosyan" in armen.get("/account/signatories").text
        for page in ("/", "/approvals", "/notices", "/account", "/help", "/account/email"):
            assert "You act for Nune Petrosyan." in armen.get(page).text, page
        assert "You act for" not in signed_in(world.nune).get("/").text


class TestWhoLooked:
    def test_looks_and_acts_of_others_stand_there_in_words_with_their_reason(
        self, world: World, session: Session, signed_in: Callable[[Account], FlaskClient]
    ) -> None:
        subject = f"account:{world.ana.id}"
        audit.record(session, "account:look", subject, by=world.dev, at=NOON)
        facts = {"reason": "She called and knew her number."}
        audit.record(session, "account:unlock", subject, by=world.dev, at=NOON, facts=facts)
        person = f"person:{world.ana.person_id}"
        audit.record(session, "person:look", person, by=world.dev, at=NOON)
        audit.record(session, "account:some_new_act", subject, by=world.casey, at=NOON)
        audit.record(session, "account:look", f"account:{world.rosa.id}", by=world.dev, at=NOON)
        audit.record(session, "sign_in:passkey", subject, by=world.ana, at=NOON)
        session.commit()

        page = signed_in(world.ana).get("/account/looks").text

        assert page.count("Dev Patel, service desk") == 3
        assert "Looked up who you are." in page
        assert "Looked at your account." in page
        assert "Unlocked your password." in page
        assert "Why: She called and knew her number." in page
        assert "Casey Morgan, county worker" in page
        assert "Did something with your account." in page
        assert page.count("<time ") == 4

    def test_when_nobody_did_it_says_so(
        self, world: World, signed_in: Callable[[Account], FlaskClient]
    ) -> None:
        assert "Nobody but you" in signed_in(world.rosa).get("/account/looks").text
