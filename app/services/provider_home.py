"""What matters to a provider now: where she is checked in, her open half months, her last pay?"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.periods import local_day
from app.domain.timesheets import CLAIMED
from app.models.accounts import Account
from app.models.cases import Assignment
from app.models.timesheets import Timesheet
from app.services import forgotten_taps, notes, pay_tracker, sheet_cards, timesheets, visit_cards
from app.services.notes import Beside
from app.services.pay_tracker import Tracker
from app.services.sheet_cards import SheetCard
from app.services.visit_cards import VisitCard


@dataclass(frozen=True, slots=True)
class LastPay:
    """The newest half month that was signed, and where its pay stands."""

    timesheet: Timesheet
    tracker: Tracker


@dataclass(frozen=True, slots=True)
class ProviderHome:
    """Everything that the start page of a provider shows."""

    cards: list[VisitCard]
    forgotten: Mapping[int, datetime]  # longer than her visits are; with an end like theirs
    sheets: list[SheetCard]
    pay: LastPay | None
    beside: Mapping[int, Beside]  # by case: notes of the others, and who is there

    @property
    def checked_in(self) -> list[VisitCard]:
        return [card for card in self.cards if card.is_in]


def provider_home(session: Session, account: Account, *, at: datetime) -> ProviderHome:
    """The start page of a provider; NoResultFound for an account that is none."""
    provider = timesheets.provider_of(session, account)
    today = local_day(at)
    sheets = sheet_cards.open_sheets(session, provider, today)
    newest = session.scalars(
        select(Timesheet)
        .join(Timesheet.assignment)
        .where(Assignment.provider_id == provider.id, Timesheet.status.in_(CLAIMED))
        .order_by(Timesheet.period_starts_on.desc(), Timesheet.changed_at.desc())
        .limit(1)
    ).first()
    cards = visit_cards.cards(session, provider, at=at)
    under_way = [card.latest for card in cards if card.latest is not None]
    return ProviderHome(
        cards=cards,
        forgotten=forgotten_taps.forgotten(session, under_way, at=at),
        sheets=sheets,
        pay=LastPay(newest, pay_tracker.tracker(session, newest, today)) if newest else None,
        beside=notes.beside_cards(session, provider, by=account, at=at),
    )
