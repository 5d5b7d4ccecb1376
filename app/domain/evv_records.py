"""What goes to the State's collector of visits, and does it hold what the law asks for?

The law is 42 USC 1396b(l)(5)(A), of the 21st Century Cures Act: type of service, who received it, date,
place, who gave it, begin and end. The shape is that of the public alternate-EVV interface, version 7
(docs/adr/0023): one record a recipient, a provider and a visit, each with a sequence that only rises.
Where somebody chose Community no coordinates leave, whatever is stored (WIC 10836; domain.md §2).
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from app.domain.evv_codes import Why, codes
from app.domain.visits import EventKind, Location, Place

Record = dict[str, Any]

STATE = "CA"
LONGEST_NAME = LONGEST_LINE = 30  # characters that the interface takes
TIME_IN, TIME_OUT = "Time In", "Time Out"
MOBILE, MANUAL, OTHER = "Mobile", "Manual", "Other"
PLACES = {Location.HOME: "1", Location.COMMUNITY: "2"}
ACTIVE = "02"
YES, NO = "true", "false"
SEQUENCE = "SequenceID"

_NOT_IN_NAMES = re.compile(r"[^A-Za-z.' -]")
_NOT_IN_LINES = re.compile(r"[^A-Za-z0-9.,'#/_ -]")
_ADDRESS = re.compile(
    r"(?P<line>.+?),?\s*[,\n]\s*(?P<city>[^,\d\n]+?)(?:\s*,\s*(?:CA|California))?(?:\s+(?P<zip>\d{5}(?:-?\d{4})?))?"
)


class Element(StrEnum):
    """One of what the law asks for in every visit; begin and end are one element there."""

    SERVICE = "SERVICE"
    RECIPIENT = "RECIPIENT"
    PROVIDER = "PROVIDER"
    DATE = "DATE"
    PLACE = "PLACE"
    BEGIN = "BEGIN"
    END = "END"


@dataclass(frozen=True, slots=True)
class Sender:
    """Under which provider id the portal sends, and the name of its host."""

    provider_id: str
    host: str


@dataclass(frozen=True, slots=True)
class Client:
    """A recipient, by the county's case number."""

    case_number: str
    first_name: str
    last_name: str
    address: str
    county: str
    programs: frozenset[str]


@dataclass(frozen=True, slots=True)
class Employee:
    """A provider, by her number."""

    number: str
    first_name: str
    last_name: str


@dataclass(frozen=True, slots=True)
class Tap:
    """A check-in or check-out: its key here, when it counts, and latitude and longitude if there are any."""

    key: str
    kind: EventKind
    at: datetime
    location: Location
    by_hand: bool = False
    position: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """Why a visit was changed, and when."""

    why: Why
    at: datetime


@dataclass(frozen=True, slots=True)
class Visit:
    """A visit as it is told: its taps, the times that a person gave instead, and whether it is claimed.

    `is_cancelled` is a visit that there is not, and of which nothing else is told.
    """

    key: str
    program: str
    case_number: str
    provider_number: str
    taps: tuple[Tap, ...] = ()
    begins_at: datetime | None = None  # given by hand
    ends_at: datetime | None = None
    is_claimed: bool = True
    is_cancelled: bool = False
    changes: tuple[Change, ...] = ()

    @property
    def has_manual_edit(self) -> bool:
        """Whether a person changed what was tapped, or there are no taps."""
        reasons = codes().reasons
        return any(tap.by_hand for tap in self.taps) or any(
            reasons[change.why].by_hand for change in self.changes
        )


