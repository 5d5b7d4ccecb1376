"""Is the page that somebody looks at fit for everybody? axe, no sideways scroll, no script errors."""

import json
from pathlib import Path

import axe_playwright_python
from playwright.sync_api import ConsoleMessage, Page

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
# Beyond axe's own choice: targets of 24 px (WCAG 2.2 AA) and contrast of 7:1 (AAA), which we promise.
RULES = {
    "target-size": {"enabled": True},
    "color-contrast-enhanced": {"enabled": True},
}
SMALLEST_PHONE = 320
WIDER_THAN_SCREEN = """() => [...document.querySelectorAll('body *')]
  .filter(each => each.checkVisibility() && each.getBoundingClientRect().right > innerWidth + 1)
  .slice(0, 5).map(each => each.outerHTML.slice(0, 160))"""
# The outbox line stays at the foot of the window, and what scrolls under it looks too small to be tapped.
LAY_OUTBOX_LINE = """position => document.querySelectorAll('[data-outbox-line]')
  .forEach(line => { line.style.position = position })"""
# What axe judges by: the markup without its words, numbers and keys, and how it is laid out and coloured.
KIND_OF_PAGE = """() => [innerWidth, matchMedia('(prefers-color-scheme: dark)').matches,
  matchMedia('(forced-colors: active)').matches,
  document.documentElement.outerHTML
    .replace(/<script[^]*?<\\/script>/g, '')
    .replace(/ (data-[a-z-]+|value|content|aria-label|title)="[^"]*"/g, ' $1')
    .replace(/>[^<]*[^<\\s][^<]*</g, '>words<')
    .replace(/[0-9]+/g, '0')
    .replace(/\\s+/g, ' ')].join()"""
# The browser notes every refused or failed request; journeys provoke some on purpose.
EXPECTED_NOTES = ("Failed to load resource", "net::ERR_INTERNET_DISCONNECTED")


class Watch:
    """What went wrong in a browser while nobody looked: script errors and policy violations."""

    def __init__(self) -> None:
        self.noted: list[str] = []

    def over(self, page: Page) -> None:
        page.on("pageerror", lambda error: self.noted.append(f"script error: {error}"))
        page.on("console", self._hear)

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not any(note in message.text for note in EXPECTED_NOTES):
            self.noted.append(f"console: {message.text}")


KINDS_FIT: set[str] = set()


def is_fit_for_everybody(page: Page) -> None:
    """axe finds nothing, and a phone of 320 px need not scroll sideways.

    A page that differs from an earlier one in its words only is not given to axe again: every journey
    begins on the same few pages.
    """
    kind = page.evaluate(KIND_OF_PAGE)
    found = sideways(page) if kind in KINDS_FIT else [*violations(page), *sideways(page)]
    assert not found, "\n".join(found)
    KINDS_FIT.add(kind)


def violations(page: Page) -> list[str]:
    """What axe finds on a page as it stands, a line each."""
    if not page.evaluate("() => 'axe' in globalThis"):
        page.evaluate(AXE)
    page.evaluate(LAY_OUTBOX_LINE, "static")
    found = page.evaluate("rules => axe.run(document, {resultTypes: ['violations'], rules})", RULES)
    page.evaluate(LAY_OUTBOX_LINE, "")
    return [
        f"{page.url}: {violation['id']}: {json.dumps(node['html'])[:300]} {node['failureSummary']}"
        for violation in found["violations"]
        for node in violation["nodes"]
    ]


def sideways(page: Page) -> list[str]:
    """What sticks out of a screen of 320 px, by its markup; [] when nothing scrolls sideways."""
    size = page.viewport_size
    assert size is not None
    page.set_viewport_size({"width": SMALLEST_PHONE, "height": size["height"]})
    scrolls = page.evaluate(
        "() => document.documentElement.scrollWidth > document.documentElement.clientWidth"
    )
    found = [f"{page.url}: {html}" for html in page.evaluate(WIDER_THAN_SCREEN)] if scrolls else []
    page.set_viewport_size(size)
    return found
