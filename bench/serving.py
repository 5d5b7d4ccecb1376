"""Applications served as the demo is, each in a process of its own, whose time on the processor can be read."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from places import ROOT  # isort: skip - it says where the others lie

import demo  # isort: skip

TICKS = os.sysconf("SC_CLK_TCK")
PARENT, USER_TICKS, SYSTEM_TICKS = 1, 11, 12  # fields of /proc/<id>/stat after the name


@dataclass(frozen=True)
class Server:
    """Where it listens, and the process that started it."""

    port: int
    process_id: int

    def processor_seconds(self) -> float:
        """What it and its children have used so far, in seconds of one processor (Linux only)."""
        family, found = {self.process_id}, 0
        stats = {each: _stat(each) for each in map(int, filter(str.isdigit, os.listdir("/proc")))}
        while found != len(family):
            found = len(family)
            family |= {each for each, stat in stats.items() if stat and int(stat[PARENT]) in family}
        used = (stats.get(each) or ["0"] * 13 for each in family)
        return sum(int(stat[USER_TICKS]) + int(stat[SYSTEM_TICKS]) for stat in used) / TICKS


@contextmanager
def portal(folder: Path, **settings: str) -> Iterator[Server]:
    """The portal on the database of a folder; ends with the block."""
    environment = {"PORTAL_ENV": "demo", "PORTAL_INSTANCE": str(folder), **settings}
    with application("app:serve", ROOT, environment) as server:
        yield server


@contextmanager
def application(factory: str, folder: Path, environment: Mapping[str, str]) -> Iterator[Server]:
    """Any application, started in a folder and served as the demo is; ends with the block."""
    port = _free_port()
    process = subprocess.Popen(
        demo.serving(factory, port),
        cwd=folder,
        env={**os.environ, **environment, "PORT": str(port)},
    )
    try:
        _wait_for(port)
        yield Server(port, process.pid)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=30)


def _stat(process_id: int) -> list[str] | None:
    try:
        text = Path(f"/proc/{process_id}/stat").read_text(encoding="utf-8")
    except (FileNotFoundError, ProcessLookupError):
        return None
    return text.rpartition(")")[2].split()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError(f"Nothing listens on port {port}.")
