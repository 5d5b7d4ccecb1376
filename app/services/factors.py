"""With what can an account prove itself, and how does its owner change that?

A password, an authenticator app and a printed kit of recovery codes; passkeys have their own module.
Whatever changes ends every other session and is told at every address (services.alarms).
"""

import secrets as random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session as Database

from app.domain import sign_in as rules
from app.domain.outcomes import Refused
from app.gateways import authenticator_apps, common_passwords, passwords
from app.models.accounts import Account, Passkey
from app.models.factors import AuthenticatorApp, RecoveryCode, SecurityAnswer
from app.models.sealed import fingerprint
from app.services import alarms, audit, claimants, sessions
from app.services.claimants import Claimant

# Crockford's base 32: no letter is taken for a digit, so a code can be read out by telephone.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
READ_AS = str.maketrans("OIL", "011")
GROUPS, LETTERS = 4, 4  # 16 letters of 5 bits: 80 bits, where NIST asks for 64
SECRET_IS_SHOWN_FOR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Ways:
    """With what an account can prove itself now; `email` and `phone` only where they are confirmed."""

    has_password: bool
    passkeys: int
    has_app: bool
    email: str | None
    phone: str | None
    kit_codes: int  # not used yet
    questions: int

    @property
    def has_another_factor(self) -> bool:
        """Whether a password need not stand alone: there is an authenticator app or a passkey."""
        return self.has_app or self.passkeys > 0


@dataclass(frozen=True, slots=True)
class AppToAdd:
    """What an authenticator app must be told: as an address for a QR code, or typed by hand."""

    secret: str
    address: str


def ways_of(database: Database, account: Account) -> Ways:
    """Every way that is open to the account."""
    counted = select(
        select(func.count()).where(Passkey.account_id == account.id).scalar_subquery(),
        select(func.count()).where(_is_app_of(account)).scalar_subquery(),
        select(func.count()).where(_is_open_code_of(account)).scalar_subquery(),
        select(func.count()).where(SecurityAnswer.account_id == account.id).scalar_subquery(),
    )
    passkeys, apps, kit_codes, questions = database.execute(counted).one()
    return Ways(
        has_password=account.password_hash is not None,
        passkeys=passkeys,
        has_app=apps > 0,
        email=account.email if account.email_confirmed_at else None,
        phone=account.phone if account.phone_confirmed_at else None,
        kit_codes=kit_codes,
        questions=questions,
    )


def words_about(account: Account) -> list[str]:
    """What somebody who knows the owner would try as her password."""
    return [account.username, account.email, account.person.full_name]


def set_password(
    database: Database,
    account: Account,
    new: str,
    *,
    by: Account,
    at: datetime,
    but: int | None = None,
) -> None:
    """Give the account this password; all sessions end but the one with the id `but`. Commits.

    Refused with PASSWORD_TOO_SHORT, PASSWORD_TOO_LONG or PASSWORD_TOO_COMMON. Raises TooBusy.
    """
    has_another = ways_of(database, account).has_another_factor
    hashed = hash_new_password(account, new, has_another_factor=has_another, at=at)
    claimants.forgive(database, account)  # the wrong tries were of another password
    keep_password(account, new, hashed, at=at)
    _change(database, account, "password:change", "PASSWORD_CHANGED", {}, but=but, by=by, at=at)


def hash_new_password(account: Account, new: str, *, has_another_factor: bool, at: datetime) -> str:
    """What is kept of a new password, once it is found good. Refused and raises as set_password."""
    rules.check_password(
        new,
        has_another_factor=has_another_factor,
        is_common=common_passwords.is_common(new, words_about(account)),
        at=at,
    )
    return passwords.hash_password(new)


def keep_password(account: Account, new: str, hashed: str, *, at: datetime) -> None:
    """Let the account have a password that `hash_new_password` found good; never commits."""
    account.password_hash = hashed
    account.password_changed_at = at
    account.password_is_short = rules.is_short(new, at)


def check_may_lose_factor(database: Database, account: Account, *, at: datetime) -> None:
    """Refuses to take the last one away beside a short password: PASSWORD_TOO_SHORT_ALONE."""
    ways = ways_of(database, account)
    rules.check_may_stand_alone(
        is_short=ways.has_password and account.password_is_short,
        has_another_factor=ways.passkeys + ways.has_app > 1,
        at=at,
    )


def begin_app(database: Database, account: Account, *, at: datetime) -> AppToAdd:
    """A secret for an authenticator app, the same for an hour until a code confirms it; commits.

    Refused with APP_EXISTS: an account has one app, and the old one is removed first.
    """
    app = database.scalar(select(AuthenticatorApp).where(_belongs_to(account)))
    if app is not None and app.confirmed_at is not None:
        raise Refused("APP_EXISTS")
    if app is None or at >= app.created_at + SECRET_IS_SHOWN_FOR:
        database.execute(delete(AuthenticatorApp).where(_belongs_to(account)))
        secret = authenticator_apps.new_secret()
        app = AuthenticatorApp(account_id=account.id, secret=secret, created_at=at)
        database.add(app)
        database.commit()
    return AppToAdd(app.secret, authenticator_apps.address(app.secret, account.username))


def confirm_app(
    database: Database,
    account: Account,
    typed: str,
    *,
    by: Account,
    at: datetime,
    but: int | None = None,
) -> None:
    """The app shows the right code, so it counts from now on; other sessions end. Commits.

    Refused with APP_CODE_WRONG, or APP_EXPIRED when its secret was shown too long ago.
    """
    app = _lock_app(database, account)
    if app is None or app.confirmed_at or at >= app.created_at + SECRET_IS_SHOWN_FOR:
        raise Refused("APP_EXPIRED")
    step = authenticator_apps.step_of(app.secret, typed, at=at)
    if step is None:
        raise Refused("APP_CODE_WRONG")
    app.confirmed_at = at
    app.last_step = step
    _change(database, account, "app:add", "APP_ADDED", {}, but=but, by=by, at=at)


