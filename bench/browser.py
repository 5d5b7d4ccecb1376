"""P5, P6 and P8: what a check-in and the first page weigh on the wire, and how soon a tap is safe.

Bytes are counted by a proxy between a real Chromium and the portal, both ways, with headers. The time
to "Saved" is taken in the page, from the tap to the line that says so: it is written only after the
phone's database has confirmed a strict write. Chromium's processor is slowed down six times for it.
"""

import socket
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from statistics import median, quantiles
from typing import Any

import places  # noqa: F401 - makes the journeys' modules importable
from playwright.sync_api import Browser, expect, sync_playwright

from devices import context_settings, launch_settings
from people import Someone
from portal import LOS_ANGELES, Portal

RUNS = 5
TAPS_A_RUN = 12
CPU_SLOWED = 6
WARM_UP = 2
SETTLES_MS = 2_500
A_BREATH_MS = 500  # nobody checks out in the moment of checking in
# Taps inside the page, so that nothing but the page itself keeps its processor busy. A pair for each: until
# the card says that it is saved, which it does once the strict write is confirmed, and until that is painted.
TAPS = """async ([recipient, count, breath]) => {
  const heading = [...document.querySelectorAll('[data-recipient]')]
    .find(each => each.textContent.includes(recipient));
  const card = heading.closest('[data-visit-card]');
  const status = card.querySelector('[data-visit-status]');
  const times = [];
  for (let turn = 0; turn < count; turn += 1) {
    status.textContent = '';
    await new Promise(resolve => setTimeout(resolve, breath)); // painted by now
    const shown = [...card.querySelectorAll('[data-visit-state]')].find(state => !state.hidden);
    const saved = new Promise(resolve => {
      new MutationObserver((_changes, observer) => {
        if (!status.textContent.includes('Saved on this phone')) return;
        observer.disconnect();
        const durable = performance.now();
        requestAnimationFrame(() => setTimeout(() => resolve([durable, performance.now()])));
      }).observe(status, {childList: true, characterData: true, subtree: true});
    });
    const tapped = performance.now();
    shown.querySelector('[data-visit-form] button').click();
    times.push((await saved).map(moment => moment - tapped));
  }
  return times;
}"""


class Meter:
    """A proxy that passes everything on and counts it."""

    def __init__(self, port: int) -> None:
        self.behind = port
        self.bytes = 0
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            far = socket.create_connection(("127.0.0.1", self.behind))
            for source, target in ((near, far), (far, near)):
                threading.Thread(target=self._pass, args=(source, target), daemon=True).start()

    def _pass(self, source: socket.socket, target: socket.socket) -> None:
        try:
            while data := source.recv(65536):
                self.bytes += len(data)
                target.sendall(data)
            target.shutdown(socket.SHUT_WR)
        except OSError:
            return


@contextmanager
def _chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**launch_settings(playwright.chromium))
        yield browser
        browser.close()


@contextmanager
def _portal(folder: Path) -> Iterator[Portal]:
    portal = Portal(folder / "instance", datetime.now(LOS_ANGELES))
    try:
        yield portal.start()
    finally:
        portal.stop()


def _ana(browser: Browser, portal: Portal, url: str) -> Someone:
    context = browser.new_context(**context_settings(portal, base_url=url))
    return Someone("ana", context.new_page(), portal).signs_in(looking=False)


def measure_bytes_of_a_check_in(folder: Path) -> dict[str, Any]:
    """P5: a tap with its position, from the press of the button to the word on the place."""
    with _portal(folder) as portal, closing(Meter(portal.port)) as meter, _chromium() as browser:
        ana = _ana(browser, portal, f"http://localhost:{meter.port}")
        runs = [_bytes_of_a_tap(ana, meter, turn) for turn in range(WARM_UP + 2 * RUNS)][WARM_UP:]
    return {
        "value": round(median(runs[::2])),
        "unit": "bytes of a check-in with its position, both ways with headers",
        "runs": runs[::2],
        "check_out_with_new_facts": round(median(runs[1::2])),
    }


def _bytes_of_a_tap(ana: Someone, meter: Meter, turn: int) -> int:
    """Check-in and check-out by turns; all that follows from the tap counts, and nothing from before."""
    ana.goes_to("/")
    ana.page.wait_for_timeout(SETTLES_MS)  # the browser looks for a newer worker after each page
    before = meter.bytes
    (ana.checks_out if turn % 2 else ana.checks_in)("Rosa")
    place = ana.card("Rosa").locator("[data-place-status]")
    expect(place).to_contain_text("At home", ignore_case=True)
    ana.page.wait_for_timeout(SETTLES_MS)
    return meter.bytes - before


def measure_bytes_of_the_first_page(folder: Path) -> dict[str, Any]:
    """P6: the landing with all that it needs, in a browser that has never been here."""
    with _portal(folder) as portal, closing(Meter(portal.port)) as meter, _chromium() as browser:
        runs = [_first_visit(browser, meter, worker=False) for _ in range(RUNS)]
        with_worker = [_first_visit(browser, meter, worker=True) for _ in range(RUNS)]
    return {
        "value": round(median(runs)),
        "unit": "bytes of the first page with all resources, both ways with headers",
        "runs": runs,
        "with_all_that_the_worker_keeps": round(median(with_worker)),
    }


def _first_visit(browser: Browser, meter: Meter, *, worker: bool) -> int:
    """Bytes of one; `worker` lets the service worker come and keep what it needs offline."""
    context = browser.new_context(service_workers="allow" if worker else "block")
    before = meter.bytes
    page = context.new_page()
    page.goto(f"http://localhost:{meter.port}/")
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(2000)
    context.close()
    return meter.bytes - before


def measure_time_to_saved(folder: Path) -> dict[str, Any]:
    """P8: milliseconds from tap to what no dead battery undoes, offline and with a slowed processor."""
    with _portal(folder) as portal, _chromium() as browser:
        ana = _ana(browser, portal, portal.url)
        ana.goes_to("/")
        ana.page.wait_for_load_state("networkidle")
        ana.page.context.set_offline(True)
        devtools = ana.page.context.new_cdp_session(ana.page)
        devtools.send("Emulation.setCPUThrottlingRate", {"rate": CPU_SLOWED})
        runs: list[list[tuple[float, float]]] = [
            ana.page.evaluate(TAPS, ["Rosa", TAPS_A_RUN, A_BREATH_MS]) for _ in range(RUNS)
        ]
    every = [times for run in runs for times in run]
    return {
        "value": _p95([durable for durable, _ in every]),
        "unit": "ms from tap to the durable record (strict) on the phone, CPU ×6, p95",
        "runs": [_p95([durable for durable, _ in run]) for run in runs],
        "median_ms": round(median(durable for durable, _ in every), 1),
        "painted_p95_ms": _p95([painted for _, painted in every]),
        "painted_median_ms": round(median(painted for _, painted in every), 1),
    }


def _p95(times: list[float]) -> float:
    return round(quantiles(times, n=20)[-1], 1)
