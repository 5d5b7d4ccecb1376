"""Does docs/asvs.toml hold every requirement of its four chapters, and does each point at what exists?

The list below is that of OWASP ASVS 5.0.0 (5.0/docs_en, CSV): for each section, the levels of its
requirements in their order.
"""

import ast
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
LEVELS = {
    "3.1": "3", "3.2": "113", "3.3": "12223", "3.4": "11222233", "3.5": "11122333",
    "3.6": "3", "3.7": "22333",
    "6.1": "122", "6.2": "111111112222", "6.3": "11223333", "6.4": "112233", "6.5": "22222333",
    "6.6": "2223", "6.7": "33", "6.8": "2222",
    "7.1": "222", "7.2": "1111", "7.3": "22", "7.4": "11222", "7.5": "223", "7.6": "22",
    "8.1": "1233", "8.2": "1123", "8.3": "133", "8.4": "23",
}  # fmt: skip
SIZES = {"3": 31, "6": 47, "7": 19, "8": 13}
STANDINGS = {"met", "partly", "not-met", "not-applicable"}
Entry = dict[str, Any]
MAP: dict[str, Entry] = tomllib.loads((ROOT / "docs" / "asvs.toml").read_text(encoding="utf-8"))
GUIDE = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")


def official() -> dict[str, int]:
    return {
        f"{section}.{number}": int(level)
        for section, levels in LEVELS.items()
        for number, level in enumerate(levels, 1)
    }


def test_the_list_is_as_long_as_the_chapters() -> None:
    counted = {
        chapter: sum(each.startswith(f"{chapter}.") for each in official()) for chapter in SIZES
    }
    assert counted == SIZES


def test_no_requirement_is_missing_and_none_is_invented() -> None:
    assert {name: entry["level"] for name, entry in MAP.items()} == official()
    assert list(MAP) == list(official())  # in OWASP's order


@pytest.mark.parametrize("name", MAP)
def test_each_says_where_it_stands_and_what_shows_it(name: str) -> None:
    entry = MAP[name]
    assert set(entry) <= {"level", "standing", "tests", "see", "reason"}
    assert entry["standing"] in STANDINGS
    if entry["standing"] == "met":
        assert entry.get("tests") or entry.get("see")
    else:
        assert len(entry.get("reason", "")) > 20
    for test in entry.get("tests", ()):
        assert exists(test), f"there is no test {test}"
    if "see" in entry:
        assert f"\n## {entry['see']}\n" in GUIDE


def test_the_guide_counts_what_the_map_says() -> None:
    """The table of docs/security.md is the map's, not somebody's memory."""
    for chapter in SIZES:
        row = re.search(rf"^\| V{chapter} [^|]*\|([\d |]+)\|$", GUIDE, re.MULTILINE)
        assert row, f"docs/security.md has no row for V{chapter}"
        assert [int(each) for each in row[1].split("|")] == list(counts(chapter))


def counts(chapter: str) -> Iterator[int]:
    entries = [entry for name, entry in MAP.items() if name.startswith(f"{chapter}.")]
    yield len(entries)
    for standing in ("met", "partly", "not-met", "not-applicable"):
        yield sum(entry["standing"] == standing for entry in entries)


def exists(test: str) -> bool:
    path, _, name = test.partition("::")
    return (ROOT / path).is_file() and name in claims_in(path)


@cache
def claims_in(path: str) -> frozenset[str]:
    """The tests of a file, those in a class by `Class::test`."""
    found = set()
    for node in ast.parse((ROOT / path).read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef):
            found.add(node.name)
        elif isinstance(node, ast.ClassDef):
            found |= {
                f"{node.name}::{each.name}"
                for each in node.body
                if isinstance(each, ast.FunctionDef)
            }
    return frozenset(found)
