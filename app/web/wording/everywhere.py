"""Sentences that every part of the portal may need."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

SENTENCES: dict[str, LazyString] = {
    "TOO_MANY_TRIES": _l(
        "There were too many tries. Please wait for up to an hour, then try again."
    ),
}
