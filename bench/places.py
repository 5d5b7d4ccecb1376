"""Lets the benchmarks import the portal, and what the tests know of people and passkeys, from where it lies."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "playwright"), str(ROOT / "tests"), str(ROOT / "deploy")]
