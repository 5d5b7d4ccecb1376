"""The portal does not start with numbers of the law that have a gap, an overlap or no sense."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

APP = Path(__file__).parents[1] / "app"
LATER = '\n[[workweek.overtime_after.values]]\nfrom = {day}\nvalue = "36:00"\nauthority = "x"\nreference = "y"\n'
OPEN = '[[workweek.overtime_after.values]]\nfrom = 2016-02-01\nvalue = "40:00"'


@pytest.mark.parametrize(
    ("until", "day", "complaint"),
    [
        ("until = 2026-12-30\n", "2027-01-01", "has no value on 2026-12-31."),
        ("until = 2027-01-01\n", "2027-01-01", "has two values on 2027-01-01."),
        ("", "2027-01-01", "has two values on 2027-01-01."),
    ],
    ids=["a gap", "an overlap", "an open end"],
)
def test_a_gap_or_an_overlap_in_the_law_stops_the_start_and_names_file_key_and_day(
    tmp_path: Path, until: str, day: str, complaint: str
) -> None:
    code, said = start_with(
        tmp_path, lambda law: law.replace(OPEN, OPEN + "\n" + until, 1) + LATER.format(day=day)
    )

    assert code != 0
    assert said.endswith(f"parameters.toml: workweek.overtime_after {complaint}")


def test_with_the_law_as_it_stands_the_portal_starts(tmp_path: Path) -> None:
    code, said = start_with(tmp_path, lambda law: law)

    assert (code, said) == (0, "started")


def start_with(tmp_path: Path, change: Callable[[str], str]) -> tuple[int, str]:
    """Start a copy of the portal with its law changed; its exit status and its last words."""
    ignored = shutil.ignore_patterns("static", "__pycache__")
    shutil.copytree(APP, tmp_path / "app", ignore=ignored)
    (tmp_path / "app" / "static").symlink_to(APP / "static")
    file = tmp_path / "app" / "domain" / "parameters.toml"
    law = file.read_text(encoding="utf-8")
    file.write_text(change(law), encoding="utf-8")
    ended = subprocess.run(
        [sys.executable, "-c", "import app; app.create_app(); print('started')"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path), "PORTAL_ENV": "test"},
        capture_output=True,
        text=True,
        check=False,
    )
    return ended.returncode, (ended.stderr if ended.returncode else ended.stdout).strip()
