"""What has changed since the aggregator was last told, and how does it get in line?

A check-in writes nothing for the aggregator: a job reads on from the last event and the last step of a timesheet
that it saw, and compares what the visits around them say now with what was last put in line (docs/adr/0023).
Each round is one transaction.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session, undefer_group

from app.domain import evv_days, evv_records
from app.domain.evv_codes import Why
from app.domain.evv_days import Adjusted, DayByHand
from app.domain.evv_records import Change, Sender
from app.domain.periods import local_day
from app.domain.visits import EventKind
from app.models.aggregator import AggregatorRecord
from app.models.cases import Case
from app.models.engine import writing
from app.models.people import ON_FILE, Provider
from app.models.visits import Visit
from app.services import aggregator_changes, aggregator_facts, aggregator_outbox
from app.services.aggregator_facts import OnFile


def gather(session: Session, sender: Sender, *, at: datetime) -> int:
    """Put in line whatever the aggregator does not know yet; answers how many versions. Commits.

    Raises nothing for a record that lacks something: it is held back and shown.
    """
    total = 0
    while True:
        with writing():
            done = _round(session, sender, at)
            session.commit()
        if done is None:
            return total
        total += done


def _round(session: Session, sender: Sender, at: datetime) -> int | None:
    """One step of the way; None when there is nothing left, or another worker is at it."""
    touched = aggregator_changes.next_touched(session, at=at)
    if touched.is_empty:
        return None
    desk = _Desk(session, sender, at)
    desk.tell_people(touched.cases, touched.providers)
    if touched.since:
        for each in aggregator_facts.on_file(session, touched.since):
            desk.tell(each)
    return desk.queued


class _Desk:
    """Compares what is on file with what was last put in line, and puts in line what differs."""

    def __init__(self, session: Session, sender: Sender, at: datetime) -> None:
        self.session, self.sender, self.at = session, sender, at
        self.queued = 0
        self._people: dict[tuple[str, int], AggregatorRecord] = {}
        self._compared: set[AggregatorRecord] = set()  # each once a round

    def tell_people(self, cases: Iterable[int], providers: Iterable[int]) -> None:
        """Recipients and providers by themselves, of whom something may have changed."""
        for case in self.session.scalars(
            select(Case).where(Case.id.in_(cases)).options(undefer_group(ON_FILE))
        ).all():
            self._client(case)
        for provider in self.session.scalars(
            select(Provider).where(Provider.id.in_(providers))
        ).all():
            self._employee(provider)

    def tell(self, on_file: OnFile) -> None:
        """An assignment's visits and days by hand, with the people whom they are about."""
        known = self._records_of(on_file)
        adjusted, days = evv_days.adjust(on_file.stays, on_file.days)
        for visit in on_file.visits:
            if local_day(visit.began_at) >= on_file.since and not visit.is_open:
                record = known.visits.get(visit.id)
                self._visit(on_file, visit, record, adjusted.get(visit.id))
        for day in days:
            if day.on >= on_file.since:
                self._day(on_file, day, known.days.pop(day.on, None))
        for record in [*known.days.values(), *known.without_visit]:
            why = Why.MERGED if record.day_by_hand is None else Why.WITHDRAWN
            self._cancel(on_file, record, why)

    def _records_of(self, on_file: OnFile) -> "_Known":
        visits = [visit.id for visit in on_file.visits]
        rows = self.session.scalars(
            aggregator_outbox.records().where(
                AggregatorRecord.assignment_id == on_file.assignment.id,
                or_(
                    AggregatorRecord.visit_id.in_(visits),
                    AggregatorRecord.day_by_hand >= on_file.since,
                    and_(
                        AggregatorRecord.visit_id.is_(None),
                        AggregatorRecord.day_by_hand.is_(None),
                        AggregatorRecord.is_cancelled.is_(False),
                    ),
                ),
            )
        ).all()
        return _Known(
            {row.visit_id: row for row in rows if row.visit_id is not None},
            {row.day_by_hand: row for row in rows if row.day_by_hand is not None},
            [row for row in rows if row.visit_id is None and row.day_by_hand is None],
        )

    def _visit(
        self,
        on_file: OnFile,
        visit: Visit,
        record: AggregatorRecord | None,
        adjusted: Adjusted | None,
    ) -> None:
        is_known = record is not None and aggregator_outbox.may_be_known(record)
        if visit.undone_at is not None and not is_known:
            if record is not None:
                aggregator_outbox.drop(self.session, record)
            return
        worked_on = local_day(visit.began_at)
        record = record or self._new_visit(on_file, worked_on, visit_id=visit.id)
        record.worked_on = worked_on
        adjusted = adjusted or Adjusted()
        changes = _changes(on_file, visit, adjusted)
        facts = self._facts(on_file, record)
        facts = replace(
            facts,
            taps=on_file.taps_of(visit, with_places=True),
            begins_at=adjusted.begins_at,
            ends_at=adjusted.ends_at,
            is_claimed=adjusted.is_claimed and visit.undone_at is None,
            changes=changes,
        )
        basis = replace(facts, taps=on_file.taps_of(visit, with_places=False))
        self._put(record, facts, basis, on_file.newest(visit))

    def _day(self, on_file: OnFile, day: DayByHand, record: AggregatorRecord | None) -> None:
        """A day with hours that nobody tapped."""
        record = record or self._new_visit(on_file, day.on, day_by_hand=day.on)
        facts = self._facts(on_file, record)
        if day.starts is not None and day.ends is not None and day.place is not None:
            begins = evv_days.instant_of(day.on, day.starts)
            ends = evv_days.instant_of(day.on, day.ends)
            taps = evv_records.taps_of_day(str(record.id), begins, ends, day.place)
            facts = replace(facts, taps=taps)
        facts = replace(facts, changes=(Change(Why.NO_TAPS, day.changed_at),))
        self._put(record, facts, facts, day.changed_at)

    def _cancel(self, on_file: OnFile, record: AggregatorRecord, why: Why) -> None:
        """There is no such visit any more."""
        if not aggregator_outbox.may_be_known(record):
            aggregator_outbox.drop(self.session, record)
            return
        facts = self._facts(on_file, record)
        facts = replace(facts, is_cancelled=True, changes=(Change(why, self.at),))
        basis = replace(facts, changes=())
        self._put(record, facts, basis, self.at)

    def _put(
        self,
        record: AggregatorRecord,
        facts: evv_records.Visit,
        basis: evv_records.Visit,
        newest: datetime,
    ) -> None:
        """Put a visit in line if it says something new; `basis` is what tells whether it does."""
        record.looked_at = self.at
        mark = aggregator_outbox.fingerprint_of(evv_records.visit_record(basis, self.sender))
        if record.fingerprint == mark:
            return
        record.has_manual_edit = facts.has_manual_edit
        is_known = aggregator_outbox.may_be_known(record)
        content = evv_records.visit_record(facts, self.sender)
        missing = evv_records.missing_elements(content)
        if missing and not is_known:
            aggregator_outbox.hold_back(record, missing, mark)
            return
        if missing:  # it was whole before: as far as we know there is no such visit any more
            facts = replace(facts, is_cancelled=True)
            content = evv_records.visit_record(facts, self.sender)
        if is_known and not facts.changes:
            late = Change(Why.LATE_TAP, newest)
            content = evv_records.with_change(content, late, facts, self.sender)
        record.is_cancelled = facts.is_cancelled
        aggregator_outbox.queue(self.session, record, content, mark, at=self.at)
        self.queued += 1

    def _facts(self, on_file: OnFile, record: AggregatorRecord) -> evv_records.Visit:
        assignment = on_file.assignment
        return evv_records.Visit(
            key=f"V{record.id}",
            program=assignment.program,
            case_number=assignment.case.number,
            provider_number=assignment.provider.number,
        )

    def _new_visit(
        self,
        on_file: OnFile,
        worked_on: date,
        *,
        visit_id: int | None = None,
        day_by_hand: date | None = None,
    ) -> AggregatorRecord:
        assignment = on_file.assignment
        record = AggregatorRecord(
            kind="visit",
            visit_id=visit_id,
            day_by_hand=day_by_hand,
            assignment_id=assignment.id,
            client_id=self._client(assignment.case).id,
            employee_id=self._employee(assignment.provider).id,
            county_id=assignment.recipient.county_id,
            worked_on=worked_on,
            **_NEW,
            looked_at=self.at,
        )
        self.session.add(record)
        self.session.flush()
        return record

    def _client(self, case: Case) -> AggregatorRecord:
        record = self._person("client", case.id)
        if record is None:
            record = AggregatorRecord(kind="client", case_id=case.id, **_NEW, looked_at=self.at)
        if record in self._compared:
            return record
        person, recipient = case.recipient.person, case.recipient
        record.county_id = recipient.county_id
        client = evv_records.Client(
            case.number,
            person.first_name,
            person.last_name,
            recipient.address,
            recipient.county.name,
            aggregator_facts.programs_of(self.session, [case.id]).get(case.id, frozenset()),
        )
        self._put_person(record, evv_records.client_record(client, self.sender))
        return record

    def _employee(self, provider: Provider) -> AggregatorRecord:
        record = self._person("employee", provider.id)
        if record is None:
            record = AggregatorRecord(
                kind="employee", provider_id=provider.id, **_NEW, looked_at=self.at
            )
        if record in self._compared:
            return record
        person = provider.person
        employee = evv_records.Employee(provider.number, person.first_name, person.last_name)
        self._put_person(record, evv_records.employee_record(employee, self.sender))
        return record

    def _person(self, kind: str, key: int) -> AggregatorRecord | None:
        if (kind, key) not in self._people:
            column = AggregatorRecord.case_id if kind == "client" else AggregatorRecord.provider_id
            found = self.session.scalars(aggregator_outbox.records().where(column == key)).first()
            if found is None:
                return None
            self._people[kind, key] = found
        return self._people[kind, key]

    def _put_person(self, record: AggregatorRecord, content: evv_records.Record) -> None:
        record.looked_at = self.at
        self.session.add(record)
        self.session.flush()
        self._people[record.kind, record.case_id or record.provider_id or 0] = record
        self._compared.add(record)
        mark = aggregator_outbox.fingerprint_of(content)
        if record.fingerprint != mark:
            aggregator_outbox.queue(self.session, record, content, mark, at=self.at)
            self.queued += 1


def _changes(on_file: OnFile, visit: Visit, adjusted: Adjusted) -> tuple[Change, ...]:
    """Why a visit says something else than what was tapped."""
    if visit.undone_at is not None:
        return (Change(Why.NOT_A_VISIT, visit.undone_at),)
    given = [
        Change(
            Why.NO_TAP_IN if tap.kind is EventKind.CHECK_IN else Why.NO_TAP_OUT,
            on_file.newest(visit),
        )
        for tap in on_file.taps_of(visit, with_places=False)
        if tap.by_hand
    ]
    return (*given, *(Change(why, at) for why, at in adjusted.reasons))


_NEW: Mapping[str, object] = {
    "state": aggregator_outbox.WAITING,
    "sequence": 0,
    "rejections": 0,
    "has_manual_edit": False,
    "is_cancelled": False,
}


@dataclass(slots=True)
class _Known:
    """The records of an assignment: by visit, by day, and those whose visit is gone."""

    visits: dict[int, AggregatorRecord]
    days: dict[date, AggregatorRecord]
    without_visit: list[AggregatorRecord]