def client_record(client: Client, sender: Sender) -> Record:
    """A recipient's record, without its sequence. Her CIN is not known here, and is not sent."""
    return {
        "ProviderIdentification": _provider(sender),
        "ClientQualifier": "ClientCustomID",
        "ClientID": client.case_number,
        "ClientIdentifier": client.case_number,
        "ClientCustomID": client.case_number,
        "ClientOtherID": client.case_number,
        "ClientFirstName": _name(client.first_name),
        "ClientLastName": _name(client.last_name),
        "MissingMedicaidID": YES,
        "ClientTimezone": codes().time_zone,
        "ClientAddress": [_address(client)],
        "ClientPayerInformation": [
            _payer(program) | {"ClientStatus": ACTIVE} for program in sorted(client.programs)
        ],
    }


def employee_record(employee: Employee, sender: Sender) -> Record:
    """A provider's record, without its sequence. Nothing of her SSN is sent: her number names her."""
    return {
        "ProviderIdentification": _provider(sender),
        "EmployeeQualifier": "EmployeeCustomID",
        "EmployeeIdentifier": employee.number,
        "EmployeeOtherID": employee.number,
        "EmployeeFirstName": _name(employee.first_name),
        "EmployeeLastName": _name(employee.last_name),
    }


def visit_record(visit: Visit, sender: Sender) -> Record:
    """A visit's record, without its sequence."""
    record = {
        "ProviderIdentification": _provider(sender),
        "VisitOtherID": visit.key,
        "EmployeeQualifier": "EmployeeCustomID",
        "EmployeeIdentifier": visit.provider_number,
        "EmployeeOtherID": visit.provider_number,
        "ClientIDQualifier": "ClientCustomID",
        "ClientID": visit.case_number,
        "ClientIdentifier": visit.case_number,
        "ClientOtherID": visit.case_number,
        **_payer(visit.program),
        "VisitTimeZone": codes().time_zone,
        "VisitCancelledIndicator": YES if visit.is_cancelled else NO,
        "BillVisit": YES if visit.is_claimed and not visit.is_cancelled else NO,
        "Calls": [] if visit.is_cancelled else [_call(tap, visit) for tap in visit.taps],
    }
    if not visit.is_cancelled:
        record |= {
            name: _instant(at)
            for name, at in (
                ("AdjInDateTime", visit.begins_at), ("AdjOutDateTime", visit.ends_at)
            )
            if at is not None
        }  # fmt: skip
    if visit.changes:
        record["VisitChanges"] = [_change(change, visit, sender) for change in visit.changes]
    return record


def with_change(record: Record, change: Change, visit: Visit, sender: Sender) -> Record:
    """The same record with one more reason: an update must have one."""
    changes = [*record.get("VisitChanges", ()), _change(change, visit, sender)]
    return record | {"VisitChanges": changes}


def with_sequence(record: Record, sequence: int) -> Record:
    """The record as that version of it, its changes too."""
    numbered = record | {SEQUENCE: sequence}
    if "VisitChanges" in record:
        numbered["VisitChanges"] = [
            {SEQUENCE: str(sequence)} | change for change in record["VisitChanges"]
        ]
    return numbered


def missing_elements(record: Mapping[str, Any]) -> list[Element]:
    """Which of the law's elements a visit's record does not hold; [] when it has all six.

    A visit that is cancelled only says that there is none.
    """
    calls: Sequence[Mapping[str, Any]] = record.get("Calls") or ()
    begins = record.get("AdjInDateTime") or _time_of(calls, TIME_IN)
    ends = record.get("AdjOutDateTime") or _time_of(calls, TIME_OUT)
    held = {
        Element.SERVICE: record.get("ProcedureCode"),
        Element.RECIPIENT: record.get("ClientIdentifier"),
        Element.PROVIDER: record.get("EmployeeIdentifier"),
    }
    if record.get("VisitCancelledIndicator") != YES:
        held |= {
            Element.DATE: begins or ends,
            Element.PLACE: any(call.get("VisitLocationType") for call in calls),
            Element.BEGIN: begins,
            Element.END: ends,
        }
    return [element for element in Element if element in held and not held[element]]


def coordinates_in(record: Mapping[str, Any]) -> int:
    """How many taps of a record say where they were made by latitude and longitude."""
    return sum("CallLatitude" in call for call in record.get("Calls") or ())


