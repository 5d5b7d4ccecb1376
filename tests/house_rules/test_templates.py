"""Templates: every word is marked for translation, nothing is inline, and nothing imported is unused."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from flask import Flask
from jinja2 import nodes

TEMPLATES = Path(__file__).parents[2] / "app" / "templates"
PATHS = sorted(path for path in TEMPLATES.rglob("*") if path.suffix in {".html", ".txt"})
PAGES = [path for path in PATHS if path.suffix == ".html"]
READ_ALOUD = frozenset({"title", "alt", "placeholder", "aria-label", "aria-description", "label"})
NOT_FOR_READING = frozenset({"script", "style"})
THE_NAME = "CareHours"  # the one word that no language changes
LETTERS = re.compile(r"[^\W\d_]{2,}")
JINJA = re.compile(r"\{#.*?#\}|\{%-?\s*trans\b.*?endtrans\s*-?%\}|\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
# An attribute of a tag that is put together from parts, or the address of a page.
NO_WORDS = re.compile(r'[a-z-]+="[^"]*"|\bdata-[a-z-]+|(?<=0)(/[a-z0-9-]+)+')
BODY_CLASS = re.compile(r"(?<=block body_class %\})[^{]*")
GALLERY = (
    TEMPLATES / "demo" / "components.html"
)  # shows components to developers, with invented data
INLINE = re.compile(r"\sstyle\s*=|<style\b|\son[a-z]+\s*=|javascript:", re.IGNORECASE)
SCRIPT = re.compile(r"<script\b(?P<attributes>[^>]*)>", re.IGNORECASE)
TRANSLATORS = frozenset({"_", "gettext", "ngettext", "_l", "lazy_gettext", "pgettext"})
SENTENCE = re.compile(r"[A-Z][^\W\d_]+( [^\W\d_]+)+|[A-Z][a-z]+ [a-z].*")


def name(path: Path) -> str:
    return str(path.relative_to(TEMPLATES))


class Words(HTMLParser):
    """The words that a person would read, outside of any Jinja."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._hidden += tag in NOT_FOR_READING
        self.found += [value for key, value in attrs if key in READ_ALOUD and value]

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in NOT_FOR_READING

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.found.append(data)


@pytest.mark.parametrize("path", [path for path in PATHS if path != GALLERY], ids=name)
def test_every_word_is_marked_for_translation(path: Path) -> None:
    words = Words()
    source = BODY_CLASS.sub("", path.read_text(encoding="utf-8"))
    words.feed(
        JINJA.sub("0", source)
    )  # a digit is no word, and ends neither a tag nor an attribute
    found = (NO_WORDS.sub("", text).replace(THE_NAME, "") for text in words.found)
    assert [text.strip() for text in found if LETTERS.search(text)] == []


@pytest.mark.parametrize("path", [path for path in PATHS if path != GALLERY], ids=name)
def test_every_sentence_inside_jinja_is_marked_for_translation(path: Path, app: Flask) -> None:
    tree = app.jinja_env.parse(path.read_text(encoding="utf-8"))
    marked = {
        id(argument)
        for call in tree.find_all(nodes.Call)
        if isinstance(call.node, nodes.Name) and call.node.name in TRANSLATORS
        for argument in call.find_all(nodes.Const)
    }
    bare = [
        constant.value
        for constant in tree.find_all(nodes.Const)
        if isinstance(constant.value, str)
        and SENTENCE.fullmatch(constant.value)
        and id(constant) not in marked
    ]
    assert bare == []


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_nothing_is_inline_that_the_content_security_policy_forbids(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    if not name(path).startswith(
        ("emails/", "layouts/email")
    ):  # mail has no other place for styles
        assert INLINE.findall(text) == []
    for script in SCRIPT.finditer(text):
        attributes = script["attributes"]
        assert " src=" in attributes or 'type="application/json"' in attributes


@pytest.mark.parametrize("path", PATHS, ids=name)
def test_everything_imported_is_used(path: Path, app: Flask) -> None:
    tree = app.jinja_env.parse(path.read_text(encoding="utf-8"))
    imported = {
        alias if isinstance(alias, str) else alias[1]
        for node in tree.find_all(nodes.FromImport)
        for alias in node.names
    } | {node.target for node in tree.find_all(nodes.Import)}
    used = {node.name for node in tree.find_all(nodes.Name)}
    assert imported - used == set()
