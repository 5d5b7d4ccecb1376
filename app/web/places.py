"""Where was a tap, in words: at home, too vague to tell, about three miles away?"""

from flask_babel import format_decimal, gettext, ngettext

from app.domain.positions import PlaceValue, Verdict
from app.web.wording import sentence

FEET_IN_A_METRE = 3.28084
FEET_IN_A_MILE = 5280
A_LONG_WALK = 1000  # feet; from here on people reckon in miles
NO_FIX = {"denied": "NO_FIX_DENIED", "timeout": "NO_FIX_TIMEOUT"}
UNUSABLE = frozenset({"not_a_number", "out_of_range", "unreadable"})


def distance(metres: int) -> str:
    """`18` → `60 feet`, `4830` → `3 miles`: no finer than it is known.

    Half miles are told up to two miles.
    """
    feet = metres * FEET_IN_A_METRE
    if feet < A_LONG_WALK:
        return str(ngettext("%(num)d foot", "%(num)d feet", max(10, round(feet / 10) * 10)))
    miles = feet / FEET_IN_A_MILE
    if miles < 2:
        halves = max(0.5, round(miles * 2) / 2)
        if halves == 1:
            return str(gettext("1 mile"))
        return str(gettext("%(number)s miles", number=format_decimal(halves)))
    return str(gettext("%(number)s miles", number=format_decimal(round(miles))))


def place_words(verdict: Verdict, problem: str | None = None) -> str:
    """The verdict as a sentence; `problem` is why there is no position, as it is stored."""
    if verdict.value is PlaceValue.NO_POSITION:
        if verdict.accuracy_m is not None:
            return sentence("PLACE_HOME_UNKNOWN")
        if problem in UNUSABLE:
            return sentence("NO_FIX_UNUSABLE")
        return sentence(NO_FIX.get(problem or "", "PLACE_NO_POSITION"))
    if verdict.accuracy_m is None:
        return what_it_said(verdict)
    facts = {
        "away": distance(verdict.distance_m or 0),
        "within": distance(verdict.accuracy_m),
    }
    return sentence(f"PLACE_{verdict.value.upper()}", facts)


def what_it_said(verdict: Verdict | None) -> str:
    """The verdict alone, as it is left when the position itself was deleted."""
    if verdict is None or verdict.value is PlaceValue.NO_POSITION:
        return sentence("LOCATION_SAID_HOME_UNKNOWN")
    facts = {"away": distance(verdict.distance_m or 0)}
    return sentence(f"LOCATION_SAID_{verdict.value.upper()}", facts)
