"""How do people, cases, hours and assignments come in from a county's file? All of it, or none.

A CSV file whose `record` column says what each row is; docs/operating.md describes it column by
column. Rows may stand in any order. What is there already is brought up to what the row says, so a
file can be loaded again. Every row that cannot be taken is named with its line and the reason, and
then nothing at all is changed.
"""

import csv
import hashlib
import io
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from itertools import islice
from typing import TypeVar

from sqlalchemy import exists, select
from sqlalchemy.orm import Load, Session, defaultload, undefer_group

from app.domain import names
from app.domain.outcomes import Refused
from app.models.base import Base
from app.models.cases import Assignment, AuthorizedHours, Case, Signatory
from app.models.names import people_with_word
from app.models.people import ON_FILE, County, Person, Provider, Recipient
from app.services import audit, case_rows
from app.services.case_rows import (
    AssignmentRow,
    CaseRow,
    Cells,
    HoursRow,
    Key,
    PersonCells,
    ProviderRow,
    Row,
    SignatoryRow,
)

ORDER = ("provider", "case", "hours", "assignment", "signatory")
"""What must be there before what: rows are taken in this order, whatever the file's."""

ADDED, CHANGED, UNCHANGED = "added", "changed", "unchanged"
AT_A_TIME = 500  # numbers looked up in one statement


Thing = TypeVar("Thing", bound=Base)
Value = TypeVar("Value")
OfCase = TypeVar("OfCase", AuthorizedHours, Assignment)


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A line of the file, counted as an editor does, and why it cannot be taken.

    `brings` is the number of the provider or case that it would have brought in.
    """

    line: int
    refused: Refused
    brings: str = ""


@dataclass(slots=True)
class Imported:
    """What became of a file: rows that were new, changed something or changed nothing, by kind."""

    added: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    changed: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    unchanged: int = 0
    refused: list[RefusedRow] = field(default_factory=list)


def load(session: Session, content: bytes, *, at: datetime) -> Imported:
    """Take a whole file in, or nothing of it when a row is refused; commits when it is taken.

    Refuses the file itself with FILE_NOT_UTF8, FILE_EMPTY, COLUMNS_WRONG and FILE_NOT_CSV.
    """
    rows, refused = _read(content)
    result = Imported(refused=refused)
    work = _Import(session, rows, refused)
    for kind in ORDER:
        for row in (row for row in rows if row.kind == kind):
            _take(work, row, result)
    if result.refused:
        session.rollback()
        result.refused.sort(key=lambda each: each.line)
        return result
    facts = {
        "sha256": hashlib.sha256(content).hexdigest(),
        "added": dict(result.added),
        "changed": dict(result.changed),
    }
    audit.record(session, "cases:import", "cases", by=None, at=at, facts=facts)
    session.commit()
    return result


def _read(content: bytes) -> tuple[list[Row], list[RefusedRow]]:
    rows: list[Row] = []
    refused: list[RefusedRow] = []
    seen: dict[tuple[str, Key], int] = {}
    for line, cells in _lines_of(content):
        try:
            row = case_rows.read(line, cells)
            if row is not None:
                first = seen.setdefault((row.kind, row.key), line)
                if first != line:
                    raise Refused("ROW_TWICE", line=first)
                rows.append(row)
        except Refused as error:
            refused.append(RefusedRow(line, error, brings=case_rows.number_of(cells)))
    return rows, refused


def _lines_of(content: bytes) -> Iterator[tuple[int, Cells]]:
    """The cells of each line by column, with the line's number as an editor counts."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refused("FILE_NOT_UTF8") from error
    reader = csv.DictReader(io.StringIO(text, newline=""), restkey=case_rows.NO_CELL, restval="")
    if not reader.fieldnames:
        raise Refused("FILE_EMPTY")
    unknown = set(reader.fieldnames) - case_rows.COLUMNS
    if unknown or "record" not in reader.fieldnames:
        raise Refused("COLUMNS_WRONG", columns=", ".join(sorted(unknown)) or "record")
    try:
        for cells in reader:
            yield reader.line_num, cells
    except csv.Error as error:
        raise Refused("FILE_NOT_CSV", line=reader.line_num) from error


