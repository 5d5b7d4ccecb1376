"""An aggregator of our own: what would the State's answer, and what if it is slow, broken or forgetful?

A small WSGI application with the interface of the real one. It keeps what it was given, so that tests and the
demo can read it, and can be told to misbehave. It is no part of production (config.unsafe).
"""

import base64
import json
import os
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from http import HTTPStatus
from pathlib import Path
from socketserver import TCPServer, ThreadingMixIn
from threading import Lock, Thread
from typing import Any
from urllib.parse import parse_qs
from uuid import uuid4
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server
from wsgiref.types import StartResponse, WSGIEnvironment

from app.gateways.aggregator_checks import DUPLICATE, OUT_OF_ORDER, Error, Known, errors_in

USER, PASSWORD = "portal", "simulated"
ACCOUNT, PROVIDER_ID = "10000", "000000000"
KEYS = {"client": "ClientIdentifier", "employee": "EmployeeIdentifier", "visit": "VisitOtherID"}
KINDS = {"clients": "client", "employees": "employee", "visits": "visit"}
NOT_READY = "The result for the input UUID is not ready yet. Please try again."
RECEIVED, ALL_TAKEN = "Transaction Received.", "All records updated successfully."
SOME_NOT_TAKEN = "Records uploaded, please check errors/warnings and try again."
LARGEST_BATCH = 5000
TAKEN, IGNORED, REJECTED = "taken", "ignored", "rejected"

Reply = tuple[HTTPStatus, dict[str, Any]]


@dataclass
class Mood:
    """How it behaves: all of it may be changed while it runs."""

    asks_needed: int = 1  # how often the outcome is asked for in vain
    waits: float = 0.0  # seconds before each answer
    fails_with: HTTPStatus | None = None  # 500, or 503 as if it were down for repair
    drops_answers: bool = False  # takes what is sent, and hangs up
    forgets_batches: bool = False


@dataclass
class Received:
    """One version of a record as it came, and what became of it."""

    kind: str
    key: str
    sequence: int
    outcome: str
    record: dict[str, Any]


