"""A way back: what stands before it, which proofs it takes, and what never leads anywhere."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.outcomes import Refused
from app.domain.recovery import Lost, Proof
from app.gateways import authenticator_apps
from app.models.accounts import Stranger
from app.models.audit import AuditEvent
from app.models.factors import Recovery
from app.services import (
    audit,
    codes,
    factors,
    recovery,
    security_questions,
    sign_in,
)
from factories import PASSWORD, World
from ways_back import (
    ANSWERS,
    MINUTE,
    NOON,
    SECRETS,
    Walker,
    add_app,
    add_passkey,
    equip,
    freeze,
    set_out,
)

WRONG = "000000"


def refused(act: Callable[[], object]) -> Refused:
    with pytest.raises(Refused) as caught:
        act()
    return caught.value


@pytest.fixture
def kit(session: Session, world: World) -> list[str]:
    """Ana's kit; she also has answers and a phone number."""
    return equip(session, world.ana)


@pytest.mark.usefixtures("kit")
class TestQuestion:
    def test_it_stands_before_the_first_code_that_is_sent(self, session: Session) -> None:
        ana = set_out(session)

        assert ana.asked() in ANSWERS
        assert refused(ana.ask_for_code).code == "QUESTION_FIRST"

    def test_a_right_answer_opens_the_way_for_codes_and_proves_nothing(
        self, session: Session
    ) -> None:
        ana = set_out(session)
        ana.answer()

        assert ana.asked() is None
        assert ana.given == set()
        assert ana.ask_for_code().to is not None

    def test_three_wrong_answers_close_it_also_for_the_right_one(self, session: Session) -> None:
        ana = set_out(session)
        left = [refused(lambda: ana.answer("no idea")) for _ in range(3)]

        assert [each.facts.get("tries_left") for each in left] == [2, 1, None]
        assert left[-1].code == "QUESTION_CLOSED"
        assert refused(ana.answer).code == "QUESTION_CLOSED"
        assert refused(ana.ask_for_code).code == "QUESTION_FIRST"

    def test_whoever_gave_another_proof_is_not_asked(
        self, session: Session, kit: list[str]
    ) -> None:
        ana = set_out(session)
        for _ in range(3):
            refused(lambda: ana.answer("no idea"))
        ana.type_kit_code(kit[0])

        ana.type_code(ana.ask_for_code().code)
        assert ana.suffices

    def test_it_is_the_same_on_each_way_back(self, session: Session) -> None:
        assert len({set_out(session).asked() for _ in range(3)}) == 1


class TestStranger:
    def test_a_name_that_nobody_has_is_led_about_and_never_in(self, session: Session) -> None:
        nobody = set_out(session, "nobody@example.com")

        assert nobody.way.account_id is None
        assert nobody.asked() is not None
        assert refused(lambda: nobody.answer("Bruno")).facts == {"tries_left": 2}
        assert refused(lambda: nobody.type_kit_code("AAAA-BBBB-CCCC-DDDD")).code == (
            "RECOVERY_CODE_WRONG"
        )
        assert refused(lambda: nobody.type_password(PASSWORD)).code == "SIGN_IN_WRONG"
        assert nobody.given == set()

    def test_it_is_offered_what_an_account_is_offered(
        self, session: Session, kit: list[str]
    ) -> None:
        for lost in Lost:
            ana, nobody = set_out(session, "ana", lost), set_out(session, "nobody", lost)
            assert recovery.standing(session, ana.way) == recovery.standing(session, nobody.way)

    def test_it_is_refused_what_an_account_is_refused(
        self, session: Session, kit: list[str]
    ) -> None:
        ana, nobody = set_out(session, "ana"), set_out(session, "nobody")
        for step in (
            lambda walker: walker.answer("no"),
            lambda walker: walker.type_kit_code("no"),
            lambda walker: walker.type_password("no"),
            lambda walker: walker.type_app_code(WRONG),
            lambda walker: walker.ask_for_code(Proof.TEXT),
            lambda walker: walker.type_code(WRONG),
        ):
            one = refused(lambda step=step: step(ana))
            other = refused(lambda step=step: step(nobody))
            assert (one.code, one.facts) == (other.code, other.facts)

    def test_an_account_without_answers_is_no_way_in_either(
        self, session: Session, world: World
    ) -> None:
        rosa = set_out(session, "rosa")
        assert refused(lambda: rosa.answer("")).code == "ANSWER_WRONG"

    def test_leftovers_go_with_the_name(self, session: Session) -> None:
        set_out(session, "nobody")
        sign_in.delete_leftovers(session, at=NOON + timedelta(days=31))

        assert session.scalars(select(Recovery)).all() == []
        assert session.scalars(select(Stranger)).all() == []


