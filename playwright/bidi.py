"""A Firefox that is spoken to in its own protocol, WebDriver BiDi: https://www.w3.org/TR/webdriver-bidi/."""

import itertools
import json
import os
import re
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

from websockets.sync.client import connect

from firefox import find

LISTENS = re.compile(r"WebDriver BiDi listening on (ws://\S+)")
STARTS_WITHIN_S = 120
ANSWERS_WITHIN_S = 60
MOST_BYTES = 64 * 1024 * 1024  # a picture of a page is one message


class Refused(RuntimeError):  # noqa: N818 - as the protocol has it
    """Firefox did not do what it was asked; the message is its own."""


class Firefox:
    """One running Firefox: commands go to it, and what it tells by itself goes to who listens."""

    def __init__(self, folder: Path, preferences: Mapping[str, bool | int]) -> None:
        self._folder = folder  # where it keeps what it knows, also when it is killed
        self._preferences = preferences
        self._ids = itertools.count(1)
        self._line = ExitStack()
        self._listeners: dict[str, Callable[[dict[str, Any]], None]] = {}

    def start(self) -> "Firefox":
        """Start it and begin a session; raises RuntimeError with what it said where it does not come."""
        profile = self._folder / "firefox"
        profile.mkdir(exist_ok=True)
        lines = [
            f'user_pref("{name}", {json.dumps(value)});'
            for name, value in self._preferences.items()
        ]
        (profile / "user.js").write_text("\n".join(lines))
        said = self._folder / "firefox.log"
        with said.open("w") as out:
            self._process = subprocess.Popen(
                [find(), "--headless", "--no-remote", "--profile", profile, "--remote-debugging-port", "0"],
                env=os.environ | {"HOME": str(self._folder), "TZ": "America/Los_Angeles"},
                stdout=out, stderr=out, start_new_session=True,
            )  # fmt: skip
        try:
            address = self._address(said) + "/session"
            line = connect(address, max_size=MOST_BYTES, compression=None, ping_interval=None)
            self._socket = self._line.enter_context(line)
            self.ask("session.new", capabilities={})
        except BaseException:
            self.kill()
            raise
        return self

    def stop(self) -> None:
        """Let it close in good order."""
        try:
            self.ask("browser.close")
            self._process.wait(timeout=ANSWERS_WITHIN_S)
        finally:
            self.kill()

    def kill(self) -> None:
        """As when the battery is taken out: no process of it may tidy up."""
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._line.close()
        self._process.wait(timeout=ANSWERS_WITHIN_S)

    def listen(self, to: str, listener: Callable[[dict[str, Any]], None]) -> None:
        """From now on the listener hears the facts of each event of this name."""
        self._listeners[to] = listener
        self.ask("session.subscribe", events=[to])

    def ask(self, command: str, **facts: Any) -> dict[str, Any]:
        """What Firefox answers to a command; raises Refused."""
        number = next(self._ids)
        self._socket.send(json.dumps({"id": number, "method": command, "params": facts}))
        while True:
            message = json.loads(self._socket.recv(timeout=ANSWERS_WITHIN_S))
            if message["type"] == "event":
                self._listeners[message["method"]](message["params"])
            elif message["id"] == number:
                break
        if message["type"] == "error":
            raise Refused(f"{command}: {message['error']}: {message['message']}")
        answer: dict[str, Any] = message["result"]
        return answer

    def _address(self, said: Path) -> str:
        deadline = time.monotonic() + STARTS_WITHIN_S
        while not (found := LISTENS.search(said.read_text(errors="replace"))):
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"Firefox did not start: {said.read_text(errors='replace')}")
            time.sleep(0.05)
        return found[1]
