"""The portal can be put on a phone's home screen, and opens there without a network."""

from pathlib import Path

from playwright.sync_api import Playwright

from devices import open_phone
from portal import Portal


def test_chromium_finds_nothing_against_installing(
    playwright: Playwright, portal: Portal, tmp_path: Path
) -> None:
    context = open_phone(playwright.chromium, portal, tmp_path)
    page = context.pages[0]
    page.goto("/")
    page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
    page.reload()
    devtools = context.new_cdp_session(page)
    assert devtools.send("Page.getInstallabilityErrors")["installabilityErrors"] == []

    context.set_offline(True)
    page.reload()
    assert page.title()
    context.close()
