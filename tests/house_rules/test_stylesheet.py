"""The stylesheet: fresh, small, and readable in light and dark."""

import hashlib
import re
from pathlib import Path

import pytest

APP = Path(__file__).parents[2] / "app"
CSS = APP / "static" / "css"
BUILT = (CSS / "carehours.css").read_text(encoding="utf-8")
NOT_A_MACRO = frozenset({"card", "site_header"})  # the frame itself and what most things lie on
ON_GROUNDS = {
    "--ink": ("--paper", "--card"),
    "--soft": ("--paper", "--card"),
    "--go": ("--paper", "--card"),
    "--on-go": ("--go", "--go-strong"),
    "--on-go-soft": ("--go-soft", "--card"),
    "--warn": ("--warn-soft", "--card"),
    "--bad": ("--bad-soft", "--paper", "--card"),
    "--on-idle": ("--idle",),
}
DRAWN_ON = {
    "--edge": ("--card", "--paper"),
    "--go": ("--track",),
    "--bad-edge": ("--card",),
    "--focus": ("--card", "--paper"),
}
WHITE = "#ffffff"


def sources() -> list[Path]:
    uswds = CSS / "uswds"
    named = [uswds / name for name in ("_theme.scss", "tokens.scss", "uswds.scss", "build.mjs")]
    return [*named, CSS / "base.css", *sorted((CSS / "components").glob("*.css"))]


def palettes() -> dict[str, dict[str, str]]:
    """The colors of light and of dark, from the built tokens."""
    text = (CSS / "tokens.css").read_text(encoding="utf-8")
    light, dark = text.split("@media (prefers-color-scheme: dark)")
    dark = dark.split("@media (forced-colors: active)")[0]
    color = re.compile(r"(--[\w-]+): (#[0-9a-f]{6}|white)")
    in_light = dict(color.findall(light))
    return {"light": in_light, "dark": in_light | dict(color.findall(dark))}


def luminance(color: str) -> float:
    channels = [int((WHITE if color == "white" else color)[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """WCAG 2.2's ratio.

    >>> round(contrast("#000000", "#ffffff"))
    21
    """
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_the_built_stylesheet_is_as_new_as_its_sources() -> None:
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in sources()))
    assert f"sources {digest.hexdigest()[:16]} " in BUILT, "run make assets"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_words_have_a_contrast_of_seven(scheme: str) -> None:
    colors = palettes()[scheme]
    for words, grounds in ON_GROUNDS.items():
        for ground in grounds:
            assert contrast(colors[words], colors[ground]) >= 7, (words, ground)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_borders_and_bars_have_a_contrast_of_three(scheme: str) -> None:
    colors = palettes()[scheme]
    for drawn, grounds in DRAWN_ON.items():
        for ground in grounds:
            assert contrast(colors[drawn], colors[ground]) >= 3, (drawn, ground)


def test_every_component_has_a_stylesheet_of_its_name() -> None:
    macros = {path.stem for path in (APP / "templates" / "components").glob("*.html")}
    sheets = {path.stem for path in (CSS / "components").glob("*.css")}
    assert sheets - NOT_A_MACRO == macros


def test_every_class_of_the_design_system_that_a_template_names_was_kept() -> None:
    named = {
        name
        for path in (APP / "templates").rglob("*.html")
        for name in re.findall(r"\busa-[\w-]+", path.read_text(encoding="utf-8"))
    }
    kept = set(re.findall(r"\.(usa-[\w-]+)", BUILT))
    assert named - kept == set()


def test_nothing_is_fetched_from_inside_the_stylesheet() -> None:
    assert "url(" not in BUILT
    assert "@import" not in BUILT
