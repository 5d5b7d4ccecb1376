"""What would the aggregator not take, and why? The checks of its built-in simulator.

They follow the public descriptions of the alternate-EVV interface, version 7 (docs/adr/0023), as far as this
portal's records touch them. An error has a number and words that name the field, as the real ones do.
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import chain
from typing import Any

Record = Mapping[str, Any]
Error = tuple[str, str]

CLIENT_UNKNOWN: Error = ("-1021", "Client not found.")
EMPLOYEE_UNKNOWN: Error = ("-1031", "Worker not found.")
DUPLICATE: Error = ("-709", "Duplicate Sequence ID.")
OUT_OF_ORDER: Error = ("-710", "The SequenceID is lower than the last one.")
LONGEST_VISIT = timedelta(hours=25)
YES = "true"

_NAME = re.compile(r"[A-Za-z.' -]{1,30}")
_LINE = re.compile(r"[A-Za-z0-9.,'#/_ -]{1,30}")
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


@dataclass(frozen=True, slots=True)
class Known:
    """Who and what the aggregator knows already."""

    provider_id: str
    clients: Collection[str]
    employees: Collection[str]
    visits: Collection[str]


def errors_in(kind: str, record: Record, known: Known) -> Iterator[Error]:
    """What is wrong with a record; nothing when it can be taken."""
    checks: dict[str, Callable[[Record, Known], Iterator[Error]]] = {
        "client": _client,
        "employee": _employee,
        "visit": _visit,
    }
    provider = record.get("ProviderIdentification")
    if not isinstance(provider, dict) or provider.get("ProviderID") != known.provider_id:
        yield "-105", "The ProviderID is unknown."
    sequence = record.get("SequenceID")
    if not isinstance(sequence, int) or not 0 < sequence < 10**16:
        yield "-106", "The SequenceID format is incorrect."
    yield from checks[kind](record, known)


def _client(record: Record, _known: Known) -> Iterator[Error]:
    yield from _required(record, "ClientIdentifier", "ClientCustomID", "ClientTimezone")
    yield from _matches(record, _NAME, "ClientFirstName", "ClientLastName")
    addresses = record.get("ClientAddress") or [{}]
    for address in addresses:
        yield from _matches(address, _LINE, "ClientAddressLine1", "ClientCity")
        yield from _matches(address, re.compile("[A-Z]{2}"), "ClientState")
        if "ClientZip" in address:
            yield from _matches(address, re.compile(r"\d{9}"), "ClientZip")
    if sum(address.get("ClientAddressIsPrimary") == YES for address in addresses) != 1:
        yield "-104", "Exactly one ClientAddress must be the primary one."
    for payer in record.get("ClientPayerInformation") or ():
        yield from _required(payer, "PayerID", "PayerProgram", "ProcedureCode", "ClientStatus")


def _employee(record: Record, _known: Known) -> Iterator[Error]:
    yield from _required(record, "EmployeeIdentifier", "EmployeeQualifier")
    yield from _matches(record, _NAME, "EmployeeFirstName", "EmployeeLastName")


def _visit(record: Record, known: Known) -> Iterator[Error]:
    if record.get("ClientIdentifier") not in known.clients:
        yield CLIENT_UNKNOWN
    if record.get("EmployeeIdentifier") not in known.employees:
        yield EMPLOYEE_UNKNOWN
    yield from _required(
        record, "VisitOtherID", "PayerID", "PayerProgram", "ProcedureCode", "VisitTimeZone"
    )
    calls = record.get("Calls") or []
    yield from chain.from_iterable(_call(call) for call in calls)
    if record.get("VisitCancelledIndicator") == YES:
        if calls or record.get("AdjInDateTime") or record.get("AdjOutDateTime"):
            yield "-114", "VisitCancelledIndicator needs a visit without Calls."
        return
    yield from _changes(record, calls, known)
    yield from _times(record, calls)


def _call(call: Record) -> Iterator[Error]:
    yield from _matches(call, _INSTANT, "CallDateTime")
    yield from _matches(call, re.compile("Time In|Time Out"), "CallAssignment")
    yield from _matches(call, re.compile("Mobile|Telephony|FVV|Manual|Other"), "CallType")
    yield from _matches(call, re.compile(r"\S{1,16}"), "CallExternalID")
    if "VisitLocationType" in call:
        yield from _matches(call, re.compile("[12]"), "VisitLocationType")
    if call.get("CallType") == "Mobile":
        yield from _required(call, "CallLatitude", "CallLongitude", "MobileLogin")


def _changes(record: Record, calls: list[Record], known: Known) -> Iterator[Error]:
    changes = record.get("VisitChanges") or []
    is_update = record.get("VisitOtherID") in known.visits
    is_by_hand = any(call.get("CallType") == "Manual" for call in calls)
    is_adjusted = "AdjInDateTime" in record or "AdjOutDateTime" in record
    if (is_update or is_by_hand or is_adjusted) and not changes:
        yield "-112", "VisitChanges are required."
    for change in changes:
        yield from _required(change, "SequenceID", "ReasonCode", "ChangeReasonMemo")
        yield from _matches(change, _INSTANT, "ChangeDateTime")
        yield from _matches(change, re.compile(r"[^@\s]+@[^@\s]+"), "ChangeMadeByEmail")


def _times(record: Record, calls: list[Record]) -> Iterator[Error]:
    tapped_in, tapped_out = _call_time(calls, "Time In"), _call_time(calls, "Time Out")
    given_in, given_out = _time(record, "AdjInDateTime"), _time(record, "AdjOutDateTime")
    if given_in and tapped_out and given_in > tapped_out:
        yield "-120", "AdjInDateTime cannot be greater than the Call Out."
    if given_out and tapped_in and given_out < tapped_in:
        yield "-121", "AdjOutDateTime cannot be less than the Call In."
    begins, ends = given_in or tapped_in, given_out or tapped_out
    if begins and ends and begins > ends:
        yield "-122", "The CallDateTime of the Call Out must be greater."
    if begins and ends and ends - begins > LONGEST_VISIT:
        yield "-123", "Total visit time cannot exceed 25 hours: CallDateTime."


def _required(part: Record, *names: str) -> Iterator[Error]:
    for name in names:
        if part.get(name) in (None, ""):
            yield "-100", f"{name} is required. The record is being rejected."


def _matches(part: Record, pattern: re.Pattern[str], *names: str) -> Iterator[Error]:
    for name in names:
        if not pattern.fullmatch(str(part.get(name, ""))):
            yield "-101", f"The {name} format is incorrect."


def _call_time(calls: list[Record], assignment: str) -> datetime | None:
    found = (call for call in calls if call.get("CallAssignment") == assignment)
    return next((_time(call, "CallDateTime") for call in found), None)


def _time(part: Record, name: str) -> datetime | None:
    text = part.get(name)
    if not isinstance(text, str) or not _INSTANT.fullmatch(text):
        return None
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
