"""Every field that takes a password hides it, and lets people paste and their managers help."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
DRAWN = re.compile(r"\b(?P<macro>\w+_of)\(form\.(?P<name>\w+)(?P<rest>[^\n]*)")
TYPES_AND_HELP = re.compile(r'type="password", autocomplete="(?:current|new)-password"')


def password_fields() -> set[str]:
    """The names of all fields of forms that are password fields."""
    found = set()
    for path in (ROOT / "app" / "forms").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Assign) and "PasswordField(" in ast.unparse(node.value):
                found |= {ast.unparse(target) for target in node.targets}
    return found


def templates() -> dict[str, str]:
    folder = ROOT / "app" / "templates"
    return {
        str(path.relative_to(folder)): path.read_text(encoding="utf-8")
        for path in folder.rglob("*.html")
    }


def test_every_password_field_hides_and_lets_managers_help() -> None:
    names, drawn, wrong = password_fields(), set(), []
    for template, source in templates().items():
        for match in DRAWN.finditer(source):
            if match["name"] in names:
                drawn.add(match["name"])
                is_new = match["macro"] == "new_password_of"
                if not is_new and not TYPES_AND_HELP.search(match["rest"]):
                    wrong.append(f"{template}: {match[0]}")
    assert wrong == []
    assert drawn == names
    assert TYPES_AND_HELP.search(templates()["components/new_password.html"])


def test_no_script_stands_in_the_way_of_pasting() -> None:
    scripts = {
        path.name: path.read_text(encoding="utf-8")
        for path in (ROOT / "app" / "static" / "js").glob("*.js")
    }
    assert [
        name for name, source in scripts.items() if re.search(r'"(?:paste|copy|cut)"', source)
    ] == []
