"""Whose passkey is this, is it used as it should be, and how does an account get another one?"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, bindparam, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import lazyload

from app.domain.outcomes import Refused
from app.domain.permissions import Role
from app.gateways import passkeys as webauthn
from app.gateways.passkeys import KnownPasskey, Reason, Rejected, RelyingParty, Use
from app.gateways.secrets import Secrets
from app.models.accounts import Account, Passkey
from app.models.prepared import Prepared
from app.services import alarms, audit, claimants, factors, passkey_challenges, sessions

# Built once, for every sign-in by passkey passes here.
_PASSKEY = cast(Table, Passkey.__table__)
_BY_CREDENTIAL = Prepared(
    select(_PASSKEY).where(_PASSKEY.c.credential_id == bindparam("credential_id"))
)
_NOTE_USE = Prepared(
    update(_PASSKEY)
    .where(_PASSKEY.c.id == bindparam("passkey_id"), _PASSKEY.c.sign_count == bindparam("seen"))
    .returning(_PASSKEY.c.id),
    sets=("sign_count", "backed_up", "used_at", "flagged_at", "passkey_id", "seen"),
)
LONGEST_NAME = 60
STAFF = frozenset({Role.COUNTY_WORKER, Role.SERVICE_DESK})


@dataclass(frozen=True, slots=True)
class Used:
    """A passkey that answered as it should: whose it is, and since when."""

    owner: Account
    made_at: datetime


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
    database.commit()


def sign_in_with(
    database: Database, credential: Mapping[str, Any], *, party: RelyingParty, at: datetime
) -> Account:
    """The account whose passkey answered. Refused with PASSKEY_REJECTED.

    Commits only where it refuses: what it says is for the session that begins in the same
    transaction (`sign_in.start_session`), and without that session nothing was used.
    """
    return _check_use(database, credential, "sign_in", None, party=party, at=at).owner


def begin_recovery(database: Database, *, party: RelyingParty, at: datetime) -> dict[str, Any]:
    """The same on a way back, which may be that of a name that nobody has."""
    challenge = passkey_challenges.issue(database, "recover", None, at=at)
    return webauthn.sign_in_options(party, challenge=challenge)


def recover_with(
    database: Database, credential: Mapping[str, Any], *, party: RelyingParty, at: datetime
) -> Used:
    """The passkey that answered on a way back. Refused with PASSKEY_REJECTED. Commits."""
    used = _check_use(database, credential, "recover", None, party=party, at=at)
    database.commit()
    return used


def _check_use(
    database: Database,
    credential: Mapping[str, Any],
    ceremony: str,
    account: Account | None,
    *,
    party: RelyingParty,
    at: datetime,
) -> Used:
    """Which passkey answered; where it had to be one of an account's, others are refused.

    Commits only where it refuses. A passkey whose counter does not rise may have been copied. It is
    flagged for people to look at and goes on working: some authenticators simply do not count well.
    """
    found: Any = None
    try:
        challenge = webauthn.challenge_of(credential)
        found = _find(database, webauthn.credential_id_of(credential))
        passkey_challenges.use_up(database, challenge, ceremony, account, at=at)
        if account is not None and found.account_id != account.id:
            raise Rejected(Reason.UNKNOWN)
        known = KnownPasskey(found.public_key, found.user_handle, found.backup_eligible)
        use = webauthn.verify_sign_in(credential, challenge=challenge, party=party, known=known)
        fell = _note_use(database, found, use, at)
    except Rejected as rejected:
        if found is not None:
            owner = database.get_one(Account, found.account_id)
            _put_on_record(database, "passkey:reject", rejected.reason, owner, at)
        raise Refused("PASSKEY_REJECTED") from rejected
    owner = database.get_one(Account, found.account_id, options=[lazyload(Account.person)])
    claimants.forgive(database, owner)
    if fell:
        audit.record(database, "passkey:flag", f"passkey:{found.id}", by=owner, at=at)
    return Used(owner, found.created_at)


def _note_use(database: Database, found: Any, use: Use, at: datetime) -> bool:
    """Keep counter and backup state by compare-and-swap; True when the counter had not risen.

    Goes straight to the row: an object of it that the session holds stays as it was.
    """
    while True:
        seen = found.sign_count
        fell = bool(use.sign_count or seen) and use.sign_count <= seen
        kept = {
            "sign_count": max(use.sign_count, seen), "backed_up": use.backed_up,
            "used_at": at, "flagged_at": at if fell else found.flagged_at,
        }  # fmt: skip
        if _NOTE_USE.first(database, passkey_id=found.id, seen=seen, **kept):
            return fell
        found = _find(
            database, found.credential_id
        )  # used at the same moment elsewhere: judge anew


def _find(database: Database, credential_id: bytes) -> Any:
    """The row of a passkey, as it stands now."""
    found = _BY_CREDENTIAL.first(database, credential_id=credential_id)
    if found is None:
        raise Rejected(Reason.UNKNOWN)
    return found


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
