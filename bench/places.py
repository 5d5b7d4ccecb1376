"""Lets the benchmarks import the portal, and the journeys' portal and people, from where they lie."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "playwright")]