@dataclass
class Simulator:
    """What it holds, by kind and key; everything that ever came, in order; and its batches."""

    mood: Mood = field(default_factory=Mood)
    file: Path | None = None  # where it remembers what it holds over a restart
    held: dict[str, dict[str, dict[str, Any]]] = field(
        default_factory=lambda: {kind: {} for kind in KEYS}
    )
    received: list[Received] = field(default_factory=list)
    batches: dict[str, tuple[list[dict[str, Any]], int]] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def __post_init__(self) -> None:
        if self.file is not None and self.file.exists():
            self.held = json.loads(self.file.read_text(encoding="utf-8"))

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        time.sleep(self.mood.waits)
        status, said = self._reply(environ)
        if self.mood.drops_answers and environ["REQUEST_METHOD"] == "POST":
            raise ConnectionAbortedError  # the server closes the connection and says nothing
        content = json.dumps(said).encode()
        start_response(
            f"{status.value} {status.phrase}",
            [("Content-Type", "application/json"), ("Content-Length", str(len(content)))],
        )
        return [content]

    def forget(self, kind: str, key: str) -> None:
        """As if the aggregator had lost a record."""
        with self._lock:
            self.held[kind].pop(key)

    def _reply(self, environ: WSGIEnvironment) -> Reply:
        if self.mood.fails_with is not None:
            return self.mood.fails_with, {"messageSummary": "Something went wrong."}
        if not _may_enter(environ):
            return HTTPStatus.UNAUTHORIZED, {"messageSummary": "Unauthorized"}
        parts = environ["PATH_INFO"].strip("/").split("/")
        kind = KINDS.get(parts[2]) if len(parts) > 2 else None
        if kind is None:
            return HTTPStatus.NOT_FOUND, {}
        if environ["REQUEST_METHOD"] == "POST":
            return self._take(kind, _body_of(environ))
        batch = parse_qs(environ.get("QUERY_STRING", "")).get("uuid", [""])[0]
        return self._tell(batch)

    def _take(self, kind: str, records: Any) -> Reply:
        if not isinstance(records, list) or not 0 < len(records) <= LARGEST_BATCH:
            return HTTPStatus.BAD_REQUEST, {"messageSummary": "An array of records is needed."}
        batch = str(uuid4())
        with self._lock:
            self.batches[batch] = ([self._judge(kind, record) for record in records], 0)
            self._remember()
        return HTTPStatus.OK, _about(batch, NOT_READY, RECEIVED)

    def _judge(self, kind: str, record: dict[str, Any]) -> dict[str, Any]:
        """Take a record, ignore it, or reject it; answers it as the status will show it."""
        key, sequence = str(record.get(KEYS[kind], "")), record.get("SequenceID")
        there = self.held[kind].get(key)
        errors: list[Error] = []
        if there and sequence == there["SequenceID"]:
            errors, outcome = [DUPLICATE], IGNORED
        elif there and isinstance(sequence, int) and sequence < there["SequenceID"]:
            errors, outcome = [OUT_OF_ORDER], REJECTED
        elif errors := list(errors_in(kind, record, self._known())):
            outcome = REJECTED
        else:
            self.held[kind][key], outcome = record, TAKEN
        number = sequence if isinstance(sequence, int) else 0
        self.received.append(Received(kind, key, number, outcome, record))
        shown = {KEYS[kind]: key, "SequenceID": sequence, "ErrorCode": None, "ErrorMessage": None}
        if errors:
            shown |= {"ErrorCode": errors[0][0], "ErrorMessage": f"ERROR: {errors[0][1]}"}
        return shown

    def _tell(self, batch: str) -> Reply:
        with self._lock:
            if self.mood.forgets_batches or batch not in self.batches:
                return HTTPStatus.NOT_FOUND, {"messageSummary": "The UUID is unknown."}
            shown, asked = self.batches[batch]
            self.batches[batch] = shown, asked + 1
        if asked < self.mood.asks_needed:
            return HTTPStatus.OK, _about(batch, NOT_READY, RECEIVED)
        if not any(record["ErrorCode"] for record in shown):
            return HTTPStatus.OK, _about(batch, ALL_TAKEN, RECEIVED)
        summary = f"[{len(shown)}] {SOME_NOT_TAKEN}"
        said = {"id": batch, "status": "FAILED", "messageSummary": summary, "data": shown}
        return HTTPStatus.OK, said

    def _known(self) -> Known:
        return Known(PROVIDER_ID, self.held["client"], self.held["employee"], self.held["visit"])

    def _remember(self) -> None:
        if self.file is None:
            return
        self.file.parent.mkdir(parents=True, exist_ok=True)
        beside = self.file.with_suffix(".part")
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(self.held, file)
        beside.replace(self.file)


def start(simulator: Simulator, port: int = 0) -> WSGIServer:
    """Serve it on a port of this machine, any free one unless said, in a thread that ends with the process."""
    server = make_server("127.0.0.1", port, simulator, server_class=_Threaded, handler_class=_Quiet)
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    return server


def address_of(server: WSGIServer) -> str:
    """Where it is spoken to, login and all."""
    return f"http://{USER}:{PASSWORD}@127.0.0.1:{server.server_port}"


@contextmanager
def served(simulator: Simulator) -> Iterator[str]:
    """The simulator for a while; answers its address."""
    server = start(simulator)
    try:
        yield address_of(server)
    finally:
        server.shutdown()
        server.server_close()


@cache
def of_this_process(folder: Path) -> str:
    """The demo's simulator, which begins with its first use and ends with the process."""
    return address_of(start(Simulator(file=folder / "records.json")))


class _Threaded(ThreadingMixIn, WSGIServer):
    daemon_threads = True

    def server_bind(self) -> None:
        """As the base does, but without asking for the name of this machine, which may take seconds."""
        TCPServer.server_bind(self)
        self.server_name, self.server_port = "localhost", int(self.server_address[1])
        self.setup_environ()


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """What comes here is kept, not logged: it is about people."""


def _about(batch: str, summary: str, reason: str) -> dict[str, Any]:
    return {
        "id": batch,
        "status": "SUCCESS",
        "messageSummary": summary,
        "data": {"uuid": batch, "account": ACCOUNT, "message": summary, "reason": reason},
    }


def _may_enter(environ: Mapping[str, Any]) -> bool:
    login = base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
    is_us = environ.get("HTTP_AUTHORIZATION") == f"Basic {login}"
    return is_us and environ.get("HTTP_ACCOUNT") == ACCOUNT


def _body_of(environ: Mapping[str, Any]) -> Any:
    length = int(environ.get("CONTENT_LENGTH") or 0)
    try:
        return json.loads(environ["wsgi.input"].read(length))
    except ValueError:
        return None
