"""An agent helps for a reason: the act is on record, its owner is told, and nothing else changes."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.domain.outcomes import Refused
from app.models.accounts import Account, Passkey
from app.models.audit import AuditEvent
from app.models.messages import Notice, QueuedEmail
from app.services import audit, sessions, support
from factories import PASSWORD, World

REASON = "She called from the number on file."
Verb = Callable[..., None]


@pytest.fixture
def at() -> datetime:
    return clock.now()


@pytest.fixture
def locked(session: Session, world: World, at: datetime) -> Account:
    world.ana.failures_in_a_row, world.ana.locked_at = 5, at
    session.commit()
    return world.ana


@pytest.fixture
def frozen(session: Session, world: World, at: datetime) -> Account:
    """Yesterday a passkey was added that Ana did not add, and she said so."""
    ana = world.ana
    ana.frozen_at, ana.disputed_at = at - timedelta(hours=20), at - timedelta(days=1)
    session.add_all(
        [
            passkey(ana, b"hers", at - timedelta(days=100)),
            passkey(ana, b"thiefs", at - timedelta(hours=23)),
        ]
    )  # fmt: skip
    session.commit()
    return ana


def passkey(account: Account, name: bytes, created_at: datetime) -> Passkey:
    return Passkey(
        account_id=account.id, credential_id=name, public_key=b"key", backup_eligible=False,
        backed_up=False, user_handle=b"handle", name=name.decode(), created_at=created_at,
    )  # fmt: skip


def acts(session: Session, agent: Account) -> list[tuple[str, str, dict[str, Any]]]:
    rows = session.execute(
        select(AuditEvent.action, AuditEvent.subject, AuditEvent.facts)
        .where(AuditEvent.chain == audit.chain_of(agent))
        .order_by(AuditEvent.sequence)
    )
    return [(action, subject, facts) for action, subject, facts in rows]


def told(session: Session, account: Account) -> list[str]:
    return list(session.scalars(select(Notice.code).where(Notice.account_id == account.id)))


def test_unlocking_ends_the_row_of_failures_is_recorded_and_told(
    session: Session, world: World, locked: Account, at: datetime
) -> None:
    support.unlock(session, locked, reason=REASON, by=world.dev, at=at)
    assert (locked.failures_in_a_row, locked.locked_at) == (0, None)
    facts = {"what": "unlock", "reason": REASON, "failures": 5}
    assert acts(session, world.dev) == [("account:unlock", f"account:{locked.id}", facts)]
    assert audit.broken_links(session, audit.chain_of(world.dev)) == []
    assert told(session, locked) == ["ACCOUNT_UNLOCKED"]
    assert session.scalars(select(QueuedEmail.code)).all() == ["ACCOUNT_UNLOCKED"]


def test_a_password_that_is_switched_off_is_switched_on_again(
    session: Session, world: World, at: datetime
) -> None:
    world.ana.failures_in_a_row = 100
    session.commit()
    support.unlock(session, world.ana, reason=REASON, by=world.dev, at=at)
    assert world.ana.failures_in_a_row == 0


def test_what_is_not_locked_cannot_be_unlocked(
    session: Session, world: World, at: datetime
) -> None:
    world.ana.failures_in_a_row = 4
    with pytest.raises(Refused, match="NOT_LOCKED"):
        support.unlock(session, world.ana, reason=REASON, by=world.dev, at=at)
    with pytest.raises(Refused, match="NOT_FROZEN"):
        support.thaw(session, world.ana, reason=REASON, by=world.dev, at=at)


def test_thawing_opens_the_account_without_what_somebody_else_added(
    session: Session, world: World, frozen: Account, at: datetime
) -> None:
    sessions.start(session, frozen, method="passkey", device_id=None, at=at)
    support.thaw(session, frozen, reason=REASON, by=world.dev, at=at)
    assert frozen.frozen_at is None
    assert session.scalars(select(Passkey.name)).all() == ["hers"]
    assert sessions.open_sessions_of(session, frozen, at=at) == []
    assert frozen.password_hash is not None
    assert frozen.email_confirmed_at is not None
    assert told(session, frozen) == ["ACCOUNT_THAWED"]
    assert [action for action, _, _ in acts(session, world.dev)] == ["account:thaw"]


def test_thawing_trusts_no_address_that_was_changed_since(
    session: Session, world: World, frozen: Account, at: datetime
) -> None:
    frozen.email, frozen.email_confirmed_at = "thief@example.com", at - timedelta(hours=22)
    frozen.phone, frozen.phone_confirmed_at = "+12135550142", at - timedelta(hours=22)
    session.commit()
    support.thaw(session, frozen, reason=REASON, by=world.dev, at=at)
    assert frozen.email_confirmed_at is None
    assert frozen.phone_confirmed_at is None


def test_a_note_is_an_act_of_its_own_and_tells_nobody(
    session: Session, world: World, at: datetime
) -> None:
    support.note(session, world.ana, reason=" Calls again\n tomorrow. ", by=world.dev, at=at)
    facts = {"what": "note", "reason": "Calls again tomorrow."}
    assert acts(session, world.dev) == [("account:note", f"account:{world.ana.id}", facts)]
    assert told(session, world.ana) == []


@pytest.mark.parametrize("verb", [support.unlock, support.thaw, support.note])
@pytest.mark.parametrize(
    ("reason", "code"),
    [(None, "DESK_REASON_MISSING"), ("  ", "DESK_REASON_MISSING"), ("x" * 501, "DESK_REASON_TOO_LONG")],
)  # fmt: skip
def test_nothing_is_done_without_a_reason(
    session: Session,
    world: World,
    locked: Account,
    at: datetime,
    verb: Verb,
    reason: str | None,
    code: str,
) -> None:
    with pytest.raises(Refused, match=code):
        verb(session, locked, reason=reason, by=world.dev, at=at)
    session.rollback()
    assert locked.failures_in_a_row == 5
    assert acts(session, world.dev) == []


@pytest.mark.parametrize("verb", [support.unlock, support.thaw, support.note])
def test_an_agent_does_nothing_for_herself_in_any_role(
    session: Session, world: World, at: datetime, verb: Verb
) -> None:
    as_provider = Account(
        person_id=world.dev.person_id, role="provider", username="dev_cares",
        email="dev2@example.com", created_at=at, failures_in_a_row=5, locked_at=at,
    )  # fmt: skip
    session.add(as_provider)
    session.commit()
    for own in (world.dev, as_provider):
        with pytest.raises(Refused, match="OWN_ACCOUNT"):
            verb(session, own, reason=REASON, by=world.dev, at=at)


def test_the_password_itself_is_never_touched(
    session: Session, world: World, locked: Account, at: datetime
) -> None:
    before = locked.password_hash
    support.unlock(session, locked, reason=REASON, by=world.dev, at=at)
    assert locked.password_hash == before
    assert PASSWORD not in str(acts(session, world.dev))
