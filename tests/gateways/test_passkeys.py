"""Each check of a passkey's answer (WebAuthn Level 3, 7.1 and 7.2), each with an answer that fails it."""

from collections.abc import Callable
from typing import Any

import cbor2
import pytest

from app.gateways import passkeys
from app.gateways.passkeys import KnownPasskey, Reason, Rejected, RelyingParty
from soft_authenticator import (
    BACKED_UP,
    BACKUP_ELIGIBLE,
    RS1,
    USER_PRESENT,
    USER_VERIFIED,
    SoftAuthenticator,
    b64url,
)

HERE = RelyingParty.at("http://localhost")
CHALLENGE = bytes(range(32))
Bend = Callable[[SoftAuthenticator], object]


def bend(**changes: Any) -> Bend:
    """An authenticator with some fields changed."""

    def change(phone: SoftAuthenticator) -> None:
        for name, value in changes.items():
            setattr(phone, name, value)

    return change


# Bent answers that both ceremonies must reject, with the name of the check that does.
BENT = [
    pytest.param(bend(client_data={"type": "webauthn.other"}), Reason.TYPE, id="another ceremony"),
    pytest.param(
        bend(client_data={"challenge": b64url(b"another")}), Reason.CHALLENGE, id="challenge"
    ),
    pytest.param(bend(origin="http://localhost:8000"), Reason.ORIGIN, id="another port"),
    pytest.param(bend(origin="https://localhost"), Reason.ORIGIN, id="another scheme"),
    pytest.param(
        bend(origin="http://localhost.evil.example"), Reason.ORIGIN, id="an origin like ours"
    ),
    pytest.param(bend(origin="http://phone.localhost"), Reason.ORIGIN, id="a host below ours"),
    pytest.param(bend(origin="http://127.0.0.1"), Reason.ORIGIN, id="the same machine by number"),
    pytest.param(bend(origin="http://localhost/"), Reason.ORIGIN, id="an origin with a path"),
    pytest.param(bend(origin="null"), Reason.ORIGIN, id="an origin that hides itself"),
    pytest.param(bend(client_data={"origin": None}), Reason.ORIGIN, id="no origin"),
    pytest.param(bend(client_data={"origin": ["http://localhost"]}), Reason.ORIGIN, id="a list"),
    pytest.param(
        bend(client_data={"crossOrigin": "false"}), Reason.CROSS_ORIGIN, id="framed by a word"
    ),
    pytest.param(bend(client_data={"crossOrigin": True}), Reason.CROSS_ORIGIN, id="in a frame"),
    pytest.param(
        bend(client_data={"topOrigin": "https://evil.example"}), Reason.CROSS_ORIGIN, id="framed by"
    ),
    pytest.param(bend(rp_id="evil.example"), Reason.RELYING_PARTY, id="another domain"),
    pytest.param(bend(flags=USER_VERIFIED), Reason.USER_PRESENCE, id="nobody there"),
    pytest.param(bend(flags=USER_PRESENT), Reason.USER_VERIFICATION, id="nobody verified"),
    pytest.param(
        bend(flags=USER_PRESENT | USER_VERIFIED | BACKED_UP),
        Reason.BACKUP_STATE,
        id="backed up though it cannot be",
    ),
]


def register(phone: SoftAuthenticator, **how: Any) -> dict[str, Any]:
    options = passkeys.registration_options(
        HERE, challenge=CHALLENGE, user_handle=b"ana", user_name="ana", display_name="Ana", known=[]
    )
    return phone.register(options, **how)


def sign_in(phone: SoftAuthenticator) -> dict[str, Any]:
    return phone.sign_in(passkeys.sign_in_options(HERE, challenge=CHALLENGE))


def known(phone: SoftAuthenticator, **changes: Any) -> KnownPasskey:
    made = passkeys.verify_registration(register(phone), challenge=CHALLENGE, party=HERE)
    facts = {
        "public_key": made.public_key,
        "user_handle": b"ana",
        "backup_eligible": made.backup_eligible,
    }
    return KnownPasskey(**facts | changes)


def rejected(verify: Callable[[], object]) -> Reason:
    with pytest.raises(Rejected) as error:
        verify()
    return error.value.reason


def test_a_passkey_that_was_made_properly_is_kept() -> None:
    phone = SoftAuthenticator(flags=USER_PRESENT | USER_VERIFIED | BACKUP_ELIGIBLE | BACKED_UP)

    made = passkeys.verify_registration(register(phone), challenge=CHALLENGE, party=HERE)

    assert made.credential_id == phone.credential_id
    assert (made.sign_count, made.backup_eligible, made.backed_up) == (0, True, True)


