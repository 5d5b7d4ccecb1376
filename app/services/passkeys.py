"""Whose passkey is this, is it used as it should be, and how does an account get another one?"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session as Database

from app.domain.outcomes import Refused
from app.domain.permissions import Role
from app.gateways import passkeys as webauthn
from app.gateways.passkeys import KnownPasskey, Reason, Rejected, RelyingParty, Use
from app.gateways.secrets import Secrets
from app.models.accounts import Account, Passkey
from app.services import alarms, audit, claimants, factors, passkey_challenges, sessions

# Built once, for every sign-in by passkey passes here.
_BY_CREDENTIAL = (
    select(Passkey, Account)
    .join(Account, Account.id == Passkey.account_id)
    .where(Passkey.credential_id == bindparam("credential_id"))
    .execution_options(populate_existing=True)
)
_PASSKEY = Passkey.__table__
_NOTE_USE = (
    update(_PASSKEY)  # type: ignore[arg-type]  # a table, typed as any FROM clause
    .where(_PASSKEY.c.id == bindparam("passkey_id"), _PASSKEY.c.sign_count == bindparam("seen"))
    .values(
        {name: bindparam(name) for name in ("sign_count", "backed_up", "used_at", "flagged_at")}
    )
)
LONGEST_NAME = 60
STAFF = frozenset({Role.COUNTY_WORKER, Role.SERVICE_DESK})


def begin_enrolment(
    database: Database, *, party: RelyingParty, secrets: Secrets, by: Account, at: datetime
) -> dict[str, Any]:
    """What the browser needs to make a passkey for the account; commits the challenge."""
    challenge = passkey_challenges.issue(database, "register", by, at=at)
    return webauthn.registration_options(
        party,
        challenge=challenge,
        user_handle=_handle(secrets, by),
        user_name=by.username,
        display_name=f"{by.person.first_name} {by.person.last_name}",
        known=[passkey.credential_id for passkey in passkeys_of(database, by)],
    )


def enrol(
    database: Database,
    credential: Mapping[str, Any],
    name: str,
    *,
    party: RelyingParty,
    secrets: Secrets,
    session_id: int,
    by: Account,
    at: datetime,
) -> Passkey:
    """Keep the passkey that was made, end all sessions but this one, and tell the owner; commits.

    Refused with PASSKEY_REJECTED, PASSKEY_KNOWN, or for staff PASSKEY_IS_SYNCED: a passkey that a
    cloud copies about is no key for other people's data (NIST SP 800-63B-4, AAL3).
    """
    try:
        challenge = webauthn.challenge_of(credential)
        passkey_challenges.use_up(database, challenge, "register", by, at=at)
        database.commit()
        made = webauthn.verify_registration(credential, challenge=challenge, party=party)
    except Rejected as rejected:
        _put_on_record(database, "passkey:reject", rejected.reason, by, at)
        raise Refused("PASSKEY_REJECTED") from rejected
    if made.backup_eligible and by.role in STAFF:
        raise Refused("PASSKEY_IS_SYNCED")
    passkey = Passkey(
        account_id=by.id,
        credential_id=made.credential_id,
        public_key=made.public_key,
        sign_count=made.sign_count,
        backup_eligible=made.backup_eligible,
        backed_up=made.backed_up,
        user_handle=_handle(secrets, by),
        name=_printable(name)[:LONGEST_NAME] or "Passkey",
        created_at=at,
    )
    try:
        with database.begin_nested():
            database.add(passkey)
    except IntegrityError as error:
        database.rollback()
        raise Refused("PASSKEY_KNOWN") from error
    facts = {"passkey": passkey.name}
    alarms.tell_of_change(database, by, "PASSKEY_ADDED", facts, at=at)
    _put_change_on_record(database, "passkey:add", passkey, session_id, by, at)
    return passkey


def remove(
    database: Database, passkey_id: int, *, session_id: int, by: Account, at: datetime
) -> None:
    """The passkey opens nothing any more; all sessions but this one end, the owner is told; commits.

    NoResultFound for a passkey that is not this account's. Refused with PASSWORD_TOO_SHORT_ALONE where
    it is the last beside a short password.
    """
    passkey = find_own(database, passkey_id, by)
    factors.check_may_lose_factor(database, by, at=at)
    database.delete(passkey)
    facts = {"passkey": passkey.name}
    alarms.tell_of_change(database, by, "PASSKEY_REMOVED", facts, at=at)
    _put_change_on_record(database, "passkey:remove", passkey, session_id, by, at)


def find_own(database: Database, passkey_id: int, account: Account) -> Passkey:
    """A passkey of this account; NoResultFound for any other."""
    return database.scalars(
        select(Passkey).where(Passkey.id == passkey_id, Passkey.account_id == account.id)
    ).one()


def rename(database: Database, passkey: Passkey, name: str, *, by: Account, at: datetime) -> None:
    """Call it something else, which changes nothing about what it opens; commits."""
    passkey.name = _printable(name)[:LONGEST_NAME] or passkey.name
    audit.record(database, "passkey:rename", f"passkey:{passkey.id}", by=by, at=at)
    database.commit()


def passkeys_of(database: Database, account: Account) -> list[Passkey]:
    """The passkeys of an account, the oldest first."""
    return list(
        database.scalars(
            select(Passkey).where(Passkey.account_id == account.id).order_by(Passkey.id)
        )
    )


def begin_sign_in(database: Database, *, party: RelyingParty, at: datetime) -> dict[str, Any]:
    """What the browser needs to use a passkey, whosever it turns out to be."""
    challenge = passkey_challenges.issue(database, "sign_in", None, at=at)
    return webauthn.sign_in_options(party, challenge=challenge)


def begin_step_up(
    database: Database, *, party: RelyingParty, by: Account, at: datetime
) -> dict[str, Any]:
    """What the browser needs to use one of the account's own passkeys; commits the challenge."""
    challenge = passkey_challenges.issue(database, "step_up", by, at=at)
    known = [passkey.credential_id for passkey in passkeys_of(database, by)]
    return webauthn.sign_in_options(party, challenge=challenge, known=known)


