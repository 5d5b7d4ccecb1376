"""Sentences of the list of places on record: what each was for, what it said, who saw it, when it goes."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

SENTENCES: dict[str, LazyString] = {
    "LOCATION_CHECK_IN_FOR": _l("Check-in for %(name)s"),
    "LOCATION_CHECK_OUT_FOR": _l("Check-out for %(name)s"),
    "LOCATION_CHECK_IN_OF": _l("Check-in of %(name)s"),
    "LOCATION_CHECK_OUT_OF": _l("Check-out of %(name)s"),
    "LOCATION_SAID_AT_HOME": _l("At home."),
    "LOCATION_SAID_AWAY": _l("About %(away)s from home."),
    "LOCATION_SAID_TOO_VAGUE": _l("Too vague to tell."),
    "LOCATION_SAID_HOME_UNKNOWN": _l("Nothing. We have no map point for this home."),
    "LOCATION_POINT": _l("%(latitude)s, %(longitude)s, to within %(within)s"),
    "LOCATION_LOOK": _l("%(name)s, %(role)s, on %(day)s"),
    "LOCATION_SENT": _l("Sent to the State’s collector of visits on %(day)s"),
    "LOCATION_DELETES": _l("It will be deleted on %(day)s."),
    "LOCATION_DELETED": _l("It was deleted on %(day)s. Only what it said is kept."),
}