@pytest.mark.parametrize(("bent", "reason"), BENT)
def test_a_passkey_that_was_not_made_for_us_here_and_now_is_rejected(
    bent: Bend, reason: Reason
) -> None:
    phone = SoftAuthenticator()
    bent(phone)
    answer = register(phone)
    assert (
        rejected(lambda: passkeys.verify_registration(answer, challenge=CHALLENGE, party=HERE))
        is reason
    )


def test_a_key_of_an_algorithm_that_we_do_not_allow_is_rejected() -> None:
    answer = register(SoftAuthenticator(), algorithm=RS1)
    assert (
        rejected(lambda: passkeys.verify_registration(answer, challenge=CHALLENGE, party=HERE))
        is Reason.ALGORITHM
    )


@pytest.mark.parametrize("length", [0, 1024])
def test_a_credential_id_of_an_impossible_length_is_rejected(length: int) -> None:
    answer = register(SoftAuthenticator(credential_id=bytes(length)))
    assert (
        rejected(lambda: passkeys.verify_registration(answer, challenge=CHALLENGE, party=HERE))
        is Reason.CREDENTIAL_ID
    )


def test_an_assertion_does_not_pass_for_a_new_passkey() -> None:
    phone = SoftAuthenticator()
    register(phone)
    answer = sign_in(phone)
    assert (
        rejected(lambda: passkeys.verify_registration(answer, challenge=CHALLENGE, party=HERE))
        is Reason.TYPE
    )


def test_a_passkey_that_is_used_properly_opens_the_door() -> None:
    phone = SoftAuthenticator()
    kept = known(phone)

    use = passkeys.verify_sign_in(sign_in(phone), challenge=CHALLENGE, party=HERE, known=kept)

    assert (use.sign_count, use.backed_up) == (1, False)


@pytest.mark.parametrize(("bent", "reason"), BENT)
def test_a_use_that_was_not_for_us_here_and_now_is_rejected(bent: Bend, reason: Reason) -> None:
    phone = SoftAuthenticator()
    kept = known(phone)
    bent(phone)
    answer = sign_in(phone)
    assert (
        rejected(
            lambda: passkeys.verify_sign_in(answer, challenge=CHALLENGE, party=HERE, known=kept)
        )
        is reason
    )


def test_a_signature_of_another_key_is_rejected() -> None:
    phone, thief = SoftAuthenticator(), SoftAuthenticator()
    kept = known(phone)
    thief.credential_id, thief.user_handle = phone.credential_id, phone.user_handle
    answer = sign_in(thief)
    assert (
        rejected(
            lambda: passkeys.verify_sign_in(answer, challenge=CHALLENGE, party=HERE, known=kept)
        )
        is Reason.SIGNATURE
    )


@pytest.mark.parametrize("part", ["authenticatorData", "clientDataJSON"])
def test_what_was_changed_after_signing_is_rejected(part: str) -> None:
    phone, other = SoftAuthenticator(), SoftAuthenticator(sign_count=40)
    kept = known(phone)
    other.user_handle, other.client_data = phone.user_handle, {"extra": "field"}
    answer = sign_in(phone)
    answer["response"][part] = sign_in(other)["response"][part]
    assert (
        rejected(
            lambda: passkeys.verify_sign_in(answer, challenge=CHALLENGE, party=HERE, known=kept)
        )
        is Reason.SIGNATURE
    )


@pytest.mark.parametrize("handle", [b"rosa", b""])
def test_a_passkey_of_somebody_else_is_rejected(handle: bytes) -> None:
    phone = SoftAuthenticator()
    kept = known(phone)
    phone.user_handle = handle
    answer = sign_in(phone)
    assert (
        rejected(
            lambda: passkeys.verify_sign_in(answer, challenge=CHALLENGE, party=HERE, known=kept)
        )
        is Reason.USER_HANDLE
    )


def test_a_passkey_cannot_become_one_that_is_copied_about() -> None:
    phone = SoftAuthenticator()
    kept = known(phone)
    phone.flags |= BACKUP_ELIGIBLE
    answer = sign_in(phone)
    assert (
        rejected(
            lambda: passkeys.verify_sign_in(answer, challenge=CHALLENGE, party=HERE, known=kept)
        )
        is Reason.BACKUP_ELIGIBILITY
    )


