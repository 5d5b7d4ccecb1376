"""How many may do something slow at the same time, so that the rest of the portal goes on?"""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore


class TooBusy(Exception):  # noqa: N818 — nothing is wrong; the caller should try again shortly.
    """So many wait for a turn that one more would hold up everybody else."""

    retry_after = 2  # seconds


class Turns:
    """So many work at once, a few more wait, and the rest are told to come back.

    Whoever waits holds a thread of the web server, so an endless queue would be no bound at all.
    """

    def __init__(self, at_once: int, *, may_wait: int) -> None:
        self._working = BoundedSemaphore(at_once)
        self._inside = BoundedSemaphore(at_once + may_wait)

    @contextmanager
    def one(self) -> Iterator[None]:
        """Take a turn, waiting for it if need be; raises TooBusy when too many wait already."""
        if not self._inside.acquire(blocking=False):
            raise TooBusy
        try:
            with self._working:
                yield
        finally:
            self._inside.release()
