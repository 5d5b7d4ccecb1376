"""How does a mistaken e-mail address become the right one, when its owner cannot get in to change it?

One agent asks for a reason, another one agrees (OWASP ASVS 5.0.0, 2.3.5). Then the new address gets a
link, and it counts once that was opened: a slip of the pen in it changes nothing. The old address
hears of it when the agents agree, and again when it is done.
"""

from dataclasses import dataclass
from datetime import datetime
from secrets import token_urlsafe

from sqlalchemy import ColumnElement, and_, select, update
from sqlalchemy.exc import IntegrityError, NoResultFound
from sqlalchemy.orm import Session, contains_eager, joinedload

from app.domain import desk, registration
from app.domain.outcomes import Refused
from app.models.accounts import Account
from app.models.factors import ContactChange
from app.models.people import Person
from app.services import alarms, audit, claimants, contacts, sessions, support


@dataclass(frozen=True, slots=True)
class Waiting:
    """A correction that waits for a second agent, and who asked for it."""

    change: ContactChange
    asked_by: Account

    def may_be_agreed_by(self, agent: Account) -> bool:
        """Whether this agent is another one, and not the owner."""
        try:
            self.check_agent(agent)
        except Refused:
            return False
        return True

    def check_agent(self, agent: Account) -> None:
        """Refused with SAME_AGENT and OWN_ACCOUNT."""
        desk.check_two_agents(
            asked_by=self.asked_by.person_id,
            agrees=agent.person_id,
            owner=self.change.account.person_id,
        )


@dataclass(frozen=True, slots=True)
class AgreedLink:
    """The link that the new address gets; it is kept nowhere in the clear."""

    token: str
    change: ContactChange


def ask(
    session: Session,
    account: Account,
    typed: str | None,
    *,
    reason: str | None,
    by: Account,
    at: datetime,
) -> None:
    """Let a new address wait for a second agent, in place of one that waits already; commits.

    Refused as `support.check_may_act` is, and with EMAIL_WRONG, DESK_EMAIL_SAME and DESK_EMAIL_TAKEN.
    """
    told = support.check_may_act(account, reason, by=by)
    email = registration.check_email(contacts.folded(typed or ""))
    if email == account.email:
        raise Refused("DESK_EMAIL_SAME")
    _check_free(session, email)
    claimants.lock(session, account)
    session.execute(
        update(ContactChange)
        .where(ContactChange.account_id == account.id, _is_open(at))
        .values(refused_at=at)
    )
    session.add(
        ContactChange(
            account_id=account.id,
            kind="email",
            value=email,
            asked_at=at,
            asked_by=by.id,
            reason=told,
            expires_at=desk.correction_waits_until(at),
        )
    )
    support.record(session, account, "ask_email", told, by=by, at=at)
    session.commit()


def waiting(session: Session, *, at: datetime) -> list[Waiting]:
    """What waits for a second agent, the longest waiting first."""
    rows = session.execute(_WAITING.where(_waits(at)).order_by(ContactChange.id))
    return [Waiting(change, asked_by) for change, asked_by in rows]


def find_waiting(session: Session, change_id: int, *, at: datetime) -> Waiting:
    """One of them; NoResultFound when it is agreed to, refused, too old or was never there."""
    row = session.execute(_WAITING.where(ContactChange.id == change_id, _waits(at))).one_or_none()
    if row is None:
        raise NoResultFound
    return Waiting(*row)


def waiting_of(session: Session, account: Account, *, at: datetime) -> ContactChange | None:
    """The correction of an account that is under way: it waits for an agent, or for its owner."""
    return session.scalar(
        select(ContactChange)
        .where(ContactChange.account_id == account.id, _is_open(at))
        .order_by(ContactChange.id.desc())
        .limit(1)
    )


