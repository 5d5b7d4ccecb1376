"""Does a typed password match the one on file? By argon2id, a few at a time, so that a storm of
sign-ins cannot take the machine away from people who are checking in.

argon2 lets go of Python's lock while it works. It works in threads of its own, which the system lets wait
(Linux only) while anybody else has something to do: they take what processor time check-ins leave.
Parameters: OWASP Password Storage Cheat Sheet, minimum for argon2id (19 MiB, t=2, p=1), about 29 ms.
"""

import os
import sys
import threading
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from app.gateways.turns import Turns

WAITING_FOR_EACH = 2  # how many may wait for each one that is being hashed

POLITENESS = 10  # of 19, by which the system prefers all other threads

_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


_turns = Turns(2, may_wait=2 * WAITING_FOR_EACH)


def _step_back() -> None:
    if sys.platform == "linux":  # elsewhere it would make the whole process step back
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), POLITENESS)


_threads = ThreadPoolExecutor(2, "hashing", initializer=_step_back)


def allow_at_once(threads: int) -> None:
    """How many passwords this process may hash at the same time; said once, at the start."""
    global _turns, _threads
    _turns = Turns(threads, may_wait=threads * WAITING_FOR_EACH)
    _threads = ThreadPoolExecutor(threads, "hashing", initializer=_step_back)
    _nobodys()  # made now, so that the first unknown name takes no longer than the second


def hash_password(text: str) -> str:
    """The hash to keep of a password, with its salt and parameters in it; raises TooBusy."""
    with _turns.one():
        return _threads.submit(_hasher.hash, _normal(text)).result()


def verify(kept: str | None, text: str) -> bool:
    """Whether the password is the one that was hashed; raises TooBusy.

    `None`, somebody who has no password or does not exist, takes just as long and never matches.
    """
    with _turns.one():
        try:
            work = _threads.submit(_hasher.verify, kept or _nobodys(), _normal(text))
            return work.result() and kept is not None
        except (VerificationError, InvalidHashError):
            return False


def needs_rehash(kept: str) -> bool:
    """Whether the hash was made with weaker parameters than today's."""
    return _hasher.check_needs_rehash(kept)


def _normal(text: str) -> str:
    """One form of letters that can be typed in two ways, as NIST SP 800-63B-4 3.1.1.2 asks."""
    return unicodedata.normalize("NFC", text)


@cache
def _nobodys() -> str:
    return _hasher.hash("the password of nobody")
