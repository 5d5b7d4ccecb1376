"""The real product, running for a journey: as `make demo` serves it, with data of its own."""

import email
import email.policy
import os
import random
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

from beginning import StillBusy, bring_back

ROOT = Path(__file__).resolve().parent.parent
LOS_ANGELES = ZoneInfo("America/Los_Angeles")
CODE = re.compile(r"\b\d{6}\b")
READY_WITHIN_S = 180
ARRIVES_WITHIN_S = 60
PORTS = (20_000, 32_000)
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

    def begin_again(self, beginning: "Portal") -> None:
        """As if it had just begun with the data of another, which must be stopped: on a weekday at ten.

        A portal that is running and kept to its clock need not be started for that.
        """
        if self._is_running and self.ahead == beginning.ahead:
            try:
                return bring_back(self.instance, beginning.instance)
            except StillBusy:
                pass
        self.stop()
        shutil.rmtree(self.instance, ignore_errors=True)
        self.ahead = beginning.ahead
        self.copy_data_of(beginning).start()

    @property
    def _is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

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
        return _once_there(lambda: self._messages_to(number)[after:], CODE, number)

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
        return self.newest_to(username, CODE, after)

    def newest_to(self, username: str, pattern: re.Pattern[str], after: int = 0) -> str:
        """What matches in the newest such mail beyond the first `after`; waits until it is there."""
        return _once_there(lambda: self.mail_to(username)[after:], pattern, username)

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


def journey(portal: Portal, beginning: Portal) -> Iterator[Portal]:
    """A portal for one journey; an error that it logged fails whoever travelled."""
    portal.begin_again(beginning)
    said_before = portal.log.stat().st_size
    yield portal
    with portal.log.open() as log:
        log.seek(said_before)
        _, error, told = log.read().rpartition("Traceback")
    assert not error, told


def _once_there(messages: Callable[[], list[str]], pattern: re.Pattern[str], whose: str) -> str:
    deadline = time.monotonic() + ARRIVES_WITHIN_S
    while time.monotonic() < deadline:
        for text in reversed(messages()):
            if found := pattern.search(text):
                return found[0]
        time.sleep(0.05)
    raise AssertionError(f"Nothing like {pattern.pattern} reached {whose}.")


def _free_port() -> int:
    """One that the system gives to nobody by itself, so that it is still free after a new start."""
    while True:
        port = random.randrange(*PORTS)  # noqa: S311 - nothing secret
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        return port
