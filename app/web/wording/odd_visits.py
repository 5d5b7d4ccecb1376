"""Sentences about what was noticed: plain facts, the same for both sides and the county; nobody is blamed."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

NOTICED: dict[str, LazyString] = {
    "FLAG_AWAY": _l(
        "The phone was about %(distance)s from home. It knew the place to within %(accuracy)s."
    ),
    "FLAG_VAGUE_POSITION": _l(
        "The phone knew the place only to within %(accuracy)s. That is too vague to tell."
    ),
    "FLAG_EXACT_POSITION": _l(
        "The phone told the place to less than 3 feet. Phones cannot know it so well."
    ),
    "FLAG_CLOCK_AHEAD": _l("The phone’s clock was ahead. The time counts that can be proved."),
    "FLAG_CLOCK_BEHIND": _l("The phone’s clock was behind. The time counts that can be proved."),
    "FLAG_CLOCK_SET_BACK": _l("The phone’s clock went back by %(back)s between two taps."),
    "FLAG_CLOCK_CHANGED": _l(
        "The phone’s clock went back by %(back)s between two taps. It was put right, or set for the "
        "season."
    ),
    "FLAG_LATE_ARRIVAL": _l(
        "This came %(late)s later. A phone without a signal keeps what it has, and sends it later."
    ),
    "FLAG_IMPOSSIBLE_TRAVEL": _l(
        "This place is about %(apart)s from the one before. Only %(between)s passed between them."
    ),
    "FLAG_DEVICE_OF_SEVERAL": _l(
        "More than one provider uses this phone. A family may share a phone."
    ),
    "FLAG_SAME_FIX": _l(
        "The place is the very same on %(days)s days. Most phones differ a little each time."
    ),
    "FLAG_SAME_FIX_TWO_HOMES": _l(
        "The very same place came for two homes. They are about %(apart)s apart."
    ),
    "FLAG_NOT_SIGNED": _l(
        "This came without the phone’s own signature. That can be so when a browser was cleaned."
    ),
    "FLAG_ID_REUSED": _l("Something else came later under the same number. The first one counts."),
    "FLAG_CHAIN_GAP": _l(
        "The phone counts what it sends. Of what came before this, %(missing)s did not reach us."
    ),
    "FLAG_CHAIN_FORK": _l("The phone sent two different things under one number."),
    "FLAG_CHAIN_BROKEN": _l("What the phone sent before this is not what it names here."),
}

WEIGHING: dict[str, LazyString] = {
    "SETTLE_NOTE_MISSING": _l("Please say in a few words what you found."),
    "SAY_MISSING": _l("Please write a few words first."),
    "WORDS_TOO_LONG": _l("This has %(length)s letters. It can have %(longest)s at most."),
    "FLAG_SETTLED": _l("Somebody has closed this already."),
    "LOOK_VISIT_LOOK": _l("Looked at one of your visits."),
}

EDITED: dict[str, LazyString] = {
    "EDIT_NO_CHECK_IN": _l("There was no check-in."),
    "EDIT_NO_CHECK_OUT": _l("There was no check-out."),
    "EDIT_CHECK_IN_BY_HAND": _l("You wrote the start by hand."),
    "EDIT_CHECK_OUT_BY_HAND": _l("You wrote the end by hand."),
    "EDIT_DAY_BY_HAND": _l("You changed the day on your timesheet."),
    "EDIT_NO_TAPS": _l("You wrote this day without a check-in."),
}

SENTENCES: dict[str, LazyString] = {**NOTICED, **WEIGHING, **EDITED}
