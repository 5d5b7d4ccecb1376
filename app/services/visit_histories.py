"""What must be read to judge some visit events: those around them, their chains, homes and phones?

The number of statements does not depend on how many events or providers there are. Positions are read
here and nowhere else for judging, and leave it only as a distance.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import Select, Table, and_, or_, select
from sqlalchemy.orm import Session

from app.domain import parameters
from app.domain.chains import Link
from app.domain.periods import local_day
from app.domain.permissions import Role
from app.domain.visit_history import Enrolled, Event, History, Home
from app.models.accounts import Account
from app.models.cases import Assignment, Case
from app.models.devices import TrustedDevice
from app.models.people import Provider, Recipient
from app.models.visits import RefusedItem, Visit, VisitEvent
from app.services import positions
from app.services.visit_events import POSITION, told_of

LINKS_BACK = 50  # numbers before an event that are looked at for what is missing

_EVENT = cast(Table, VisitEvent.__table__)


def around(
    session: Session, event_ids: Sequence[int], *, at: datetime
) -> tuple[History, Mapping[int, int]]:
    """What the rules need to judge these events, and the assignment of each event in it."""
    asked = session.execute(_EVENTS.where(VisitEvent.id.in_(event_ids))).all()
    rows = {row.id: row for row in [*asked, *_beside(session, asked)]}
    visit_undone = {row.submission_id: row.undone_at for row in rows.values()}
    links, links_from = _links(session, asked)
    history = History(
        at=at,
        events=tuple(_event(row, visit_undone) for row in rows.values()),
        links=links,
        links_from=links_from,
        homes=_homes(session, {row.recipient_id for row in rows.values() if row.recipient_id}),
        enrolled=_enrolled(session, {row.account_id for row in asked}),
        signers=_signers(session, {row.device_id for row in rows.values() if row.device_id}),
        reused=_reused(session, asked),
    )
    return history, {row.id: row.assignment_id for row in rows.values() if row.assignment_id}


def assignments_of(accounts: Collection[int]) -> Select[Any]:
    """The keys of all assignments of the providers who hold these accounts."""
    return (
        select(Assignment.id)
        .join(Provider, Provider.id == Assignment.provider_id)
        .join(Account, Account.person_id == Provider.person_id)
        .where(Account.id.in_(accounts))
    )


_EVENTS = (
    select(_EVENT, Visit.undone_at, Case.recipient_id)
    .outerjoin(Visit, Visit.id == _EVENT.c.visit_id)
    .outerjoin(Assignment, Assignment.id == _EVENT.c.assignment_id)
    .outerjoin(Case, Case.id == Assignment.case_id)
)


def _beside(session: Session, asked: Sequence[Any]) -> Sequence[Any]:
    """The events of the same providers in the days around, for all recipients."""
    days: dict[int, list[datetime]] = defaultdict(list)
    for row in asked:
        days[row.account_id].append(row.counts_at)
    owned = session.execute(
        select(Assignment.id, Account.id.label("account_id"))
        .join(Provider, Provider.id == Assignment.provider_id)
        .join(Account, and_(Account.person_id == Provider.person_id, Account.role == Role.PROVIDER))
        .where(Account.id.in_(days))
    ).all()
    assignments = defaultdict(list)
    for assignment_id, account_id in owned:
        assignments[account_id].append(assignment_id)
    if not owned:
        return []
    return session.execute(
        _EVENTS.where(
            or_(
                *(
                    and_(
                        _EVENT.c.assignment_id.in_(ids),
                        _EVENT.c.counts_at.between(*_span(days[account_id])),
                    )
                    for account_id, ids in assignments.items()
                )
            )
        )
    ).all()


def _span(moments: Sequence[datetime]) -> tuple[datetime, datetime]:
    first, last = min(moments), max(moments)
    look_back = timedelta(days=parameters.value("visit.look_back", local_day(last)))
    return first - look_back, last + look_back


def _event(row: Any, undone: Mapping[str, datetime | None]) -> Event:
    about = row.about_submission_id
    withdrawn = row.undone_at or (undone.get(about) if row.kind == POSITION else None)
    return Event(
        id=row.id,
        kind=row.kind,
        provider=row.account_id,
        told=told_of(row),
        counts_at=row.counts_at,
        source=row.source,
        recipient=row.recipient_id,
        device=row.device_id,
        signed=row.signed,
        place=positions.verdict_of(row._mapping),
        fix=row.position,
        link=_link(row, row.id),
        withdrawn=withdrawn is not None,
    )


def _link(row: Any, event_id: int | None) -> Link | None:
    if row.chain_key is None or row.chain_number is None:
        return None
    return Link(
        row.chain_key,
        row.chain_number,
        row.chain_previous or "",
        row.chain_hash or "",
        row.received_at,
        event_id,
    )


def _links(session: Session, asked: Sequence[Any]) -> tuple[tuple[Link, ...], dict[str, int]]:
    """The links of these events' chains from a little before them, with what was refused of them."""
    numbers: dict[str, list[int]] = defaultdict(list)
    for row in asked:
        if row.chain_key is not None and row.chain_number is not None:
            numbers[row.chain_key].append(row.chain_number)
    if not numbers:
        return (), {}
    begin = {key: max(1, min(found) - LINKS_BACK) for key, found in numbers.items()}
    found: list[Link | None] = []
    for table in (VisitEvent, RefusedItem):
        rows = session.execute(
            select(
                table.id, table.chain_key, table.chain_number, table.chain_previous,
                table.chain_hash, table.received_at,
            ).where(or_(*(_in_chain(table, key, begin[key], max(numbers[key])) for key in numbers)))
        )  # fmt: skip
        found += [_link(row, row.id if table is VisitEvent else None) for row in rows]
    return tuple(link for link in found if link), begin


