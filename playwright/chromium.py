"""Where is a Chromium to test with? $CHROMIUM, Playwright's own, the system's, or Debian's package."""

import os
import shutil
from pathlib import Path

from debian import NoBrowser, found_or_installed

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MAC = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
NO_BROWSER = (
    "No Chromium found: install Debian's chromium, or Chrome, or run `.venv/bin/playwright install "
    "chromium`, or set CHROMIUM to one."
)


def find(playwrights_own: str) -> str:
    """The path of a Chromium, installed by apt-get when there is none and we may; raises NoBrowser."""
    if named := os.environ.get("CHROMIUM"):
        return named
    if Path(playwrights_own).exists():
        return playwrights_own
    if found := found_or_installed(_installed, "chromium"):
        return found
    raise NoBrowser(NO_BROWSER)


def _installed() -> str | None:
    found = next(filter(None, map(shutil.which, NAMES)), None)
    return found or (str(MAC) if MAC.exists() else None)
