"""Sentences about signed receipts: what they tell, and whether they are genuine."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

FIELDS: dict[str, LazyString] = {
    "RECEIPT_FIELD_WHAT": _l("What was done"),
    "RECEIPT_FIELD_RECIPIENT": _l("For"),
    "RECEIPT_FIELD_PROVIDER": _l("By"),
    "RECEIPT_FIELD_PROGRAM": _l("Program"),
    "RECEIPT_FIELD_STARTS_ON": _l("First day"),
    "RECEIPT_FIELD_ENDS_ON": _l("Last day"),
    "RECEIPT_FIELD_MINUTES": _l("Hours in all"),
    "RECEIPT_FIELD_COUNTS_AT": _l("The time that counts"),
    "RECEIPT_FIELD_MADE_AT": _l("The phone’s clock said"),
    "RECEIPT_FIELD_NOT_BEFORE": _l("It was surely after"),
    "RECEIPT_FIELD_RECEIVED_AT": _l("It reached us"),
    "RECEIPT_FIELD_LOCATION": _l("Where"),
    "RECEIPT_FIELD_PLACE": _l("What the phone’s place said"),
    "RECEIPT_FIELD_SOURCE": _l("How it was done"),
    "RECEIPT_FIELD_SIGNED_BY_PHONE": _l("The phone signed it"),
    "RECEIPT_FIELD_SIGNED_AT": _l("Signed"),
    "RECEIPT_FIELD_APPROVED_AT": _l("Approved"),
    "RECEIPT_FIELD_SENT_BACK_AT": _l("Sent back"),
    "RECEIPT_FIELD_TAKEN_BACK_AT": _l("Taken back"),
    "RECEIPT_FIELD_NUMBER": _l("Receipt number"),
    "RECEIPT_FIELD_ISSUED_AT": _l("This receipt was written"),
    "RECEIPT_FIELD_PORTAL": _l("By the portal at"),
}

VALUES: dict[str, LazyString] = {
    "RECEIPT_YES": _l("Yes"),
    "RECEIPT_WHAT_CHECK_IN": _l("Check-in"),
    "RECEIPT_WHAT_CHECK_OUT": _l("Check-out"),
    "RECEIPT_WHAT_POSITION": _l("The place of a check-in or check-out"),
    "RECEIPT_WHAT_UNDO": _l("A check-in was taken back"),
    "RECEIPT_WHAT_NOT_A_VISIT": _l("A visit was marked as none"),
    "RECEIPT_PROGRAM_IHSS": _l("IHSS"),
    "RECEIPT_PROGRAM_WPCS": _l("WPCS"),
    "RECEIPT_LOCATION_HOME": _l("Home"),
    "RECEIPT_LOCATION_COMMUNITY": _l("Community"),
    "RECEIPT_PLACE_AT_HOME": _l("At home"),
    "RECEIPT_PLACE_AWAY": _l("Away from home"),
    "RECEIPT_PLACE_TOO_VAGUE": _l("Too vague to tell"),
    "RECEIPT_PLACE_NO_POSITION": _l("No place was noted"),
    "RECEIPT_SOURCE_PAGE": _l("On a page of the portal"),
    "RECEIPT_SOURCE_PHONE": _l("On a phone"),
    "RECEIPT_SOURCE_HAND": _l("Written by hand later"),
}

CHECKED: dict[str, LazyString] = {
    "RECEIPT_GENUINE": _l("This receipt is genuine. Nothing in it was changed."),
    "RECEIPT_NOT_GENUINE": _l("This receipt was changed. Do not trust what it says."),
    "RECEIPT_UNKNOWN_KEY": _l(
        "We do not know the key of this receipt. Try once more when you are online."
    ),
    "RECEIPT_UNREADABLE": _l("This file is not a receipt of this portal."),
}

SENTENCES: dict[str, LazyString] = {**FIELDS, **VALUES, **CHECKED}
