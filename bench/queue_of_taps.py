"""P10: what does a phone's long queue cost the portal, an event, against sending each by itself?

A queue is two weeks without a network: check-ins and check-outs, each with its sealed position, chained
and signed as service_worker/vault.js does, packed, and sent at once. The other phones send the same one
at a time. Costs are the processor time of the whole server; bytes are counted both ways, with headers.
"""

import base64
import gzip
import hashlib
import json
import os
import socket
import struct
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any

import check_in
import load
import prepared
import serving
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from population import SHEETS_EACH

from app.gateways import sealed_positions

ROUNDS = 5
QUEUES_A_ROUND = 4
LONG = 500  # events in a queue: as many as one request may hold
SINGLE_ONES = 500  # events a round that are sent by themselves
PROVIDERS = (ROUNDS + 1) * (QUEUES_A_ROUND + 1)
DAYS = 13
EVENTS_OF_A_VISIT = 4
HOME = (34.0522, -118.2437)
ROOM_FOR_HEADERS = 300  # bytes that a browser says about itself, beside those sent here


@dataclass
class Queue:
    """The events that a phone kept, linked and signed as it made them."""

    phone: check_in.Phone
    anchor: str
    items: list[dict[str, Any]] = field(default_factory=list)
    previous: str = ""

    def visit(self, began_at: datetime) -> None:
        """Two taps and where they were made."""
        for kind, at in (("check-in", began_at), ("check-out", began_at + timedelta(minutes=40))):
            data = {"assignment": self.phone.assignment, "location": "home"}
            tap = self._add(kind, at, data)
            sealed = _sealed(tap["id"])
            self._add("position", at + timedelta(seconds=4), {"event": tap["id"], **sealed})

    def _add(self, kind: str, at: datetime, data: dict[str, Any]) -> dict[str, Any]:
        number = len(self.items) + 1
        written = at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
        said = [str(uuid.uuid4()), kind, self.phone.account, written, data]
        text = _json([*said, [number, self.previous, self.anchor, None]])
        item = dict(zip(("id", "kind", "account", "made_at", "data"), said, strict=True))
        proof = {"number": number, "previous": self.previous, "anchor": self.anchor, "since": None}
        item |= {"device": self.phone.device, "signature": self._sign(text), "proof": proof}
        self.previous = _base64(hashlib.sha256(text.encode()).digest())
        self.items.append(item)
        return item

    def _sign(self, text: str) -> str:
        der = self.phone.key.sign(text.encode(), ec.ECDSA(hashes.SHA256()))
        return _base64(b"".join(half.to_bytes(32) for half in utils.decode_dss_signature(der)))

    def at_once(self) -> list[dict[str, Any]]:
        """The list without what the portal works out: what each one's predecessor tells, and its signature."""
        short = [dict(item, proof=dict(item["proof"])) for item in self.items]
        for item in short[1:]:
            del item["proof"]["previous"], item["proof"]["anchor"]
        for item in short[:-1]:
            del item["signature"]
        return short

    def request(self, items: Sequence[dict[str, Any]], port: int) -> bytes:
        body = _json(items).encode()
        headers = [
            f"Cookie: {self.phone.cookie}", "X-Requested-With: carehours", "Accept-Encoding: gzip",
            f"Origin: http://localhost:{port}", "Sec-Fetch-Site: same-origin",
        ]  # fmt: skip
        if len(items) > 1:
            body = gzip.compress(body)
            headers.append("Content-Encoding: gzip")
        return load.request("/offline/events", body, port, headers)