def prove_with(
    database: Database,
    credential: Mapping[str, Any],
    *,
    party: RelyingParty,
    by: Account,
    at: datetime,
) -> None:
    """One of the account's own passkeys answered, just now. Refused with PASSKEY_REJECTED. Commits."""
    _check_use(database, credential, "step_up", by, party=party, at=at)


def sign_in_with(
    database: Database, credential: Mapping[str, Any], *, party: RelyingParty, at: datetime
) -> Account:
    """The account whose passkey answered. Refused with PASSKEY_REJECTED. Commits."""
    _, owner = _check_use(database, credential, "sign_in", None, party=party, at=at)
    return owner


def begin_recovery(database: Database, *, party: RelyingParty, at: datetime) -> dict[str, Any]:
    """The same on a way back, which may be that of a name that nobody has."""
    challenge = passkey_challenges.issue(database, "recover", None, at=at)
    return webauthn.sign_in_options(party, challenge=challenge)


def recover_with(
    database: Database, credential: Mapping[str, Any], *, party: RelyingParty, at: datetime
) -> Passkey:
    """The passkey that answered on a way back. Refused with PASSKEY_REJECTED. Commits."""
    passkey, _ = _check_use(database, credential, "recover", None, party=party, at=at)
    return passkey


def _check_use(
    database: Database,
    credential: Mapping[str, Any],
    ceremony: str,
    account: Account | None,
    *,
    party: RelyingParty,
    at: datetime,
) -> tuple[Passkey, Account]:
    """Which passkey answered and whose it is; where it had to be one of an account's, others are refused.

    A passkey whose counter does not rise may have been copied. It is flagged for people to look at
    and goes on working: some authenticators simply do not count well.
    """
    owner: Account | None = None
    try:
        challenge = webauthn.challenge_of(credential)
        passkey, owner = _find(database, webauthn.credential_id_of(credential))
        passkey_challenges.use_up(database, challenge, ceremony, account, at=at)
        if account is not None and owner.id != account.id:
            raise Rejected(Reason.UNKNOWN)
        known = KnownPasskey(passkey.public_key, passkey.user_handle, passkey.backup_eligible)
        use = webauthn.verify_sign_in(credential, challenge=challenge, party=party, known=known)
    except Rejected as rejected:
        if owner is not None:
            _put_on_record(database, "passkey:reject", rejected.reason, owner, at)
        raise Refused("PASSKEY_REJECTED") from rejected
    claimants.forgive(database, owner)
    if _note_use(database, passkey, use, at):
        audit.record(database, "passkey:flag", f"passkey:{passkey.id}", by=owner, at=at)
    database.commit()
    return passkey, owner


def _note_use(database: Database, passkey: Passkey, use: Use, at: datetime) -> bool:
    """Keep counter and backup state by compare-and-swap; True when the counter had not risen."""
    while True:
        seen = passkey.sign_count
        fell = bool(use.sign_count or seen) and use.sign_count <= seen
        kept = {
            "sign_count": max(use.sign_count, seen), "backed_up": use.backed_up,
            "used_at": at, "flagged_at": at if fell else passkey.flagged_at,
        }  # fmt: skip
        swapped = database.connection().execute(
            _NOTE_USE, {"passkey_id": passkey.id, "seen": seen, **kept}
        )
        if swapped.rowcount:
            database.expire(passkey)
            return fell
        database.refresh(passkey)  # it was used at the same moment elsewhere: judge anew


def _find(database: Database, credential_id: bytes) -> tuple[Passkey, Account]:
    """A passkey and whose it is."""
    found = database.execute(_BY_CREDENTIAL, {"credential_id": credential_id}).first()
    if found is None:
        raise Rejected(Reason.UNKNOWN)
    return found.Passkey, found.Account


def _handle(secrets: Secrets, account: Account) -> bytes:
    """What an authenticator keeps as the account: always the same, and says nothing about a person."""
    return secrets.fingerprint_bytes("passkey user handle", str(account.id))


def _printable(name: str) -> str:
    return "".join(letter for letter in name if letter.isprintable()).strip()


def _put_on_record(
    database: Database, action: str, reason: Reason, account: Account, at: datetime
) -> None:
    facts = {"reason": reason.value}
    audit.record(database, action, f"account:{account.id}", by=account, at=at, facts=facts)
    database.commit()


def _put_change_on_record(
    database: Database, action: str, passkey: Passkey, session_id: int, by: Account, at: datetime
) -> None:
    """Whoever else is signed in must prove herself anew with what is left."""
    sessions.end_all_of(database, by, at=at, but=session_id)
    audit.record(database, action, f"passkey:{passkey.id}", by=by, at=at)
    database.commit()
