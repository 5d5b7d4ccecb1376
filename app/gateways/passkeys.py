"""Is this answer of an authenticator genuine? WebAuthn Level 3, sections 7.1 and 7.2, by py_webauthn.

What that library leaves out (cross-origin use, the backup flags over a passkey's life, whose passkey
it is) is checked here, and what it does check is looked at first so that each refusal has a name.
"""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar
from urllib.parse import urlsplit

import webauthn
from webauthn.helpers import (
    base64url_to_bytes,
    decode_credential_public_key,
    options_to_json_dict,
    parse_attestation_object,
    parse_authenticator_data,
)
from webauthn.helpers.cose import COSEAlgorithmIdentifier
from webauthn.helpers.structs import (
    AuthenticatorData,
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

Credential = Mapping[str, Any]  # what the browser's JSON says; nothing in it is to be trusted
Answer = TypeVar("Answer")

ALGORITHMS = [
    COSEAlgorithmIdentifier.ECDSA_SHA_256,
    COSEAlgorithmIdentifier.EDDSA,
    COSEAlgorithmIdentifier.RSASSA_PKCS1_v1_5_SHA_256,  # older Windows Hello knows no other
]
LONGEST_CREDENTIAL_ID = 1023  # bytes, WebAuthn Level 3, 7.1 step 25
TIMEOUT = 5 * 60 * 1000  # milliseconds that a browser should leave a person


class Reason(StrEnum):
    """Why an answer was rejected: for the audit trail and the tests, never for the page."""

    MALFORMED = "malformed"
    TYPE = "type"
    CHALLENGE = "challenge"
    ORIGIN = "origin"
    CROSS_ORIGIN = "cross-origin"
    RELYING_PARTY = "relying-party"
    USER_PRESENCE = "user-presence"
    USER_VERIFICATION = "user-verification"
    BACKUP_STATE = "backup-state"
    BACKUP_ELIGIBILITY = "backup-eligibility"
    ALGORITHM = "algorithm"
    CREDENTIAL_ID = "credential-id"
    UNKNOWN = "unknown-passkey"
    USER_HANDLE = "user-handle"
    SIGNATURE = "signature"


class Rejected(Exception):  # noqa: N818 — the passkey was rejected; nothing went wrong here.
    """The answer of the authenticator does not hold."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class RelyingParty:
    """Who asks: the domain that passkeys are bound to, and the origin they may be used from."""

    id: str
    origin: str

    @classmethod
    def at(cls, public_url: str) -> "RelyingParty":
        """
        >>> RelyingParty.at("http://localhost:8000")
        RelyingParty(id='localhost', origin='http://localhost:8000')
        """
        return cls(id=urlsplit(public_url).hostname or "", origin=public_url.rstrip("/"))


@dataclass(frozen=True)
class NewPasskey:
    """What is to be kept of a passkey that was just made."""

    credential_id: bytes
    public_key: bytes
    sign_count: int
    backup_eligible: bool
    backed_up: bool


@dataclass(frozen=True)
class KnownPasskey:
    """What was kept of it, and is needed to check its use."""

    public_key: bytes
    user_handle: bytes
    backup_eligible: bool


@dataclass(frozen=True)
class Use:
    """What a genuine use of a passkey said of it."""

    sign_count: int
    backed_up: bool


def registration_options(
    party: RelyingParty,
    *,
    challenge: bytes,
    user_handle: bytes,
    user_name: str,
    display_name: str,
    known: Sequence[bytes],
) -> dict[str, Any]:
    """What `navigator.credentials.create` is asked for; `known` are credential ids that exist."""
    options = webauthn.generate_registration_options(
        rp_id=party.id,
        rp_name="CareHours",
        challenge=challenge,
        user_id=user_handle,
        user_name=user_name,
        user_display_name=display_name,
        timeout=TIMEOUT,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=[PublicKeyCredentialDescriptor(id=each) for each in known],
        supported_pub_key_algs=ALGORITHMS,
    )
    return options_to_json_dict(options)


def sign_in_options(
    party: RelyingParty, *, challenge: bytes, known: Sequence[bytes] = ()
) -> dict[str, Any]:
    """What `navigator.credentials.get` is asked for: any passkey that the person has for us, or one
    of those whose credential ids are `known`.
    """
    options = webauthn.generate_authentication_options(
        rp_id=party.id,
        challenge=challenge,
        timeout=TIMEOUT,
        user_verification=UserVerificationRequirement.REQUIRED,
        allow_credentials=[PublicKeyCredentialDescriptor(id=each) for each in known],
    )
    return options_to_json_dict(options)


def challenge_of(credential: Credential) -> bytes:
    """The challenge that an answer says it answers, so that it can be used up; raises Rejected."""
    return _read(lambda: base64url_to_bytes(_client_data(credential)["challenge"]))


def credential_id_of(credential: Credential) -> bytes:
    """Which passkey an answer says it comes from; raises Rejected."""
    return _read(lambda: base64url_to_bytes(credential["rawId"]))


def verify_registration(
    credential: Credential, *, challenge: bytes, party: RelyingParty
) -> NewPasskey:
    """The passkey that was made for us, just now, by somebody who proved herself; raises Rejected."""
    _check_client_data(credential, "webauthn.create", challenge, party)
    attestation = _read(
        lambda: parse_attestation_object(
            base64url_to_bytes(credential["response"]["attestationObject"])
        )
    )
    _check_authenticator_data(attestation.auth_data, party)
    made = attestation.auth_data.attested_credential_data
    if made is None:
        raise Rejected(Reason.MALFORMED)
    if (
        _read(lambda: decode_credential_public_key(made.credential_public_key)).alg
        not in ALGORITHMS
    ):
        raise Rejected(Reason.ALGORITHM)
    if not 0 < len(made.credential_id) <= LONGEST_CREDENTIAL_ID:
        raise Rejected(Reason.CREDENTIAL_ID)
    _read(
        lambda: webauthn.verify_registration_response(
            credential=dict(credential),
            expected_challenge=challenge,
            expected_rp_id=party.id,
            expected_origin=party.origin,
            require_user_verification=True,
            supported_pub_key_algs=ALGORITHMS,
        ),
        otherwise=Reason.SIGNATURE,
    )
    flags = attestation.auth_data.flags
    return NewPasskey(
        credential_id=made.credential_id,
        public_key=made.credential_public_key,
        sign_count=attestation.auth_data.sign_count,
        backup_eligible=flags.be,
        backed_up=flags.bs,
    )


def verify_sign_in(
    credential: Credential, *, challenge: bytes, party: RelyingParty, known: KnownPasskey
) -> Use:
    """That the known passkey was used for us, just now, by its owner; raises Rejected.

    The counter is not judged here: a copy of a passkey is a reason to look, not to lock out.
    """
    _check_client_data(credential, "webauthn.get", challenge, party)
    said = _read(
        lambda: parse_authenticator_data(
            base64url_to_bytes(credential["response"]["authenticatorData"])
        )
    )
    _check_authenticator_data(said, party)
    if said.flags.be != known.backup_eligible:
        raise Rejected(Reason.BACKUP_ELIGIBILITY)
    handle = _read(lambda: base64url_to_bytes(credential["response"]["userHandle"] or ""))
    if handle != known.user_handle:
        raise Rejected(Reason.USER_HANDLE)
    _read(
        lambda: webauthn.verify_authentication_response(
            credential=dict(credential),
            expected_challenge=challenge,
            expected_rp_id=party.id,
            expected_origin=party.origin,
            credential_public_key=known.public_key,
            credential_current_sign_count=0,
            require_user_verification=True,
        ),
        otherwise=Reason.SIGNATURE,
    )
    return Use(sign_count=said.sign_count, backed_up=said.flags.bs)


def _check_client_data(
    credential: Credential, kind: str, challenge: bytes, party: RelyingParty
) -> None:
    """What the browser says that it did, for whom, and where."""
    said = _client_data(credential)
    if said.get("type") != kind:
        raise Rejected(Reason.TYPE)
    if challenge_of(credential) != challenge:
        raise Rejected(Reason.CHALLENGE)
    if said.get("crossOrigin", False) is not False or "topOrigin" in said:
        raise Rejected(Reason.CROSS_ORIGIN)
    if said.get("origin") != party.origin:
        raise Rejected(Reason.ORIGIN)


def _check_authenticator_data(said: AuthenticatorData, party: RelyingParty) -> None:
    """What the authenticator says about the domain, the person and itself."""
    if said.rp_id_hash != hashlib.sha256(party.id.encode()).digest():
        raise Rejected(Reason.RELYING_PARTY)
    if not said.flags.up:
        raise Rejected(Reason.USER_PRESENCE)
    if not said.flags.uv:
        raise Rejected(Reason.USER_VERIFICATION)
    if said.flags.bs and not said.flags.be:
        raise Rejected(Reason.BACKUP_STATE)


def _client_data(credential: Credential) -> dict[str, Any]:
    said = _read(lambda: json.loads(base64url_to_bytes(credential["response"]["clientDataJSON"])))
    if not isinstance(said, dict):
        raise Rejected(Reason.MALFORMED)
    return said


def _read(step: Callable[[], Answer], otherwise: Reason = Reason.MALFORMED) -> Answer:
    """Do one step with what a stranger sent: whatever it raises is the stranger's doing."""
    try:
        return step()
    except Rejected:
        raise
    except Exception as error:
        raise Rejected(otherwise) from error
