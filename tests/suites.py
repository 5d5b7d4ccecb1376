"""Runs every suite, whatever became of the ones before, and closes with a line for each.

`make test` runs all, `make check` leaves out what needs a browser, `make lint` runs what needs no
test at all. A suite that could not run has failed. Exit status 0 only when every suite passed.
"""

import os
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
PYTEST = (sys.executable, "-m", "pytest", "-q", "--durations=5")


@dataclass(frozen=True)
class Suite:
    """A command with the name that its line bears."""

    name: str
    command: tuple[str, ...]
    kind: str = "test"  # lint | test | browser
    environment: Mapping[str, str] = field(default_factory=dict)

    def run(self) -> bool:
        """Run it with its output shown; whether it passed."""
        print(f"\n=== {self.name}", flush=True)
        try:
            ended = subprocess.run(
                self.command, cwd=ROOT, env=os.environ | dict(self.environment), check=False
            )
        except OSError as error:
            print(f"could not run: {error}", flush=True)
            return False
        return ended.returncode == 0


def tool(name: str, *arguments: str) -> tuple[str, ...]:
    return (str(BIN / name), *arguments)


SUITES = (
    Suite("style", tool("ruff", "check", "."), "lint"),
    Suite("format", tool("ruff", "format", "--check", "."), "lint"),
    Suite("types", tool("mypy"), "lint"),
    Suite("layers", tool("lint-imports"), "lint"),
    Suite("templates", tool("djlint", "app/templates", "--lint", "--quiet"), "lint"),
    Suite("messages", (sys.executable, "tests/messages.py"), "lint"),
    Suite("service worker", (sys.executable, "tests/run_node_tests.py")),
    Suite("python on SQLite", (*PYTEST, "-n", "2"), environment={"TEST_DATABASE": "sqlite"}),
    Suite("python on PostgreSQL", (*PYTEST, "-n", "2"), environment={"TEST_DATABASE": "postgresql"}),
    Suite("browser journeys", (*PYTEST, "-n", "2", "--dist", "worksteal", "playwright"), "browser"),
)  # fmt: skip


def main(arguments: list[str]) -> int:
    if "--lint" in arguments:
        chosen = [suite for suite in SUITES if suite.kind == "lint"]
    elif "--without-browser" in arguments:
        chosen = [suite for suite in SUITES if suite.kind != "browser"]
    else:
        chosen = list(SUITES)
    lines, failed = [], 0
    for suite in chosen:
        began = time.monotonic()
        passed = suite.run()
        failed += not passed
        word = "ok    " if passed else "FAILED"
        lines.append(f"{word} {suite.name} ({time.monotonic() - began:.0f} s)")
    print("\n" + "\n".join(lines))
    print(f"{len(chosen) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