class TestProofs:
    def test_code_and_kit(self, session: Session, kit: list[str]) -> None:
        ana = set_out(session)
        ana.prove_by_email()
        assert (ana.given, ana.suffices) == ({Proof.EMAIL}, False)
        ana.type_kit_code(kit[3].lower().replace("-", " "))
        assert (ana.given, ana.suffices) == ({Proof.EMAIL, Proof.KIT}, True)

    def test_e_mail_and_text(self, session: Session, kit: list[str]) -> None:
        ana = set_out(session, lost=Lost.PASSWORD)
        ana.prove_by_email()
        ana.type_code(ana.ask_for_code(Proof.TEXT).code)
        assert ana.suffices

    def test_password_and_code(self, session: Session, kit: list[str]) -> None:
        ana = set_out(session, lost=Lost.PHONE)
        ana.type_password(PASSWORD)
        assert not ana.suffices
        ana.prove_by_email()
        assert ana.suffices

    def test_passkey_and_kit(self, session: Session, world: World, kit: list[str]) -> None:
        phone, _ = add_passkey(session, world.ana)
        ana = set_out(session, lost=Lost.PASSWORD)
        ana.use_passkey(phone)
        ana.type_kit_code(kit[0])
        assert ana.suffices

    def test_code_and_app(self, session: Session, world: World, kit: list[str]) -> None:
        secret = add_app(session, world.ana)
        ana = set_out(session, lost=Lost.PASSWORD)
        ana.prove_by_email()
        ana.type_app_code(authenticator_apps.code_at(secret, NOON))
        assert ana.suffices

    def test_the_same_proof_twice_is_one(self, session: Session, kit: list[str]) -> None:
        ana = set_out(session)
        ana.type_kit_code(kit[0])
        ana.type_kit_code(kit[1])
        assert (ana.given, ana.suffices) == ({Proof.KIT}, False)

    def test_each_is_on_record(self, session: Session, world: World, kit: list[str]) -> None:
        ana = set_out(session)
        ana.type_kit_code(kit[0])
        row = session.scalars(
            select(AuditEvent).filter_by(chain=audit.chain_of(world.ana), action="recovery:prove")
        ).one()
        assert row.facts == {"proof": "kit"}


