"""Sends prepared requests as fast as answers come, over a few connections that stay open."""

import socket
import threading
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

CONNECTIONS = 8


@dataclass(frozen=True)
class Answers:
    """What came back in a window of time."""

    count: int
    seconds: float
    times: tuple[float, ...]
    bodies: tuple[bytes, ...]

    @property
    def per_second(self) -> float:
        return self.count / self.seconds


def request(path: str, body: bytes, port: int, headers: Sequence[str] = ()) -> bytes:
    """A POST of JSON as it goes over the wire."""
    lines = [
        f"POST {path} HTTP/1.1", f"Host: localhost:{port}", "Content-Type: application/json",
        f"Content-Length: {len(body)}", *headers,
    ]  # fmt: skip
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def send(requests: Sequence[bytes], port: int, seconds: float) -> Answers:
    """Send until time or requests run out; raises AssertionError at any answer but 200."""
    waiting = deque(requests)
    times: list[float] = []
    bodies: list[bytes] = []
    failures: list[BaseException] = []
    began = time.perf_counter()

    def work() -> None:
        try:
            with socket.create_connection(("127.0.0.1", port)) as connection:
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                while waiting and time.perf_counter() - began < seconds:
                    sent_at = time.perf_counter()
                    connection.sendall(waiting.popleft())
                    bodies.append(_answer(connection))
                    times.append(time.perf_counter() - sent_at)
        except BaseException as failure:
            failures.append(failure)

    threads = [threading.Thread(target=work) for _ in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
    return Answers(len(times), time.perf_counter() - began, tuple(times), tuple(bodies))


def _answer(connection: socket.socket) -> bytes:
    received = b""
    while b"\r\n\r\n" not in received:
        received += _some(connection)
    head, body = received.split(b"\r\n\r\n", 1)
    lines = head.decode("latin-1").split("\r\n")
    assert " 200 " in f"{lines[0]} ", head.decode("latin-1")
    length = next(
        int(line.split(":")[1]) for line in lines if line.lower().startswith("content-length:")
    )
    while len(body) < length:
        body += _some(connection)
    return body


def _some(connection: socket.socket) -> bytes:
    data = connection.recv(65536)
    if not data:
        raise ConnectionError("The server closed the connection.")
    return data
