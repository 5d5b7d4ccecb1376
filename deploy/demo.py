"""Runs the whole product on this machine: database, demo people, background work and server.

`make demo` calls it, and so do the browser journeys and the benchmarks. It ends when one of its
processes ends, or at Ctrl-C or SIGTERM, and takes them all with it. With `--afresh` the demo's
data are made anew first.
"""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from types import FrameType

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
PORT = int(os.environ.get("PORT", "8000"))
URL = f"http://localhost:{PORT}"
READY_WITHIN_S = 120
STOP_WITHIN_S = 20
FLASK = (str(BIN / "flask"), "--app", "app")
JOBS = (*FLASK, "jobs", "run")


def serving(application: str, port: int) -> tuple[str, ...]:
    """The command that serves an application's factory; the benchmarks serve by the same."""
    return (
        str(BIN / "granian"), "--interface", "wsgi", "--factory", application,
        "--host", "127.0.0.1", "--port", str(port),
        # One process and several threads: SQLite has one writer, and a slow mail must not stop a
        # check-in.
        "--workers", "1", "--blocking-threads", "12", "--no-ws", "--log-level", "error",
        "--workers-kill-timeout", "10",
    )  # fmt: skip


class Stopped(Exception):  # noqa: N818 - nothing is wrong
    """Somebody asked us to stop."""


def main(arguments: list[str]) -> int:
    """Prepare, serve until something ends, and answer the exit status."""
    if port_is_taken():
        print(f"Port {PORT} is in use. Stop what uses it, or choose another: PORT=8001 make demo")
        return 1
    environment = os.environ | {"PORTAL_ENV": "demo", "PORT": str(PORT)}
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _stop)
    children: list[subprocess.Popen[bytes]] = []
    try:
        if "--afresh" in arguments:
            subprocess.run([*FLASK, "demo", "reset"], cwd=ROOT, env=environment, check=True)
        subprocess.run([*FLASK, "demo", "load"], cwd=ROOT, env=environment, check=True)
        for command in (serving("app:serve", PORT), JOBS):
            children.append(subprocess.Popen(command, cwd=ROOT, env=environment))
        wait_until_ready(children)
        print(f"\nReady: {URL}   (Ctrl-C stops it)", flush=True)
        return wait_for_an_end(children)
    except Stopped:
        return 0
    except subprocess.CalledProcessError as failure:
        return failure.returncode
    finally:
        stop(children)


def port_is_taken() -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", PORT))
        except OSError:
            return True
    return False


def wait_until_ready(children: list[subprocess.Popen[bytes]]) -> None:
    """Return once /readyz answers 200; CalledProcessError when a child ends or it takes too long."""
    deadline = time.monotonic() + READY_WITHIN_S
    while time.monotonic() < deadline:
        for child in children:
            if child.poll() is not None:
                raise subprocess.CalledProcessError(child.returncode or 1, child.args)
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{PORT}/readyz", timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    print(f"The server was not ready within {READY_WITHIN_S} seconds.", file=sys.stderr)
    raise subprocess.CalledProcessError(1, serving("app:serve", PORT))


def wait_for_an_end(children: list[subprocess.Popen[bytes]]) -> int:
    while True:
        for child in children:
            if child.poll() is not None:
                print(f"This ended by itself: {child.args}", file=sys.stderr)
                return child.returncode or 1
        time.sleep(0.2)


def stop(children: list[subprocess.Popen[bytes]]) -> None:
    """End every child, gently first."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    for child in children:
        child.terminate()
    for child in children:
        try:
            child.wait(timeout=STOP_WITHIN_S)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def _stop(_number: int, _frame: FrameType | None) -> None:
    raise Stopped


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
