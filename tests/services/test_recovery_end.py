"""The end of a way back: what opens the account now, and what of the past ends with it, at once."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.outcomes import Refused
from app.domain.recovery import Lost, Proof
from app.models.accounts import Account, Passkey
from app.models.audit import AuditEvent
from app.models.devices import Session as SignedIn
from app.models.devices import TrustedDevice
from app.models.factors import AuthenticatorApp, RecoveryCode
from app.models.messages import Notice, QueuedEmail, QueuedText
from app.services import (
    audit,
    devices,
    factors,
    passkeys,
    recovery,
    recovery_end,
    sessions,
    sign_in,
)
from factories import LONG_AGO, PASSWORD, World
from soft_authenticator import SoftAuthenticator
from ways_back import (
    HERE,
    NEW_PASSWORD,
    NOON,
    SECRETS,
    Walker,
    add_app,
    add_passkey,
    equip,
    freeze,
    set_out,
)


@pytest.fixture
def kit(session: Session, world: World) -> list[str]:
    return equip(session, world.ana)


def proved(session: Session, kit: list[str], lost: Lost = Lost.EVERYTHING) -> Walker:
    """Ana has given a code by e-mail and one of her kit."""
    ana = set_out(session, lost=lost)
    ana.prove_by_email()
    ana.type_kit_code(kit[0])
    return ana


def come_back(session: Session, ana: Walker) -> None:
    recovery_end.set_password(session, ana.way, NEW_PASSWORD, at=ana.at)


def make_passkey(session: Session, ana: Walker) -> SoftAuthenticator:
    phone = SoftAuthenticator()
    options = recovery_end.begin_passkey(session, ana.way, party=HERE, secrets=SECRETS, at=ana.at)
    recovery_end.add_passkey(
        session,
        ana.way,
        phone.register(options),
        "New phone",
        party=HERE,
        secrets=SECRETS,
        at=ana.at,
    )
    return phone


def refused_code(ana: Walker, password: str = NEW_PASSWORD) -> str:
    with pytest.raises(Refused) as refused:
        recovery_end.set_password(ana.session, ana.way, password, at=ana.at)
    return refused.value.code


class TestNewPassword:
    def test_it_opens_the_account_and_the_old_one_does_not(
        self, session: Session, world: World, kit: list[str]
    ) -> None:
        come_back(session, proved(session, kit))

        def enter(password: str) -> Account:
            return sign_in.check_password(session, "ana", password, secrets=SECRETS, at=NOON)

        assert enter(NEW_PASSWORD) is world.ana
        with pytest.raises(Refused):
            enter(PASSWORD)

    def test_it_takes_two_proofs(self, session: Session, kit: list[str]) -> None:
        ana = set_out(session)
        assert refused_code(ana) == "PROOFS_MISSING"
        ana.type_kit_code(kit[0])
        assert refused_code(ana) == "PROOFS_MISSING"

    @pytest.mark.parametrize(
        ("password", "code"),
        [
            ("too short", "PASSWORD_TOO_SHORT"),
            ("passwordpassword", "PASSWORD_TOO_COMMON"),
            ("x" * 201, "PASSWORD_TOO_LONG"),
        ],
    )
    def test_a_bad_one_changes_nothing(
        self, session: Session, world: World, kit: list[str], password: str, code: str
    ) -> None:
        ana = proved(session, kit)
        token = a_session(session, world.ana)
        assert refused_code(ana, password) == code
        assert sessions.find(session, token, at=NOON) is not None
        come_back(session, ana)

    def test_a_lost_app_does_not_make_a_short_one_good(
        self, session: Session, world: World, kit: list[str]
    ) -> None:
        add_app(session, world.ana)
        assert refused_code(proved(session, kit, Lost.PHONE), "eight or") == "PASSWORD_TOO_SHORT"
        ana = proved(session, kit[1:], Lost.PASSWORD)
        assert recovery_end.shortest_password(session, ana.way, at=NOON) == 8

    def test_the_way_back_is_over_and_all_others_with_it(
        self, session: Session, kit: list[str]
    ) -> None:
        ana, other = proved(session, kit), set_out(session)
        other.type_kit_code(kit[1])
        issued = other.ask_for_code()
        way = ana.way
        come_back(session, ana)

        assert recovery.find(session, ana.ticket, at=NOON) is None
        assert recovery.find(session, other.ticket, at=NOON) is None
        with pytest.raises(Refused):
            recovery_end.set_password(session, way, NEW_PASSWORD, at=NOON)
        assert issued.ticket

    def test_a_desk_link_that_is_still_out_leads_nowhere(
        self, session: Session, world: World, kit: list[str]
    ) -> None:
        link = recovery.desk_reset(session, world.ana, reason="Called", by=world.dev, at=NOON)
        come_back(session, proved(session, kit))
        with pytest.raises(Refused):
            recovery.follow_link(session, link.token, at=NOON)


class TestNewPasskey:
    def test_it_opens_the_account_and_a_lost_password_is_off(
        self, session: Session, world: World, kit: list[str]
    ) -> None:
        phone = make_passkey(session, proved(session, kit))

        options = passkeys.begin_sign_in(session, party=HERE, at=NOON)
        entered = passkeys.sign_in_with(session, phone.sign_in(options), party=HERE, at=NOON)
        assert entered is world.ana
        assert world.ana.password_hash is None

    def test_a_password_that_is_not_lost_stays(
        self, session: Session, world: World, kit: list[str]
    ) -> None:
        make_passkey(session, proved(session, kit, Lost.PHONE))
        assert world.ana.password_hash is not None

    def test_it_takes_two_proofs(self, session: Session) -> None:
        with pytest.raises(Refused, match="PROOFS_MISSING"):
            make_passkey(session, set_out(session))


class TestThePast:
    def test_everybody_is_signed_out_and_no_device_is_known(
        self, session: Session, world: World, kit: list[str]
    ) -> None:
        token = a_session(session, world.ana)
        device, _ = devices.remember(session, name="Chrome on Android", at=NOON)
        devices.prove(session, device, world.ana, at=NOON)
        come_back(session, proved(session, kit))

        assert sessions.find(session, token, at=NOON) is None
        assert not devices.has_proved(session, device, world.ana)
        assert session.scalars(select(SignedIn.id).where(SignedIn.ended_at.is_(None))).all() == []
        assert session.scalars(select(TrustedDevice.id).filter_by(revoked_at=None)).all() == []

    def test_a_stranger_to_the_account_stays_signed_in(
        self, session: Session, world: World, kit: list[str]
    ) -> None:
        token = a_session(session, world.rosa)
        come_back(session, proved(session, kit))
        assert sessions.find(session, token, at=NOON) is not None

    def test_the_lock_is_lifted(self, session: Session, world: World, kit: list[str]) -> None:
        world.ana.failures_in_a_row, world.ana.locked_at = 5, NOON
        come_back(session, proved(session, kit))
        assert (world.ana.failures_in_a_row, world.ana.locked_at) == (0, None)

    def test_every_address_is_told_once(
        self, session: Session, world: World, kit: list[str]
    ) -> None:
        come_back(session, proved(session, kit, Lost.PASSWORD))
        for table in (Notice, QueuedEmail, QueuedText):
            told = session.scalars(select(table.code)).all()
            assert told.count("ACCOUNT_RECOVERED") == 1, table

    def test_it_is_on_record_with_what_was_proved(
        self, session: Session, world: World, kit: list[str]
    ) -> None:
        come_back(session, proved(session, kit))
        row = session.scalars(
            select(AuditEvent).filter_by(chain=audit.chain_of(world.ana), action="recovery:finish")
        ).one()
        assert row.facts == {"lost": "everything", "proofs": ["email", "kit"]}
        assert audit.broken_links(session, audit.chain_of(world.ana)) == []

    def test_a_lost_phone_gets_no_texts_and_its_app_opens_nothing(
        self, session: Session, world: World, kit: list[str]
    ) -> None:
        add_app(session, world.ana)
        come_back(session, proved(session, kit, Lost.PHONE))
        assert world.ana.phone_confirmed_at is None
        assert not factors.ways_of(session, world.ana).has_app

    def test_a_number_at_which_a_text_just_arrived_stays(
        self, session: Session, world: World, kit: list[str]
    ) -> None:
        ana = set_out(session, lost=Lost.PHONE)
        ana.type_kit_code(kit[0])
        ana.type_code(ana.ask_for_code(Proof.TEXT).code)
        come_back(session, ana)
        assert world.ana.phone_confirmed_at is not None

    def test_whoever_only_forgot_a_password_keeps_the_rest(
        self, session: Session, world: World, kit: list[str]
    ) -> None:
        add_app(session, world.ana)
        add_passkey(session, world.ana)
        come_back(session, proved(session, kit, Lost.PASSWORD))
        ways = factors.ways_of(session, world.ana)
        assert (ways.has_app, ways.passkeys, ways.kit_codes) == (True, 1, 9)
        assert ways.phone is not None


class TestFrozen:
    def test_it_thaws_and_loses_what_the_thief_added(
        self, session: Session, world: World, kit: list[str]
    ) -> None:
        changed_at = NOON - timedelta(hours=1)
        add_passkey(session, world.ana)
        add_passkey(session, world.ana, at=changed_at)
        add_app(session, world.ana, at=changed_at)
        freeze(session, world.ana, changed_at=changed_at)
        come_back(session, proved(session, kit))

        assert world.ana.frozen_at is None
        assert [each.created_at for each in session.scalars(select(Passkey))] == [LONG_AGO]
        assert session.scalars(select(AuthenticatorApp)).all() == []
        assert len(session.scalars(select(RecoveryCode)).all()) == 10

    def test_a_thiefs_address_hears_nothing_any_more(
        self, session: Session, world: World, kit: list[str]
    ) -> None:
        changed_at = NOON - timedelta(hours=1)
        world.ana.email_confirmed_at = changed_at
        freeze(session, world.ana, changed_at=changed_at)
        ana = set_out(session)
        ana.type_kit_code(kit[0])
        ana.type_code(ana.ask_for_code(Proof.TEXT).code)
        come_back(session, ana)

        assert world.ana.email_confirmed_at is None
        told = session.scalars(select(QueuedEmail.code)).all()
        assert "ACCOUNT_RECOVERED" not in told

    def test_a_thiefs_proofs_do_not_thaw_it(
        self, session: Session, world: World, kit: list[str]
    ) -> None:
        changed_at = NOON - timedelta(hours=1)
        thiefs = factors.make_kit(session, world.ana, by=world.ana, at=changed_at)
        freeze(session, world.ana, changed_at=changed_at)
        thief = set_out(session)
        thief.type_kit_code(thiefs[0])
        thief.prove_by_email()
        assert refused_code(thief) == "PROOFS_MISSING"
        assert world.ana.frozen_at is not None

    def test_the_new_passkey_is_not_taken_for_the_thiefs(
        self, session: Session, world: World, kit: list[str]
    ) -> None:
        freeze(session, world.ana, changed_at=NOON - timedelta(hours=1))
        make_passkey(session, proved(session, kit))
        assert factors.ways_of(session, world.ana).passkeys == 1


def a_session(session: Session, account: Account) -> str:
    token = sessions.start(session, account, method="passkey", device_id=None, at=NOON)
    session.commit()
    return token
