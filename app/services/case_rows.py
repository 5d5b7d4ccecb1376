"""What does one row of a county's case file say? Read cell by cell, or refused with the reason."""

import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import ClassVar

from app.domain.hours import parse_hhmm
from app.domain.identity import Last4, check_last4
from app.domain.outcomes import Refused

COLUMNS = frozenset(
    {
        "record", "provider_number", "case_number", "first_name", "last_name", "date_of_birth",
        "language", "county", "address", "latitude", "longitude", "program", "starts_on", "ends_on",
        "hours", "wait_time", "live_in", "relationship", "ssn_last4", "cin_last4",
    }
)  # fmt: skip
PROGRAMS = frozenset({"ihss", "wpcs"})
LANGUAGES = frozenset({"en", "es", "hy", "zh_Hant"})
YES_OR_NO = {"yes": True, "no": False, "": False}
NO_CELL = "there is no such column"  # the csv reader's name for cells beyond the last column

Cells = Mapping[str, str]
Key = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class PersonCells:
    """Who somebody is; the last four of a number only where the file says them."""

    first_name: str
    last_name: str
    date_of_birth: date
    language: str
    ssn_last4: str | None = None
    cin_last4: str | None = None

    def said(self) -> dict[str, object]:
        """What the file says of the person: an empty cell takes nothing away that is on file."""
        return {name: value for name, value in asdict(self).items() if value is not None}


