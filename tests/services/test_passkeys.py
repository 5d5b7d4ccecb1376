"""A passkey is enrolled and used once per challenge, by its owner, and she is told of each change."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, select
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session

from app.domain.outcomes import Refused
from app.extensions import db
from app.gateways.passkeys import RelyingParty
from app.gateways.secrets import Secrets
from app.models.accounts import Account, Passkey
from app.models.audit import AuditEvent
from app.models.engine import begin_for_writing
from app.models.messages import QueuedEmail
from app.services import audit, devices, factors, passkeys, sessions, sign_in
from factories import World, build_world
from soft_authenticator import BACKUP_ELIGIBLE, USER_PRESENT, SoftAuthenticator, b64url

HERE = RelyingParty.at("http://localhost")
SECRETS = Secrets("a key of thirty-two characters...")
NOON = datetime(2026, 11, 24, 20, tzinfo=UTC)
TOO_LATE = NOON + timedelta(minutes=15)


def begin_enrolment(session: Session, account: Account) -> dict[str, Any]:
    return passkeys.begin_enrolment(session, party=HERE, secrets=SECRETS, by=account, at=NOON)


def enrol(
    session: Session, account: Account, answer: dict[str, Any], at: datetime = NOON
) -> Passkey:
    return passkeys.enrol(
        session,
        answer,
        "My phone",
        party=HERE,
        secrets=SECRETS,
        session_id=0,
        by=account,
        at=at,
    )


def with_passkey(session: Session, account: Account, phone: SoftAuthenticator) -> Passkey:
    return enrol(session, account, phone.register(begin_enrolment(session, account)))


def begin_sign_in(session: Session) -> dict[str, Any]:
    return passkeys.begin_sign_in(session, party=HERE, at=NOON)


def use(session: Session, answer: dict[str, Any], at: datetime = NOON) -> Account:
    """Sign in with it, as far as it is the passkey's part; the session's commit is done here."""
    owner = passkeys.sign_in_with(session, answer, party=HERE, at=at)
    session.commit()
    return owner


def enter(session: Session, account: Account) -> sessions.Begun:
    device, _token = devices.remember(session, name="Chrome on Android", at=NOON)
    return sign_in.start_session(
        session, account, method="passkey", device=device, proves_device=True, at=NOON
    )


def reasons(session: Session, account: Account) -> list[str]:
    rows = session.scalars(
        select(AuditEvent).filter_by(chain=audit.chain_of(account), action="passkey:reject")
    )
    return [row.facts["reason"] for row in rows]


def refused(act: Callable[[], object]) -> str:
    with pytest.raises(Refused) as refusal:
        act()
    return refusal.value.code


def test_ana_adds_a_passkey_and_signs_in_with_it(session: Session, world: World) -> None:
    phone = SoftAuthenticator()
    kept = with_passkey(session, world.ana, phone)
    assert use(session, phone.sign_in(begin_sign_in(session))) is world.ana
    session.refresh(kept)
    assert (kept.name, kept.sign_count, kept.used_at) == ("My phone", 1, NOON)


class TestChallenges:
    def test_a_challenge_that_we_never_gave_is_rejected(
        self, session: Session, world: World
    ) -> None:
        phone = SoftAuthenticator()
        with_passkey(session, world.ana, phone)
        answer = phone.sign_in({"challenge": "bmV2ZXI"})
        assert refused(lambda: use(session, answer)) == "PASSKEY_REJECTED"

    def test_a_challenge_that_is_too_old_is_rejected(self, session: Session, world: World) -> None:
        phone = SoftAuthenticator()
        made = phone.register(begin_enrolment(session, world.ana))
        assert refused(lambda: enrol(session, world.ana, made, TOO_LATE)) == "PASSKEY_REJECTED"
        with_passkey(session, world.ana, phone)
        answer = phone.sign_in(begin_sign_in(session))
        assert refused(lambda: use(session, answer, TOO_LATE)) == "PASSKEY_REJECTED"

    def test_a_challenge_is_good_for_one_answer(self, session: Session, world: World) -> None:
        phone = SoftAuthenticator()
        made = phone.register(begin_enrolment(session, world.ana))
        enrol(session, world.ana, made)
        assert refused(lambda: enrol(session, world.ana, made)) == "PASSKEY_REJECTED"
        answer = phone.sign_in(begin_sign_in(session))
        use(session, answer)
        assert refused(lambda: use(session, answer)) == "PASSKEY_REJECTED"

    def test_a_challenge_is_used_up_before_its_answer_is_looked_at(
        self, session: Session, world: World
    ) -> None:
        phone = SoftAuthenticator()
        with_passkey(session, world.ana, phone)
        options = begin_sign_in(session)
        phone.flags = USER_PRESENT
        assert refused(lambda: use(session, phone.sign_in(options))) == "PASSKEY_REJECTED"
        session.rollback()

        phone.flags = SoftAuthenticator.flags
        assert refused(lambda: use(session, phone.sign_in(options))) == "PASSKEY_REJECTED"
        assert reasons(session, world.ana) == ["user-verification", "challenge"]

    def test_a_challenge_is_used_up_though_the_account_turns_out_to_be_frozen(
        self, session: Session, world: World
    ) -> None:
        phone = SoftAuthenticator()
        with_passkey(session, world.ana, phone)
        answer = phone.sign_in(begin_sign_in(session))
        world.ana.frozen_at = NOON
        session.commit()

        owner = passkeys.sign_in_with(session, answer, party=HERE, at=NOON)
        assert refused(lambda: enter(session, owner)) == "FROZEN"
        session.rollback()

        assert refused(lambda: use(session, answer)) == "PASSKEY_REJECTED"
        assert reasons(session, world.ana) == ["challenge"]

    def test_a_challenge_for_one_ceremony_is_no_good_for_the_other(
        self, session: Session, world: World
    ) -> None:
        phone = SoftAuthenticator()
        with_passkey(session, world.ana, phone)
        answer = phone.sign_in(begin_enrolment(session, world.ana))
        assert refused(lambda: use(session, answer)) == "PASSKEY_REJECTED"

    def test_a_challenge_for_ana_is_no_good_for_rosa(self, session: Session, world: World) -> None:
        made = SoftAuthenticator().register(begin_enrolment(session, world.ana))
        assert refused(lambda: enrol(session, world.rosa, made)) == "PASSKEY_REJECTED"
        assert reasons(session, world.rosa) == ["challenge"]

    def test_the_same_answer_many_times_at_once_opens_the_door_once(self, real_app: Flask) -> None:
        phone = SoftAuthenticator()
        with real_app.app_context():
            world = build_world(db.session)
            with_passkey(db.session, world.ana, phone)
            answer = phone.sign_in(begin_sign_in(db.session))

        def try_to_enter(_number: int) -> bool:
            begin_for_writing()
            with real_app.app_context():
                try:
                    owner = passkeys.sign_in_with(db.session, answer, party=HERE, at=NOON)
                    enter(db.session, owner)
                except Refused:
                    return False
                return True

        with ThreadPoolExecutor(6) as doors:
            assert sum(doors.map(try_to_enter, range(12))) == 1

    def test_a_passkey_and_the_session_that_it_opens_are_one_commit(self, real_app: Flask) -> None:
        phone = SoftAuthenticator()
        commits: list[object] = []
        with real_app.app_context():
            world = build_world(db.session)
            with_passkey(db.session, world.ana, phone)
            answer = phone.sign_in(begin_sign_in(db.session))
            db.session.commit()
            event.listen(db.engine, "commit", commits.append)
            owner = passkeys.sign_in_with(db.session, answer, party=HERE, at=NOON)
            assert commits == []
            begun = enter(db.session, owner)
            assert len(commits) == 1
            db.session.rollback()
            assert sessions.find(db.session, begun.token, at=NOON) is not None


class TestEnrolment:
    def test_a_passkey_belongs_to_one_account(self, session: Session, world: World) -> None:
        phone = SoftAuthenticator()
        with_passkey(session, world.ana, phone)
        made = phone.register(begin_enrolment(session, world.rosa))
        assert refused(lambda: enrol(session, world.rosa, made)) == "PASSKEY_KNOWN"
        assert passkeys.passkeys_of(session, world.rosa) == []

    def test_passkeys_that_exist_are_named_so_that_none_is_made_twice(
        self, session: Session, world: World
    ) -> None:
        phone = SoftAuthenticator()
        with_passkey(session, world.ana, phone)
        options = begin_enrolment(session, world.ana)
        assert len(options["excludeCredentials"]) == 1
        assert options["authenticatorSelection"]["residentKey"] == "required"

    def test_an_account_has_one_handle_and_it_says_nothing(
        self, session: Session, world: World
    ) -> None:
        first, second = begin_enrolment(session, world.ana), begin_enrolment(session, world.ana)
        assert first["user"]["id"] == second["user"]["id"]
        assert first["user"]["id"] != begin_enrolment(session, world.rosa)["user"]["id"]

    def test_the_owner_is_told_and_everybody_else_is_signed_out(
        self, session: Session, world: World
    ) -> None:
        elsewhere = sessions.start(session, world.ana, method="code", device_id=None, at=NOON)
        kept = with_passkey(session, world.ana, SoftAuthenticator())
        assert sessions.find(session, elsewhere, at=NOON) is None

        passkeys.remove(session, kept.id, session_id=0, by=world.ana, at=NOON)

        told = session.scalars(select(QueuedEmail).order_by(QueuedEmail.id)).all()
        assert [(mail.code, mail.facts) for mail in told] == [
            ("PASSKEY_ADDED", {"passkey": "My phone"}),
            ("PASSKEY_REMOVED", {"passkey": "My phone"}),
        ]
        assert audit.broken_links(session, audit.chain_of(world.ana)) == []

    def test_the_last_one_stays_beside_a_short_password(
        self, session: Session, world: World
    ) -> None:
        first = with_passkey(session, world.ana, SoftAuthenticator())
        second = with_passkey(session, world.ana, SoftAuthenticator())
        factors.set_password(session, world.ana, "x7#kQz9!pL", by=world.ana, at=NOON)

        passkeys.remove(session, first.id, session_id=0, by=world.ana, at=NOON)

        def remove() -> None:
            passkeys.remove(session, second.id, session_id=0, by=world.ana, at=NOON)

        assert refused(remove) == "PASSWORD_TOO_SHORT_ALONE"

    def test_a_passkey_of_somebody_else_is_not_found(self, session: Session, world: World) -> None:
        kept = with_passkey(session, world.ana, SoftAuthenticator())
        with pytest.raises(NoResultFound):
            passkeys.remove(session, kept.id, session_id=0, by=world.rosa, at=NOON)

    def test_a_synced_passkey_is_good_for_ana_but_not_for_the_county(
        self, session: Session, world: World
    ) -> None:
        phone = SoftAuthenticator(flags=SoftAuthenticator.flags | BACKUP_ELIGIBLE)
        assert with_passkey(session, world.ana, phone).backup_eligible
        other = SoftAuthenticator(flags=phone.flags)
        made = other.register(begin_enrolment(session, world.casey))
        assert refused(lambda: enrol(session, world.casey, made)) == "PASSKEY_IS_SYNCED"


class TestUse:
    def test_a_removed_passkey_opens_nothing(self, session: Session, world: World) -> None:
        phone = SoftAuthenticator()
        kept = with_passkey(session, world.ana, phone)
        passkeys.remove(session, kept.id, session_id=0, by=world.ana, at=NOON)
        answer = phone.sign_in(begin_sign_in(session))
        assert refused(lambda: use(session, answer)) == "PASSKEY_REJECTED"

    def test_a_passkey_that_we_never_saw_is_rejected(self, session: Session, world: World) -> None:
        phone = SoftAuthenticator()
        phone.register(begin_enrolment(session, world.ana))
        answer = phone.sign_in(begin_sign_in(session))
        assert refused(lambda: use(session, answer)) == "PASSKEY_REJECTED"

    def test_one_passkey_does_not_answer_in_the_name_of_another(
        self, session: Session, world: World
    ) -> None:
        anas, rosas = SoftAuthenticator(), SoftAuthenticator()
        with_passkey(session, world.ana, anas)
        with_passkey(session, world.rosa, rosas)
        answer = rosas.sign_in(begin_sign_in(session))
        answer["id"] = answer["rawId"] = b64url(anas.credential_id)
        assert refused(lambda: use(session, answer)) == "PASSKEY_REJECTED"
        assert reasons(session, world.ana) == ["user-handle"]

    def test_a_passkey_with_the_handle_of_another_account_is_rejected(
        self, session: Session, world: World
    ) -> None:
        phone = SoftAuthenticator()
        with_passkey(session, world.ana, phone)
        phone.user_handle = b"rosa"
        answer = phone.sign_in(begin_sign_in(session))
        assert refused(lambda: use(session, answer)) == "PASSKEY_REJECTED"
        assert reasons(session, world.ana) == ["user-handle"]

    def test_a_passkey_lifts_the_lock(self, session: Session, world: World) -> None:
        phone = SoftAuthenticator()
        with_passkey(session, world.ana, phone)
        for _ in range(5):
            with pytest.raises(Refused):
                sign_in.check_password(session, "ana", "wrong", secrets=SECRETS, at=NOON)
        use(session, phone.sign_in(begin_sign_in(session)))
        assert (world.ana.failures_in_a_row, world.ana.locked_at) == (0, None)

    @pytest.mark.parametrize("counter", [7, 3, 0])
    def test_a_counter_that_does_not_rise_is_flagged_and_not_blocked(
        self, session: Session, world: World, counter: int
    ) -> None:
        phone = SoftAuthenticator(sign_count=6)
        kept = with_passkey(session, world.ana, phone)
        use(session, phone.sign_in(begin_sign_in(session)))
        assert kept.flagged_at is None

        phone.sign_count, phone.counts = counter, False
        assert use(session, phone.sign_in(begin_sign_in(session))) is world.ana

        session.refresh(kept)
        assert (kept.flagged_at, kept.sign_count) == (NOON, 7)
        assert session.scalars(select(AuditEvent).filter_by(action="passkey:flag")).one()

    def test_of_uses_at_the_same_moment_the_highest_counter_stays(self, real_app: Flask) -> None:
        phone = SoftAuthenticator()
        with real_app.app_context():
            world = build_world(db.session)
            kept = with_passkey(db.session, world.ana, phone).id
            answers = [phone.sign_in(begin_sign_in(db.session)) for _ in range(8)]

        def enter_with(answer: dict[str, Any]) -> None:
            begin_for_writing()
            with real_app.app_context():
                use(db.session, answer)

        with ThreadPoolExecutor(8) as doors:
            list(doors.map(enter_with, answers))

        with real_app.app_context():
            counter = db.session.scalar(select(Passkey.sign_count).filter_by(id=kept))
        assert counter == 8

    def test_a_passkey_that_never_counts_is_not_flagged(
        self, session: Session, world: World
    ) -> None:
        phone = SoftAuthenticator(counts=False)
        kept = with_passkey(session, world.ana, phone)
        for _ in range(2):
            use(session, phone.sign_in(begin_sign_in(session)))
        assert (kept.flagged_at, kept.sign_count) == (None, 0)

    def test_that_a_passkey_was_backed_up_since_is_kept(
        self, session: Session, world: World
    ) -> None:
        phone = SoftAuthenticator(flags=SoftAuthenticator.flags | BACKUP_ELIGIBLE)
        kept = with_passkey(session, world.ana, phone)
        phone.flags |= 0x10
        use(session, phone.sign_in(begin_sign_in(session)))
        session.refresh(kept)
        assert kept.backed_up