def taps_of_day(key: str, begins_at: datetime, ends_at: datetime, place: Place) -> tuple[Tap, Tap]:
    """The two calls of a visit that nobody tapped; of “both” places one stands at each end."""
    there = Location.HOME if place is Place.BOTH else Location(place)
    then = Location.COMMUNITY if place is Place.BOTH else Location(place)
    return (
        Tap(f"{key}-in", EventKind.CHECK_IN, begins_at, there, by_hand=True),
        Tap(f"{key}-out", EventKind.CHECK_OUT, ends_at, then, by_hand=True),
    )


def _call(tap: Tap, visit: Visit) -> Record:
    call: Record = {
        "CallExternalID": tap.key,
        "CallDateTime": _instant(tap.at),
        "CallAssignment": TIME_IN if tap.kind is EventKind.CHECK_IN else TIME_OUT,
        "CallType": MANUAL if tap.by_hand else OTHER,
        "ProcedureCode": codes().services[visit.program].procedure_code,
        "ClientIdentifierOnCall": visit.case_number,
        "VisitLocationType": PLACES[tap.location],
    }
    if tap.position is None or tap.by_hand or tap.location is not Location.HOME:
        return call
    latitude, longitude = tap.position
    return call | {
        "CallType": MOBILE,
        "MobileLogin": visit.provider_number,
        "CallLatitude": round(latitude, 7),
        "CallLongitude": round(longitude, 7),
    }


def _change(change: Change, visit: Visit, sender: Sender) -> Record:
    """Who changed it is named by the provider's number: no address of a person leaves for this."""
    reason = codes().reasons[change.why]
    return {
        "ChangeMadeByEmail": f"{visit.provider_number if reason.by_hand else 'portal'}@{sender.host}",
        "ChangeDateTime": _instant(change.at),
        "ReasonCode": reason.code,
        "ChangeReasonMemo": reason.memo,
        "ResolutionCode": reason.resolution,
    }


def _provider(sender: Sender) -> Record:
    return {"ProviderQualifier": "MedicaidID", "ProviderID": sender.provider_id}


def _payer(program: str) -> Record:
    service = codes().services[program]
    return {
        "PayerID": service.payer_id,
        "PayerProgram": service.payer_program,
        "ProcedureCode": service.procedure_code,
    }


def _address(client: Client) -> Record:
    """The address as far as it can be read; only the street's line is always known."""
    parts = _ADDRESS.fullmatch(client.address.strip())
    line = parts["line"] if parts else client.address
    address = {
        "ClientAddressType": "Home",
        "ClientAddressIsPrimary": YES,
        "ClientAddressLine1": _plain(line, _NOT_IN_LINES)[:LONGEST_LINE].strip(),
        "ClientCounty": _plain(client.county, _NOT_IN_NAMES),
        "ClientState": STATE,
    }
    if parts:
        address["ClientCity"] = _plain(parts["city"], _NOT_IN_NAMES)[:LONGEST_LINE].strip()
    if parts and parts["zip"]:
        address["ClientZip"] = parts["zip"].replace("-", "").ljust(9, "0")
    return address


def _name(name: str) -> str:
    """A name in the letters that the interface takes.

    >>> _name("Muñoz-Ordóñez"), _name("O’Brien")
    ('Munoz-Ordonez', "O'Brien")
    """
    return _plain(name, _NOT_IN_NAMES)[:LONGEST_NAME].strip()


def _plain(text: str, without: re.Pattern[str]) -> str:
    letters = unicodedata.normalize("NFKD", text.replace("’", "'").replace("\n", ", "))
    return without.sub("", letters).strip()


def _time_of(calls: Sequence[Mapping[str, Any]], assignment: str) -> str | None:
    return next(
        (call["CallDateTime"] for call in calls if call.get("CallAssignment") == assignment), None
    )


def _instant(at: datetime) -> str:
    """In UTC, to the second."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
