"""What does the service desk look for, what stops somebody from signing in, and who must agree?

An agent acts for a reason, never on her own account, and never alone where an address is concerned
to which codes are sent (OWASP ASVS 5.0.0, 2.3.5).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from app.domain import names, parameters, sign_in
from app.domain.outcomes import Finding, Refused
from app.domain.periods import local_day

LONGEST_SEARCH = 100
FEWEST_LETTERS = 2
MOST_WORDS = 6
LONGEST_REASON = 500
SHORT = 3  # letters of an address of which only the first is shown


class SearchBy(StrEnum):
    """By what somebody is looked for."""

    NAME = "name"  # or username
    NUMBER = "number"  # provider or case
    EMAIL = "email"


@dataclass(frozen=True, slots=True)
class Search:
    """What was typed into the search box, read: `text` is whole, `words` are those of a name."""

    by: SearchBy
    text: str
    words: tuple[str, ...] = ()


def read_search(typed: str | None) -> Search:
    """What an agent looks for. Refuses with SEARCH_TOO_SHORT and SEARCH_TOO_LONG.

    >>> read_search("1000-0000 1")
    Search(by=<SearchBy.NUMBER: 'number'>, text='100000001', words=())
    >>> read_search("Flóres, Ana").words
    ('flores', 'ana')
    """
    text = (typed or "").replace("\x00", "").strip()
    if len(text) > LONGEST_SEARCH:
        raise Refused("SEARCH_TOO_LONG", longest=LONGEST_SEARCH)
    if "@" in text:
        return Search(SearchBy.EMAIL, text)
    digits = text.replace(" ", "").replace("-", "")
    if digits.isascii() and digits.isdigit():
        return Search(SearchBy.NUMBER, digits)
    words = tuple(dict.fromkeys(names.folded(text).split()))
    if sum(map(len, words)) < FEWEST_LETTERS:
        raise Refused("SEARCH_TOO_SHORT", fewest=FEWEST_LETTERS)
    return Search(SearchBy.NAME, text.lower(), words[:MOST_WORDS])


def check_reason(typed: str | None) -> str:
    """Why an agent acts, tidied; refuses with DESK_REASON_MISSING and DESK_REASON_TOO_LONG."""
    reason = " ".join((typed or "").replace("\x00", "").split())
    if not reason:
        raise Refused("DESK_REASON_MISSING")
    if len(reason) > LONGEST_REASON:
        raise Refused("DESK_REASON_TOO_LONG", length=len(reason), longest=LONGEST_REASON)
    return reason


def check_may_help(*, agent: int, owner: int) -> None:
    """Refuses an agent who would act for herself: OWN_ACCOUNT. Both are person ids."""
    if agent == owner:
        raise Refused("OWN_ACCOUNT")


def check_two_agents(*, asked_by: int, agrees: int, owner: int) -> None:
    """Two agents must agree, and neither may be the owner: OWN_ACCOUNT, SAME_AGENT. Person ids.

    >>> dev, noor, ana = 1, 2, 3
    >>> check_two_agents(asked_by=dev, agrees=noor, owner=ana)
    >>> check_two_agents(asked_by=dev, agrees=dev, owner=ana)
    Traceback (most recent call last):
    app.domain.outcomes.Refused: Refused('SAME_AGENT')
    """
    for agent in (asked_by, agrees):
        check_may_help(agent=agent, owner=owner)
    if asked_by == agrees:
        raise Refused("SAME_AGENT")


def may_be_unlocked(failures_in_a_row: int, at: datetime) -> bool:
    """Whether so many wrong passwords in a row locked it; the waits after the lock count as locked."""
    return sign_in.tries_left(failures_in_a_row, at) == 0


def masked_email(email: str) -> str:
    """Enough of an address to see whether it is the one that a caller names, and no more.

    >>> masked_email("ana.flores@example.com")
    'a•••s@example.com'
    """
    name, _, host = email.partition("@")
    return f"{name[:1]}•••{name[-1:] if len(name) > SHORT else ''}@{host}"


def masked_phone(number: str) -> str:
    """The last two digits of a phone number.

    >>> masked_phone("+12135550142")
    '••• 42'
    """
    return f"••• {number[-2:]}"


def correction_waits_until(asked_at: datetime) -> datetime:
    """Until when a second agent may agree to a new address."""
    return asked_at + timedelta(days=_value("desk.correction_waits", asked_at))


def correction_may_be_confirmed_until(agreed_at: datetime) -> datetime:
    """Until when the owner may open the link in the letter to her new address."""
    return agreed_at + timedelta(minutes=_value("desk.correction_link", agreed_at))


class State(StrEnum):
    """How an account stands, in one word; the first two are the county's own (Not Registered, ESP)."""

    NOT_REGISTERED = "not_registered"
    REGISTERED = "registered"
    FROZEN = "frozen"
    LOCKED = "locked"
    UNCONFIRMED = "unconfirmed"


