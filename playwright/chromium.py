"""Where is a Chromium to test with? $CHROMIUM, Playwright's own, the system's, or Debian's package."""

import fcntl
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MAC = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
NO_BROWSER = (
    "No Chromium found: install Debian's chromium, or Chrome, or run `.venv/bin/playwright install "
    "chromium`, or set CHROMIUM to one."
)


class NoBrowser(RuntimeError):  # noqa: N818 - nothing of ours is wrong
    """There is no browser; the message says how to get one."""


def find(playwrights_own: str) -> str:
    """The path of a Chromium, installed by apt-get when there is none and we may; raises NoBrowser."""
    if named := os.environ.get("CHROMIUM"):
        return named
    if Path(playwrights_own).exists():
        return playwrights_own
    with _one_at_a_time():
        found = _installed() or _install()
    if not found:
        raise NoBrowser(NO_BROWSER)
    return found


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Journeys run side by side: the first may install what the others then find."""
    with (Path(tempfile.gettempdir()) / "carehours-chromium.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _install() -> str | None:
    if os.geteuid() == 0 and shutil.which("apt-get"):
        quietly = {"DEBIAN_FRONTEND": "noninteractive"} | os.environ
        for words in ("update", "install -y --no-install-recommends chromium"):
            subprocess.run(["apt-get", *words.split()], env=quietly, check=False)
    return _installed()


def _installed() -> str | None:
    found = next(filter(None, map(shutil.which, NAMES)), None)
    return found or (str(MAC) if MAC.exists() else None)
