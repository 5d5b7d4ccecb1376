"""How does somebody who is signed in prove herself once more, and who notes it?"""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session as Database

from app.domain.step_up import Proof
from app.models.accounts import Account
from app.models.devices import Session
from app.services import audit, factors


def held(database: Database, account: Account) -> frozenset[Proof]:
    """Everything by which an account could prove itself once more."""
    ways = factors.ways_of(database, account)
    has = {
        Proof.PASSKEY: ways.passkeys > 0,
        Proof.PASSWORD: ways.has_password,
        Proof.APP: ways.has_app,
        Proof.EMAIL: ways.email is not None,
        Proof.TEXT: ways.phone is not None,
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