def _take(work: "_Import", row: Row, result: Imported) -> None:
    try:
        became = work.take(row)
    except _RestsOnRefused:  # the row that it rests on is named already
        return
    except Refused as error:
        brings = row.number if isinstance(row, ProviderRow | CaseRow) else ""
        result.refused.append(RefusedRow(row.line, error, brings))
        return
    if became == UNCHANGED:
        result.unchanged += 1
    else:
        counts = result.added if became == ADDED else result.changed
        counts[row.kind] += 1


class _RestsOnRefused(Exception):  # noqa: N818 - it names what was found
    """A row names a case or a provider whose own row was refused."""


class _Import:
    """What is there already of all that the rows name, looked up at once, and what they add to it."""

    def __init__(
        self, session: Session, rows: Iterable[Row], refused: Sequence[RefusedRow]
    ) -> None:
        self.session, self.refused = session, refused
        numbers = {row.number for row in rows if isinstance(row, ProviderRow)}
        numbers |= {row.provider_number for row in rows if isinstance(row, AssignmentRow)}
        cases = {row.number for row in rows if isinstance(row, CaseRow)}
        cases |= {
            row.case_number
            for row in rows
            if isinstance(row, HoursRow | AssignmentRow | SignatoryRow)
        }
        self.counties = {county.name: county for county in session.scalars(select(County))}
        self.providers = {each.number: each for each in self._providers(numbers)}
        self.cases = {each.number: each for each in self._cases(cases)}
        self.grants = {(each.case_id, each.starts_on): each for each in self._of(AuthorizedHours)}
        self.assignments = {
            (each.provider_id, each.case_id, each.program, each.starts_on): each
            for each in self._of(Assignment)
        }
        self.signatories = self._signatories()

    def take(self, row: Row) -> str:
        """Bring one row in; answers ADDED, CHANGED or UNCHANGED."""
        match row:
            case ProviderRow():
                return self._provider(row)
            case CaseRow():
                return self._case(row)
            case HoursRow():
                return self._hours(row)
            case AssignmentRow():
                return self._assignment(row)
            case SignatoryRow():
                return self._signatory(row)

    def _provider(self, row: ProviderRow) -> str:
        provider = self.providers.get(row.number)
        if provider is not None:
            return _bring_up(provider.person, **row.person.said())
        self.providers[row.number] = self._add(Provider(number=row.number, person=_new(row.person)))
        return ADDED

    def _case(self, row: CaseRow) -> str:
        county = self.counties.get(row.county)
        if county is None:
            raise Refused("COUNTY_UNKNOWN", typed=row.county[:40])
        home = {
            "county_id": county.id,
            "address": row.address,
            "home": row.home,
        }
        case = self.cases.get(row.number)
        if case is not None:
            person = _bring_up(case.recipient.person, **row.person.said())
            place = _bring_up(case.recipient, **home)
            return CHANGED if CHANGED in (person, place) else UNCHANGED
        recipient = Recipient(person=_new(row.person), **home)
        self.cases[row.number] = self._add(Case(number=row.number, recipient=recipient))
        return ADDED

    def _hours(self, row: HoursRow) -> str:
        case = self._known_case(row.case_number)
        grant = self.grants.get((case.id, row.starts_on))
        if grant is not None:
            return _bring_up(grant, monthly_minutes=row.monthly_minutes, wait_time=row.wait_time)
        self._add(
            AuthorizedHours(
                case_id=case.id,
                starts_on=row.starts_on,
                monthly_minutes=row.monthly_minutes,
                wait_time=row.wait_time,
            )
        )
        return ADDED

    def _assignment(self, row: AssignmentRow) -> str:
        case = self._known_case(row.case_number)
        provider = self.providers.get(row.provider_number)
        if provider is None:
            self._may_rest_on(row.provider_number)
            raise Refused("NO_SUCH_PROVIDER", number=row.provider_number)
        terms = {
            "ends_on": row.ends_on,
            "assigned_minutes": row.assigned_minutes,
            "live_in": row.live_in,
            "relationship_to_recipient": row.relationship,
        }
        there = self.assignments.get((provider.id, case.id, row.program, row.starts_on))
        if there is not None:
            return _bring_up(there, **terms)
        self._add(
            Assignment(
                provider=provider, case=case, program=row.program, starts_on=row.starts_on, **terms
            )
        )
        return ADDED

    def _signatory(self, row: SignatoryRow) -> str:
        case = self._known_case(row.case_number)
        there = self.signatories.get((case.number, *row.key[1:]))
        if there is not None:
            signatory, who = there
            became = (
                _bring_up(signatory, ends_on=row.ends_on),
                _bring_up(who, **row.person.said()),
            )
            return CHANGED if CHANGED in became else UNCHANGED
        person = self._signs_elsewhere(row.person) or self._add(_new(row.person))
        self._add(
            Signatory(
                case_id=case.id, person_id=person.id, starts_on=row.starts_on, ends_on=row.ends_on
            )
        )
        return ADDED

    def _signs_elsewhere(self, who: PersonCells) -> Person | None:
        """The same person as signatory of another case: a son of two parents has one account.

        Nobody is taken for somebody else by name and day of birth alone: the last four decide.
        """
        word = max(names.folded(who.last_name).split(), key=len, default="")
        if who.ssn_last4 is None or not word:
            return None
        alike = self.session.scalars(
            select(Person)
            .where(
                Person.id.in_(people_with_word(word)),
                Person.first_name == who.first_name,
                Person.last_name == who.last_name,
                exists().where(Signatory.person_id == Person.id),
            )
            .options(undefer_group(ON_FILE))
        )
        of_hers = (who.date_of_birth, who.ssn_last4)
        return next(
            (each for each in alike if (each.date_of_birth, each.ssn_last4) == of_hers), None
        )

    def _known_case(self, number: str) -> Case:
        case = self.cases.get(number)
        if case is None:
            self._may_rest_on(number)
            raise Refused("NO_SUCH_CASE", number=number)
        return case

    def _may_rest_on(self, number: str) -> None:
        if any(row.brings == number for row in self.refused):
            raise _RestsOnRefused

    def _add(self, thing: Thing) -> Thing:
        self.session.add(thing)
        self.session.flush()
        return thing

    def _providers(self, numbers: set[str]) -> Iterator[Provider]:
        for some in _in_pieces(numbers):
            yield from self.session.scalars(
                select(Provider)
                .where(Provider.number.in_(some))
                .options(defaultload(Provider.person).undefer_group(ON_FILE))
            )

    def _cases(self, numbers: set[str]) -> Iterator[Case]:
        for some in _in_pieces(numbers):
            yield from self.session.scalars(
                select(Case)
                .where(Case.number.in_(some))
                .options(
                    defaultload(Case.recipient).undefer_group(ON_FILE),
                    defaultload(Case.recipient, Recipient.person).undefer_group(ON_FILE),
                )
            )

    def _of(self, table: type[OfCase]) -> Iterator[OfCase]:
        """The rows of a table that belong to the cases which are there."""
        for some in _in_pieces({case.id for case in self.cases.values()}):
            yield from self.session.scalars(select(table).where(table.case_id.in_(some)))

    def _signatories(self) -> dict[Key, tuple[Signatory, Person]]:
        found: dict[Key, tuple[Signatory, Person]] = {}
        for some in _in_pieces({case.id for case in self.cases.values()}):
            rows = self.session.execute(
                select(Signatory, Case.number, Person)
                .join(Signatory.case)
                .join(Person, Person.id == Signatory.person_id)
                .where(Signatory.case_id.in_(some))
                .options(Load(Person).undefer_group(ON_FILE))
            )
            for signatory, number, who in rows:
                key = (
                    number,
                    who.first_name,
                    who.last_name,
                    who.date_of_birth,
                    signatory.starts_on,
                )
                found[key] = (signatory, who)
        return found


def _new(who: PersonCells) -> Person:
    return Person(**asdict(who))


def _bring_up(thing: Base, **values: object) -> str:
    """Make a row say what the file says; answers CHANGED or UNCHANGED."""
    different = {name: value for name, value in values.items() if getattr(thing, name) != value}
    for name, value in different.items():
        setattr(thing, name, value)
    return CHANGED if different else UNCHANGED


def _in_pieces(values: Iterable[Value]) -> Iterator[list[Value]]:
    remaining = iter(values)
    while some := list(islice(remaining, AT_A_TIME)):
        yield some
