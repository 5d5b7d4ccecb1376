"""What was noticed about a visit, in words and as facts beside it?"""

from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import gettext, ngettext

from app.models.visits import VisitFlag
from app.web.formatting import day_time, hours_words
from app.web.places import distance
from app.web.wording import sentence

AN_HOUR, TWO_DAYS = 60, 2 * 24 * 60  # minutes


def words(flag: VisitFlag) -> str:
    """The flag as one or two plain sentences."""
    return sentence(f"FLAG_{flag.code}", _shown(flag.facts))


def rows(flag: VisitFlag) -> list[tuple[str, str]]:
    """The moments behind it, by name: what the phone said, when it came, what proves not before."""
    facts = flag.facts
    found = [
        (gettext("The phone said"), facts.get("made_at")),
        (gettext("It reached us"), facts.get("received_at")),
        (gettext("Surely not before"), facts.get("earliest_at")),
    ]
    moments = [(str(name), day_time(at)) for name, at in found if at]
    if "off_minutes" in facts:
        moments.append((str(gettext("The clock was off by")), span(facts["off_minutes"])))
    return moments


def span(minutes: int) -> str:
    """A stretch of time as people say it: `25 minutes`, `3 hours`, `12 days`."""
    if minutes < AN_HOUR:
        return hours_words(max(1, minutes))
    if minutes < TWO_DAYS:
        return hours_words(round(minutes / AN_HOUR) * AN_HOUR)
    return str(ngettext("%(num)d day", "%(num)d days", round(minutes / (24 * AN_HOUR))))


_AS_WORDS: Mapping[str, tuple[str, Callable[[int], str]]] = {
    "distance_metres": ("distance", distance),
    "accuracy_metres": ("accuracy", distance),
    "apart_metres": ("apart", distance),
    "apart_minutes": ("between", span),
    "late_minutes": ("late", span),
    "back_minutes": ("back", span),
}


def _shown(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Facts as the sentences name them."""
    shown = {name: fact for name, fact in facts.items() if name not in _AS_WORDS}
    for name, (place, write) in _AS_WORDS.items():
        if name in facts:
            shown[place] = write(facts[name])
    return shown
