"""Where does somebody go after signing in? Only ever to a page of ours."""

from urllib.parse import urlsplit

from flask import url_for

LONGEST = 1000  # characters: it waits in a cookie while a code is entered


def safe(wanted: str | None) -> str:
    """The wanted address when it is a path on this portal, else the start page.

    Browsers read a backslash as a slash and skip control characters, so neither may stand in it.
    """
    if (
        wanted
        and len(wanted) <= LONGEST
        and wanted.startswith("/")
        and not wanted.startswith(("//", "/\\"))
    ):
        parts = urlsplit(wanted)
        if not parts.scheme and not parts.netloc and wanted.isprintable() and "\\" not in wanted:
            return wanted
    return url_for("home.index")
