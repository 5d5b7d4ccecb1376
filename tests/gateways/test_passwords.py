"""Passwords match or do not, whoever they are of."""

import pytest

from app.gateways import passwords
from app.gateways.turns import TooBusy, Turns

PASSWORD = "correct horse battery staple"
pytestmark = pytest.mark.usefixtures("strong_hashing")


def test_only_the_password_itself_matches() -> None:
    kept = passwords.hash_password(PASSWORD)
    assert passwords.verify(kept, PASSWORD)
    assert not passwords.verify(kept, PASSWORD + " ")
    assert not passwords.verify(kept, "")


def test_nobodys_password_never_matches() -> None:
    assert not passwords.verify(None, PASSWORD)
    assert not passwords.verify(None, "the password of nobody")
    assert not passwords.verify("not a hash", PASSWORD)


def test_a_letter_that_can_be_typed_in_two_ways_is_one() -> None:
    kept = passwords.hash_password("caf\N{LATIN SMALL LETTER E WITH ACUTE} con leche todo el día")
    assert passwords.verify(kept, "cafe\N{COMBINING ACUTE ACCENT} con leche todo el día")


def test_hashes_have_the_parameters_that_owasp_asks_for() -> None:
    kept = passwords.hash_password(PASSWORD)
    assert kept.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert not passwords.needs_rehash(kept)
    assert passwords.needs_rehash(kept.replace("t=2", "t=1"))


def test_two_hashes_of_one_password_differ() -> None:
    assert passwords.hash_password(PASSWORD) != passwords.hash_password(PASSWORD)


def test_a_storm_of_passwords_is_turned_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "_turns", Turns(1, may_wait=0))
    with passwords._turns.one(), pytest.raises(TooBusy):
        passwords.verify(None, PASSWORD)
