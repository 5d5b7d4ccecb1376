"""How do visits reach the State's collector, the aggregator, and what does it say of them?

By the public alternate-EVV interface over HTTPS: a batch of records is posted and answered with a UUID, by
which the outcome is asked for later (docs/adr/0023). Its error messages may quote what was sent about a
person, so of each only its number and the name of a field are taken over.
"""

import base64
import http.client
import json
import re
import ssl
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from http import HTTPStatus
from typing import Any, Protocol
from urllib.parse import quote, unquote, urlsplit

from app.config import Settings
from app.gateways import aggregator_simulator

TIMEOUT = 10  # seconds for each step: the other background work waits behind this
LONGEST_ANSWER = 16 * 1024 * 1024  # bytes
PATHS = {
    "client": "/interfaces/intake/clients/rest/api/v1.1",
    "employee": "/interfaces/intake/employees/rest/api/v1.1",
    "visit": "/interfaces/intake/visits/rest/api/v1.1",
}
KEYS = {"client": "ClientIdentifier", "employee": "EmployeeIdentifier", "visit": "VisitOtherID"}
NOT_READY = "not ready"
SUCCESS = "SUCCESS"

FIELDS = frozenset({  # what may be told of an error message: never a value
    "ProviderIdentification", "ProviderID", "ProviderQualifier", "SequenceID", "ClientID",
    "ClientIdentifier", "ClientCustomID", "ClientOtherID", "ClientMedicaidID", "MissingMedicaidID",
    "ClientFirstName", "ClientLastName", "ClientTimezone", "ClientAddress", "ClientAddressLine1",
    "ClientCity", "ClientState", "ClientZip", "ClientCounty", "ClientPayerInformation", "PayerID",
    "PayerProgram", "ProcedureCode", "ClientStatus", "ClientIDQualifier", "ClientQualifier",
    "EmployeeQualifier", "EmployeeIdentifier", "EmployeeOtherID", "EmployeeSSN",
    "EmployeeFirstName", "EmployeeLastName", "VisitOtherID", "VisitTimeZone",
    "VisitCancelledIndicator", "BillVisit", "AdjInDateTime", "AdjOutDateTime", "VisitChanges",
    "Calls", "CallExternalID", "CallDateTime", "CallAssignment", "CallType", "CallLatitude",
    "CallLongitude", "MobileLogin", "VisitLocationType", "ChangeMadeByEmail", "ChangeDateTime",
    "ReasonCode", "ResolutionCode", "ChangeReasonMemo",
})  # fmt: skip
_WORD = re.compile(r"\w+")
_SAFE_NUMBER = re.compile(r"[A-Z0-9-]{1,12}")
_BY_NUMBER = {"-1021": "CLIENT_UNKNOWN", "-1031": "EMPLOYEE_UNKNOWN", "-709": "DUPLICATE"}
_BY_WORDS = {
    "client not found": "CLIENT_UNKNOWN",
    "worker not found": "EMPLOYEE_UNKNOWN",
    "employee not found": "EMPLOYEE_UNKNOWN",
    "duplicate sequence": "DUPLICATE",
    "sequence": "OUT_OF_ORDER",
}


class NotSent(Exception):  # noqa: N818 - the aggregator is away; nothing has left
    """It surely has nothing of what we wanted to send."""


class AnswerLost(Exception):  # noqa: N818 - nobody knows yet
    """What was sent may have arrived; there is no usable answer."""


class BatchRefused(Exception):  # noqa: N818 - an answer, though not the one we want
    """It read what was sent and took none of it: a wrong password, or a batch that it cannot read."""


class BatchUnknown(Exception):  # noqa: N818 - it has forgotten, or never knew
    """It knows no batch of this UUID, or none any more."""


class ProblemKind(StrEnum):
    """What is to be done about a record that was not taken."""

    CLIENT_UNKNOWN = "CLIENT_UNKNOWN"
    EMPLOYEE_UNKNOWN = "EMPLOYEE_UNKNOWN"
    DUPLICATE = "DUPLICATE"  # this very version is there already
    OUT_OF_ORDER = "OUT_OF_ORDER"
    FORMAT = "FORMAT"


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a record was not taken: what kind of reason, its number, and the field that it names."""

    kind: ProblemKind
    number: str
    field: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of a batch: the problems of its records, by key and sequence; all others are taken."""

    problems: Mapping[tuple[str, int], tuple[Problem, ...]] = field(default_factory=dict)


class Aggregator(Protocol):
    """Whatever takes records away."""

    def send(self, kind: str, records: Sequence[Mapping[str, Any]]) -> str:
        """Hand over records of one kind; answers the batch's UUID.

        Raises NotSent, AnswerLost and BatchRefused.
        """

    def ask(self, kind: str, batch: str) -> Answer | None:
        """What became of a batch, None while it is not known; raises NotSent, AnswerLost, BatchUnknown."""


