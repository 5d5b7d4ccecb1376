"""What does an account say of its owner, and how does she set it right herself?

Names and dates of birth are the county's; what she may change is how she is reached and addressed.
E-mail and phone need a code that comes back: see contact_changes.
"""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.domain.outcomes import Refused
from app.domain.periods import local_day
from app.domain.permissions import Role
from app.models.accounts import Account
from app.models.cases import Case, Signatory
from app.models.people import Person, Recipient
from app.services import alarms, audit, claimants, sessions

LANGUAGES = ("en", "es", "zh_Hant", "hy")
LONGEST_ADDRESS = 200  # characters
ADDRESS_LINES = 4
REMINDED_OF_TIMESHEETS = frozenset({Role.PROVIDER, Role.RECIPIENT, Role.SIGNATORY})


@dataclass(frozen=True)
class Telling:
    """By which ways somebody wants to hear of things, beside the notices in the portal.

    `of_taps` is whether she is reminded of a check-in or check-out that she may have forgotten,
    `of_timesheets` whether of one that she has to submit or to sign.
    """

    by_email: bool
    by_text: bool
    of_taps: bool = True
    of_timesheets: bool = True


@dataclass(frozen=True)
class SignsForHer:
    """Somebody who may sign for a recipient."""

    name: str
    since: date


def set_mailing_address(
    session: Session, address: str, *, session_id: int, by: Account, at: datetime
) -> None:
    """Where letters go to a provider; all other sessions end, and she is told; commits.

    Refused with ADDRESS_EMPTY or ADDRESS_TOO_LONG, and ADDRESS_IS_THE_COUNTYS for everybody else:
    the home of a recipient is on file with the county, where care is given (domain.md §1).
    """
    if by.role != Role.PROVIDER:
        raise Refused("ADDRESS_IS_THE_COUNTYS")
    lines = [line.strip() for line in address.replace("\x00", "").splitlines()]
    text = "\n".join(line for line in lines if line)
    if not text:
        raise Refused("ADDRESS_EMPTY")
    if len(text) > LONGEST_ADDRESS or text.count("\n") >= ADDRESS_LINES:
        raise Refused("ADDRESS_TOO_LONG", longest=LONGEST_ADDRESS, lines=ADDRESS_LINES)
    claimants.lock(session, by)
    by.mailing_address = text
    _tell_and_record(session, "ADDRESS_CHANGED", "address:change", session_id, by, at)


def set_telling(
    session: Session, telling: Telling, *, session_id: int, by: Account, at: datetime
) -> None:
    """How she hears of things from now on; commits.

    Refused with NO_WAY_TO_TELL, or NO_CONFIRMED_PHONE for texts to a number that is not confirmed.
    Whatever she chooses, a change of her account is told to every confirmed address. Reminders alone
    say nothing about who reads what, so turning them on or off is told to nobody.
    """
    if not (telling.by_email or telling.by_text):
        raise Refused("NO_WAY_TO_TELL")
    claimants.lock(session, by)
    if telling.by_text and by.phone_confirmed_at is None:
        raise Refused("NO_CONFIRMED_PHONE")
    if by.role == Role.PROVIDER:
        by.reminds_of_taps = telling.of_taps
    if by.role in REMINDED_OF_TIMESHEETS:
        by.reminds_of_timesheets = telling.of_timesheets
    if (by.tells_by_email, by.tells_by_text) == (telling.by_email, telling.by_text):
        audit.record(session, "reminders:change", _subject(by), by=by, at=at)
        session.commit()
        return
    by.tells_by_email, by.tells_by_text = telling.by_email, telling.by_text
    _tell_and_record(session, "TELLING_CHANGED", "telling:change", session_id, by, at)


def set_language(session: Session, language: str, *, by: Account, at: datetime) -> None:
    """In which language the portal speaks and writes to her; commits. Refused: LANGUAGE_UNKNOWN."""
    if language not in LANGUAGES:
        raise Refused("LANGUAGE_UNKNOWN")
    by.person.language = language
    audit.record(session, "language:change", _subject(by), by=by, at=at)
    session.commit()


def who_signs_for(session: Session, account: Account, *, at: datetime) -> list[SignsForHer]:
    """Who may sign for a recipient today, and since when."""
    today = local_day(at)
    rows = session.execute(
        select(Person, Signatory.starts_on)
        .join(Signatory, Signatory.person_id == Person.id)
        .join(Case, Case.id == Signatory.case_id)
        .join(Recipient, Recipient.id == Case.recipient_id)
        .where(
            Recipient.person_id == account.person_id,
            Signatory.starts_on <= today,
            or_(Signatory.ends_on.is_(None), Signatory.ends_on >= today),
        )
        .order_by(Signatory.id)
    )
    return [SignsForHer(person.full_name, since) for person, since in rows]


def _tell_and_record(
    session: Session, code: str, action: str, session_id: int, by: Account, at: datetime
) -> None:
    """Whoever else is signed in must prove herself anew, and the owner hears of it; commits."""
    alarms.tell_of_change(session, by, code, {}, at=at)
    sessions.end_all_of(session, by, at=at, but=session_id)
    audit.record(session, action, _subject(by), by=by, at=at)
    session.commit()


def _subject(account: Account) -> str:
    return f"account:{account.id}"