class TestWrongProofs:
    def test_a_kit_code_works_once(self, session: Session, kit: list[str]) -> None:
        set_out(session).type_kit_code(kit[0])
        again = set_out(session)
        assert refused(lambda: again.type_kit_code(kit[0])).code == "RECOVERY_CODE_WRONG"

    def test_somebody_elses_kit_code_is_wrong(
        self, session: Session, world: World, kit: list[str]
    ) -> None:
        rosa = set_out(session, "rosa")
        assert refused(lambda: rosa.type_kit_code(kit[0])).code == "RECOVERY_CODE_WRONG"
        set_out(session).type_kit_code(kit[0])  # and it is not used up by that

    def test_a_code_of_an_older_kit_is_wrong(
        self, session: Session, world: World, kit: list[str]
    ) -> None:
        factors.make_kit(session, world.ana, by=world.ana, at=NOON)
        ana = set_out(session)
        assert refused(lambda: ana.type_kit_code(kit[0])).code == "RECOVERY_CODE_WRONG"

    def test_somebody_elses_passkey_is_wrong(self, session: Session, world: World) -> None:
        phone, _ = add_passkey(session, world.rosa)
        ana = set_out(session)
        assert refused(lambda: ana.use_passkey(phone)).code == "PASSKEY_REJECTED"
        assert ana.given == set()

    def test_a_code_that_rosa_was_sent_is_no_proof_for_ana(
        self, session: Session, world: World, kit: list[str]
    ) -> None:
        security_questions.set_answers(session, world.rosa, ANSWERS, by=world.rosa, at=NOON)
        rosa, ana = set_out(session, "rosa"), set_out(session, "ana")
        rosa.answer()
        code = rosa.ask_for_code().code
        ana.code_ticket = rosa.code_ticket

        assert refused(lambda: ana.type_code(code)).code == "CODE_EXPIRED"
        rosa.type_code(code)

    def test_a_code_for_signing_in_is_no_proof(
        self, session: Session, world: World, kit: list[str]
    ) -> None:
        issued = codes.issue_code(
            session, world.ana, "sign_in", device=None, secrets=SECRETS, at=NOON
        )
        ana = set_out(session)
        ana.code_ticket = issued.ticket
        assert refused(lambda: ana.type_code(issued.code)).code == "CODE_EXPIRED"

    def test_codes_that_are_wrong_used_late_or_replaced(
        self, session: Session, kit: list[str]
    ) -> None:
        ana = set_out(session)
        ana.answer()
        first = ana.ask_for_code()
        second = ana.ask_for_code()
        other = "111111" if second.code == WRONG else WRONG
        assert refused(lambda: ana.type_code(other)).facts == {"tries_left": 4}
        ana.code_ticket = first.ticket
        assert refused(lambda: ana.type_code(first.code)).code == "CODE_USED"
        ana.code_ticket = second.ticket
        ana.at = NOON + 10 * MINUTE
        assert refused(lambda: ana.type_code(second.code)).code == "CODE_EXPIRED"

    def test_the_app_is_not_tried_before_a_code(
        self, session: Session, world: World, kit: list[str]
    ) -> None:
        secret = add_app(session, world.ana)
        ana = set_out(session, lost=Lost.PASSWORD)
        right = authenticator_apps.code_at(secret, NOON)
        assert refused(lambda: ana.type_app_code(right)).code == "CODE_FIRST"

    def test_ten_wrong_proofs_close_the_way_for_right_ones(
        self, session: Session, kit: list[str]
    ) -> None:
        ana = set_out(session)
        for _ in range(10):
            assert refused(lambda: ana.type_kit_code("no")).code == "RECOVERY_CODE_WRONG"
        assert refused(lambda: ana.type_kit_code(kit[0])).code == "RECOVERY_CLOSED"

    def test_wrong_passwords_lock_as_they_do_at_sign_in(
        self, session: Session, world: World
    ) -> None:
        ana = set_out(session, lost=Lost.PHONE)
        codes = [refused(lambda: ana.type_password("no")).code for _ in range(5)]
        assert codes == ["SIGN_IN_WRONG"] * 4 + ["LOCKED"]
        assert refused(lambda: ana.type_password(PASSWORD)).code == "LOCKED"

    def test_a_way_back_ends_after_an_hour_and_each_proof_gives_it_anew(
        self, session: Session, kit: list[str]
    ) -> None:
        ana = set_out(session)
        ana.at = NOON + 59 * MINUTE
        ana.type_kit_code(kit[0])
        assert recovery.find(session, ana.ticket, at=NOON + 118 * MINUTE) is not None
        assert recovery.find(session, ana.ticket, at=NOON + 119 * MINUTE) is None

    def test_no_more_than_four_codes_an_hour_are_sent(
        self, session: Session, kit: list[str]
    ) -> None:
        ana = set_out(session)
        ana.answer()
        for _ in range(4):
            ana.ask_for_code()
        assert refused(ana.ask_for_code).code == "TOO_MANY_CODES"