def aggregator_for(settings: Settings) -> Aggregator:
    """The aggregator that the settings name: `https://user:password@host`, or the demo's `simulator:`."""
    url = settings.aggregator_url
    if url.startswith("simulator:"):
        url = aggregator_simulator.of_this_process(settings.aggregator_folder)
    return HttpAggregator(url, settings.aggregator_account)


class HttpAggregator:
    """The aggregator's web service; without TLS only one on this machine is spoken to (config.unsafe)."""

    def __init__(self, url: str, account: str, *, timeout: float = TIMEOUT) -> None:
        parts = urlsplit(url)
        self._has_tls = parts.scheme == "https"
        self._host = parts.hostname or "localhost"
        self._port = parts.port or (443 if self._has_tls else 80)
        self._base = parts.path.rstrip("/")
        login = f"{unquote(parts.username or '')}:{unquote(parts.password or '')}"
        self._headers = {
            "Authorization": "Basic " + base64.b64encode(login.encode()).decode(),
            "Account": account,
            "Accept": "application/json",
            "Content-Type": "application/json",
        }
        self._timeout = timeout

    def send(self, kind: str, records: Sequence[Mapping[str, Any]]) -> str:
        status, told = self._exchange("POST", PATHS[kind], json.dumps(records))
        if HTTPStatus.BAD_REQUEST <= status < HTTPStatus.INTERNAL_SERVER_ERROR:
            raise BatchRefused(f"{status} at {self._host}:{self._port}")
        batch = told.get("id") if status == HTTPStatus.OK else None
        if not isinstance(batch, str) or not batch:
            raise AnswerLost(f"{status} at {self._host}:{self._port}")
        return batch

    def ask(self, kind: str, batch: str) -> Answer | None:
        path = f"{PATHS[kind]}/status?uuid={quote(batch, safe='')}"
        status, told = self._exchange("GET", path)
        if status in (HTTPStatus.NOT_FOUND, HTTPStatus.GONE):
            raise BatchUnknown(batch)
        if status != HTTPStatus.OK:
            raise AnswerLost(f"{status} at {self._host}:{self._port}")
        if NOT_READY in str(told.get("messageSummary", "")).lower():
            return None
        return Answer(_problems(kind, told.get("data")))

    def _exchange(
        self, method: str, path: str, body: str | None = None
    ) -> tuple[int, dict[str, Any]]:
        connection = self._connection()
        try:
            try:
                connection.connect()
            except OSError as error:
                raise NotSent(self._what(error)) from error
            try:
                connection.request(method, self._base + path, body, self._headers)
                answer = connection.getresponse()
                return answer.status, _read(answer.read(LONGEST_ANSWER))
            except (OSError, http.client.HTTPException) as error:
                raise AnswerLost(self._what(error)) from error
        finally:
            connection.close()

    def _what(self, error: Exception) -> str:
        return f"{type(error).__name__} at {self._host}:{self._port}"

    def _connection(self) -> http.client.HTTPConnection:
        if self._has_tls:
            context = ssl.create_default_context()
            return http.client.HTTPSConnection(
                self._host, self._port, timeout=self._timeout, context=context
            )
        return http.client.HTTPConnection(self._host, self._port, timeout=self._timeout)


def _read(told: bytes) -> dict[str, Any]:
    try:
        said = json.loads(told)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def _problems(kind: str, data: Any) -> dict[tuple[str, int], tuple[Problem, ...]]:
    """A list has the records with what is wrong with each; anything else says that nothing is."""
    if not isinstance(data, list):
        return {}
    found: dict[tuple[str, int], tuple[Problem, ...]] = {}
    for record in data:
        if isinstance(record, dict) and (problems := tuple(_problems_in(record))):
            try:
                key = str(record[KEYS[kind]]), int(record["SequenceID"])
            except (KeyError, TypeError, ValueError):
                continue
            found[key] = problems
    return found


def _problems_in(part: Mapping[str, Any]) -> list[Problem]:
    """What is wrong with a record and with the parts that it has."""
    found = [_problem(part)] if part.get("ErrorCode") else []
    for value in part.values():
        inner = value if isinstance(value, list) else [value]
        for each in inner:
            if isinstance(each, dict):
                found += _problems_in(each)
    return found


def _problem(part: Mapping[str, Any]) -> Problem:
    number, words = str(part["ErrorCode"]), str(part.get("ErrorMessage") or "")
    kind = _BY_NUMBER.get(number) or next(
        (kind for known, kind in _BY_WORDS.items() if known in words.lower()), "FORMAT"
    )
    return Problem(
        ProblemKind(kind),
        number if _SAFE_NUMBER.fullmatch(number) else "",
        next((word for word in _WORD.findall(words) if word in FIELDS), ""),
    )