def check_app(database: Database, account: Account, typed: str, *, at: datetime) -> None:
    """The code that the app shows just now, once; any lock is lifted. Commits.

    Refused with APP_CODE_WRONG, APP_CODE_USED, NO_APP, or after failures in a row with APP_LOCKED
    (until_at, retry_after) and at last APP_OFF. A wrong try counts although it is refused: they end
    only with a right code, for whoever types them knows the password already.
    """
    app = _lock_app(database, account)
    if app is None or app.confirmed_at is None:
        raise Refused("NO_APP")
    rules.check_app_open(app.failures_in_a_row, app.failed_at, at)
    step = authenticator_apps.step_of(app.secret, typed, at=at)
    if step is None:
        _count_failure(database, account, app, at)
        raise Refused("APP_CODE_WRONG")
    if app.last_step is not None and step <= app.last_step:
        raise Refused("APP_CODE_USED")
    app.last_step = step
    app.used_at = at
    app.failures_in_a_row = 0
    claimants.forgive(database, account)
    database.commit()


def remove_app(
    database: Database, account: Account, *, by: Account, at: datetime, but: int | None = None
) -> None:
    """The app opens nothing any more; other sessions end. Commits.

    Refused with NO_APP, or PASSWORD_TOO_SHORT_ALONE where it is the last beside a short password.
    """
    app = _lock_app(database, account)
    if app is None or app.confirmed_at is None:
        raise Refused("NO_APP")
    check_may_lose_factor(database, account, at=at)
    database.delete(app)
    _change(database, account, "app:remove", "APP_REMOVED", {}, but=but, by=by, at=at)


def make_kit(
    database: Database, account: Account, *, by: Account, at: datetime, but: int | None = None
) -> list[str]:
    """New recovery codes, to be shown once and printed; the older ones work no more. Commits."""
    kit = [_new_code() for _ in range(rules.kit_size(at))]
    database.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account.id))
    database.add_all(
        RecoveryCode(account_id=account.id, code_hash=_code_hash(account.id, code), made_at=at)
        for code in kit
    )
    _change(database, account, "kit:make", "KIT_MADE", {}, but=but, by=by, at=at)
    return kit


def use_recovery_code(database: Database, claimed: Claimant, typed: str, *, at: datetime) -> None:
    """One code of the printed kit, however it is written; used up, and any lock is lifted. Commits.

    Refused with RECOVERY_CODE_WRONG: never issued, used, replaced, or of somebody else. Nobody
    guesses 80 bits, so tries are only counted by the page.
    """
    is_account = isinstance(claimed, Account)
    used = database.scalar(
        update(RecoveryCode)
        .where(
            RecoveryCode.account_id == (claimed.id if is_account else None),
            RecoveryCode.code_hash == _code_hash(claimed.id, typed),
            RecoveryCode.used_at.is_(None),
        )
        .values(used_at=at)
        .returning(RecoveryCode.id)
    )
    if used is None or not isinstance(claimed, Account):
        raise Refused("RECOVERY_CODE_WRONG")
    claimants.forgive(database, claimed)
    facts = {"left": ways_of(database, claimed).kit_codes}
    alarms.tell_of_change(database, claimed, "RECOVERY_CODE_USED", facts, at=at)
    audit.record(database, "kit:use", f"account:{claimed.id}", by=claimed, at=at, facts=facts)
    database.commit()


def _change(
    database: Database,
    account: Account,
    action: str,
    code: str,
    facts: Mapping[str, Any],
    *,
    but: int | None,
    by: Account,
    at: datetime,
) -> None:
    """Whoever else is signed in must prove herself anew, and every address hears of it; commits."""
    sessions.end_all_of(database, account, at=at, but=but)
    alarms.tell_of_change(database, account, code, facts, at=at)
    audit.record(database, action, f"account:{account.id}", by=by, at=at, facts=facts)
    database.commit()


def _count_failure(
    database: Database, account: Account, app: AuthenticatorApp, at: datetime
) -> None:
    app.failures_in_a_row += 1
    app.failed_at = at
    if rules.is_first_lock(app.failures_in_a_row, at):
        audit.record(database, "app:lock", f"account:{account.id}", by=account, at=at)
        alarms.tell_of_change(database, account, "APP_GUESSED", {}, at=at)
    database.commit()


def _lock_app(database: Database, account: Account) -> AuthenticatorApp | None:
    """Read it anew and let nobody else change it until the commit."""
    return database.scalar(
        select(AuthenticatorApp)
        .where(_belongs_to(account))
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def _new_code() -> str:
    letters = "".join(random.choice(ALPHABET) for _ in range(GROUPS * LETTERS))
    return "-".join(letters[at : at + LETTERS] for at in range(0, len(letters), LETTERS))


def _code_hash(account_id: int, typed: str) -> str:
    """What is kept of a code: keyed by a secret outside the database, and bound to its owner."""
    letters = "".join(letter for letter in typed.upper().translate(READ_AS) if letter in ALPHABET)
    return fingerprint(f"{account_id}:{letters}", kind="recovery code")


def _belongs_to(account: Account) -> Any:
    return AuthenticatorApp.account_id == account.id


def _is_app_of(account: Account) -> Any:
    return _belongs_to(account) & AuthenticatorApp.confirmed_at.is_not(None)


def _is_open_code_of(account: Account) -> Any:
    return (RecoveryCode.account_id == account.id) & RecoveryCode.used_at.is_(None)