class TestDesk:
    def test_its_link_and_one_code_are_enough_and_no_question_is_asked(
        self, session: Session, world: World
    ) -> None:
        ana = follow(session, world)
        assert ana.given == {Proof.DESK}
        assert ana.asked() is None
        ana.type_code(ana.ask_for_code().code)
        assert ana.suffices

    def test_it_works_once(self, session: Session, world: World) -> None:
        token = send(session, world)
        recovery.follow_link(session, token, at=NOON)
        again = refused(lambda: recovery.follow_link(session, token, at=NOON))
        assert again.code == "LINK_UNKNOWN"

    def test_it_works_for_a_day(self, session: Session, world: World) -> None:
        token = send(session, world)
        late = NOON + timedelta(days=1)
        assert refused(lambda: recovery.follow_link(session, token, at=late)).code == "LINK_UNKNOWN"
        recovery.follow_link(session, token, at=late - MINUTE)

    def test_a_newer_one_takes_its_place(self, session: Session, world: World) -> None:
        older, newer = send(session, world), send(session, world)
        assert refused(lambda: recovery.follow_link(session, older, at=NOON)).code == "LINK_UNKNOWN"
        recovery.follow_link(session, newer, at=NOON)

    def test_one_that_could_not_be_sent_leads_nowhere(self, session: Session, world: World) -> None:
        token = send(session, world)
        recovery.withdraw_link(session, token, at=NOON)
        assert refused(lambda: recovery.follow_link(session, token, at=NOON)).code == "LINK_UNKNOWN"

    def test_a_browsers_ticket_is_no_link_and_a_link_no_ticket(
        self, session: Session, world: World
    ) -> None:
        ana, token = set_out(session), send(session, world)
        assert recovery.find(session, token, at=NOON) is None
        assert (
            refused(lambda: recovery.follow_link(session, ana.ticket, at=NOON)).code
            == "LINK_UNKNOWN"
        )

    def test_it_goes_to_a_confirmed_address_only(self, session: Session, world: World) -> None:
        world.ana.email_confirmed_at = None
        assert refused(lambda: send(session, world)).code == "NO_CONFIRMED_EMAIL"

    def test_who_sent_it_and_why_is_on_record(self, session: Session, world: World) -> None:
        send(session, world)
        row = session.scalars(
            select(AuditEvent).filter_by(
                chain=audit.chain_of(world.dev), action="recovery:send_link"
            )
        ).one()
        assert row.subject == f"account:{world.ana.id}"
        assert row.facts == {"reason": "Called, lost her phone"}


class TestFrozen:
    def test_what_was_changed_with_the_dispute_proves_nothing(
        self, session: Session, world: World, kit: list[str]
    ) -> None:
        thiefs = factors.make_kit(session, world.ana, by=world.ana, at=NOON)
        freeze(session, world.ana, changed_at=NOON)
        ana = set_out(session, at=NOON + 10 * MINUTE)
        ana.type_kit_code(thiefs[0])
        now = recovery.standing(session, ana.way)

        assert now.counted == set()
        assert now.uncounted == {Proof.KIT}
        assert ana.asked() is not None

    def test_what_is_older_counts(self, session: Session, world: World, kit: list[str]) -> None:
        world.ana.password_changed_at = NOON
        freeze(session, world.ana, changed_at=NOON)
        ana = set_out(session, at=NOON + 10 * MINUTE)
        ana.type_password(PASSWORD)
        assert ana.given == set()
        ana.prove_by_email()
        ana.type_kit_code(kit[0])
        assert ana.given == {Proof.EMAIL, Proof.KIT}
        assert ana.suffices


def send(session: Session, world: World) -> str:
    issued = recovery.desk_reset(
        session, world.ana, reason="Called, lost her phone", by=world.dev, at=NOON
    )
    assert issued.to is world.ana
    return issued.token


def follow(session: Session, world: World) -> Walker:
    return Walker(session, recovery.follow_link(session, send(session, world), at=NOON))
