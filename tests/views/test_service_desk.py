"""Dev finds who calls, sees why she cannot get in, helps her, and leaves a trace of it."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app import clock
from app.extensions import db
from app.gateways import messaging
from app.models.accounts import Account, OneTimeCode
from app.models.audit import AuditEvent
from app.models.factors import (
    AuthenticatorApp,
    ContactChange,
    Disavowal,
    RecoveryCode,
    SecurityAnswer,
)
from app.models.people import Person, Provider
from app.models.registrations import Registration
from app.services import alarms, audit, email_corrections
from factories import World
from forms_in_pages import post_form, send_form
from sign_in_steps import csrf_of

SignIn = Callable[[Account], FlaskClient]
REASON = "She called, and I know her voice."
LINK = re.compile(r"http://localhost(/new-email/[\w-]+)")


@pytest.fixture
def dev(world: World, signed_in: SignIn) -> FlaskClient:
    return signed_in(world.dev)


@pytest.fixture
def noor(world: World, signed_in: SignIn) -> FlaskClient:
    return signed_in(world.noor)


@pytest.fixture
def locked(session: Session, world: World) -> Account:
    world.ana.failures_in_a_row, world.ana.locked_at = 5, clock.now()
    session.commit()
    return world.ana


def look_for(client: FlaskClient, sought: str) -> TestResponse:
    return post_form(client, "/desk", {"sought": sought}, "Find")


def page_of(account: Account) -> str:
    return f"/desk/accounts/{account.id}"


def records(session: Session, account: Account) -> list[tuple[str, str, dict[str, Any]]]:
    rows = session.execute(
        select(AuditEvent.action, AuditEvent.subject, AuditEvent.facts)
        .where(AuditEvent.chain == audit.chain_of(account))
        .order_by(AuditEvent.sequence)
    )
    return [(action, subject, facts) for action, subject, facts in rows]


# Finding


def test_the_first_page_of_an_agent_is_the_search_box(dev: FlaskClient) -> None:
    assert dev.get("/").location == "/desk"
    page = dev.get("/desk").text
    assert "E-mail, name, number or username" in page
    assert "Nothing waits." in page


@pytest.mark.parametrize("sought", ["ana flores", "100000001", "ana", "ana@example.com"])
def test_who_can_be_only_one_is_shown_at_once(world: World, dev: FlaskClient, sought: str) -> None:
    assert look_for(dev, sought).location == page_of(world.ana)


def test_htmx_is_sent_there_too(world: World, dev: FlaskClient) -> None:
    headers = {"HX-Request": "true"} | csrf_of(dev, "/desk")
    answer = dev.post("/desk", data={"sought": "ana flores"}, headers=headers)
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, page_of(world.ana))


def test_namesakes_are_listed_with_what_tells_them_apart(world: World, dev: FlaskClient) -> None:
    page = look_for(dev, "Petrosyan").text
    assert "3 found" in page
    for words in (
        "Maria Petrosyan",
        "100000002",
        "Fresno",
        "nune",
        "signatory",
        "Registered (ESP)",
    ):
        assert words in page


def test_nothing_of_a_search_stands_in_an_address(dev: FlaskClient) -> None:
    answer = look_for(dev, "Petrosyan")
    assert answer.request.full_path.rstrip("?") == "/desk"
    assert 'method="post"' in answer.text


def test_nobody_found_says_what_to_try(dev: FlaskClient) -> None:
    assert "Nobody was found" in look_for(dev, "Nobody of this name").text


def test_a_search_for_nearly_nothing_is_refused_and_kept(dev: FlaskClient) -> None:
    answer = look_for(dev, "a")
    assert answer.status_code == 422
    assert "Type at least 2 letters, or a whole number." in answer.text
    assert 'value="a"' in answer.text


def test_somebody_without_an_account_is_shown_as_not_registered(
    session: Session, world: World, dev: FlaskClient
) -> None:
    luz = Person(first_name="Luz", last_name="Ortega")
    session.add(Provider(number="200000001", person=luz))
    session.flush()
    begun = Registration(
        ticket_hash="hash", role="provider", person_id=luz.id, answers={},
        started_at=clock.now(), expires_at=clock.now() + timedelta(days=1),
    )  # fmt: skip
    session.add(begun)
    session.commit()
    address = look_for(dev, "luz ortega").location
    assert address == f"/desk/people/{luz.id}"
    page = dev.get(address).text
    assert "Not registered" in page
    assert "The e-mail address is not confirmed yet." in page
    assert records(session, world.dev)[-1][:2] == ("person:look", f"person:{luz.id}")


# Seeing


def test_the_page_says_who_it_is_and_why_she_cannot_sign_in(
    world: World, dev: FlaskClient, locked: Account
) -> None:
    page = dev.get(page_of(locked)).text
    for words in (
        "Ana Flores", "100000001", "Los Angeles", "1974", "a•••@example.com",
        "There were too many wrong passwords. The password is locked until",
        "5 wrong passwords in a row.", "Unlock the password",
    ):  # fmt: skip
        assert words in page, words


def test_a_page_without_trouble_says_so_and_offers_no_unlocking(
    world: World, dev: FlaskClient
) -> None:
    page = dev.get(page_of(world.rosa)).text
    assert "Nothing stops this person from signing in." in page
    assert "Unlock the password" not in page
    assert "Open the account again" not in page


def test_a_frozen_account_says_since_when_and_after_which_message(
    session: Session, world: World, dev: FlaskClient
) -> None:
    ana, at = world.ana, datetime(2026, 11, 20, 18, 30, tzinfo=UTC)
    alarms.tell_of_change(session, ana, "PASSKEY_ADDED", {"passkey": "Strange phone"}, at=at)
    ana.frozen_at = ana.disputed_at = at
    session.add(
        Disavowal(
            account_id=ana.id, token_hash="hash", about="PASSKEY_ADDED", made_at=at,
            changed_at=at, expires_at=at, used_at=at,
        )
    )  # fmt: skip
    session.commit()
    page = dev.get(page_of(ana)).text
    assert "The account is frozen since Friday, November 20, 10:30 AM." in page
    assert "The passkey “Strange phone” was added." in page
    assert "Open the account again" in page


def test_what_happened_lately_is_told_with_its_reasons(
    session: Session, world: World, dev: FlaskClient, noor: FlaskClient, locked: Account
) -> None:
    audit.record(session, "account:lock", f"account:{locked.id}", by=locked, at=clock.now())
    session.commit()
    post_form(noor, page_of(locked), {"reason": "Calls back at five."}, "Save as a note")
    page = dev.get(page_of(locked)).text
    for words in (
        "Too many wrong passwords: locked",
        "Wrote a note",
        "Noor Haddad",
        "Calls back at five.",
    ):
        assert words in page


def test_no_secret_and_no_full_birthday_is_on_any_page_of_the_desk(
    session: Session, world: World, dev: FlaskClient, locked: Account
) -> None:
    ana, at = locked, clock.now()
    ana.person.ssn_last4, ana.person.cin_last4 = "7391", "846X"
    ana.person.date_of_birth = date(1974, 5, 17)
    ana.phone, ana.phone_confirmed_at = "+12135550142", at
    ana.mailing_address = "77 Canary Lane"
    session.add_all(
        [
            SecurityAnswer(account_id=ana.id, question="FIRST_PET", answer_hash="answer-canary"),
            RecoveryCode(account_id=ana.id, code_hash="kit-canary", made_at=at),
            AuthenticatorApp(
                account_id=ana.id, secret="APPCANARY", created_at=at, confirmed_at=at
            ),
            OneTimeCode(
                account_id=ana.id, purpose="sign_in", from_known_device=False,
                ticket_hash="ticket-canary", code_hash="code-canary", issued_at=at, expires_at=at,
            ),
        ]
    )  # fmt: skip
    email_corrections.ask(session, ana, "new@example.com", reason=REASON, by=world.noor, at=at)
    change = session.scalars(select(ContactChange)).one()
    pages = [
        dev.get("/desk"),
        look_for(dev, "flores"),
        look_for(dev, "petrosyan"),
        dev.get(page_of(ana)),
        dev.get(f"{page_of(ana)}/email"),
        dev.get(f"/desk/people/{ana.person_id}"),
        dev.get(f"/desk/email-changes/{change.id}"),
    ]
    never = (
        "7391", "846X", "1974-05-17", "May 17", "05/17", "canary", "CANARY", "FIRST_PET",
        "+12135550142", "555-0142", "5550142", "ana@example.com", ana.password_hash or "hash",
    )  # fmt: skip
    for page in pages:
        said = page.text.replace("(888) 555-0142", "")  # the desk's own number
        assert [canary for canary in never if canary in said] == [], page.request.path


# Helping


def test_a_locked_person_is_unlocked_for_a_reason(
    session: Session, world: World, dev: FlaskClient, locked: Account
) -> None:
    answer = post_form(dev, page_of(locked), {"reason": REASON}, "Unlock the password")
    assert answer.location == page_of(locked)
    assert "The password is unlocked. The owner is told." in dev.get(page_of(locked)).text
    session.refresh(locked)
    assert locked.failures_in_a_row == 0


@pytest.mark.parametrize(
    "button", ["Unlock the password", "Send a link to get back in", "Save as a note"]
)
def test_without_a_reason_nothing_is_done(
    session: Session, dev: FlaskClient, locked: Account, button: str
) -> None:
    answer = post_form(dev, page_of(locked), {"reason": " "}, button)
    assert answer.status_code == 422
    assert "Write why you do this." in answer.text
    session.refresh(locked)
    assert locked.failures_in_a_row == 5


def test_what_was_typed_stays_when_it_is_refused(dev: FlaskClient, locked: Account) -> None:
    long = "She called. " * 50
    answer = post_form(dev, page_of(locked), {"reason": long}, "Unlock the password")
    assert answer.status_code == 422
    assert long.strip() in answer.text


def test_a_link_to_get_back_in_goes_to_the_address_on_file(
    app: Flask, session: Session, world: World, dev: FlaskClient
) -> None:
    answer = post_form(dev, page_of(world.ana), {"reason": REASON}, "Send a link to get back in")
    assert answer.status_code == 303
    letter = messaging.letters(app.extensions["settings"].mailbox)[0]
    assert letter.to == "ana@example.com"
    action, subject, facts = records(session, world.dev)[-1]
    assert (action, subject) == ("recovery:send_link", f"account:{world.ana.id}")
    assert facts["reason"] == REASON
    link = re.search(r"http://localhost(/\S+)", letter.text)
    assert link is not None
    assert link[1] not in dev.get(page_of(world.ana)).text


def test_a_frozen_account_is_opened_again(session: Session, world: World, dev: FlaskClient) -> None:
    world.ana.frozen_at = clock.now()
    session.commit()
    post_form(dev, page_of(world.ana), {"reason": REASON}, "Open the account again")
    session.refresh(world.ana)
    assert world.ana.frozen_at is None


def test_an_agent_has_no_buttons_on_her_own_account(world: World, dev: FlaskClient) -> None:
    page = dev.get(page_of(world.dev))
    assert "This is your own account. Another agent must help you." in page.text
    token = csrf_of(dev, "/desk")
    answer = dev.post(f"{page_of(world.dev)}/note", data={"reason": REASON}, headers=token)
    assert answer.status_code == 422


def test_two_agents_and_the_owner_correct_an_address(
    app: Flask,
    session: Session,
    world: World,
    dev: FlaskClient,
    noor: FlaskClient,
    client: FlaskClient,
) -> None:
    asked = {"email": "Ana.Flores@example.com", "reason": "Two letters were swapped."}
    answer = post_form(dev, f"{page_of(world.ana)}/email", asked, "Ask a second agent")
    assert answer.location == page_of(world.ana)
    assert "A new e-mail address waits for a second agent." in dev.get(page_of(world.ana)).text

    listed = re.search(r'href="(/desk/email-changes/\d+)"', noor.get("/desk").text)
    assert listed is not None
    assert "Another agent must agree." in dev.get(listed[1]).text
    assert "ana.flores@example.com" in noor.get(listed[1]).text
    agreed = post_form(noor, listed[1], {"reason": "I heard her too."}, "I agree")
    assert agreed.location == "/desk"

    letter = messaging.letters(app.extensions["settings"].mailbox)[0]
    assert letter.to == "ana.flores@example.com"
    assert "Ana" not in letter.text
    link = LINK.search(letter.text)
    assert link is not None
    page = client.get(link[1])
    assert "a•••s@example.com" in page.text
    assert "Your e-mail address is changed" in send_form(client, page).text
    session.refresh(world.ana)
    assert world.ana.email == "ana.flores@example.com"
    gone = client.get(link[1])
    assert gone.status_code == 404
    assert "This link does not work" in gone.text


def test_a_wrong_address_is_refused_beside_its_field(world: World, dev: FlaskClient) -> None:
    typed = {"email": "rosa@example.com", "reason": REASON}
    answer = post_form(dev, f"{page_of(world.ana)}/email", typed, "Ask a second agent")
    assert answer.status_code == 422
    assert "Another account has this address." in answer.text
    assert REASON in answer.text


def test_a_correction_can_be_refused_or_taken_back(
    session: Session, world: World, dev: FlaskClient, noor: FlaskClient
) -> None:
    for client, button in ((dev, "Take it back"), (noor, "Refuse")):
        email_corrections.ask(
            session, world.ana, "new@example.com", reason=REASON, by=world.dev, at=clock.now()
        )
        (waiting,) = email_corrections.waiting(session, at=clock.now())
        address = f"/desk/email-changes/{waiting.change.id}"
        assert post_form(client, address, {"reason": "Not sure."}, button).status_code == 303
        assert client.get(address).status_code == 404


class MailDown:
    def send(self, _email: object) -> None:
        raise messaging.SendingFailed("ConnectionRefusedError")


def test_when_mail_is_down_the_agent_hears_it_and_nothing_is_half_done(
    session: Session,
    world: World,
    dev: FlaskClient,
    noor: FlaskClient,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for module in ("sending_links", "correcting"):
        monkeypatch.setattr(f"app.web.{module}.mailer_for", lambda _settings: MailDown())
    answer = post_form(dev, page_of(world.ana), {"reason": REASON}, "Send a link to get back in")
    assert answer.status_code == 422
    assert "We cannot send e-mail just now." in answer.text

    email_corrections.ask(
        session, world.ana, "new@example.com", reason=REASON, by=world.dev, at=clock.now()
    )
    (waiting,) = email_corrections.waiting(session, at=clock.now())
    address = f"/desk/email-changes/{waiting.change.id}"
    answer = post_form(noor, address, {"reason": REASON}, "I agree")
    assert answer.status_code == 422
    assert "We cannot send e-mail just now." in answer.text
    assert len(email_corrections.waiting(session, at=clock.now())) == 1


# The trace


def test_every_look_is_on_record_under_the_account(
    session: Session, world: World, dev: FlaskClient
) -> None:
    dev.get(page_of(world.ana))
    dev.get(f"{page_of(world.ana)}/email")
    look_for(dev, "petrosyan")
    look = ("account:look", f"account:{world.ana.id}", {"what": "look"})
    listed = sorted([world.armen.id, world.maria.id, world.nune.id])
    found = records(session, world.dev)
    assert found[:2] == [look, look]
    assert found[2][:2] == ("desk:find", "desk")
    assert sorted(found[2][2]["accounts"]) == listed
    assert "petrosyan" not in str(found)
    assert audit.broken_links(session, audit.chain_of(world.dev)) == []


def test_the_owner_reads_who_looked_and_what_was_done(
    world: World, dev: FlaskClient, locked: Account, signed_in: SignIn
) -> None:
    dev.get(page_of(locked))
    post_form(dev, page_of(locked), {"reason": REASON}, "Unlock the password")
    page = signed_in(world.ana).get("/account/looks").text
    for words in ("Dev Patel", "Looked at your account.", "Unlocked your password.", REASON):
        assert words in page, words


def test_a_search_does_not_queue_with_those_who_write(
    dev: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = csrf_of(dev, "/desk")
    writes: list[bool] = []
    monkeypatch.setattr("app.web.begin_for_writing", writes.append)
    dev.post("/desk", data={"sought": "petrosyan"}, headers=token)
    assert writes == [False]


def test_a_search_after_the_session_ended_leads_to_signing_in(client: FlaskClient) -> None:
    answer = client.post("/desk", data={"sought": "ana"}, headers=csrf_of(client, "/sign-in"))
    assert answer.status_code == 401


def test_a_page_of_the_desk_takes_few_statements(
    session: Session, world: World, dev: FlaskClient, locked: Account
) -> None:
    token = csrf_of(dev, "/desk")
    assert statements(session, lambda: dev.get(page_of(locked))) <= 20
    found = statements(
        session, lambda: dev.post("/desk", data={"sought": "petrosyan"}, headers=token)
    )
    assert found <= 12


def statements(session: Session, ask: Callable[[], TestResponse]) -> int:
    """How many statements an answer takes, its session and its look included."""
    seen: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    session.expunge_all()  # nothing may be at hand from before
    event.listen(db.engine, "before_cursor_execute", note)
    try:
        assert ask().status_code == 200
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    return len([each for each in seen if "SAVEPOINT" not in each])
