"""Sentences about registering, and about asking the county for help with it."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

SENTENCES: dict[str, LazyString] = {
    "NO_MATCH": _l(
        "This does not match our records. "
        "Look at a letter from your county, and type all of it just as it stands there."
    ),
    "ALREADY_REGISTERED": _l(
        "You have an account already, so you need no new one. Sign in with it. "
        "If you forgot how, there are ways back on the sign-in page."
    ),
    "PROVIDER_NUMBER_SHAPE": _l("A provider number has nine digits."),
    "CASE_NUMBER_SHAPE": _l("A case number has seven digits."),
    "SSN_SHAPE": _l("Type four digits: the last of your Social Security number."),
    "CIN_SHAPE": _l("Type the last four signs of your CIN, like 123A."),
    "NUMBER_DIFFERS": _l("This is not the number that this registration began with."),
    "EMAIL_WRONG": _l("This is not a whole e-mail address. One looks like name@example.com."),
    "EMAIL_TAKEN": _l(
        "Another account was just made with this e-mail address. Each account needs its own. "
        "Type another address. All else is kept."
    ),
    "TOO_MANY_LETTERS": _l(
        "We sent as many e-mails as we may in one hour. "
        "Look for the newest one, also among unwanted mail. You can go on later: all is kept."
    ),
    "USERNAME_LETTERS": _l(
        "These signs cannot stand in a username: %(letters)s. "
        "Some look like a plain letter but are not. Use a to z, 0 to 9, - and _."
    ),
    "USERNAME_TOO_SHORT": _l("The username has %(length)s letters. It needs %(shortest)s or more."),
    "USERNAME_TOO_LONG": _l(
        "The username has %(length)s letters. It may have %(longest)s at most."
    ),
    "USERNAME_TAKEN": _l("Somebody else has the username “%(username)s”. Choose another."),
    "PHONE_WRONG": _l("This is not a phone number in the United States. It has ten digits."),
    "PHONE_NEEDED": _l("To get text messages, enter your phone number."),
    "OUTCOME_MISSING": _l("Write what came of it."),
    "OUTCOME_TOO_LONG": _l("This is too long: %(length)s letters. It may have %(longest)s."),
    "HELP_DONE": _l("Somebody of your county closed this request just now."),
    "NOTICE_WELCOME": _l("Welcome to CareHours. Your username is %(username)s."),
}
