"""Without a network: what is tapped or typed stays on the phone, and reaches the portal once."""

import os
import signal
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from playwright.sync_api import Playwright, expect

from checks import Watch
from devices import open_phone
from people import Someone, yesterday
from portal import Portal

Phone = Callable[..., Someone]


def test_a_visit_and_a_correction_without_a_network_arrive_once_it_is_back(
    phone: Phone, portal: Portal
) -> None:
    ana = phone("ana").signs_in()
    ana.opens_timesheet("Rosa")
    sheet = ana.page.url
    ana.goes_to("/")
    ana.is_ready_for_offline()

    ana.loses_the_network()
    ana.checks_in("Rosa")
    ana.sees("Saved on this phone")
    ana.looks_around()
    ana.page.reload()  # the shell answers now
    ana.checks_out("Rosa")
    ana.page.goto(sheet)
    ana.writes_hours(yesterday(portal), "4:15")
    ana.looks_around()
    ana.has_waiting()

    ana.finds_the_network()
    ana.has_nothing_waiting()
    ana.page.goto(sheet)
    expect(ana.hours_field(yesterday(portal))).to_have_value("4:15")
    expect(ana.day(portal.now.date()).locator('[data-field="starts"]')).not_to_have_value("")


def test_signing_needs_the_network_and_says_so(phone: Phone, portal: Portal) -> None:
    ana = phone("ana").signs_in()
    ana.opens_timesheet("Rosa")
    ana.is_ready_for_offline()
    ana.loses_the_network()
    ana.presses("Submit timesheet")
    ana.sees("network")


def test_the_main_job_with_the_network_cut_between_the_steps(phone: Phone, portal: Portal) -> None:
    ana, rosa = phone("ana").signs_in(looking=False), phone("rosa").signs_in(looking=False)
    ana.is_ready_for_offline()

    ana.loses_the_network()
    ana.checks_in("Rosa")
    ana.finds_the_network()
    ana.has_nothing_waiting()
    ana.loses_the_network()
    ana.checks_out("Rosa")
    ana.finds_the_network()
    ana.has_nothing_waiting()

    ana.opens_timesheet("Rosa")
    ana.loses_the_network()
    ana.writes_hours(yesterday(portal), "5:30")
    ana.finds_the_network()
    ana.waits_until_saved(yesterday(portal))
    ana.signs_and_submits()

    rosa.reviews_newest()
    rosa.loses_the_network()
    rosa.ticks("perjury")
    rosa.presses("Sign and approve")
    rosa.sees("network")
    rosa.finds_the_network()
    rosa.approves()


def test_somebody_signed_out_by_time_still_checks_in_at_the_door(
    phone: Phone, portal: Portal
) -> None:
    ana = phone("ana").signs_in()
    ana.is_ready_for_offline()
    portal.go_on_at(portal.now + timedelta(hours=1))

    ana.goes_to("/")
    expect(ana.page.get_by_role("link", name="Sign in", exact=True).first).to_be_visible()
    ana.checks_in("Rosa")
    ana.looks_around()
    ana.has_nothing_waiting()

    ana.signs_in_again()
    expect(ana.card("Rosa").get_by_role("button", name="Check out")).to_be_visible()


def test_what_was_saved_outlives_the_browser(
    playwright: Playwright, portal: Portal, watch: Watch, tmp_path: Path
) -> None:
    ana = Someone("ana", open_phone(playwright.chromium, portal, tmp_path).pages[0], portal)
    ana.signs_in(looking=False)
    ana.is_ready_for_offline()
    ana.loses_the_network()
    ana.checks_in("Rosa")
    ana.sees("Saved on this phone")
    kill_browser_of(ana)

    ana = Someone("ana", open_phone(playwright.chromium, portal, tmp_path).pages[0], portal)
    ana.goes_to("/")
    ana.has_nothing_waiting()
    expect(ana.card("Rosa").get_by_role("button", name="Check out")).to_be_visible()
    ana.page.context.close()


def kill_browser_of(someone: Someone) -> None:
    """As when the battery is taken out: no process of it may tidy up."""
    context = someone.page.context
    devtools = context.browser.new_browser_cdp_session()  # type: ignore[union-attr]
    processes = devtools.send("SystemInfo.getProcessInfo")["processInfo"]
    browser = next(process["id"] for process in processes if process["type"] == "browser")
    with context.expect_event("close"):  # it is gone by then, and cannot be asked to close
        os.kill(browser, signal.SIGKILL)
