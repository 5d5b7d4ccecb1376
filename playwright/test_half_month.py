"""The main job, end to end: from the door to the pay."""

import csv
import io
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import expect

from people import Someone, yesterday
from portal import Portal

Phone = Callable[..., Someone]


def test_a_half_month_from_the_door_to_the_pay(
    phone: Phone, portal: Portal, tmp_path: Path
) -> None:
    ana, rosa = phone("ana").signs_in(), phone("rosa").signs_in()

    # Ana works at Rosa's.
    ana.checks_in("Rosa")
    expect(ana.card("Rosa").locator("[data-place-status]")).to_contain_text("At home")
    ana.looks_around()
    ana.checks_out("Rosa")
    ana.looks_around()

    # She corrects a day, and signs.
    ana.opens_timesheet("Rosa")
    ana.writes_hours(yesterday(portal), "5:30")
    ana.waits_until_saved(yesterday(portal))
    ana.looks_around()
    ana.signs_and_submits()

    # Rosa says what is wrong, Ana sets it right.
    rosa.reviews_newest()
    rosa.sends_back("hours")
    ana.opens_timesheet("Rosa")
    ana.sees("sent back")
    ana.writes_hours(yesterday(portal), "5:00")
    ana.waits_until_saved(yesterday(portal))
    ana.signs_and_submits()
    rosa.reviews_newest()
    rosa.approves()

    # It is paid, and Ana sees for what.
    portal.next_morning()
    told = portal.flask("payroll", "run", portal.now.date().isoformat())
    assert "1" in told
    ana.signs_in_again()
    ana.looks_around()
    ana.follows("Payments")
    ana.looks_around()
    ana.opens_newest_payment()
    ana.looks_around()
    ana.goes_to("/payments")
    with ana.page.expect_download() as download:
        ana.page.get_by_role("link", name="Download all as a file").click()
    download.value.save_as(tmp_path / "history.csv")
    rows = list(csv.DictReader(io.StringIO((tmp_path / "history.csv").read_text("utf-8-sig"))))
    assert len(rows) >= 3
