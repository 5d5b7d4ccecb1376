"""What must somebody prove who has lost the way into her account?

NIST SP 800-63B-4, 4.2.2.2 (AAL2): two recovery codes that came by different ways; or one such code
and a factor that is still held; or proof of identity anew, which is the service desk's part. The
desk's link still asks for a code, so that neither a letter nor an agent alone opens an account.
Security questions prove nothing: they stand before the first code that is sent, and only there.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from app.domain import parameters
from app.domain.outcomes import Refused
from app.domain.periods import local_day

NEEDED = 2


class Lost(StrEnum):
    """What somebody says that she has lost; the username alone is mailed, and proves nothing."""

    PASSWORD = "password"  # noqa: S105 - the name of a thing that people lose
    PHONE = "phone"
    EVERYTHING = "everything"


class Proof(StrEnum):
    """A kind of proof. Two of one kind are one proof."""

    EMAIL = "email"  # a code sent to the confirmed address
    TEXT = "text"  # a code sent to the confirmed phone
    KIT = "kit"  # a code of the printed recovery kit
    PASSWORD = "password"  # noqa: S105 - the name of a proof
    APP = "app"  # a code of the authenticator app
    PASSKEY = "passkey"
    DESK = "desk"  # a link from the service desk, which has made sure who asks


CODES = frozenset({Proof.EMAIL, Proof.TEXT, Proof.KIT})
SENT = frozenset({Proof.EMAIL, Proof.TEXT})
FACTORS = frozenset({Proof.PASSWORD, Proof.APP, Proof.PASSKEY})

# Offered in this order, the same for every name: what is offered must not tell what an account has.
OFFERED = {
    Lost.PASSWORD: (Proof.EMAIL, Proof.TEXT, Proof.KIT, Proof.APP, Proof.PASSKEY),
    Lost.PHONE: (Proof.EMAIL, Proof.KIT, Proof.PASSWORD, Proof.TEXT, Proof.PASSKEY),
    Lost.EVERYTHING: (Proof.EMAIL, Proof.KIT, Proof.TEXT),
}


@dataclass(frozen=True, slots=True)
class Given:
    """A proof that was given, and since when what it rests on is as it is (None: no such day).

    For a code by e-mail that is the day on which the address was confirmed.
    """

    kind: Proof
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """How far somebody has come: proofs that count, of those needed."""

    given: int
    needed: int = NEEDED

    @property
    def suffices(self) -> bool:
        return self.given >= self.needed


def counted(given: Iterable[Given], disputed_at: datetime | None) -> frozenset[Proof]:
    """Which proofs count. Of a frozen account, what was changed since `disputed_at` does not.

    Her notice said “this was changed”, and she answered “this wasn't me”: whoever changed it holds
    what it was changed to. The desk's word always counts.
    """
    return frozenset(
        each.kind
        for each in given
        if disputed_at is None
        or each.kind is Proof.DESK
        or (each.since is not None and each.since < disputed_at)
    )


def progress(proofs: Collection[Proof]) -> Progress:
    """How far the proofs lead: a code, and beside it another code, a factor or the desk's link.

    >>> progress({Proof.EMAIL}).given, progress({Proof.EMAIL, Proof.KIT}).suffices
    (1, True)
    >>> progress({Proof.PASSWORD, Proof.APP}).given
    1
    """
    codes = len(CODES & set(proofs))
    beside = min(1, len((FACTORS | {Proof.DESK}) & set(proofs)))
    return Progress(min(NEEDED, codes + beside))


def offered(lost: Lost, proofs: Collection[Proof]) -> tuple[Proof, ...]:
    """Which proofs to offer next, the likeliest first: a second factor would add nothing."""
    given = set(proofs)
    useless = given | FACTORS if given & (FACTORS | {Proof.DESK}) else given
    return tuple(kind for kind in OFFERED[lost] if kind not in useless and may_follow(kind, proofs))


def may_follow(kind: Proof, proofs: Collection[Proof]) -> bool:
    """Whether a proof is taken now: a code of the authenticator app only after another code.

    Its wrong tries lock the app, and nobody who merely knows a name may do that.
    """
    return kind is not Proof.APP or bool(CODES & set(proofs))


def asks_question(kind: Proof, proofs: Collection[Proof]) -> bool:
    """Whether a security question stands before this proof: before the first code that is sent.

    Whoever has given another proof is no stranger, and may well have lost her answers.
    """
    return kind in SENT and not proofs


def check_may_answer(failures: int, tries: int) -> None:
    """Refuses one more answer to the security question: QUESTION_CLOSED."""
    if failures >= tries:
        raise Refused("QUESTION_CLOSED")


def check_may_try(failures: int, at: datetime) -> None:
    """Refuses one more proof after many wrong ones on one way back: RECOVERY_CLOSED."""
    if failures >= _value("recovery.failures", at):
        raise Refused("RECOVERY_CLOSED")


def expires_at(at: datetime) -> datetime:
    """Until when the proofs hold together: each new one gives the time anew."""
    return at + timedelta(minutes=_value("recovery.lasts", at))


def link_expires_at(at: datetime) -> datetime:
    """Until when the link of the service desk can be followed."""
    return at + timedelta(minutes=_value("recovery.link_lasts", at))


def _value(name: str, at: datetime) -> int:
    return parameters.value(name, local_day(at))
