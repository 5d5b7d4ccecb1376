"""What is committed works on any machine: no path or package host of one, and one set of versions."""

import re
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SKIPPED = frozenset({".git", ".venv", "node_modules", "instance", "__pycache__", "test-results"})
# Put together from parts, so that this file does not find itself.
MACHINES = re.compile(
    "|".join(
        (
            r"(?<![\w.])/" + r"(?:work|root|home)/[a-z]", "/tm" + "p/team", "/opt/" + "pypi", "/Users" + "/[a-z]",
            "--(?:extra-)?index" + "-url", "--find" + "-links", '"resolved"' + r":\s*\"http",
        )
    )
)  # fmt: skip
PINNED = re.compile(r"^(?P<name>[a-z0-9._-]+)(?:\[[a-z,]+\])?==(?P<version>[^ ;\\]+)", re.MULTILINE)
HASH = re.compile(r"--hash=(sha256:[0-9a-f]{64})")


def committed() -> list[Path]:
    """Every file under version control or about to be; of a download without git, every file."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if listed.returncode == 0:
        return [ROOT / line for line in listed.stdout.splitlines() if (ROOT / line).is_file()]
    return [
        path
        for path in ROOT.rglob("*")
        if path.is_file() and not SKIPPED & set(path.relative_to(ROOT).parts)
    ]


def test_no_file_names_a_path_or_a_package_host_of_some_machine() -> None:
    found = []
    for path in committed():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        found += [f"{path.relative_to(ROOT)}: {match[0]}" for match in MACHINES.finditer(text)]
    assert found == []


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_requirements_are_those_of_the_lock_file_with_their_hashes(name: str) -> None:
    lock = tomllib.loads((ROOT / "uv.lock").read_text(encoding="utf-8"))
    locked = {(package["name"], package["version"]): package for package in lock["package"]}
    text = (ROOT / name).read_text(encoding="utf-8")
    pinned = [(match["name"], match["version"]) for match in PINNED.finditer(text)]
    assert pinned
    hashes = {
        file["hash"]
        for key in pinned
        for file in [*locked[key].get("wheels", []), locked[key].get("sdist", {})]
        if "hash" in file
    }
    assert set(HASH.findall(text)) == hashes


def test_the_stylesheet_and_the_catalog_are_committed() -> None:
    assert (ROOT / "app" / "static" / "css" / "carehours.css").is_file()
    assert (ROOT / "app" / "translations" / "messages.pot").is_file()
