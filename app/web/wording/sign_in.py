"""Sentences about signing in, passkeys and devices."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

SENTENCES: dict[str, LazyString] = {
    "SIGN_IN_WRONG": _l(
        "The name and the password do not match. "
        "Tries left before the password is locked for a while: %(tries_left)s."
    ),
    "LOCKED": _l(
        "There were too many wrong tries. The password is locked until %(until_at)s. "
        "You can still sign in now with a code or a passkey."
    ),
    "PASSWORD_OFF": _l(
        "There were very many wrong tries, so the password is switched off. "
        "Sign in with a code or a passkey, and it works again."
    ),
    "CODE_WRONG": _l(
        "This is not the newest code that we sent. Tries left for this code: %(tries_left)s."
    ),
    "CODE_USED": _l("This code was used, or a newer one was sent. Ask for a new code."),
    "CODE_EXPIRED": _l("This code is too old. Ask for a new code."),
    "CODE_USED_UP": _l("There were too many wrong tries with this code. Ask for a new code."),
    "TOO_MANY_CODES": _l(
        "We sent as many codes as we may in one hour. Use the newest one, or try again later. "
        "You can also sign in with your password or a passkey."
    ),
    "NO_CONFIRMED_EMAIL": _l(
        "We know no e-mail address for a code. Use a passkey, or call the service desk."
    ),
    "NO_CONFIRMED_PHONE": _l(
        "We know no phone number for a code. Choose another way, or call the service desk."
    ),
    "PASSWORD_TOO_SHORT": _l(
        "The password has %(length)s characters. It needs %(shortest)s or more. "
        "A few words in a row are easy to remember."
    ),
    "PASSWORD_TOO_SHORT_ALONE": _l(
        "Your password has fewer than %(shortest)s characters, so it cannot stand alone. "
        "First choose a longer one."
    ),
    "PASSWORD_TOO_LONG": _l(
        "The password has %(length)s characters. It may have %(longest)s at most."
    ),
    "PASSWORD_TOO_COMMON": _l(
        "Many people use this password, so it is easy to guess. Choose another."
    ),
    "PASSKEY_REJECTED": _l("This passkey did not work. Try again, or sign in another way."),
    "PASSKEY_KNOWN": _l("This passkey is here already."),
    "PASSKEY_IS_SYNCED": _l(
        "For county and service desk work, the passkey must stay on one device. "
        "Use a security key or this computer."
    ),
    "DEVICE_NOT_PROVED": _l("Sign in again on this device first."),
    "DEVICE_KEY_UNUSABLE": _l("The key of this device cannot be used. Load the page again."),
    "FROZEN": _l(
        "This account is closed for now, because somebody said of a change: this was not me. "
        "To open it again, call the service desk, or choose “Forgot your username or password?”."
    ),
    "NO_APP": _l("This account has no authenticator app. Choose another way."),
    "APP_EXISTS": _l("You have an authenticator app already. Remove it before you add another."),
    "APP_EXPIRED": _l("This page was open for too long. Load it again to get a new picture."),
    "APP_CODE_WRONG": _l(
        "This is not the code that the app shows now. Type the six digits that it shows."
    ),
    "APP_CODE_USED": _l("This code was used. Wait until the app shows the next one."),
    "APP_LOCKED": _l(
        "There were too many wrong codes. The app is locked until %(until_at)s. "
        "You can choose another way now."
    ),
    "APP_OFF": _l(
        "There were very many wrong codes, so the app is switched off. Choose another way. "
        "Then remove the app from your account and add it again."
    ),
    "RECOVERY_CODE_WRONG": _l(
        "This is no recovery code of yours, or it was used. Look at the newest sheet that you printed."
    ),
    "NOT_ME_TOO_OLD": _l("This link is too old. Call the service desk, and we close the account."),
    "NOTICE_PASSWORD_CHANGED": _l("Your password was changed."),
    "NOTICE_APP_ADDED": _l("An authenticator app was added to your account."),
    "NOTICE_APP_REMOVED": _l("The authenticator app was removed from your account."),
    "NOTICE_APP_GUESSED": _l(
        "Somebody typed your password right, and then many wrong codes of your authenticator app. "
        "If this was not you, choose a new password."
    ),
    "NOTICE_KIT_MADE": _l("New recovery codes were made for your account."),
    "NOTICE_RECOVERY_CODE_USED": _l(
        "A recovery code of your account was used. You have %(left)s left."
    ),
    "NOTICE_ACCOUNT_FROZEN": _l("Your account was closed for a while: somebody said “not me”."),
    "NOTICE_ACCOUNT_LOCKED": _l(
        "Your password was locked after too many wrong tries. "
        "If this was not you, call the service desk."
    ),
    "NOTICE_PASSKEY_ADDED": _l(
        "The passkey “%(passkey)s” was added. If this was not you, call the service desk."
    ),
    "NOTICE_PASSKEY_REMOVED": _l(
        "The passkey “%(passkey)s” was removed. If this was not you, call the service desk."
    ),
}
