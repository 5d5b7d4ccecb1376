"""What is odd about a few of the demo's visits, so that the county has something to weigh?

Only how a tap was made or came differs from other days: the hours are the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import NAMESPACE_URL, uuid5

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.outcomes import Refused
from app.domain.positions import Fix
from app.domain.visit_flags import FlagCode
from app.domain.visits import EventKind
from app.models.accounts import Account
from app.models.cases import Assignment
from app.models.visits import VisitEvent, VisitFlag
from app.services import judging, odd_visits, refusals
from app.services.refusals import Turned

ONE_DAY = timedelta(days=1)
NO_SIGNAL = timedelta(days=2)
TO_THE_PHARMACY = 0.0434  # degrees of latitude: about three miles
STEADY = 3  # days on which a phone gave the very same place
A_YEAR_AND_MORE = timedelta(days=400)


@dataclass(frozen=True, slots=True)
class Oddity:
    """How a tap differs: by its place, by the phone's clock, or by when it came."""

    fix: Fix | None = None
    clock_off: timedelta = timedelta()
    late: timedelta = timedelta()


Oddities = dict[tuple[int, date, EventKind], Oddity]


def of_visits(
    first: tuple[Assignment, Sequence[date]], second: tuple[Assignment, Sequence[date]]
) -> Oddities:
    """Oddities for two recipients, each with the days on which a provider was there lately.

    At the first: a check-in at the pharmacy, and a clock that was two hours ahead. At the second: one
    place to the last digit for days, and a day without a signal.
    """
    odd: Oddities = {}
    (rosas, with_rosa), (walters, with_walter) = first, second
    home = rosas.recipient.home
    if home is not None and with_rosa:
        pharmacy = Fix(home[0] + TO_THE_PHARMACY, home[1] + 0.0021, 9.0)
        odd[rosas.id, with_rosa[-1], EventKind.CHECK_IN] = Oddity(pharmacy)
    if len(with_rosa) > 1:
        ahead = Oddity(clock_off=timedelta(hours=2))
        odd[rosas.id, with_rosa[-2], EventKind.CHECK_OUT] = ahead
    home = walters.recipient.home
    if home is not None:
        place = Fix(home[0] + 0.0000431, home[1] - 0.0000277, 10.0)
        for day in with_walter[-STEADY:]:
            odd[walters.id, day, EventKind.CHECK_IN] = Oddity(place)
    return odd


def without_signal(assignment: Assignment, day: date) -> Oddities:
    """A day whose taps came two days later."""
    return {(assignment.id, day, kind): Oddity(late=NO_SIGNAL) for kind in EventKind}


def weigh(session: Session, provider: Account, assignment: Assignment, *, now: datetime) -> None:
    """Judge what there is, let the provider say something, and refuse an item of long ago; commits."""
    judging.judge_due(session, at=now)
    away = session.scalars(
        select(VisitFlag)
        .join(VisitFlag.event)
        .where(VisitFlag.code == FlagCode.AWAY, VisitEvent.account_id == provider.id)
    ).first()
    if away is not None:
        words = "We were at the pharmacy. I tapped Home by mistake."
        odd_visits.say(session, provider, away.id, words=words, at=now)
    made_at = now - A_YEAR_AND_MORE
    why = Refused(
        "NOT_ASSIGNED_THEN",
        recipient=assignment.recipient.person.first_name,
        worked_on=made_at.date().isoformat(),
    )
    refused = Turned(
        id=str(uuid5(NAMESPACE_URL, "carehours-demo:refused")), content_hash="demo",
        kind=EventKind.CHECK_IN.value, account=provider.id, assignment=assignment.id,
        made_at=made_at, received_at=now, why=why, signed=False, device=None, link=None,
    )  # fmt: skip
    refusals.keep_all(session, [refused])
    session.commit()
