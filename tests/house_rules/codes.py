"""Which codes can rules and use-cases speak? Read from their source, with the facts they give."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

APP = Path(__file__).parents[2] / "app"
SPEAKERS = frozenset({"Refused", "Finding", "block", "warning", "hold"})
WHOLE_CODE = re.compile(r"[A-Z][A-Z0-9_]{2,}[A-Z0-9]")
TELLERS = frozenset({"queue", "tell", "tell_of_change", "_change"})


@dataclass(frozen=True)
class Spoken:
    """A code with the names of its facts, None where they cannot be read, and where it stands."""

    code: str
    facts: frozenset[str] | None
    place: str


def spoken() -> list[Spoken]:
    """Every code that is refused or found with a code written out."""
    return [each for call, place in _calls() for each in _spoken(call, place)]


def notices() -> list[tuple[str, str]]:
    """Every code that somebody is told by notice and mail, with where it stands."""
    return [
        (argument.value, place)
        for call, place in _calls()
        if _name(call) in TELLERS
        for argument in [*call.args, *(keyword.value for keyword in call.keywords)]
        if isinstance(argument, ast.Constant) and _is_code(argument.value)
    ]


def _calls() -> Iterator[tuple[ast.Call, str]]:
    for layer in ("domain", "services", "gateways", "forms", "views"):
        for path in sorted((APP / layer).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call):
                    yield node, f"{path.relative_to(APP)}:{node.lineno}"


def _spoken(call: ast.Call, place: str) -> Iterator[Spoken]:
    if _name(call) not in SPEAKERS or not call.args:
        return
    facts: frozenset[str] | None = frozenset(
        keyword.arg for keyword in call.keywords if keyword.arg
    )
    if any(keyword.arg is None for keyword in call.keywords) or _name(call) == "Finding":
        facts = None
    for constant in ast.walk(call.args[0]):
        if isinstance(constant, ast.Constant) and _is_code(constant.value):
            yield Spoken(constant.value, facts, place)


def _name(call: ast.Call) -> str:
    if isinstance(call.func, ast.Attribute):
        return call.func.attr
    return call.func.id if isinstance(call.func, ast.Name) else ""


def _is_code(value: object) -> bool:
    """Whether it is a whole code; HELD_ is the beginning of several."""
    return isinstance(value, str) and bool(WHOLE_CODE.fullmatch(value))
