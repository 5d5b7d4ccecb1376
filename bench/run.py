"""Measures what quality.md asks for and writes bench/results.json: `make bench`.

Ratios are taken within one run, by turns, and are the median of five or more. `run.py P4 P5` measures
only those and keeps the others' figures of before.
"""

import json
import os
import platform
import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import browser
import check_in
import full_sheet
import growth
import honest_lives
import queue_of_taps
import sign_in
import storm
from places import ROOT

RESULTS = ROOT / "bench" / "results.json"
METRICS: dict[str, Callable[[Path], dict[str, Any]]] = {
    "H1": full_sheet.measure,
    "P1": check_in.measure,
    "P4": growth.measure,
    "P5": browser.measure_bytes_of_a_check_in,
    "P6": browser.measure_bytes_of_the_first_page,
    "P8": browser.measure_time_to_saved,
    "P9": storm.measure,
    "P10": queue_of_taps.measure,
    "P12": sign_in.measure_cost,
    "S5": honest_lives.measure,
    "S6": sign_in.measure_telling,
}
# First bars of the main job: at least for ratios of speed, at most for all others.
BARS = {
    "H1": 50,
    "P1": 0.4,
    "P4": 1.3,
    "P5": 3 * 1024,
    "P6": 100 * 1024,
    "P8": 100,
    "P9": 3,
    "P10": 0.5,
    "P12": 0.2,
    "S5": 0,
    "S6": 0.55,
}
AT_LEAST = frozenset({"P1"})


def main(chosen: list[str]) -> int:
    """Measure and write; exit status 1 when a figure misses its bar."""
    before = json.loads(RESULTS.read_text()) if RESULTS.exists() else {"metrics": {}}
    metrics = before["metrics"]
    missed = False
    for name in chosen or METRICS:
        with tempfile.TemporaryDirectory(prefix="bench") as folder:
            metrics[name] = METRICS[name](Path(folder))
        value, bar = metrics[name]["value"], BARS[name]
        met = value >= bar if name in AT_LEAST else value <= bar
        missed |= not met
        sign = "≥" if name in AT_LEAST else "≤"
        word = "ok    " if met else "MISSED"
        print(f"{word} {name} {value} (bar {sign} {bar}) {metrics[name]['unit']}", flush=True)
    RESULTS.write_text(
        json.dumps({"machine": machine(), "metrics": metrics}, indent=2, ensure_ascii=False) + "\n"
    )
    print(f"Wrote {RESULTS.relative_to(ROOT)}")
    return int(missed)


def machine() -> dict[str, Any]:
    """What it was measured on, without a name or a place."""
    return {
        "system": f"{platform.system()} {platform.machine()}",
        "processors": os.cpu_count(),
        "python": platform.python_version(),
        "measured_on": datetime.now(UTC).date().isoformat(),
    }


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
