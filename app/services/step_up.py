"""How does somebody who is signed in prove herself once more, and who notes it?"""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session as Database

from app.domain.step_up import Proof
from app.models.accounts import Account
from app.models.devices import Session
from app.models.factors import AuthenticatorApp
from app.services import audit, passkeys
from app.services.codes import Channel, can_reach


def held(database: Database, account: Account) -> frozenset[Proof]:
    """Everything by which an account could prove itself once more."""
    app = select(AuthenticatorApp.id).where(
        AuthenticatorApp.account_id == account.id, AuthenticatorApp.confirmed_at.is_not(None)
    )
    has = {
        Proof.PASSKEY: bool(passkeys.passkeys_of(database, account)),
        Proof.PASSWORD: account.password_hash is not None,
        Proof.APP: database.scalar(app) is not None,
        Proof.EMAIL: can_reach(account, Channel.EMAIL),
        Proof.TEXT: can_reach(account, Channel.TEXT),
    }
    return frozenset(proof for proof, is_held in has.items() if is_held)


def note_proof(
    database: Database,
    session: Session,
    proofs: Collection[Proof],
    *,
    by: Account,
    at: datetime,
) -> None:
    """She proved herself in this session just now: what matters can be changed for two minutes.

    `proofs` are what she gave, for the record; commits.
    """
    database.execute(update(Session).where(Session.id == session.id).values(proved_at=at))
    facts = {"proofs": sorted(proofs)}
    audit.record(database, "step_up:pass", f"account:{by.id}", by=by, at=at, facts=facts)
    database.commit()
