"""The real product, running for a journey: as `make demo` serves it, with data of its own."""

import email
import email.policy
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

ROOT = Path(__file__).resolve().parent.parent
LOS_ANGELES = ZoneInfo("America/Los_Angeles")
CODE = re.compile(r"\b\d{6}\b")
READY_WITHIN_S = 60
TUESDAY, THURSDAY = 1, 3


def a_weekday_morning(real_now: datetime) -> datetime:
    """Ten o'clock on the next Tuesday to Thursday well inside a half month.

    Ahead of the real time, so that no cookie is old when the browser gets it.
    """
    day = real_now.astimezone(LOS_ANGELES) + timedelta(days=1)
    while not (
        TUESDAY <= day.weekday() <= THURSDAY and (8 <= day.day <= 12 or 23 <= day.day <= 27)
    ):
        day += timedelta(days=1)
    return day.replace(hour=10, minute=0, second=0, microsecond=0)


class Portal:
    """One running portal: its address, its mailbox, its command line and its clock."""

    def __init__(self, instance: Path, now: datetime) -> None:
        self.instance = instance
        self.port = _free_port()
        self.url = f"http://localhost:{self.port}"
        self.ahead = now - datetime.now(LOS_ANGELES)
        self._process: subprocess.Popen[str] | None = None

    @property
    def log(self) -> Path:
        """Everything that the portal and its jobs have said."""
        return self.instance.parent / f"{self.instance.name}.log"

    @property
    def now(self) -> datetime:
        """What the portal's clock says, in Los Angeles."""
        return datetime.now(LOS_ANGELES) + self.ahead

    def start(self) -> "Portal":
        """Start it and return once it says Ready; raises RuntimeError with what it said else."""
        log = self.log
        said_before = len(log.read_text()) if log.exists() else 0
        with log.open("a") as out:
            self._process = subprocess.Popen(
                [sys.executable, "deploy/demo.py"],
                cwd=ROOT, env=self._environment(), stdout=out, stderr=out, text=True,
            )  # fmt: skip
        deadline = time.monotonic() + READY_WITHIN_S
        while "Ready:" not in log.read_text()[said_before:]:
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                raise RuntimeError(log.read_text())
            time.sleep(0.05)
        return self

    def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait(timeout=40)
            self._process = None

    def next_morning(self) -> None:
        """Sleep over it: go on at eight o'clock of the next day."""
        self.go_on_at((self.now + timedelta(days=1)).replace(hour=8, minute=0, second=0))

    def go_on_at(self, moment: datetime) -> None:
        """Stop, set the clock, start again: what a phone holds and knows stays as it was."""
        self.stop()
        self.ahead = moment - datetime.now(LOS_ANGELES)
        self.start()

    def flask(self, *arguments: str) -> str:
        """Run `flask --app app …` beside the running portal and answer what it printed."""
        ended = subprocess.run(
            [str(Path(sys.executable).parent / "flask"), "--app", "app", *arguments],
            cwd=ROOT, env=self._environment(), capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert ended.returncode == 0, ended.stdout + ended.stderr
        return ended.stdout

    def mail_to(self, username: str) -> list[str]:
        """The text of every mail that somebody got, the oldest first."""
        return self._messages_to(f"{username}@example.com")

    def newest_code_by_text_to(self, number: str, after: int = 0) -> str:
        """The six digits of the newest text beyond the first `after` texts to a number."""
        return self._newest_code(lambda: self._messages_to(number)[after:], number)

    def texts_to(self, number: str) -> list[str]:
        """Every text to a number, the oldest first."""
        return self._messages_to(number)

    def _messages_to(self, address: str) -> list[str]:
        found = []
        for path in (self.instance / "mailbox").glob("[0-9]*.eml"):  # none that is being written
            message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
            if address in str(message["To"]):
                body = message.get_body(("plain",))
                found.append((path.stat().st_mtime_ns, body.get_content() if body else ""))
        return [text for _, text in sorted(found)]

    def newest_code_to(self, username: str, after: int = 0) -> str:
        """The six digits of the newest mail beyond the first `after` mails that somebody got."""
        return self._newest_code(lambda: self.mail_to(username)[after:], username)

    def _newest_code(self, messages: Callable[[], list[str]], whose: str) -> str:
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            for text in reversed(messages()):
                if code := CODE.search(text):
                    return code[0]
            time.sleep(0.05)
        raise AssertionError(f"No code reached {whose}.")

    def copy_data_of(self, other: "Portal") -> "Portal":
        """Begin with the data of another portal, which must be stopped."""
        shutil.copytree(other.instance, self.instance, dirs_exist_ok=True)
        return self

    def _environment(self) -> dict[str, str]:
        return os.environ | {
            "PORT": str(self.port),
            "PORTAL_ENV": "demo",
            "PORTAL_INSTANCE": str(self.instance),
            "PYTHONPATH": str(Path(__file__).parent / "clock"),
            "CAREHOURS_CLOCK_AHEAD_S": str(self.ahead.total_seconds()),
        }


def running(data_of: Portal, instance: Path) -> Iterator[Portal]:
    """A portal from start to stop; an error that it logged fails whoever used it."""
    portal = Portal(instance, a_weekday_morning(datetime.now(LOS_ANGELES)))
    portal.copy_data_of(data_of).start()
    yield portal
    portal.stop()
    _, error, told = portal.log.read_text().rpartition("Traceback")
    assert not error, told


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port
