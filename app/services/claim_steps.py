"""Where does a claim stand, and who moved it there? The only writer of its status and history."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.domain.claims import ClaimAction, ClaimKind, ClaimStatus, after
from app.domain.permissions import Role
from app.models.accounts import Account
from app.models.claims import Claim, ClaimStep


def move(
    session: Session,
    claim: Claim,
    action: ClaimAction,
    *,
    by: Account | None,
    at: datetime,
    reason: str | None = None,
) -> None:
    """Do an act on a claim by the table of domain/claims; never commits. `by=None` is the portal.

    Refuses with NOT_ALLOWED_NOW.
    """
    lock(session, claim)
    role = None if by is None else Role(by.role)
    status = after(ClaimKind(claim.kind), ClaimStatus(claim.status), action, by=role)
    claim.status, claim.changed_at = status, at
    session.add(
        ClaimStep(
            claim_id=claim.id,
            action=action,
            status=status,
            at=at,
            account_id=None if by is None else by.id,
            reason=reason,
        )
    )


def lock(session: Session, claim: Claim) -> None:
    """Read where the claim stands again, and let nobody else move it before we commit."""
    session.flush()
    session.refresh(
        claim, ["status", "changed_at", "content_hash"], with_for_update={"key_share": True}
    )
