"""What is said about a visit after a tap, and on its card?"""

from datetime import datetime

from flask_babel import gettext

from app.domain.periods import local_day
from app.services.item_results import checked_out_code, facts_of
from app.services.visit_cards import RecordedEvent, VisitCard
from app.services.visit_events import VisitReceipt
from app.web.formatting import clock_time, day_time
from app.web.places import place_words
from app.web.wording import sentence

NOON, EVENING = 12, 18  # hours of the local day


def greeting(local: datetime, name: str) -> str:
    """`Good morning, Ana`."""
    if local.hour < NOON:
        return str(gettext("Good morning, %(name)s", name=name))
    if local.hour < EVENING:
        return str(gettext("Good afternoon, %(name)s", name=name))
    return str(gettext("Good evening, %(name)s", name=name))


def after_check_in(receipt: VisitReceipt, recipient: str) -> str:
    """Since when somebody is checked in, and whose clock that is by."""
    return _with_doubt("CHECKED_IN", receipt, recipient)


def after_check_out(receipt: VisitReceipt, recipient: str) -> str:
    """What today's visits brought, and where it stands."""
    return _with_doubt(checked_out_code(receipt.hours), receipt, recipient)


def after_close(receipt: VisitReceipt, recipient: str) -> str:
    """What the day on which the visit ended now proposes."""
    minutes = receipt.hours.minutes if receipt.hours else 0
    facts = {
        "recipient": recipient,
        "worked_on": local_day(receipt.counts_at).isoformat(),
        "day_minutes": minutes or 0,
    }
    return sentence("CLOSED" if minutes else "CLOSED_NO_HOURS", facts)


def hours_of_card(card: VisitCard) -> str | None:
    """The same on the card, until the next check-in; None where nothing ended today."""
    if card.hours is None:
        return None
    facts = {
        "recipient": card.assignment.recipient.person.first_name,
        "today_minutes": card.hours.minutes or 0,
    }
    return sentence(checked_out_code(card.hours), facts)


def since(at: datetime, now: datetime) -> str:
    """`8:02 AM`, with its day where that is not today."""
    return clock_time(at) if local_day(at) == local_day(now) else day_time(at)


def elapsed(since_at: datetime, now: datetime) -> int:
    """Whole minutes that have passed; never less than none, whatever clock began them."""
    return max(0, int((now - since_at).total_seconds()) // 60)


def place(recorded: RecordedEvent) -> str:
    """Where a tap was, in words."""
    assert recorded.verdict is not None  # noqa: S101 - the template asks only then
    return place_words(recorded.verdict, recorded.problem)


def _with_doubt(code: str, receipt: VisitReceipt, recipient: str) -> str:
    facts = facts_of(receipt, recipient)
    words = sentence(code, facts)
    if receipt.doubt is None:
        return words
    return f"{words} {sentence(receipt.doubt.code, facts)}"
