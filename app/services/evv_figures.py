"""How well is a county doing with its visits: how many as tapped, how many accepted, and what is stuck?

CMS counts visits without manual edits and visits that stand up to verification (Informational Bulletin of 24
October 2019). The figures are of a county and a month, never of a person (WIC 10836: no penalties from EVV).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, case, extract, func, or_, select
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session, joinedload

from app.domain.outcomes import Finding
from app.models.accounts import Account
from app.models.aggregator import AggregatorRecord
from app.models.cases import Assignment, Case
from app.models.people import Provider, Recipient
from app.services import aggregator_sending, audit
from app.services.aggregator_outbox import ACCEPTED, INCOMPLETE, REJECTED, SENT, WAITING

STUCK = (REJECTED, INCOMPLETE)


@dataclass(frozen=True, slots=True)
class MonthFigures:
    """The visits of a month by what became of them; those that turned out to be none do not count."""

    month: date
    visits: int
    as_tapped: int
    accepted: int
    waiting: int
    rejected: int
    incomplete: int

    @property
    def as_tapped_percent(self) -> int:
        """The share of visits without manual edits, whole percent rounded down."""
        return 100 * self.as_tapped // self.visits if self.visits else 0

    @property
    def accepted_percent(self) -> int:
        return 100 * self.accepted // self.visits if self.visits else 0


@dataclass(frozen=True, slots=True)
class Stuck:
    """A record that the aggregator does not have as it should, with whom it is about and why."""

    record: AggregatorRecord
    provider: str
    recipient: str
    reasons: tuple[Finding, ...]

    @property
    def in_short(self) -> list[str]:
        """The reasons for somebody at the command line."""
        return [
            " ".join([reason.code, *(str(fact) for fact in reason.facts.values() if fact)])
            for reason in self.reasons
        ]


def by_month(session: Session, county_id: int | None, *, since: date) -> list[MonthFigures]:
    """The figures of a county from a month on, the newest first."""
    record = AggregatorRecord
    year, month = extract("year", record.worked_on), extract("month", record.worked_on)

    def counted(*states: str) -> ColumnElement[int]:
        return func.count(case((record.state.in_(states), 1)))

    rows = session.execute(
        select(
            year,
            month,
            func.count(),
            func.count(case((record.has_manual_edit.is_(False), 1))),
            counted(ACCEPTED),
            counted(WAITING, SENT),
            counted(REJECTED),
            counted(INCOMPLETE),
        )
        .where(
            record.county_id == county_id,
            record.kind == "visit",
            record.worked_on >= since,
            record.is_cancelled.is_(False),
        )
        .group_by(year, month)
    ).all()
    figures = [MonthFigures(date(int(row[0]), int(row[1]), 1), *row[2:]) for row in rows]
    return sorted(figures, key=lambda each: each.month, reverse=True)


def stuck(session: Session, county_id: int | None, *, limit: int) -> list[Stuck]:
    """What was rejected or lacks something, of a county's recipients and their providers; None: of all.

    The longest ago comes first.
    """
    record = AggregatorRecord
    chosen = select(record).where(record.state.in_(STUCK))
    if county_id is not None:
        chosen = chosen.where(or_(record.county_id == county_id, _works_in(county_id)))
    records = session.scalars(
        chosen.order_by(record.worked_on, record.id)
        .limit(limit)
        .options(joinedload(record.assignment))
    ).all()
    return _with_names(session, records)


def send_again(session: Session, record_id: int, *, by: Account, at: datetime) -> None:
    """Have a stuck record of one's own county put together and sent anew; commits.

    NoResultFound for any other record.
    """
    record = session.scalars(
        select(AggregatorRecord).where(
            AggregatorRecord.id == record_id,
            AggregatorRecord.state.in_(STUCK),
            or_(AggregatorRecord.county_id == by.county_id, _works_in(by.county_id)),
        )
    ).one_or_none()
    if record is None:
        raise NoResultFound
    aggregator_sending.send_again(session, record)
    audit.record(session, "evv:send_again", f"evv_record:{record.id}", by=by, at=at)
    session.commit()


def _works_in(county_id: int | None) -> ColumnElement[bool]:
    """Whether a provider's record is that of somebody who works for a recipient of the county."""
    return AggregatorRecord.provider_id.in_(
        select(Assignment.provider_id)
        .join(Case, Case.id == Assignment.case_id)
        .join(Recipient, Recipient.id == Case.recipient_id)
        .where(Recipient.county_id == county_id)
    )


def _with_names(session: Session, records: Sequence[AggregatorRecord]) -> list[Stuck]:
    of_cases = select(Case).where(Case.id.in_({each.case_id for each in records}))
    cases = {row.id: row for row in session.scalars(of_cases)}
    of_providers = select(Provider).where(Provider.id.in_({each.provider_id for each in records}))
    providers = {row.id: row for row in session.scalars(of_providers)}
    return [
        Stuck(
            record,
            *_names(record, cases.get(record.case_id or 0), providers.get(record.provider_id or 0)),
            _reasons(record),
        )
        for record in records
    ]


def _names(
    record: AggregatorRecord, of_case: Case | None, provider: Provider | None
) -> tuple[str, str]:
    if record.assignment is not None:
        of_case, provider = record.assignment.case, record.assignment.provider
    return (
        "" if provider is None else provider.person.full_name,
        "" if of_case is None else of_case.recipient.person.full_name,
    )


def _reasons(record: AggregatorRecord) -> tuple[Finding, ...]:
    """Why it is stuck, as codes AGGREGATOR_… and LACKS_…."""
    lacking = [Finding(f"LACKS_{element}") for element in record.missing or ()]
    told = [
        Finding(
            f"AGGREGATOR_{reason['code']}",
            {"number": reason["number"], "field": reason["field"]},
        )
        for reason in record.reasons or ()
    ]
    return tuple(lacking + told)