def test_a_passkey_that_is_copied_about_cannot_become_one_that_is_not() -> None:
    phone = SoftAuthenticator(flags=SoftAuthenticator.flags | BACKUP_ELIGIBLE)
    kept = known(phone)
    phone.flags = SoftAuthenticator.flags
    answer = sign_in(phone)
    assert (
        rejected(
            lambda: passkeys.verify_sign_in(answer, challenge=CHALLENGE, party=HERE, known=kept)
        )
        is Reason.BACKUP_ELIGIBILITY
    )


@pytest.mark.parametrize("signature", ["", "AAAA", b64url(bytes(64)), b64url(bytes(72))])
def test_what_is_no_signature_is_rejected(signature: str) -> None:
    phone = SoftAuthenticator()
    kept = known(phone)
    answer = sign_in(phone)
    answer["response"]["signature"] = signature
    assert (
        rejected(
            lambda: passkeys.verify_sign_in(answer, challenge=CHALLENGE, party=HERE, known=kept)
        )
        is Reason.SIGNATURE
    )


def test_the_answer_to_another_challenge_does_not_pass_with_ours_written_over_it() -> None:
    phone = SoftAuthenticator()
    kept = known(phone)
    answer = phone.sign_in(passkeys.sign_in_options(HERE, challenge=b"another" * 4))
    answer["response"]["clientDataJSON"] = sign_in(phone)["response"]["clientDataJSON"]
    assert (
        rejected(
            lambda: passkeys.verify_sign_in(answer, challenge=CHALLENGE, party=HERE, known=kept)
        )
        is Reason.SIGNATURE
    )


@pytest.mark.parametrize("cut", [0, 36])
def test_what_the_authenticator_said_must_be_whole(cut: int) -> None:
    phone = SoftAuthenticator()
    kept = known(phone)
    answer = sign_in(phone)
    said = passkeys.base64url_to_bytes(answer["response"]["authenticatorData"])
    answer["response"]["authenticatorData"] = b64url(said[:cut])
    assert (
        rejected(
            lambda: passkeys.verify_sign_in(answer, challenge=CHALLENGE, party=HERE, known=kept)
        )
        is Reason.MALFORMED
    )


@pytest.mark.parametrize(
    "bent", [{"type": "password"}, {"rawId": b64url(b"another")}, {"id": b64url(b"another")}]
)
def test_an_answer_that_names_itself_wrongly_is_rejected(bent: dict[str, Any]) -> None:
    phone = SoftAuthenticator()
    kept = known(phone)
    made, used = register(phone) | bent, sign_in(phone) | bent
    rejected(lambda: passkeys.verify_registration(made, challenge=CHALLENGE, party=HERE))
    rejected(lambda: passkeys.verify_sign_in(used, challenge=CHALLENGE, party=HERE, known=kept))


def test_an_attestation_of_none_says_nothing_more() -> None:
    phone = SoftAuthenticator()
    answer = register(phone)
    said = cbor2.loads(passkeys.base64url_to_bytes(answer["response"]["attestationObject"]))
    said["attStmt"] = {"sig": b"of somebody"}
    answer["response"]["attestationObject"] = b64url(cbor2.dumps(said))
    assert (
        rejected(lambda: passkeys.verify_registration(answer, challenge=CHALLENGE, party=HERE))
        is Reason.SIGNATURE
    )


@pytest.mark.parametrize(
    "nonsense",
    [
        {},
        {"rawId": 7, "response": None},
        {"rawId": "", "response": {"clientDataJSON": b64url(b"[1]"), "authenticatorData": "AA"}},
        {"rawId": "", "response": {"clientDataJSON": b64url(b"{}")}},
        {"response": {"clientDataJSON": "\N{SNOWMAN}"}},
    ],
)
def test_nonsense_is_rejected_like_any_other_answer(nonsense: dict[str, Any]) -> None:
    kept = KnownPasskey(public_key=b"", user_handle=b"", backup_eligible=False)
    rejected(lambda: passkeys.verify_registration(nonsense, challenge=CHALLENGE, party=HERE))
    rejected(lambda: passkeys.verify_sign_in(nonsense, challenge=CHALLENGE, party=HERE, known=kept))
    rejected(lambda: passkeys.challenge_of(nonsense))


def test_people_must_prove_themselves_to_the_authenticator() -> None:
    options = passkeys.sign_in_options(HERE, challenge=CHALLENGE)
    assert options["userVerification"] == "required"
    assert options["rpId"] == "localhost"
