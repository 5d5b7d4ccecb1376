"""Registering: who matches, what each step keeps, and what happens when two do it at once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.outcomes import Refused
from app.domain.permissions import Role
from app.domain.registration import Step, next_step
from app.extensions import db
from app.gateways import passwords
from app.gateways.secrets import Secrets
from app.models.accounts import Account
from app.models.audit import AuditEvent
from app.models.cases import Signatory
from app.models.engine import begin_for_writing
from app.models.factors import SecurityAnswer
from app.models.messages import Notice, QueuedEmail
from app.models.people import Person
from app.models.registrations import Registration
from app.services import audit, registration, registration_email, security_questions
from app.services.registration import Contact
from app.services.registration_email import ConfirmingLetter
from factories import World, build_world
from newcomers import (
    ANSWERS,
    GEORGE,
    GEORGES_CIN,
    HELEN,
    LONG_PASSWORD,
    LUCIA,
    Newcomer,
    add_newcomers,
    goes_by_cin,
)

SECRETS = Secrets("a key of thirty-two characters...")
NOON = datetime(2026, 11, 24, 20, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
HOME = "203.0.113.7"
BY_EMAIL = Contact("es", "", tells_by_text=False)


@pytest.fixture(autouse=True)
def newcomers(session: Session, world: World) -> None:
    add_newcomers(session, world)


def refusal(act: Callable[[], object]) -> Refused:
    with pytest.raises(Refused) as refused:
        act()
    return refused.value


def begin(
    session: Session, who: Newcomer, address: str = HOME, at: datetime = NOON, **other: str
) -> str:
    claim = replace(who.claim, **{k: v for k, v in other.items() if k != "number"})
    number = other.get("number", who.number)
    return registration.begin(
        session, who.role, number, claim, address=address, secrets=SECRETS, at=at
    )


def begun(session: Session, who: Newcomer = LUCIA) -> Registration:
    found = registration.find(session, begin(session, who), at=NOON)
    assert found is not None
    return found


def write_to(
    session: Session, to: Registration, email: str, at: datetime = NOON
) -> ConfirmingLetter:
    return registration_email.give_email(session, to, email, secrets=SECRETS, at=at)


def confirm(session: Session, of: Registration, code: str, at: datetime = NOON) -> None:
    registration_email.confirm_by_code(session, of, code, secrets=SECRETS, at=at)


def ready(
    session: Session,
    who: Newcomer = LUCIA,
    email: str = "lucia@example.com",
    username: str = "lucia_ramos",
) -> Registration:
    """A registration of which only the last step is left."""
    one = begun(session, who)
    confirm(session, one, write_to(session, one, email).code)
    registration.choose_username(session, one, username, at=NOON)
    registration.choose_password(session, one, LONG_PASSWORD, at=NOON)
    registration.answer_questions(session, one, ANSWERS, at=NOON)
    return one


def finish(session: Session, one: Registration, contact: Contact = BY_EMAIL) -> Account:
    return registration.finish(session, one, contact, at=NOON)


@pytest.mark.parametrize("who", [LUCIA, GEORGE, HELEN], ids=lambda who: who.role)
def test_whoever_types_what_is_on_file_begins(session: Session, who: Newcomer) -> None:
    one = begun(session, who)

    assert one.person is not None
    assert one.person.first_name == who.first_name
    assert one.role == who.role


@pytest.mark.parametrize(
    "other",
    [
        {"number": "100000001"},  # Ana's
        {"number": "999999999"},  # nobody's
        {"first_name": "Luz"},
        {"last_name": "Ramos"},
        {"last4": "4418"},
    ],
)
def test_whatever_differs_the_answer_is_the_same(session: Session, other: dict[str, str]) -> None:
    refused = refusal(lambda: begin(session, LUCIA, **other))

    assert (refused.code, refused.facts) == ("NO_MATCH", {})
    assert session.scalar(select(func.count()).select_from(Registration)) == 0
    noted = session.scalars(
        select(AuditEvent).where(AuditEvent.action == "registration:mismatch")
    ).one()
    assert (noted.subject, noted.facts) == ("registration", {})


def test_a_case_number_is_no_way_in_for_a_provider_nor_the_other_way(session: Session) -> None:
    for who, role in ((GEORGE, Role.SIGNATORY), (HELEN, Role.RECIPIENT)):
        refused = refusal(lambda who=who, role=role: begin(session, replace(who, role=role)))
        assert refused.code == "NO_MATCH"


def test_a_county_may_go_by_the_cin_of_its_recipients(session: Session, world: World) -> None:
    goes_by_cin(world.los_angeles)
    session.commit()

    assert refusal(lambda: begin(session, GEORGE)).code == "NO_MATCH"
    assert begin(session, GEORGE, last4=GEORGES_CIN)
    assert begin(session, LUCIA)  # providers have no CIN
    assert begin(session, HELEN)  # nor do signatories


def test_a_signatory_whose_time_is_over_matches_no_more(session: Session) -> None:
    signatory = session.scalars(
        select(Signatory).join(Person, Person.id == Signatory.person_id).where(
            Person.first_name == "Helen"
        )
    ).one()  # fmt: skip
    signatory.ends_on = date(2026, 11, 23)
    session.commit()

    assert refusal(lambda: begin(session, HELEN)).code == "NO_MATCH"


def test_ten_tries_an_hour_are_taken_for_a_number(session: Session) -> None:
    for number in range(10):
        refused = refusal(lambda n=number: begin(session, LUCIA, f"198.51.100.{n}", last4="0000"))
        assert refused.code == "NO_MATCH"

    refused = refusal(lambda: begin(session, LUCIA, "198.51.100.99"))
    assert refused.code == "TOO_MANY_TRIES"
    assert begin(session, GEORGE, "198.51.100.99")
    assert begin(session, LUCIA, at=NOON + 61 * MINUTE)


def test_ten_tries_an_hour_are_taken_from_an_address_for_known_and_unknown_numbers_alike(
    session: Session,
) -> None:
    for number in range(10):
        tried = "100000001" if number % 2 else f"77777777{number}"
        assert refusal(lambda n=tried: begin(session, LUCIA, number=n)).code == "NO_MATCH"

    for number in ("100000009", "100000001", "777777799"):
        refused = refusal(lambda n=number: begin(session, LUCIA, number=n))
        assert (refused.code, refused.facts) == ("TOO_MANY_TRIES", {"retry_after": 3600})


def test_only_who_knows_it_all_hears_that_there_is_an_account(
    session: Session, world: World
) -> None:
    ana = world.ana.person
    ana.ssn_last4 = "1111"
    session.commit()
    hers = Newcomer(Role.PROVIDER, "100000001", "Ana", "Flores", date(1974, 5, 1), "1111")

    assert refusal(lambda: begin(session, hers)).code == "ALREADY_REGISTERED"
    assert refusal(lambda: begin(session, hers, last4="2222")).code == "NO_MATCH"


def test_a_provider_who_also_receives_care_has_two_accounts(session: Session) -> None:
    finish(session, ready(session, GEORGE, "george@example.com", "george_baker"))
    person = session.scalars(select(Person).where(Person.first_name == "Helen")).one()
    signatory = finish(session, ready(session, HELEN, "helen@example.com", "helen_baker"))

    assert signatory.person_id == person.id
    assert signatory.role == "signatory"


def test_the_code_of_the_letter_confirms_the_address(session: Session) -> None:
    one = begun(session)

    letter = write_to(session, one, " Lucia@Example.com ")
    confirm(session, one, letter.code)

    assert letter.email == "lucia@example.com"
    assert letter.owner is None
    assert one.email_confirmed_at == NOON


def test_a_wrong_code_counts_and_five_use_it_up(session: Session) -> None:
    one = begun(session)
    code = write_to(session, one, "lucia@example.com").code
    wrong = f"{(int(code) + 1) % 1_000_000:06d}"

    said = [refusal(lambda: confirm(session, one, wrong)) for _ in range(5)]

    assert [refused.code for refused in said] == ["CODE_WRONG"] * 5
    assert said[-1].facts == {"tries_left": 0}
    assert refusal(lambda: confirm(session, one, code)).code == "CODE_USED_UP"
    assert one.email_confirmed_at is None


def test_a_code_is_too_old_after_ten_minutes_and_another_replaces_it(session: Session) -> None:
    one = begun(session)
    code = write_to(session, one, "lucia@example.com").code

    assert refusal(lambda: confirm(session, one, code, NOON + 10 * MINUTE)).code == "CODE_EXPIRED"
    newer = write_to(session, one, "lucia@example.com", NOON + 11 * MINUTE).code
    if newer != code:
        assert refusal(lambda: confirm(session, one, code, NOON + 11 * MINUTE)).code == "CODE_WRONG"
    confirm(session, one, newer, NOON + 11 * MINUTE)


def test_somebody_elses_code_is_wrong(session: Session) -> None:
    lucias, georges = begun(session), begun(session, GEORGE)
    code = write_to(session, georges, "george@example.com").code
    mine = write_to(session, lucias, "lucia@example.com").code

    if code != mine:
        assert refusal(lambda: confirm(session, lucias, code)).code == "CODE_WRONG"


def test_an_address_of_an_account_is_told_to_its_owner_only(session: Session, world: World) -> None:
    one = begun(session)

    letter = write_to(session, one, "ANA@example.com")

    assert letter.owner is world.ana
    assert one.email == "ana@example.com"
    assert next_step(registration.progress(one)) is Step.CODE


def test_four_letters_an_hour_go_out_and_one_that_failed_does_not_count(session: Session) -> None:
    one = begun(session)
    for minute in range(4):
        write_to(session, one, "lucia@example.com", NOON + minute * MINUTE)
    refused = refusal(lambda: write_to(session, one, "lucia@example.com", NOON + 4 * MINUTE))
    assert refused.code == "TOO_MANY_LETTERS"
    assert refused.facts == {"retry_after": 56 * 60}

    registration_email.withdraw_letter(session, one, secrets=SECRETS)

    write_to(session, one, "lucia@example.com", NOON + 4 * MINUTE)


def test_a_withdrawn_code_confirms_nothing(session: Session) -> None:
    one = begun(session)
    letter = write_to(session, one, "lucia@example.com")

    registration_email.withdraw_letter(session, one, secrets=SECRETS)

    assert refusal(lambda: confirm(session, one, letter.code)).code == "CODE_WRONG"
    assert registration.find_by_link(session, letter.link, at=NOON) is None
    assert one.email == "lucia@example.com"


def by_link(session: Session, link: str, number: str | None, ticket: str | None = None) -> str:
    one = registration.find_by_link(session, link, at=NOON)
    assert one is not None
    return registration_email.confirm_by_link(
        session, one, number, ticket=ticket, address=HOME, secrets=SECRETS, at=NOON
    )


def test_the_link_confirms_in_the_same_browser(session: Session) -> None:
    ticket = begin(session, LUCIA)
    one = registration.find(session, ticket, at=NOON)
    assert one is not None
    link = write_to(session, one, "lucia@example.com").link

    assert by_link(session, link, None, ticket) == ticket
    assert one.email_confirmed_at == NOON


def test_the_link_hands_the_registration_to_another_phone_that_knows_the_number(
    session: Session,
) -> None:
    ticket = begin(session, LUCIA)
    one = registration.find(session, ticket, at=NOON)
    assert one is not None
    link = write_to(session, one, "lucia@example.com").link

    other = by_link(session, link, "100 000 009")

    assert registration.find(session, other, at=NOON) is one
    assert registration.find(session, ticket, at=NOON) is None


@pytest.mark.parametrize("number", [None, "", "100000001", "1000009"])
def test_whoever_reads_a_mistyped_address_does_not_get_the_registration(
    session: Session, number: str | None
) -> None:
    one = begun(session)
    link = write_to(session, one, "stranger@example.com").link

    assert refusal(lambda: by_link(session, link, number)).code == "NUMBER_DIFFERS"
    assert one.email_confirmed_at is None


def test_the_number_behind_a_link_is_guessed_ten_times_at_most(session: Session) -> None:
    link = write_to(session, begun(session), "stranger@example.com").link
    for _ in range(9):  # one of the address's tries was the match itself
        refusal(lambda: by_link(session, link, "000000000"))

    assert refusal(lambda: by_link(session, link, LUCIA.number)).code == "TOO_MANY_TRIES"


def test_another_address_makes_the_first_link_and_its_confirmation_worthless(
    session: Session,
) -> None:
    one = begun(session)
    first = write_to(session, one, "lucia@example.com")
    confirm(session, one, first.code)

    write_to(session, one, "other@example.com")

    assert one.email_confirmed_at is None
    assert registration.find_by_link(session, first.link, at=NOON) is None


def test_a_registration_waits_for_a_day_after_its_last_step(session: Session) -> None:
    ticket = begin(session, LUCIA)
    one = registration.find(session, ticket, at=NOON + timedelta(hours=23))
    assert one is not None
    write_to(session, one, "lucia@example.com", NOON + timedelta(hours=23))

    assert registration.find(session, ticket, at=NOON + timedelta(hours=46)) is one
    assert registration.find(session, ticket, at=NOON + timedelta(hours=48)) is None
    assert registration.delete_old(session, at=NOON + timedelta(hours=48)) == 1


def test_a_username_is_free_whatever_its_case(session: Session, world: World) -> None:
    world.ana.username = "ana_flores"
    session.commit()
    one = begun(session)

    refused = refusal(lambda: registration.choose_username(session, one, "Ana_Flores", at=NOON))
    assert (refused.code, refused.facts) == ("USERNAME_TAKEN", {"username": "ana_flores"})
    assert one.username is None


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("fourteen chars", "PASSWORD_TOO_SHORT"),
        ("x" * 201, "PASSWORD_TOO_LONG"),
        ("correcthorsebatterystaple", None),
        ("Lucía Ramos-Vega 1979", "PASSWORD_TOO_COMMON"),
        ("passwordpassword", "PASSWORD_TOO_COMMON"),
    ],
)
def test_a_password_is_long_and_not_what_everybody_would_try(
    session: Session, password: str, code: str | None
) -> None:
    one = begun(session)
    if code is None:
        registration.choose_password(session, one, password, at=NOON)
        assert one.password_hash
        return
    refused = refusal(lambda: registration.choose_password(session, one, password, at=NOON))
    assert refused.code == code
    assert one.password_hash is None


def test_the_last_step_makes_the_account_and_tells_its_owner(session: Session) -> None:
    account = finish(session, ready(session), Contact("hy", "213 555 0142", tells_by_text=True))

    assert (account.role, account.username) == ("provider", "lucia_ramos")
    assert (account.email, account.email_confirmed_at) == ("lucia@example.com", NOON)
    assert (account.phone, account.phone_confirmed_at) == ("+12135550142", None)
    assert (account.tells_by_email, account.tells_by_text) == (True, True)
    assert account.person.language == "hy"
    assert passwords.verify(account.password_hash, LONG_PASSWORD)
    assert security_questions.check(session, account, "FIRST_PET", "bruno")
    assert session.scalars(select(Notice.code)).all() == ["WELCOME"]
    assert session.scalars(select(QueuedEmail.to_account_id)).all() == [account.id]
    assert audit.broken_links(session, audit.chain_of(account)) == []


def test_nothing_personal_stays_in_a_finished_registration(session: Session) -> None:
    one = ready(session)

    finish(session, one)

    kept = (one.email, one.phone, one.username, one.password_hash, one.code_hash, one.link_hash)
    assert set(kept) == {None}
    assert one.answers == {}


def test_a_passkey_in_place_of_a_password_leaves_none(session: Session) -> None:
    one = ready(session)
    registration.choose_passkey(session, one, at=NOON)

    assert finish(session, one).password_hash is None


def test_text_messages_need_a_number(session: Session) -> None:
    one = ready(session)

    refused = refusal(lambda: finish(session, one, Contact("en", " ", tells_by_text=True)))

    assert refused.code == "PHONE_NEEDED"
    assert one.finished_at is None


def test_whoever_was_slower_with_a_number_is_told_that_there_is_an_account(
    session: Session,
) -> None:
    first, second = ready(session), ready(session, email="l2@example.com", username="lucia_two")
    finish(session, first)

    assert refusal(lambda: finish(session, second)).code == "ALREADY_REGISTERED"
    assert session.scalar(select(func.count()).where(Account.username == "lucia_two")) == 0


def test_whoever_was_slower_with_a_username_chooses_another_and_keeps_the_rest(
    session: Session,
) -> None:
    lucias = ready(session, username="the_same_name")
    georges = ready(session, GEORGE, "george@example.com", "the_same_name")
    finish(session, lucias)

    refused = refusal(lambda: finish(session, georges))

    assert (refused.code, refused.facts) == ("USERNAME_TAKEN", {"username": "the_same_name"})
    assert next_step(registration.progress(georges)) is Step.USERNAME
    registration.choose_username(session, georges, "george_baker", at=NOON)
    assert finish(session, georges).email == "george@example.com"


def test_whoever_was_slower_with_an_email_gives_another(session: Session) -> None:
    lucias = ready(session, email="home@example.com")
    georges = ready(session, GEORGE, "home@example.com", "george_baker")
    finish(session, lucias)

    assert refusal(lambda: finish(session, georges)).code == "EMAIL_TAKEN"
    assert next_step(registration.progress(georges)) is Step.EMAIL


def test_pressing_the_last_button_twice_makes_one_account(session: Session) -> None:
    one = ready(session)
    finish(session, one)

    assert refusal(lambda: finish(session, one)).code == "ALREADY_REGISTERED"
    assert session.scalar(select(func.count()).select_from(SecurityAnswer)) == 3


def test_two_registrations_that_race_for_one_number_make_one_account(real_app: Flask) -> None:
    with real_app.app_context():
        add_newcomers(db.session, build_world(db.session))
        ids = [
            ready(db.session, email=f"l{n}@example.com", username=f"lucia_{n}").id for n in range(4)
        ]

    def one(registration_id: int) -> str:
        begin_for_writing()
        with real_app.app_context():
            mine = db.session.scalars(
                select(Registration).where(Registration.id == registration_id)
            ).one()
            try:
                return finish(db.session, mine).username
            except Refused as refused:
                return refused.code

    with ThreadPoolExecutor(4) as pool:
        results = sorted(pool.map(one, ids))

    assert results[:3] == ["ALREADY_REGISTERED"] * 3
    with real_app.app_context():
        made = db.session.scalars(
            select(Account.username).join(Person).where(Person.first_name == "Lucía")
        ).all()
    assert made == [results[3]]
