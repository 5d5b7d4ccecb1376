"""Sentences for what the State's collector did not take, and for what a visit lacks before it can be sent."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

SENTENCES: dict[str, LazyString] = {
    "AGGREGATOR_CLIENT_UNKNOWN": _l("The collector does not know this recipient."),
    "AGGREGATOR_EMPLOYEE_UNKNOWN": _l("The collector does not know this provider."),
    "AGGREGATOR_DUPLICATE": _l("The collector has this already."),
    "AGGREGATOR_OUT_OF_ORDER": _l("The collector has a newer version of this."),
    "AGGREGATOR_FORMAT": _l("The collector cannot read one field. %(field)s %(number)s"),
    "LACKS_SERVICE": _l("The kind of service is missing."),
    "LACKS_RECIPIENT": _l("The recipient’s number is missing."),
    "LACKS_PROVIDER": _l("The provider’s number is missing."),
    "LACKS_DATE": _l("The day is not clear."),
    "LACKS_PLACE": _l("The place is missing."),
    "LACKS_BEGIN": _l("The time it began is missing."),
    "LACKS_END": _l("The time it ended is missing."),
}
