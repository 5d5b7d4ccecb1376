"""P9: how long does a check-in take while the whole State seems to sign in, against a quiet moment?

The storm is ten times the State's busiest hour of signing in (quality.md C1: 34 a second), all with wrong
passwords, offered to one machine whatever it answers. Check-ins come at the pace of the State's mean
busy hour. Quiet and stormy windows take turns.
"""

import json
import random
import socket
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count, cycle
from pathlib import Path
from statistics import median, quantiles
from typing import Any
from urllib.parse import urlencode

import check_in
import prepared
import serving
from population import SHEETS_EACH
from sign_in import SEED, Browser

CHECK_INS_A_SECOND = 20
SIGN_INS_A_SECOND = 340
STORM_CONNECTIONS = 48
SECONDS_A_WINDOW = 6.0
ROUNDS = 5


@dataclass(frozen=True)
class Window:
    """What happened in one window of time: seconds of each check-in, and the sign-ins by status."""

    check_ins: tuple[float, ...]
    sign_ins: Counter[int]

    @property
    def p95(self) -> float:
        return quantiles(self.check_ins, n=20)[-1]


def measure(folder: Path) -> dict[str, Any]:
    """The figure of P9, and what became of the storm."""
    app = prepared.portal(folder, check_in.PROVIDERS * SHEETS_EACH)
    phones = check_in.enroll(app)
    with serving.portal(folder, PORTAL_PROXIES="1") as server:
        taps = (
            phone.tap(kind, server.port)
            for kind in cycle(("check-in", "check-out"))
            for phone in phones
        )
        sign_ins = _sign_ins(server.port)
        _window(server.port, taps, None)  # warms up
        pairs = [
            (_window(server.port, taps, None), _window(server.port, taps, sign_ins))
            for _ in range(ROUNDS)
        ]
    runs = [round(stormy.p95 / quiet.p95, 2) for quiet, stormy in pairs]
    answered = sum((stormy.sign_ins for _, stormy in pairs), Counter())
    return {
        "value": round(median(runs), 2),
        "unit": "p95 of a check-in in a storm of sign-ins / in a quiet moment",
        "runs": runs,
        "quiet_p95_ms": round(median(quiet.p95 for quiet, _ in pairs) * 1000, 2),
        "stormy_p95_ms": round(median(stormy.p95 for _, stormy in pairs) * 1000, 2),
        "sign_ins_offered_a_second": SIGN_INS_A_SECOND,
        "sign_ins_answered_a_second": {
            str(status): round(number / ROUNDS / SECONDS_A_WINDOW, 1)
            for status, number in sorted(answered.items())
        },
    }


def _window(port: int, taps: Iterator[bytes], storm: Iterator[bytes] | None) -> Window:
    """Let check-ins come at their pace, with the storm around them or without."""
    ends_at = time.perf_counter() + SECONDS_A_WINDOW
    statuses: Counter[int] = Counter()
    lock = threading.Lock()

    def blow(pace: float) -> None:
        for _ in _paced(pace, ends_at):
            with lock:
                sent = next(storm)  # type: ignore[arg-type]
            status, _ = _ask(port, sent)
            with lock:
                statuses[status] += 1

    pace = STORM_CONNECTIONS / SIGN_INS_A_SECOND
    threads = [
        threading.Thread(target=blow, args=(pace,))
        for _ in range(STORM_CONNECTIONS if storm else 0)
    ]
    for thread in threads:
        thread.start()
    times = []
    for due_at in _paced(1 / CHECK_INS_A_SECOND, ends_at):
        status, body = _ask(port, next(taps))
        times.append(time.perf_counter() - due_at)  # waiting for its turn is waiting
        assert status == 200, body
        assert json.loads(body)["results"][0]["result"] == "received", body
    for thread in threads:
        thread.join()
    return Window(tuple(times), statuses)


def _paced(pause: float, ends_at: float) -> Iterator[float]:
    """The moments at which something is due, however long the one before took; never two at once."""
    due_at = time.perf_counter() + random.random() * pause  # noqa: S311 - a phase, not a secret
    while due_at < ends_at:
        time.sleep(max(0.0, due_at - time.perf_counter()))
        yield due_at
        due_at = max(due_at + pause, time.perf_counter())


def _ask(port: int, request: bytes) -> tuple[int, bytes]:
    """Send one request on a connection of its own, as another person would; its status and body."""
    with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
        connection.sendall(request.replace(b"\r\n", b"\r\nConnection: close\r\n", 1))
        received = b"".join(iter(lambda: connection.recv(65536), b""))
    head, _, body = received.partition(b"\r\n\r\n")
    return int(head.split(b" ", 2)[1]), body


def _sign_ins(port: int) -> Iterator[bytes]:
    """Wrong passwords of many people from many places."""
    browser = Browser(port).opens_the_sign_in_page()
    chance = random.Random(SEED)  # noqa: S311 - addresses, not secrets
    cookies = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
    for number in count():
        fields = {"csrf_token": browser.token, "username": f"person{number}", "password": "wrong"}
        body = urlencode(fields).encode()
        came_from = ".".join(str(chance.randrange(1, 255)) for _ in range(4))
        lines = (
            "POST /sign-in HTTP/1.1", f"Host: localhost:{port}", f"Cookie: {cookies}",
            "Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}",
            f"X-Forwarded-For: {came_from}",
        )  # fmt: skip
        yield "\r\n".join(lines).encode() + b"\r\n\r\n" + body
