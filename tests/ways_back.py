"""The steps of a way back, as services take them: for Ana, who has answers, a phone number and a kit."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy.orm import Session

from app.domain.recovery import Lost, Proof
from app.gateways import authenticator_apps
from app.gateways.passkeys import RelyingParty
from app.gateways.secrets import Secrets
from app.models.accounts import Account, Passkey
from app.models.factors import Recovery
from app.services import (
    disavowals,
    factors,
    passkeys,
    recovery,
    recovery_proofs,
    security_questions,
)
from app.services.codes import IssuedCode
from factories import LONG_AGO
from soft_authenticator import SoftAuthenticator

HERE = RelyingParty.at("http://localhost")
SECRETS = Secrets("a key of thirty-two characters...")
NOON = datetime(2026, 11, 24, 20, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
ANSWERS = {"FIRST_PET": "Bruno", "FIRST_JOB": "The bakery", "FIRST_STREET": "Calle Ocho"}
NEW_PASSWORD = "violet lantern over the harbour"


@dataclass
class Walker:
    """Somebody on a way back, with what the browser holds."""

    session: Session
    ticket: str
    code_ticket: str | None = None
    at: datetime = NOON

    @property
    def way(self) -> Recovery:
        found = recovery.find(self.session, self.ticket, at=self.at)
        assert found is not None
        return found

    @property
    def given(self) -> set[Proof]:
        return set(recovery.standing(self.session, self.way).counted)

    @property
    def suffices(self) -> bool:
        return recovery.standing(self.session, self.way).progress.suffices

    def asked(self, kind: Proof = Proof.EMAIL) -> str | None:
        return recovery.question_before(self.session, self.way, kind, secrets=SECRETS)

    def answer(self, typed: str | None = None) -> None:
        """The right answer, or what is typed."""
        asked = self.asked()
        assert asked is not None
        typed = ANSWERS[asked] if typed is None else typed
        recovery.answer_question(self.session, self.way, typed, secrets=SECRETS, at=self.at)

    def ask_for_code(self, kind: Proof = Proof.EMAIL) -> IssuedCode:
        issued = recovery_proofs.send_code(
            self.session, self.way, kind, device=None, secrets=SECRETS, at=self.at
        )
        self.code_ticket = issued.ticket
        return issued

    def type_code(self, code: str) -> None:
        recovery_proofs.take_code(
            self.session, self.way, self.code_ticket, code, secrets=SECRETS, at=self.at
        )

    def type_kit_code(self, code: str) -> None:
        recovery_proofs.take_kit_code(self.session, self.way, code, at=self.at)

    def type_password(self, password: str) -> None:
        recovery_proofs.take_password(self.session, self.way, password, at=self.at)

    def type_app_code(self, code: str) -> None:
        recovery_proofs.take_app_code(self.session, self.way, code, at=self.at)

    def use_passkey(self, phone: SoftAuthenticator) -> None:
        options = passkeys.begin_recovery(self.session, party=HERE, at=self.at)
        recovery_proofs.take_passkey(
            self.session, self.way, phone.sign_in(options), party=HERE, at=self.at
        )

    def prove_by_email(self) -> None:
        if self.asked() is not None:
            self.answer()
        self.type_code(self.ask_for_code().code)


def set_out(
    session: Session, name: str = "ana", lost: Lost = Lost.EVERYTHING, at: datetime = NOON
) -> Walker:
    """Begin a way back for a name."""
    ticket = recovery.start(session, name, lost, secrets=SECRETS, at=at)
    return Walker(session, ticket, at=at)


def equip(session: Session, account: Account, *, at: datetime = LONG_AGO) -> list[str]:
    """Give an account answers, a confirmed phone number and a kit, and answer the kit's codes."""
    account.phone, account.phone_confirmed_at = "+12135550123", at
    security_questions.set_answers(session, account, ANSWERS, by=account, at=at)
    return factors.make_kit(session, account, by=account, at=at)


def add_passkey(
    session: Session, account: Account, *, at: datetime = LONG_AGO
) -> tuple[SoftAuthenticator, Passkey]:
    """A phone with a passkey of the account."""
    phone = SoftAuthenticator()
    options = passkeys.begin_enrolment(session, party=HERE, secrets=SECRETS, by=account, at=at)
    made = passkeys.enrol(
        session,
        phone.register(options),
        "My phone",
        party=HERE,
        secrets=SECRETS,
        session_id=0,
        by=account,
        at=at,
    )
    return phone, made


def add_app(session: Session, account: Account, *, at: datetime = LONG_AGO) -> str:
    """An authenticator app of the account: its secret."""
    added = factors.begin_app(session, account, at=at)
    code = authenticator_apps.code_at(added.secret, at)
    factors.confirm_app(session, account, code, by=account, at=at)
    return added.secret


def freeze(session: Session, account: Account, *, changed_at: datetime) -> None:
    """Its owner heard of a change five minutes later, and said that it was not she who made it."""
    at = changed_at + 5 * MINUTE
    token = disavowals.make_link(session, account, "KIT_MADE", changed_at=changed_at, at=at)
    disavowals.disavow(session, token, at=at)
