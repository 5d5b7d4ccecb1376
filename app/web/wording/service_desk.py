"""Sentences of the service desk: what stops somebody, what an agent did, and what she may not do."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

SENTENCES: dict[str, LazyString] = {
    "SEARCH_TOO_SHORT": _l("Type at least %(fewest)s letters, or a whole number."),
    "SEARCH_TOO_LONG": _l("Type %(longest)s letters at most."),
    "DESK_REASON_MISSING": _l("Write why you do this."),
    "DESK_REASON_TOO_LONG": _l(
        "The reason has %(length)s letters. It may have %(longest)s at most."
    ),
    "OWN_ACCOUNT": _l("This is your own account. Another agent must help you."),
    "SAME_AGENT": _l("You asked for this. Another agent must agree."),
    "NOT_LOCKED": _l("The password is not locked."),
    "NOT_FROZEN": _l("The account is not frozen."),
    "DESK_EMAIL_SAME": _l("The account has this address already."),
    "DESK_EMAIL_TAKEN": _l("Another account has this address."),
    "DESK_MAIL_DOWN": _l("We cannot send e-mail just now. Nothing was sent. Try again later."),
    # What stops somebody
    "DESK_FROZEN": _l(
        "The account is frozen since %(since_on)s, %(since_at)s. "
        "Its owner told us that a change was not hers or his."
    ),
    "DESK_PASSWORD_OFF": _l(
        "There were very many wrong passwords, so the password is switched off."
    ),
    "DESK_LOCKED": _l(
        "There were too many wrong passwords. The password is locked until %(until_at)s."
    ),
    "DESK_APP_OFF": _l(
        "There were very many wrong codes of the authenticator app, so it is switched off."
    ),
    "DESK_APP_LOCKED": _l(
        "There were too many wrong codes of the authenticator app. It is locked until %(until_at)s."
    ),
    "DESK_EMAIL_NOT_CONFIRMED": _l("The e-mail address is not confirmed, so no code can go there."),
    "DESK_NO_PASSWORD": _l("There is no password. A passkey opens this account."),
    "DESK_ONLY_CODES": _l("There is no password and no passkey. Only a code opens this account."),
    # How somebody stands, in a list
    "DESK_STATE_NOT_REGISTERED": _l("Not registered"),
    "DESK_STATE_REGISTERED": _l("Registered (ESP)"),
    "DESK_STATE_FROZEN": _l("Frozen"),
    "DESK_STATE_LOCKED": _l("Password locked"),
    "DESK_STATE_UNCONFIRMED": _l("E-mail not confirmed"),
    # What happened
    "DESK_TOLD_SIGN_IN_PASSKEY": _l("Signed in with a passkey"),
    "DESK_TOLD_SIGN_IN_PASSWORD": _l("Signed in with a password"),
    "DESK_TOLD_SIGN_IN_CODE": _l("Signed in with a code"),
    "DESK_TOLD_SIGN_IN_APP": _l("Signed in with an authenticator app"),
    "DESK_TOLD_SIGN_IN_RECOVERY": _l("Got back in another way"),
    "DESK_TOLD_ACCOUNT_LOCK": _l("Too many wrong passwords: locked"),
    "DESK_TOLD_APP_LOCK": _l("Too many wrong codes of the app: locked"),
    "DESK_TOLD_ACCOUNT_FREEZE": _l("Said “this was not me”: frozen"),
    "DESK_TOLD_ACCOUNT_REGISTER": _l("Registered"),
    "DESK_TOLD_ACCOUNT_UNLOCK": _l("Unlocked the password"),
    "DESK_TOLD_ACCOUNT_THAW": _l("Opened the account again"),
    "DESK_TOLD_ACCOUNT_NOTE": _l("Wrote a note"),
    "DESK_TOLD_ACCOUNT_ASK_EMAIL": _l("Asked for a new e-mail address"),
    "DESK_TOLD_ACCOUNT_AGREE_EMAIL": _l("Agreed to the new e-mail address"),
    "DESK_TOLD_ACCOUNT_REFUSE_EMAIL": _l("Refused the new e-mail address"),
    "DESK_TOLD_ACCOUNT_CONFIRM_EMAIL": _l("Confirmed the new e-mail address"),
    "DESK_TOLD_RECOVERY_SEND_LINK": _l("Sent a link to get back in"),
    "DESK_TOLD_RECOVERY_FINISH": _l("Got back into the account"),
    "DESK_TOLD_PASSWORD_CHANGE": _l("Changed the password"),
    "DESK_TOLD_EMAIL_CHANGE": _l("Changed the e-mail address"),
    "DESK_TOLD_PHONE_CHANGE": _l("Changed the phone number"),
    "DESK_TOLD_PHONE_REMOVE": _l("Removed the phone number"),
    "DESK_TOLD_PASSKEY_ADD": _l("Added a passkey"),
    "DESK_TOLD_PASSKEY_REMOVE": _l("Removed a passkey"),
    "DESK_TOLD_APP_ADD": _l("Added an authenticator app"),
    "DESK_TOLD_APP_REMOVE": _l("Removed the authenticator app"),
    "DESK_TOLD_KIT_MAKE": _l("Made a recovery kit"),
    "DESK_TOLD_KIT_USE": _l("Used a recovery code"),
    # What the owner reads
    "LOOK_ACCOUNT_ASK_EMAIL": _l("Asked for a new e-mail address for you."),
    "LOOK_ACCOUNT_AGREE_EMAIL": _l("Agreed to your new e-mail address."),
    "LOOK_ACCOUNT_REFUSE_EMAIL": _l("Refused a new e-mail address for you."),
    "NOTICE_ACCOUNT_UNLOCKED": _l("The service desk unlocked your password."),
    "NOTICE_ACCOUNT_THAWED": _l("The service desk opened your account again."),
    "NOTICE_EMAIL_CORRECTION_AGREED": _l(
        "The service desk is about to change your e-mail address. "
        "Open the link in the letter to the new address."
    ),
}
