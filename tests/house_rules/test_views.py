"""Views load by scoped selects of the models, and their addresses are kebab-case and typed."""

import ast
import re
from pathlib import Path

import pytest
from flask import Flask

VIEWS = sorted((Path(__file__).parents[2] / "app" / "views").glob("*.py"))
KEBAB = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+)?")
PLACE = re.compile(r"<(?P<converter>[^:<>]+:)?[^<>]+>")
LOADERS = frozenset({"get", "get_or_404", "get_one", "query"})


@pytest.mark.parametrize("path", VIEWS, ids=lambda path: path.stem)
def test_a_view_makes_no_select_of_its_own(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "sqlalchemy":
            names = {alias.name for alias in node.names}
            assert not names & {"select", "insert", "update", "delete", "text"}, names


@pytest.mark.parametrize("path", VIEWS, ids=lambda path: path.stem)
def test_a_view_loads_nothing_by_its_bare_key(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        if node.func.attr in LOADERS:
            assert ast.unparse(node.func.value) != "db.session", f"line {node.lineno}"


def test_addresses_are_kebab_case_and_their_places_typed(app: Flask) -> None:
    for rule in app.url_map.iter_rules():
        for place in PLACE.finditer(rule.rule):
            assert place["converter"], f"{rule.rule}: say the type of {place[0]}"
        for part in PLACE.sub("", rule.rule).strip("/").split("/"):
            assert not part or KEBAB.fullmatch(part), rule.rule
