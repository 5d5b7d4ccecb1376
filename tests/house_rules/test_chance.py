"""Whatever must not be guessed comes from the system's own chance, and is long enough."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
TOKENS = re.compile(r"\btoken_(?:urlsafe|hex|bytes)\((?P<size>[^)]*)\)")
SHORTEST = 16  # bytes: 128 bits
# A name of a file in the demo's mailbox, and the noise of fingerprints: no secrets.
NO_SECRETS = {"app/gateways/messaging.py"}


def sources() -> dict[str, str]:
    return {
        str(path.relative_to(ROOT)): path.read_text(encoding="utf-8")
        for path in (ROOT / "app").rglob("*.py")
    }


def test_nothing_in_the_portal_asks_a_chance_that_can_be_foretold() -> None:
    found = [
        path
        for path, source in sources().items()
        for node in ast.walk(ast.parse(source))
        if (isinstance(node, ast.Import) and any(each.name == "random" for each in node.names))
        or (isinstance(node, ast.ImportFrom) and node.module == "random")
    ]
    assert found == []


def test_every_token_has_128_bits_or_more() -> None:
    short = []
    for path, source in sources().items():
        constants = dict(re.findall(r"^([A-Z_]+) = (\d+)", source, re.MULTILINE))
        for match in TOKENS.finditer(source):
            size = constants.get(match["size"], match["size"])
            if path not in NO_SECRETS and not (size.isdigit() and int(size) >= SHORTEST):
                short.append((path, match[0]))
    assert short == []
