"""What does the demo's Ana claim beside her hours? Her way from Rosa to Walter, each half month."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from functools import partial

from sqlalchemy.orm import Session

from app.domain.claims import ClaimedDay, ClaimKind
from app.domain.periods import LOS_ANGELES, PayPeriod
from app.models.accounts import Account
from app.models.cases import Assignment
from app.services import claims

THE_WAY = 35  # minutes by bus, a little more on some days
CLAIMED_AT = time(19)

Event = tuple[datetime, Callable[..., object]]


def events(
    provider: Account,
    came_from: Assignment,
    to: Assignment,
    worked: Mapping[PayPeriod, Sequence[date]],
) -> Iterator[Event]:
    """A claim for each of these half months with the days on which she went from one to the other.

    She claims on the evening after the half month, once its timesheets are submitted.
    """
    for period, days in worked.items():
        at = datetime.combine(period.ends_on + timedelta(days=1), CLAIMED_AT, LOS_ANGELES)
        yield at, partial(_claim, provider, came_from, to, days)


def _claim(
    provider: Account,
    came_from: Assignment,
    to: Assignment,
    days: Sequence[date],
    session: Session,
    *,
    at: datetime,
) -> None:
    claim = claims.open_for(session, ClaimKind.TRAVEL, to.id, days[0], by=provider, at=at)
    ways = [ClaimedDay(day, THE_WAY + day.toordinal() * 7 % 11, came_from.case_id) for day in days]
    claims.save(session, claim, ways, notice=None, by=provider, at=at)
    shown = claims.prepare(session, claim, at=at).shown
    claims.submit(session, claim, shown=shown, reason=None, by=provider, at=at)
