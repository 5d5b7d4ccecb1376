"""Every change is told at every address with a link, and the link freezes the account, and no more."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session

from app.domain.outcomes import Refused
from app.gateways.messaging import Email, SendingFailed
from app.gateways.secrets import Secrets
from app.gateways.texting import TextMessage
from app.models.accounts import Account
from app.models.audit import AuditEvent
from app.models.factors import Disavowal
from app.models.messages import Notice, QueuedEmail, QueuedText
from app.services import (
    alarms,
    claimants,
    codes,
    devices,
    disavowals,
    notices,
    outgoing,
    sessions,
    sign_in,
)
from factories import PASSWORD, World

SECRETS = Secrets("a key of thirty-two characters...")
NOON = datetime(2026, 11, 24, 20, tzinfo=UTC)
PHONE = "+12135550142"


def refusal(act: Callable[[], object]) -> str:
    with pytest.raises(Refused) as refused:
        act()
    return refused.value.code


@dataclass
class Post:
    """Takes letters and texts, unless it is down."""

    is_down: bool = False
    letters: list[Email] = field(default_factory=list)
    texts: list[TextMessage] = field(default_factory=list)

    def send(self, message: Email | TextMessage) -> None:
        if self.is_down:
            raise SendingFailed("down")
        if isinstance(message, Email):
            self.letters.append(message)
        else:
            self.texts.append(message)

    def rehearse(self) -> None:
        """Nothing to try."""


def as_letter(code: str, facts: Mapping[str, Any], to: Account) -> Email:
    return Email(to=to.email, subject=code, text=str(facts.get("not_me")))


def as_text(code: str, facts: Mapping[str, Any], to: Account) -> TextMessage:
    return TextMessage(to=to.phone or "", text=str(facts.get("not_me")))


def sent(session: Session, post: Post | None = None, at: datetime = NOON) -> Post:
    post = post or Post()
    outgoing.send_due(session, as_letter, post, at=at)
    outgoing.send_texts_due(session, as_text, post, at=at)
    return post


def with_phone(session: Session, account: Account) -> None:
    account.phone, account.phone_confirmed_at = PHONE, NOON
    session.commit()


def link(session: Session, account: Account, at: datetime = NOON) -> str:
    token = disavowals.make_link(session, account, "PASSWORD_CHANGED", changed_at=at, at=at)
    session.commit()
    return token


class TestAlarms:
    def test_every_confirmed_address_hears_of_a_change_the_old_ones_too(
        self, session: Session, world: World
    ) -> None:
        with_phone(session, world.ana)
        alarms.tell_of_change(
            session,
            world.ana,
            "PASSWORD_CHANGED",
            {},
            at=NOON,
            old_email="before@example.com",
            old_phone="+12135550100",
        )
        session.commit()

        post = sent(session)

        assert [letter.to for letter in post.letters] == ["ana@example.com", "before@example.com"]
        assert [text.to for text in post.texts] == [PHONE, "+12135550100"]
        assert session.scalars(select(Notice.code)).all() == ["PASSWORD_CHANGED"]

    def test_what_was_never_confirmed_hears_nothing(self, session: Session, world: World) -> None:
        world.ana.email_confirmed_at, world.ana.phone = None, PHONE
        alarms.tell_of_change(session, world.ana, "PASSWORD_CHANGED", {}, at=NOON)
        session.commit()
        post = sent(session)
        assert (post.letters, post.texts) == ([], [])

    def test_each_letter_has_a_link_of_its_own_which_is_kept_only_as_a_hash(
        self, session: Session, world: World
    ) -> None:
        with_phone(session, world.ana)
        alarms.tell_of_change(session, world.ana, "PASSWORD_CHANGED", {}, at=NOON)
        session.commit()
        assert session.scalars(select(Disavowal)).all() == []

        post = sent(session)

        tokens = {post.letters[0].text, post.texts[0].text}
        kept = set(session.scalars(select(Disavowal.token_hash)))
        assert {sessions.hash_of(token) for token in tokens} == kept
        assert not tokens & kept
        facts = session.scalars(select(QueuedEmail.facts)).one()
        assert facts == {}

    def test_a_letter_that_is_sent_again_has_a_link_that_works(
        self, session: Session, world: World
    ) -> None:
        alarms.tell_of_change(session, world.ana, "PASSWORD_CHANGED", {}, at=NOON)
        session.commit()
        sent(session, Post(is_down=True))
        later = NOON + timedelta(hours=1)
        (letter,) = sent(session, at=later).letters
        assert disavowals.find(session, letter.text, at=later).account_id == world.ana.id

    def test_other_letters_have_no_such_link(self, session: Session, world: World) -> None:
        notices.queue(session, [world.ana], "ACCOUNT_LOCKED", {}, at=NOON)
        session.commit()
        assert sent(session).letters[0].text == "None"


class TestWaysOfTelling:
    def told(self, session: Session, account: Account) -> tuple[int, int]:
        notices.queue(session, [account], "PAYMENT_ISSUED", {}, at=NOON)
        session.commit()
        letters = session.scalars(select(QueuedEmail)).all()
        return len(letters), len(session.scalars(select(QueuedText)).all())

    @pytest.mark.parametrize(
        ("by_email", "by_text", "expected"),
        [(True, False, (1, 0)), (True, True, (1, 1)), (False, True, (0, 1))],
    )
    def test_she_is_told_the_way_that_she_chose(
        self,
        session: Session,
        world: World,
        by_email: bool,
        by_text: bool,
        expected: tuple[int, int],
    ) -> None:
        with_phone(session, world.ana)
        world.ana.tells_by_email, world.ana.tells_by_text = by_email, by_text
        session.commit()
        assert self.told(session, world.ana) == expected

    def test_who_chose_texts_and_has_no_confirmed_number_gets_letters(
        self, session: Session, world: World
    ) -> None:
        world.ana.tells_by_email, world.ana.tells_by_text = False, True
        session.commit()
        assert self.told(session, world.ana) == (1, 0)


class TestFreezing:
    def test_nobody_gets_in_any_more_and_everybody_is_out(
        self, session: Session, world: World
    ) -> None:
        phone, _token = devices.remember(session, name="Chrome on Android", at=NOON)
        start = sign_in.start_session
        here = start(
            session, world.ana, method="passkey", device=phone, proves_device=True, at=NOON
        )
        waiting = codes.issue_code(
            session, world.ana, "sign_in", device=None, secrets=SECRETS, at=NOON
        )

        disavowals.disavow(session, link(session, world.ana), at=NOON)

        assert world.ana.frozen_at == NOON
        assert sessions.find(session, here.token, at=NOON) is None
        assert not devices.has_proved(session, phone, world.ana)
        for act in (
            lambda: sign_in.check_password(session, "ana", PASSWORD, secrets=SECRETS, at=NOON),
            lambda: start(
                session, world.ana, method="passkey", device=phone, proves_device=True, at=NOON
            ),
        ):
            assert refusal(act) == "FROZEN"
        code = refusal(
            lambda: codes.check_code(
                session, waiting.ticket, waiting.code, secrets=SECRETS, at=NOON
            )
        )
        assert code == "CODE_USED"

    def test_a_wrong_password_does_not_tell_that_the_account_is_frozen(
        self, session: Session, world: World
    ) -> None:
        disavowals.disavow(session, link(session, world.ana), at=NOON)
        wrong = refusal(
            lambda: sign_in.check_password(session, "ana", "wrong", secrets=SECRETS, at=NOON)
        )
        assert wrong == "SIGN_IN_WRONG"

    def test_the_owner_is_told_and_the_act_is_on_record(
        self, session: Session, world: World
    ) -> None:
        token = link(session, world.ana)
        disavowals.disavow(session, token, at=NOON)
        disavowals.disavow(session, token, at=NOON + timedelta(hours=1))

        assert session.scalars(select(Notice.code)).all() == ["ACCOUNT_FROZEN"]
        act = session.scalars(select(AuditEvent).filter_by(action="account:freeze")).one()
        assert (act.subject, act.facts) == (
            f"account:{world.ana.id}",
            {"about": "PASSWORD_CHANGED"},
        )
        assert world.ana.frozen_at == NOON

    def test_a_used_link_does_not_freeze_an_account_that_was_thawed_since(
        self, session: Session, world: World
    ) -> None:
        token = link(session, world.ana)
        disavowals.disavow(session, token, at=NOON)
        disavowals.thaw(session, world.ana)
        session.commit()
        disavowals.disavow(session, token, at=NOON)
        assert world.ana.frozen_at is None
        assert sign_in.check_password(session, "ana", PASSWORD, secrets=SECRETS, at=NOON)

    def test_a_link_works_for_ten_days_and_for_its_own_account(
        self, session: Session, world: World
    ) -> None:
        token = link(session, world.ana)
        late = NOON + timedelta(days=10)
        assert disavowals.find(session, token, at=late - timedelta(seconds=1)).used_at is None
        assert refusal(lambda: disavowals.disavow(session, token, at=late)) == "NOT_ME_TOO_OLD"
        with pytest.raises(NoResultFound):
            disavowals.disavow(session, token[:-1], at=NOON)
        assert world.ana.frozen_at is None

        disavowals.disavow(session, link(session, world.rosa), at=NOON)
        assert (world.rosa.frozen_at, world.ana.frozen_at) == (NOON, None)

    def test_old_links_are_dropped(self, session: Session, world: World) -> None:
        link(session, world.ana)
        assert disavowals.delete_old(session, at=NOON + timedelta(days=9)) == 0
        assert disavowals.delete_old(session, at=NOON + timedelta(days=10)) == 1

    def test_codes_for_a_way_back_still_come(self, session: Session, world: World) -> None:
        disavowals.disavow(session, link(session, world.ana), at=NOON)
        claimed = claimants.claimant(session, "ana", secrets=SECRETS, at=NOON)
        issued = codes.issue_code(
            session, claimed, "recover", device=None, secrets=SECRETS, at=NOON
        )
        proof = codes.check_code(
            session,
            issued.ticket,
            issued.code,
            secrets=SECRETS,
            at=NOON,
            purposes={codes.Purpose.RECOVER},
        )
        assert proof.account is world.ana
