"""Whose account is it, by the e-mail address or the name that somebody typed?"""

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from app.models.accounts import Account, email_fingerprint


def folded(typed: str) -> str:
    """A username or e-mail address as accounts keep it: no space around it, lower case.

    >>> folded("  Ana@Example.com ")
    'ana@example.com'
    """
    return typed.replace("\x00", "").strip().lower()


def account_by_email(session: Session, email: str) -> Account | None:
    """The account that has this e-mail address, however it is written."""
    return session.scalar(select(Account).where(_has_email(folded(email))))


def account_by_name(session: Session, username_or_email: str) -> Account | None:
    """The account that somebody means by a username or an e-mail address.

    One statement, whichever it is and whether anybody has it, so that the time tells nothing.
    """
    name = folded(username_or_email)
    return session.scalar(select(Account).where(or_(Account.username == name, _has_email(name))))


def _has_email(email: str) -> ColumnElement[bool]:
    return Account.email_fingerprint == email_fingerprint(email)
