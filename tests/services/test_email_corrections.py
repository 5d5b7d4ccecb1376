"""A mistaken e-mail address is corrected by two agents and its owner, and by nobody alone."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session

from app import clock
from app.domain.outcomes import Refused
from app.models.accounts import Account
from app.models.audit import AuditEvent
from app.models.factors import ContactChange
from app.models.messages import Notice, QueuedEmail
from app.services import email_corrections as corrections
from app.services import sessions
from app.services.email_corrections import Waiting
from factories import World

WRONG, RIGHT = "ana@exmaple.com", "ana.flores@example.com"
REASON = "Two letters were swapped."


@pytest.fixture
def at(session: Session, world: World) -> datetime:
    world.ana.email = WRONG
    session.commit()
    return clock.now()


def ask(session: Session, world: World, at: datetime, **changed: Any) -> Waiting:
    said = {"reason": REASON, "by": world.dev, "at": at} | changed
    corrections.ask(session, world.ana, said.pop("email", RIGHT), **said)
    return corrections.waiting(session, at=at)[-1]


def actions(session: Session, account: Account) -> list[tuple[str, str]]:
    rows = session.execute(
        select(AuditEvent.action, AuditEvent.subject)
        .where(AuditEvent.chain == f"account:{account.id}")
        .order_by(AuditEvent.sequence)
    )
    return [(action, subject) for action, subject in rows]


def test_one_asks_another_agrees_and_the_owner_confirms(
    session: Session, world: World, at: datetime
) -> None:
    ana, subject = world.ana, f"account:{world.ana.id}"
    sessions.start(session, ana, method="passkey", device_id=None, at=at)

    waiting = ask(session, world, at)
    assert (waiting.change.value, waiting.asked_by) == (RIGHT, world.dev)
    assert ana.email == WRONG

    link = corrections.agree(session, waiting, reason="Heard her too.", by=world.noor, at=at)
    assert ana.email == WRONG
    assert corrections.waiting(session, at=at) == []

    corrections.confirm(session, link.token, at=at + timedelta(hours=1))
    assert ana.email == RIGHT
    assert ana.email_confirmed_at == at + timedelta(hours=1)
    assert sessions.open_sessions_of(session, ana, at=at) == []
    assert actions(session, world.dev) == [("account:ask_email", subject)]
    assert actions(session, world.noor) == [("account:agree_email", subject)]
    assert actions(session, ana)[-1] == ("account:confirm_email", subject)


def test_the_old_address_hears_of_it_twice_and_the_new_one_when_it_is_done(
    session: Session, world: World, at: datetime
) -> None:
    link = corrections.agree(session, ask(session, world, at), reason=REASON, by=world.noor, at=at)
    corrections.confirm(session, link.token, at=at)
    letters = session.execute(
        select(QueuedEmail.code, QueuedEmail.address).order_by(QueuedEmail.id)
    ).all()
    assert [tuple(each) for each in letters] == [
        ("EMAIL_CORRECTION_AGREED", None),  # while the old one is the account's
        ("EMAIL_CHANGED", None),
        ("EMAIL_CHANGED", WRONG),
    ]
    notices = session.scalars(select(Notice.code).where(Notice.account_id == world.ana.id)).all()
    assert notices == ["EMAIL_CORRECTION_AGREED", "EMAIL_CHANGED"]


def test_who_asked_cannot_agree_but_can_take_it_back(
    session: Session, world: World, at: datetime
) -> None:
    waiting = ask(session, world, at)
    assert not waiting.may_be_agreed_by(world.dev)
    assert waiting.may_be_agreed_by(world.noor)
    with pytest.raises(Refused, match="SAME_AGENT"):
        corrections.agree(session, waiting, reason=REASON, by=world.dev, at=at)
    corrections.refuse(session, waiting, reason="My mistake.", by=world.dev, at=at)
    assert corrections.waiting(session, at=at) == []
    assert world.ana.email == WRONG


def test_what_was_refused_or_settled_cannot_be_agreed_to(
    session: Session, world: World, at: datetime
) -> None:
    waiting = ask(session, world, at)
    corrections.refuse(session, waiting, reason="Not sure who called.", by=world.noor, at=at)
    with pytest.raises(NoResultFound):
        corrections.agree(session, waiting, reason=REASON, by=world.noor, at=at)
    with pytest.raises(NoResultFound):
        corrections.find_waiting(session, waiting.change.id, at=at)


def test_a_newer_wish_takes_the_place_of_the_older(
    session: Session, world: World, at: datetime
) -> None:
    first = ask(session, world, at, email="first@example.com")
    second = ask(session, world, at)
    assert [each.change.id for each in corrections.waiting(session, at=at)] == [second.change.id]
    with pytest.raises(NoResultFound):
        corrections.agree(session, first, reason=REASON, by=world.noor, at=at)


def test_it_waits_three_days_and_its_link_one(session: Session, world: World, at: datetime) -> None:
    waiting = ask(session, world, at)
    late = at + timedelta(days=3)
    assert corrections.waiting(session, at=late - timedelta(minutes=1)) != []
    assert corrections.waiting(session, at=late) == []
    with pytest.raises(NoResultFound):
        corrections.agree(session, waiting, reason=REASON, by=world.noor, at=late)
    link = corrections.agree(session, waiting, reason=REASON, by=world.noor, at=at)
    with pytest.raises(NoResultFound):
        corrections.confirm(session, link.token, at=at + timedelta(hours=24))


def test_a_link_works_once_and_only_the_right_one(
    session: Session, world: World, at: datetime
) -> None:
    link = corrections.agree(session, ask(session, world, at), reason=REASON, by=world.noor, at=at)
    for wrong in ("", "guess", link.token[:-1]):
        with pytest.raises(NoResultFound):
            corrections.confirm(session, wrong, at=at)
    corrections.confirm(session, link.token, at=at)
    with pytest.raises(NoResultFound):
        corrections.confirm(session, link.token, at=at)


def test_the_link_is_kept_only_as_a_hash(session: Session, world: World, at: datetime) -> None:
    link = corrections.agree(session, ask(session, world, at), reason=REASON, by=world.noor, at=at)
    assert link.change.code_hash == sessions.hash_of(link.token)
    assert link.token not in str([letter.facts for letter in session.scalars(select(QueuedEmail))])


def test_an_agreement_whose_letter_could_not_be_sent_waits_again(
    session: Session, world: World, at: datetime
) -> None:
    link = corrections.agree(session, ask(session, world, at), reason=REASON, by=world.noor, at=at)
    corrections.withdraw_link(session, link, at=at)
    assert len(corrections.waiting(session, at=at)) == 1
    with pytest.raises(NoResultFound):
        corrections.confirm(session, link.token, at=at)


@pytest.mark.parametrize(
    ("email", "code"),
    [
        ("", "EMAIL_WRONG"),
        ("ana at example.com", "EMAIL_WRONG"),
        (WRONG.upper(), "DESK_EMAIL_SAME"),
        ("Rosa@Example.com", "DESK_EMAIL_TAKEN"),
    ],
)
def test_an_address_that_cannot_be_right_is_refused(
    session: Session, world: World, at: datetime, email: str, code: str
) -> None:
    with pytest.raises(Refused, match=code):
        ask(session, world, at, email=email)
    assert session.scalars(select(ContactChange)).all() == []


def test_an_address_that_somebody_took_meanwhile_is_refused_at_each_step(
    session: Session, world: World, at: datetime
) -> None:
    waiting = ask(session, world, at)
    world.rosa.email = RIGHT
    session.commit()
    with pytest.raises(Refused, match="DESK_EMAIL_TAKEN"):
        corrections.agree(session, waiting, reason=REASON, by=world.noor, at=at)
    session.rollback()
    world.rosa.email = "rosa@example.com"
    session.commit()
    link = corrections.agree(session, waiting, reason=REASON, by=world.noor, at=at)
    world.rosa.email = RIGHT
    session.commit()
    with pytest.raises(Refused, match="DESK_EMAIL_TAKEN"):
        corrections.confirm(session, link.token, at=at)
    session.refresh(world.ana)
    assert world.ana.email == WRONG


def test_nobody_asks_or_agrees_for_herself(session: Session, world: World, at: datetime) -> None:
    with pytest.raises(Refused, match="OWN_ACCOUNT"):
        corrections.ask(session, world.dev, "dev2@example.com", reason=REASON, by=world.dev, at=at)
    corrections.ask(session, world.noor, "noor2@example.com", reason=REASON, by=world.dev, at=at)
    (waiting,) = corrections.waiting(session, at=at)
    for verb in (corrections.agree, corrections.refuse):
        with pytest.raises(Refused, match="OWN_ACCOUNT"):
            verb(session, waiting, reason=REASON, by=world.noor, at=at)


def test_what_its_owner_asked_for_herself_does_not_wait_at_the_desk(
    session: Session, world: World, at: datetime
) -> None:
    session.add(
        ContactChange(
            account_id=world.ana.id, kind="email", value=RIGHT, asked_at=at,
            asked_by=world.ana.id, expires_at=at + timedelta(minutes=10),
        )
    )  # fmt: skip
    session.commit()
    assert corrections.waiting(session, at=at) == []
    assert corrections.waiting_of(session, world.ana, at=at) is None
