"""Sentences about one's own account: how its owner is reached, and who else looked at it."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

SENTENCES: dict[str, LazyString] = {
    "ALREADY_YOURS": _l("We have this one for you already."),
    "ADDRESS_EMPTY": _l("Enter your mailing address."),
    "ADDRESS_TOO_LONG": _l("Use %(lines)s lines and %(longest)s letters at most."),
    "ADDRESS_IS_THE_COUNTYS": _l("Your address is on file with your county. Call it to change it."),
    "NO_WAY_TO_TELL": _l("Choose one way or both, so that we can reach you."),
    "LANGUAGE_UNKNOWN": _l("We do not have this language yet."),
    "NOTICE_EMAIL_CHANGED": _l("Your e-mail address was changed."),
    "NOTICE_PHONE_CHANGED": _l("Your phone number was changed."),
    "NOTICE_PHONE_REMOVED": _l("Your phone number was removed."),
    "NOTICE_ADDRESS_CHANGED": _l("Your mailing address was changed."),
    "NOTICE_TELLING_CHANGED": _l("The way in which we tell you of things was changed."),
    "ROLE_PROVIDER": _l("provider"),
    "ROLE_RECIPIENT": _l("recipient"),
    "ROLE_SIGNATORY": _l("signatory"),
    "ROLE_COUNTY_WORKER": _l("county worker"),
    "ROLE_SERVICE_DESK": _l("service desk"),
    "LOOK_WHO": _l("%(name)s, %(role)s"),
    "LOOK_ACCOUNT_LOOK": _l("Looked at your account."),
    "LOOK_PERSON_LOOK": _l("Looked up who you are."),
    "LOOK_ACCOUNT_UNLOCK": _l("Unlocked your password."),
    "LOOK_ACCOUNT_THAW": _l("Opened your account again after it was frozen."),
    "LOOK_ACCOUNT_NOTE": _l("Wrote a note about your account."),
    "LOOK_RECOVERY_SEND_LINK": _l("Sent you a link to get back into your account."),
    "LOOK_OTHER": _l("Did something with your account."),
}
