"""Before something that matters: has she proved herself just now, and what would prove it?

Changing bank, contact, password, factor or signatory asks a signed-in person for a fresh passkey, or
her password and a code (domain.md decision 8; OWASP ASVS 5.0.0, 7.5.1 and 7.5.3).
"""

from collections.abc import Set
from datetime import datetime, timedelta
from enum import StrEnum

from app.domain import parameters
from app.domain.periods import local_day


class Proof(StrEnum):
    """What somebody can show of herself while she is signed in."""

    PASSKEY = "passkey"
    PASSWORD = "password"  # noqa: S105 - the name of a kind
    APP = "app"  # a code of the authenticator app
    EMAIL = "email"  # a code that was sent
    TEXT = "text"


CODES = frozenset({Proof.APP, Proof.EMAIL, Proof.TEXT})
STRONG = frozenset({Proof.PASSKEY, Proof.PASSWORD})


def is_fresh(proved_at: datetime | None, at: datetime) -> bool:
    """Whether she proved herself recently enough to change something that matters."""
    lasts = parameters.value("step_up.lasts", local_day(at))
    return proved_at is not None and at < proved_at + timedelta(minutes=lasts)


def is_enough(given: Set[Proof], held: Set[Proof]) -> bool:
    """Whether what she gave proves her; `held` is all that she could give.

    An account without password and passkey gives two codes that reach her in two ways, or the one
    that there is.

    >>> both = {Proof.PASSWORD, Proof.EMAIL}
    >>> is_enough({Proof.PASSWORD}, both), is_enough(both, both)
    (False, True)
    >>> is_enough({Proof.EMAIL}, {Proof.EMAIL}), is_enough({Proof.EMAIL}, {Proof.EMAIL, Proof.TEXT})
    (True, False)
    """
    codes = given & CODES
    if Proof.PASSKEY in given or (Proof.PASSWORD in given and codes):
        return True
    return not held & STRONG and 0 < len(codes) >= min(2, len(held & CODES))


def next_ways(given: Set[Proof], held: Set[Proof]) -> frozenset[Proof]:
    """What she can give next. A code counts only beside a password, where she has one or a passkey.

    >>> sorted(next_ways(set(), {Proof.PASSWORD, Proof.EMAIL, Proof.APP}))
    [<Proof.PASSWORD: 'password'>]
    """
    if held & STRONG and not given & STRONG:
        return frozenset(held & STRONG)
    return frozenset((held & CODES) - given)


def still_given(given: dict[Proof, datetime], at: datetime) -> dict[Proof, datetime]:
    """The proofs of an unfinished step-up that still count: none is older than a code may become."""
    lasts = timedelta(minutes=parameters.value("sign_in.code_lifetime", local_day(at)))
    return {proof: when for proof, when in given.items() if at < when + lasts}