def measure(folder: Path) -> dict[str, Any]:
    """The figure of P10 with the bytes beside it."""
    app = prepared.portal(folder, PROVIDERS * SHEETS_EACH)
    check_in.PROVIDERS = PROVIDERS
    phones = iter(check_in.enroll(app))
    anchor = app.extensions["time_anchors"].make(datetime.now(UTC) - timedelta(days=DAYS + 1))
    runs, a_request_each, sizes = [], [], []
    with serving.portal(folder) as server:
        for _ in range(ROUNDS + 1):
            queues = [_queue(next(phones), anchor) for _ in range(QUEUES_A_ROUND)]
            together, size = _cost(server, [(q, q.at_once()) for q in queues])
            one = _queue(next(phones), anchor)
            alone, _ = _cost(server, [(one, [item]) for item in one.items[:SINGLE_ONES]])
            runs.append(together / alone)
            a_request_each.append((together, alone))
            sizes.append(size)
    costs = a_request_each[1:]  # the first round warms up
    return {
        "value": round(median(runs[1:]), 3),
        "unit": "server's processor time of an event in a queue of 500 / of one by itself",
        "runs": [round(run, 3) for run in runs[1:]],
        "requests": 1,
        "event_in_a_queue_ms": round(median(together for together, _ in costs) * 1000, 3),
        "event_by_itself_ms": round(median(alone for _, alone in costs) * 1000, 3),
        "bytes_an_event": round(median(sizes)),
    }


def _queue(phone: check_in.Phone, anchor: str) -> Queue:
    queue = Queue(phone, anchor)
    visits = LONG // EVENTS_OF_A_VISIT
    begins_at = datetime.now(UTC) - timedelta(days=DAYS)
    for number in range(visits):
        queue.visit(begins_at + number * timedelta(days=DAYS) / visits)
    return queue


def _cost(
    server: serving.Server, lists: Sequence[tuple[Queue, list[dict[str, Any]]]]
) -> tuple[float, float]:
    """Seconds of processor time, and bytes on the wire, for an event."""
    requests = [queue.request(items, server.port) for queue, items in lists]
    before, weight = server.processor_seconds(), 0
    with socket.create_connection(("127.0.0.1", server.port)) as connection:
        for request in requests:
            connection.sendall(request)
            head, body = _answer(connection)
            plain = gzip.decompress(body) if b"content-encoding: gzip" in head.lower() else body
            results = json.loads(plain)["results"]
            assert all(each["result"] == "received" for each in results), results[:3]
            weight += len(request) + len(head) + len(body) + ROOM_FOR_HEADERS
    events = sum(len(items) for _, items in lists)
    return (server.processor_seconds() - before) / events, weight / events


def _answer(connection: socket.socket) -> tuple[bytes, bytes]:
    received = b""
    while b"\r\n\r\n" not in received:
        received += connection.recv(65536)
    head, _, body = received.partition(b"\r\n\r\n")
    assert b" 200 " in head.split(b"\r\n")[0] + b" ", head + body
    [length] = [
        int(line.split(b":")[1])
        for line in head.lower().split(b"\r\n")
        if line.startswith(b"content-length:")
    ]
    while len(body) < length:
        body += connection.recv(65536)
    return head + b"\r\n\r\n", body


def _sealed(event_id: str) -> dict[str, Any]:
    """A position near home, sealed as a phone seals it."""
    ours = sealed_positions.ours()
    key = ec.generate_private_key(ec.SECP256R1())
    raw = base64.urlsafe_b64decode(ours.public + "=")
    portal = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), raw)
    shared = key.exchange(ec.ECDH(), portal)
    info = b"carehours:position:" + event_id.encode()
    once = HKDF(hashes.SHA256(), length=32, salt=None, info=info).derive(shared)
    jitter = int.from_bytes(os.urandom(1)) - 128
    plain = struct.pack(
        ">iiI", round(HOME[0] * 1e7) + jitter, round(HOME[1] * 1e7) - jitter, 1200 + abs(jitter)
    )
    point = key.public_key().public_bytes(Encoding.X962, PublicFormat.CompressedPoint)
    sealed = point + AESGCM(once).encrypt(bytes(12), plain, None)
    return {"sealed": _base64(sealed), "key": ours.seals_to}


def _json(content: object) -> str:
    return json.dumps(content, separators=(",", ":"), ensure_ascii=False)


def _base64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")
