"""Passwords and codes: who gets in, what wrong tries cost, and that strangers look like everybody."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.outcomes import Refused
from app.extensions import db
from app.gateways import passwords
from app.gateways.secrets import Secrets
from app.gateways.turns import TooBusy
from app.models.accounts import Account, OneTimeCode, Stranger
from app.models.devices import Device
from app.models.devices import Session as SignedInSession
from app.models.engine import begin_for_writing
from app.models.messages import Notice, QueuedEmail
from app.services import audit, claimants, codes, devices, sessions, sign_in
from factories import PASSWORD, World, build_world

SECRETS = Secrets("a key of thirty-two characters...")
NOON = datetime(2026, 11, 24, 20, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def refusal(act: Callable[[], object]) -> Refused:
    with pytest.raises(Refused) as refused:
        act()
    return refused.value


def try_password(session: Session, name: str, password: str, at: datetime = NOON) -> Account:
    return sign_in.check_password(session, name, password, secrets=SECRETS, at=at)


def codes_for(session: Session, name: str, tries: int, at: datetime = NOON) -> list[str]:
    """What so many wrong passwords are answered, in order."""
    return [refusal(lambda: try_password(session, name, "wrong", at)).code for _ in range(tries)]


def issue(
    session: Session,
    name: str,
    purpose: str = "sign_in",
    at: datetime = NOON,
    device: Device | None = None,
) -> codes.IssuedCode:
    claimed = claimants.claimant(session, name, secrets=SECRETS, at=at)
    return codes.issue_code(session, claimed, purpose, device=device, secrets=SECRETS, at=at)


def check(session: Session, ticket: str | None, code: str, at: datetime = NOON) -> codes.Proof:
    return codes.check_code(session, ticket, code, secrets=SECRETS, at=at)


def another(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06}"


class TestPasswords:
    @pytest.mark.parametrize("name", ["ana", "ANA", " ana ", "Ana@Example.com"])
    def test_ana_gets_in_by_username_or_email_however_she_writes_them(
        self, session: Session, world: World, name: str
    ) -> None:
        assert try_password(session, name, PASSWORD) is world.ana

    def test_a_wrong_password_says_how_many_tries_are_left(
        self, session: Session, world: World
    ) -> None:
        refused = refusal(lambda: try_password(session, "ana", "wrong"))
        assert (refused.code, refused.facts) == ("SIGN_IN_WRONG", {"tries_left": 4})

    def test_the_fifth_wrong_password_locks_it_and_a_right_one_does_not_help(
        self, session: Session, world: World
    ) -> None:
        assert codes_for(session, "ana", 5) == ["SIGN_IN_WRONG"] * 4 + ["LOCKED"]

        refused = refusal(lambda: try_password(session, "ana", PASSWORD, NOON + 10 * MINUTE))
        assert refused.facts == {"until_at": NOON + 30 * MINUTE, "retry_after": 20 * 60}

    def test_after_a_hundred_wrong_passwords_only_a_code_helps(
        self, session: Session, world: World
    ) -> None:
        world.ana.failures_in_a_row = 99
        session.commit()
        assert codes_for(session, "ana", 1) == ["PASSWORD_OFF"]
        refused = refusal(lambda: try_password(session, "ana", PASSWORD, NOON + 9_000 * MINUTE))
        assert refused.code == "PASSWORD_OFF"

        issued = issue(session, "ana")
        check(session, issued.ticket, issued.code)
        assert try_password(session, "ana", PASSWORD) is world.ana

    def test_after_half_an_hour_the_right_password_works_again(
        self, session: Session, world: World
    ) -> None:
        codes_for(session, "ana", 5)
        assert try_password(session, "ana", PASSWORD, NOON + 30 * MINUTE) is world.ana
        assert world.ana.failures_in_a_row == 0

    def test_a_right_password_ends_the_row(self, session: Session, world: World) -> None:
        codes_for(session, "ana", 4)
        try_password(session, "ana", PASSWORD)
        assert codes_for(session, "ana", 4) == ["SIGN_IN_WRONG"] * 4

    def test_wrong_tries_are_counted_although_the_answer_is_a_refusal(
        self, session: Session, world: World
    ) -> None:
        codes_for(session, "ana", 3)
        session.rollback()
        assert session.scalar(select(Account.failures_in_a_row).filter_by(id=world.ana.id)) == 3

    def test_the_owner_is_told_of_the_first_lock_of_a_row_and_the_act_is_on_record(
        self, session: Session, world: World
    ) -> None:
        codes_for(session, "ana", 5)
        codes_for(session, "ana", 5, NOON + 31 * MINUTE)

        told = session.scalars(select(QueuedEmail.code).filter_by(to_account_id=world.ana.id)).all()
        noticed = session.scalars(select(Notice.code).filter_by(account_id=world.ana.id)).all()
        assert (told, noticed) == (["ACCOUNT_LOCKED"], ["ACCOUNT_LOCKED"])
        assert audit.broken_links(session, audit.chain_of(world.ana)) == []

    def test_a_name_that_nobody_has_is_answered_like_one_that_somebody_has(
        self, session: Session, world: World
    ) -> None:
        def all_answers(name: str) -> list[tuple[str, object]]:
            answers = [refusal(lambda: try_password(session, name, "wrong")) for _ in range(7)]
            later = NOON + 31 * MINUTE
            answers += [refusal(lambda: try_password(session, name, "wrong", later))]
            return [(answer.code, answer.facts) for answer in answers]

        assert all_answers("ana") == all_answers("nobody@example.com")

    def test_a_name_that_nobody_has_takes_a_password_to_be_hashed_too(
        self, session: Session, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        asked: list[str | None] = []
        monkeypatch.setattr(passwords, "verify", lambda kept, _text: bool(asked.append(kept)))
        codes_for(session, "ana", 1)
        codes_for(session, "nobody", 1)
        assert asked == [world.ana.password_hash, None]

    def test_nobodys_name_is_kept_only_as_a_keyed_hash(
        self, session: Session, world: World
    ) -> None:
        codes_for(session, "my-password-typed-in-the-wrong-field", 1)
        (kept,) = session.scalars(select(Stranger.name_hash)).all()
        assert "password" not in kept

    def test_an_account_without_a_password_is_not_entered_by_one(
        self, session: Session, world: World
    ) -> None:
        world.ana.password_hash = None
        session.commit()
        assert codes_for(session, "ana", 1) == ["SIGN_IN_WRONG"]

    def test_being_turned_away_in_a_storm_costs_no_try(
        self, session: Session, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def busy(_kept: str | None, _text: str) -> bool:
            raise TooBusy

        codes_for(session, "ana", 4)
        monkeypatch.setattr(passwords, "verify", busy)
        with pytest.raises(TooBusy):
            try_password(session, "ana", PASSWORD)
        assert (world.ana.failures_in_a_row, world.ana.locked_at) == (4, None)

    def test_an_old_hash_is_made_anew_at_sign_in(self, session: Session, world: World) -> None:
        weak = passwords.PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1)
        world.ana.password_hash = weak.hash(PASSWORD)
        session.commit()

        try_password(session, "ana", PASSWORD)

        assert world.ana.password_hash is not None
        assert not passwords.needs_rehash(world.ana.password_hash)

    @pytest.mark.parametrize("name", ["", "\x00", "ana\x00", "a" * 300, "ana' OR 1=1 --"])
    def test_odd_names_are_only_names(self, session: Session, world: World, name: str) -> None:
        assert codes_for(session, name, 1) == ["SIGN_IN_WRONG"]

    def test_no_more_than_five_passwords_are_tried_at_the_same_moment(
        self, real_app: Flask, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        tried: list[str] = []
        monkeypatch.setattr(passwords, "verify", lambda _kept, text: bool(tried.append(text)))
        with real_app.app_context():
            build_world(db.session)

        def guess(number: int) -> str:
            begin_for_writing()
            with real_app.app_context():
                return refusal(lambda: try_password(db.session, "ana", str(number))).code

        with ThreadPoolExecutor(8) as guessers:
            answers = list(guessers.map(guess, range(20)))

        assert len(tried) == 5
        assert answers.count("SIGN_IN_WRONG") <= 4


class TestCodes:
    def test_the_code_proves_who_she_is_once(self, session: Session, world: World) -> None:
        issued = issue(session, "ana")
        assert issued.to is world.ana
        assert check(session, issued.ticket, issued.code) == codes.Proof(
            world.ana, codes.Purpose.SIGN_IN, codes.Channel.EMAIL
        )
        assert refusal(lambda: check(session, issued.ticket, issued.code)).code == "CODE_USED"

    def test_after_a_password_the_proof_is_the_password(
        self, session: Session, world: World
    ) -> None:
        issued = issue(session, "ana", "device")
        assert check(session, issued.ticket, issued.code).method == "password"

    def test_a_code_works_for_ten_minutes(self, session: Session, world: World) -> None:
        issued = issue(session, "ana")
        late = refusal(lambda: check(session, issued.ticket, issued.code, NOON + 10 * MINUTE))
        assert late.code == "CODE_EXPIRED"

    def test_after_five_wrong_tries_the_right_code_does_not_help(
        self, session: Session, world: World
    ) -> None:
        issued = issue(session, "ana")
        wrong = another(issued.code)
        refusals = [refusal(lambda: check(session, issued.ticket, wrong)) for _ in range(5)]
        session.rollback()

        assert [each.facts["tries_left"] for each in refusals] == [4, 3, 2, 1, 0]
        assert refusal(lambda: check(session, issued.ticket, issued.code)).code == "CODE_USED_UP"

    def test_a_newer_code_takes_the_place_of_the_older(
        self, session: Session, world: World
    ) -> None:
        older, newer = issue(session, "ana"), issue(session, "ana")
        assert refusal(lambda: check(session, older.ticket, older.code)).code == "CODE_USED"
        assert check(session, newer.ticket, newer.code).account is world.ana

    def test_a_code_works_only_in_the_browser_that_asked_for_it(
        self, session: Session, world: World
    ) -> None:
        issued = issue(session, "ana")
        for ticket in (None, "", "another"):
            assert refusal(lambda t=ticket: check(session, t, issued.code)).code == "CODE_EXPIRED"

    def test_a_used_code_lifts_the_lock(self, session: Session, world: World) -> None:
        codes_for(session, "ana", 5)
        issued = issue(session, "ana")
        check(session, issued.ticket, issued.code)
        assert try_password(session, "ana", PASSWORD) is world.ana

    def test_four_codes_an_hour_are_sent_until_one_is_used(
        self, session: Session, world: World
    ) -> None:
        issued = [issue(session, "ana", at=NOON + n * MINUTE) for n in range(4)]
        refused = refusal(lambda: issue(session, "ana", at=NOON + 10 * MINUTE))
        assert (refused.code, refused.facts) == ("TOO_MANY_CODES", {"retry_after": 50 * 60})

        check(session, issued[-1].ticket, issued[-1].code, NOON + 11 * MINUTE)
        assert issue(session, "ana", at=NOON + 12 * MINUTE).to is world.ana

    def test_nobody_can_use_up_the_codes_of_a_phone_that_ana_is_known_on(
        self, session: Session, world: World
    ) -> None:
        phone, _token = devices.remember(session, name="Chrome on Android", at=NOON)
        devices.prove(session, phone, world.ana, at=NOON - timedelta(days=60))
        on_her_phone = issue(session, "ana", device=phone)
        for _ in range(4):
            issue(session, "ana")
        assert refusal(lambda: issue(session, "ana")).code == "TOO_MANY_CODES"

        assert check(session, on_her_phone.ticket, on_her_phone.code).account is world.ana
        assert issue(session, "ana", device=phone).to is world.ana

    def test_a_code_that_could_not_be_sent_does_not_count(
        self, session: Session, world: World
    ) -> None:
        for _ in range(6):
            codes.withdraw_code(session, issue(session, "ana").ticket)
        assert issue(session, "ana").to is world.ana

    def test_a_name_that_nobody_has_gets_a_code_that_nobody_gets(
        self, session: Session, world: World
    ) -> None:
        issued = [issue(session, "nobody") for _ in range(4)][-1]
        assert issued.to is None
        assert refusal(lambda: issue(session, "nobody")).code == "TOO_MANY_CODES"
        answers = [refusal(lambda: check(session, issued.ticket, issued.code)) for _ in range(6)]
        assert [each.code for each in answers] == ["CODE_WRONG"] * 5 + ["CODE_USED_UP"]

    def test_codes_go_only_to_an_address_that_was_confirmed(
        self, session: Session, world: World
    ) -> None:
        world.ana.email_confirmed_at = None
        session.commit()
        assert issue(session, "ana").to is None
        assert refusal(lambda: issue(session, "ana", "device")).code == "NO_CONFIRMED_EMAIL"

    def test_no_code_lies_in_the_database_in_the_clear(
        self, session: Session, world: World
    ) -> None:
        issued = issue(session, "ana")
        kept = session.scalars(select(OneTimeCode)).one()
        assert len(issued.code) == 6
        assert issued.code not in kept.code_hash
        assert issued.ticket not in kept.ticket_hash

    def test_a_ticket_is_worth_nothing_after_an_hour(self, session: Session, world: World) -> None:
        issued = issue(session, "ana", "device")
        within = codes.pending_code(session, issued.ticket, at=NOON + 59 * MINUTE)
        assert within is not None
        assert codes.pending_code(session, issued.ticket, at=NOON + 60 * MINUTE) is None
        assert codes.pending_code(session, None, at=NOON) is None


class TestSessions:
    def test_a_session_starts_on_a_device_that_is_known_from_now_on(
        self, session: Session, world: World
    ) -> None:
        device, _token = devices.remember(session, name="Chrome on Android", at=NOON)
        token = start(session, world.ana, device)

        found = sessions.find(session, token, at=NOON)
        assert found is not None
        assert (found.account, found.device_id) == (world.ana, device.id)
        assert devices.is_known(session, device, world.ana, at=NOON + 29 * 24 * 60 * MINUTE)
        assert not devices.is_known(session, device, world.ana, at=NOON + 30 * 24 * 60 * MINUTE)
        assert not devices.is_known(session, device, world.rosa, at=NOON)

    def test_a_session_ends_after_fifteen_idle_minutes_unless_it_is_extended(
        self, session: Session, world: World
    ) -> None:
        device, _token = devices.remember(session, name="Chrome on Android", at=NOON)
        token = start(session, world.ana, device)
        found = sessions.find(session, token, at=NOON + 14 * MINUTE)
        assert found is not None

        ends_at = sessions.extend(session, found, at=NOON + 14 * MINUTE)

        assert ends_at == NOON + 29 * MINUTE
        assert sessions.find(session, token, at=ends_at - MINUTE) is not None
        assert sessions.find(session, token, at=ends_at) is None

    def test_a_busy_session_ends_after_twelve_hours(self, session: Session, world: World) -> None:
        device, _token = devices.remember(session, name="Chrome on Android", at=NOON)
        token = start(session, world.ana, device)
        for minutes in range(10, 12 * 60, 10):
            found = sessions.find(session, token, at=NOON + minutes * MINUTE)
            assert found is not None
            sessions.extend(session, found, at=NOON + minutes * MINUTE)
        assert sessions.ends_at(found, at=NOON + 11 * 60 * MINUTE + 50 * MINUTE) == (
            NOON + 12 * 60 * MINUTE
        )
        assert sessions.find(session, token, at=NOON + 12 * 60 * MINUTE) is None

    def test_leftovers_go_and_what_rules_ask_for_stays(
        self, session: Session, world: World
    ) -> None:
        issue(session, "ana")
        issue(session, "nobody")
        assert sign_in.delete_leftovers(session, at=NOON + 60 * MINUTE) == 0
        assert len(session.scalars(select(OneTimeCode)).all()) == 2

        both_codes_and_names = 4
        late = NOON + timedelta(days=31)
        assert sign_in.delete_leftovers(session, at=late) == both_codes_and_names
        assert session.scalars(select(OneTimeCode)).all() == []
        assert session.scalars(select(Stranger)).all() == []


def start(session: Session, account: Account, device: Device) -> str:
    begun = sign_in.start_session(
        session, account, method="code", device=device, proves_device=True, at=NOON
    )
    assert session.scalars(select(SignedInSession)).one().token_hash != begun.token
    return begun.token
