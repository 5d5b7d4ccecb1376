"""What does a signed receipt say in plain words: on its page, on the page that checks it, in a terminal?"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from flask_babel import gettext

from app.web.formatting import clock_time, hours_words, long_date, long_day
from app.web.wording import sentence

FIELDS = (
    "what", "recipient", "provider", "program", "starts_on", "ends_on", "minutes",
    "counts_at", "made_at", "not_before", "received_at", "location", "place", "source",
    "signed_by_phone", "signed_at", "approved_at", "sent_back_at", "taken_back_at",
    "number", "issued_at", "portal",
)  # fmt: skip
"""What is shown, in this order. What is left out is for experts and for scripts, and stands in the file."""

CODES = {
    "what": ("check-in", "check-out", "position", "undo", "not-a-visit"),
    "program": ("ihss", "wpcs"),
    "location": ("home", "community"),
    "place": ("at_home", "away", "too_vague", "no_position"),
    "source": ("page", "phone", "hand"),
}
"""The fields that hold a code, with every code they may hold."""


class Row(NamedTuple):
    """A line of a receipt."""

    name: str
    value: str


def rows_of(content: Mapping[str, Any]) -> list[Row]:
    """A receipt's content as lines; what a receipt has not is not told."""
    found = [
        Row(_label(name), _value(name, content[name])) for name in FIELDS if _is_told(content, name)
    ]
    return found + [
        Row(_day_of(day), hours_words(day["minutes"])) for day in content.get("days", ())
    ]


def labels() -> list[tuple[str, str]]:
    """Each field with what it is called, in the order of FIELDS, for the script that checks receipts."""
    return [(name, _label(name)) for name in FIELDS]


def codes() -> dict[str, dict[str, str]]:
    """What each code means, by field, for the same script."""
    return {name: {code: _word(name, code) for code in known} for name, known in CODES.items()}


def _is_told(content: Mapping[str, Any], name: str) -> bool:
    return content.get(name) not in (None, False)


def _value(name: str, value: Any) -> str:
    if name in CODES:
        return _word(name, str(value)) if value in CODES[name] else str(value)
    if name == "minutes":
        return hours_words(int(value))
    if name.endswith("_on"):
        return long_date(str(value))
    if name.endswith("_at") or name == "not_before":
        at = datetime.fromisoformat(str(value))
        return str(gettext("%(day)s, %(time)s", day=long_date(at), time=clock_time(at)))
    return sentence("RECEIPT_YES") if value is True else str(value)


def _day_of(day: Mapping[str, Any]) -> str:
    return long_day(str(day["on"]))


def _label(name: str) -> str:
    return sentence(f"RECEIPT_FIELD_{name}".upper())


def _word(name: str, code: str) -> str:
    return sentence(f"RECEIPT_{name}_{code}".upper().replace("-", "_"))
