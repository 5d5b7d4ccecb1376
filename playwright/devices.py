"""Which devices do the journeys use: a phone with a virtual GPS at Rosa's, and how its browser starts?"""

from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, BrowserType

from chromium import find
from portal import Portal

PHONE = {"width": 360, "height": 740}
DESKTOP = {"width": 1280, "height": 800}
ROSAS_HOME = {"latitude": 34.0622, "longitude": -118.3090, "accuracy": 20}
# What is not listed here is denied, background-sync too.
PERMISSIONS = ["geolocation", "background-sync"]
PATIENCE_MS = 60_000  # the processors may be busy with other things


def launch_settings(chromium: BrowserType) -> dict[str, Any]:
    """How to start a Chromium, also as root."""
    return {
        "executable_path": find(chromium.executable_path),
        "args": ["--no-sandbox", "--disable-gpu"],
    }


def context_settings(portal: Portal, **settings: Any) -> dict[str, Any]:
    """A phone in Los Angeles, at Rosa's door, that opens a portal."""
    return {
        "base_url": portal.url,
        "viewport": PHONE,
        "timezone_id": "America/Los_Angeles",
        "locale": "en-US",
        "permissions": PERMISSIONS,
        "geolocation": ROSAS_HOME,
        "reduced_motion": "reduce",
    } | settings


def open_phone(chromium: BrowserType, portal: Portal, folder: Path) -> BrowserContext:
    """A phone whose browser keeps what it knows in a folder, also when it is killed."""
    context = chromium.launch_persistent_context(
        folder / "browser", **launch_settings(chromium), **context_settings(portal)
    )
    context.set_default_timeout(PATIENCE_MS)
    return context
