"""Runs every suite, whatever became of the ones before, and closes with a line for each.

`make test` runs all, `make check` leaves out what needs a browser, `make lint` runs what needs no
test at all. A suite that could not run has failed. Exit status 0 only when every suite passed.
"""

import os
import subprocess
import sys
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
AT_ONCE = 2  # of the suites that one processor is enough for
PYTEST = (sys.executable, "-m", "pytest", "-q", "--durations=5")
SIDE_BY_SIDE = (*PYTEST, "-n", "2", "--dist", "worksteal")


@dataclass(frozen=True)
class Suite:
    """A command with the name that its line bears."""

    name: str
    command: tuple[str, ...]
    kind: str = "test"  # lint | test | browser
    fills_the_machine: bool = False  # then nothing else runs beside it
    environment: Mapping[str, str] = field(default_factory=dict)

    def run(self) -> bool:
        """Run it and show what it said, apart from what others say meanwhile; whether it passed."""
        heading = f"\n=== {self.name}\n"
        if self.fills_the_machine:
            print(heading, end="", flush=True)
            return self._ended(None)[0]
        passed, said = self._ended(subprocess.PIPE)
        print(heading + said, end="", flush=True)  # at once, or what others say would come between
        return passed

    def _ended(self, output: int | None) -> tuple[bool, str]:
        try:
            ended = subprocess.run(
                self.command, cwd=ROOT, env=os.environ | dict(self.environment), check=False,
                stdout=output, stderr=output and subprocess.STDOUT, encoding="utf-8", errors="replace",
            )  # fmt: skip
        except OSError as error:
            print(f"{self.name} could not run: {error}", flush=True)
            return False, ""
        return ended.returncode == 0, ended.stdout or ""


@dataclass(frozen=True)
class Result:
    """What became of a suite, in seconds."""

    suite: Suite
    passed: bool
    took: float

    def __str__(self) -> str:
        return f"{'ok    ' if self.passed else 'FAILED'} {self.suite.name} ({self.took:.0f} s)"


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
    Suite("python on SQLite", SIDE_BY_SIDE, fills_the_machine=True, environment={"TEST_DATABASE": "sqlite"}),
    Suite("python on PostgreSQL", SIDE_BY_SIDE, fills_the_machine=True, environment={"TEST_DATABASE": "postgresql"}),
    Suite("browser journeys", (*SIDE_BY_SIDE, "playwright"), "browser", fills_the_machine=True),
)  # fmt: skip


def main(arguments: list[str]) -> int:
    if "--lint" in arguments:
        chosen = [suite for suite in SUITES if suite.kind == "lint"]
    elif "--without-browser" in arguments:
        chosen = [suite for suite in SUITES if suite.kind != "browser"]
    else:
        chosen = list(SUITES)
    with ThreadPoolExecutor(AT_ONCE) as threads:
        results = list(threads.map(timed, [each for each in chosen if not each.fills_the_machine]))
    results += map(timed, [each for each in chosen if each.fills_the_machine])
    failed = sum(not result.passed for result in results)
    print("\n" + "\n".join(map(str, results)))
    print(f"{len(results) - failed} passed, {failed} failed")
    return 1 if failed else 0


def timed(suite: Suite) -> Result:
    began = time.monotonic()
    passed = suite.run()
    return Result(suite, passed, time.monotonic() - began)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
