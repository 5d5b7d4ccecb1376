"""What does somebody read of those who looked at her account, or did something with it?"""

from dataclasses import dataclass
from datetime import datetime

from app.services.account_looks import Look
from app.web.wording import SENTENCES, sentence


@dataclass(frozen=True, slots=True)
class ShownLook:
    """One line of “Who looked at my account”."""

    at: datetime
    who: str
    what: str
    reason: str | None


def shown(look: Look) -> ShownLook:
    """The look in the reader's language; an act without a sentence of its own is still told of."""
    code = f"LOOK_{look.action}".upper().replace(":", "_")
    return ShownLook(
        at=look.at,
        who=sentence(
            "LOOK_WHO", {"name": look.name, "role": sentence(f"ROLE_{look.role}".upper())}
        ),
        what=sentence(code if code in SENTENCES else "LOOK_OTHER"),
        reason=str(look.facts["reason"]) if look.facts.get("reason") else None,
    )
