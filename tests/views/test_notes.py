"""The pages of notes between providers: off until the recipient says so, and hers to end."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from time_machine import Traveller

from app import clock
from app.domain.visits import Location
from app.models.accounts import Account
from app.models.audit import AuditEvent
from app.services import notes, visits
from app.services.receipts import Submission
from factories import World, add_provider, assign
from forms_in_pages import post_form

SignIn = Callable[[Account], FlaskClient]
WORDS = "Lunch is in the fridge."


@pytest.fixture
def page(world: World, noon: Traveller) -> str:
    return f"/notes/{world.ana_for_rosa.case_id}"


@pytest.fixture
def bea(session: Session, world: World) -> Account:
    account, provider = add_provider(session, "Bea")
    assign(session, provider, world.ana_for_rosa.case, 40 * 60)
    session.commit()
    return account


def test_she_turns_them_on_and_a_provider_writes_what_she_reads(
    page: str, world: World, signed_in: SignIn
) -> None:
    rosa, ana = signed_in(world.rosa), signed_in(world.ana)
    assert "Only Rosa can turn them on" in ana.get(page).text

    post_form(rosa, page, button="Turn on notes")
    answer = post_form(ana, page, {"text": WORDS}, "Save note", follow_redirects=True)

    assert "Saved. The others can read it now." in answer.text
    seen = rosa.get("/notes", follow_redirects=True).text
    for words in (WORDS, "Ana Flores, November 24, 12:00 PM", "It is deleted on Dec 24."):
        assert words in seen
    assert "You, November 24, 12:00 PM" in ana.get(page).text


def test_a_note_that_cannot_be_kept_comes_back_as_it_was_typed(
    session: Session, page: str, world: World, signed_in: SignIn
) -> None:
    notes.allow(session, world.ana_for_rosa.case, by=world.rosa, at=clock.now())
    ana = signed_in(world.ana)

    answer = post_form(ana, page, {"text": "x" * 501}, "Save note")

    assert answer.status_code == 422
    assert "Your note has 501 letters. Please use 500 at most." in answer.text
    assert "x" * 501 in answer.text
    assert post_form(ana, page, {"text": " "}, "Save note").status_code == 422


def test_what_was_typed_while_she_turned_them_off_is_refused(
    session: Session, page: str, world: World, signed_in: SignIn
) -> None:
    case = world.ana_for_rosa.case
    notes.allow(session, case, by=world.rosa, at=clock.now())
    ana = signed_in(world.ana)
    token = ana.get(page).text.split('name="csrf_token"')[-1].split('value="')[1].split('"')[0]
    notes.stop(session, case, by=world.rosa, at=clock.now())

    answer = ana.post(page, data={"text": WORDS, "csrf_token": token})

    assert answer.status_code == 422
    assert "Notes are turned off now. Yours was not saved." in answer.text


def test_the_writer_deletes_hers_the_other_provider_cannot_and_the_recipient_can(
    session: Session, page: str, world: World, bea: Account, signed_in: SignIn
) -> None:
    case = world.ana_for_rosa.case
    notes.allow(session, case, by=world.rosa, at=clock.now())
    note = notes.write(session, case, WORDS, by=world.ana, at=clock.now())
    delete = f"{page}/{note.id}/delete"
    assert delete in signed_in(world.ana).get(page).text
    other = signed_in(bea)
    assert delete not in other.get(page).text
    assert other.get(delete).status_code == 404

    rosa = signed_in(world.rosa)
    assert WORDS in rosa.get(delete).text
    post_form(rosa, delete, button="Delete the note")

    assert WORDS not in other.get(page).text


def test_turning_them_off_says_what_goes_and_then_it_is_gone(
    session: Session, page: str, world: World, signed_in: SignIn
) -> None:
    case = world.ana_for_rosa.case
    notes.allow(session, case, by=world.rosa, at=clock.now())
    notes.write(session, case, WORDS, by=world.ana, at=clock.now())
    rosa = signed_in(world.rosa)
    assert "One note is deleted for good." in rosa.get(f"{page}/stop").text

    answer = post_form(rosa, f"{page}/stop", button="Turn off and delete", follow_redirects=True)

    assert "Notes are off, and all of them are deleted." in answer.text
    assert WORDS not in answer.text
    assert rosa.get(f"{page}/stop").status_code == 303


def test_a_signatory_turns_them_off_but_never_on(
    session: Session, world: World, noon: Traveller, signed_in: SignIn
) -> None:
    case = world.maria_for_nune.case
    armen, page = signed_in(world.armen), f"/notes/{case.id}"
    assert "Only Nune can turn them on" in armen.get(page).text
    notes.allow(session, case, by=world.nune, at=clock.now())

    post_form(armen, f"{page}/stop", button="Turn off and delete")

    assert notes.board(session, case, by=world.nune, at=clock.now()).consent is None


def test_a_card_at_the_door_tells_of_notes_and_who_is_there(
    session: Session, page: str, world: World, bea: Account, signed_in: SignIn
) -> None:
    case = world.ana_for_rosa.case
    home = signed_in(bea).get("/").text
    assert page not in home
    notes.allow(session, case, by=world.rosa, at=clock.now())
    notes.write(session, case, WORDS, by=world.ana, at=clock.now())
    visits.check_in(
        session, world.ana_for_rosa, location=Location.HOME, by=world.ana, at=clock.now(),
        submission=Submission("of ana", clock.now(), "hash"),
    )  # fmt: skip

    home = signed_in(bea).get("/").text

    assert f'href="{page}"' in home
    assert "One note" in home
    assert "Ana Flores is checked in since 12:00 PM." in home
    assert WORDS not in home


def test_a_live_in_provider_without_a_card_finds_the_notes_too(
    session: Session, world: World, noon: Traveller, signed_in: SignIn
) -> None:
    maria = signed_in(world.maria)
    assert 'href="/notes"' not in maria.get("/").text
    notes.allow(session, world.maria_for_nune.case, by=world.nune, at=clock.now())
    assert 'href="/notes"' in maria.get("/").text
    assert maria.get("/notes").location == f"/notes/{world.maria_for_nune.case_id}"


def test_that_a_provider_read_them_is_on_record(
    session: Session, page: str, world: World, signed_in: SignIn
) -> None:
    notes.allow(session, world.ana_for_rosa.case, by=world.rosa, at=clock.now())
    signed_in(world.ana).get(page)
    looks = session.scalars(select(AuditEvent).where(AuditEvent.action == "notes:look")).all()
    assert [look.subject for look in looks] == [f"case:{world.ana_for_rosa.case_id}"]
