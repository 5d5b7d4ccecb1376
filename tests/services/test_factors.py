"""Passwords, authenticator apps and recovery kits: how they are got, used, changed and told of."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.domain.outcomes import Refused
from app.extensions import db
from app.gateways import authenticator_apps, passwords
from app.gateways.secrets import Secrets
from app.models.accounts import Account, Passkey, Stranger
from app.models.audit import AuditEvent
from app.models.engine import begin_for_writing
from app.models.factors import RecoveryCode
from app.models.messages import Notice, QueuedEmail, QueuedText
from app.services import claimants, factors, sessions, sign_in
from factories import PASSWORD, World, build_world

SECRETS = Secrets("a key of thirty-two characters...")
NOON = datetime(2026, 11, 24, 20, tzinfo=UTC)
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
BETTER = "seven quiet herons by the canal"


def refusal(act: Callable[[], object]) -> str:
    with pytest.raises(Refused) as refused:
        act()
    return refused.value.code


def told(session: Session, account: Account) -> list[str]:
    return list(session.scalars(select(QueuedEmail.code).filter_by(to_account_id=account.id)))


def with_phone(session: Session, account: Account) -> None:
    account.phone, account.phone_confirmed_at = "+12135550142", NOON
    session.commit()


def with_app(session: Session, account: Account) -> str:
    """The secret of an app that was added a while ago."""
    before = NOON - timedelta(days=1)
    secret = factors.begin_app(session, account, at=before).secret
    code = authenticator_apps.code_at(secret, before)
    factors.confirm_app(session, account, code, by=account, at=before)
    return secret


def use_app(session: Session, account: Account, secret: str, at: datetime = NOON) -> None:
    factors.check_app(session, account, authenticator_apps.code_at(secret, at), at=at)


class TestWays:
    def test_ana_has_a_password_and_a_confirmed_address(
        self, session: Session, world: World
    ) -> None:
        ways = factors.ways_of(session, world.ana)
        assert ways == factors.Ways(True, 0, False, "ana@example.com", None, 0, 0)
        assert not ways.has_another_factor

    def test_only_what_is_confirmed_and_unused_is_a_way(
        self, session: Session, world: World
    ) -> None:
        with_phone(session, world.ana)
        factors.begin_app(session, world.ana, at=NOON)
        kit = factors.make_kit(session, world.ana, by=world.ana, at=NOON)
        factors.use_recovery_code(session, world.ana, kit[0], at=NOON)
        world.ana.email_confirmed_at = None
        session.commit()

        ways = factors.ways_of(session, world.ana)

        assert (ways.email, ways.phone) == (None, "+12135550142")
        assert (ways.has_app, ways.kit_codes) == (False, 9)


class TestPasswords:
    def test_a_new_password_ends_other_sessions_and_is_told_at_every_address(
        self, session: Session, world: World
    ) -> None:
        with_phone(session, world.ana)
        elsewhere = sessions.start(session, world.ana, method="code", device_id=None, at=NOON)
        here = sessions.start(session, world.ana, method="passkey", device_id=None, at=NOON)
        mine = sessions.find(session, here, at=NOON)
        assert mine is not None

        factors.set_password(session, world.ana, BETTER, by=world.ana, at=NOON, but=mine.id)

        assert sessions.find(session, elsewhere, at=NOON) is None
        assert sessions.find(session, here, at=NOON) is mine
        assert sign_in.check_password(session, "ana", BETTER, secrets=SECRETS, at=NOON) is world.ana
        assert world.ana.password_changed_at == NOON
        assert told(session, world.ana) == ["PASSWORD_CHANGED"]
        assert session.scalars(select(QueuedText.code)).all() == ["PASSWORD_CHANGED"]
        assert session.scalars(select(Notice.code)).all() == ["PASSWORD_CHANGED"]
        acts = session.scalars(select(AuditEvent).filter_by(action="password:change")).all()
        assert [act.subject for act in acts] == [f"account:{world.ana.id}"]

    def test_a_new_password_lifts_the_lock_of_the_old(self, session: Session, world: World) -> None:
        world.ana.failures_in_a_row, world.ana.locked_at = 100, NOON
        session.commit()
        factors.set_password(session, world.ana, BETTER, by=world.ana, at=NOON)
        assert sign_in.check_password(session, "ana", BETTER, secrets=SECRETS, at=NOON)

    @pytest.mark.parametrize(
        ("password", "code"),
        [
            ("x7#kQz9!pL", "PASSWORD_TOO_SHORT"),
            ("passwordpassword", "PASSWORD_TOO_COMMON"),
            ("123456789012345", "PASSWORD_TOO_COMMON"),
            ("CareHours CareHours", "PASSWORD_TOO_COMMON"),
            ("Ana Flores 1974 !", "PASSWORD_TOO_COMMON"),
            ("a b " * 60, "PASSWORD_TOO_LONG"),
        ],
    )
    def test_a_password_that_others_would_try_is_refused(
        self, session: Session, world: World, password: str, code: str
    ) -> None:
        def change() -> None:
            factors.set_password(session, world.ana, password, by=world.ana, at=NOON)

        assert refusal(change) == code
        assert sign_in.check_password(session, "ana", PASSWORD, secrets=SECRETS, at=NOON)
        assert told(session, world.ana) == []

    def test_beside_an_app_eight_characters_are_enough(
        self, session: Session, world: World
    ) -> None:
        with_app(session, world.ana)
        factors.set_password(session, world.ana, "x7#kQz9!pL", by=world.ana, at=NOON)
        assert sign_in.check_password(session, "ana", "x7#kQz9!pL", secrets=SECRETS, at=NOON)

    def test_beside_a_passkey_too(self, session: Session, world: World) -> None:
        session.add(
            Passkey(
                account_id=world.ana.id,
                credential_id=b"1",
                public_key=b"",
                backup_eligible=False,
                backed_up=False,
                user_handle=b"",
                name="My phone",
                created_at=NOON,
            )
        )
        assert factors.ways_of(session, world.ana).has_another_factor

    def test_a_short_password_is_not_left_alone(self, session: Session, world: World) -> None:
        def remove() -> None:
            factors.remove_app(session, world.ana, by=world.ana, at=NOON)

        with_app(session, world.ana)
        factors.set_password(session, world.ana, "x7#kQz9!pL", by=world.ana, at=NOON)
        assert refusal(remove) == "PASSWORD_TOO_SHORT_ALONE"

        factors.set_password(session, world.ana, BETTER, by=world.ana, at=NOON)
        remove()
        assert not factors.ways_of(session, world.ana).has_app

    def test_a_refused_password_is_never_hashed(
        self, session: Session, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(passwords, "hash_password", pytest.fail)
        assert refusal(
            lambda: factors.set_password(
                session, world.ana, "x" * 10_000_000, by=world.ana, at=NOON
            )
        )


class TestApps:
    def test_an_app_counts_once_it_showed_a_right_code(
        self, session: Session, world: World
    ) -> None:
        shown = factors.begin_app(session, world.ana, at=NOON)
        assert factors.begin_app(session, world.ana, at=NOON + MINUTE) == shown
        assert f"secret={shown.secret}" in shown.address
        assert refusal(lambda: use_app(session, world.ana, shown.secret)) == "NO_APP"

        code = authenticator_apps.code_at(shown.secret, NOON)
        factors.confirm_app(session, world.ana, code, by=world.ana, at=NOON)

        assert factors.ways_of(session, world.ana).has_app
        assert told(session, world.ana) == ["APP_ADDED"]
        assert refusal(lambda: factors.begin_app(session, world.ana, at=NOON)) == "APP_EXISTS"

    def test_a_wrong_code_or_one_that_comes_too_late_adds_no_app(
        self, session: Session, world: World
    ) -> None:
        shown = factors.begin_app(session, world.ana, at=NOON)

        def confirm(code: str, at: datetime) -> None:
            factors.confirm_app(session, world.ana, code, by=world.ana, at=at)

        assert refusal(lambda: confirm("no", NOON)) == "APP_CODE_WRONG"
        later = NOON + timedelta(hours=1)
        late = authenticator_apps.code_at(shown.secret, later)
        assert refusal(lambda: confirm(late, later)) == "APP_EXPIRED"
        assert factors.begin_app(session, world.ana, at=later).secret != shown.secret

    @pytest.mark.parametrize("seconds", [-30, 0, 30])
    def test_a_clock_may_differ_by_a_step(
        self, session: Session, world: World, seconds: int
    ) -> None:
        secret = with_app(session, world.ana)
        code = authenticator_apps.code_at(secret, NOON + seconds * SECOND)
        factors.check_app(session, world.ana, code, at=NOON)

    @pytest.mark.parametrize("seconds", [-60, 60])
    def test_but_not_by_two(self, session: Session, world: World, seconds: int) -> None:
        secret = with_app(session, world.ana)
        code = authenticator_apps.code_at(secret, NOON + seconds * SECOND)
        assert (
            refusal(lambda: factors.check_app(session, world.ana, code, at=NOON))
            == "APP_CODE_WRONG"
        )

    def test_no_step_is_used_twice_nor_an_older_one(self, session: Session, world: World) -> None:
        secret = with_app(session, world.ana)
        use_app(session, world.ana, secret)
        assert refusal(lambda: use_app(session, world.ana, secret)) == "APP_CODE_USED"
        before = authenticator_apps.code_at(secret, NOON - 30 * SECOND)
        assert (
            refusal(lambda: factors.check_app(session, world.ana, before, at=NOON))
            == "APP_CODE_USED"
        )
        use_app(session, world.ana, secret, NOON + 30 * SECOND)

    def test_the_code_that_confirmed_the_app_does_not_sign_in_too(
        self, session: Session, world: World
    ) -> None:
        secret = factors.begin_app(session, world.ana, at=NOON).secret
        code = authenticator_apps.code_at(secret, NOON)
        factors.confirm_app(session, world.ana, code, by=world.ana, at=NOON)
        assert refusal(lambda: use_app(session, world.ana, secret)) == "APP_CODE_USED"

    def test_the_code_of_somebody_elses_app_is_wrong(self, session: Session, world: World) -> None:
        with_app(session, world.ana)
        secret = with_app(session, world.rosa)
        assert refusal(lambda: use_app(session, world.ana, secret)) == "APP_CODE_WRONG"

    def test_wrong_codes_in_a_row_lock_the_app_and_right_passwords_do_not_help(
        self, session: Session, world: World
    ) -> None:
        secret = with_app(session, world.ana)

        def guess(at: datetime = NOON) -> str:
            sign_in.check_password(session, "ana", PASSWORD, secrets=SECRETS, at=at)
            return refusal(lambda: factors.check_app(session, world.ana, "no", at=at))

        assert [guess() for _ in range(6)] == ["APP_CODE_WRONG"] * 5 + ["APP_LOCKED"]
        assert refusal(lambda: use_app(session, world.ana, secret)) == "APP_LOCKED"
        assert told(session, world.ana) == ["APP_ADDED", "APP_GUESSED"]

        later = NOON + 30 * MINUTE
        assert guess(later) == "APP_CODE_WRONG"
        assert guess(later + 29 * SECOND) == "APP_LOCKED"
        use_app(session, world.ana, secret, later + 30 * SECOND)
        assert guess(later + 60 * SECOND) == "APP_CODE_WRONG"

    def test_after_a_hundred_wrong_codes_the_app_is_off(
        self, session: Session, world: World
    ) -> None:
        secret = with_app(session, world.ana)
        at = NOON
        for _ in range(100):
            refusal(lambda at=at: factors.check_app(session, world.ana, "no", at=at))
            at += timedelta(hours=1)
        assert refusal(lambda: use_app(session, world.ana, secret, at)) == "APP_OFF"

    def test_a_removed_app_opens_nothing(self, session: Session, world: World) -> None:
        secret = with_app(session, world.ana)
        factors.remove_app(session, world.ana, by=world.ana, at=NOON)
        assert refusal(lambda: use_app(session, world.ana, secret)) == "NO_APP"
        assert told(session, world.ana)[-1] == "APP_REMOVED"

    def test_the_secret_does_not_lie_in_the_database_in_the_clear(
        self, session: Session, world: World
    ) -> None:
        secret = with_app(session, world.ana)
        kept = session.scalar(text("SELECT secret FROM authenticator_app"))
        assert secret not in str(kept)

    def test_one_code_typed_many_times_at_once_opens_once(self, real_app: Flask) -> None:
        with real_app.app_context():
            world = build_world(db.session)
            secret = with_app(db.session, world.ana)
            owner = world.ana.id

        def enter(_number: int) -> bool:
            begin_for_writing()
            with real_app.app_context():
                account = db.session.scalars(select(Account).filter_by(id=owner)).one()
                try:
                    use_app(db.session, account, secret)
                except Refused:
                    return False
                return True

        with ThreadPoolExecutor(6) as doors:
            assert sum(doors.map(enter, range(12))) == 1


class TestKits:
    def test_a_kit_has_ten_codes_of_eighty_bits_and_none_lies_here_in_the_clear(
        self, session: Session, world: World
    ) -> None:
        kit = factors.make_kit(session, world.ana, by=world.ana, at=NOON)
        kept = session.scalars(select(RecoveryCode.code_hash)).all()

        assert len(set(kit)) == 10
        assert {len(code.replace("-", "")) for code in kit} == {16}
        assert not set("ILOU") & set("".join(kit))
        assert not any(code in hashed for code in kit for hashed in kept)
        assert told(session, world.ana) == ["KIT_MADE"]

    def test_a_code_works_once_however_it_is_written(self, session: Session, world: World) -> None:
        kit = factors.make_kit(session, world.ana, by=world.ana, at=NOON)
        typed = f" {kit[3].lower().replace('-', ' ').replace('0', 'o').replace('1', 'l')} "

        factors.use_recovery_code(session, world.ana, typed, at=NOON)

        assert (
            refusal(lambda: factors.use_recovery_code(session, world.ana, kit[3], at=NOON))
            == "RECOVERY_CODE_WRONG"
        )
        letter = session.scalars(select(QueuedEmail).filter_by(code="RECOVERY_CODE_USED")).one()
        assert letter.facts == {"left": 9}
        assert letter.is_alarm

    def test_a_new_kit_takes_the_place_of_the_old(self, session: Session, world: World) -> None:
        old = factors.make_kit(session, world.ana, by=world.ana, at=NOON)
        new = factors.make_kit(session, world.ana, by=world.ana, at=NOON)
        assert (
            refusal(lambda: factors.use_recovery_code(session, world.ana, old[0], at=NOON))
            == "RECOVERY_CODE_WRONG"
        )
        factors.use_recovery_code(session, world.ana, new[0], at=NOON)

    def test_a_code_is_good_for_its_owner_alone(self, session: Session, world: World) -> None:
        kit = factors.make_kit(session, world.ana, by=world.ana, at=NOON)
        nobody = claimants.claimant(session, "nobody", secrets=SECRETS, at=NOON)
        assert isinstance(nobody, Stranger)
        for other in (world.rosa, nobody):
            assert (
                refusal(lambda o=other: factors.use_recovery_code(session, o, kit[0], at=NOON))
                == "RECOVERY_CODE_WRONG"
            )

    def test_a_used_code_lifts_the_lock(self, session: Session, world: World) -> None:
        kit = factors.make_kit(session, world.ana, by=world.ana, at=NOON)
        world.ana.failures_in_a_row, world.ana.locked_at = 5, NOON
        session.commit()
        factors.use_recovery_code(session, world.ana, kit[0], at=NOON)
        assert (world.ana.failures_in_a_row, world.ana.locked_at) == (0, None)
