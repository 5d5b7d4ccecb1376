"""Real Chromium at phone size, against the real product, with the demo's people to be."""

import os
from collections.abc import Callable, Iterator
from datetime import datetime
from fcntl import LOCK_EX, flock
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Playwright, expect

from checks import Watch
from devices import PATIENCE_MS, context_settings, launch_settings
from people import Someone
from portal import LOS_ANGELES, Portal, a_weekday_morning, journey
from road import Road

expect.set_options(timeout=PATIENCE_MS)


@pytest.fixture(scope="session")
def browser_type_launch_args(
    browser_type_launch_args: dict[str, Any], playwright: Playwright
) -> dict[str, Any]:
    return browser_type_launch_args | launch_settings(playwright.chromium)


@pytest.fixture(scope="session")
def demo_data(tmp_path_factory: pytest.TempPathFactory) -> Portal:
    """A portal with the demo's data, in which each job was done once, to be copied."""
    own = tmp_path_factory.getbasetemp()
    folder = (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "demo"
    folder.mkdir(exist_ok=True)
    portal = Portal(folder / "instance", a_weekday_morning(datetime.now(LOS_ANGELES)))
    with (folder / "lock").open("w") as lock:  # one process makes them, and all others wait for it
        flock(lock, LOCK_EX)
        if not (done := folder / "done").exists():
            portal.flask("demo", "load")
            portal.flask("jobs", "run", "--once")
            done.touch()
    return portal


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory, demo_data: Portal) -> Iterator[Portal]:
    """The portal that all journeys of this process take, one after the other."""
    portal = Portal(tmp_path_factory.mktemp("served") / "instance", demo_data.now)
    yield portal
    portal.stop()


@pytest.fixture
def portal(served: Portal, demo_data: Portal) -> Iterator[Portal]:
    """A running portal with fresh demo data, on a weekday at about ten in the morning."""
    yield from journey(served, demo_data)


@pytest.fixture
def road(portal: Portal) -> Iterator[Road]:
    """A way to the portal on which the network can go at a certain moment: `base_url=road.url`."""
    road = Road(portal)
    yield road
    road.close()


@pytest.fixture
def watch() -> Iterator[Watch]:
    """Fails the test when any page had a script error or broke the content security policy."""
    watch = Watch()
    yield watch
    assert watch.noted == []


@pytest.fixture
def phone(browser: Browser, portal: Portal, watch: Watch) -> Iterator[Callable[..., Someone]]:
    """Answers somebody with a phone of her own: `phone("ana")`."""
    contexts: list[BrowserContext] = []

    def hand_over(username: str, **settings: Any) -> Someone:
        context = browser.new_context(**context_settings(portal, **settings))
        contexts.append(context)
        context.set_default_timeout(PATIENCE_MS)
        context.on("page", watch.over)
        return Someone(username, context.new_page(), portal)

    yield hand_over
    for context in contexts:
        context.close()