def agree(
    session: Session, found: Waiting, *, reason: str | None, by: Account, at: datetime
) -> AgreedLink:
    """The second agent agrees: the link for the new address; the old one is told. Commits.

    Refused as `support.check_may_act` is, and with SAME_AGENT and DESK_EMAIL_TAKEN.
    """
    account = found.change.account
    told = desk.check_reason(reason)
    found.check_agent(by)
    change = _lock(session, found.change, _waits(at))
    _check_free(session, change.value)
    token = token_urlsafe(32)
    change.agreed_by, change.code_hash = by.id, sessions.hash_of(token)
    change.expires_at = desk.correction_may_be_confirmed_until(at)
    alarms.tell_of_change(session, account, "EMAIL_CORRECTION_AGREED", {}, at=at)
    support.record(session, account, "agree_email", told, by=by, at=at)
    session.commit()
    return AgreedLink(token, change)


def withdraw_link(session: Session, link: AgreedLink, *, at: datetime) -> None:
    """The letter could not be sent: the correction waits for a second agent again; commits."""
    change = link.change
    change.agreed_by = change.code_hash = None
    change.expires_at = desk.correction_waits_until(at)
    session.commit()


def refuse(
    session: Session, found: Waiting, *, reason: str | None, by: Account, at: datetime
) -> None:
    """An agent refuses, or takes back what she asked for herself; commits.

    Refused as `support.check_may_act` is.
    """
    account = found.change.account
    told = support.check_may_act(account, reason, by=by)
    _lock(session, found.change, _waits(at)).refused_at = at
    support.record(session, account, "refuse_email", told, by=by, at=at)
    session.commit()


def find_agreed(session: Session, token: str, *, at: datetime) -> ContactChange:
    """What the link in the letter is about; NoResultFound when it is used, too old or never was."""
    return session.scalars(
        select(ContactChange).where(
            ContactChange.code_hash == sessions.hash_of(token),
            ContactChange.agreed_by.is_not(None),
            _is_open(at),
        )
    ).one()


def confirm(session: Session, token: str, *, at: datetime) -> None:
    """Its owner opened the link: the new address counts, and every session ends. Commits.

    Both addresses are told. Refused with DESK_EMAIL_TAKEN; NoResultFound as `find_agreed`.
    """
    change = find_agreed(session, token, at=at)
    account = change.account
    claimants.lock(session, account)
    change = _lock(session, change, _is_open(at))
    old = account.email if account.email_confirmed_at else None
    try:
        with session.begin_nested():
            account.email, account.email_confirmed_at = change.value, at
    except IntegrityError as error:  # somebody took the address meanwhile
        session.rollback()
        raise Refused("DESK_EMAIL_TAKEN") from error
    change.done_at = at
    sessions.end_all_of(session, account, at=at)
    alarms.tell_of_change(session, account, "EMAIL_CHANGED", {}, at=at, old_email=old)
    facts = {"what": "confirm_email"}
    audit.record(
        session, "account:confirm_email", f"account:{account.id}", by=account, at=at, facts=facts
    )
    session.commit()


_WAITING = (
    select(ContactChange, Account)
    .join(Account, Account.id == ContactChange.asked_by)
    .join(Person, Person.id == Account.person_id)
    .options(contains_eager(Account.person), joinedload(ContactChange.account))
)


def _is_open(at: datetime) -> ColumnElement[bool]:
    """Asked for at the desk, and neither done, refused nor too old."""
    return and_(
        ContactChange.kind == "email",
        ContactChange.reason.is_not(None),
        ContactChange.done_at.is_(None),
        ContactChange.refused_at.is_(None),
        ContactChange.expires_at > at,
    )


def _waits(at: datetime) -> ColumnElement[bool]:
    return and_(_is_open(at), ContactChange.agreed_by.is_(None))


def _lock(session: Session, change: ContactChange, still: ColumnElement[bool]) -> ContactChange:
    """The change as it is now, for nobody else to change until the commit; NoResultFound if not so."""
    return session.scalars(
        select(ContactChange)
        .where(ContactChange.id == change.id, still)
        .with_for_update(of=ContactChange)
        .execution_options(populate_existing=True)
    ).one()


def _check_free(session: Session, email: str) -> None:
    if contacts.account_by_email(session, email) is not None:
        raise Refused("DESK_EMAIL_TAKEN")