def _in_chain(table: Any, key: str, first: int, last: int) -> Any:
    return and_(table.chain_key == key, table.chain_number.between(first, last + 1))


def _homes(session: Session, recipients: Collection[int]) -> dict[int, Home]:
    rows = session.execute(select(Recipient.id, Recipient.home).where(Recipient.id.in_(recipients)))
    return {row.id: row.home for row in rows if row.home is not None}


def _enrolled(session: Session, accounts: Collection[int]) -> tuple[Enrolled, ...]:
    rows = session.execute(
        select(TrustedDevice.account_id, TrustedDevice.enrolled_at, TrustedDevice.revoked_at).where(
            TrustedDevice.account_id.in_(accounts), TrustedDevice.enrolled_at.is_not(None)
        )
    )
    return tuple(
        Enrolled(row.account_id, row.enrolled_at, row.revoked_at) for row in rows if row.enrolled_at
    )


def _signers(session: Session, devices: Iterable[int]) -> dict[int, frozenset[int]]:
    """Which providers have a key on each of these devices, where it is more than one."""
    found = defaultdict(set)
    rows = session.execute(
        select(TrustedDevice.device_id, TrustedDevice.account_id)
        .join(Account, Account.id == TrustedDevice.account_id)
        .where(
            TrustedDevice.device_id.in_(devices),
            TrustedDevice.enrolled_at.is_not(None),
            Account.role == Role.PROVIDER,
        )
    )
    for device_id, account_id in rows:
        found[device_id].add(account_id)
    return {device_id: frozenset(accounts) for device_id, accounts in found.items()}


def _reused(session: Session, asked: Sequence[Any]) -> frozenset[int]:
    event_of = {(row.account_id, row.submission_id): row.id for row in asked}
    rows = session.execute(
        select(RefusedItem.account_id, RefusedItem.submission_id).where(
            RefusedItem.submission_id.in_([row.submission_id for row in asked]),
            RefusedItem.code == "ID_REUSED",
        )
    )
    return frozenset(event_of[key] for row in rows if (key := tuple(row)) in event_of)
