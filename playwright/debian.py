"""Which browser is there, and if there is none, may Debian's package of one be installed?"""

import fcntl
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path


class NoBrowser(RuntimeError):  # noqa: N818 - nothing of ours is wrong
    """There is no browser; the message says how to get one."""


def found_or_installed(find: Callable[[], str | None], package: str) -> str | None:
    """What `find` answers, if need be after apt-get has installed a package; None where it could not."""
    with _one_at_a_time():
        if found := find():
            return found
        if os.geteuid() != 0 or not shutil.which("apt-get"):
            return None
        quietly = {"DEBIAN_FRONTEND": "noninteractive"} | os.environ
        for words in ("update", f"install -y --no-install-recommends {package}"):
            subprocess.run(["apt-get", *words.split()], env=quietly, check=False)
        return find()


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Journeys run side by side: the first may install what the others then find."""
    with (Path(tempfile.gettempdir()) / "carehours-apt-get.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
