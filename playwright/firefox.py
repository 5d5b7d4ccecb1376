"""Where is a Firefox to test with? $FIREFOX, the system's, or Debian's package."""

import os
import shutil
from pathlib import Path

from debian import NoBrowser, found_or_installed

NAMES = ("firefox-esr", "firefox")
MAC = Path("/Applications/Firefox.app/Contents/MacOS/firefox")
NO_BROWSER = "No Firefox found: install Debian's firefox-esr, or Firefox, or set FIREFOX to one."


def find() -> str:
    """The path of a Firefox, installed by apt-get when there is none and we may; raises NoBrowser."""
    if named := os.environ.get("FIREFOX"):
        return named
    if found := found_or_installed(_installed, "firefox-esr"):
        return found
    raise NoBrowser(NO_BROWSER)


def _installed() -> str | None:
    found = next(filter(None, map(shutil.which, NAMES)), None)
    return found or (str(MAC) if MAC.exists() else None)