@dataclass(frozen=True, slots=True)
class ProviderRow:
    """A provider, by her nine-digit number."""

    kind: ClassVar[str] = "provider"
    line: int
    number: str
    person: PersonCells

    @property
    def key(self) -> Key:
        return (self.number,)


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A recipient and her case, by its seven-digit number; where home is, when it is known."""

    kind: ClassVar[str] = "case"
    line: int
    number: str
    person: PersonCells
    county: str
    address: str
    home: tuple[float, float] | None

    @property
    def key(self) -> Key:
        return (self.number,)


@dataclass(frozen=True, slots=True)
class HoursRow:
    """The minutes a month that a case is granted from a day on."""

    kind: ClassVar[str] = "hours"
    line: int
    case_number: str
    starts_on: date
    monthly_minutes: int
    wait_time: bool

    @property
    def key(self) -> Key:
        return (self.case_number, self.starts_on)


@dataclass(frozen=True, slots=True)
class AssignmentRow:
    """A provider works for a recipient under a program, from a day on, for so much of the month."""

    kind: ClassVar[str] = "assignment"
    line: int
    provider_number: str
    case_number: str
    program: str
    starts_on: date
    ends_on: date | None
    assigned_minutes: int
    live_in: bool
    relationship: str

    @property
    def key(self) -> Key:
        return (self.provider_number, self.case_number, self.program, self.starts_on)


@dataclass(frozen=True, slots=True)
class SignatoryRow:
    """Somebody who may sign for a recipient (SOC 839)."""

    kind: ClassVar[str] = "signatory"
    line: int
    case_number: str
    person: PersonCells
    starts_on: date
    ends_on: date | None

    @property
    def key(self) -> Key:
        who = self.person
        return (self.case_number, who.first_name, who.last_name, who.date_of_birth, self.starts_on)


Row = ProviderRow | CaseRow | HoursRow | AssignmentRow | SignatoryRow


def read(line: int, cells: Cells) -> Row | None:
    """The row that stands on a line; None for a blank one.

    Refuses with ROW_TOO_LONG, ROW_KIND_UNKNOWN, CELL_MISSING, NUMBER_WRONG, DAY_WRONG, CELL_HOURS_WRONG,
    COORDINATE_WRONG, LAST4_WRONG, WORD_UNKNOWN and DATES_REVERSED.
    """
    if NO_CELL in cells:
        raise Refused("ROW_TOO_LONG")
    tidy = {column: cell.strip() for column, cell in cells.items()}
    if not any(tidy.values()):
        return None
    reader = _READERS.get(tidy["record"])
    if reader is None:
        raise Refused("ROW_KIND_UNKNOWN", typed=tidy["record"][:40])
    return reader(line, tidy)


def number_of(cells: Cells) -> str:
    """The number of the provider or case that a row would bring in, however wrong the row is."""
    kind = (cells.get("record") or "").strip()
    return (cells.get(f"{kind}_number") or "").strip() if kind in {"provider", "case"} else ""


def _provider(line: int, cells: Cells) -> ProviderRow:
    return ProviderRow(line, _number(cells, "provider_number", 9), _person(cells))


def _case(line: int, cells: Cells) -> CaseRow:
    latitude, longitude = (_coordinate(cells, name, most) for name, most in _BOUNDS.items())
    if (latitude is None) != (longitude is None):
        raise Refused("CELL_MISSING", column="latitude" if latitude is None else "longitude")
    return CaseRow(
        line,
        _number(cells, "case_number", 7),
        _person(cells),
        _text(cells, "county"),
        _text(cells, "address"),
        None if latitude is None or longitude is None else (latitude, longitude),
    )


def _hours_row(line: int, cells: Cells) -> HoursRow:
    return HoursRow(
        line,
        _number(cells, "case_number", 7),
        _day(cells, "starts_on"),
        _hours(cells, "hours"),
        YES_OR_NO[_word(cells, "wait_time", YES_OR_NO, "no")],
    )


def _assignment(line: int, cells: Cells) -> AssignmentRow:
    starts_on, ends_on = _dates(cells)
    return AssignmentRow(
        line,
        _number(cells, "provider_number", 9),
        _number(cells, "case_number", 7),
        _word(cells, "program", PROGRAMS, "ihss"),
        starts_on,
        ends_on,
        _hours(cells, "hours"),
        YES_OR_NO[_word(cells, "live_in", YES_OR_NO, "no")],
        cells.get("relationship") or "none",
    )


def _signatory(line: int, cells: Cells) -> SignatoryRow:
    return SignatoryRow(line, _number(cells, "case_number", 7), _person(cells), *_dates(cells))


_READERS: Mapping[str, Callable[[int, Cells], Row]] = {
    "provider": _provider,
    "case": _case,
    "hours": _hours_row,
    "assignment": _assignment,
    "signatory": _signatory,
}
_BOUNDS = {"latitude": 90, "longitude": 180}


def _person(cells: Cells) -> PersonCells:
    return PersonCells(
        _text(cells, "first_name"),
        _text(cells, "last_name"),
        _day(cells, "date_of_birth"),
        _word(cells, "language", LANGUAGES, "en"),
        _last4(cells, "ssn_last4", Last4.SSN),
        _last4(cells, "cin_last4", Last4.CIN),
    )


def _last4(cells: Cells, column: str, of: Last4) -> str | None:
    """The last four of a number. A wrong one is not repeated: it is secret, and messages are kept."""
    text = (cells.get(column) or "").upper()
    try:
        return check_last4(text, of) if text else None
    except Refused as error:
        raise Refused("LAST4_WRONG", column=column) from error


def _dates(cells: Cells) -> tuple[date, date | None]:
    starts_on = _day(cells, "starts_on")
    ends_on = _day(cells, "ends_on") if cells.get("ends_on") else None
    if ends_on is not None and ends_on < starts_on:
        raise Refused("DATES_REVERSED", from_on=starts_on, to_on=ends_on)
    return starts_on, ends_on


def _text(cells: Cells, column: str) -> str:
    if not cells.get(column):
        raise Refused("CELL_MISSING", column=column)
    return cells[column]


def _number(cells: Cells, column: str, digits: int) -> str:
    text = _text(cells, column)
    if not re.fullmatch(f"[0-9]{{{digits}}}", text):
        raise Refused("NUMBER_WRONG", column=column, digits=digits, typed=text[:40])
    return text


def _day(cells: Cells, column: str) -> date:
    text = _text(cells, column)
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Refused("DAY_WRONG", column=column, typed=text[:40]) from error


def _hours(cells: Cells, column: str) -> int:
    text = _text(cells, column)
    try:
        return parse_hhmm(text)
    except Refused as error:
        raise Refused("CELL_HOURS_WRONG", column=column, typed=text[:40]) from error


def _word(
    cells: Cells, column: str, known: Mapping[str, object] | frozenset[str], usual: str
) -> str:
    text = cells.get(column) or usual
    if text not in known:
        raise Refused("WORD_UNKNOWN", column=column, typed=text[:40])
    return text


def _coordinate(cells: Cells, column: str, most: int) -> float | None:
    text = cells.get(column)
    if not text:
        return None
    if not re.fullmatch(r"-?[0-9]{1,3}(\.[0-9]{1,9})?", text) or abs(float(text)) > most:
        raise Refused("COORDINATE_WRONG", column=column, typed=text[:40])
    return float(text)