_STATES = {
    "DESK_FROZEN": State.FROZEN,
    "DESK_PASSWORD_OFF": State.LOCKED,
    "DESK_LOCKED": State.LOCKED,
    "DESK_EMAIL_NOT_CONFIRMED": State.UNCONFIRMED,
}


@dataclass(frozen=True, slots=True)
class Standing:
    """What decides whether somebody can sign in."""

    failures_in_a_row: int
    locked_at: datetime | None
    frozen_at: datetime | None
    email_confirmed_at: datetime | None
    has_password: bool
    passkeys: int
    app_failures: int = 0
    app_failed_at: datetime | None = None


def what_stops(standing: Standing, at: datetime) -> tuple[Finding, ...]:
    """Why somebody cannot sign in, or cannot in some way, the worst first; () when nothing stops her.

    Codes: DESK_FROZEN (since_on, since_at), DESK_PASSWORD_OFF, DESK_LOCKED (until_at), DESK_APP_OFF,
    DESK_APP_LOCKED (until_at), DESK_EMAIL_NOT_CONFIRMED, DESK_NO_PASSWORD and DESK_ONLY_CODES.
    """
    return tuple(
        finding
        for finding in (
            _frozen(standing),
            _said(sign_in.check_not_locked, standing.failures_in_a_row, standing.locked_at, at),
            _said(sign_in.check_app_open, standing.app_failures, standing.app_failed_at, at),
            None if standing.email_confirmed_at else Finding("DESK_EMAIL_NOT_CONFIRMED"),
            _without_password(standing),
        )
        if finding is not None
    )


def state_of(standing: Standing | None, at: datetime) -> State:
    """The one word about an account in a list; None where somebody has none."""
    if standing is None:
        return State.NOT_REGISTERED
    stops = [finding.code for finding in what_stops(standing, at)]
    return next((_STATES[code] for code in stops if code in _STATES), State.REGISTERED)


def _frozen(standing: Standing) -> Finding | None:
    if standing.frozen_at is None:
        return None
    since = {"since_on": local_day(standing.frozen_at), "since_at": standing.frozen_at}
    return Finding("DESK_FROZEN", since)


def _said(
    rule: Callable[[int, datetime | None, datetime], None],
    failures: int,
    failed_at: datetime | None,
    at: datetime,
) -> Finding | None:
    """What a rule of signing in refuses with, told about somebody instead of to her."""
    try:
        rule(failures, failed_at, at)
    except Refused as refused:
        return Finding(f"DESK_{refused.code}", refused.facts)
    return None


def _without_password(standing: Standing) -> Finding | None:
    if standing.has_password:
        return None
    return Finding("DESK_NO_PASSWORD" if standing.passkeys else "DESK_ONLY_CODES")


def _value(name: str, at: datetime) -> int:
    return parameters.value(name, local_day(at))
