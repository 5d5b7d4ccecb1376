"""Sentences about notes between the providers of one recipient."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

SENTENCES: dict[str, LazyString] = {
    "NOTE_EMPTY": _l("Write a few words first."),
    "NOTES_NOT_SHARED": _l("Notes are turned off now. Yours was not saved."),
    "NOTES_FULL": _l(
        "There are %(most)s notes already. Delete one that is no longer needed, then try again."
    ),
}
