"""Passwords match or do not, whoever they are of, and a storm of them leaves room for others."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event, Semaphore
from time import sleep

import pytest

from app.gateways import passwords

PASSWORD = "correct horse battery staple"


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


class Slow:
    """A hasher that finishes when it is told to."""

    def __init__(self) -> None:
        self.working = Semaphore(0)
        self.finish = Event()

    def hash(self, text: str) -> str:
        self.working.release()
        self.finish.wait(timeout=10)
        return f"hash of {text}"


def test_a_storm_is_turned_away_beyond_those_who_work_and_wait(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Two hash, four wait, and the seventh is told at once: it holds no thread of the server."""
    slow = Slow()
    monkeypatch.setattr(passwords, "_turns", passwords._Turns(2))
    monkeypatch.setattr(passwords, "_hasher", slow)
    with ThreadPoolExecutor(6) as people:
        inside = [people.submit(passwords.hash_password, PASSWORD) for _ in range(6)]
        assert slow.working.acquire(timeout=10)
        assert slow.working.acquire(timeout=10)
        while passwords._turns._inside._value:
            sleep(0.001)

        with pytest.raises(passwords.TooBusy):
            passwords.hash_password(PASSWORD)

        assert not slow.working.acquire(blocking=False)
        slow.finish.set()
    assert {each.result() for each in inside} == {f"hash of {PASSWORD}"}
